import { parseArgs } from 'node:util';
import { readFaults } from './http/injection.ts';
import type { SandboxOptions } from './sandbox.ts';
import { describeSettings } from './settings.ts';

/** What the command line asks for. */
export type CommandLine =
  { kind: 'help'; text: string } | { kind: 'start'; options: SandboxOptions; json: boolean };

/** Thrown for a command line that cannot be read; the message says what to write instead. */
export class BadOption extends Error {}

const help = `A local Adobe Campaign instance: SOAP over HTTP on 127.0.0.1, with demo data.

Usage: npm run sandbox -- [options]

  --port N          port; 0 takes any free one (default 4321)
  --rows N          recipients in the demo data (default 20000)
  --schemas N       synthetic schemas beside those of the demo (default 0)
  --data FILE       keep the database in this file across restarts; once it exists, it
                    decides over --rows and --schemas
  --tps N           calls per second before 429; 0 is no limit (default 0)
  --latency-ms N    delay before each answer (default 0)
  --set NAME=VALUE  change a setting; may be repeated
  --faults JSON     fault rules, e.g. '[{"kind":"unavailable","times":2}]'
  --json            print one line of JSON when ready
  --help            this text

Settings, with their defaults (also GET and POST /sandbox/settings):
${describeSettings()}

Faults on purpose: POST /sandbox/faults. Counters: GET /sandbox/stats.
`;

/** Reads the arguments after the script's name. */
export function readCommandLine(args: readonly string[]): CommandLine {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help', text: help };
  const [stray] = positionals;
  if (stray !== undefined) throw new BadOption(`"${stray}" is no option. Try --help.`);
  const settings: Record<string, unknown> = {};
  if (values.tps !== undefined) settings['tps'] = decimal('--tps', values.tps);
  if (values['latency-ms'] !== undefined) settings['latencyMs'] = whole('--latency-ms', values['latency-ms']);
  for (const pair of values.set ?? []) {
    const equals = pair.indexOf('=');
    if (equals < 1) throw new BadOption(`--set takes name=value, not "${pair}". Try --help for the names.`);
    settings[pair.slice(0, equals)] = pair.slice(equals + 1);
  }
  const port = whole('--port', values.port ?? '4321');
  if (port > 65_535) throw new BadOption('--port takes a number from 0 to 65535.');
  const options: SandboxOptions = {
    port,
    settings: settings,
    rows: whole('--rows', values.rows ?? '20000'),
    schemas: whole('--schemas', values.schemas ?? '0'),
  };
  if (values.data !== undefined) options.file = values.data;
  if (values.faults !== undefined) options.faults = readFaults(readJson(values.faults));
  return { kind: 'start', options, json: values.json === true };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        rows: { type: 'string' },
        schemas: { type: 'string' },
        data: { type: 'string' },
        tps: { type: 'string' },
        'latency-ms': { type: 'string' },
        set: { type: 'string', multiple: true },
        faults: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    // Node's first sentence names the option; the rest explains a syntax nobody asked about.
    const message = error instanceof Error ? error.message.split('. ')[0]! : String(error);
    throw new BadOption(`${message}. Try --help.`);
  }
}

function whole(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new BadOption(`${name} takes a whole number, not "${text}".`);
  return Number(text);
}

function decimal(name: string, text: string): number {
  if (!/^\d{1,9}(\.\d+)?$/.test(text)) throw new BadOption(`${name} takes a number, not "${text}".`);
  return Number(text);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadOption(`--faults takes JSON, e.g. '[{"kind":"unavailable","times":2}]'.`);
  }
}

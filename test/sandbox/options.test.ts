import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BadOption, readCommandLine } from '../../sandbox/campaign/options.ts';
import { Caller, contentOf } from './call.ts';
import { start, type Run } from './sandboxProcess.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test('options become the options of startSandbox', () =>
  expect(
    readCommandLine([
      '--port',
      '0',
      '--tps',
      '2.5',
      '--latency-ms',
      '10',
      '--rows',
      '5',
      '--schemas',
      '3',
      '--data',
      'x.db',
      '--set',
      'ffda=false',
      '--json',
      '--faults',
      '[{"kind":"unavailable"}]',
    ]),
  ).toEqual({
    kind: 'start',
    json: true,
    options: {
      port: 0,
      rows: 5,
      schemas: 3,
      file: 'x.db',
      settings: { tps: 2.5, latencyMs: 10, ffda: 'false' },
      faults: [{ kind: 'unavailable' }],
    },
  }));

test('--help names every option and setting', () => {
  const help = readCommandLine(['--help', '--port', 'x']);
  const text = help.kind === 'help' ? help.text : '';
  for (const name of [
    '--port',
    '--tps',
    '--latency-ms',
    '--schemas',
    '--rows',
    '--data',
    '--json',
    'expiryStatus=200',
    'replication=hourly',
  ]) {
    expect(text).toContain(name);
  }
});

test.each([
  [['--prot', '1'], /'--prot'.*--help/],
  [['4000'], /"4000" is no option/],
  [['--port', 'x'], /--port takes a whole number, not "x"/],
  [['--port', '70000'], /0 to 65535/],
  [['--rows', '-1'], /--rows/],
  [['--tps', 'fast'], /--tps takes a number/],
  [['--set', 'tps'], /name=value/],
  [['--faults', '{'], /--faults takes JSON/],
  [['--port'], /'--port/],
])('%o is refused with the reason', (args, reason) => {
  expect(() => readCommandLine(args)).toThrow(BadOption);
  expect(() => readCommandLine(args)).toThrow(reason);
});

test('--json prints one line when ready, and both signals end the process', async () => {
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    const run = start('--port', '0', '--json');
    const { url, login, password } = JSON.parse(await run.firstLine) as Record<string, string>;
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect([login, password]).toEqual(['admin', 'sandbox-password']);
    expect((await fetch(`${url!}/r/test`)).status).toBe(200);
    run.end(signal);
    expect(await run.code).toBe(0);
    expect((await run.output).trim().split('\n')).toHaveLength(1);
  }
});

test('a port in use, a setting that does not exist and a file that is no database end with one line', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => taken.once('listening', resolve));
  const file = join(folder, 'text.db');
  writeFileSync(file, 'this is no database, whatever its name says');
  const runs = [
    start('--port', String((taken.address() as AddressInfo).port)),
    start('--port', '0', '--set', 'tsp=3'),
    start('--port', '0', '--data', file),
  ];
  const [port, setting, database] = await Promise.all(runs.map((run) => run.output));
  taken.close();
  expect(port).toBe('The port is in use. Choose another with --port, or --port 0 for any free one.\n');
  expect(setting).toMatch(/^There is no setting "tsp"\. Settings: [^\n]*\n$/);
  expect(database).toMatch(/^The file of --data cannot be opened as a database: [^\n]*\n$/);
  expect(await Promise.all(runs.map((run) => run.code))).toEqual([1, 1, 1]);
});

test('--data keeps rows, schemas and identifiers across restarts', async () => {
  const file = join(folder, 'kept.db');
  const open = async (): Promise<{ run: Run; caller: Caller }> => {
    const run = start('--port', '0', '--json', '--data', file);
    const { url, login, password } = JSON.parse(await run.firstLine) as {
      url: string;
      login: string;
      password: string;
    };
    const caller = new Caller({ url, login, password });
    await caller.logon();
    return { run, caller };
  };
  const nextId = async (caller: Caller): Promise<number> =>
    Number(contentOf((await caller.post('xtk:session#GetNewIds', '<n>1</n>')).text, 'pstrIdList'));
  const first = await open();
  const source =
    '<srcSchema xtkschema="xtk:srcSchema" namespace="cus" name="kept" label="K"><element name="kept" autopk="true"><attribute name="a"/></element></srcSchema>';
  await first.caller.run('xtk:persist#Write', `<d>${source}</d>`);
  await first.caller.run('xtk:builder#BuildSchemaFromId', '<s>cus:kept</s>');
  await first.caller.run('xtk:builder#UpdateDb', '<p/>');
  await first.caller.run('xtk:persist#Write', '<d><kept xtkschema="cus:kept" a="yes"/></d>');
  const id = await nextId(first.caller);
  first.run.end('SIGTERM');
  await first.run.code;
  const second = await open();
  expect(
    await second.caller.query(
      '<queryDef schema="cus:kept" operation="select"><select><node expr="@a"/></select></queryDef>',
    ),
  ).toBe('<kept-collection><kept a="yes"/></kept-collection>');
  expect(await second.caller.query('<queryDef schema="nms:recipient" operation="count"/>')).toBe(
    '<recipient count="5"/>',
  );
  expect(await nextId(second.caller)).toBe(id + 1);
  second.run.end('SIGTERM');
  await second.run.code;
});

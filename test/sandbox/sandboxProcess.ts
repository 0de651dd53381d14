import { spawn } from 'node:child_process';
import { join } from 'node:path';

/** A sandbox in a process of its own. */
export interface Run {
  output: Promise<string>;
  firstLine: Promise<string>;
  end: (signal: NodeJS.Signals) => void;
  code: Promise<number | null>;
}

/** Starts `npm run sandbox` without npm: five recipients, and what else is asked for. */
export function start(...args: string[]): Run {
  const child = spawn(process.execPath, [
    join(import.meta.dirname, '../../sandbox/campaign/main.ts'),
    '--rows',
    '5',
    ...args,
  ]);
  const parts: string[] = [];
  let gotLine: (line: string) => void = () => undefined;
  const firstLine = new Promise<string>((resolve) => (gotLine = resolve));
  const add = (data: Buffer): void => {
    parts.push(data.toString());
    if (parts.join('').includes('\n')) gotLine(parts.join('').split('\n')[0]!);
  };
  child.stdout.on('data', add);
  child.stderr.on('data', add);
  const code = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { firstLine, code, output: code.then(() => parts.join('')), end: (signal) => child.kill(signal) };
}

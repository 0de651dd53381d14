import { stopWithParent } from '../stopWithParent.mjs';
import { BadFault } from './http/injection.ts';
import { BadOption, readCommandLine } from './options.ts';
import { startSandbox } from './sandbox.ts';
import { BadSetting } from './settings.ts';

/** `npm run sandbox`: starts a local instance and keeps it until the process is told to stop. */
async function main(): Promise<void> {
  const commandLine = readCommandLine(process.argv.slice(2));
  if (commandLine.kind === 'help') {
    process.stdout.write(commandLine.text);
    return;
  }
  const { options, json } = commandLine;
  const sandbox = await startSandbox(options);
  const stop = (): void => {
    void sandbox.stop().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (process.env['npm_lifecycle_event'] !== undefined) stopWithParent(stop);
  const { url, login, password } = sandbox;
  if (json) process.stdout.write(`${JSON.stringify({ url, login, password })}\n`);
  else
    process.stdout.write(
      `Campaign sandbox: ${url}\nLogin ${login}, password ${password}. Ctrl+C stops it.\n`,
    );
}

/** One line with the next step; a stack is only for errors that are ours. */
function explain(error: unknown): string {
  if (error instanceof BadOption || error instanceof BadSetting || error instanceof BadFault)
    return error.message;
  const code = error instanceof Error ? (error as { code?: unknown }).code : undefined;
  if (code === 'EADDRINUSE')
    return 'The port is in use. Choose another with --port, or --port 0 for any free one.';
  if (code === 'EACCES') return 'The port is not allowed. Choose one above 1023 with --port.';
  if (code === 'ERR_SQLITE_ERROR')
    return `The file of --data cannot be opened as a database: ${String(error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

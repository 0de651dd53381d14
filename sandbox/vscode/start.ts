/** The second half of `npm start`, under the pinned Node and with everything installed. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { exitOnSignal, root, runMain, SetupError } from './bootstrap.mjs';
import { checkDemo } from './check.ts';
import { startDemo, type Demo } from './demo.ts';
import { packageExtension } from './packageExtension.ts';

const HELP = `npm start                  a sandbox and VS Code with the extension, in your browser
npm start -- --no-open     the same, but only print the address
npm start -- --check       let a headless browser do the main job, and report each step`;

await runMain(() => main(process.argv.slice(2)));

async function main(args: string[]): Promise<number> {
  const options = readArguments(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  const vsix = packageExtension();
  if (options.check) {
    exitOnSignal();
    return checkDemo(vsix);
  }
  const stop = interrupted();
  const demo = await startDemo({
    vsix,
    folder: path.join(root, 'out', 'demo'),
    allExtensions: true,
    signIn: 'environment',
    settings: { 'workbench.startupEditor': 'readme' },
  });
  try {
    announce(demo);
    if (!options['no-open']) openInBrowser(demo.url);
    await stop;
    console.log('\nStopping …');
  } finally {
    await demo.stop();
  }
  return 0;
}

function readArguments(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        check: { type: 'boolean' },
        'no-open': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
  }
}

function announce({ sandbox, url }: Demo): void {
  console.log(`
Sandbox instance   ${sandbox.url}   login ${sandbox.login}, password ${sandbox.password}
VS Code            ${url}

The README in the workspace is a tour. Ctrl+C ends both; what you changed in them is gone then.`);
}

/** Asks the system to open the address; where there is no browser, the printed address has to do. */
function openInBrowser(url: string): void {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const say = () => console.log('No browser could be opened here: open the address above.');
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', say);
  child.once('exit', (code) => {
    if (code !== 0) say();
  });
  child.unref();
}

/** The first signal stops in order, a second one at once. */
function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    const stop = () => {
      process.off('SIGINT', stop).off('SIGTERM', stop);
      exitOnSignal();
      resolve();
    };
    process.on('SIGINT', stop).on('SIGTERM', stop);
  });
}

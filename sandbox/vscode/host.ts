/** A VS Code server on 127.0.0.1 with throwaway data, for the demo and for the tests. */
import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError } from './bootstrap.mjs';
import { installVsCodeServer } from './install.ts';

export interface HostOptions {
  /** A packaged extension to install, as a user would. */
  vsix?: string;
  /** User settings on top of the quiet ones every host has. */
  settings?: Record<string, unknown>;
  /** Environment of the server and so of the extension host. */
  env?: Record<string, string>;
  /** Honour `payload`, which loads an extension from its folder and runs its tests. Default: false. */
  development?: boolean;
  /** Load all of VS Code's own extensions, some 2 s slower; the tests need few. Default: false. */
  allExtensions?: boolean;
}

export interface Host {
  /** Folder of the logs of the server and of the extension host. */
  logs: string;
  /** What the server printed so far. */
  output(): string;
  /** The address of a workbench on a folder; it holds the token that opens it. */
  workbenchUrl(folder: string, payload?: [string, string][]): string;
  /** A local path as the workbench in the browser names it. */
  remoteUri(file: string): string;
  /** Ends the server and everything it started, and removes its data. */
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 3_000;

/** No trust question, no accounts, no tips, no network, no ports of other programs, no blinking. */
const QUIET_SETTINGS = {
  'chat.disableAIFeatures': true,
  'editor.cursorBlinking': 'solid',
  'editor.minimap.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'files.autoSave': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'workbench.reduceMotion': 'on',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Starts a server; it answers when this resolves. */
export async function startHost(options: HostOptions = {}): Promise<Host> {
  const server = installVsCodeServer();
  const folder = mkdtempSync(path.join(tmpdir(), 'campaign-devtools-'));
  const removeData = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  process.once('exit', removeData);
  const data = path.join(folder, 'data');
  const settings = { ...QUIET_SETTINGS, ...options.settings };
  for (const [scope, content] of Object.entries({ User: settings, Machine: {} })) {
    const settingsFolder = path.join(data, 'data', scope);
    mkdirSync(settingsFolder, { recursive: true });
    writeFileSync(path.join(settingsFolder, 'settings.json'), JSON.stringify(content));
  }
  // Sockets and temporary files go away with the folder. The empty gallery spares failing look-ups.
  const temporary = path.join(folder, 'tmp');
  mkdirSync(temporary);
  const env = {
    ...process.env,
    ...options.env,
    TMPDIR: temporary,
    XDG_RUNTIME_DIR: temporary,
    EXTENSIONS_GALLERY: '{}',
  };

  const args = ['--accept-server-license-terms', '--telemetry-level', 'off'];
  args.push('--server-data-dir', data, '--extensions-dir', path.join(folder, 'extensions'));
  if (options.vsix) {
    execFileSync(process.execPath, [server.main, ...args, '--install-extension', options.vsix, '--force'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env,
    });
  }
  const port = await freePort();
  const token = randomBytes(16).toString('hex');
  args.push('--host', '127.0.0.1', '--port', String(port), '--connection-token', token);
  if (!options.allExtensions) args.push('--builtin-extensions-dir', server.fewExtensions);
  // A built server ignores `payload` without this flag.
  if (options.development) args.push('--enable-smoke-test-driver');

  // A group of its own, because a stuck extension host outlives the server; and so Ctrl+C ends it in our order.
  const child = spawn(process.execPath, [server.main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env,
    detached: process.platform !== 'win32',
  });
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (process.platform === 'win32' || child.pid === undefined) child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // Already gone.
    }
  };
  const killNow = () => kill('SIGKILL');
  // For a run that ends by an error of its own; stop() is the orderly way. It comes before the data goes.
  process.prependOnceListener('exit', killNow);

  const output: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (reason: string) =>
      reject(new SetupError(`The VS Code server ${reason}\n${output.join('')}`));
    const timer = setTimeout(() => fail('did not start within 30 s.'), START_TIMEOUT_MS);
    const listen = (chunk: Buffer) => {
      output.push(chunk.toString());
      if (output.join('').includes('Extension host agent listening on')) {
        clearTimeout(timer);
        resolve();
      }
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(`ended with status ${code}.`);
    });
  });

  return {
    logs: path.join(data, 'data', 'logs'),
    output: () => output.join(''),
    workbenchUrl(openFolder, payload = []) {
      const url = new URL(`http://127.0.0.1:${port}/`);
      url.searchParams.set('tkn', token);
      url.searchParams.set('folder', path.resolve(openFolder));
      if (payload.length > 0) url.searchParams.set('payload', JSON.stringify(payload));
      return url.href;
    },
    remoteUri: (file) => `vscode-remote://127.0.0.1:${port}${path.resolve(file)}`,
    async stop() {
      if (child.exitCode === null) {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        kill('SIGTERM');
        const timer = setTimeout(killNow, STOP_TIMEOUT_MS);
        await gone;
        clearTimeout(timer);
      }
      process.off('exit', killNow).off('exit', removeData);
      killNow(); // what the server started and left behind
      removeData();
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** What `npm start` shows: a sandbox instance, and a VS Code with the packaged extension on a workspace that knows it. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { root, SetupError } from './bootstrap.mjs';
import { startHost, type Host } from './host.ts';
import { createWorkspace, sandboxEnvironment } from './workspace.ts';
import { startSandbox } from '../campaign/sandbox.ts';

export type Sandbox = Awaited<ReturnType<typeof startSandbox>>;

export interface Demo {
  sandbox: Sandbox;
  host: Host;
  workspace: string;
  /** The address of the workbench. */
  url: string;
  stop(): Promise<void>;
}

/** Builds and packages the extension, as it is published. Returns the file. */
export function packageExtension(): string {
  const vsix = path.join(root, 'out', 'campaign-devtools.vsix');
  mkdirSync(path.dirname(vsix), { recursive: true });
  runTool('Building', 'esbuild.mjs', ['--production']);
  runTool('Packaging', path.join('node_modules', '@vscode', 'vsce', 'vsce'), [
    'package',
    '--no-dependencies',
    '--allow-missing-repository',
    '--out',
    vsix,
  ]);
  if (!existsSync(vsix)) throw new SetupError(`No package was made at ${vsix}.`);
  return vsix;
}

export interface DemoOptions {
  vsix: string;
  /** Replaced by the workspace. */
  folder: string;
  allExtensions: boolean;
  /** `environment`: the extension takes the sandbox's password from there; `ask`: it asks for it. */
  signIn: 'environment' | 'ask';
  /** User settings of VS Code besides the quiet ones. */
  settings?: Record<string, unknown>;
}

/** Starts both, with throwaway data. */
export async function startDemo(options: DemoOptions): Promise<Demo> {
  const sandbox = await startSandbox({ port: 0 });
  try {
    const workspace = createWorkspace(options.folder, sandbox);
    const host = await startHost({
      vsix: options.vsix,
      env: options.signIn === 'environment' ? sandboxEnvironment(sandbox) : {},
      allExtensions: options.allExtensions,
      settings: options.settings ?? {},
    });
    return {
      sandbox,
      host,
      workspace,
      url: host.workbenchUrl(workspace),
      async stop() {
        await host.stop();
        await sandbox.stop();
      },
    };
  } catch (error) {
    await sandbox.stop();
    throw error;
  }
}

/** Runs a tool of the project; what it prints is shown only when it fails. */
function runTool(label: string, script: string, args: string[]): void {
  const startedAt = Date.now();
  process.stdout.write(`${label} … `);
  try {
    execFileSync(process.execPath, [path.join(root, script), ...args], {
      cwd: root,
      stdio: 'pipe',
      encoding: 'utf8',
    });
    process.stdout.write(`${((Date.now() - startedAt) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    process.stdout.write('failed\n');
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new SetupError(`${stdout}${stderr}`.trim() || String(error));
  }
}

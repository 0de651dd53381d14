/** What `npm start` shows: a sandbox instance, and a VS Code with the packaged extension on a workspace that knows it. */
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

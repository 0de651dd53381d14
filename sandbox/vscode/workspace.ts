/** The folder a demo or a test opens: a copy of `workspace/` with a connection to a sandbox instance. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';

/** Where a sandbox instance answers and who may sign in. */
export interface SandboxAddress {
  url: string;
  login: string;
  password: string;
}

/** Id and name of the connection in every workspace made here. */
const CONNECTION_ID = 'sandbox';

/** Replaces the folder by a fresh copy of the demo files. Returns the folder. */
export function createWorkspace(folder: string, sandbox: SandboxAddress): string {
  rmSync(folder, { recursive: true, force: true });
  cpSync(path.join(root, 'sandbox', 'vscode', 'workspace'), folder, { recursive: true });
  const settings = {
    'campaign.connections': [
      {
        id: CONNECTION_ID,
        name: 'Sandbox',
        url: sandbox.url,
        signIn: 'password',
        login: sandbox.login,
        tier: 'development',
      },
    ],
  };
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  writeFileSync(path.join(folder, '.vscode', 'settings.json'), `${JSON.stringify(settings, undefined, 2)}\n`);
  return folder;
}

/** The environment that tells the extension host about the sandbox. */
export function sandboxEnvironment(sandbox: SandboxAddress): Record<string, string> {
  return { CAMPAIGN_SANDBOX_URL: sandbox.url, CAMPAIGN_SANDBOX_PASSWORD: sandbox.password };
}

import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { CancelSignal } from '../../core/soap/cancelSignal.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import type { Connections } from './connections.ts';
import { createConnections } from './createConnections.ts';
import { resolveNetworkSettings, type NetworkSettings } from './networkSettings.ts';
import { nodeClock } from './nodeClock.ts';
import { sandboxPassword } from './sandboxPassword.ts';
import { createUndiciTransport, type TlsFiles } from './undiciTransport.ts';

/** Builds the connections service over VS Code's settings, secrets and storage. Connects to nothing. */
export function registerConnections(context: vscode.ExtensionContext): Connections {
  const { version } = context.extension.packageJSON as { version: string };
  const connections = createConnections({
    readSettings: () => vscode.workspace.getConfiguration('campaign').get('connections'),
    onDidChangeSettings: (listener) => {
      const subscription = vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('campaign.connections')) listener();
      });
      return () => void subscription.dispose();
    },
    reportProblems: (problems) => void vscode.window.showWarningMessage(problems.join(' ')),
    secrets: context.secrets,
    askCredentials,
    memory: {
      get: (key) => context.workspaceState.get<string>(key),
      set: (key, value) => context.workspaceState.update(key, value),
    },
    cacheFolder: join(context.globalStorageUri.fsPath, 'schemas'),
    clock: nodeClock,
    userAgent: `campaign-devtools/${version}`,
    createTransport: (settings) =>
      createUndiciTransport({ network: readNetworkSettings, tlsFiles: () => readTlsFiles(settings) }),
  });
  context.subscriptions.push(connections);
  return connections;
}

function readNetworkSettings(): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  return resolveNetworkSettings(
    {
      proxy: http.get('proxy'),
      noProxy: http.get('noProxy'),
      proxySupport: http.get('proxySupport'),
      proxyStrictSSL: http.get('proxyStrictSSL'),
      systemCertificates: http.get('systemCertificates'),
    },
    process.env,
  );
}

async function readTlsFiles(settings: ConnectionSettings): Promise<TlsFiles> {
  const read = async (path: string | undefined): Promise<string | undefined> =>
    path === undefined ? undefined : readFile(path, 'utf8');
  const [ca, cert, key] = await Promise.all([
    read(settings.caFile),
    read(settings.certFile),
    read(settings.keyFile),
  ]);
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

/** Asks for what is missing: the login, unless the settings name it, and the password. */
async function askCredentials(
  settings: ConnectionSettings,
  reason: 'missing' | 'refused',
  signal: CancelSignal,
): Promise<{ login: string; password: string } | undefined> {
  const offered = reason === 'missing' ? sandboxPassword(settings, process.env) : undefined;
  if (offered !== undefined && settings.login !== undefined)
    return { login: settings.login, password: offered };
  const cancel = new vscode.CancellationTokenSource();
  const onAbort = (): void => cancel.cancel();
  signal.addEventListener('abort', onAbort);
  try {
    const title =
      reason === 'refused' ? `${settings.name}: login or password refused` : `Connect to ${settings.name}`;
    const login =
      settings.login ??
      (await vscode.window.showInputBox({ title, prompt: 'Login', ignoreFocusOut: true }, cancel.token));
    if (login === undefined || login === '') return undefined;
    const password = await vscode.window.showInputBox(
      {
        title,
        prompt: `Password of ${login} at ${settings.url}. It is kept in the system’s secret store once accepted.`,
        password: true,
        ignoreFocusOut: true,
      },
      cancel.token,
    );
    return password === undefined ? undefined : { login, password };
  } finally {
    signal.removeEventListener('abort', onAbort);
    cancel.dispose();
  }
}

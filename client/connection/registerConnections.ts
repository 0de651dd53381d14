import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { CancelSignal } from '../../core/soap/cancelSignal.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import type { Connections } from './connections.ts';
import { createConnections } from './createConnections.ts';
import type { CredentialField } from './credentials.ts';
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

/** Asks for one field after the other. */
async function askCredentials(
  settings: ConnectionSettings,
  fields: readonly CredentialField[],
  reason: 'missing' | 'refused',
  signal: CancelSignal,
): Promise<Record<string, string> | undefined> {
  const offered = reason === 'missing' ? sandboxPassword(settings, process.env) : undefined;
  if (offered !== undefined && fields.every(({ name }) => name === 'password')) return { password: offered };
  const cancel = new vscode.CancellationTokenSource();
  const onAbort = (): void => cancel.cancel();
  signal.addEventListener('abort', onAbort);
  try {
    const answer: Record<string, string> = {};
    for (const [index, { name, prompt, isSecret }] of fields.entries()) {
      const step = fields.length === 1 ? '' : ` (${index + 1} of ${fields.length})`;
      const value = await vscode.window.showInputBox(
        {
          title:
            reason === 'refused'
              ? `${settings.name} refused these credentials${step}`
              : `Connect to ${settings.name}${step}`,
          prompt: `${prompt}, for ${settings.url}.${isSecret ? ' Kept in the system’s secret store once accepted.' : ''}`,
          password: isSecret,
          ignoreFocusOut: true,
        },
        cancel.token,
      );
      // An empty password exists; nothing else may be empty.
      if (value === undefined || (value === '' && name !== 'password')) return undefined;
      answer[name] = value;
    }
    return answer;
  } finally {
    signal.removeEventListener('abort', onAbort);
    cancel.dispose();
  }
}

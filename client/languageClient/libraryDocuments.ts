import * as vscode from 'vscode';
import { libraryDocumentScheme } from '../../core/protocol/messages.ts';
import type { Connections } from '../connection/connections.ts';

/** `/cus/common.campaign.js` → `cus:common.js`; `undefined` for an address the server did not make. */
export function libraryNameOf(path: string): string | undefined {
  const match = /^\/([^/]+)\/(.+)\.campaign\.js$/.exec(path);
  return match === null ? undefined : `${match[1]}:${match[2]}.js`;
}

/** Libraries of the active connection as read-only documents. */
export class LibraryDocuments implements vscode.TextDocumentContentProvider {
  readonly #connections: Connections;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** The model or the active connection changed. */
  changed(): void {
    for (const { uri } of vscode.workspace.textDocuments)
      if (uri.scheme === libraryDocumentScheme) this.#changed.fire(uri);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const name = libraryNameOf(uri.path);
    const text = name === undefined ? null : await this.#connections.loadLibrary(name);
    if (text !== null) return text;
    const connection = this.#connections.active?.settings.name;
    return connection === undefined
      ? '// There is no active connection: choose one to see this library.\n'
      : `// ${connection} has no library ${name ?? uri.path}.\n`;
  }
}

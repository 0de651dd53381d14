import * as vscode from 'vscode';
import { schemaDocumentScheme } from '../../core/protocol/messages.ts';
import type { Connections } from '../connection/connections.ts';

/**
 * Address of the read-only document that shows a schema: `campaign-schema:/nms/recipient.xml`.
 * @param connectionId of a connection that is not the active one.
 */
export function schemaDocumentUri(schemaId: string, connectionId?: string): vscode.Uri {
  const colon = schemaId.indexOf(':');
  const [namespace, name] = [schemaId.slice(0, colon), schemaId.slice(colon + 1)];
  const path = `/${namespace}/${name}.xml`;
  return vscode.Uri.from({
    scheme: schemaDocumentScheme,
    path,
    ...(connectionId && { query: connectionId }),
  });
}

/** @returns `undefined` for an address this extension did not make. */
export function schemaIdOf(path: string): string | undefined {
  const match = /^\/([^/]+)\/([^/]+)\.xml$/.exec(path);
  return match === null ? undefined : `${match[1]}:${match[2]}`;
}

/** Schemas of the connections as read-only documents. */
export class SchemaDocuments implements vscode.TextDocumentContentProvider {
  readonly #connections: Connections;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;

  constructor(connections: Connections) {
    this.#connections = connections;
  }

  /** The model or the active connection changed. */
  changed(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === schemaDocumentScheme) this.#changed.fire(uri);
    }
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const schemaId = schemaIdOf(uri.path);
    const connectionId = uri.query === '' ? undefined : uri.query;
    const xml =
      schemaId === undefined ? null : await this.#connections.loadSchema(schemaId, { connectionId });
    if (xml !== null) return xml;
    const { active } = this.#connections;
    const connection = connectionId === undefined ? active : this.#connections.get(connectionId);
    const name = connection?.settings.name;
    return name === undefined
      ? '<!-- There is no active connection: choose one to see this schema. -->\n'
      : `<!-- ${name} has no schema ${schemaId ?? uri.path}. -->\n`;
  }
}

import * as vscode from 'vscode';
import type { SchemaListEntry } from '../../core/protocol/messages.ts';
import { schemasOf } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from './languageServer.ts';

/** Lets the person choose a schema of the active connection, or of the folder of schema files when there is none. */
export async function pickSchema(
  connections: Connections,
  language: LanguageServer,
  title: string,
): Promise<string> {
  const schemas = await listedSchemas(connections, language);
  const picked = await vscode.window.showQuickPick(
    schemas.map(({ id, label }) => ({ label: id, description: label })),
    { title, placeHolder: 'Name or label', matchOnDescription: true },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.label;
}

async function listedSchemas(
  connections: Connections,
  language: LanguageServer,
): Promise<readonly SchemaListEntry[]> {
  const folder = connections.active === undefined ? await language.listFolder() : null;
  return folder ?? (await schemasOf(connections));
}

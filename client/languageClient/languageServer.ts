import type * as vscode from 'vscode';
import type { QueryAtReply, SchemaDescription } from '../../core/protocol/messages.ts';

/** What the features ask of the language server. It is started by the first question or the first document it serves. */
export interface LanguageServer {
  /** @returns `null` when the model has no such schema, or is not at hand. */
  describeSchema(schemaId: string): Promise<SchemaDescription | null>;
  /** The queryDef around a position; `null` when there is none. */
  queryAt(document: vscode.TextDocument, position: vscode.Position): Promise<QueryAtReply>;
  /** Forgets what it knows of the model: all of it, or these schemas. */
  modelChanged(schemaIds?: readonly string[]): void;
  dispose(): Promise<void>;
}

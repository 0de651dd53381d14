import type * as vscode from 'vscode';
import type {
  IndexModelParams,
  IndexModelResult,
  ListFolderResult,
  LocateSchemaParams,
  ModelChoice,
  QueryAtReply,
  SchemaDescription,
  SearchModelParams,
  SearchModelResult,
} from '../../core/protocol/messages.ts';

/** What the features ask of the language server. It is started by the first question or the first document it serves. */
export interface LanguageServer {
  /**
   * @param model Default: the active one.
   * @returns `null` when the model has no such schema, or is not at hand.
   */
  describeSchema(schemaId: string, model?: ModelChoice): Promise<SchemaDescription | null>;
  /** The schemas of the folder `campaign.model.folder`; `null` when there is none. */
  listFolder(): Promise<ListFolderResult>;
  /** The queryDef around a position; `null` when there is none. */
  queryAt(document: vscode.TextDocument, position: vscode.Position): Promise<QueryAtReply>;
  /** Finds schemas and what is in them; `null` when there is no model. */
  searchModel(params: SearchModelParams): Promise<SearchModelResult>;
  /** Reads what a search does not see yet; `null` when there is no model. Cancelling ends it early, with an error. */
  indexModel(params: IndexModelParams, token: vscode.CancellationToken): Promise<IndexModelResult>;
  /** Where a schema, or a place of its text, can be opened; `null` when it cannot. */
  locateSchema(params: LocateSchemaParams): Promise<vscode.Location | null>;
  /** Forgets what it knows of the active model, or of that of a connection: all of it, or these schemas. */
  modelChanged(schemaIds?: readonly string[], connectionId?: string): void;
  dispose(): Promise<void>;
}

import type { LanguageClient } from 'vscode-languageclient/node';
import * as vscode from 'vscode';
import {
  describeSchemaRequest,
  indexModelRequest,
  listFolderRequest,
  libraryDocumentScheme,
  locateSchemaRequest,
  modelChangedNotification,
  queryAtRequest,
  schemaDocumentScheme,
  searchModelRequest,
  type DescribeSchemaParams,
  type DescribeSchemaResult,
  type IndexModelParams,
  type IndexModelResult,
  type LocateSchemaParams,
  type LocateSchemaResult,
  type ListFolderResult,
  type ModelChangedParams,
  type ModelChoice,
  type QueryAtParams,
  type QueryAtReply,
  type SchemaDescription,
  type SearchModelParams,
  type SearchModelResult,
} from '../../core/protocol/messages.ts';
import { commandIds, type Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import { isCampaignScript, needsServer } from './documents.ts';
import type { LanguageServer } from './languageServer.ts';
import { registerProblemPages, showProblemCodes } from './problemPages.ts';
import { LibraryDocuments } from './libraryDocuments.ts';
import { SchemaDocuments } from './schemaDocuments.ts';

export interface LanguageServices {
  readonly connections: Connections;
  readonly commands: Commands;
  readonly log: vscode.LogOutputChannel;
}

/** Starts the language server when something needs it, and keeps it told of the model. */
export function registerLanguageServer(
  context: vscode.ExtensionContext,
  { connections, commands, log }: LanguageServices,
): LanguageServer {
  const server = new LazyServer(context, connections, log);
  const schemaDocuments = new SchemaDocuments(connections);
  const libraryDocuments = new LibraryDocuments(connections);
  const consider = (document: vscode.TextDocument): void => {
    if (needsServer(document))
      server.start().catch((error: unknown) => commands.report(error, 'Language server'));
    else adoptScript(document);
  };
  context.subscriptions.push(
    vscode.workspace.registerTextDocumentContentProvider(schemaDocumentScheme, schemaDocuments),
    registerProblemPages(context.extensionUri),
    commands.register(commandIds.showProblemCodes, showProblemCodes),
    vscode.workspace.registerTextDocumentContentProvider(libraryDocumentScheme, libraryDocuments),
    vscode.workspace.onDidOpenTextDocument(consider),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('campaign.model.folder')) {
        server.restart().catch((error: unknown) => commands.report(error, 'Language server'));
      }
    }),
    {
      dispose: connections.onDidChange(({ kind, schemaIds, connectionId }) => {
        if (kind === 'active') server.modelChanged();
        else if (kind === 'model') {
          const isActive = connectionId === connections.active?.settings.id;
          server.modelChanged(schemaIds, isActive ? undefined : connectionId);
        }
        if (kind !== 'active' && kind !== 'model') return;
        schemaDocuments.changed();
        libraryDocuments.changed();
      }),
    },
  );
  vscode.workspace.textDocuments.forEach(consider);
  return server;
}

/** Gives a plain `.js` file with E4X our language, because the built-in one marks every literal as an error. */
function adoptScript(document: vscode.TextDocument): void {
  if (document.languageId !== 'javascript' || document.uri.scheme !== 'file') return;
  if (!vscode.workspace.getConfiguration('campaign', document).get<boolean>('javascript.detect', true))
    return;
  if (document.uri.path.includes('/node_modules/') || !isCampaignScript(document.getText())) return;
  void vscode.languages.setTextDocumentLanguage(document, 'campaign-javascript');
}

class LazyServer implements LanguageServer {
  readonly #context: vscode.ExtensionContext;
  readonly #connections: Connections;
  readonly #log: vscode.LogOutputChannel;
  /** The one start under way or done. */
  #client: Promise<LanguageClient> | undefined;

  constructor(context: vscode.ExtensionContext, connections: Connections, log: vscode.LogOutputChannel) {
    this.#context = context;
    this.#connections = connections;
    this.#log = log;
  }

  start(): Promise<LanguageClient> {
    this.#client ??= this.#start().catch((error: unknown) => {
      this.#client = undefined;
      throw error;
    });
    return this.#client;
  }

  async restart(): Promise<void> {
    if (this.#client === undefined) return;
    await this.dispose();
    await this.start();
  }

  async listFolder(): Promise<ListFolderResult> {
    if (modelFolder() === undefined) return null;
    const client = await this.start();
    return await client.sendRequest<ListFolderResult>(listFolderRequest, {});
  }

  async describeSchema(schemaId: string, model?: ModelChoice): Promise<SchemaDescription | null> {
    const params: DescribeSchemaParams = { schemaId, ...(model === undefined ? {} : { model }) };
    const client = await this.start();
    return await client.sendRequest<DescribeSchemaResult>(describeSchemaRequest, params);
  }

  async queryAt(document: vscode.TextDocument, position: vscode.Position): Promise<QueryAtReply> {
    const client = await this.start();
    const params: QueryAtParams = {
      textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
      position: client.code2ProtocolConverter.asPosition(position),
    };
    return await client.sendRequest<QueryAtReply>(queryAtRequest, params);
  }

  async searchModel(params: SearchModelParams): Promise<SearchModelResult> {
    const client = await this.start();
    return await client.sendRequest<SearchModelResult>(searchModelRequest, params);
  }

  async indexModel(params: IndexModelParams, token: vscode.CancellationToken): Promise<IndexModelResult> {
    const client = await this.start();
    return await client.sendRequest<IndexModelResult>(indexModelRequest, params, token);
  }

  async locateSchema(params: LocateSchemaParams): Promise<vscode.Location | null> {
    const client = await this.start();
    const found = await client.sendRequest<LocateSchemaResult>(locateSchemaRequest, params);
    return found === null ? null : client.protocol2CodeConverter.asLocation(found);
  }

  modelChanged(schemaIds?: readonly string[], connectionId?: string): void {
    const params: ModelChangedParams = {
      ...(schemaIds === undefined ? {} : { schemaIds: [...schemaIds] }),
      ...(connectionId === undefined ? {} : { connectionId }),
    };
    this.#client
      ?.then((client) => client.sendNotification(modelChangedNotification, params))
      .catch((error: unknown) =>
        this.#log.warn(`The language server was not told of the new model: ${String(error)}`),
      );
  }

  async dispose(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    try {
      await (await client)?.dispose();
    } catch (error) {
      this.#log.debug(`The language server did not stop in order: ${String(error)}`);
    }
  }

  async #start(): Promise<LanguageClient> {
    const { startClient } = await import('./startClient.ts');
    return await startClient({
      serverPath: this.#context.asAbsolutePath('dist/server.js'),
      connections: this.#connections,
      log: this.#log,
      modelFolder: modelFolder(),
    });
  }
}

/** The setting as an absolute path; a relative one starts at the first workspace folder. */
function modelFolder(): string | undefined {
  const folder = vscode.workspace.getConfiguration('campaign').get<string>('model.folder', '').trim();
  if (folder === '') return undefined;
  const root = vscode.workspace.workspaceFolders?.[0]?.uri;
  if (root === undefined || /^([/\\]|[A-Za-z]:)/.test(folder)) return folder;
  return vscode.Uri.joinPath(root, folder).fsPath;
}

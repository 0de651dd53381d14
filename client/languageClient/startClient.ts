import type * as vscode from 'vscode';
import {
  ErrorCodes,
  LanguageClient,
  ResponseError,
  TransportKind,
  type LanguageClientOptions,
} from 'vscode-languageclient/node';
import {
  listOptionsRequest,
  listSchemasRequest,
  loadLibraryRequest,
  loadSchemaRequest,
  type ListOptionsResult,
  type ListSchemasParams,
  type ListSchemasResult,
  type LoadLibraryParams,
  type LoadLibraryResult,
  type LoadSchemaParams,
  type LoadSchemaResult,
} from '../../core/protocol/messages.ts';
import type { Connections } from '../connection/connections.ts';
import { documentSelector } from './documents.ts';
import { problemPages } from './problemPages.ts';

export interface StartOptions {
  /** Path of `dist/server.js`. */
  readonly serverPath: string;
  readonly connections: Connections;
  readonly log: vscode.LogOutputChannel;
  /** Folder of schema files used beside the connection; `undefined` for none. */
  readonly modelFolder: string | undefined;
}

/** Starts the server process. This module and its packages are loaded only when a server is needed. */
export async function startClient(options: StartOptions): Promise<LanguageClient> {
  const clientOptions: LanguageClientOptions = {
    documentSelector: [...documentSelector],
    outputChannel: options.log,
    initializationOptions: {
      modelFolder: options.modelFolder,
      suggestCommand: 'editor.action.triggerSuggest',
      problemPages,
    },
  };
  const module = options.serverPath;
  const client = new LanguageClient(
    'campaign',
    'Campaign Developer Tools',
    {
      run: { module, transport: TransportKind.ipc },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--nolazy', '--inspect=6019'] } },
    },
    clientOptions,
  );
  answerModelRequests(client, options.connections);
  await client.start();
  return client;
}

/** Any other kind of error reaches the server with words about the request put before its message. */
function toResponseError(error: unknown): ResponseError {
  return new ResponseError(ErrorCodes.InternalError, error instanceof Error ? error.message : String(error));
}

/** The server has no connection of its own: it asks for the XML it lacks. */
function answerModelRequests(client: LanguageClient, connections: Connections): void {
  client.onRequest(
    listSchemasRequest,
    // Editing must not open a logon dialog: what is cached counts, the rest is "offline".
    async ({ connectionId }: ListSchemasParams = {}): Promise<ListSchemasResult> =>
      await connections.listSchemas({ connectionId }),
  );
  client.onRequest(
    loadSchemaRequest,
    async ({ schemaId, storedOnly = false, connectionId }: LoadSchemaParams): Promise<LoadSchemaResult> => {
      try {
        const xml = await connections.loadSchema(schemaId, { storedOnly, connectionId });
        return xml === null ? null : { xml };
      } catch (error) {
        throw toResponseError(error);
      }
    },
  );
  client.onRequest(listOptionsRequest, async (): Promise<ListOptionsResult> => {
    try {
      const options = await connections.listOptions();
      return options === null ? null : [...options];
    } catch (error) {
      throw toResponseError(error);
    }
  });
  client.onRequest(loadLibraryRequest, async ({ name }: LoadLibraryParams): Promise<LoadLibraryResult> => {
    try {
      const text = await connections.loadLibrary(name);
      return text === null ? null : { text };
    } catch (error) {
      throw toResponseError(error);
    }
  });
}

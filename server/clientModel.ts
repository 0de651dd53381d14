import { ErrorCodes, ResponseError, type Connection } from 'vscode-languageserver';
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
} from '../core/protocol/messages.ts';
import { schemaDocumentUri } from './schemaDocument.ts';
import type { ModelSource } from './dataModel.ts';

/**
 * The model of the client's active connection, or of another one. A client that does not know our messages has no model, which is not an
 * error; an instance that cannot be reached is one, and the schemas are asked for again.
 */
export function createClientModel(connection: Connection, connectionId?: string): ModelSource {
  const choice: ListSchemasParams = connectionId === undefined ? {} : { connectionId };
  return {
    list: () =>
      orNothing(async () => {
        const result = await connection.sendRequest<ListSchemasResult>(listSchemasRequest, choice);
        return result?.schemas ?? null;
      }),
    async load(schemaId, storedOnly = false) {
      const params: LoadSchemaParams = { schemaId, ...choice, ...(storedOnly && { storedOnly }) };
      const result = await connection.sendRequest<LoadSchemaResult>(loadSchemaRequest, params);
      return result === null ? null : { xml: result.xml, uri: schemaDocumentUri(schemaId) };
    },
    options: () => orNothing(() => connection.sendRequest<ListOptionsResult>(listOptionsRequest)),
    library: (name) =>
      orNothing(async () => {
        const params: LoadLibraryParams = { name };
        const result = await connection.sendRequest<LoadLibraryResult>(loadLibraryRequest, params);
        return result === null ? null : result.text;
      }),
  };
}

/** `null` when the client does not know the message. */
async function orNothing<T>(ask: () => Promise<T | null>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ResponseError && error.code === ErrorCodes.MethodNotFound) return null;
    throw error;
  }
}

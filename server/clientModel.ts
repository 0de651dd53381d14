import { ErrorCodes, ResponseError, type Connection } from 'vscode-languageserver';
import {
  listSchemasRequest,
  loadSchemaRequest,
  type ListSchemasResult,
  type LoadSchemaParams,
  type LoadSchemaResult,
} from '../core/protocol/messages.ts';
import { schemaDocumentUri } from './schemaDocument.ts';
import type { ModelSource } from './dataModel.ts';

/**
 * The model of the client's active connection. A client that does not know our messages has no model, which is not an
 * error; an instance that cannot be reached is one, and the schemas are asked for again.
 */
export function createClientModel(connection: Connection): ModelSource {
  return {
    async list() {
      try {
        const result = await connection.sendRequest<ListSchemasResult>(listSchemasRequest);
        return result?.schemas ?? null;
      } catch (error) {
        if (isUnknownMethod(error)) return null;
        throw error;
      }
    },
    async load(schemaId, storedOnly = false) {
      const params: LoadSchemaParams = { schemaId, ...(storedOnly && { storedOnly }) };
      const result = await connection.sendRequest<LoadSchemaResult>(loadSchemaRequest, params);
      return result === null ? null : { xml: result.xml, uri: schemaDocumentUri(schemaId) };
    },
  };
}

function isUnknownMethod(error: unknown): boolean {
  return error instanceof ResponseError && error.code === ErrorCodes.MethodNotFound;
}

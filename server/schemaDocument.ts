import { splitSchemaId } from '../core/schema/schema.ts';
import { schemaDocumentScheme } from '../core/protocol/messages.ts';

/** The address under which the client shows the XML of a schema that is in no file. */
export function schemaDocumentUri(schemaId: string): string {
  const { namespace, name } = splitSchemaId(schemaId);
  return `${schemaDocumentScheme}:/${namespace}/${name}.xml`;
}

import type { Schema } from './schema.ts';

/** Which database holds the rows of a schema. */
export type TableLocation =
  /** There is no table: XML, files, views of other data, methods only. */
  | { kind: 'none' }
  /** The database of the instance. */
  | { kind: 'local' }
  /** The cloud database of v8 (FFDA). */
  | { kind: 'cloud' }
  /** The database of the instance, from where rows go to the table of `schemaId` in the cloud. */
  | { kind: 'staging'; schemaId: string }
  /** A database behind an external account. */
  | { kind: 'external'; account: string }
  /** Something else the schema names. */
  | { kind: 'other'; dataSource: string };

const accountPrefix = 'nms:extAccount:';

/**
 * Where the rows of a schema are.
 * @param stagedSchemaId the schema this one is the staging twin of, see `stagingSchemaId`; no attribute tells.
 * Source: Campaign v8 documentation, "Data model best practices" and "API staging mechanism".
 */
export function tableLocation(schema: Schema, stagedSchemaId?: string): TableLocation {
  const { root } = schema;
  if (root?.sqlTable === undefined || root.sqlTable === '') return { kind: 'none' };
  if (stagedSchemaId !== undefined) return { kind: 'staging', schemaId: stagedSchemaId };
  const dataSource = root.dataSource ?? '';
  if (dataSource === '') return { kind: 'local' };
  if (!dataSource.startsWith(accountPrefix)) return { kind: 'other', dataSource };
  const account = dataSource.slice(accountPrefix.length);
  return account === 'ffda' ? { kind: 'cloud' } : { kind: 'external', account };
}

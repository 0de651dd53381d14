/**
 * The messages that cross between the language server and its client beyond standard LSP: names and types only.
 * Invariant: the server never sees a secret and never opens a socket; it asks the client for the XML it lacks.
 * A client that knows none of these answers "method not found", which the server reads as "offline".
 */

/** A schema as the instance lists it; `md5` is the cache key. */
export interface SchemaListEntry {
  /** `namespace:name`, e.g. `nms:recipient`. */
  id: string;
  label: string;
  /** 32 hex digits; absent when the source gives none (e.g. a folder of files). */
  md5?: string;
}

/** Server → client. The text of one compiled schema of the active connection. */
export const loadSchemaRequest = 'campaign/loadSchema';
export interface LoadSchemaParams {
  schemaId: string;
}
/** `null`: the instance has no such schema. An error response: it could not be asked (offline). */
export type LoadSchemaResult = { xml: string } | null;

/** Server → client. The schemas of the active connection; `null` when there is no model at all. */
export const listSchemasRequest = 'campaign/listSchemas';
export type ListSchemasResult = { connection: string; schemas: SchemaListEntry[] } | null;

/** Client → server notification: the active connection or its model changed; everything derived from it is stale. */
export const modelChangedNotification = 'campaign/modelChanged';
export interface ModelChangedParams {
  /** Schemas whose text changed; absent: all of them. */
  schemaIds?: string[];
}

/** Client → server. A schema as the explorer and the grid show it. */
export const describeSchemaRequest = 'campaign/describeSchema';
export interface DescribeSchemaParams {
  schemaId: string;
}
export type DescribeSchemaResult = SchemaDescription | null;

/** One node below a schema's main element. */
export interface FieldDescription {
  kind: 'attribute' | 'element' | 'link' | 'collection';
  /** As written in an xpath: `@email`, `location`, `folder`. */
  name: string;
  /** From the main element: `location/@city`. */
  xpath: string;
  label: string;
  description?: string;
  /** XTK type; absent for containers. */
  type?: string;
  length?: number;
  /** Schema id of a link's or collection's target. */
  target?: string;
  /** Reference of an enumeration, as written in the schema. */
  enumeration?: string;
  xml?: boolean;
  advanced?: boolean;
  required?: boolean;
  sqlName?: string;
  children?: FieldDescription[];
}

export interface KeyDescription {
  name: string;
  label: string;
  primary: boolean;
  xpaths: string[];
}

export interface EnumerationDescription {
  name: string;
  label: string;
  values: { name: string; value: string; label: string }[];
}

export interface MethodDescription {
  name: string;
  label: string;
  description?: string;
  isStatic: boolean;
  parameters: { name: string; type: string; direction: 'in' | 'out' | 'inout'; description?: string }[];
}

export interface SchemaDescription {
  id: string;
  label: string;
  description?: string;
  sqlTable?: string;
  dataSource?: string;
  /** Id of the staging twin, when the schema has one (`autoStg`). */
  stagingSchema?: string;
  fields: FieldDescription[];
  keys: KeyDescription[];
  enumerations: EnumerationDescription[];
  methods: MethodDescription[];
}

/** Client → server. The queryDef around a position, ready to send. */
export const queryAtRequest = 'campaign/queryAt';
export interface QueryAtParams {
  textDocument: { uri: string };
  position: { line: number; character: number };
}
/** A queryDef found in a document. */
export interface QueryAtResult {
  /** The `<queryDef>` element as XML. */
  xml: string;
  schemaId: string;
  operation: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
  /**
   * JavaScript expressions inside the literal (`{…}`), which only a running script could fill, in order. `start` and
   * `end` are where they stand in `xml`, braces included.
   */
  holes: { source: string; attribute?: string; start: number; end: number }[];
}
export type QueryAtReply = QueryAtResult | null;

/** Command ids the server puts on its CodeLenses; the client registers them. */
export const runQueryCommand = 'campaign.query.run';

/** Scheme of the read-only documents that show a schema of the instance: `campaign-schema:/nms/recipient.xml`. */
export const schemaDocumentScheme = 'campaign-schema';

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

/** Which model is meant: that of a connection, or the folder of schema files. Where it is left out, the active one. */
export type ModelChoice = { connectionId: string } | { folder: true };

/** Server → client. The text of one compiled schema of the active connection, or of another one. */
export const loadSchemaRequest = 'campaign/loadSchema';
export interface LoadSchemaParams {
  schemaId: string;
  /** Ask the instance for nothing: answer from the disk, or `null`. Default false. */
  storedOnly?: boolean;
  /** Default: the active connection. */
  connectionId?: string;
}
/** `null`: the instance has no such schema. An error response: it could not be asked (offline). */
export type LoadSchemaResult = { xml: string } | null;

/** Server → client. The schemas of the active connection, or of another one; `null` when there is no model at all. */
export const listSchemasRequest = 'campaign/listSchemas';
export interface ListSchemasParams {
  /** Default: the active connection. */
  connectionId?: string;
}
export type ListSchemasResult = { connection: string; schemas: SchemaListEntry[] } | null;

/** Server → client. The platform options (`xtk:option`) of the active connection: names, never values. */
export const listOptionsRequest = 'campaign/listOptions';
export interface OptionEntry {
  name: string;
  /** What it is for; absent when nobody wrote it down. */
  description?: string;
  /** Code of the XTK type of its value, see `xtk:option`; absent when not known. */
  type?: number;
}
/** `null`: there is no active connection. An error response: they could not be asked for. */
export type ListOptionsResult = OptionEntry[] | null;

/** Server → client. The text of a library of the active connection that is not in the workspace. */
export const loadLibraryRequest = 'campaign/loadLibrary';
export interface LoadLibraryParams {
  /** As scripts name it: `cus:common.js`. */
  name: string;
}
/** `null`: the instance has no such library. An error response: it could not be asked (offline). */
export type LoadLibraryResult = { text: string } | null;

/** Client → server notification: the active connection or its model changed; everything derived from it is stale. */
export const modelChangedNotification = 'campaign/modelChanged';
export interface ModelChangedParams {
  /** Schemas whose text changed; absent: all of them. */
  schemaIds?: string[];
  /** The model of a connection that is not the active one. */
  connectionId?: string;
}

/** Client → server. The schemas of the folder of schema files; `null` when there is none. */
export const listFolderRequest = 'campaign/listFolder';
export type ListFolderResult = SchemaListEntry[] | null;

/** Client → server. A schema as the explorer and the grid show it. */
export const describeSchemaRequest = 'campaign/describeSchema';
export interface DescribeSchemaParams {
  schemaId: string;
  model?: ModelChoice;
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

/** Client → server. Finds schemas, and what is in them, by name or label. Answered from what is indexed so far. */
export const searchModelRequest = 'campaign/searchModel';
export interface SearchModelParams {
  /** Words that all have to be found; empty finds the schemas. */
  query: string;
  /** Results to leave out, for the pages after the first. Default 0. */
  offset?: number;
  /** Most results of the page. Default and maximum 200. */
  limit?: number;
}
/** `null`: there is no model. */
export type SearchModelResult = {
  items: ModelSearchItem[];
  /** Of all pages. */
  total: number;
  coverage: ModelCoverage;
} | null;

export type ModelSearchKind =
  'schema' | 'attribute' | 'element' | 'link' | 'collection' | 'enumeration' | 'value' | 'method';

export interface ModelSearchItem {
  kind: ModelSearchKind;
  schemaId: string;
  schemaLabel: string;
  /** Of a schema, its id; of a field, the last step of its xpath. */
  name: string;
  label: string;
  /** Of a field, its xpath; of a value, the name of its enumeration; of a schema, empty. */
  path: string;
  /** What is stored, of the value of an enumeration. */
  value?: string;
  /** Its declaration in the text of the schema, see `campaign/locateSchema`; absent for a schema that is only listed. */
  start?: number;
  end?: number;
}

/** Client → server. Where a schema, or a place of its text, can be opened: as a document of its own, or in the file it is from. */
export const locateSchemaRequest = 'campaign/locateSchema';
export interface LocateSchemaParams {
  schemaId: string;
  /** Offsets in the text of the schema. Default 0: its beginning. */
  start?: number;
  end?: number;
  model?: ModelChoice;
}
/** `null`: there is no such schema, or it is in no document. */
export type LocateSchemaResult = {
  uri: string;
  range: { start: { line: number; character: number }; end: { line: number; character: number } };
} | null;

/** How much of the model a search sees; the rest is found by id and label of its schemas only. */
export interface ModelCoverage {
  /** Schemas of the model. */
  listed: number;
  /** Schemas whose content is indexed. */
  indexed: number;
  /** Schemas that have no text, or none that can be read as a schema. */
  unreadable: number;
}

/** Client → server. Reads what is not indexed yet, until it is cancelled; searches meanwhile see what has been read. */
export const indexModelRequest = 'campaign/indexModel';
export interface IndexModelParams {
  /** `disk` asks the instance for nothing; `instance` fetches what is not on disk, at low priority. */
  from: 'disk' | 'instance';
}
/** `null`: there is no model. `problem`: why the reading ended before it was done. */
export type IndexModelResult = { coverage: ModelCoverage; problem?: string } | null;

/** Command ids the server puts on its CodeLenses; the client registers them. */
export const runQueryCommand = 'campaign.query.run';
export const countRowsCommand = 'campaign.query.count';

/**
 * Scheme of the read-only documents that show a library of the instance: `campaign-library:/cus/common.campaign.js` is
 * `cus:common.js`.
 */
export const libraryDocumentScheme = 'campaign-library';

/** Scheme of the read-only documents that show a schema of the instance: `campaign-schema:/nms/recipient.xml`. */
export const schemaDocumentScheme = 'campaign-schema';

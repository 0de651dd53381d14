/**
 * A Campaign schema as the tools see it: the compiled `<schema>`, or a `<srcSchema>` read as it stands.
 * Offsets point into the XML the schema was parsed from (zero-based UTF-16 units).
 * Source: Campaign Classic and v8 documentation, "Schema structure" and the element and attribute reference.
 */

/** What schema attributes and elements have in common. */
interface SchemaNodeBase {
  /** Without `@`. */
  name: string;
  /** The schema's own text or, as Campaign does, the name with a capital. */
  label: string;
  description: string | undefined;
  /** XTK type; on attributes `string` when the schema gives none, on elements `undefined` for a container. */
  type: string | undefined;
  length: number | undefined;
  /** `name` (same schema) or `namespace:schema:name`. */
  enumeration: string | undefined;
  /** An enumeration kept in a table of the platform; its values cannot be known from schemas. */
  userEnumeration: string | undefined;
  dbEnumeration: string | undefined;
  /** Stored in the XML memo of the row: selectable, but not to be filtered, sorted or indexed. */
  xml: boolean;
  sqlName: string | undefined;
  /** Computed field: an expression, never stored. */
  expr: string | undefined;
  defaultValue: string | undefined;
  required: boolean;
  notNull: boolean;
  advanced: boolean;
  visibleIf: string | undefined;
  /** The schema (an extension) that added this node. */
  belongsTo: string | undefined;
  /** A `ref` to another definition: the node is read there. */
  ref: string | undefined;
  parent: SchemaElement | undefined;
  schemaId: string;
  /** Range of the node's start tag. */
  start: number;
  end: number;
  /** Every attribute as written, for what has no field of its own here. */
  raw: ReadonlyMap<string, string>;
}

export interface SchemaAttribute extends SchemaNodeBase {
  kind: 'attribute';
}

/** A join of a link: its columns on either side, as xpaths from the link's parent and from the target. */
export interface SchemaJoin {
  source: string;
  destination: string;
  filter: string | undefined;
}

/** A container, a typed element, a link, or the main element. */
export interface SchemaElement extends SchemaNodeBase {
  kind: 'element';
  attributes: Map<string, SchemaAttribute>;
  elements: Map<string, SchemaElement>;
  /** Links: target schema id; the part after `/` of the declaration is in `targetPath`. */
  target: string | undefined;
  targetPath: string | undefined;
  /** A collection: a 1-N link or a repeated XML element. */
  unbound: boolean;
  joins: SchemaJoin[];
  /** Name of the reverse link in the target. */
  revLink: string | undefined;
  integrity: string | undefined;
  externalJoin: boolean;
  keys: SchemaKey[];
  indexes: SchemaIndex[];
  computeString: string | undefined;
  sqlTable: string | undefined;
  dataSource: string | undefined;
  autoPk: boolean;
  autoUuid: boolean;
  autoStg: boolean;
}

export type SchemaNode = SchemaAttribute | SchemaElement;

export interface SchemaKeyField {
  /** `@field` or `container/@field`; or a link by name. */
  xpath: string | undefined;
  link: string | undefined;
}

export interface SchemaKey {
  name: string;
  label: string;
  /** `internal="true"`, or the first key where none says so. */
  primary: boolean;
  fields: SchemaKeyField[];
  start: number;
  end: number;
}

export interface SchemaIndex {
  name: string;
  unique: boolean;
  fields: SchemaKeyField[];
}

export interface EnumerationValue {
  name: string;
  /** What is stored; the name where the schema gives no value. */
  value: string;
  label: string;
  description: string | undefined;
  start: number;
  end: number;
}

export interface Enumeration {
  name: string;
  label: string;
  baseType: string;
  defaultName: string | undefined;
  values: EnumerationValue[];
  start: number;
  end: number;
}

export interface SchemaParameter {
  name: string;
  type: string;
  direction: 'in' | 'out' | 'inout';
  description: string | undefined;
  optional: boolean;
}

export interface SchemaMethod {
  name: string;
  label: string;
  description: string | undefined;
  isStatic: boolean;
  isConst: boolean;
  keyOnly: boolean;
  hidden: boolean;
  access: string | undefined;
  library: string | undefined;
  /** The interface that declares it, when it is inside `<interface>`. */
  interfaceName: string | undefined;
  parameters: SchemaParameter[];
  start: number;
  end: number;
}

export interface Schema {
  /** `namespace:name`. */
  id: string;
  namespace: string;
  name: string;
  label: string;
  labelSingular: string;
  description: string | undefined;
  image: string | undefined;
  md5: string | undefined;
  mappingType: string | undefined;
  /** Source: an extension of this schema. */
  extendedSchema: string | undefined;
  /** Compiled: the extensions merged into it. */
  dependingSchemas: string[];
  implementedInterface: string | undefined;
  library: boolean;
  view: boolean;
  /** Which of the two documents this is. */
  origin: 'schema' | 'srcSchema';
  /** The element all xpaths start from; absent in libraries of definitions and of methods. */
  root: SchemaElement | undefined;
  /** Every element below `<schema>`, the main one included: what `ref` and `template` point to. */
  definitions: Map<string, SchemaElement>;
  /** Attributes directly below `<schema>`: fields of no element, to be copied or referred to by others. */
  attributeDefinitions: Map<string, SchemaAttribute>;
  enumerations: Map<string, Enumeration>;
  methods: Map<string, SchemaMethod>;
}

/** Text of a schema that does not say what a schema must say. */
export interface SchemaProblem {
  code: 'schema/not-well-formed' | 'schema/not-a-schema' | 'schema/missing-name' | 'schema/no-main-element';
  message: string;
  start: number;
  end: number;
}

/** The schemas at hand. Asking for one that is not loaded yet may start a load; see `resolvePath`. */
export interface SchemaSource {
  /**
   * @returns the schema; `null` when the model has no such schema; `undefined` while it is not known (not loaded yet,
   * or the model does not cover it).
   */
  getSchema(id: string): Schema | null | undefined;
}

/** Schemas made at run time; no model ever knows them, and nothing is to be reported about them. */
export function isTemporarySchema(id: string): boolean {
  return id.startsWith('temp:');
}

/** Splits `nms:recipient`. A temporary id keeps everything after the first colon as its name. */
export function splitSchemaId(id: string): { namespace: string; name: string } {
  const colon = id.indexOf(':');
  return colon < 0
    ? { namespace: '', name: id }
    : { namespace: id.slice(0, colon), name: id.slice(colon + 1) };
}

/** Is the node a link to another schema? */
export function isLink(node: SchemaNode): node is SchemaElement {
  return node.kind === 'element' && node.type === 'link';
}

/** Is the node a 1-N link? */
export function isCollection(node: SchemaNode): node is SchemaElement {
  return node.kind === 'element' && node.unbound;
}

/** The key that identifies a row. */
export function primaryKey(schema: Schema): SchemaKey | undefined {
  return schema.root?.keys.find((key) => key.primary);
}

/** `@name` for an attribute, `name` for an element. */
export function stepOf(node: SchemaNode): string {
  return node.kind === 'attribute' ? `@${node.name}` : node.name;
}

/** XPath of a node from the root of its definition, e.g. `location/@city`. */
export function xpathOf(node: SchemaNode): string {
  const steps: string[] = [];
  let at: SchemaNode = node;
  while (at.parent !== undefined) {
    steps.unshift(stepOf(at));
    at = at.parent;
  }
  return steps.join('/');
}

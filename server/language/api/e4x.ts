/**
 * Types that tie E4X, queries and schemas together. The declarations of a schema (`schemaTypings.ts`) add themselves to
 * the tables `ᐸRows`, `ᐸElements`, `ᐸEntities`, `ᐸCollections` and `ᐸSchemas`, keyed by schema id; what is not in a
 * table yet has the general type, so a schema may arrive at any time.
 *
 * - A row of `xtk.queryDef` is an XMLList: rows, lists and filtered lists have the same members, as in the language.
 * - `this` flows through filters and `for each`, so the members of a schema do, too.
 */
export const e4x = `
interface ᐸIterator<T> { next(): { done: boolean; value: T } }

interface XML {
  /** Keeps the elements for which the condition holds. */
  (condition: any): this;
  [Symbol.iterator](): ᐸIterator<this>;
  [index: number]: this;
  [name: string]: XMLList;
}
interface XMLList extends XML {}

interface JXON { [name: string]: any }

interface ᐸRows {}
interface ᐸElements {}
interface ᐸEntities {}
interface ᐸCollections {}
interface ᐸSchemas {}
interface ᐸDomSchemas {}
interface ᐸKnownMethods {}
interface ᐸKnownEntityMethods {}

type ᐸRow<K> = K extends keyof ᐸRows ? ᐸRows[K] : XMLList;
type ᐸCollection<K> = K extends keyof ᐸCollections ? ᐸCollections[K] : XMLList;
type ᐸElement<K> = K extends keyof ᐸElements ? ᐸElements[K] : DOMElement;
type ᐸEntity<K> = K extends keyof ᐸEntities ? ᐸEntities[K]
  : K extends keyof ᐸKnownEntityMethods ? Entity & ᐸKnownEntityMethods[K] : Entity;
type ᐸSchema<K> = K extends keyof ᐸSchemas ? ᐸSchemas[K]
  : K extends keyof ᐸKnownMethods ? ᐸSchemaObject<K> & ᐸKnownMethods[K] : ᐸSchemaObject<K>;
type ᐸDomSchema<K> = K extends keyof ᐸDomSchemas ? ᐸDomSchemas[K]
  : K extends keyof ᐸKnownMethods ? ᐸSchemaObject<K> & ᐸKnownMethods[K] : ᐸSchemaObject<K>;

interface EntityCollection { [Symbol.iterator](): ᐸIterator<Entity> }
interface ᐸEntityList<K> extends EntityCollection {
  [index: number]: ᐸEntity<K>;
  [Symbol.iterator](): ᐸIterator<ᐸEntity<K>>;
}
interface ᐸElementList<T> extends DOMElement {
  /** The records found. */
  getElements(name?: string): T[];
  /** The first record; null when there is none. */
  getFirstElement(name?: string): T | null;
}

interface ᐸSchemaObject<K> extends NLSchema {
  /** Makes an entity in memory; \`save()\` writes it. */
  create(content?: XML | DOMDocument | DOMElement | JXON | string): ᐸEntity<K>;
  /** Loads an entity by its primary key, or by the text of its key; \`save()\` writes it. */
  load(key: string | number): ᐸEntity<K>;
  /** Loads an entity; changes are written when the script ends. */
  get(keyOrContent?: string | number | XML): ᐸEntity<K>;
}

interface ᐸQuery<R> extends Entity {
  /** Runs the query. \`select\` gives a list, \`get\` and \`getIfExists\` one record, \`count\` a record with \`count\`. */
  ExecuteQuery(): R;
  /** The SQL the query would run; nothing is executed. */
  BuildQuery(): string;
  /** Selects every field of the schema. */
  SelectAll(duplicate?: boolean): void;
  /** The condition as a text for people. */
  DisplayCondition(...args: any[]): any;
  EvaluateExpr(...args: any[]): any;
  BuildQueryEx(...args: any[]): any;
  CreateInstanceFromModel(...args: any[]): any;
  GetInstanceFromModel(...args: any[]): any;
}
/** Any value: \`any\` would hide the names of the objects in an array. */
type ᐸJxonOther = string | number | boolean | null | undefined | object;
interface ᐸJxonNode { expr?: string; alias?: string; label?: string; groupBy?: boolean | string; sortDesc?: boolean | string; analyze?: boolean | string; node?: ᐸJxonNode | readonly ᐸJxonNode[]; [name: string]: ᐸJxonNode | ᐸJxonOther }
interface ᐸJxonCondition { expr?: string; boolOperator?: "AND" | "OR"; setOperator?: string; enabledIf?: string; condition?: ᐸJxonCondition | readonly ᐸJxonCondition[]; [name: string]: ᐸJxonCondition | ᐸJxonOther }
interface ᐸJxonQueryDef {
  /** Schema id, e.g. \`nms:recipient\`. */
  schema?: string;
  /** What the answer is: a list, one record, or a number. Default \`select\`. */
  operation?: "select" | "get" | "getIfExists" | "count";
  /** Most records to return; 10,000 when left out. */
  lineCount?: number | string;
  /** Records to skip; needs \`orderBy\`. */
  startLine?: number | string;
  distinct?: boolean | string;
  select?: { node?: ᐸJxonNode | readonly ᐸJxonNode[]; [name: string]: any };
  where?: { condition?: ᐸJxonCondition | readonly ᐸJxonCondition[]; [name: string]: any };
  orderBy?: { node?: ᐸJxonNode | readonly ᐸJxonNode[]; [name: string]: any };
  groupBy?: { node?: ᐸJxonNode | readonly ᐸJxonNode[]; [name: string]: any };
  having?: { condition?: ᐸJxonCondition | readonly ᐸJxonCondition[]; [name: string]: any };
  [name: string]: any;
}
type ᐸE4xResult<D> = D extends { ᐸe4x: infer R } ? R : XMLList;
type ᐸDomResult<D> = D extends { ᐸe4x: infer R; ᐸdom: infer E } ? E & R : D extends { readonly queryDef: infer Q } ? ᐸJxonResult<Q> : D extends XML ? DOMElement & XMLList : DOMElement;
type ᐸJxonResult<Q> = Q extends { readonly schema: infer S } ? ᐸJxonRows<Q, ᐸElement<S> & ᐸColumns<Q>> : DOMElement;
type ᐸJxonRows<Q, R> = Q extends { readonly operation: "get" | "getIfExists" | "count" } ? R : ᐸElementList<R>;
type ᐸJxonNodes<Q> = Q extends { readonly select: { readonly node: infer N } } ? N extends readonly (infer E)[] ? E : N : never;
type ᐸColumnName<E> = E extends { readonly alias: infer A } ? A extends \`@\${infer N}\` ? N : never
  : E extends { readonly expr: \`@\${infer N}\` } ? N : never;
/** The columns a query in its object form selects on the row itself. */
type ᐸColumns<Q> = { [N in ᐸColumnName<ᐸJxonNodes<Q>> as \`$\${N}\`]: string };

interface ᐸQueryDefSchema extends ᐸSchemaObject<"xtk:queryDef"> {
  /** Makes a query from a queryDef; run it with \`ExecuteQuery()\`. */
  create<D>(queryDef?: D): ᐸQuery<ᐸE4xResult<D>>;
  /** Changes the records the query selects, all at once. \`context\` has the new values. */
  Update(context: XML | DOMDocument | DOMElement | JXON): void;
}
interface ᐸQueryDefDomSchema extends ᐸSchemaObject<"xtk:queryDef"> {
  /** Makes a query from a queryDef, as an object or as XML; run it with \`ExecuteQuery()\`. */
  create<const D extends { queryDef: ᐸJxonQueryDef } | XML | DOMDocument | DOMElement | string>(queryDef: D): ᐸQuery<ᐸDomResult<D>>;
  /** Changes the records the query selects, all at once. \`context\` has the new values. */
  Update(context: XML | DOMDocument | DOMElement | JXON): void;
}
interface ᐸSchemas { "xtk:queryDef": ᐸQueryDefSchema }
interface ᐸDomSchemas { "xtk:queryDef": ᐸQueryDefDomSchema }

/** A literal whose text carries no type of its own. */
declare function ᐸ(...holes: any[]): XML;
`;

import {
  isTemporarySchema,
  splitSchemaId,
  type Enumeration,
  type Schema,
  type SchemaAttribute,
  type SchemaElement,
  type SchemaNode,
  type SchemaSource,
} from './schema.ts';

/** Where a path leads. */
export type PathResult =
  | { kind: 'found'; node: SchemaNode; crossedCollections: SchemaElement[] }
  /** A schema on the way is not loaded; ask again when it is. */
  | { kind: 'pending'; schemaId: string }
  /** The model cannot say: an `ANY` subtree, a temporary schema, or a schema it does not cover. */
  | { kind: 'unknown' }
  /** There is no such step. `from` is the element it was looked for in. */
  | { kind: 'missing'; step: string; stepIndex: number; from: SchemaElement };

/** An element to look below: a link or a `ref` is followed to what it stands for. */
export type ScopeResult = { kind: 'found'; element: SchemaElement } | Exclude<PathResult, { kind: 'found' }>;

/** `ref`s that point at each other end here. */
const maxRefs = 32;

/**
 * Follows the steps of an xpath from an element, across links, `ref`s and schemas.
 * @param steps e.g. `['folder', '@name']`; `@` marks an attribute, `.` stays, `..` goes to the parent, an index
 * (`group[1]`) is ignored.
 * Never throws. Source: Campaign Classic documentation, "Schema structure"; the walking rules of Adobe's SDK.
 */
export function resolvePath(model: SchemaSource, start: SchemaElement, steps: readonly string[]): PathResult {
  let node: SchemaNode = start;
  const crossedCollections: SchemaElement[] = [];
  for (const [stepIndex, rawStep] of steps.entries()) {
    const step = rawStep.replace(/\[.*$/, '');
    if (step === '.' || step === '') continue;
    if (step === '..') {
      if (node.parent === undefined) return { kind: 'unknown' };
      node = node.parent;
      continue;
    }
    if (node.kind === 'attribute') return { kind: 'unknown' };
    if (node !== start && node.unbound) crossedCollections.push(node);
    const scope = enterElement(model, node);
    if (scope.kind !== 'found') return scope;
    const next = childOf(scope.element, step);
    if (next === undefined) {
      if (isOpenEnded(scope.element)) return { kind: 'unknown' };
      return { kind: 'missing', step, stepIndex, from: scope.element };
    }
    node = next;
  }
  return { kind: 'found', node, crossedCollections };
}

/** What a step below this node is looked up in: the target of a link, the definition behind a `ref`. */
export function enterElement(model: SchemaSource, start: SchemaElement): ScopeResult {
  let element = start;
  for (let hops = 0; hops < maxRefs; hops++) {
    if (element.ref !== undefined) {
      const target = resolveDefinition(model, element.schemaId, element.ref);
      if (target.kind !== 'found') return target;
      element = target.element;
    } else if (element.type === 'link' && element.target !== undefined) {
      const target = resolveTarget(model, element.target, element.targetPath);
      if (target.kind !== 'found') return target;
      element = target.element;
    } else return { kind: 'found', element };
  }
  return { kind: 'unknown' };
}

/** The main element of a schema, or the element below it that a link's target names. */
function resolveTarget(model: SchemaSource, schemaId: string, path: string | undefined): ScopeResult {
  const root = rootOf(model, schemaId);
  if (root.kind !== 'found' || path === undefined) return root;
  const result = resolvePath(model, root.element, path.split('/'));
  if (result.kind !== 'found') return result;
  return result.node.kind === 'element' ? { kind: 'found', element: result.node } : { kind: 'unknown' };
}

/** The element xpaths of a schema start from. */
export function rootOf(model: SchemaSource, schemaId: string): ScopeResult {
  if (!schemaId.includes(':') || schemaId.includes(',')) return { kind: 'unknown' };
  const schema = model.getSchema(schemaId);
  // A temporary schema that is not known now never will be.
  if (schema === undefined && !isTemporarySchema(schemaId)) return { kind: 'pending', schemaId };
  if (schema?.root === undefined) return { kind: 'unknown' };
  return { kind: 'found', element: schema.root };
}

/** Follows `ref`: `path` from the schema's own definitions, or `ns:schema:path`. */
function resolveDefinition(model: SchemaSource, schemaId: string, ref: string): ScopeResult {
  const parts = ref.split(':');
  const isForeign = parts.length >= 3;
  const targetId = isForeign ? `${parts[0]!}:${parts[1]!}` : schemaId;
  const path = isForeign ? parts.slice(2).join(':') : ref;
  if (parts.length === 2) return { kind: 'unknown' };
  const schema = model.getSchema(targetId);
  if (schema === undefined) return { kind: 'pending', schemaId: targetId };
  if (schema === null) return { kind: 'unknown' };
  const [first, ...rest] = path.split('/').filter((step) => step !== '');
  let element = first === undefined ? undefined : schema.definitions.get(first);
  for (const step of rest) element = element?.elements.get(step);
  return element === undefined ? { kind: 'unknown' } : { kind: 'found', element };
}

/** Children of an `ANY` element, of the XML memo and of untyped XML parts without declared children can be anything. */
function isOpenEnded(element: SchemaElement): boolean {
  return (
    element.type === 'ANY' || (element.xml && element.elements.size === 0 && element.attributes.size === 0)
  );
}

function childOf(element: SchemaElement, step: string): SchemaAttribute | SchemaElement | undefined {
  return step.startsWith('@') ? element.attributes.get(step.slice(1)) : element.elements.get(step);
}

/** What an `enum` reference leads to. */
export type EnumerationResult =
  | { kind: 'found'; enumeration: Enumeration; schemaId: string }
  | { kind: 'pending'; schemaId: string }
  | { kind: 'unknown' };

/** Resolves `name` or `namespace:schema:name` as written on a node of `schemaId`. */
export function resolveEnumeration(
  model: SchemaSource,
  schemaId: string,
  reference: string,
): EnumerationResult {
  const parts = reference.split(':');
  const targetId = parts.length === 3 ? `${parts[0]!}:${parts[1]!}` : schemaId;
  const name = parts.length === 3 ? parts[2]! : reference;
  const schema = model.getSchema(targetId);
  if (schema === undefined) return { kind: 'pending', schemaId: targetId };
  const enumeration = schema?.enumerations.get(name);
  if (enumeration === undefined) return { kind: 'unknown' };
  return { kind: 'found', enumeration, schemaId: targetId };
}

/** The attribute that carries a single-column link's foreign key, e.g. `folder-id` of `folder`. */
export function foreignKeyOf(link: SchemaElement): SchemaAttribute | undefined {
  const source = link.joins.length === 1 ? link.joins[0]!.source : undefined;
  if (source?.startsWith('@') !== true) return undefined;
  return link.parent?.attributes.get(source.slice(1));
}

/** Id of the staging twin of a schema: `cus:purchase` → `cus:purchaseStg`. Source: Campaign v8 documentation, "API staging mechanism". */
export function stagingSchemaId(schema: Schema): string | undefined {
  if (schema.root?.autoStg !== true || schema.name.endsWith('Stg')) return undefined;
  const { namespace, name } = splitSchemaId(schema.id);
  return `${namespace}:${name}Stg`;
}

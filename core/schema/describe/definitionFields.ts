import { resolveReference } from '../resolveReference.ts';
import { stepOf, type Schema, type SchemaElement, type SchemaNode, type SchemaSource } from '../schema.ts';

/** The schemas that `ref`s of a schema lead to, itself left out: what {@link definitionOf} asks for. */
export function referencedSchemaIds(schema: Schema): string[] {
  const ids = new Set<string>();
  const visit = (node: SchemaNode): void => {
    const [namespace, name, path] = (node.ref ?? '').split(':');
    if (path !== undefined) ids.add(`${namespace!}:${name!}`);
    if (node.kind === 'attribute') return;
    for (const child of [...node.attributes.values(), ...node.elements.values()]) visit(child);
  };
  for (const definition of schema.definitions.values()) visit(definition);
  ids.delete(schema.id);
  return [...ids];
}

/** The definition a node refers to; `undefined` when it refers to none, or to one that is not at hand. */
export function definitionOf(source: SchemaSource, node: SchemaNode): SchemaNode | undefined {
  if (node.ref === undefined) return undefined;
  const result = resolveReference(source, [node.schemaId], node.ref);
  if (result.kind !== 'found' || !('kind' in result.definition)) return undefined;
  return result.definition.kind === node.kind ? result.definition : undefined;
}

/** The fields and elements of an element: its own, and those of the definition it refers to, without what it overrides. */
export function childrenWith(element: SchemaElement, definition: SchemaElement | undefined): SchemaNode[] {
  const attributes = new Map([...(definition?.attributes ?? []), ...element.attributes]);
  const elements = new Map([...(definition?.elements ?? []), ...element.elements]);
  return [...attributes.values(), ...elements.values()];
}

/** A name for a definition, the same however often its schema has been read. */
export function definitionKey(definition: SchemaNode): string {
  const { parent, schemaId } = definition;
  return parent === undefined
    ? `${schemaId}:${stepOf(definition)}`
    : `${definitionKey(parent)}/${stepOf(definition)}`;
}

/** The reference to a node's list of values as the schema would write it that is described. */
export function enumerationFor(
  { enumeration, schemaId }: SchemaNode,
  describedId: string,
): string | undefined {
  const isForeign = enumeration !== undefined && schemaId !== describedId && !enumeration.includes(':');
  return isForeign ? `${schemaId}:${enumeration}` : enumeration;
}

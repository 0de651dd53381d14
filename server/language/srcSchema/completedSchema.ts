import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import { resolveReference } from '../../../core/schema/resolveReference.ts';
import { isLink, type SchemaAttribute, type SchemaElement } from '../../../core/schema/schema.ts';
import type { SchemaContext } from './schemaContext.ts';

/**
 * The definitions of a schema source with what compilation adds to them: the fields of the schema that is extended, of
 * templates and aggregates, and of schemas that extend this one or link to it; `@id` of autopk and foreign keys.
 */

/** The main element, completed. */
export function completeMain(context: SchemaContext): SchemaElement | undefined {
  const { own, model } = context;
  if (own?.root === undefined) return undefined;
  const base = own.extendedSchema === undefined ? undefined : model.getSchema(own.extendedSchema)?.root;
  const main = mergeElements(context, base, own.root, undefined);
  const installed = own.extendedSchema === undefined ? model.getSchema(own.id)?.root : undefined;
  if (installed !== undefined) addForeignNodes(main, installed, own.id);
  return main;
}

/** Another definition, completed. */
export function completeDefinition(context: SchemaContext, definition: SchemaElement): SchemaElement {
  const extended = context.own?.extendedSchema;
  const base = extended === undefined ? undefined : context.model.getSchema(extended);
  return mergeElements(context, base?.definitions.get(definition.name), definition, undefined);
}

/** Is the element, as completed, known in part only, because it copies a definition that is not at hand? */
export function isPartlyKnown(element: SchemaElement): boolean {
  return (
    element.raw.has('template') || [...element.elements.values()].some(({ raw }) => raw.has('aggregate'))
  );
}

/** The schemas a name without a schema is looked up in. */
export function ownSchemaIds({ own }: SchemaContext): string[] {
  return [own?.id, own?.extendedSchema].filter((id) => id !== undefined);
}

function mergeElements(
  context: SchemaContext,
  base: SchemaElement | undefined,
  own: SchemaElement,
  parent: SchemaElement | undefined,
): SchemaElement {
  const copied = base ?? elementOf(context, own.raw.get('template'));
  const raw = new Map([...(copied?.raw ?? []), ...own.raw]);
  if (copied !== undefined) raw.delete('template');
  // What extends an element is one with it; what copies one is another.
  const place = base === undefined && {
    name: own.name,
    schemaId: own.schemaId,
    start: own.start,
    end: own.end,
    unbound: own.unbound,
  };
  const merged: SchemaElement = {
    ...(copied ?? own),
    ...place,
    raw,
    parent,
    attributes: new Map(copied?.attributes),
    elements: new Map(copied?.elements),
  };
  for (const [name, attribute] of own.attributes) {
    merged.attributes.set(name, mergeAttributes(copied?.attributes.get(name), attribute, merged));
  }
  for (const [name, element] of own.elements) {
    const aggregated = elementOf(context, element.raw.get('aggregate'));
    if (aggregated === undefined) {
      merged.elements.set(name, mergeElements(context, copied?.elements.get(name), element, merged));
    } else {
      for (const attribute of aggregated.attributes.values())
        merged.attributes.set(attribute.name, attribute);
      for (const child of aggregated.elements.values()) merged.elements.set(child.name, child);
    }
  }
  if (merged.autoPk && parent === undefined && !merged.attributes.has('id')) {
    merged.attributes.set('id', toAttribute(merged, 'id', 'Primary key'));
  }
  addForeignKeys(context, merged);
  return merged;
}

/** An extension says of a field only what changes. */
function mergeAttributes(
  base: SchemaAttribute | undefined,
  own: SchemaAttribute,
  parent: SchemaElement,
): SchemaAttribute {
  if (base === undefined) return { ...own, parent };
  const list = base.enumeration;
  const enumeration = list === undefined || list.includes(':') ? list : `${base.schemaId}:${list}`;
  return {
    ...own,
    parent,
    label: own.raw.has('label') ? own.label : base.label,
    type: own.raw.has('type') ? own.type : base.type,
    length: own.length ?? base.length,
    enumeration: own.enumeration ?? enumeration,
    xml: own.raw.has('xml') ? own.xml : base.xml,
    sqlName: own.sqlName ?? base.sqlName,
    expr: own.expr ?? base.expr,
    notNull: own.raw.has('notNull') ? own.notNull : base.notNull,
  };
}

function elementOf(context: SchemaContext, reference: string | undefined): SchemaElement | undefined {
  if (reference === undefined) return undefined;
  const result = resolveReference(context.source, ownSchemaIds(context), reference);
  if (result.kind !== 'found' || !('kind' in result.definition)) return undefined;
  return result.definition.kind === 'element' ? result.definition : undefined;
}

function addForeignKeys(context: SchemaContext, element: SchemaElement): void {
  for (const link of element.elements.values()) {
    if (!isLink(link) || link.unbound || link.joins.length > 0) continue;
    const target = enterElement(context.source, link);
    const key = target.kind === 'found' ? target.element.keys.find(({ primary }) => primary) : undefined;
    const column = key?.fields[0]?.xpath?.replace(/^@/, '') ?? 'id';
    const name = `${link.name}-${column}`;
    if (element.attributes.has(name)) continue;
    element.attributes.set(name, toAttribute(link, name, `Foreign key of ${link.label}`));
  }
}

/** What extensions and the links of other schemas add is not in the document; the installed schema has it. */
function addForeignNodes(main: SchemaElement, installed: SchemaElement, ownId: string): void {
  const isForeign = ({ belongsTo }: { belongsTo: string | undefined }): boolean =>
    belongsTo !== undefined && belongsTo !== ownId;
  for (const [name, attribute] of installed.attributes) {
    if (isForeign(attribute) && !main.attributes.has(name)) main.attributes.set(name, attribute);
  }
  for (const [name, element] of installed.elements) {
    const known = main.elements.get(name);
    if (known === undefined && isForeign(element)) main.elements.set(name, element);
    else if (known !== undefined && !isLink(known)) addForeignNodes(known, element, ownId);
  }
}

/** An attribute the document does not show; it leads to the element that brings it about. */
function toAttribute(source: SchemaElement, name: string, label: string): SchemaAttribute {
  const xml =
    '<schema namespace="a" name="b"><element name="b"><attribute name="c" type="long"/></element></schema>';
  const { start, end, schemaId } = source;
  const parent = source.parent ?? source;
  return {
    ...parseSchema(xml).schema!.root!.attributes.get('c')!,
    name,
    label,
    start,
    end,
    schemaId,
    parent,
  };
}

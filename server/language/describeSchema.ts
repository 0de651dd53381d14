import type {
  EnumerationDescription,
  FieldDescription,
  SchemaDescription,
} from '../../core/protocol/messages.ts';
import {
  childrenWith,
  definitionKey,
  definitionOf,
  enumerationFor,
} from '../../core/schema/describe/definitionFields.ts';
import { stagingSchemaId } from '../../core/schema/resolvePath.ts';
import {
  isCollection,
  isLink,
  stepOf,
  type Enumeration,
  type Schema,
  type SchemaElement,
  type SchemaNode,
  type SchemaSource,
} from '../../core/schema/schema.ts';

/** `ref`s inside the definition of a `ref` that are followed: trees of activities and conditions have no end. */
const deepestRef = 2;

/**
 * A schema as the explorer, the grid and the staging view show it.
 * @param model has the other schemas that `ref`s lead to; what it does not have is left out.
 */
export function describeSchema(schema: Schema, model: SchemaSource): SchemaDescription {
  const { root } = schema;
  const stagingSchema = stagingSchemaId(schema);
  const getSchema: SchemaSource['getSchema'] = (id) => (id === schema.id ? schema : model.getSchema(id));
  const place: Place = { source: { getSchema }, schemaId: schema.id, open: [] };
  return {
    id: schema.id,
    label: schema.label,
    ...optional({
      description: schema.description,
      sqlTable: root?.sqlTable,
      dataSource: root?.dataSource,
      stagingSchema,
    }),
    fields: root === undefined ? [] : describeAll(childrenWith(root, undefined), '', place),
    keys: (root?.keys ?? []).map((key) => ({
      name: key.name,
      label: key.label,
      primary: key.primary,
      xpaths: key.fields.flatMap((field) => field.xpath ?? field.link ?? []),
    })),
    enumerations: [...schema.enumerations.values()].map(describeEnumeration),
    methods: [...schema.methods.values()].map((method) => ({
      name: method.name,
      label: method.label,
      ...optional({ description: method.description }),
      isStatic: method.isStatic,
      parameters: method.parameters.map(({ name, type, direction, description }) => ({
        name,
        type,
        direction,
        ...optional({ description }),
      })),
    })),
  };
}

/** Where a node is described. */
interface Place {
  source: SchemaSource;
  /** The schema that is described. */
  schemaId: string;
  /** Keys of the definitions the node is in. */
  open: readonly string[];
}

function describeAll(nodes: readonly SchemaNode[], path: string, place: Place): FieldDescription[] {
  return nodes.map((node) => describeNode(node, path, place));
}

function describeNode(node: SchemaNode, path: string, place: Place): FieldDescription {
  const xpath = path === '' ? stepOf(node) : `${path}/${stepOf(node)}`;
  const definition = definitionOf(place.source, node);
  // Links are followed on demand, by asking for the description of their target.
  const children =
    node.kind === 'element' && node.type !== 'link' ? describeBelow(node, definition, xpath, place) : [];
  const said = node.raw.has('type') ? node : (definition ?? node);
  return {
    kind: kindOf(node),
    name: stepOf(node),
    xpath,
    label: node.raw.has('label') ? node.label : (definition?.raw.get('label') ?? node.label),
    ...optional({
      description: node.description ?? definition?.description,
      type: said.type === 'link' ? undefined : said.type,
      length: node.length ?? definition?.length,
      target: node.kind === 'element' ? node.target : undefined,
      enumeration:
        enumerationFor(node, place.schemaId) ?? (definition && enumerationFor(definition, place.schemaId)),
      sqlName: node.sqlName,
    }),
    ...(node.xml && { xml: true }),
    ...(node.advanced && { advanced: true }),
    ...(node.required && { required: true }),
    ...(children.length > 0 && { children }),
  };
}

function describeBelow(
  element: SchemaElement,
  definition: SchemaNode | undefined,
  xpath: string,
  place: Place,
): FieldDescription[] {
  const key = definition?.kind === 'element' ? definitionKey(definition) : undefined;
  const isFollowed = key !== undefined && place.open.length < deepestRef && !place.open.includes(key);
  if (!isFollowed) return describeAll(childrenWith(element, undefined), xpath, place);
  const inner = { ...place, open: [...place.open, key] };
  return describeAll(childrenWith(element, definition as SchemaElement), xpath, inner);
}

function kindOf(node: SchemaNode): FieldDescription['kind'] {
  if (node.kind === 'attribute') return 'attribute';
  if (isCollection(node)) return 'collection';
  return isLink(node) ? 'link' : 'element';
}

function describeEnumeration(enumeration: Enumeration): EnumerationDescription {
  return {
    name: enumeration.name,
    label: enumeration.label,
    values: enumeration.values.map(({ name, value, label }) => ({ name, value, label })),
  };
}

/** Leaves out what is undefined: absent is how the protocol says "none". */
function optional<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

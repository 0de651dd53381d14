import type {
  EnumerationDescription,
  FieldDescription,
  SchemaDescription,
} from '../../core/protocol/messages.ts';
import { stagingSchemaId } from '../../core/schema/resolvePath.ts';
import {
  isCollection,
  isLink,
  stepOf,
  type Enumeration,
  type Schema,
  type SchemaElement,
  type SchemaNode,
} from '../../core/schema/schema.ts';

/** A schema as the explorer, the grid and the staging view show it. */
export function describeSchema(schema: Schema): SchemaDescription {
  const { root } = schema;
  const stagingSchema = stagingSchemaId(schema);
  return {
    id: schema.id,
    label: schema.label,
    ...optional({
      description: schema.description,
      sqlTable: root?.sqlTable,
      dataSource: root?.dataSource,
      stagingSchema,
    }),
    fields: root === undefined ? [] : describeChildren(root, ''),
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

function describeChildren(parent: SchemaElement, path: string): FieldDescription[] {
  return [...parent.attributes.values(), ...parent.elements.values()].map((node) => describeNode(node, path));
}

function describeNode(node: SchemaNode, path: string): FieldDescription {
  const xpath = path === '' ? stepOf(node) : `${path}/${stepOf(node)}`;
  // Links are followed on demand, by asking for the description of their target.
  const children = node.kind === 'element' && node.type !== 'link' ? describeChildren(node, xpath) : [];
  return {
    kind: kindOf(node),
    name: stepOf(node),
    xpath,
    label: node.label,
    ...optional({
      description: node.description,
      type: node.type === 'link' ? undefined : node.type,
      length: node.length,
      target: node.kind === 'element' ? node.target : undefined,
      enumeration: node.enumeration,
      sqlName: node.sqlName,
    }),
    ...(node.xml && { xml: true }),
    ...(node.advanced && { advanced: true }),
    ...(node.required && { required: true }),
    ...(children.length > 0 && { children }),
  };
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

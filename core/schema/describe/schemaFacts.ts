import { stagingSchemaId } from '../resolvePath.ts';
import {
  stepOf,
  type Enumeration,
  type Schema,
  type SchemaElement,
  type SchemaKeyField,
  type SchemaMethod,
  type SchemaNode,
  type SchemaSource,
} from '../schema.ts';
import { childrenWith, definitionKey, definitionOf, enumerationFor } from './definitionFields.ts';
import { tableLocation, type TableLocation } from '../tableLocation.ts';

/** What the pages of a description say of one schema, in the order they say it. */
export interface SchemaFacts {
  id: string;
  label: string;
  description: string;
  table: string;
  location: TableLocation;
  /** Id of the staging twin. */
  stagingSchema: string | undefined;
  /** Schemas merged into this one. */
  extensions: readonly string[];
  /** Expression that names a row. */
  computeString: string | undefined;
  fields: FieldFacts[];
  links: LinkFacts[];
  keys: KeyFacts[];
  indexes: KeyFacts[];
  enumerations: readonly Enumeration[];
  methods: readonly SchemaMethod[];
}

export interface FieldFacts {
  xpath: string;
  label: string;
  description: string;
  /** `string (100)`; empty for a container. */
  type: string;
  column: string;
  /** `name` or `namespace:schema:name`. */
  enumeration: string | undefined;
  /** In words: required, in the XML part, calculated… */
  notes: string[];
}

export interface LinkFacts {
  xpath: string;
  label: string;
  description: string;
  /** Schema id. */
  target: string;
  /** Many rows of the target for one row here. */
  toMany: boolean;
  /** `@folder-id = @id`, one for each column. */
  joins: string[];
  notes: string[];
}

export interface KeyFacts {
  name: string;
  fields: string[];
  notes: string[];
}

/**
 * Collects what a page says. Elements with a `ref` have the fields of the definition it leads to.
 * @param stagedSchemaId see {@link tableLocation}.
 * @param source has the other schemas that `ref`s lead to.
 */
export function schemaFacts(schema: Schema, stagedSchemaId?: string, source?: SchemaSource): SchemaFacts {
  const { root } = schema;
  const facts: SchemaFacts = {
    id: schema.id,
    label: schema.label,
    description: schema.description ?? root?.description ?? '',
    table: root?.sqlTable ?? '',
    location: tableLocation(schema, stagedSchemaId),
    stagingSchema: stagingSchemaId(schema),
    extensions: schema.dependingSchemas,
    computeString: root?.computeString,
    fields: [],
    links: [],
    keys: (root?.keys ?? []).map(({ name, fields, primary }) => ({
      name,
      fields: fields.map(toFieldText),
      notes: primary ? ['primary'] : [],
    })),
    indexes: (root?.indexes ?? []).map(({ name, fields, unique }) => ({
      name,
      fields: fields.map(toFieldText),
      notes: unique ? ['unique'] : [],
    })),
    enumerations: [...schema.enumerations.values()],
    methods: [...schema.methods.values()],
  };
  if (root !== undefined) {
    const getSchema: SchemaSource['getSchema'] = (id) => (id === schema.id ? schema : source?.getSchema(id));
    addChildren(facts, { getSchema }, childrenWith(root, undefined), '', new Map());
  }
  return facts;
}

/** Where the rows are, in words. */
export function locationText(location: TableLocation): string {
  switch (location.kind) {
    case 'none':
      return 'No table';
    case 'local':
      return 'Local database';
    case 'cloud':
      return 'Cloud database';
    case 'staging':
      return `Local database, staging for ${location.schemaId}`;
    case 'external':
      return `External account ${location.account}`;
    case 'other':
      return location.dataSource;
  }
}

/**
 * @param shown the definitions whose fields the page already has, and where: those that lead back to themselves end there,
 * and what twenty kinds of activity have in common is not said twenty times.
 */
function addChildren(
  facts: SchemaFacts,
  source: SchemaSource,
  nodes: readonly SchemaNode[],
  path: string,
  shown: Map<string, string>,
): void {
  for (const node of nodes) {
    const xpath = path === '' ? stepOf(node) : `${path}/${stepOf(node)}`;
    if (node.kind === 'element' && node.type === 'link') {
      facts.links.push(toLink(node, xpath));
      continue;
    }
    const definition = definitionOf(source, node);
    const field = toField(node, xpath, definition, facts.id);
    facts.fields.push(field);
    if (node.kind === 'attribute') continue;
    let borrowed = definition?.kind === 'element' ? definition : undefined;
    if (borrowed !== undefined) {
      const key = definitionKey(borrowed);
      const place = shown.get(key);
      if (place === undefined) shown.set(key, xpath);
      else {
        field.notes.push(`its fields: those of ${place}`);
        borrowed = undefined;
      }
    }
    addChildren(facts, source, childrenWith(node, borrowed), xpath, shown);
  }
}

/** @param definition what the node refers to: it says what the node itself does not. */
function toField(
  node: SchemaNode,
  xpath: string,
  definition: SchemaNode | undefined,
  schemaId: string,
): FieldFacts {
  const type = (node.raw.has('type') ? node.type : (definition ?? node).type) ?? '';
  const length = node.length ?? definition?.length;
  const notes: string[] = [];
  if (node.required) notes.push('required');
  else if (node.notNull) notes.push('not null');
  if (node.kind === 'element' && node.unbound) notes.push('repeated');
  if (node.xml) notes.push('in the XML part');
  if (node.expr !== undefined) notes.push(`calculated: ${node.expr}`);
  if (node.defaultValue !== undefined) notes.push(`default: ${node.defaultValue}`);
  if (node.ref !== undefined) notes.push(`as ${node.ref}`);
  if (node.advanced) notes.push('advanced');
  if (node.belongsTo !== undefined) notes.push(`added by ${node.belongsTo}`);
  return {
    xpath,
    label: node.raw.has('label') ? node.label : (definition?.raw.get('label') ?? node.label),
    description: node.description ?? definition?.description ?? '',
    type: length === undefined || type === '' ? type : `${type} (${length})`,
    column: node.sqlName ?? '',
    enumeration: enumerationFor(node, schemaId) ?? (definition && enumerationFor(definition, schemaId)),
    notes,
  };
}

function toLink(link: SchemaElement, xpath: string): LinkFacts {
  const notes: string[] = [];
  if (link.targetPath !== undefined) notes.push(`to ${link.targetPath}`);
  if (link.revLink === '_NONE_') notes.push('no reverse link');
  else if (link.revLink !== undefined) notes.push(`reverse: ${link.revLink}`);
  if (link.integrity !== undefined) notes.push(`integrity: ${link.integrity}`);
  if (link.externalJoin) notes.push('outer join');
  if (link.required) notes.push('required');
  for (const { filter } of link.joins) if (filter !== undefined) notes.push(`where ${filter}`);
  if (link.belongsTo !== undefined) notes.push(`added by ${link.belongsTo}`);
  return {
    xpath,
    label: link.label,
    description: link.description ?? '',
    target: link.target ?? '',
    toMany: link.unbound,
    joins: link.joins.map(({ source, destination }) => `${source} = ${destination}`),
    notes,
  };
}

function toFieldText({ xpath, link }: SchemaKeyField): string {
  return xpath ?? link ?? '';
}

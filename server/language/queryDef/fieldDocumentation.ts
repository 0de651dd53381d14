import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import {
  isLink,
  stepOf,
  type Enumeration,
  type Schema,
  type SchemaElement,
  type SchemaNode,
} from '../../../core/schema/schema.ts';
import type { LanguageModel } from '../model.ts';

/** More values than this are counted, not listed. */
const shownValues = 25;

/** The type of a node in a few words: `string(255)`, `link → nms:folder`, `collection → nms:broadLog`, `element`. */
export function typeText(node: SchemaNode): string {
  if (node.kind === 'element' && node.type === 'link') {
    return `${node.unbound ? 'collection' : 'link'} → ${node.target ?? '?'}`;
  }
  if (node.kind === 'element' && node.unbound) return 'collection';
  const type = node.type ?? (node.kind === 'element' ? 'element' : 'string');
  return node.length === undefined ? type : `${type}(${node.length})`;
}

/** A field, link or container as Markdown: what a person needs to know before using it in a query. */
export function fieldDocumentation(model: LanguageModel, node: SchemaNode): string {
  const lines = [`**\`${stepOf(node)}\`** ${escapeMarkdown(node.label)} · ${typeText(node)}`];
  if (node.description !== undefined && node.description !== node.label) {
    lines.push(escapeMarkdown(node.description));
  }
  const facts = factsOf(node);
  if (facts.length > 0) lines.push(facts.map((fact) => `- ${fact}`).join('\n'));
  const values = enumerationDocumentation(model, node);
  if (values !== undefined) lines.push(values);
  return lines.join('\n\n');
}

function factsOf(node: SchemaNode): string[] {
  const facts: string[] = [];
  if (node.xml) {
    facts.push('Stored in the XML memo: can be selected, not filtered, sorted or grouped by');
  }
  if (node.expr !== undefined) facts.push(`Computed: \`${node.expr}\``);
  if (node.required) facts.push('Required');
  if (node.sqlName !== undefined) facts.push(`SQL name \`${node.sqlName}\``);
  if (node.kind === 'element') facts.push(...linkFacts(node));
  if (isIndexed(node)) facts.push('Indexed');
  if (node.userEnumeration !== undefined) facts.push(`Open list of values \`${node.userEnumeration}\``);
  facts.push(
    `Schema \`${node.schemaId}\`${node.belongsTo === undefined ? '' : `, added by \`${node.belongsTo}\``}`,
  );
  return facts;
}

function linkFacts(link: SchemaElement): string[] {
  if (!isLink(link)) return [];
  const facts = link.joins.map((join) => `Joined on \`${join.source}\` = \`${join.destination}\``);
  if (link.unbound) {
    facts.push('Several records: use it with `EXISTS`, in a node of its own, or in an aggregate');
  } else if (link.externalJoin) facts.push('There may be no linked record (outer join)');
  return facts;
}

/** Is the field the first column of an index or a key? Only then does an index help a filter on it. */
export function isIndexed(node: SchemaNode): boolean {
  const xpath = mainPath(node);
  const main = mainElement(node);
  if (xpath === undefined || main === undefined) return false;
  const isFirst = (fields: readonly { xpath: string | undefined }[]): boolean => fields[0]?.xpath === xpath;
  return main.indexes.some((index) => isFirst(index.fields)) || main.keys.some((key) => isFirst(key.fields));
}

function mainElement(node: SchemaNode): SchemaElement | undefined {
  let element = node.parent;
  while (element?.parent !== undefined) element = element.parent;
  return element;
}

function mainPath(node: SchemaNode): string | undefined {
  const steps: string[] = [];
  for (let at: SchemaNode = node; at.parent !== undefined; at = at.parent) steps.unshift(stepOf(at));
  return steps.length === 0 ? undefined : steps.join('/');
}

/** A field's enumeration and the schema that declares it, when schemas alone can tell. */
export function findEnumeration(
  model: LanguageModel,
  node: SchemaNode,
): { enumeration: Enumeration; schemaId: string } | undefined {
  const reference = node.enumeration ?? node.dbEnumeration;
  if (reference === undefined) return undefined;
  const result = resolveEnumeration(model, node.schemaId, reference);
  return result.kind === 'found' ? result : undefined;
}

/** The values of a field's enumeration. */
export function enumerationOf(model: LanguageModel, node: SchemaNode): Enumeration | undefined {
  return findEnumeration(model, node)?.enumeration;
}

function enumerationDocumentation(model: LanguageModel, node: SchemaNode): string | undefined {
  const enumeration = enumerationOf(model, node);
  if (enumeration === undefined) return undefined;
  const rows = enumeration.values.slice(0, shownValues).map((value) => {
    const name = value.name === value.value ? '' : ` \`${value.name}\``;
    return `- \`${value.value}\`${name} ${escapeMarkdown(value.label)}`;
  });
  const hidden = enumeration.values.length - rows.length;
  if (hidden > 0) rows.push(`- … and ${hidden} more`);
  return [`Values of \`${enumeration.name}\`:`, ...rows].join('\n');
}

/** A schema as Markdown. */
export function schemaDocumentation(schema: Schema): string {
  const lines = [`**\`${schema.id}\`** ${escapeMarkdown(schema.label)}`];
  if (schema.description !== undefined && schema.description !== schema.label) {
    lines.push(escapeMarkdown(schema.description));
  }
  const facts: string[] = [];
  if (schema.root?.sqlTable !== undefined) facts.push(`SQL table \`${schema.root.sqlTable}\``);
  if (schema.root?.dataSource !== undefined) facts.push(`Data source \`${schema.root.dataSource}\``);
  const key = schema.root?.keys.find((candidate) => candidate.primary);
  if (key !== undefined) {
    facts.push(
      `Primary key ${key.fields.map((field) => `\`${field.xpath ?? field.link ?? '?'}\``).join(', ')}`,
    );
  }
  if (schema.root?.computeString !== undefined) facts.push(`Shown as \`${schema.root.computeString}\``);
  if (schema.dependingSchemas.length > 0) {
    facts.push(`Extended by ${schema.dependingSchemas.map((id) => `\`${id}\``).join(', ')}`);
  }
  if (schema.library) facts.push('Library: it has no table and cannot be queried');
  if (facts.length > 0) lines.push(facts.map((fact) => `- ${fact}`).join('\n'));
  return lines.join('\n\n');
}

/** Labels are other people's text: nothing in them may turn into markup or links. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!<>|~]/g, '\\$&').replace(/\s+/g, ' ');
}

/** Where to find a node again: the definition its path starts in, and the steps below it. */
export interface NodeAddress {
  schemaId: string;
  steps: string[];
}

/** The address of a node, small enough to travel with a completion item. */
export function addressOf(node: SchemaNode): NodeAddress {
  const steps: string[] = [];
  for (let at: SchemaNode | undefined = node; at !== undefined; at = at.parent) steps.unshift(stepOf(at));
  return { schemaId: node.schemaId, steps };
}

/** Do two addresses lead to one node? */
export function isSameAddress(a: NodeAddress, b: NodeAddress): boolean {
  return (
    a.schemaId === b.schemaId &&
    a.steps.length === b.steps.length &&
    a.steps.every((step, index) => step === b.steps[index])
  );
}

/** The inverse of {@link addressOf}; `undefined` when the model has changed since. */
export function nodeAt(model: LanguageModel, address: NodeAddress): SchemaNode | undefined {
  const [first, ...rest] = address.steps;
  let node: SchemaNode | undefined = model.getSchema(address.schemaId)?.definitions.get(first ?? '');
  for (const step of rest) {
    if (node?.kind !== 'element') return undefined;
    node = step.startsWith('@') ? node.attributes.get(step.slice(1)) : node.elements.get(step);
  }
  return node;
}

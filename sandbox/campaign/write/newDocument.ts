import { primaryKey, type SchemaElement } from '../../../core/schema/schema.ts';
import type { Table } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { ensurePath, type Element } from '../xml/element.ts';
import { defaultValue } from './defaults.ts';

/** Fills in the defaults of fields the document leaves out. */
export function applyDefaults(instance: Instance, table: Table, document: Element, path = ''): void {
  const { root } = table.schema;
  if (root !== undefined) fill(instance, root, document, path.replace(/^\/+|\/+$/g, ''), '');
}

function fill(
  instance: Instance,
  definition: SchemaElement,
  at: Element,
  only: string,
  prefix: string,
): void {
  const isInside = only === '' || prefix.startsWith(`${only}/`) || prefix === `${only}/`;
  for (const node of definition.attributes.values()) {
    if (!isInside || at.attributes.has(node.name) || node.expr !== undefined) continue;
    const value = defaultValue(instance, node);
    if (value !== undefined) at.attributes.set(node.name, value);
  }
  for (const link of definition.elements.values()) {
    const source = link.type === 'link' && link.joins.length === 1 ? link.joins[0]!.source : '';
    if (!isInside || !source.startsWith('@') || at.attributes.has(source.slice(1))) continue;
    const value = defaultValue(instance, link);
    if (value !== undefined) at.attributes.set(source.slice(1), value);
  }
  for (const child of definition.elements.values()) {
    if (child.unbound || child.type !== undefined || child.ref !== undefined) continue;
    const hasDefaults = [...child.attributes.values()].some((node) => node.defaultValue !== undefined);
    if (hasDefaults) fill(instance, child, ensurePath(at, child.name), only, `${prefix}${child.name}/`);
  }
}

/** A fresh identifier, where the server makes them and the document brings none. */
export function giveKey(instance: Instance, table: Table, entity: Element): void {
  const { root } = table.schema;
  const xpath = primaryKey(table.schema)?.fields[0]?.xpath;
  if (root?.autoPk !== true || xpath?.startsWith('@') !== true || entity.attributes.has(xpath.slice(1)))
    return;
  const isUuid = root.autoUuid;
  const id = isUuid
    ? instance.evaluate('NewUUID()')
    : instance.sequences.next(root.raw.get('pkSequence') ?? 'XtkNewId');
  entity.attributes.set(xpath.slice(1), String(id));
}

/** Fields the server fills in when it saves. */
const serverMade: readonly string[] = ['md5', 'lastModified', 'modifiedBy-id', 'createdBy-id'];

/** Makes a document one of its own: no key of the record it was read from, and the default again where the schema says so. */
export function prepareDuplicate(instance: Instance, table: Table, document: Element): void {
  for (const key of table.schema.root?.keys ?? []) {
    for (const field of key.fields)
      if (field.xpath?.startsWith('@') === true) document.attributes.delete(field.xpath.slice(1));
  }
  for (const node of table.schema.root?.attributes.values() ?? []) {
    if (node.raw.get('defOnDuplicate') === 'true') document.attributes.delete(node.name);
  }
  for (const name of serverMade) document.attributes.delete(name);
  applyDefaults(instance, table, document);
  giveKey(instance, table, document);
  document.attributes.set('_operation', 'insert');
}

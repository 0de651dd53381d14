import { foreignKeyOf } from '../../../core/schema/resolvePath.ts';
import { isLink, primaryKey, type SchemaElement } from '../../../core/schema/schema.ts';
import type { Instance } from '../instance.ts';
import { createElement, type Element } from '../xml/element.ts';
import { columnsOfKey, findRows, tableOf, toDocument, type StoredRow, type Table } from './document.ts';

/** Fields of one instance only. */
const local: readonly string[] = [
  'md5',
  'created',
  'lastModified',
  'createdBy-id',
  'modifiedBy-id',
  'xtkschema',
];

/**
 * A record as a package holds it: without identifiers the server made, links by the business key of what they lead to.
 * A link to a record without such a key is left out, since its identifier means nothing elsewhere.
 */
export function exportDocument(instance: Instance, table: Table, row: StoredRow): Element {
  const document = toDocument(table, row);
  for (const name of local) document.attributes.delete(name);
  const { root } = table.schema;
  const key = primaryKey(table.schema)?.fields[0]?.xpath;
  if (root?.autoPk === true && key !== undefined) document.attributes.delete(key.slice(1));
  const links = [...(root?.elements.values() ?? [])].filter((node) => isLink(node) && !node.unbound);
  const found = links.flatMap((link) => {
    const foreignKey = foreignKeyOf(link);
    const value = foreignKey === undefined ? undefined : row.cells.get(`@${foreignKey.name}`);
    if (foreignKey === undefined) return [];
    document.attributes.delete(foreignKey.name);
    const isEmpty = value === undefined || value === null || value === 0 || local.includes(foreignKey.name);
    const reference = isEmpty ? undefined : referenceTo(instance, link, row);
    return reference === undefined ? [] : [reference];
  });
  document.children.unshift(...found);
  return document;
}

/** `<folder name="…" _operation="none"/>`. */
function referenceTo(instance: Instance, link: SchemaElement, row: StoredRow): Element | undefined {
  if (instance.model.storage(link.target ?? '') === undefined) return undefined;
  const target = tableOf(instance, link.target ?? '');
  const wanted = link.joins.flatMap((join) => {
    const column = target.storage.byXPath.get(join.destination);
    return column === undefined ? [] : [{ column: column.name, value: row.cells.get(join.source) ?? null }];
  });
  const [other] = wanted.length < link.joins.length ? [] : findRows(instance, target, wanted, 1);
  if (other === undefined) return undefined;
  for (const key of target.schema.root?.keys ?? []) {
    const fields = columnsOfKey(target, key);
    const isLocal = key.fields.some((field) => field.xpath === primaryAutoKey(target));
    if (fields?.every(({ xpath }) => xpath.startsWith('@')) !== true || isLocal) continue;
    const values = fields.map(({ xpath }) => [xpath.slice(1), String(other.cells.get(xpath) ?? '')] as const);
    if (values.some(([, value]) => value === '')) continue;
    return createElement(link.name, { ...Object.fromEntries(values), _operation: 'none' });
  }
  return undefined;
}

const primaryAutoKey = (table: Table): string | undefined =>
  table.schema.root?.autoPk === true ? primaryKey(table.schema)?.fields[0]?.xpath : undefined;

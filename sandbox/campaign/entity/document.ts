import { createHash } from 'node:crypto';
import type { Schema, SchemaKey } from '../../../core/schema/schema.ts';
import { identifier } from '../database/identifier.ts';
import type { Instance } from '../instance.ts';
import { memoColumn, type Storage } from '../model/columns.ts';
import { cellText, type Cell } from '../query/resultLayout.ts';
import { unknownSchema } from '../query/scope.ts';
import { CampaignFailure } from '../soap/fault.ts';
import {
  cloneElement,
  createElement,
  ensurePath,
  isElement,
  parseElement,
  writeElement,
  type Element,
} from '../xml/element.ts';

/** A schema that has rows. */
export interface Table {
  schema: Schema;
  storage: Storage;
}

/** @throws CampaignFailure for a schema that does not exist or has no table. */
export function tableOf(instance: Instance, schemaId: string): Table {
  const schema = instance.model.getSchema(schemaId);
  if (schema === null) throw unknownSchema(schemaId);
  const storage = instance.model.storage(schemaId);
  if (storage === undefined) throw new CampaignFailure(`The schema '${schemaId}' has no table.`);
  return { schema, storage };
}

/** A row by its SQLite row id. */
export interface StoredRow {
  rowId: number;
  cells: Map<string, Cell>;
  /** The XML body; `undefined` when the schema has none. */
  body: Element | undefined;
}

/** Columns and values that find rows. */
export type RowKey = readonly { column: string; value: Cell }[];

/** Rows of a key; null equals null. */
export function findRows(instance: Instance, table: Table, key: RowKey, limit = -1): StoredRow[] {
  const { storage } = table;
  const names = storage.columns.map((column) => identifier(column.name));
  const memo = storage.memo ? [memoColumn] : [];
  const where = key.map(({ column }) => `${identifier(column)} IS ?`).join(' AND ') || '1';
  const rows = instance.rows.all(
    `SELECT rowid, ${[...names, ...memo].join(', ')} FROM ${identifier(storage.table)} WHERE ${where} LIMIT ?`,
    [...key.map(({ value }) => value), limit],
  );
  return rows.map((row) => {
    const cells = new Map(storage.columns.map((column, index) => [column.xpath, row[index + 1] ?? null]));
    const body = storage.memo ? readMemo(row.at(-1) ?? null) : undefined;
    return { rowId: Number(row[0]), cells, body };
  });
}

export function readMemo(cell: Cell): Element | undefined {
  return typeof cell === 'string' && cell !== '' ? parseElement(cell) : undefined;
}

/** The document of a row: fields where the schema puts them, then the XML body. */
export function toDocument(table: Table, row: StoredRow): Element {
  const { schema, storage } = table;
  const element = createElement(schema.root?.name ?? schema.name);
  for (const column of storage.columns) {
    const text = cellText(row.cells.get(column.xpath), column.type);
    const steps = column.xpath.split('/');
    const last = steps.at(-1)!;
    if (last.startsWith('@')) {
      const holder = ensurePath(element, steps.slice(0, -1).join('/'));
      holder.attributes.set(last.slice(1), documentText(text, column.type));
    } else if (text !== '') {
      const cdata = column.type === 'CDATA' || column.type === 'html' || column.type === 'memo';
      ensurePath(element, column.xpath).children.push({ text, cdata });
    }
  }
  for (const [name, value] of row.body?.attributes ?? []) {
    if (!element.attributes.has(name)) element.attributes.set(name, value);
  }
  for (const child of row.body?.children ?? []) {
    element.children.push(isElement(child) ? cloneElement(child) : { ...child });
  }
  element.attributes.set('xtkschema', schema.id);
  return element;
}

/** [W] Whole documents say true and false where query rows say 1 and 0. */
const documentText = (text: string, type: string): string =>
  type === 'boolean' ? (text === '1' ? 'true' : 'false') : text;

/** Attributes the server makes; they are no part of what a document says. */
const serverMade: ReadonlySet<string> = new Set([
  'md5',
  'created',
  'lastModified',
  'createdBy-id',
  'modifiedBy-id',
  'xtkschema',
  '_cs',
]);

/** The fingerprint of a document: 32 upper-case hex digits. */
export function md5Of(document: Element): string {
  const plain = cloneElement(document);
  for (const name of serverMade) plain.attributes.delete(name);
  const sorted = [...plain.attributes].sort(([a], [b]) => (a < b ? -1 : 1));
  plain.attributes = new Map(sorted);
  return createHash('md5').update(writeElement(plain)).digest('hex').toUpperCase();
}

/** The columns of a key; `undefined` when a field of it is not stored. */
export function columnsOfKey(
  table: Table,
  key: SchemaKey,
): { xpath: string; column: string; type: string }[] | undefined {
  const fields = key.fields.flatMap((field) => {
    if (field.xpath !== undefined) return [field.xpath];
    const link = field.link === undefined ? undefined : table.schema.root?.elements.get(field.link);
    return link?.joins.map((join) => join.source) ?? [];
  });
  const columns = fields.flatMap((xpath) => {
    const column = table.storage.byXPath.get(xpath);
    return column === undefined ? [] : [{ xpath, column: column.name, type: column.type }];
  });
  return columns.length > 0 && columns.length === fields.length ? columns : undefined;
}

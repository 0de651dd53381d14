import { randomUUID } from 'node:crypto';
import { primaryKey, type SchemaElement } from '../../../core/schema/schema.ts';
import { toInstantText } from '../clock.ts';
import { identifier } from '../database/identifier.ts';
import {
  columnsOfKey,
  findRows,
  md5Of,
  tableOf,
  toDocument,
  type RowKey,
  type StoredRow,
  type Table,
} from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { memoColumn, type Column } from '../model/columns.ts';
import type { Cell } from '../query/resultLayout.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { attribute, createElement, elements, isElement, writeElement, type Element } from '../xml/element.ts';
import { checkAccess } from './access.ts';
import { defaultValue } from './defaults.ts';
import { removeRecord } from './deleteRow.ts';
import { isInstruction, mergeIntoBody, replaceInBody } from './memoMerge.ts';
import { readDocument, toCell, unknownField, type SentDocument } from './readDocument.ts';

/** What a write does with its document. */
export type WriteOperation = 'insertOrUpdate' | 'insert' | 'update' | 'delete' | 'none';

/**
 * Writes one document and what hangs on it. Runs inside the transaction of the caller.
 * @returns the row, or `undefined` when there is none (deleted, not found).
 */
export function writeDocument(
  instance: Instance,
  document: Element,
  schemaId: string,
  fixed?: ReadonlyMap<string, Cell>,
): StoredRow | undefined {
  const table = tableOf(instance, schemaId);
  checkAccess(instance, table.schema, 'writeAccess');
  try {
    return new Writer(instance, table).write(document, fixed ?? new Map());
  } catch (error) {
    const label = `${table.schema.label} (${schemaId})`;
    if (error instanceof CampaignFailure)
      throw error.within(`XSV-350023 Unable to save document of type '${label}'.`);
    if (error instanceof RangeError) {
      throw new CampaignFailure(
        `PGS-220000 PostgreSQL error: ERROR: ${error.message}`,
        `XSV-350023 Unable to save document of type '${label}'.`,
      );
    }
    throw error;
  }
}

/** @throws CampaignFailure for an operation that does not exist. */
export function operationOf(element: Element): WriteOperation {
  const text = attribute(element, '_operation');
  switch (text) {
    // [?] One v8 page names `insert` as the default; all others this one.
    case '':
    case 'insertOrUpdate':
      return 'insertOrUpdate';
    case 'insert':
    case 'update':
    case 'delete':
    case 'none':
      return text;
    default:
      throw new CampaignFailure(`The operation '${text}' is unknown.`);
  }
}

class Writer {
  private readonly instance: Instance;
  private readonly table: Table;

  constructor(instance: Instance, table: Table) {
    this.instance = instance;
    this.table = table;
  }

  write(document: Element, fixed: ReadonlyMap<string, Cell>): StoredRow | undefined {
    const operation = operationOf(document);
    const sent = readDocument(this.instance, this.table, document);
    for (const { element, link, prefix } of sent.links) this.writeLink(element, link, prefix, sent);
    for (const [xpath, value] of fixed) sent.columns.set(xpath, value);
    const key = this.keyOf(document, sent);
    const existing =
      key === undefined || operation === 'insert'
        ? undefined
        : findRows(this.instance, this.table, key, 1)[0];
    switch (operation) {
      case 'none':
        return existing;
      case 'delete':
        if (key === undefined) throw new CampaignFailure('The document to delete has no key.');
        if (existing !== undefined) removeRecord(this.instance, this.table, existing);
        return undefined;
      case 'update':
        if (key === undefined) throw new CampaignFailure('The document to update has no key.');
        // [?] The API page says that nothing happens when the record is missing; the schema page says it fails.
        return existing === undefined ? undefined : this.update(existing, sent);
      case 'insert':
        return this.insert(sent);
      case 'insertOrUpdate':
        return existing === undefined ? this.insert(sent) : this.update(existing, sent);
    }
  }

  // --- links ---

  /** A linked record is written too, unless it says `none`; its key becomes the foreign key here. */
  private writeLink(element: Element, link: SchemaElement, prefix: string, sent: SentDocument): void {
    const names = [...element.attributes.keys()].filter((name) => !isInstruction(name));
    if (names.length === 0 && elements(element).length === 0) return;
    const target = writeDocument(this.instance, element, link.target ?? '');
    if (target === undefined) {
      const operation = operationOf(element);
      if (operation === 'delete') return;
      throw new CampaignFailure(`The record of link '${link.name}' cannot be found.`);
    }
    for (const join of link.joins) {
      const xpath = this.table.storage.byXPath.has(prefix + join.source) ? prefix + join.source : join.source;
      sent.columns.set(xpath, target.cells.get(join.destination) ?? null);
    }
  }

  private writeCollections(row: StoredRow, sent: SentDocument): void {
    for (const { items, link } of sent.collections) {
      const fixed = new Map(link.joins.map((join) => [join.destination, row.cells.get(join.source) ?? null]));
      for (const item of items) writeDocument(this.instance, item, link.target ?? '', fixed);
    }
  }

  // --- finding the row ---

  /** `_key`, or the first key of the schema whose fields are all there. */
  private keyOf(document: Element, sent: SentDocument): RowKey | undefined {
    const given = attribute(document, '_key').trim();
    if (given !== '') {
      const xpaths = given.split(',').map((part) => part.trim().replace(/^\[|\]$/g, ''));
      return xpaths.map((xpath) => this.keyPart(xpath, sent));
    }
    for (const key of this.table.schema.root?.keys ?? []) {
      const columns = columnsOfKey(this.table, key);
      if (columns?.every(({ xpath }) => isGiven(sent.columns.get(xpath))) !== true) continue;
      return columns.map(({ xpath, column }) => ({ column, value: sent.columns.get(xpath) ?? null }));
    }
    return undefined;
  }

  private keyPart(xpath: string, sent: SentDocument): { column: string; value: Cell } {
    const direct = this.table.storage.byXPath.get(xpath);
    const column = direct ?? this.foreignKeyOf(xpath);
    if (column === undefined)
      throw unknownField(
        this.table,
        xpath.includes('@') ? 'Attribute' : 'Element',
        xpath.replace(/^.*@/, ''),
      );
    if (!sent.columns.has(column.xpath)) {
      throw new CampaignFailure(`The field '${xpath}' of the key is missing in the document.`);
    }
    return { column: column.name, value: sent.columns.get(column.xpath) ?? null };
  }

  /** `folder/@name` or `folder` as part of a key: the record of the link has been found by now. */
  private foreignKeyOf(xpath: string): Column | undefined {
    const link = this.table.schema.root?.elements.get(xpath.split('/')[0] ?? '');
    const source = link?.joins[0]?.source;
    return source === undefined ? undefined : this.table.storage.byXPath.get(source);
  }

  // --- changing rows ---

  private insert(sent: SentDocument): StoredRow {
    const { storage, schema } = this.table;
    const cells = new Map<string, Cell>(sent.columns);
    const now = toInstantText(this.instance.clock.now());
    for (const column of storage.columns) {
      if (cells.has(column.xpath)) continue;
      const value = defaultValue(this.instance, column.node);
      if (value !== undefined) cells.set(column.xpath, toCell(column, value));
    }
    this.defaultLinks(cells);
    this.makeKey(cells);
    const operator = this.instance.currentOperator.id;
    for (const [xpath, value] of [
      ['@created', now],
      ['@createdBy-id', operator],
    ] as const) {
      if (storage.byXPath.has(xpath)) cells.set(xpath, value);
    }
    this.touch(cells, now);
    const body = storage.memo ? createElement(schema.root!.name) : undefined;
    if (body !== undefined) this.applyBody(body, sent);
    this.fingerprint(cells, body);
    const columns = storage.columns.filter((column) => cells.has(column.xpath));
    const names = columns.map((column) => identifier(column.name));
    const values = columns.map((column) => cells.get(column.xpath) ?? null);
    if (body !== undefined) {
      names.push(memoColumn);
      values.push(writeElement(body));
    }
    this.instance.rows.run(
      `INSERT INTO ${identifier(storage.table)} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      values,
    );
    const rowId = Number(this.instance.rows.first('SELECT last_insert_rowid()')![0]);
    const row: StoredRow = { rowId, cells, body };
    this.writeCollections(row, sent);
    return row;
  }

  private update(existing: StoredRow, sent: SentDocument): StoredRow {
    const { storage } = this.table;
    const changed = new Map(
      [...sent.columns].filter(([xpath, value]) => existing.cells.get(xpath) !== value),
    );
    const cells = new Map([...existing.cells, ...changed]);
    const hasBody = sent.bodyAttributes.size > 0 || sent.bodyElements.length > 0;
    const body =
      storage.memo && hasBody
        ? (existing.body ?? createElement(this.table.schema.root!.name))
        : existing.body;
    if (body !== undefined && hasBody) this.applyBody(body, sent);
    const now = toInstantText(this.instance.clock.now());
    this.touch(cells, now);
    this.fingerprint(cells, body);
    const columns = storage.columns.filter(
      (column) => cells.get(column.xpath) !== existing.cells.get(column.xpath),
    );
    const assignments = columns.map((column) => `${identifier(column.name)} = ?`);
    const values = columns.map((column) => cells.get(column.xpath) ?? null);
    if (hasBody && body !== undefined) {
      assignments.push(`${memoColumn} = ?`);
      values.push(writeElement(body));
    }
    if (assignments.length > 0) {
      const sql = `UPDATE ${identifier(storage.table)} SET ${assignments.join(', ')} WHERE rowid = ?`;
      this.instance.rows.run(sql, [...values, existing.rowId]);
    }
    const row: StoredRow = { rowId: existing.rowId, cells, body };
    this.writeCollections(row, sent);
    return row;
  }

  /** The default of a link is the key of the record it leads to. */
  private defaultLinks(cells: Map<string, Cell>): void {
    for (const link of this.table.schema.root?.elements.values() ?? []) {
      const source = link.joins.length === 1 ? link.joins[0]!.source : undefined;
      const column = source === undefined ? undefined : this.table.storage.byXPath.get(source);
      if (link.type !== 'link' || column === undefined || cells.has(column.xpath)) continue;
      const value = defaultValue(this.instance, link);
      if (value !== undefined) cells.set(column.xpath, toCell(column, value));
    }
  }

  private makeKey(cells: Map<string, Cell>): void {
    const { schema, storage } = this.table;
    const xpath = primaryKey(schema)?.fields[0]?.xpath;
    if (schema.root?.autoPk !== true || xpath === undefined || isGiven(cells.get(xpath))) return;
    const column = storage.byXPath.get(xpath);
    if (column === undefined) return;
    const isUuid = schema.root.autoUuid || column.type === 'uuid';
    const sequence = schema.root.raw.get('pkSequence') ?? 'XtkNewId';
    cells.set(xpath, isUuid ? randomUUID() : this.instance.sequences.next(sequence));
  }

  private touch(cells: Map<string, Cell>, now: string): void {
    const { storage } = this.table;
    if (storage.byXPath.has('@lastModified')) cells.set('@lastModified', now);
    if (storage.byXPath.has('@modifiedBy-id')) cells.set('@modifiedBy-id', this.instance.currentOperator.id);
  }

  private fingerprint(cells: Map<string, Cell>, body: Element | undefined): void {
    if (!this.table.storage.byXPath.has('@md5')) return;
    cells.set('@md5', md5Of(toDocument(this.table, { rowId: 0, cells, body })));
  }

  private applyBody(body: Element, sent: SentDocument): void {
    for (const { path, name, value } of sent.bodyAttributes.values()) {
      const holder = holderOf(body, path);
      // A typed element of the body, or an attribute of it.
      holder.attributes.set(name, value);
    }
    for (const { path, group, definition } of sent.bodyElements) {
      if (this.table.schema.id === 'xtk:srcSchema') replaceInBody(holderOf(body, path), group);
      else mergeIntoBody(this.instance.model, holderOf(body, path), group, definition);
    }
  }
}

const isGiven = (value: Cell | undefined): boolean =>
  value !== undefined && value !== null && value !== 0 && value !== '';

function holderOf(body: Element, path: string): Element {
  let at = body;
  for (const step of path.split('/').filter((part) => part !== '')) {
    let next = at.children.filter(isElement).find((child) => child.name === step);
    if (next === undefined) {
      next = createElement(step);
      at.children.push(next);
    }
    at = next;
  }
  return at;
}

import type { DatabaseSync } from 'node:sqlite';
import type { Schema, SchemaKeyField } from '../../../core/schema/schema.ts';
import { memoColumn, sqliteType, type Storage } from '../model/columns.ts';
import type { Model } from '../model/model.ts';
import { identifier } from './identifier.ts';
import type { Rows } from './rows.ts';

/** The one table that is a view over all documents known by namespace and name. */
export const entityView = 'XtkEntity';

/** Makes the tables of all schemas fit the model, as "Update database structure" does: nothing is ever dropped. */
export function updateTables(rows: Rows, model: Model): void {
  for (const sql of tableStatements(rows, model)) rows.database.exec(sql);
  rows.reset();
  updateEntityView(rows.database, model);
}

/** The SQL that would make the tables of some schemas, or of all, fit the model. */
export function tableStatements(rows: Rows, model: Model, ids?: readonly string[]): string[] {
  const existing = existingObjects(rows.database);
  return (ids ?? model.ids()).flatMap((id) => {
    const storage = model.storage(id);
    const schema = model.getSchema(id);
    if (storage === undefined || schema === null || storage.table === entityView) return [];
    return [...tableStatement(schema, storage, existing), ...indexStatements(schema, storage, existing)];
  });
}

/** What the database has: columns by table, and the names of the indexes; all in lower case. */
interface Existing {
  columns: Map<string, Set<string>>;
  indexes: Set<string>;
}

function existingObjects(database: DatabaseSync): Existing {
  const existing: Existing = { columns: new Map(), indexes: new Set() };
  const columns = database.prepare(
    "SELECT t.name AS tbl, c.name AS col FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table'",
  );
  for (const row of columns.all()) {
    const table = String(row['tbl']).toLowerCase();
    const set = existing.columns.get(table) ?? new Set();
    existing.columns.set(table, set.add(String(row['col']).toLowerCase()));
  }
  for (const row of database.prepare("SELECT name FROM sqlite_master WHERE type = 'index'").all()) {
    existing.indexes.add(String(row['name']).toLowerCase());
  }
  return existing;
}

function tableStatement(schema: Schema, storage: Storage, existing: Existing): string[] {
  const wanted = storage.columns.map((column) => ({
    name: column.name,
    definition: `${identifier(column.name)} ${columnDefinition(column.type)}`,
  }));
  if (storage.memo) wanted.push({ name: memoColumn, definition: `${memoColumn} TEXT` });
  const names = new Set<string>();
  const distinct = wanted.filter(({ name }) => {
    const isNew = !names.has(name.toLowerCase());
    names.add(name.toLowerCase());
    return isNew;
  });
  const known = existing.columns.get(storage.table.toLowerCase());
  const table = identifier(storage.table);
  if (known === undefined) {
    return schema.root === undefined
      ? []
      : [`CREATE TABLE ${table} (${distinct.map((c) => c.definition).join(', ')})`];
  }
  return distinct
    .filter((column) => !known.has(column.name.toLowerCase()))
    .map((column) => `ALTER TABLE ${table} ADD COLUMN ${column.definition}`);
}

function columnDefinition(type: string): string {
  const sqlType = sqliteType(type);
  return sqlType === 'TEXT' ? 'TEXT' : `${sqlType} NOT NULL DEFAULT 0`;
}

/** Keys and indexes. Invariant: the cloud database enforces no uniqueness, so its indexes are never unique. */
function indexStatements(schema: Schema, storage: Storage, existing: Existing): string[] {
  const { root } = schema;
  if (root === undefined) return [];
  const wanted = [
    ...root.indexes.map((index) => ({ name: index.name, unique: index.unique, fields: index.fields })),
    ...root.keys.map((key) => ({ name: key.name, unique: true, fields: key.fields })),
  ];
  const done = new Set<string>();
  return wanted.flatMap(({ name, unique, fields }) => {
    const columns = columnsOfFields(schema, storage, fields);
    const index = `${storage.table}_${name}`;
    if (columns.length === 0 || columns.length < fields.length || done.has(name)) return [];
    if (existing.indexes.has(index.toLowerCase())) return [];
    done.add(name);
    const kind = unique && !storage.cloud ? 'UNIQUE INDEX' : 'INDEX';
    const list = columns.map(identifier).join(', ');
    return [`CREATE ${kind} ${identifier(index)} ON ${identifier(storage.table)} (${list})`];
  });
}

/** Columns of the fields of a key; a link stands for its foreign keys. */
export function columnsOfFields(
  schema: Schema,
  storage: Storage,
  fields: readonly SchemaKeyField[],
): string[] {
  return fields
    .flatMap((field) => {
      if (field.xpath !== undefined) return [field.xpath];
      const link = field.link === undefined ? undefined : schema.root?.elements.get(field.link);
      return link?.joins.map((join) => join.source) ?? [];
    })
    .flatMap((xpath) => storage.byXPath.get(xpath)?.name ?? []);
}

/** Schemas whose rows are documents known by namespace and name. */
export function entitySchemas(model: Model): Schema[] {
  return model.ids().flatMap((id) => {
    const storage = model.storage(id);
    const schema = model.getSchema(id);
    const needed = ['@namespace', '@name', '@entitySchema', '@md5'];
    if (schema === null || storage === undefined || storage.table === entityView) return [];
    return needed.every((xpath) => storage.byXPath.has(xpath)) ? [schema] : [];
  });
}

function updateEntityView(database: DatabaseSync, model: Model): void {
  const view = model.ids().find((id) => model.storage(id)?.table === entityView);
  const storage = view === undefined ? undefined : model.storage(view);
  if (storage === undefined) return;
  const selects = entitySchemas(model).map((schema) => {
    const source = model.storage(schema.id)!;
    const columns = storage.columns.map((column) => {
      const from = source.byXPath.get(column.xpath);
      return `${from === undefined ? 'NULL' : identifier(from.name)} AS ${identifier(column.name)}`;
    });
    const memo = storage.memo ? [source.memo ? memoColumn : `NULL AS ${memoColumn}`] : [];
    return `SELECT ${[...columns, ...memo].join(', ')} FROM ${identifier(source.table)}`;
  });
  database.exec(`DROP VIEW IF EXISTS ${entityView}`);
  if (selects.length > 0) database.exec(`CREATE VIEW ${entityView} AS ${selects.join(' UNION ALL ')}`);
}

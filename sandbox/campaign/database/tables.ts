import type { DatabaseSync } from 'node:sqlite';
import type { Schema, SchemaKeyField } from '../../../core/schema/schema.ts';
import { memoColumn, sqliteType, type Storage } from '../model/columns.ts';
import type { Model } from '../model/model.ts';
import { identifier } from './identifier.ts';

/** The one table that is a view over all documents known by namespace and name. */
export const entityView = 'XtkEntity';

/** Makes the tables of all schemas fit the model, as "Update database structure" does: nothing is ever dropped. */
export function updateTables(database: DatabaseSync, model: Model): void {
  for (const id of model.ids()) {
    const storage = model.storage(id);
    const schema = model.getSchema(id);
    if (storage === undefined || schema === null || storage.table === entityView) continue;
    updateTable(database, schema, storage);
  }
  updateEntityView(database, model);
}

function updateTable(database: DatabaseSync, schema: Schema, storage: Storage): void {
  const existing = columnsOf(database, storage.table);
  const wanted = storage.columns.map((column) => ({
    name: column.name,
    definition: `${identifier(column.name)} ${columnDefinition(column.type)}`,
  }));
  if (storage.memo) wanted.push({ name: memoColumn, definition: `${memoColumn} TEXT` });
  const distinct = wanted.filter(
    (column, index) => wanted.findIndex((c) => same(c.name, column.name)) === index,
  );
  if (existing.length === 0) {
    database.exec(
      `CREATE TABLE ${identifier(storage.table)} (${distinct.map((c) => c.definition).join(', ')})`,
    );
  } else {
    for (const column of distinct) {
      if (existing.some((name) => same(name, column.name))) continue;
      database.exec(`ALTER TABLE ${identifier(storage.table)} ADD COLUMN ${column.definition}`);
    }
  }
  createIndexes(database, schema, storage);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function columnDefinition(type: string): string {
  const sqlType = sqliteType(type);
  return sqlType === 'TEXT' ? 'TEXT' : `${sqlType} NOT NULL DEFAULT 0`;
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  return database
    .prepare('SELECT name FROM pragma_table_info(?)')
    .all(table)
    .map((row) => String(row['name']));
}

/** Keys and indexes. Invariant: the cloud database enforces no uniqueness, so its indexes are never unique. */
function createIndexes(database: DatabaseSync, schema: Schema, storage: Storage): void {
  const { root } = schema;
  if (root === undefined) return;
  const wanted = [
    ...root.indexes.map((index) => ({ name: index.name, unique: index.unique, fields: index.fields })),
    ...root.keys.map((key) => ({ name: key.name, unique: true, fields: key.fields })),
  ];
  const done = new Set<string>();
  for (const { name, unique, fields } of wanted) {
    const columns = columnsOfFields(schema, storage, fields);
    if (columns.length === 0 || columns.length < fields.length || done.has(name)) continue;
    done.add(name);
    const isUnique = unique && !storage.cloud;
    database.exec(
      `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX IF NOT EXISTS ${identifier(`${storage.table}_${name}`)} ` +
        `ON ${identifier(storage.table)} (${columns.map(identifier).join(', ')})`,
    );
  }
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

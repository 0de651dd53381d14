import { identifier } from './identifier.ts';
import type { Instance } from '../instance.ts';
import type { Cell } from '../query/resultLayout.ts';
import { memoColumn, type Storage } from '../model/columns.ts';

/** Values by xpath; `data` is the XML body. Fields that the schema does not have are left out. */
export type RecordValues = Readonly<Record<string, Cell>>;

function columnsOf(storage: Storage, values: RecordValues): { name: string; value: Cell }[] {
  return Object.entries(values).flatMap(([xpath, value]) => {
    if (xpath === 'data' && storage.memo) return [{ name: memoColumn, value }];
    const column = storage.byXPath.get(xpath);
    return column === undefined ? [] : [{ name: identifier(column.name), value }];
  });
}

/** Adds a row the server makes itself, with an id of its own. @returns the id; 0 without such a table. */
export function insertRecord(instance: Instance, schemaId: string, values: RecordValues): number {
  const storage = instance.model.storage(schemaId);
  const root = instance.model.getSchema(schemaId)?.root;
  if (storage === undefined || root === undefined) return 0;
  const id = root.autoPk ? instance.sequences.next(root.raw.get('pkSequence') ?? 'XtkNewId') : 0;
  const columns = columnsOf(storage, root.autoPk ? { '@id': id, ...values } : values);
  const names = columns.map(({ name }) => name).join(', ');
  const marks = columns.map(() => '?').join(', ');
  instance.rows.run(
    `INSERT INTO ${identifier(storage.table)} (${names}) VALUES (${marks})`,
    columns.map(({ value }) => value),
  );
  return id;
}

/** Changes the rows whose fields have these values. @returns how many. */
export function updateRecords(
  instance: Instance,
  schemaId: string,
  where: RecordValues,
  values: RecordValues,
): number {
  const storage = instance.model.storage(schemaId);
  if (storage === undefined) return 0;
  const changes = columnsOf(storage, values);
  const conditions = columnsOf(storage, where);
  if (changes.length === 0 || conditions.length < Object.keys(where).length) return 0;
  return instance.rows.run(
    `UPDATE ${identifier(storage.table)} SET ${changes.map(({ name }) => `${name} = ?`).join(', ')} ` +
      `WHERE ${conditions.map(({ name }) => `${name} IS ?`).join(' AND ')}`,
    [...changes, ...conditions].map(({ value }) => value),
  );
}

/** Deletes the rows whose fields have these values. @returns how many. */
export function deleteRecords(instance: Instance, schemaId: string, where: RecordValues): number {
  const storage = instance.model.storage(schemaId);
  const conditions = storage === undefined ? [] : columnsOf(storage, where);
  // A field that the schema does not have must not widen the condition.
  if (storage === undefined || conditions.length < Object.keys(where).length || conditions.length === 0)
    return 0;
  return instance.rows.run(
    `DELETE FROM ${identifier(storage.table)} WHERE ${conditions.map(({ name }) => `${name} IS ?`).join(' AND ')}`,
    conditions.map(({ value }) => value),
  );
}

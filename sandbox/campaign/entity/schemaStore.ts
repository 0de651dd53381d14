import { identifier } from '../database/identifier.ts';
import { deleteRecords } from '../database/records.ts';
import type { Instance } from '../instance.ts';
import { putSchemaRows, schemaRow } from './schemaRows.ts';

/** Schemas are kept beside the tables they describe, so that the model can be read before any table is. */
export const modelTable = 'SandboxSchema';

/** Adds or replaces a compiled schema everywhere it is kept. Tables are left alone until `updateDatabase`. */
export function storeSchema(instance: Instance, xml: string): void {
  const schema = instance.model.put(xml);
  instance.rows.run(
    `INSERT INTO ${modelTable} VALUES (?, ?) ON CONFLICT(sId) DO UPDATE SET mData = excluded.mData`,
    [schema.id, xml],
  );
  putSchemaRows(instance, 'xtk:schema', [schemaRow(xml)]);
}

/** Takes a schema out everywhere it is kept, with its table. */
export function dropSchema(instance: Instance, id: string): void {
  const table = instance.model.storage(id)?.table;
  instance.model.remove(id);
  instance.rows.run(`DELETE FROM ${modelTable} WHERE sId = ?`, [id]);
  const [namespace = '', name = ''] = id.split(':');
  deleteRecords(instance, 'xtk:schema', { '@namespace': namespace, '@name': name });
  if (table === undefined) return;
  instance.rows.run(`DROP TABLE IF EXISTS ${identifier(table)}`);
  instance.rows.reset();
}

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

import { demoRows } from './data/demoData.ts';
import type { DemoRow } from './data/demoContext.ts';
import { readModelFiles } from './data/modelFiles.ts';
import { syntheticSchema } from './data/syntheticSchemas.ts';
import { identifier } from './database/identifier.ts';
import { findRows, md5Of, toDocument } from './entity/document.ts';
import type { Instance } from './instance.ts';
import { isDateLike, memoColumn, toColumnValue } from './model/columns.ts';
import type { Cell } from './query/resultLayout.ts';
import type { Seed } from './seed.ts';

/** The demo: its model, its data, and as many synthetic schemas as asked for. */
export function demoSeed(recipientCount: number, syntheticCount: number): Seed {
  const files = readModelFiles();
  const synthetic = Array.from({ length: syntheticCount }, (_, index) => syntheticSchema(index));
  return {
    schemas: [...files.schemas.values(), ...synthetic],
    sources: files.sources.values(),
    load: (instance) => {
      loadRows(instance, demoRows({ rows: recipientCount, now: new Date(instance.clock.now()) }));
      fingerprintDocuments(instance);
    },
  };
}

/** Inserts rows as they come, one prepared statement for each set of columns. */
export function loadRows(instance: Instance, rows: Iterable<DemoRow>): void {
  for (const { schemaId, row } of rows) {
    const storage = instance.model.storage(schemaId);
    if (storage === undefined) throw new Error(`The demo data has rows for ${schemaId}, which has no table.`);
    const columns: string[] = [];
    const values: Cell[] = [];
    for (const [xpath, value] of Object.entries(row)) {
      const column = storage.byXPath.get(xpath);
      if (column === undefined && !(xpath === 'data' && storage.memo)) {
        throw new Error(`The demo data has a value for ${xpath} of ${schemaId}, which is not stored.`);
      }
      columns.push(column === undefined ? memoColumn : identifier(column.name));
      const isText = typeof value === 'string' && column !== undefined && isDateLike(column.type);
      values.push(isText ? toColumnValue(column.type, value) : value);
    }
    instance.rows.run(
      `INSERT INTO ${identifier(storage.table)} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      values,
    );
  }
}

/** Documents carry a checksum from the start. */
function fingerprintDocuments(instance: Instance): void {
  for (const id of instance.model.ids()) {
    const storage = instance.model.storage(id);
    const schema = instance.model.getSchema(id);
    const md5 = storage?.byXPath.get('@md5');
    if (storage === undefined || schema === null || md5 === undefined || schema.view) continue;
    if (id === 'xtk:schema' || id === 'xtk:srcSchema') continue;
    const table = { schema, storage };
    for (const row of findRows(instance, table, [])) {
      const sql = `UPDATE ${identifier(storage.table)} SET ${identifier(md5.name)} = ? WHERE rowid = ?`;
      instance.rows.run(sql, [md5Of(toDocument(table, row)), row.rowId]);
    }
  }
}

import { demoRows } from './data/demoData.ts';
import type { DemoRow } from './data/demoContext.ts';
import { readModelFiles } from './data/modelFiles.ts';
import { syntheticSchema } from './data/syntheticSchemas.ts';
import { identifier } from './database/identifier.ts';
import { findRows, md5Of, toDocument } from './entity/document.ts';
import type { Instance } from './instance.ts';
import { isDateLike, memoColumn, toColumnValue } from './model/columns.ts';
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

/** How the rows of one schema with one set of fields are inserted. */
interface InsertPlan {
  sql: string;
  /** Which values are dates or instants, written otherwise in columns than in the demo data. */
  isDate: boolean[];
}

/** Inserts rows as they come. Rows that look alike share a plan: there are a hundred thousand of them. */
export function loadRows(instance: Instance, rows: Iterable<DemoRow>): void {
  const plans = new Map<string, InsertPlan>();
  for (const { schemaId, row } of rows) {
    const xpaths = Object.keys(row);
    const shape = `${schemaId} ${xpaths.join(' ')}`;
    let plan = plans.get(shape);
    if (plan === undefined) {
      plan = planInsert(instance, schemaId, xpaths);
      plans.set(shape, plan);
    }
    const { isDate } = plan;
    const values = Object.values(row).map((value, index) =>
      isDate[index] === true && typeof value === 'string' ? toColumnText(value) : value,
    );
    instance.rows.run(plan.sql, values);
  }
}

/** `2024-01-02T03:04:05.678Z` with a space; whatever else there is, checked. */
const toColumnText = (text: string): string =>
  text.length === 24 && text.endsWith('Z')
    ? `${text.slice(0, 10)} ${text.slice(11)}`
    : String(toColumnValue('date', text));

function planInsert(instance: Instance, schemaId: string, xpaths: readonly string[]): InsertPlan {
  const storage = instance.model.storage(schemaId);
  if (storage === undefined) throw new Error(`The demo data has rows for ${schemaId}, which has no table.`);
  const columns = xpaths.map((xpath) => {
    const column = storage.byXPath.get(xpath);
    if (column !== undefined) return { name: identifier(column.name), isDate: isDateLike(column.type) };
    if (xpath === 'data' && storage.memo) return { name: memoColumn, isDate: false };
    throw new Error(`The demo data has a value for ${xpath} of ${schemaId}, which is not stored.`);
  });
  const names = columns.map(({ name }) => name).join(', ');
  const marks = columns.map(() => '?').join(', ');
  return {
    sql: `INSERT INTO ${identifier(storage.table)} (${names}) VALUES (${marks})`,
    isDate: columns.map(({ isDate }) => isDate),
  };
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

import { primaryKey } from '../../core/schema/schema.ts';
import { identifier } from './database/identifier.ts';
import { putSchemaRows, schemaRow } from './entity/schemaRows.ts';
import { modelTable } from './entity/schemaStore.ts';
import type { Instance } from './instance.ts';
import { isWholeNumber } from './model/columns.ts';

/** What an instance starts with. */
export interface Seed {
  /** Compiled schemas. */
  schemas: Iterable<string>;
  /** Source schemas. */
  sources: Iterable<string>;
  /** Loads the rows once the tables exist. */
  load(instance: Instance): void;
}

/**
 * Fills an empty database; one that has been filled before is taken as it is.
 * @param complete what is done to each compiled schema before it is stored.
 */
export function prepareDatabase(instance: Instance, seed: Seed, complete: (schema: string) => string): void {
  const { rows, model } = instance;
  rows.database.exec(`CREATE TABLE IF NOT EXISTS ${modelTable} (sId TEXT PRIMARY KEY, mData TEXT NOT NULL)`);
  const stored = rows.all(`SELECT mData FROM ${modelTable}`);
  if (stored.length > 0) {
    for (const [xml] of stored) model.put(String(xml));
    return;
  }
  rows.transaction(() => {
    const texts = [...seed.schemas].map(complete);
    for (const xml of texts) model.put(xml);
    instance.updateDatabase();
    for (const id of model.ids()) {
      rows.run(`INSERT INTO ${modelTable} VALUES (?, ?)`, [id, model.textOf(id) ?? '']);
    }
    putSchemaRows(instance, 'xtk:schema', texts.map(schemaRow));
    putSchemaRows(instance, 'xtk:srcSchema', [...seed.sources].map(schemaRow));
    seed.load(instance);
    skipUsedIds(instance);
  });
}

/** New identifiers start after those the demo data uses. */
function skipUsedIds(instance: Instance): void {
  for (const id of instance.model.ids()) {
    const schema = instance.model.getSchema(id);
    const storage = instance.model.storage(id);
    const xpath = schema === null ? undefined : primaryKey(schema)?.fields[0]?.xpath;
    const column = xpath === undefined ? undefined : storage?.byXPath.get(xpath);
    if (schema?.root?.autoPk !== true || storage === undefined || column === undefined) continue;
    if (!isWholeNumber(column.type)) continue;
    const largest = instance.rows.first(
      `SELECT max(${identifier(column.name)}) FROM ${identifier(storage.table)}`,
    )?.[0];
    const sequence = schema.root.raw.get('pkSequence') ?? 'XtkNewId';
    instance.sequences.skipTo(sequence, Number(largest ?? 0) + 1);
  }
}

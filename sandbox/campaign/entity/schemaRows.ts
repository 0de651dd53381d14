import { createHash } from 'node:crypto';
import { toInstantText } from '../clock.ts';
import { identifier } from '../database/identifier.ts';
import type { Instance } from '../instance.ts';
import { memoColumn } from '../model/columns.ts';
import type { Cell } from '../query/resultLayout.ts';

/** A schema document to be kept as a row of `xtk:schema` or `xtk:srcSchema`. */
export interface SchemaRow {
  namespace: string;
  name: string;
  label: string;
  mappingType: string;
  extendedSchema: string;
  xml: string;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex').toUpperCase();

/** Reads what a row says of its document from the start tag, without parsing the rest: there are thousands. */
export function schemaRow(xml: string): SchemaRow {
  const start = /<(?:srcSchema|schema)\b[^>]*>/.exec(xml)?.[0] ?? '';
  const of = (name: string): string => new RegExp(`\\s${name}="([^"]*)"`).exec(start)?.[1] ?? '';
  return {
    namespace: of('namespace'),
    name: of('name'),
    label: of('label'),
    mappingType: of('mappingType'),
    extendedSchema: of('extendedSchema'),
    xml,
  };
}

/** Inserts or replaces documents in the table of their schema (`xtk:schema`, `xtk:srcSchema`). */
export function putSchemaRows(instance: Instance, entitySchema: string, rows: Iterable<SchemaRow>): void {
  const storage = instance.model.storage(entitySchema);
  if (storage === undefined) return;
  const now = toInstantText(instance.clock.now());
  const namespaceColumn = storage.byXPath.get('@namespace')!.name;
  const nameColumn = storage.byXPath.get('@name')!.name;
  const table = identifier(storage.table);
  for (const row of rows) {
    const values = new Map<string, Cell>([
      ['@namespace', row.namespace],
      ['@name', row.name],
      ['@label', row.label === '' ? row.name : row.label],
      ['@mappingType', row.mappingType],
      ['@extendedSchema', row.extendedSchema],
      ['@entitySchema', entitySchema],
      ['@md5', md5(row.xml)],
      ['@created', now],
      ['@lastModified', now],
    ]);
    const columns = [...values].flatMap(([xpath, value]) => {
      const column = storage.byXPath.get(xpath);
      return column === undefined
        ? []
        : [{ name: identifier(column.name), value: value === '' ? null : value }];
    });
    columns.push({ name: memoColumn, value: row.xml });
    instance.rows.run(`DELETE FROM ${table} WHERE ${namespaceColumn} = ? AND ${nameColumn} = ?`, [
      row.namespace,
      row.name,
    ]);
    instance.rows.run(
      `INSERT INTO ${table} (${columns.map((column) => column.name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      columns.map((column) => column.value),
    );
  }
}

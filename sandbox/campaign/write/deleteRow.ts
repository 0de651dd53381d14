import { isLink, type SchemaElement } from '../../../core/schema/schema.ts';
import { identifier } from '../database/identifier.ts';
import { findRows, tableOf, type RowKey, type StoredRow, type Table } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { isNumber } from '../model/columns.ts';
import { CampaignFailure } from '../soap/fault.ts';

/** A chain of owned records that comes back to itself ends here. */
const maxDepth = 32;

/** [?] What the bin writes is not documented; anything but 0 hides the row. */
const deletedStatus = 1;

/** Takes a record away: into the bin where its schema has one, and for good when it is there already. */
export function removeRecord(instance: Instance, table: Table, row: StoredRow): void {
  const mark = instance.model.deleteMark(table.schema.id);
  if (mark === undefined || Number(row.cells.get(mark.xpath) ?? 0) !== 0) {
    deleteRow(instance, table, row);
    return;
  }
  const sql = `UPDATE ${identifier(table.storage.table)} SET ${identifier(mark.name)} = ? WHERE rowid = ?`;
  instance.rows.run(sql, [deletedStatus, row.rowId]);
}

/** Deletes a row, and what its links say of the rows on the other side: own, normal, define, neutral. */
export function deleteRow(instance: Instance, table: Table, row: StoredRow, depth = 0): void {
  if (depth > maxDepth) return;
  const { schema, storage } = table;
  const links = [...(schema.root?.elements.values() ?? [])].filter((node) => isLink(node) && isReverse(node));
  for (const link of links) applyIntegrity(instance, table, row, link, depth);
  instance.rows.run(`DELETE FROM ${identifier(storage.table)} WHERE rowid = ?`, [row.rowId]);
}

/** The foreign key is on the other side. */
const isReverse = (link: SchemaElement): boolean =>
  link.unbound || (link.belongsTo !== undefined && link.belongsTo === link.target);

function applyIntegrity(
  instance: Instance,
  table: Table,
  row: StoredRow,
  link: SchemaElement,
  depth: number,
): void {
  const integrity = link.integrity ?? 'normal';
  if (integrity === 'neutral' || instance.model.storage(link.target ?? '') === undefined) return;
  const target = tableOf(instance, link.target ?? '');
  const key: RowKey = link.joins.flatMap((join) => {
    const column = target.storage.byXPath.get(join.destination);
    const value = row.cells.get(join.source) ?? null;
    return column === undefined || value === null || value === 0 ? [] : [{ column: column.name, value }];
  });
  if (key.length === 0 || key.length < link.joins.length) return;
  const others = findRows(instance, target, key);
  if (others.length === 0) return;
  switch (integrity) {
    case 'own':
    case 'owncopy':
      for (const other of others) deleteRow(instance, target, other, depth + 1);
      return;
    case 'define':
      throw new CampaignFailure(
        `The record of schema '${table.schema.id}' is used by ${others.length} of schema '${target.schema.id}'.`,
      );
    default:
      for (const { column } of key) {
        const type = target.storage.columns.find((candidate) => candidate.name === column)?.type ?? 'string';
        const where = key.map((part) => `${identifier(part.column)} IS ?`).join(' AND ');
        const empty = isNumber(type) ? 0 : null;
        const sql = `UPDATE ${identifier(target.storage.table)} SET ${identifier(column)} = ? WHERE ${where}`;
        instance.rows.run(sql, [empty, ...key.map((part) => part.value)]);
      }
  }
}

import { stagingSchemaId } from '../../../core/schema/resolvePath.ts';
import { primaryKey, type Schema } from '../../../core/schema/schema.ts';
import { toInstantText } from '../clock.ts';
import { identifier } from '../database/identifier.ts';
import { findRows, tableOf, type Table } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import type { Cell } from '../query/resultLayout.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { updateRecords } from '../database/records.ts';
import { workflowStates } from '../workflow/workflowEngine.ts';
import { logWorkflow } from '../workflow/workflowLog.ts';

/** Internal name of the workflow that moves rows to the cloud database. */
export const replicationWorkflow = 'ffdaReplicateStagingData';

/** Schemas with a staging twin. */
export function stagedSchemas(instance: Instance): { base: Schema; stagingId: string }[] {
  return instance.model.ids().flatMap((id) => {
    const base = instance.model.getSchema(id);
    const stagingId = base === null ? undefined : stagingSchemaId(base);
    if (base === null || stagingId === undefined || instance.model.storage(stagingId) === undefined)
      return [];
    return [{ base, stagingId }];
  });
}

/** The staging table a document is for. @throws CampaignFailure when its schema is no staging schema. */
export function stagingTable(instance: Instance, schemaId: string): Table {
  const isStaging = stagedSchemas(instance).some(({ stagingId }) => stagingId === schemaId);
  if (!isStaging) {
    throw new CampaignFailure(
      `The schema '${schemaId}' is no staging schema: rows cannot be ingested into it.`,
    );
  }
  return tableOf(instance, schemaId);
}

/** Moves the staged rows of one schema, or of all, to the base tables. @returns how many rows went. */
export function replicate(instance: Instance, schemaId?: string): number {
  const staged = stagedSchemas(instance).filter(({ base }) => schemaId === undefined || base.id === schemaId);
  if (schemaId !== undefined && staged.length === 0) {
    throw new CampaignFailure(`The schema '${schemaId}' has no staging table.`);
  }
  return instance.rows.transaction(() =>
    staged.reduce((total, { base, stagingId }) => {
      const count = moveRows(instance, tableOf(instance, stagingId), tableOf(instance, base.id));
      if (count > 0) logReplication(instance, `${base.id}: ${count} record(s) sent to the cloud database.`);
      return total + count;
    }, 0),
  );
}

/** A staged row replaces the base row of the same key; without one it is added. */
function moveRows(instance: Instance, staging: Table, base: Table): number {
  const keyXPath = primaryKey(base.schema)?.fields[0]?.xpath;
  const key = keyXPath === undefined ? undefined : base.storage.byXPath.get(keyXPath);
  const rows = findRows(instance, staging, []);
  const columns = base.storage.columns.filter((column) => staging.storage.byXPath.has(column.xpath));
  const names = columns.map((column) => identifier(column.name));
  const table = identifier(base.storage.table);
  for (const row of rows) {
    const values = columns.map((column): Cell => row.cells.get(column.xpath) ?? null);
    const id = keyXPath === undefined ? null : (row.cells.get(keyXPath) ?? null);
    const assignments = names.map((name) => `${name} = ?`).join(', ');
    const updated =
      key === undefined || id === null
        ? 0
        : instance.rows.run(`UPDATE ${table} SET ${assignments} WHERE ${identifier(key.name)} = ?`, [
            ...values,
            id,
          ]);
    if (updated > 0) continue;
    instance.rows.run(
      `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
      values,
    );
  }
  instance.rows.run(`DELETE FROM ${identifier(staging.storage.table)}`);
  return rows.length;
}

const hourMs = 3_600_000;

/** The hourly run, and what the row of its workflow says. */
export class ReplicationSchedule {
  private readonly instance: Instance;
  private nextMs = 0;
  private shown: string | undefined;

  constructor(instance: Instance) {
    this.instance = instance;
    this.plan();
  }

  private plan(): void {
    this.nextMs = this.instance.agenda.after(hourMs, () => {
      const { ffda, replication } = this.instance.settings;
      if (ffda && replication === 'hourly') replicate(this.instance);
      this.plan();
      this.show();
    });
  }

  /** Replicates everything now. @returns how many rows went. */
  run(): number {
    const count = replicate(this.instance);
    this.show();
    return count;
  }

  /** Brings the row up to date when the mode has been changed. */
  refresh(): void {
    if (this.shown !== this.instance.settings.replication) this.show();
  }

  /** Makes the row of the workflow say what the replication does. */
  private show(): void {
    const mode = this.instance.settings.replication;
    this.shown = mode;
    updateRecords(
      this.instance,
      'xtk:workflow',
      { '@internalName': replicationWorkflow },
      {
        '@state': {
          hourly: workflowStates.started,
          stopped: workflowStates.finished,
          error: workflowStates.paused,
        }[mode],
        '@status': mode === 'error' ? 3 : 1,
        '@failed': mode === 'error' ? 1 : 0,
        '@processDate': toInstantText(this.instance.clock.now()),
        '@nextProcessingDate': mode === 'hourly' ? toInstantText(this.nextMs) : null,
      },
    );
  }
}

function logReplication(instance: Instance, message: string): void {
  const id = instance.value('xtk:workflow', '@id', '@internalName', replicationWorkflow);
  if (id !== undefined) logWorkflow(instance, Number(id), message);
}

import { toInstantText } from '../clock.ts';
import { identifier } from '../database/identifier.ts';
import type { Instance } from '../instance.ts';
import type { Cell } from '../query/resultLayout.ts';

/** Types of log rows. [I] Those of job logs. */
export type LogType = 'error' | 'warning' | 'info';

const logTypes: Readonly<Record<LogType, number>> = { error: 0, warning: 1, info: 2 };

/** Adds a line to the journal of a workflow, by internal name or id. A workflow that does not exist has no journal. */
export function logWorkflow(
  instance: Instance,
  workflow: string | number,
  message: string,
  activity = '',
  type: LogType = 'info',
): void {
  const id = typeof workflow === 'number' ? workflow : Number(instance.value('xtk:workflow', '@id', '@internalName', workflow) ?? 0);
  const storage = instance.model.storage('xtk:workflowLog');
  if (id === 0 || storage === undefined) return;
  const values = new Map<string, Cell>([
    ['@id', instance.sequences.next(sequenceOf(instance))],
    ['@workflow-id', id],
    ['@logDate', toInstantText(instance.clock.now())],
    ['@logType', logTypes[type]],
    ['@message', message],
    ['message', message],
    ['@activity', activity],
    ['@error', type === 'error' ? 1 : 0],
  ]);
  const columns = [...values].flatMap(([xpath, value]) => {
    const column = storage.byXPath.get(xpath);
    return column === undefined ? [] : [{ name: identifier(column.name), value }];
  });
  instance.rows.run(
    `INSERT INTO ${identifier(storage.table)} (${columns.map(({ name }) => name).join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    columns.map(({ value }) => value),
  );
}

const sequenceOf = (instance: Instance): string =>
  instance.model.getSchema('xtk:workflowLog')?.root?.raw.get('pkSequence') ?? 'XtkNewId';

import { toInstantText } from '../clock.ts';
import { insertRecord } from '../database/records.ts';
import type { Instance } from '../instance.ts';

/** Types of log rows. [I] Those of job logs. */
export type LogType = 'error' | 'warning' | 'info';

const logTypes: Readonly<Record<LogType, number>> = { error: 0, warning: 1, info: 2 };

/** Adds a line to the journal of a workflow. */
export function logWorkflow(
  instance: Instance,
  workflowId: number,
  message: string,
  activity = '',
  type: LogType = 'info',
): void {
  insertRecord(instance, 'xtk:workflowLog', {
    '@workflow-id': workflowId,
    '@logDate': toInstantText(instance.clock.now()),
    '@logType': logTypes[type],
    '@message': message,
    '@activity': activity,
    '@error': type === 'error' ? 1 : 0,
  });
}

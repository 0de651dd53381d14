import { childElements, attributeValue } from '../../../core/xml/xmlTree.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import type { DemoContext, DemoRow, DemoValue } from './demoContext.ts';
import { Random } from './random.ts';

/** Values of `xtk:workflowLog:logType`. */
const logTypes = { error: 0, warning: 1, info: 2 } as const;

const messages: readonly (readonly [type: keyof typeof logTypes, text: string])[] = [
  ['info', 'Starting the activity…'],
  ['info', '1,254 records selected (in 0.42 s)'],
  ['info', 'Connection to the server « demo » established'],
  ['warning', 'The variable “recCount” is empty; 0 is assumed'],
  ['info', 'End of the activity'],
];

/** Journal, tasks and events of the workflows that have run: the last executions of each activity. */
export function* workflowLogRows(
  context: DemoContext,
  workflows: readonly Record<string, DemoValue>[],
): Generator<DemoRow> {
  const random = new Random('workflowLogs');
  for (const workflow of workflows) {
    if (workflow['@isModel'] !== undefined) continue;
    const id = Number(workflow['@id']);
    const activities = activityNames(String(workflow['data']));
    const failed = workflow['@failed'] !== undefined;
    for (let run = 3; run >= 1; run--) {
      let daysAgo = run + random.fraction() / 4;
      for (const [index, activity] of activities.entries()) {
        const isFailure = failed && run === 1 && index === 1;
        const startedDaysAgo = daysAgo;
        const taskIdentifier = (3 - run) * activities.length + index + 1;
        for (const [type, text] of messages) {
          if (type === 'warning' && !random.chance(0.15)) continue;
          daysAgo -= random.fraction() / 5000;
          yield log(context, id, activity, taskIdentifier, daysAgo, logTypes[type], text);
        }
        if (isFailure) {
          const text =
            "SCR-160012 JavaScript: error while evaluating script 'download': the shop answered 503";
          yield log(context, id, activity, taskIdentifier, daysAgo, logTypes.error, text);
        }
        yield {
          schemaId: 'xtk:workflowTask',
          row: {
            '@id': context.newId('XtkWorkflowTaskId'),
            '@taskIdentifier': taskIdentifier,
            '@activity': activity,
            '@status': isFailure ? 3 : 2,
            '@creationDate': context.instant(startedDaysAgo),
            '@processingDate': context.instant(startedDaysAgo),
            '@completionDate': isFailure ? null : context.instant(daysAgo),
            '@workflow-id': id,
            data: '<workflowTask><variables/></workflowTask>',
          },
        };
        const next = activities[index + 1];
        if (isFailure || next === undefined) break;
        yield {
          schemaId: 'xtk:workflowEvent',
          row: {
            '@id': context.newId('XtkWorkflowTaskId'),
            '@eventIdentifier': taskIdentifier,
            '@activity': next,
            '@transition': 'initial',
            '@creationDate': context.instant(daysAgo),
            '@processingDate': context.instant(daysAgo),
            '@workflow-id': id,
            data: `<workflowEvent><variables recCount="${random.integer(0, 5000)}"/></workflowEvent>`,
          },
        };
      }
    }
  }
}

function log(
  context: DemoContext,
  workflowId: number,
  activity: string,
  taskIdentifier: number,
  daysAgo: number,
  logType: number,
  message: string,
): DemoRow {
  return {
    schemaId: 'xtk:workflowLog',
    row: {
      '@id': context.newId('XtkWorkflowLogId'),
      '@logDate': context.instant(daysAgo),
      '@logType': logType,
      '@activity': activity,
      '@taskIdentifier': taskIdentifier,
      '@error': logType === logTypes.error ? 1 : 0,
      '@message': message,
      '@workflow-id': workflowId,
    },
  };
}

function activityNames(body: string): string[] {
  const root = parseXml(body).root!;
  const activities = childElements(root, 'activities').flatMap((element) => childElements(element));
  return activities.map((activity) => attributeValue(activity, 'name') ?? '');
}

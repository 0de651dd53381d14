import { primaryKey } from '../../../core/schema/schema.ts';
import { toInstantText } from '../clock.ts';
import { updateRecords } from '../database/records.ts';
import type { Instance } from '../instance.ts';
import { isOver, jobLogTypes, jobStatuses, type Job, type JobLog } from '../jobs/jobs.ts';
import { toColumnValue } from '../model/columns.ts';
import type { Cell } from '../query/resultLayout.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { attribute, createElement, elements, flag, textOf, type Element } from '../xml/element.ts';

/** A line of a log as `GetStatus` and `GetDlStatusAndLogs` give it. */
export const logElement = (log: JobLog): Element =>
  createElement('log', {
    id: log.id,
    iRc: log.iRc,
    logDate: toInstantText(log.logDateMs),
    logType: log.logType,
    message: log.message,
    object: log.object,
  });

/** What a job runs: a method of a schema with its arguments as they would stand in an envelope. */
interface JobCall {
  service: string;
  name: string;
  args: Element[];
}

/** `Execute` and `Submit` call a method on the document they are given. */
const named = (call: Call): JobCall => ({
  service: call.schemaId,
  name: call.text(0).trim(),
  args: [createElement('document', {}, [call.entity])],
});

/**
 * `<soapCall name service><param name type>…`: parameters in the order of the method. `this` is the document of a method
 * that is not static; the value of any other is a child element, an attribute `value`, or text.
 */
function described(call: Call): JobCall {
  const soapCall = call.element(0);
  if (soapCall === undefined) throw new CampaignFailure('The description of the call is empty.');
  const service = attribute(soapCall, 'service') || call.schemaId;
  const name = attribute(soapCall, 'name');
  const args = elements(soapCall, 'param').map((param) => {
    const inner = elements(param);
    if (inner.length > 0) return createElement(attribute(param, 'name') || 'param', {}, inner);
    const text = param.attributes.get('value') ?? textOf(param);
    return createElement(attribute(param, 'name') || 'param', {}, [{ text, cdata: false }]);
  });
  const isStatic = call.instance.model.getSchema(service)?.methods.get(name)?.isStatic === true;
  const hasThis = args[0]?.name === 'this';
  return isStatic || hasThis
    ? { service, name, args }
    : { service, name, args: [createElement('document', {}, [call.entity]), ...args] };
}

/** What the call changed in its document is kept, unless the document says that it is none of the database. */
function keepChanges(instance: Instance, schemaId: string, before: Element, after: Element): void {
  const schema = instance.model.getSchema(schemaId);
  const storage = instance.model.storage(schemaId);
  const key = schema === null ? undefined : primaryKey(schema)?.fields[0]?.xpath;
  const id = key === undefined ? '' : attribute(before, key.slice(1));
  if (storage === undefined || key === undefined || id === '' || flag(before, 'doNotPersist')) return;
  const values: Record<string, Cell> = {};
  for (const [name, value] of after.attributes) {
    const column = storage.byXPath.get(`@${name}`);
    if (column === undefined || before.attributes.get(name) === value) continue;
    values[column.xpath] = toColumnValue(column.type, value);
  }
  const keyColumn = storage.byXPath.get(key);
  if (keyColumn !== undefined)
    updateRecords(instance, schemaId, { [key]: toColumnValue(keyColumn.type, id) }, values);
}

function start(call: Call, what: JobCall, when: 'now' | 'later'): Answer {
  const { instance } = call;
  if (instance.model.getSchema(what.service) === null)
    throw new CampaignFailure(`XFR-180000 The schema '${what.service}' does not exist.`);
  const run = (): string =>
    instance.transaction(() => {
      const { entity, response } = call.invoke({ service: what.service, method: what.name }, what.args);
      const before = elements(what.args[0] ?? createElement('none'))[0];
      if (entity !== undefined && before !== undefined) keepChanges(instance, what.service, before, entity);
      return response;
    });
  const document = elements(what.args[0] ?? createElement('none'))[0] ?? call.entity;
  const recordId = attribute(document, 'id');
  const job =
    when === 'now'
      ? instance.jobs.execute(what.service, recordId, run)
      : instance.jobs.submit(what.service, recordId, run);
  return { values: [job.id] };
}

function getStatus({ instance, text, number }: Call): Answer {
  const job = instance.jobs.find(text(0));
  const maxCount = number(2);
  const fresh = job.logs.filter((log) => log.id > number(1));
  const logs = maxCount > 0 ? fresh.slice(0, maxCount) : fresh;
  const done = isOver(job) ? 1 : 0;
  return {
    values: [
      job.status,
      createElement('elemReturnLogs', {}, logs.map(logElement)),
      createElement('elemProperties', { warning: hasWarning(job) ? 1 : 0 }, [
        createElement('progress', { current: done, max: 1 }),
      ]),
    ],
  };
}

const hasWarning = (job: Job): boolean => job.logs.some((log) => log.logType <= jobLogTypes.warning);

function getResult({ instance, text }: Call): Answer {
  const job = instance.jobs.find(text(0));
  if (job.status !== jobStatuses.finished || job.response === undefined)
    throw new CampaignFailure(`The job '${job.id}' has no result: its status is ${job.status}.`);
  return { values: [job.response] };
}

const waitStepMs = 100;
const maxWaitSec = 600;

/** Waits in steps, so that what is due meanwhile happens. [?] A job still running at the end is no fault. */
async function waitJobCancelled({ instance, text, number }: Call): Promise<Answer> {
  const job = instance.jobs.find(text(0));
  const limitMs = Math.min(number(1), maxWaitSec) * 1000;
  for (let waitedMs = 0; waitedMs < limitMs && !isOver(job); waitedMs += waitStepMs) {
    await instance.clock.sleep(waitStepMs);
    instance.agenda.runDue();
  }
  return {};
}

const onDocument = { kind: 'const' } as const;

/** `xtk:jobInterface`: calls that run on their own. Source: the declarations and calls of Adobe's SDK. */
export const jobMethods: readonly Method[] = [
  method(
    'xtk:jobInterface#Execute',
    'strMethodName:string -> pstrId:string',
    (call) => start(call, named(call), 'now'),
    onDocument,
  ),
  method(
    'xtk:jobInterface#Submit',
    'strMethodName:string -> pstrId:string',
    (call) => start(call, named(call), 'later'),
    onDocument,
  ),
  method(
    'xtk:jobInterface#SubmitSoapCall',
    'elemSoapCall:DOMElement -> pstrId:string',
    (call) => start(call, described(call), 'later'),
    onDocument,
  ),
  method(
    'xtk:jobInterface#GetStatus',
    'strId:string, lLastLogId:long, lMaxLogCount:long -> psStatus:short, pelemReturnLogs:DOMElement, pelemProperties:DOMElement',
    getStatus,
  ),
  method('xtk:jobInterface#GetResult', 'strId:string -> pstrResponse:string', getResult),
  method('xtk:jobInterface#HasWarning', 'strId:string -> pbHasWarning:boolean', ({ instance, text }) => ({
    values: [hasWarning(instance.jobs.find(text(0)))],
  })),
  method('xtk:jobInterface#Cancel', 'strId:string', ({ instance, text }) => {
    instance.jobs.cancel(instance.jobs.find(text(0)));
    return {};
  }),
  method('xtk:jobInterface#Pause', 'strId:string', ({ instance, text }) => {
    instance.jobs.pause(instance.jobs.find(text(0)));
    return {};
  }),
  method('xtk:jobInterface#WaitJobCancelled', 'strId:string, lTimeout:long', waitJobCancelled),
];

import { toInstantText } from '../clock.ts';
import { deleteRecords, insertRecord, updateRecords, type RecordValues } from '../database/records.ts';
import { findRows, tableOf, toDocument, type StoredRow } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import {
  attribute,
  createElement,
  elements,
  firstElement,
  writeElement,
  type Element,
} from '../xml/element.ts';
import { writeDocument } from '../write/writeDocument.ts';
import { logWorkflow } from './workflowLog.ts';

/** `@state` of a workflow. Source: the states Adobe's SDK lists. */
export const workflowStates = {
  edition: 0,
  testing: 9,
  starting: 10,
  started: 11,
  pausing: 12,
  paused: 13,
  resuming: 14,
  stopping: 15,
  restarting: 17,
  finished: 20,
} as const;

/** Activities that keep a workflow alive when all others are done. */
const waiting: ReadonlySet<string> = new Set(['schedule', 'signal', 'wait']);

/** Runs workflows as far as anyone outside can tell: states, journal, tasks and events. No script is executed. */
export class WorkflowEngine {
  private readonly instance: Instance;
  private readonly isImmediate: boolean;

  /** @param isImmediate commands do not queue: the caller waits for what they do. */
  constructor(instance: Instance, isImmediate = false) {
    this.instance = instance;
    this.isImmediate = isImmediate;
  }

  /** By id or internal name. @throws CampaignFailure when there is no such workflow. */
  find(idOrName: string): StoredRow {
    const table = tableOf(this.instance, 'xtk:workflow');
    const text = idOrName.trim();
    const column = table.storage.byXPath.get(/^\d+$/.test(text) ? '@id' : '@internalName');
    const value = /^\d+$/.test(text) ? Number(text) : text;
    const row =
      column === undefined
        ? undefined
        : findRows(this.instance, table, [{ column: column.name, value }], 1)[0];
    if (row === undefined) throw new CampaignFailure(`XSV-350000 The workflow '${text}' cannot be found.`);
    return row;
  }

  start(row: StoredRow, variables: Element | undefined, isSimulation = false): void {
    const id = idOf(row);
    if (isRunning(row)) {
      logWorkflow(this.instance, id, 'The workflow is already started.', '', 'warning');
      return;
    }
    if (variables !== undefined) this.storeVariables(row, variables);
    this.command(id, isSimulation ? 'Simulation requested.' : 'Start requested.', {
      '@state': workflowStates.starting,
    });
    this.later(1, () => {
      const now = this.now();
      const state = isSimulation ? workflowStates.testing : workflowStates.started;
      this.change(id, {
        '@state': state,
        '@status': 1,
        '@failed': 0,
        '@processId': 1000 + id,
        '@lastStart': now,
        '@processDate': now,
      });
      logWorkflow(this.instance, id, 'The workflow is started.');
      this.runActivities(id, row);
    });
  }

  stop(row: StoredRow): void {
    this.pass(
      row,
      'Stop requested.',
      workflowStates.stopping,
      workflowStates.finished,
      'The workflow is stopped.',
    );
  }

  pause(row: StoredRow): void {
    this.pass(
      row,
      'Pause requested.',
      workflowStates.pausing,
      workflowStates.paused,
      'The workflow is paused.',
    );
  }

  /** Unconditional: at once. */
  kill(row: StoredRow): void {
    this.change(idOf(row), { '@state': workflowStates.finished, '@processId': 0 });
    logWorkflow(this.instance, idOf(row), 'The workflow was stopped unconditionally.', '', 'warning');
  }

  restart(row: StoredRow): void {
    const id = idOf(row);
    this.command(id, 'Restart requested.', { '@state': workflowStates.restarting });
    this.later(1, () => {
      this.change(id, {
        '@state': workflowStates.started,
        '@processId': 1000 + id,
        '@lastStart': this.now(),
      });
      logWorkflow(this.instance, id, 'The workflow is restarted.');
      this.runActivities(id, row);
    });
  }

  /** "Execute the pending tasks now". */
  wakeup(row: StoredRow): void {
    this.command(idOf(row), 'Execution of the pending tasks requested.', {
      '@nextProcessingDate': this.now(),
    });
    this.later(1, () => {
      this.runActivities(idOf(row), row);
    });
  }

  /** Forgets the steps that were executed, and their events. @returns how many there were. */
  deleteResult(row: StoredRow): number {
    const id = idOf(row);
    const count =
      deleteRecords(this.instance, 'xtk:workflowTask', { '@workflow-id': id }) +
      deleteRecords(this.instance, 'xtk:workflowEvent', { '@workflow-id': id });
    logWorkflow(this.instance, id, `Results of the workflow are deleted (${count}).`);
    return count;
  }

  /** An event for an activity; it waits when the workflow is paused. */
  postEvent(row: StoredRow, activity: string, transition: string, variables: Element | undefined): void {
    const id = idOf(row);
    const state = Number(row.cells.get('@state') ?? 0);
    if (!isRunning(row) && state !== workflowStates.paused) {
      throw new CampaignFailure(`The workflow '${String(row.cells.get('@internalName'))}' is not started.`);
    }
    if (activitiesOf(row).every((element) => attribute(element, 'name') !== activity)) {
      throw new CampaignFailure(`The workflow has no activity '${activity}'.`);
    }
    const body = createElement('workflowEvent', {}, variables === undefined ? [] : [variables]);
    insertRecord(this.instance, 'xtk:workflowEvent', {
      '@workflow-id': id,
      '@activity': activity,
      '@transition': transition,
      '@creationDate': this.now(),
      '@processingDate': state === workflowStates.paused ? null : this.now(),
      data: writeElement(body),
    });
    logWorkflow(this.instance, id, 'Event received.', activity);
  }

  /** A new workflow made from a template, and started. @returns its id. */
  spawn(template: StoredRow, variables: Element | undefined, isSimulation: boolean, patch?: Element): number {
    const table = tableOf(this.instance, 'xtk:workflow');
    const source = toDocument(table, template);
    const modelName = attribute(source, 'internalName');
    const document = createElement('workflow', { xtkschema: 'xtk:workflow', _operation: 'insert' });
    const kept = ['label', 'schema', 'showSQL', 'keepResult', 'recipientLink', 'folder-id'];
    for (const name of kept) {
      const value = source.attributes.get(name);
      if (value !== undefined) document.attributes.set(name, value);
    }
    document.attributes.set('modelName', modelName);
    document.attributes.set('isModel', 'false');
    for (const [name, value] of patch?.attributes ?? []) document.attributes.set(name, value);
    document.children = [...(template.body?.children ?? [])];
    const written = writeDocument(this.instance, document, 'xtk:workflow');
    const id = Number(written?.cells.get('@id') ?? 0);
    this.start(this.find(String(id)), variables, isSimulation);
    return id;
  }

  private pass(row: StoredRow, request: string, during: number, after: number, done: string): void {
    const id = idOf(row);
    this.command(id, request, { '@state': during });
    this.later(1, () => {
      this.change(id, { '@state': after, ...(after === workflowStates.finished ? { '@processId': 0 } : {}) });
      logWorkflow(this.instance, id, done);
    });
  }

  /** One task and one line of journal per activity, each a delay after the one before. */
  private runActivities(id: number, row: StoredRow): void {
    const all = activitiesOf(row);
    for (const [index, activity] of all.entries()) {
      this.later(index + 1, () => {
        if (!this.isAlive(id)) return;
        this.runActivity(id, activity);
      });
    }
    if (all.some((activity) => waiting.has(activity.name))) return;
    this.later(all.length + 1, () => {
      if (!this.isAlive(id)) return;
      this.change(id, { '@state': workflowStates.finished, '@processId': 0 });
      logWorkflow(this.instance, id, 'The workflow is finished.');
    });
  }

  private runActivity(id: number, activity: Element): void {
    const name = attribute(activity, 'name');
    const now = this.now();
    insertRecord(this.instance, 'xtk:workflowTask', {
      '@workflow-id': id,
      '@activity': name,
      '@status': 1,
      '@creationDate': now,
      '@processingDate': now,
      '@completionDate': waiting.has(activity.name) ? null : now,
    });
    const verb = waiting.has(activity.name) ? 'Waiting' : 'Executed';
    logWorkflow(this.instance, id, `${verb} (${activity.name}).`, name);
  }

  private isAlive(id: number): boolean {
    const state = Number(this.instance.value('xtk:workflow', '@state', '@id', String(id)) ?? 0);
    return state === workflowStates.started || state === workflowStates.testing;
  }

  private storeVariables(row: StoredRow, variables: Element): void {
    const body = row.body ?? createElement('workflow');
    const before = firstElement(body, 'variables');
    if (before !== undefined) body.children.splice(body.children.indexOf(before), 1);
    body.children.push({ ...variables, name: 'variables' });
    this.change(idOf(row), { data: writeElement(body) });
  }

  private command(id: number, message: string, values: RecordValues): void {
    this.change(id, values);
    logWorkflow(this.instance, id, message);
  }

  /** Commands only queue: what they do happens `workflowDelayMs` later, at the earliest with the next call. */
  private later(steps: number, action: () => void): void {
    if (this.isImmediate) action();
    else this.instance.agenda.after(steps * this.instance.settings.workflowDelayMs, action);
  }

  private change(id: number, values: RecordValues): void {
    updateRecords(this.instance, 'xtk:workflow', { '@id': id }, values);
  }

  private now(): string {
    return toInstantText(this.instance.clock.now());
  }
}

const idOf = (row: StoredRow): number => Number(row.cells.get('@id'));

const isRunning = (row: StoredRow): boolean => {
  const state = Number(row.cells.get('@state') ?? 0);
  return (
    state === workflowStates.started || state === workflowStates.starting || state === workflowStates.testing
  );
};

function activitiesOf(row: StoredRow): Element[] {
  const activities = row.body === undefined ? undefined : firstElement(row.body, 'activities');
  return activities === undefined ? [] : elements(activities);
}

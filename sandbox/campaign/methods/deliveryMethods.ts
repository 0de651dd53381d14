import { identifier } from '../database/identifier.ts';
import { updateRecords } from '../database/records.ts';
import { findRows, tableOf, toDocument, type StoredRow } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { logElement } from './jobMethods.ts';
import { writeDocument } from '../write/writeDocument.ts';
import {
  cloneElement,
  createElement,
  elements,
  firstElement,
  NotWellFormed,
  parseElement,
  type Element,
} from '../xml/element.ts';

/** `@state` of a delivery. */
const states = { edition: 0, ready: 45, inProgress: 55, paused: 75, stopped: 85, finished: 95 } as const;

function findDelivery(instance: Instance, idOrName: string): StoredRow {
  const table = tableOf(instance, 'nms:delivery');
  const text = idOrName.trim();
  const isId = /^\d+$/.test(text);
  const column = table.storage.byXPath.get(isId ? '@id' : '@internalName')!.name;
  const [row] = findRows(instance, table, [{ column, value: isId ? Number(text) : text }], 1);
  if (row === undefined) throw new CampaignFailure(`XSV-350000 The delivery '${text}' cannot be found.`);
  return row;
}

const setState = (instance: Instance, idOrName: string, state: number): Answer => {
  const row = findDelivery(instance, idOrName);
  updateRecords(instance, 'nms:delivery', { '@id': row.cells.get('@id') ?? 0 }, { '@state': state });
  return {};
};

/** A delivery document moves on: its state changes, and it comes back. One that nothing is known of has no target. */
const advance =
  (state: number) =>
  ({ entity }: Call): Answer => {
    const isKnown = entity.attributes.has('id') || entity.attributes.has('internalName');
    if (!isKnown && firstElement(entity, 'targets') === undefined)
      throw new CampaignFailure('DLV-490009 The delivery has no target population.');
    const delivery = cloneElement(entity);
    delivery.attributes.set('state', String(state));
    return { entity: delivery };
  };

/** A new delivery from a template, with what the caller wants otherwise. */
function fromModel(call: Call): Element {
  const { instance } = call;
  const table = tableOf(instance, 'nms:delivery');
  const model = findDelivery(instance, call.text(0));
  const delivery = toDocument(table, model);
  for (const name of [
    'id',
    'internalName',
    'md5',
    'created',
    'lastModified',
    'createdBy-id',
    'modifiedBy-id',
    'state',
  ]) {
    delivery.attributes.delete(name);
  }
  delivery.attributes.set('isModel', 'false');
  delivery.attributes.set('scenario-id', String(model.cells.get('@id') ?? 0));
  const content = call.element(1);
  for (const [name, value] of content?.attributes ?? []) delivery.attributes.set(name, value);
  for (const child of content === undefined ? [] : elements(content)) {
    delivery.children = delivery.children.filter((own) => !('name' in own) || own.name !== child.name);
    delivery.children.push(child);
  }
  delivery.attributes.set('_operation', 'insert');
  return delivery;
}

function submitDelivery(call: Call): Answer {
  const { instance } = call;
  const id = instance.rows.transaction(() => {
    const row = writeDocument(instance, fromModel(call), 'nms:delivery');
    const deliveryId = Number(row?.cells.get('@id') ?? 0);
    updateRecords(instance, 'nms:delivery', { '@id': deliveryId }, { '@state': states.inProgress });
    return deliveryId;
  });
  instance.agenda.after(instance.settings.workflowDelayMs, () => {
    updateRecords(instance, 'nms:delivery', { '@id': id }, { '@state': states.finished });
  });
  return { values: [id] };
}

/** The indicators anew, from the delivery logs. */
function recomputeStats(instance: Instance, idOrName: string): Answer {
  const id = findDelivery(instance, idOrName).cells.get('@id') ?? 0;
  const { storage } = tableOf(instance, 'nms:broadLogRcp');
  const status = identifier(storage.byXPath.get('@status')!.name);
  const [processed, success, error] = instance.rows.first(
    `SELECT count(*), sum(${status} = 1), sum(${status} = 2) FROM ${identifier(storage.table)} ` +
      `WHERE ${identifier(storage.byXPath.get('@delivery-id')!.name)} = ?`,
    [id],
  )!;
  const values = {
    'indicators/@processed': Number(processed),
    'indicators/@success': Number(success ?? 0),
    'indicators/@error': Number(error ?? 0),
  };
  updateRecords(instance, 'nms:delivery', { '@id': id }, values);
  return {};
}

function statusAndLogs(call: Call): Answer {
  const row = findDelivery(call.instance, call.text(0));
  // [I] Lines in the shape of a job's log: preparing a delivery is a job.
  const logs = call.instance.jobs.logsOf('nms:delivery', String(row.cells.get('@id') ?? 0), call.number(1));
  return {
    values: [Number(row.cells.get('@state') ?? 0), createElement('logs', {}, logs.map(logElement))],
  };
}

const htmlEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: '\u00a0',
};

function htmlToText(html: string): string {
  return html
    .replace(/<(script|style)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<br\s*\/?>|<\/(?:p|div|tr|li|h[1-6])\s*>/gi, '\n')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/g, (_all, name: string) => htmlEntities[name] ?? '')
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** [I] The shape of a diagnostic is not published; this one names what is not well formed. */
function diagnoseHtml(html: string): Element {
  const answer = createElement('diagnostic');
  try {
    parseElement(`<html>${html.replace(/<!doctype[^>]*>/i, '')}</html>`);
  } catch (error) {
    if (!(error instanceof NotWellFormed)) throw error;
    answer.children.push(createElement('message', { level: 'warning', text: error.message }));
  }
  return answer;
}

function preview(content: Element | undefined): Answer {
  const parts = content === undefined ? [] : elements(content, 'content').map(cloneElement);
  return { values: [createElement('preview', {}, parts), createElement('queryResult')] };
}

const document = { kind: 'document' } as const;

/** `nms:delivery`. Nothing is ever sent. */
export const deliveryMethods: readonly Method[] = [
  method('nms:delivery#Prepare', '', advance(states.ready), document),
  method('nms:delivery#PrepareTarget', '', advance(states.ready), document),
  method('nms:delivery#PrepareMessage', '', advance(states.ready), document),
  method('nms:delivery#PrepareAndStart', '', advance(states.inProgress), document),
  method('nms:delivery#PrepareProof', 'bStart:boolean', advance(states.ready), document),
  method(
    'nms:delivery#BuildPreview',
    'domParams:DOMDocument -> pdomPreview:DOMDocument, pdomQueryResult:DOMDocument',
    ({ entity }) => preview(entity),
    { kind: 'const' },
  ),
  method(
    'nms:delivery#BuildPreviewFromId',
    'lDeliveryId:long, domParams:DOMDocument -> pdomPreview:DOMDocument, pdomQueryResult:DOMDocument',
    ({ instance, text }) => preview(findDelivery(instance, text(0)).body),
  ),
  method('nms:delivery#PrepareFromId', 'strDeliveryId:string', ({ instance, text }) =>
    setState(instance, text(0), states.ready),
  ),
  method('nms:delivery#Play', 'strDeliveryId:string', ({ instance, text }) =>
    setState(instance, text(0), states.inProgress),
  ),
  method('nms:delivery#Pause', 'strDeliveryId:string', ({ instance, text }) =>
    setState(instance, text(0), states.paused),
  ),
  method('nms:delivery#Stop', 'strDeliveryId:string', ({ instance, text }) =>
    setState(instance, text(0), states.stopped),
  ),
  method('nms:delivery#Cancel', 'strDeliveryId:string', ({ instance, text }) =>
    setState(instance, text(0), states.stopped),
  ),
  method('nms:delivery#RecomputeStats', 'strDeliveryId:string', ({ instance, text }) =>
    recomputeStats(instance, text(0)),
  ),
  // Nothing of a document is folded away here: what is loaded is what there is.
  method('nms:delivery#LoadExpandedContents', '', ({ entity }) => ({ entity }), document),
  method(
    'nms:delivery#GetDlStatusAndLogs',
    'lDeliveryId:long, lLastLogId:long -> psDeliveryState:short, pelemReturnLogs:DOMElement',
    statusAndLogs,
  ),
  method(
    'nms:delivery#CreateFromModel',
    'strScenarioName:string, elemContent:DOMElement -> pdomDelivery:DOMDocument',
    (call) => ({ values: [fromModel(call)] }),
  ),
  method(
    'nms:delivery#SubmitDelivery',
    'strScenarioName:string, elemContent?:DOMElement -> plDeliveryId:long',
    submitDelivery,
  ),
  method('nms:delivery#HtmlToText', 'strHtml:string -> pstrText:string', ({ text }) => ({
    values: [htmlToText(text(0))],
  })),
  method(
    'nms:delivery#DiagnoseHTML',
    'strHtmlContent:string, btFormat:byte -> pdomDiagnostic:DOMDocument',
    ({ text }) => ({
      values: [diagnoseHtml(text(0))],
    }),
  ),
];

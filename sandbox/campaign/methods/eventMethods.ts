import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Method } from '../soap/method.ts';
import { writeDocument } from '../write/writeDocument.ts';
import { attribute, cloneElement, elements, type Element } from '../xml/element.ts';

function pushEvent(instance: Instance, schemaId: string, event: Element | undefined): number {
  if (event === undefined || attribute(event, 'type') === '') {
    throw new CampaignFailure("The event has no attribute 'type'.");
  }
  if (attribute(event, 'email') === '' && attribute(event, 'mobilePhone') === '') {
    throw new CampaignFailure("The event has no attribute 'email'.");
  }
  const document = cloneElement(event);
  document.attributes.set('_operation', 'insert');
  return Number(writeDocument(instance, document, schemaId)?.cells.get('@id') ?? 0);
}

const eventQueue = (schemaId: string): Method[] => [
  method(`${schemaId}#PushEvent`, 'domEvent:DOMDocument -> plId:int64', ({ instance, element }) => ({
    values: [instance.rows.transaction(() => pushEvent(instance, schemaId, element(0)))],
  })),
  method(`${schemaId}#PushEvents`, 'domEventCollection:DOMDocument', ({ instance, element }) => {
    const events = element(0);
    instance.rows.transaction(() => {
      for (const event of events === undefined ? [] : elements(events)) pushEvent(instance, schemaId, event);
    });
    return {};
  }),
];

/** `nms:rtEvent` and `nms:batchEvent`, and the counters that number what happens. */
export const eventMethods: readonly Method[] = [
  ...eventQueue('nms:rtEvent'),
  ...eventQueue('nms:batchEvent'),
  method('xtk:counter#IncreaseValue', 'strName:string -> plValue:long', ({ instance, text }) => ({
    values: [instance.sequences.next(`counter ${text(0)}`)],
  })),
];

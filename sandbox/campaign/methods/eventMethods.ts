import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Method } from '../soap/method.ts';
import { writeDocument } from '../write/writeDocument.ts';
import { attribute, cloneElement, elements, type Element } from '../xml/element.ts';

function pushEvent(instance: Instance, event: Element | undefined): number {
  if (event === undefined || attribute(event, 'type') === '') {
    throw new CampaignFailure("The event has no attribute 'type'.");
  }
  if (attribute(event, 'email') === '' && attribute(event, 'mobilePhone') === '') {
    throw new CampaignFailure("The event has no attribute 'email'.");
  }
  const document = cloneElement(event);
  document.attributes.set('_operation', 'insert');
  return Number(writeDocument(instance, document, 'nms:rtEvent')?.cells.get('@id') ?? 0);
}

/** `nms:rtEvent`, and the counters that number what happens. */
export const eventMethods: readonly Method[] = [
  method('nms:rtEvent#PushEvent', 'domEvent:DOMDocument -> plId:int64', ({ instance, element }) => ({
    values: [instance.rows.transaction(() => pushEvent(instance, element(0)))],
  })),
  method('nms:rtEvent#PushEvents', 'domEventCollection:DOMDocument', ({ instance, element }) => {
    const events = element(0);
    instance.rows.transaction(() => {
      for (const event of events === undefined ? [] : elements(events)) pushEvent(instance, event);
    });
    return {};
  }),
  method('xtk:counter#IncreaseValue', 'strName:string -> plValue:long', ({ instance, text }) => ({
    values: [instance.sequences.next(`counter ${text(0)}`)],
  })),
];

import { toInstantText } from '../clock.ts';
import { identifier } from '../database/identifier.ts';
import { insertRecord, updateRecords } from '../database/records.ts';
import { findRows, tableOf, type StoredRow } from '../entity/document.ts';
import type { Instance } from '../instance.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { method, type Answer, type Call, type Method } from '../soap/method.ts';
import { writeDocument } from '../write/writeDocument.ts';
import { cloneElement } from '../xml/element.ts';

function serviceIds(instance: Instance, names: string): number[] {
  const wanted = names.split(',').map((name) => name.trim());
  return wanted
    .filter((name) => name !== '')
    .map((name) => {
      const id = instance.value('nms:service', '@id', '@name', name);
      if (id === undefined) throw new CampaignFailure(`XSV-350000 The service '${name}' cannot be found.`);
      return Number(id);
    });
}

function recipientOf(call: Call, create: boolean): StoredRow {
  const content = call.element(1);
  if (content === undefined) throw new CampaignFailure('The recipient is missing.');
  const document = cloneElement(content);
  document.attributes.set('_operation', create ? 'insertOrUpdate' : 'none');
  const row = writeDocument(call.instance, document, 'nms:recipient');
  if (row === undefined) throw new CampaignFailure('XSV-350000 The recipient cannot be found.');
  return row;
}

function subscribe(call: Call): Answer {
  const { instance } = call;
  instance.rows.transaction(() => {
    const services = serviceIds(instance, call.text(0));
    if (services.length === 0) throw new CampaignFailure('The name of the service is missing.');
    const recipientId = recipientOf(call, call.flag(2)).cells.get('@id') ?? 0;
    const now = toInstantText(instance.clock.now());
    for (const serviceId of services) {
      if (findSubscription(instance, serviceId, Number(recipientId)) !== undefined) continue;
      insertRecord(instance, 'nms:subscription', {
        '@service-id': serviceId,
        '@recipient-id': recipientId,
        '@creationDate': now,
      });
      insertRecord(instance, 'nms:subHisto', {
        '@service-id': serviceId,
        '@recipient-id': recipientId,
        '@date': now,
        '@action': 1,
      });
    }
  });
  return {};
}

function findSubscription(instance: Instance, serviceId: number, recipientId: number): StoredRow | undefined {
  const table = tableOf(instance, 'nms:subscription');
  const service = table.storage.byXPath.get('@service-id')!.name;
  const recipient = table.storage.byXPath.get('@recipient-id')!.name;
  const key = [
    { column: service, value: serviceId },
    { column: recipient, value: recipientId },
  ];
  return findRows(instance, table, key, 1)[0];
}

function unsubscribe(call: Call): Answer {
  const { instance } = call;
  instance.rows.transaction(() => {
    const services = serviceIds(instance, call.text(0));
    const recipientId = Number(recipientOf(call, false).cells.get('@id') ?? 0);
    // Without a service the recipient wants nothing any more.
    if (services.length === 0)
      updateRecords(instance, 'nms:recipient', { '@id': recipientId }, { '@blackList': 1 });
    const { storage } = tableOf(instance, 'nms:subscription');
    for (const serviceId of services) {
      const row = findSubscription(instance, serviceId, recipientId);
      if (row === undefined) continue;
      instance.rows.run(`DELETE FROM ${identifier(storage.table)} WHERE rowid = ?`, [row.rowId]);
      const date = toInstantText(instance.clock.now());
      insertRecord(instance, 'nms:subHisto', {
        '@service-id': serviceId,
        '@recipient-id': recipientId,
        '@date': date,
        '@action': 0,
      });
    }
  });
  return {};
}

/** `nms:subscription`. */
export const subscriptionMethods: readonly Method[] = [
  method(
    'nms:subscription#Subscribe',
    'strServiceName:string, elemContent:DOMElement, bCreate:boolean',
    subscribe,
  ),
  method('nms:subscription#Unsubscribe', 'strServiceName:string, elemContent:DOMElement', unsubscribe),
];

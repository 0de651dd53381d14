import { escapeXmlText } from '../../../core/xml/entities.ts';
import type { DemoContext, DemoRow, DemoValue } from './demoContext.ts';
import { deliveryDocuments } from './entityRows.ts';
import { Random } from './random.ts';
import { operationNames } from './marketingRows.ts';

/** A delivery that was sent, and what the logs made of it. */
export interface SentDelivery {
  id: number;
  /** Age of the contact date, in days. */
  daysAgo: number;
  isMail: boolean;
  urlIds: { open: number; mirrorPage: number; optOut: number; clicks: number[] };
  counts: {
    processed: number;
    success: number;
    error: number;
    recipientOpen: number;
    totalRecipientClick: number;
    recipientClick: number;
    optOut: number;
  };
}

/** Deliveries with the ids other rows need; their rows wait until the logs have been counted. */
export interface Deliveries {
  sent: SentDelivery[];
  rows: { row: Record<string, DemoValue>; sent: SentDelivery | undefined }[];
  urlRows: DemoRow[];
}

const templates: readonly (readonly [name: string, label: string])[] = [
  ['DM_modelEmail', 'E-mail template of the brand'],
  ['DM_modelWelcome', 'Welcome'],
  ['DM_modelBirthday', 'Birthday'],
  ['DM_modelPromotion', 'Promotion of a member'],
];

const subjects = [
  'Soldes d’été: -30 %',
  'New: the garden collection',
  'Your store turns ten',
  'Nur dieses Wochenende',
  'Les nouveautés de la semaine',
  'A present for you',
  'We miss you',
  'Invitation: open day',
  'How was your purchase?',
  'Rückblick & Ausblick',
  'Carte cadeau',
];

const finished = 95;

/** 4 templates, 3 deliveries with the content of files, 33 more: 40 in all, of which 34 were sent. */
export function createDeliveries(context: DemoContext): Deliveries {
  const random = new Random('deliveries');
  const deliveries: Deliveries = { sent: [], rows: [], urlRows: [] };
  for (const [name, label] of templates) {
    const row = {
      '@id': context.newNamedId('nms:delivery', name),
      '@internalName': name,
      '@label': label,
      '@isModel': 1,
      '@state': 0,
      '@messageType': 0,
      '@folder-id': context.idOf('xtk:folder', 'nmsDeliveryModels'),
      ...sharedFields(context, 700),
      data: body(label),
    };
    deliveries.rows.push({ row, sent: undefined });
  }
  for (const [index, document] of deliveryDocuments(context).entries()) {
    const isMail = document['@messageType'] === 0;
    addDelivery(context, random, deliveries, document, isMail, finished, 20 + 9 * index);
  }
  for (let i = 0; i < 33; i++) {
    const label = subjects[i % subjects.length]!;
    const isSms = i % 8 === 7;
    // Two are being edited, one is paused; the others are over.
    const state = i < 2 ? 0 : i === 2 ? 75 : finished;
    const document = {
      '@internalName': `DM${1001 + i}`,
      '@label': i < subjects.length ? label : `${label} (${Math.floor(i / subjects.length) + 1})`,
      '@deliveryCode': `C${100 + i}`,
      '@nature': random.pick(['newsletter', 'offer', 'invitation']),
      '@messageType': isSms ? 1 : 0,
      '@operation-id': context.idOf('nms:operation', random.pick(operationNames)),
      '@folder-id': context.idOf('xtk:folder', 'nmsDelivery'),
      data: isSms ? smsBody(label) : body(label),
    };
    addDelivery(context, random, deliveries, document, !isSms, state, 2 + i * 10.4 + random.fraction());
  }
  return deliveries;
}

function addDelivery(
  context: DemoContext,
  random: Random,
  deliveries: Deliveries,
  document: Record<string, DemoValue>,
  isMail: boolean,
  state: number,
  daysAgo: number,
): void {
  const id = context.newNamedId('nms:delivery', String(document['@internalName']));
  const row: Record<string, DemoValue> = {
    '@id': id,
    ...document,
    '@state': state,
    '@isModel': 0,
    '@FCP': 0,
    'scheduling/@contactDate': state === 0 ? null : context.instant(daysAgo),
    'scheduling/@validityDate': state === 0 ? null : context.instant(daysAgo - 5),
    ...sharedFields(context, daysAgo + 3),
    '@scenario-id': context.idOf('nms:delivery', 'DM_modelEmail'),
    '@provider-id': context.idOf('nms:extAccount', isMail ? 'defaultEmail' : 'defaultSms'),
  };
  if (state !== finished) {
    deliveries.rows.push({ row, sent: undefined });
    return;
  }
  const sent: SentDelivery = {
    id,
    daysAgo,
    isMail,
    urlIds: { open: 0, mirrorPage: 0, optOut: 0, clicks: [] },
    counts: {
      processed: 0,
      success: 0,
      error: 0,
      recipientOpen: 0,
      totalRecipientClick: 0,
      recipientClick: 0,
      optOut: 0,
    },
  };
  if (isMail) addUrls(context, random, deliveries, sent);
  deliveries.sent.push(sent);
  deliveries.rows.push({ row, sent });
}

/** Values of `nms:trackingUrl:type`. */
export const urlTypes = { click: 1, open: 2, optOut: 3, mirrorPage: 6 } as const;

function addUrls(context: DemoContext, random: Random, deliveries: Deliveries, sent: SentDelivery): void {
  const add = (label: string, category: string, type: number, url: string): number => {
    const id = context.newId();
    const row = {
      '@id': id,
      '@tagId': random.uuid().replaceAll('-', ''),
      '@label': label,
      '@category': category,
    };
    const target = { '@type': type, '@sourceURL': url, '@enabled': 1, '@delivery-id': sent.id };
    deliveries.urlRows.push({ schemaId: 'nms:trackingUrl', row: { ...row, ...target } });
    return id;
  };
  sent.urlIds = {
    open: add('Open', 'open', urlTypes.open, ''),
    mirrorPage: add('Mirror page', 'mirror', urlTypes.mirrorPage, 'https://www.example.com/mirror'),
    optOut: add('Unsubscription', 'optout', urlTypes.optOut, 'https://shop.example.com/preferences'),
    clicks: ['Collection', 'Offer', 'Store locator'].map((label, index) =>
      add(
        label,
        'shop',
        urlTypes.click,
        `https://shop.example.com/${sent.id}/${index + 1}?utm_source=mail&utm_medium=e`,
      ),
    ),
  };
}

/** The rows of the deliveries, once all logs have been counted, and of their tracked URLs and seed addresses. */
export function* deliveryRows(context: DemoContext, deliveries: Deliveries): Generator<DemoRow> {
  for (const { row, sent } of deliveries.rows) {
    const indicators: Record<string, DemoValue> = {};
    if (sent !== undefined) {
      for (const [name, count] of Object.entries(sent.counts)) indicators[`indicators/@${name}`] = count;
      indicators['indicators/@toDeliver'] = sent.counts.processed;
      indicators['indicators/@totalRecipientOpen'] = sent.counts.recipientOpen;
      indicators['indicators/@personClick'] = sent.counts.recipientClick;
      indicators['indicators/@newQuarantine'] = Math.floor(sent.counts.error / 4);
    }
    yield { schemaId: 'nms:delivery', row: { ...row, ...indicators } };
  }
  yield* deliveries.urlRows;
  for (let i = 1; i <= 8; i++) {
    yield {
      schemaId: 'nms:seedMember',
      row: {
        '@id': context.newId(),
        '@internalName': `SDM${i}`,
        '@label': `Seed ${i}`,
        '@email': `seed${i}@example.com`,
        '@firstName': 'Seed',
        '@lastName': `N° ${i}`,
        '@language': i % 2 === 0 ? 'fr' : 'en',
        '@folder-id': context.idOf('xtk:folder', 'nmsSeedMembers'),
        '@delivery-id': 0,
      },
    };
  }
}

function sharedFields(context: DemoContext, createdDaysAgo: number): Record<string, DemoValue> {
  return {
    '@priority': 1,
    '@mapping-id': context.idOf('nms:deliveryMapping', 'mapRecipient'),
    '@typology-id': context.idOf('nms:typology', 'cusDefault'),
    '@created': context.instant(createdDaysAgo),
    '@lastModified': context.instant(Math.max(1, createdDaysAgo - 4)),
    '@createdBy-id': context.idOf('xtk:operator', 'chloe'),
    '@modifiedBy-id': context.idOf('xtk:operator', 'jurgen'),
  };
}

function body(subject: string): string {
  const text = escapeXmlText(subject);
  return (
    '<delivery needMirrorPage="true"><mailParameters senderName="Maison Exemple" senderAddress="news@example.com">' +
    `<subject>${text}</subject></mailParameters><content><html><source><![CDATA[<html><body>` +
    `<%@ include view='cusHeader' %><h1>${text}</h1><p>Hello <%= recipient.firstName %>,</p>` +
    `<p><a href="https://shop.example.com/?r=<%= recipient.customerId %>">See more</a></p></body></html>]]></source></html>` +
    `<text><source><![CDATA[${subject}]]></source></text></content></delivery>`
  );
}

function smsBody(subject: string): string {
  return `<delivery><content><sms><source><![CDATA[<%= recipient.firstName %>, ${subject}. STOP 36179]]></source></sms></content></delivery>`;
}

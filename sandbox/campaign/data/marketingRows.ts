import type { DemoContext, DemoRow, DemoValue } from './demoContext.ts';

/** Internal name, label, type, server. Accounts of a demo have no password. */
const accounts: readonly (readonly [name: string, label: string, type: number, server: string])[] = [
  ['defaultEmail', 'E-mail routing', 3, ''],
  ['defaultSms', 'SMS routing', 3, 'sms.example.com'],
  ['ffda', 'Cloud database', 7, 'cloud.example.com'],
  ['shopFiles', 'Files of the shop', 5, 'files.example.com'],
];

const services: readonly (readonly [name: string, label: string, type: number])[] = [
  ['SVC_newsletter', 'Newsletter', 0],
  ['SVC_offers', 'Special offers', 0],
  ['SVC_events', 'Événements en magasin', 0],
  ['SVC_products', 'New products', 0],
  ['SVC_sms', 'Alerts by SMS', 1],
  ['SVC_catalog', 'Paper catalog', 3],
];

export const serviceNames = services.map(([name]) => name);

const groups: readonly (readonly [name: string, label: string])[] = [
  ['GRP_testers', 'Testers'],
  ['GRP_vip', 'Very important people'],
  ['GRP_contest', 'Contest « Printemps »'],
  ['GRP_import2024', 'Import of the partners'],
  ['GRP_survey', 'Answered the survey'],
];

export const groupNames = groups.map(([name]) => name);

/** Internal name, label, program, nature. */
const operations: readonly (readonly [name: string, label: string, program: string, nature: string])[] = [
  ['OP_spring', 'Spring collection', 'PRG_seasons', 'event'],
  ['OP_summer', 'Summer sale', 'PRG_seasons', 'event'],
  ['OP_autumn', 'Autumn', 'PRG_seasons', 'event'],
  ['OP_winter', "Fêtes de fin d'année", 'PRG_seasons', 'event'],
  ['OP_loyalty', 'Loyalty program', 'PRG_customers', 'loyalty'],
  ['OP_welcome', 'Welcome', 'PRG_customers', 'acquisition'],
  ['OP_winBack', 'Win back', 'PRG_customers', 'loyalty'],
  ['OP_survey', 'Satisfaction survey', 'PRG_voice', 'loyalty'],
  ['OP_openings', 'Store openings', 'PRG_stores', 'event'],
  ['OP_partners', 'Partners', 'PRG_stores', 'acquisition'],
];

export const operationNames = operations.map(([name]) => name);

const programs: readonly (readonly [name: string, label: string, plan: string])[] = [
  ['PRG_seasons', 'Seasons', 'PLN_brand'],
  ['PRG_customers', 'Customers', 'PLN_relation'],
  ['PRG_voice', 'Voice of the customer', 'PLN_relation'],
  ['PRG_stores', 'Stores', 'PLN_brand'],
];

export function* marketingRows(context: DemoContext): Generator<DemoRow> {
  const folder = (name: string): number => context.idOf('xtk:folder', name);
  const named = (schemaId: string, name: string, label: string): Record<string, DemoValue> => ({
    '@id': context.newNamedId(schemaId, name),
    '@name': name,
    '@label': label,
  });
  for (const [name, label, type, server] of accounts) {
    const row = named('nms:extAccount', name, label);
    yield {
      schemaId: 'nms:extAccount',
      row: {
        ...row,
        '@type': type,
        '@server': server,
        '@active': 1,
        '@folder-id': folder('nmsExtAccounts'),
      },
    };
  }
  yield {
    schemaId: 'nms:deliveryMapping',
    row: {
      ...named('nms:deliveryMapping', 'mapRecipient', 'Recipients'),
      '@schema': 'nms:recipient',
      'storage/@broadLogSchema': 'nms:broadLogRcp',
      'storage/@trackingLogSchema': 'nms:trackingLogRcp',
    },
  };
  for (const [name, label] of [
    ['defaultTypology', 'Default typology'],
    ['cusDefault', 'Typology of the brand'],
  ] as const) {
    const row = named('nms:typology', name, label);
    yield { schemaId: 'nms:typology', row: { ...row, '@builtIn': name.startsWith('cus') ? 0 : 1 } };
  }
  for (const [name, label, type] of services) {
    const row = named('nms:service', name, label);
    yield {
      schemaId: 'nms:service',
      row: { ...row, '@type': type, '@limitedDuration': 0, '@folder-id': folder('nmsServices') },
    };
  }
  for (const [name, label] of groups) {
    const row = named('nms:group', name, label);
    yield {
      schemaId: 'nms:group',
      row: { ...row, '@schema': 'nms:recipient', '@folder-id': folder('nmsGroups') },
    };
  }
  for (const [name, label] of [
    ['PLN_brand', 'Brand'],
    ['PLN_relation', 'Customer relationship'],
  ] as const) {
    const row = named('nms:plan', name, label);
    const dates = { '@start': context.instant(200), '@end': context.instant(-165) };
    yield { schemaId: 'nms:plan', row: { ...row, ...dates, '@folder-id': folder('nmsPlans') } };
  }
  for (const [name, label, plan] of programs) {
    const row = named('nms:program', name, label);
    yield {
      schemaId: 'nms:program',
      row: {
        ...row,
        '@start': context.instant(200),
        '@end': context.instant(-165),
        '@plan-id': context.idOf('nms:plan', plan),
        '@folder-id': folder('nmsPrograms'),
      },
    };
  }
  for (const [index, [name, label, program, nature]] of operations.entries()) {
    yield {
      schemaId: 'nms:operation',
      row: {
        '@id': context.newNamedId('nms:operation', name),
        '@internalName': name,
        '@label': label,
        '@nature': nature,
        '@status': index < 3 ? 2 : 1,
        '@start': context.instant(180 - 10 * index),
        '@end': context.instant(-10 * index),
        '@budget': 5000 + 2500 * index,
        '@program-id': context.idOf('nms:program', program),
        '@owner-id': context.idOf('xtk:operator', index % 2 === 0 ? 'chloe' : 'jurgen'),
        '@folder-id': folder('nmsPrograms'),
        '@created': context.instant(190 - 10 * index),
        '@lastModified': context.instant(9 - index / 2),
        data: `<operation><desc>${label}: objectives, target, budget.</desc></operation>`,
      },
    };
  }
  for (const [index, label] of [
    'Free shipping',
    'Carte cadeau 10 €',
    '-20 % kitchen',
    'Garden & co.',
    'Workshop',
  ].entries()) {
    const row = named('nms:offer', `OFF_${index + 1}`, label);
    yield {
      schemaId: 'nms:offer',
      row: {
        ...row,
        '@code': `O${100 + index}`,
        '@status': index === 4 ? 0 : 2,
        '@startDate': context.instant(60),
        '@endDate': context.instant(-60),
        '@weight': 10 * (index + 1),
      },
    };
  }
  for (const [name, schema, policy] of [
    ['replicateStores', 'cus:store', 'XS'],
    ['replicateProducts', 'cus:product', 'XS'],
    ['replicateServices', 'nms:service', 'SomeRows'],
  ] as const) {
    const row = named('nms:replicationStrategy', name, `Replication of ${schema}`);
    yield {
      schemaId: 'nms:replicationStrategy',
      row: { ...row, '@schema': schema, '@policy': policy, '@lastReplication': context.instant(0.02) },
    };
  }
}

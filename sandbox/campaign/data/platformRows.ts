import type { DemoContext, DemoRow } from './demoContext.ts';

/** Enumerations that users manage: name, label, values. */
const enumerations: readonly (readonly [name: string, label: string, values: readonly string[]])[] = [
  ['salutation', 'Titles', ['M.', 'Mme', 'Mr.', 'Ms.', 'Herr', 'Frau', 'Sr.', 'Sra.']],
  ['language', 'Languages', ['fr', 'de', 'en', 'es', 'it', 'sv', 'pl', 'ja']],
  ['origin', 'Origins', ['shop', 'store', 'partner', 'import', 'survey']],
  ['deliveryNature', 'Natures of deliveries', ['newsletter', 'offer', 'service', 'invitation']],
  ['operationNature', 'Natures of campaigns', ['acquisition', 'loyalty', 'event']],
];

/** Login, label, language, groups. */
const operators: readonly (readonly [
  login: string,
  label: string,
  locale: string,
  groups: readonly string[],
])[] = [
  ['admin', 'Administrator', 'en', ['administration']],
  ['internal', 'Internal account', 'en', ['administration']],
  ['chloe', 'Chloé Lefèvre', 'fr', ['cusMarketing']],
  ['jurgen', 'Jürgen Weiß', 'de', ['cusMarketing', 'cusDevelopers']],
  ['dev', 'Developer', 'en', ['cusDevelopers', 'administration']],
  ['shop-api', 'Shop (API account)', 'en', ['cusApi']],
];

const operatorGroups: readonly (readonly [name: string, label: string])[] = [
  ['administration', 'Administration'],
  ['cusDevelopers', 'Developers'],
  ['cusMarketing', 'Marketing'],
  ['cusApi', 'Programs'],
];

/** XTK type codes of option values. */
const optionTypes = { long: 3, string: 6, instant: 7, memo: 12 } as const;

/** Name, type, value, description. Nothing here is secret, and nothing that is may ever be added. */
const options: readonly (readonly [
  name: string,
  type: keyof typeof optionTypes,
  value: string | number,
  description: string,
])[] = [
  ['XtkDatabaseId', 'string', 'uDEMO00000000000000000001', 'Identifier of the database'],
  ['XtkInstanceId', 'string', 'demo', 'Name of the instance'],
  ['NmsServer_FFDA_Datasource', 'string', 'nms:extAccount:ffda', 'Account of the cloud database'],
  ['NmsServer_URL', 'string', 'https://www.example.com', 'Public address of the server'],
  ['NmsServer_MirrorPageUrl', 'string', 'https://www.example.com', 'Address of the mirror pages'],
  ['NmsDelivery_DefaultRetentionRejectOk', 'long', 90, 'Days that rejects are kept'],
  ['NmsCleanup_TrackingLogPurgeDelay', 'long', 365, 'Days that tracking logs are kept'],
  ['NmsCleanup_BroadLogPurgeDelay', 'long', 365, 'Days that delivery logs are kept'],
  ['XtkCleanup_NoStats', 'long', 0, 'Whether the cleanup leaves the statistics of the database alone'],
  ['WdbcOptions_TableSpaceIndex', 'string', '', 'Table space of the indexes'],
  ['cusShopUrl', 'string', 'https://shop.example.com', 'Address of the shop'],
  ['cusWelcomeVoucher', 'string', 'BIENVENUE10', 'Voucher of the welcome message'],
  ['cusRetentionDays', 'long', 400, 'Days that the privacy purge keeps'],
  [
    'cusFooter',
    'memo',
    'Maison Exemple\n1, rue de la République, 67000 Strasbourg\n« À bientôt »',
    'Foot of the messages',
  ],
];

export function* platformRows(context: DemoContext): Generator<DemoRow> {
  for (const [name, label, values] of enumerations) {
    const enumId = context.newId();
    yield { schemaId: 'xtk:enum', row: { '@id': enumId, '@name': name, '@label': label, '@type': 0 } };
    for (const [index, value] of values.entries()) {
      const row = { '@id': context.newId(), '@value': value, '@label': value, '@order': index + 1 };
      yield { schemaId: 'xtk:enumValue', row: { ...row, '@enum-id': enumId } };
    }
  }
  for (const [name, label] of operatorGroups) {
    const row = { '@id': context.newNamedId('xtk:group', name), '@name': name, '@label': label };
    yield { schemaId: 'xtk:group', row: { ...row, '@builtIn': name === 'administration' ? 1 : 0 } };
  }
  for (const [login, label, locale, groups] of operators) {
    const id = context.newNamedId('xtk:operator', login);
    const isTechnical = login === 'internal' || login === 'shop-api';
    yield {
      schemaId: 'xtk:operator',
      row: {
        '@id': id,
        '@name': login,
        '@label': label,
        '@email': `${login}@example.com`,
        '@locale': locale,
        '@timezone': '_server_',
        '@accessType': login === 'shop-api' ? 2 : 0,
        '@technical': isTechnical ? 1 : 0,
        '@builtIn': login === 'admin' || login === 'internal' ? 1 : 0,
        '@folder-id': context.idOf('xtk:folder', 'xtkOperators'),
      },
    };
    for (const group of groups) {
      const row = { '@operator-id': id, '@group-id': context.idOf('xtk:group', group) };
      yield { schemaId: 'xtk:operatorGroup', row };
    }
  }
  for (const [name, type, value, description] of options) {
    const field = {
      long: '@longValue',
      string: '@stringValue',
      instant: '@timeStampValue',
      memo: 'memoValue',
    };
    yield {
      schemaId: 'xtk:option',
      row: {
        '@id': context.newId(),
        '@name': name,
        '@dataType': optionTypes[type],
        [field[type]]: value,
        '@builtIn': name.startsWith('cus') ? 0 : 1,
        desc: description,
        '@lastModified': context.instant(30),
      },
    };
  }
}

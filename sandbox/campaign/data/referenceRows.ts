import type { DemoContext, DemoRow, DemoValue } from './demoContext.ts';

/** Name, label, folder type, schema listed, and what is below. */
type Folder = readonly [
  name: string,
  label: string,
  model: string,
  entity: string,
  children?: readonly Folder[],
];

/** The explorer tree. Folder types follow the documented names. */
const folderTree: readonly Folder[] = [
  [
    'nmsProfilesAndTargets',
    'Profiles and Targets',
    'nmsProfilesAndTargets',
    '',
    [
      [
        'nmsRootFolder',
        'Recipients',
        'nmsFolder',
        'nms:recipient',
        [
          ['nmsPartners', 'Partners', 'nmsFolder', 'nms:recipient'],
          ['nmsTestProfiles', 'Test profiles', 'nmsFolder', 'nms:recipient'],
          ['nmsMembersView', 'Members (view)', 'nmsFolder', 'nms:recipient'],
        ],
      ],
      ['nmsGroups', 'Lists', 'nmsGroup', 'nms:group'],
      ['nmsServices', 'Services and Subscriptions', 'nmsService', 'nms:service'],
      ['nmsSeedMembers', 'Seed addresses', 'nmsSeedMember', 'nms:seedMember'],
    ],
  ],
  [
    'nmsCampaignManagement',
    'Campaign Management',
    'nmsCampaignManagement',
    '',
    [
      ['nmsDelivery', 'Deliveries', 'nmsDelivery', 'nms:delivery'],
      ['nmsPlans', 'Marketing plans', 'nmsPlan', 'nms:plan'],
      ['nmsPrograms', 'Campaigns', 'nmsProgram', 'nms:operation'],
    ],
  ],
  [
    'nmsResources',
    'Resources',
    'nmsResources',
    '',
    [
      [
        'nmsTemplates',
        'Templates',
        'nmsTemplates',
        '',
        [
          ['nmsDeliveryModels', 'Delivery templates', 'nmsDeliveryModel', 'nms:delivery'],
          ['xtkWorkflowModels', 'Workflow templates', 'xtkWorkflow', 'xtk:workflow'],
        ],
      ],
      ['nmsWebApps', 'Web Applications', 'nmsWebApp', 'nms:webApp'],
    ],
  ],
  [
    'xtkAdministration',
    'Administration',
    'xtkAdministration',
    '',
    [
      [
        'xtkConfiguration',
        'Configuration',
        'xtkConfiguration',
        '',
        [
          ['xtkSrcSchemas', 'Data schemas', 'xtkSrcSchema', 'xtk:srcSchema'],
          ['xtkForms', 'Input forms', 'xtkForm', 'xtk:form'],
          ['xtkNavTrees', 'Navigation hierarchies', 'xtkNavTree', 'xtk:navtree'],
          ['xtkJavascripts', 'JavaScript codes', 'xtkJavascript', 'xtk:javascript'],
          ['xtkJssps', 'Dynamic JavaScript pages', 'xtkJSSP', 'xtk:jssp'],
          ['xtkJsts', 'JavaScript templates', 'xtkJst', 'xtk:jst'],
          ['xtkSqls', 'SQL scripts', 'xtkSql', 'xtk:sql'],
          ['xtkQueryFilters', 'Predefined filters', 'xtkQueryFilter', 'xtk:queryFilter'],
        ],
      ],
      [
        'xtkPlatform',
        'Platform',
        'xtkPlatform',
        '',
        [
          ['xtkOptions', 'Options', 'xtkOption', 'xtk:option'],
          ['xtkEnums', 'Enumerations', 'xtkEnum', 'xtk:enum'],
          ['nmsExtAccounts', 'External accounts', 'nmsExtAccount', 'nms:extAccount'],
        ],
      ],
      [
        'nmsProduction',
        'Production',
        'nmsProduction',
        '',
        [
          [
            'nmsTechnicalWorkflows',
            'Technical workflows',
            'nmsTechnicalWorkflow',
            'xtk:workflow',
            [['nmsFFDA', 'Full FFDA Replication', 'nmsTechnicalWorkflow', 'xtk:workflow']],
          ],
          ['cusWorkflows', 'Workflows of the shop', 'xtkWorkflow', 'xtk:workflow'],
        ],
      ],
      [
        'xtkAccess',
        'Access management',
        'xtkAccess',
        '',
        [['xtkOperators', 'Operators', 'xtkOperator', 'xtk:operator']],
      ],
      [
        'nmsContent',
        'Content management',
        'nmsContent',
        '',
        [['nmsIncludeViews', 'Personalization blocks', 'nmsIncludeView', 'nms:includeView']],
      ],
    ],
  ],
];

export function* folderRows(context: DemoContext): Generator<DemoRow> {
  yield* foldersBelow(context, folderTree, 0, '/');
}

function* foldersBelow(
  context: DemoContext,
  folders: readonly Folder[],
  parentId: number,
  path: string,
): Generator<DemoRow> {
  for (const [index, [name, label, model, entity, children = []]] of folders.entries()) {
    const id = context.newNamedId('xtk:folder', name);
    const fullName = `${path}${label}/`;
    const isView = name === 'nmsMembersView';
    yield {
      schemaId: 'xtk:folder',
      row: {
        '@id': id,
        '@name': name,
        '@label': label,
        '@fullName': fullName,
        '@model': model,
        '@entity': entity,
        '@isView': isView ? 1 : 0,
        '@builtIn': name.startsWith('cus') ? 0 : 1,
        '@order': index + 1,
        '@childCount': children.length,
        '@image-namespace': 'xtk',
        '@image-name': 'folder.png',
        '@parent-id': parentId,
        '@created': context.instant(1500),
        '@lastModified': context.instant(1500 - index),
        data: isView
          ? '<folder><where filteringSchema="nms:recipient"><condition expr="@loyaltyTier &gt; 0"/></where></folder>'
          : null,
      },
    };
    yield* foldersBelow(context, children, id, fullName);
  }
}

const countries: readonly (readonly [a2: string, a3: string, n3: string, label: string, prefix: string])[] = [
  ['FR', 'FRA', '250', 'France', '33'],
  ['BE', 'BEL', '056', 'Belgium', '32'],
  ['CA', 'CAN', '124', 'Canada', '1'],
  ['DE', 'DEU', '276', 'Germany', '49'],
  ['CH', 'CHE', '756', 'Switzerland', '41'],
  ['GB', 'GBR', '826', 'United Kingdom', '44'],
  ['US', 'USA', '840', 'United States', '1'],
  ['IE', 'IRL', '372', 'Ireland', '353'],
  ['ES', 'ESP', '724', 'Spain', '34'],
  ['IT', 'ITA', '380', 'Italy', '39'],
  ['SE', 'SWE', '752', 'Sweden', '46'],
  ['PL', 'POL', '616', 'Poland', '48'],
  ['JP', 'JPN', '392', 'Japan', '81'],
  ['LU', 'LUX', '442', 'Luxembourg', '352'],
  ['CI', 'CIV', '384', "Côte d'Ivoire", '225'],
  ['XX', 'XXX', '000', 'Unknown', ''],
];

const states: readonly (readonly [country: string, code: string, label: string])[] = [
  ['US', 'MA', 'Massachusetts'],
  ['US', 'WA', 'Washington'],
  ['US', 'CA', 'California'],
  ['US', 'TX', 'Texas'],
  ['CA', 'QC', 'Québec'],
  ['CA', 'ON', 'Ontario'],
];

export function* placeRows(context: DemoContext): Generator<DemoRow> {
  for (const [a2, a3, n3, label, prefix] of countries) {
    yield {
      schemaId: 'nms:country',
      row: {
        '@isoA2': a2,
        '@isoA3': a3,
        '@isoN3': n3,
        '@label': label,
        '@shortLabel': label,
        '@phonePrefix': prefix,
      },
    };
  }
  for (const [countryCode, code, label] of states) {
    yield {
      schemaId: 'nms:state',
      row: { '@id': context.newId(), '@code': code, '@countryCode': countryCode, '@label': label },
    };
  }
}

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

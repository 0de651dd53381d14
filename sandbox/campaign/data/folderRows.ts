import type { DemoContext, DemoRow } from './demoContext.ts';

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

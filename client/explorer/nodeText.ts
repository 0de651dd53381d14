import type { FieldDescription, MethodDescription } from '../../core/protocol/messages.ts';
import { isBuiltInNamespace } from '../../core/schema/builtInNamespaces.ts';
import type { ConnectionSettings } from '../connection/connectionSettings.ts';
import { ageText } from '../connection/ageText.ts';
import { stateText } from '../connection/stateText.ts';
import type { FieldNode, GroupName, ModelNode, TreeNode } from './treeNodes.ts';

const groupLabels: Record<GroupName, string> = {
  fields: 'Fields',
  links: 'Links',
  collections: 'Collections',
  keys: 'Keys',
  enumerations: 'Enumerations',
  methods: 'Methods',
};

export const tierLabels = {
  development: 'Development',
  test: 'Test',
  staging: 'Staging',
  production: 'Production',
} as const;

/** How a node reads: its name, what stands dimmed beside it, and what a tooltip and a screen reader say. */
export interface NodeText {
  readonly label: string;
  readonly description: string;
  /** Lines; the first is the heading. */
  readonly tooltip: readonly string[];
}

/** @param now ms since 1970. */
export function nodeText(node: TreeNode, now: number): NodeText {
  switch (node.kind) {
    case 'connection': {
      const { settings, state, isActive, hasOthers, isPaused } = node;
      const tier = tierLabels[settings.tier];
      return {
        label: settings.name,
        description: [
          tier,
          stateText(state),
          ...(isPaused ? ['paused'] : []),
          ...(isActive && hasOthers ? ['active'] : []),
        ].join(' · '),
        tooltip: [
          settings.name,
          settings.url,
          ...(settings.login === undefined ? [] : [`Login: ${settings.login}`]),
          `${tier}, ${stateText(state)}`,
          ...(state === 'disconnected' ? ['Click to connect'] : []),
          ...(isActive && hasOthers ? ['Active: completion, checks and queries use it'] : []),
        ],
      };
    }
    case 'model':
      return modelText(node, now);
    case 'folder':
      return {
        label: 'Schema files',
        description: node.path,
        tooltip: ['Schema files', node.path, 'The folder named by the setting campaign.model.folder'],
      };
    case 'namespace':
      return {
        label: node.namespace,
        description: node.schemas.length === 1 ? '1 schema' : `${node.schemas.length} schemas`,
        tooltip: [node.namespace, isBuiltInNamespace(node.namespace) ? 'Built in' : 'Customer namespace'],
      };
    case 'schema':
      return {
        label: node.schemaId.slice(node.schemaId.indexOf(':') + 1),
        description: node.label,
        tooltip: [node.schemaId, node.label],
      };
    case 'group':
      return {
        label: groupLabels[node.group],
        description: String(node.children.length),
        tooltip: [groupLabels[node.group]],
      };
    case 'field':
      return fieldText(node);
    case 'key':
      return {
        label: node.description.name,
        description: node.description.xpaths.join(', '),
        tooltip: [
          node.description.label === '' ? node.description.name : node.description.label,
          node.description.primary ? 'Primary key' : 'Key',
          ...node.description.xpaths,
        ],
      };
    case 'enumeration':
      return {
        label: node.description.name,
        description: node.description.label,
        tooltip: [node.description.name, node.description.label, `${node.description.values.length} values`],
      };
    case 'value': {
      const { name, value, label } = node.value;
      return {
        label: name,
        description: value === name ? label : `${value}  ${label}`,
        tooltip: [name, `Value: ${value}`, label],
      };
    }
    case 'method': {
      const { name, label, description, isStatic } = node.description;
      return {
        label: name,
        description: `(${parameterText(node.description)})`,
        tooltip: [
          `${node.schemaId}#${name}`,
          ...(label === '' || label === name ? [] : [label]),
          ...(isStatic ? ['Static'] : []),
          ...(description === undefined ? [] : [description]),
        ],
      };
    }
    case 'error':
      return {
        label: node.summary,
        description: node.cure === 'connect' ? 'click to connect' : 'click to try again',
        tooltip: [node.summary, node.message],
      };
  }
}

function modelText({ state }: ModelNode, now: number): NodeText {
  const label = 'Data model';
  if (state === undefined) return { label, description: '', tooltip: [label, 'Not read yet'] };
  const count = `${state.schemaCount} ${state.schemaCount === 1 ? 'schema' : 'schemas'}`;
  const age = ageText(state.checkedAt, now);
  return {
    label,
    description: `${count} · ${age}`,
    tooltip: [
      `${label}: ${count}`,
      `Compared with the instance ${age}, on ${new Date(state.checkedAt).toLocaleString()}`,
      'Refresh it when schemas have changed on the instance',
    ],
  };
}

function parameterText({ parameters }: MethodDescription): string {
  return parameters
    .map(({ name, type, direction }) => `${direction === 'in' ? '' : `${direction} `}${name}: ${type}`)
    .join(', ');
}

function fieldText({ field, xpath }: FieldNode): NodeText {
  const type = field.target ?? `${field.type ?? ''}${field.length === undefined ? '' : `(${field.length})`}`;
  return {
    label: field.name,
    description: [type, field.label].filter((text) => text !== '').join('  '),
    tooltip: [
      field.label === '' ? field.name : field.label,
      xpath,
      ...(field.target === undefined ? (type === '' ? [] : [type]) : [`→ ${field.target}`]),
      ...(field.enumeration === undefined ? [] : [`Enumeration ${field.enumeration}`]),
      ...(field.sqlName === undefined ? [] : [`Column ${field.sqlName}`]),
      ...(field.xml === true ? ['Stored in the XML memo: not usable in conditions'] : []),
      ...(field.required === true ? ['Required'] : []),
      ...(field.description === undefined || field.description === '' ? [] : [field.description]),
    ],
  };
}

/** Name of a codicon, and of the theme colour that goes with it. */
export function nodeIcon(node: TreeNode): { readonly id: string; readonly color?: string } {
  switch (node.kind) {
    case 'connection':
      return node.state === 'connecting'
        ? { id: 'loading~spin' }
        : {
            id: node.state === 'connected' ? 'vm-active' : 'vm-outline',
            color: tierColors[node.settings.tier],
          };
    case 'model':
      return { id: 'database' };
    case 'folder':
      return { id: 'folder-library' };
    case 'namespace':
      return { id: 'symbol-namespace' };
    case 'schema':
      return { id: 'symbol-class' };
    case 'group':
      return { id: groupIcons[node.group] };
    case 'field':
      return { id: fieldIcon(node.field) };
    case 'key':
      return { id: 'key' };
    case 'enumeration':
      return { id: 'symbol-enum' };
    case 'value':
      return { id: 'symbol-enum-member' };
    case 'method':
      return { id: 'symbol-method' };
    case 'error':
      return node.cure === 'connect' ? { id: 'plug' } : { id: 'warning', color: 'list.warningForeground' };
  }
}

export const tierColors: Record<ConnectionSettings['tier'], string> = {
  development: 'charts.green',
  test: 'charts.blue',
  staging: 'charts.orange',
  production: 'charts.red',
};

const groupIcons: Record<GroupName, string> = {
  fields: 'symbol-field',
  links: 'references',
  collections: 'list-unordered',
  keys: 'key',
  enumerations: 'symbol-enum',
  methods: 'symbol-method',
};

function fieldIcon(field: FieldDescription): string {
  switch (field.kind) {
    case 'link':
      return 'references';
    case 'collection':
      return 'list-unordered';
    case 'element':
      return (field.children?.length ?? 0) > 0 ? 'symbol-structure' : 'symbol-field';
    case 'attribute':
      return typeIcons[field.type ?? ''] ?? 'symbol-field';
  }
}

const typeIcons: Readonly<Record<string, string>> = {
  string: 'symbol-string',
  memo: 'symbol-string',
  CDATA: 'symbol-string',
  boolean: 'symbol-boolean',
  byte: 'symbol-number',
  short: 'symbol-number',
  long: 'symbol-number',
  int64: 'symbol-number',
  float: 'symbol-number',
  double: 'symbol-number',
  percent: 'symbol-number',
  date: 'calendar',
  datetime: 'calendar',
  datetimetz: 'calendar',
  datetimenotz: 'calendar',
  time: 'calendar',
  uuid: 'symbol-key',
};

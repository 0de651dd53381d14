import type {
  EnumerationDescription,
  FieldDescription,
  KeyDescription,
  MethodDescription,
  SchemaDescription,
  SchemaListEntry,
} from '../../core/protocol/messages.ts';
import { isBuiltInNamespace } from '../../core/schema/builtInNamespaces.ts';
import { CampaignError, type CampaignErrorCode } from '../../core/soap/campaignError.ts';
import type { ConnectionState, Connection } from '../connection/connections.ts';
import type { ConnectionSettings } from '../connection/connectionSettings.ts';
import { stateText } from '../connection/stateText.ts';

/** What stands in the tree. Nodes are made from scratch on each expansion; `key` says which are the same. */
export type TreeNode =
  | ConnectionNode
  | ModelNode
  | NamespaceNode
  | SchemaNode
  | GroupNode
  | FieldNode
  | KeyNode
  | EnumerationNode
  | EnumerationValueNode
  | MethodNode
  | ErrorNode;

interface NodeBase {
  /** Unique in the tree and the same after a refresh, so that what is expanded stays so. */
  readonly key: string;
}

export interface ConnectionNode extends NodeBase {
  readonly kind: 'connection';
  readonly connectionId: string;
  readonly settings: ConnectionSettings;
  readonly state: ConnectionState;
  /** The one the editor features use. */
  readonly isActive: boolean;
  /** There are more connections, so that it says something to be the active one. */
  readonly hasOthers: boolean;
  /** A person holds its calls back. */
  readonly isPaused: boolean;
}

/** The data model of the active connection. */
export interface ModelNode extends NodeBase {
  readonly kind: 'model';
}

export interface NamespaceNode extends NodeBase {
  readonly kind: 'namespace';
  readonly namespace: string;
  readonly schemas: readonly SchemaListEntry[];
}

export interface SchemaNode extends NodeBase {
  readonly kind: 'schema';
  readonly schemaId: string;
  readonly label: string;
}

export type GroupName = 'fields' | 'links' | 'collections' | 'keys' | 'enumerations' | 'methods';

export interface GroupNode extends NodeBase {
  readonly kind: 'group';
  readonly group: GroupName;
  readonly children: readonly TreeNode[];
}

/** A field as seen from a schema: through the link that leads to it, if any. */
export interface FieldNode extends NodeBase {
  readonly kind: 'field';
  readonly field: FieldDescription;
  /** From the schema's main element, across links. */
  readonly xpath: string;
}

export interface KeyNode extends NodeBase {
  readonly kind: 'key';
  readonly description: KeyDescription;
}

export interface EnumerationNode extends NodeBase {
  readonly kind: 'enumeration';
  readonly description: EnumerationDescription;
}

export interface EnumerationValueNode extends NodeBase {
  readonly kind: 'value';
  readonly value: EnumerationDescription['values'][number];
}

export interface MethodNode extends NodeBase {
  readonly kind: 'method';
  readonly schemaId: string;
  readonly description: MethodDescription;
}

/** What could not be loaded, in its place in the tree. */
export interface ErrorNode extends NodeBase {
  readonly kind: 'error';
  /** What happened, short enough for a narrow row. */
  readonly summary: string;
  /** All there is to say. */
  readonly message: string;
  /** What a click does: signs in, or loads the node again. */
  readonly cure: 'connect' | 'retry';
  /** The node to load again. */
  readonly parent: TreeNode;
}

export function toConnectionNode(
  connection: Connection,
  { isActive, hasOthers }: Pick<ConnectionNode, 'isActive' | 'hasOthers'>,
): ConnectionNode {
  const { settings, state, soap } = connection;
  return {
    kind: 'connection',
    key: `connection:${settings.id}`,
    connectionId: settings.id,
    settings,
    state,
    isActive,
    hasOthers,
    isPaused: soap.figures.held,
  };
}

export function toModelNode(connectionId: string): ModelNode {
  return { kind: 'model', key: `model:${connectionId}` };
}

export function toErrorNode(parent: TreeNode, error: unknown): ErrorNode {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof CampaignError ? error.code : undefined;
  return {
    kind: 'error',
    key: `${parent.key}/error`,
    summary: (code === undefined ? undefined : errorSummaries[code]) ?? 'Could not be read',
    message,
    cure: code === 'signIn' || code === 'sessionExpired' ? 'connect' : 'retry',
    parent,
  };
}

/** A row of the tree has room for two or three words; the tooltip has the sentences. */
const errorSummaries: Partial<Record<CampaignErrorCode, string>> = {
  signIn: 'Not connected',
  sessionExpired: 'Not connected',
  network: 'Out of reach',
  throttled: 'Busy',
  cancelled: 'Cancelled',
};

/** Namespaces in alphabetical order, own ones first: they are what people here work on. */
export function toNamespaceNodes(
  parent: ModelNode,
  schemas: readonly SchemaListEntry[],
  options: { hideBuiltIn: boolean },
): NamespaceNode[] {
  const byNamespace = new Map<string, SchemaListEntry[]>();
  for (const schema of schemas) {
    const namespace = schema.id.slice(0, Math.max(0, schema.id.indexOf(':')));
    const list = byNamespace.get(namespace);
    if (list === undefined) byNamespace.set(namespace, [schema]);
    else list.push(schema);
  }
  return [...byNamespace]
    .filter(([namespace]) => !options.hideBuiltIn || !isBuiltInNamespace(namespace))
    .sort(
      ([left], [right]) =>
        Number(isBuiltInNamespace(left)) - Number(isBuiltInNamespace(right)) || compare(left, right),
    )
    .map(([namespace, list]) => ({
      kind: 'namespace',
      key: `${parent.key}/${namespace}`,
      namespace,
      schemas: list,
    }));
}

export function toSchemaNodes(parent: NamespaceNode): SchemaNode[] {
  return [...parent.schemas]
    .sort((left, right) => compare(left.id, right.id))
    .map(({ id, label }) => ({ kind: 'schema', key: `${parent.key}/${id}`, schemaId: id, label }));
}

/** What a schema consists of, in groups; empty ones are left out. */
export function toGroupNodes(parent: SchemaNode, description: SchemaDescription): GroupNode[] {
  const fields = toFieldNodes(parent.key, '', description.fields);
  const ofKind = (...kinds: FieldDescription['kind'][]): FieldNode[] =>
    fields.filter(({ field }) => kinds.includes(field.kind));
  const groups: readonly [GroupName, readonly TreeNode[]][] = [
    ['fields', ofKind('attribute', 'element')],
    ['links', ofKind('link')],
    ['collections', ofKind('collection')],
    [
      'keys',
      description.keys.map((key) => ({
        kind: 'key',
        key: `${parent.key}/key:${key.name}`,
        description: key,
      })),
    ],
    [
      'enumerations',
      description.enumerations.map((enumeration) => ({
        kind: 'enumeration',
        key: `${parent.key}/enumeration:${enumeration.name}`,
        description: enumeration,
      })),
    ],
    [
      'methods',
      description.methods.map((method) => ({
        kind: 'method',
        key: `${parent.key}/method:${method.name}`,
        schemaId: description.id,
        description: method,
      })),
    ],
  ];
  return groups
    .filter(([, children]) => children.length > 0)
    .map(([group, children]) => ({ kind: 'group', key: `${parent.key}/${group}`, group, children }));
}

/**
 * Fields below a field: its own, or those of the schema a link leads to.
 * @param target the description of the link's target.
 */
export function toChildFields(parent: FieldNode, target: SchemaDescription | null): FieldNode[] {
  const { field, xpath, key } = parent;
  if (field.target === undefined) return toFieldNodes(key, '', field.children ?? [], xpath, field.xpath);
  const rank = { attribute: 0, element: 0, link: 1, collection: 2 };
  const fields = [...(target?.fields ?? [])].sort((left, right) => rank[left.kind] - rank[right.kind]);
  return toFieldNodes(key, `${xpath}/`, fields);
}

/** @param base put before each field's xpath, or in place of `ownBase` when that is given. */
function toFieldNodes(
  parentKey: string,
  prefix: string,
  fields: readonly FieldDescription[],
  base?: string,
  ownBase?: string,
): FieldNode[] {
  return fields.map((field) => ({
    kind: 'field',
    key: `${parentKey}/${field.name}`,
    field,
    // Below an element the model counts from its own main element; the tree counts from where it was entered.
    xpath: base === undefined ? `${prefix}${field.xpath}` : `${base}${field.xpath.slice(ownBase!.length)}`,
  }));
}

export function toValueNodes(parent: EnumerationNode): EnumerationValueNode[] {
  return parent.description.values.map((value) => ({
    kind: 'value',
    key: `${parent.key}/${value.name}`,
    value,
  }));
}

export function isExpandable(node: TreeNode): boolean {
  switch (node.kind) {
    case 'connection':
      return node.isActive;
    case 'model':
    case 'namespace':
    case 'schema':
    case 'group':
      return true;
    case 'field':
      return node.field.target !== undefined || (node.field.children?.length ?? 0) > 0;
    case 'enumeration':
      return node.description.values.length > 0;
    case 'key':
    case 'value':
    case 'method':
    case 'error':
      return false;
  }
}

/** The `contextValue`s there are: what the menus of `package.json` test, which a test compares. */
export const contextValues = [
  'connection.connected',
  'connection.disconnected',
  'model',
  'namespace',
  'schema',
  'group',
  'field',
  'key',
  'enumeration',
  'value',
  'method',
  'error',
] as const;
export type ContextValue = (typeof contextValues)[number];

export function contextValue(node: TreeNode): ContextValue {
  if (node.kind !== 'connection') return node.kind;
  return node.state === 'disconnected' ? 'connection.disconnected' : 'connection.connected';
}

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

export function nodeText(node: TreeNode): NodeText {
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
      return { label: 'Data model', description: '', tooltip: ['Schemas of the instance'] };
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

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

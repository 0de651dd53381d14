import type {
  EnumerationDescription,
  FieldDescription,
  KeyDescription,
  MethodDescription,
  ModelChoice,
  SchemaDescription,
  SchemaListEntry,
} from '../../core/protocol/messages.ts';
import { isBuiltInNamespace } from '../../core/schema/builtInNamespaces.ts';
import { CampaignError, type CampaignErrorCode } from '../../core/soap/campaignError.ts';
import type { ConnectionState, Connection, ModelState } from '../connection/connections.ts';
import type { ConnectionSettings } from '../connection/connectionSettings.ts';

/** What stands in the tree. Nodes are made from scratch on each expansion; `key` says which are the same. */
export type TreeNode =
  | ConnectionNode
  | ModelNode
  | FolderNode
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

/** Where a schema of the tree comes from; `isActive`: it is the model the editor features use. */
export type ModelPlace = { readonly connectionId: string; readonly isActive: boolean } | 'folder';

/** How the language server is told of a place. */
export function toModelChoice(place: ModelPlace): ModelChoice | undefined {
  if (place === 'folder') return { folder: true };
  return place.isActive ? undefined : { connectionId: place.connectionId };
}

/** The data model of a connection. */
export interface ModelNode extends NodeBase {
  readonly kind: 'model';
  readonly place: ModelPlace;
  /** For the commands that take a connection. */
  readonly connectionId: string;
  /** `undefined` while nothing of it is stored. */
  readonly state: ModelState | undefined;
}

/** The folder of schema files. */
export interface FolderNode extends NodeBase {
  readonly kind: 'folder';
  readonly place: ModelPlace;
  /** As the setting names it. */
  readonly path: string;
}

export interface NamespaceNode extends NodeBase {
  readonly kind: 'namespace';
  readonly place: ModelPlace;
  readonly namespace: string;
  readonly schemas: readonly SchemaListEntry[];
}

export interface SchemaNode extends NodeBase {
  readonly kind: 'schema';
  readonly place: ModelPlace;
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
  readonly place: ModelPlace;
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

export function toModelNode(
  { connectionId, isActive }: ConnectionNode,
  state: ModelState | undefined,
): ModelNode {
  const place = { connectionId, isActive };
  return { kind: 'model', key: `model:${connectionId}`, place, connectionId, state };
}

export function toFolderNode(path: string): FolderNode {
  return { kind: 'folder', key: 'folder', place: 'folder', path };
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
  parent: ModelNode | FolderNode,
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
      place: parent.place,
      namespace,
      schemas: list,
    }));
}

export function toSchemaNodes(parent: NamespaceNode): SchemaNode[] {
  return [...parent.schemas]
    .sort((left, right) => compare(left.id, right.id))
    .map(({ id, label }) => ({
      kind: 'schema',
      key: `${parent.key}/${id}`,
      place: parent.place,
      schemaId: id,
      label,
    }));
}

/** What a schema consists of, in groups; empty ones are left out. */
export function toGroupNodes(parent: SchemaNode, description: SchemaDescription): GroupNode[] {
  const fields = toFieldNodes(parent, '', description.fields);
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
  const { field, xpath } = parent;
  if (field.target === undefined) {
    return toFieldNodes(parent, '', field.children ?? [], xpath, field.xpath);
  }
  const rank = { attribute: 0, element: 0, link: 1, collection: 2 };
  const fields = [...(target?.fields ?? [])].sort((left, right) => rank[left.kind] - rank[right.kind]);
  return toFieldNodes(parent, `${xpath}/`, fields);
}

/** @param base put before each field's xpath, or in place of `ownBase` when that is given. */
function toFieldNodes(
  parent: SchemaNode | FieldNode,
  prefix: string,
  fields: readonly FieldDescription[],
  base?: string,
  ownBase?: string,
): FieldNode[] {
  return fields.map((field) => ({
    kind: 'field',
    key: `${parent.key}/${field.name}`,
    place: parent.place,
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
    case 'model':
    case 'folder':
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
  'folder',
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

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

import * as vscode from 'vscode';
import type { SchemaDescription, SchemaListEntry } from '../../core/protocol/messages.ts';
import { commandIds } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { nodeIcon, nodeText } from './nodeText.ts';
import {
  contextValue,
  isExpandable,
  toChildFields,
  toConnectionNode,
  toErrorNode,
  toFolderNode,
  toGroupNodes,
  toModelChoice,
  toModelNode,
  toNamespaceNodes,
  toSchemaNodes,
  toValueNodes,
  type FieldNode,
  type FolderNode,
  type ModelNode,
  type ModelPlace,
  type SchemaNode,
  type TreeNode,
} from './treeNodes.ts';

export interface ExplorerTreeHost {
  readonly connections: Connections;
  readonly language: LanguageServer;
  /** The setting `campaign.model.folder`; `''` for none. */
  modelFolder(): string;
  logFailure(error: unknown): void;
}

/**
 * The tree of the Campaign view: the connections, side by side, and the folder of schema files. Loads on expansion; what
 * cannot be loaded is a node that says so.
 */
export class ExplorerTree implements vscode.TreeDataProvider<TreeNode> {
  readonly #host: ExplorerTreeHost;
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** By key: `reveal` needs the way up. */
  readonly #parents = new Map<string, TreeNode>();
  /** The models on show, with the age they were last shown with. */
  readonly #shownModels = new Map<string, { readonly node: ModelNode; readonly description: string }>();
  hideBuiltIn = false;

  constructor(host: ExplorerTreeHost) {
    this.#host = host;
  }

  refresh(node?: TreeNode): void {
    if (node === undefined) this.#shownModels.clear();
    this.#changed.fire(node);
  }

  /** Time has passed: shows models again whose age reads differently now. */
  refreshAges(): void {
    const now = Date.now();
    for (const { node, description } of this.#shownModels.values()) {
      if (nodeText(node, now).description !== description) this.#changed.fire(node);
    }
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.#parents.get(node.key);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { label, description, tooltip } = nodeText(node, Date.now());
    if (node.kind === 'model') this.#shownModels.set(node.key, { node, description });
    const item = new vscode.TreeItem(label, collapsibleState(node));
    const icon = nodeIcon(node);
    item.id = node.key;
    item.description = description;
    item.contextValue = contextValue(node);
    item.iconPath = new vscode.ThemeIcon(
      icon.id,
      icon.color === undefined ? undefined : new vscode.ThemeColor(icon.color),
    );
    item.tooltip = toTooltip(tooltip);
    item.accessibilityInformation = { label: [label, description].filter((text) => text !== '').join(', ') };
    const command = clickCommand(node);
    if (command !== undefined) item.command = command;
    return item;
  }

  async getChildren(node?: TreeNode): Promise<TreeNode[]> {
    if (node === undefined) return this.#roots();
    try {
      const children = await this.#load(node);
      for (const child of children) this.#parents.set(child.key, node);
      return children;
    } catch (error) {
      this.#host.logFailure(error);
      const failed = toErrorNode(node, error);
      this.#parents.set(failed.key, node);
      return [failed];
    }
  }

  /** The connection a node stands below. */
  connectionOf(node: TreeNode): string | undefined {
    for (let at: TreeNode | undefined = node; at !== undefined; at = this.getParent(at)) {
      if (at.kind === 'connection') return at.connectionId;
    }
    return undefined;
  }

  /**
   * The node of a schema, with the way to it known: of the active connection, or of the folder when there is none.
   * @returns `undefined` when the model has no such schema.
   */
  async findSchema(schemaId: string): Promise<SchemaNode | undefined> {
    const roots = this.#roots();
    const active = roots.find((node) => node.kind === 'connection' && node.isActive);
    const model =
      active === undefined
        ? roots.find((node) => node.kind === 'folder')
        : (await this.getChildren(active))[0];
    if (model === undefined) return undefined;
    for (const namespace of await this.getChildren(model)) {
      if (namespace.kind !== 'namespace' || !schemaId.startsWith(`${namespace.namespace}:`)) continue;
      const schemas = await this.getChildren(namespace);
      return schemas.find((node): node is SchemaNode => node.kind === 'schema' && node.schemaId === schemaId);
    }
    return undefined;
  }

  /** The node of a field of a schema, by its xpath there; the way to it is then known. */
  async findField(schema: SchemaNode, xpath: string): Promise<TreeNode | undefined> {
    let level: TreeNode[] = (
      await Promise.all((await this.getChildren(schema)).map((group) => this.getChildren(group)))
    ).flat();
    for (;;) {
      const fields = level.filter((node) => node.kind === 'field');
      const found = fields.find((node) => node.xpath === xpath);
      const above = fields.find(
        (node) => node.field.target === undefined && xpath.startsWith(`${node.xpath}/`),
      );
      if (found !== undefined || above === undefined) return found;
      level = await this.getChildren(above);
    }
  }

  #roots(): TreeNode[] {
    const { all, active } = this.#host.connections;
    const hasOthers = all.length > 1;
    const folder = this.#host.modelFolder();
    return [
      ...all.map((connection) =>
        toConnectionNode(connection, { isActive: connection === active, hasOthers }),
      ),
      ...(folder === '' ? [] : [toFolderNode(folder)]),
    ];
  }

  async #load(node: TreeNode): Promise<TreeNode[]> {
    const { connections } = this.#host;
    switch (node.kind) {
      case 'connection': {
        const { connectionId } = node;
        return [toModelNode(node, await connections.modelState({ connectionId }))];
      }
      case 'model':
      case 'folder':
        return toNamespaceNodes(node, await this.#list(node), { hideBuiltIn: this.hideBuiltIn });
      case 'namespace':
        return toSchemaNodes(node);
      case 'schema':
        return toGroupNodes(node, await this.#describe(node.schemaId, node.place));
      case 'group':
        return [...node.children];
      case 'field':
        return await this.#childFields(node);
      case 'enumeration':
        return toValueNodes(node);
      case 'key':
      case 'value':
      case 'method':
      case 'error':
        return [];
    }
  }

  async #list(node: ModelNode | FolderNode): Promise<readonly SchemaListEntry[]> {
    const { connections, language } = this.#host;
    if (node.kind === 'folder') return (await language.listFolder()) ?? [];
    const { connectionId } = node;
    return (await connections.listSchemas({ connectionId }))?.schemas ?? [];
  }

  async #childFields(node: FieldNode): Promise<TreeNode[]> {
    const { target } = node.field;
    return toChildFields(node, target === undefined ? null : await this.#describe(target, node.place));
  }

  async #describe(schemaId: string, place: ModelPlace): Promise<SchemaDescription> {
    const { connections, language } = this.#host;
    const description = await language.describeSchema(schemaId, toModelChoice(place));
    if (description !== null) return description;
    if (place === 'folder') throw new Error(`The folder has no schema ${schemaId}, or it could not be read.`);
    // The server answers nothing rather than an error; asking for the text tells why.
    const { connectionId } = place;
    const xml = await connections.loadSchema(schemaId, { connectionId });
    throw new Error(
      xml === null
        ? `The instance has no schema ${schemaId}.`
        : `The schema ${schemaId} could not be read. See the log.`,
    );
  }
}

/**
 * What a click does besides selecting. Nodes that can be expanded have none: a click then expands them. A connection that is
 * not connected has nothing better to do than to connect; its arrow still shows what is stored of it.
 */
function clickCommand(node: TreeNode): vscode.Command | undefined {
  if (node.kind === 'connection' && node.state === 'disconnected') {
    const { connectionId } = node;
    return { command: commandIds.connect, title: 'Connect', arguments: [{ connectionId }] };
  }
  if (node.kind !== 'error') return undefined;
  return { command: commandIds.retry, title: 'Try Again', arguments: [node] };
}

function collapsibleState(node: TreeNode): vscode.TreeItemCollapsibleState {
  if (!isExpandable(node)) return vscode.TreeItemCollapsibleState.None;
  // What there is only one of is no choice: show what is inside.
  const isOpen =
    (node.kind === 'connection' && (node.isActive || node.state === 'connected')) ||
    node.kind === 'model' ||
    (node.kind === 'group' && node.group === 'fields');
  return isOpen ? vscode.TreeItemCollapsibleState.Expanded : vscode.TreeItemCollapsibleState.Collapsed;
}

/** Labels come from the server: as plain text they can carry no link, image or command. */
function toTooltip(lines: readonly string[]): vscode.MarkdownString {
  const [heading = '', ...rest] = lines;
  const markdown = new vscode.MarkdownString();
  markdown.appendMarkdown('**');
  markdown.appendText(heading);
  markdown.appendMarkdown('**');
  for (const line of rest.filter((text) => text !== '')) {
    markdown.appendMarkdown('\n\n');
    markdown.appendText(line);
  }
  return markdown;
}

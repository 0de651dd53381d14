import * as vscode from 'vscode';
import type { SchemaDescription } from '../../core/protocol/messages.ts';
import { commandIds } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import {
  contextValue,
  isExpandable,
  nodeIcon,
  nodeText,
  toChildFields,
  toConnectionNode,
  toErrorNode,
  toGroupNodes,
  toModelNode,
  toNamespaceNodes,
  toSchemaNodes,
  toValueNodes,
  type ConnectionNode,
  type ErrorNode,
  type FieldNode,
  type ModelNode,
  type SchemaNode,
  type TreeNode,
} from './treeNodes.ts';

/** The tree of the Campaign view. Loads on expansion; what cannot be loaded is a node that says so. */
export class ExplorerTree implements vscode.TreeDataProvider<TreeNode> {
  readonly #connections: Connections;
  readonly #language: LanguageServer;
  readonly #logFailure: (error: unknown) => void;
  readonly #changed = new vscode.EventEmitter<TreeNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  /** By key: `reveal` needs the way up. */
  readonly #parents = new Map<string, TreeNode>();
  hideBuiltIn = false;

  constructor(connections: Connections, language: LanguageServer, logFailure: (error: unknown) => void) {
    this.#connections = connections;
    this.#language = language;
    this.#logFailure = logFailure;
  }

  refresh(node?: TreeNode): void {
    this.#changed.fire(node);
  }

  getParent(node: TreeNode): TreeNode | undefined {
    return this.#parents.get(node.key);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const { label, description, tooltip } = nodeText(node);
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
    if (node === undefined) {
      const { all, active } = this.#connections;
      const hasOthers = all.length > 1;
      return all.map((connection) =>
        toConnectionNode(connection, { isActive: connection === active, hasOthers }),
      );
    }
    try {
      const children = await this.#load(node);
      for (const child of children) this.#parents.set(child.key, node);
      return children;
    } catch (error) {
      this.#logFailure(error);
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

  /** The node of a schema, with the way to it known. @returns `undefined` when the model has no such schema. */
  async findSchema(schemaId: string): Promise<SchemaNode | undefined> {
    const roots = await this.getChildren();
    const active = roots.find((node) => node.kind === 'connection' && node.isActive);
    const model = active === undefined ? undefined : (await this.getChildren(active))[0];
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

  async #load(node: TreeNode): Promise<TreeNode[]> {
    switch (node.kind) {
      case 'connection':
        return [toModelNode((node satisfies ConnectionNode).connectionId)];
      case 'model':
        return await this.#namespaces(node);
      case 'namespace':
        return toSchemaNodes(node);
      case 'schema':
        return toGroupNodes(node, await this.#describe(node.schemaId));
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

  async #namespaces(node: ModelNode): Promise<TreeNode[]> {
    const list = await this.#connections.listSchemas();
    return toNamespaceNodes(node, list?.schemas ?? [], { hideBuiltIn: this.hideBuiltIn });
  }

  async #childFields(node: FieldNode): Promise<TreeNode[]> {
    const { target } = node.field;
    return toChildFields(node, target === undefined ? null : await this.#describe(target));
  }

  async #describe(schemaId: string): Promise<SchemaDescription> {
    const description = await this.#language.describeSchema(schemaId);
    if (description !== null) return description;
    // The server answers nothing rather than an error; asking for the text tells why.
    const xml = await this.#connections.loadSchema(schemaId);
    throw new Error(
      xml === null
        ? `The instance has no schema ${schemaId}.`
        : `The schema ${schemaId} could not be read. See the log.`,
    );
  }
}

export function retryTarget(node: ErrorNode): TreeNode {
  return node.parent;
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
  return node.kind === 'connection' ||
    node.kind === 'model' ||
    (node.kind === 'group' && node.group === 'fields')
    ? vscode.TreeItemCollapsibleState.Expanded
    : vscode.TreeItemCollapsibleState.Collapsed;
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

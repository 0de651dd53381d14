import * as vscode from 'vscode';
import {
  commandIds,
  isCancellation,
  schemasOf,
  signedInConnection,
  UserError,
  type Commands,
} from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { schemaDocumentUri } from '../languageClient/schemaDocuments.ts';
import { toInsertion, toPlainText } from './copyText.ts';
import { ExplorerTree } from './explorerTree.ts';
import type { ErrorNode, TreeNode } from './treeNodes.ts';

/** Id of the view in `package.json`. */
export const explorerViewId = 'campaign.explorer';
const dragType = 'application/vnd.code.tree.campaign.explorer';
const hideBuiltInKey = 'campaign.explorer.hideBuiltIn';

export interface ExplorerServices {
  readonly connections: Connections;
  readonly language: LanguageServer;
  readonly commands: Commands;
}

/** The tree of the Campaign view, and the commands on its items. */
export function registerExplorer(
  context: vscode.ExtensionContext,
  { connections, language, commands }: ExplorerServices,
): void {
  const tree = new ExplorerTree(connections, language, (error) => {
    if (!isCancellation(error)) commands.log(error, 'Campaign view');
  });
  const view = vscode.window.createTreeView<TreeNode>(explorerViewId, {
    treeDataProvider: tree,
    showCollapseAll: true,
    canSelectMany: true,
    dragAndDropController: {
      dropMimeTypes: [],
      dragMimeTypes: [dragType, 'text/plain'],
      handleDrag: (nodes, data) => {
        data.set('text/plain', new vscode.DataTransferItem(nodes.map(toPlainText).join('\n')));
      },
    },
  });
  const setHideBuiltIn = (hide: boolean): void => {
    tree.hideBuiltIn = hide;
    void context.workspaceState.update(hideBuiltInKey, hide);
    void vscode.commands.executeCommand('setContext', hideBuiltInKey, hide);
    tree.refresh();
  };
  tree.hideBuiltIn = context.workspaceState.get(hideBuiltInKey, false);
  void vscode.commands.executeCommand('setContext', hideBuiltInKey, tree.hideBuiltIn);

  /** The items a menu was opened on, or those selected when the command came from the keyboard. */
  const targets = (node: TreeNode | undefined, nodes: readonly TreeNode[] | undefined): readonly TreeNode[] =>
    nodes ?? (node === undefined ? view.selection : [node]);
  const copy = async (node?: TreeNode, nodes?: readonly TreeNode[]): Promise<void> => {
    const text = targets(node, nodes).map(toPlainText).join('\n');
    if (text === '') throw new UserError('Nothing is selected in the Campaign view.');
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage(`Copied ${text.split('\n').join(', ')}`, 3000);
  };

  context.subscriptions.push(
    view,
    { dispose: connections.onDidChange(() => tree.refresh()) },
    commands.register(commandIds.copyXPath, copy),
    commands.register(commandIds.copyName, copy),
    commands.register(commandIds.copyValue, copy),
    commands.register(commandIds.insertXPath, async (node?: TreeNode, nodes?: readonly TreeNode[]) => {
      const text = targets(node, nodes).map(toInsertion).join(', ');
      const editor = vscode.window.activeTextEditor;
      if (editor === undefined) {
        throw new UserError(
          'There is no editor to insert into. Open a file and put the cursor where it belongs.',
        );
      }
      await editor.edit((edit) => {
        for (const selection of editor.selections) edit.replace(selection, text);
      });
      await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    }),
    commands.register(commandIds.retry, async (node?: ErrorNode) => {
      if (node?.cure === 'connect') {
        // Every node with children stands below a connection; connecting refreshes the tree.
        const connectionId = tree.connectionOf(node) ?? connections.active?.settings.id;
        await vscode.commands.executeCommand(commandIds.connect, connectionId && { connectionId });
      } else tree.refresh(node?.parent);
    }),
    commands.register(commandIds.hideBuiltIn, () => setHideBuiltIn(true)),
    commands.register(commandIds.showBuiltIn, () => setHideBuiltIn(false)),
    commands.register(commandIds.openSchema, async (schema?: { readonly schemaId: string }) => {
      const schemaId = schema?.schemaId ?? (await pickSchema(connections));
      await vscode.commands.executeCommand('vscode.open', schemaDocumentUri(schemaId));
    }),
    commands.register(commandIds.findSchema, async (wanted?: { schemaId?: string; xpath?: string }) => {
      const schemaId = wanted?.schemaId ?? (await pickSchema(connections));
      let node = await tree.findSchema(schemaId);
      if (node === undefined && tree.hideBuiltIn) {
        setHideBuiltIn(false);
        node = await tree.findSchema(schemaId);
      }
      if (node === undefined) return;
      const field = wanted?.xpath === undefined ? undefined : await tree.findField(node, wanted.xpath);
      await view.reveal(field ?? node, { select: true, focus: true, expand: field === undefined });
    }),
    commands.register(commandIds.refreshModel, async () => {
      const active = await signedInConnection(connections);
      const changed = await vscode.window.withProgress(
        {
          location: { viewId: explorerViewId },
          title: `Data model of ${active.settings.name}`,
          cancellable: true,
        },
        async (_progress, token) => await connections.refreshModel(toSignal(token)),
      );
      tree.refresh();
      vscode.window.setStatusBarMessage(
        changed.length === 0 ? 'The data model is up to date' : `${changed.length} schemas changed`,
        5000,
      );
    }),
  );
}

async function pickSchema(connections: Connections): Promise<string> {
  const schemas = await schemasOf(connections);
  const picked = await vscode.window.showQuickPick(
    schemas.map(({ id, label }) => ({ label: id, description: label })),
    { title: 'Find a Schema', placeHolder: 'Name or label', matchOnDescription: true },
  );
  if (picked === undefined) throw new vscode.CancellationError();
  return picked.label;
}

function toSignal(token: vscode.CancellationToken): AbortSignal {
  const abort = new AbortController();
  token.onCancellationRequested(() => abort.abort());
  return abort.signal;
}

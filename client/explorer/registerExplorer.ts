import * as vscode from 'vscode';
import {
  commandIds,
  isCancellation,
  signedInConnection,
  toSignal,
  UserError,
  type Commands,
} from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { pickSchema } from '../languageClient/pickSchema.ts';
import { schemaDocumentUri } from '../languageClient/schemaDocuments.ts';
import { toInsertion, toPlainText } from './copyText.ts';
import { ExplorerTree } from './explorerTree.ts';
import { refreshText } from './refreshText.ts';
import { toModelChoice, type ErrorNode, type ModelPlace, type TreeNode } from './treeNodes.ts';

/** Id of the view in `package.json`. */
export const explorerViewId = 'campaign.explorer';
const dragType = 'application/vnd.code.tree.campaign.explorer';
/** How often the ages on show are looked at; they are told in minutes. */
const ageIntervalMs = 60_000;
const hideBuiltInKey = 'campaign.explorer.hideBuiltIn';

/** The tree item whose model is refreshed; absent: the active connection. */
interface RefreshTarget {
  readonly kind?: string;
  readonly connectionId?: string;
}

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
  const tree = new ExplorerTree({
    connections,
    language,
    modelFolder,
    logFailure: (error) => {
      if (!isCancellation(error)) commands.log(error, 'Campaign view');
    },
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

  const setHasModel = (): void =>
    void vscode.commands.executeCommand(
      'setContext',
      'campaign.hasModel',
      connections.all.length > 0 || modelFolder() !== '',
    );
  setHasModel();
  const ages = setInterval(() => {
    if (view.visible) tree.refreshAges();
  }, ageIntervalMs);

  const pickTarget = async (): Promise<OpenTarget> => {
    const schemaId = await pickSchema(connections, language, 'Find a Schema');
    return { schemaId, ...(connections.active === undefined ? { place: 'folder' as const } : {}) };
  };

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
    { dispose: () => clearInterval(ages) },
    view.onDidChangeVisibility(({ visible }) => {
      if (visible) tree.refreshAges();
    }),
    {
      dispose: connections.onDidChange(({ kind }) => {
        if (kind === 'list') setHasModel();
        tree.refresh();
      }),
    },
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!event.affectsConfiguration('campaign.model.folder')) return;
      setHasModel();
      tree.refresh();
    }),
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
    commands.register(commandIds.openSchema, async (schema?: OpenTarget) => {
      await openSchema(language, schema ?? (await pickTarget()));
    }),
    commands.register(commandIds.findSchema, async (wanted?: { schemaId?: string; xpath?: string }) => {
      const { schemaId } =
        wanted?.schemaId === undefined ? await pickTarget() : { schemaId: wanted.schemaId };
      let node = await tree.findSchema(schemaId);
      if (node === undefined && tree.hideBuiltIn) {
        setHideBuiltIn(false);
        node = await tree.findSchema(schemaId);
      }
      if (node === undefined) return;
      const field = wanted?.xpath === undefined ? undefined : await tree.findField(node, wanted.xpath);
      await view.reveal(field ?? node, { select: true, focus: true, expand: field === undefined });
    }),
    commands.register(commandIds.refreshModel, async (target?: RefreshTarget) => {
      if (target?.kind === 'folder' || (connections.active === undefined && modelFolder() !== '')) {
        language.modelChanged();
        tree.refresh();
        return;
      }
      const { settings } = await signedInConnection(connections, target?.connectionId);
      const model = { connectionId: settings.id };
      const before = await connections.modelState(model);
      const changed = await vscode.window.withProgress(
        { location: { viewId: explorerViewId }, title: `Data model of ${settings.name}` },
        async (_progress, token) => await connections.refreshModel(toSignal(token), model),
      );
      const text = refreshText(settings.name, changed, before, await connections.modelState(model));
      if (changed.length > 0) void vscode.window.showInformationMessage(text);
      else vscode.window.setStatusBarMessage(`$(check) ${text}`, 8000);
    }),
  );
}

/** The setting, as the person wrote it. */
function modelFolder(): string {
  return vscode.workspace.getConfiguration('campaign').get('model.folder', '').trim();
}

/** A schema to open; without a place, of the active connection. */
interface OpenTarget {
  readonly schemaId: string;
  readonly place?: ModelPlace;
}

async function openSchema(language: LanguageServer, { schemaId, place }: OpenTarget): Promise<void> {
  const model = place === undefined ? undefined : toModelChoice(place);
  if (model !== undefined && 'connectionId' in model) {
    await vscode.commands.executeCommand('vscode.open', schemaDocumentUri(schemaId, model.connectionId));
    return;
  }
  // What comes from a file is opened as that file: it can be edited there.
  const location = model === undefined ? null : await language.locateSchema({ schemaId, model });
  if (location === null) await vscode.commands.executeCommand('vscode.open', schemaDocumentUri(schemaId));
  else await vscode.window.showTextDocument(location.uri, { selection: location.range });
}

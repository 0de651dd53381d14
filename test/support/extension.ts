import * as vscode from 'vscode';
import type { TestAccess } from '../../client/extension.ts';
import type { Connection } from '../../client/connection/connections.ts';

/** The extension as the suite finds it: VS Code says nothing when it could not be loaded, so this does. */
export function findExtension(): vscode.Extension<TestAccess | undefined> {
  const extension = vscode.extensions.getExtension<TestAccess | undefined>(
    'campaign-devtools.campaign-devtools',
  );
  if (!extension)
    throw new Error('VS Code did not load the extension. Is engines.vscode newer than this VS Code?');
  return extension;
}

/** Activates the extension and returns its services. */
export async function activated(): Promise<TestAccess> {
  const access = await findExtension().activate();
  if (!access)
    throw new Error('activate() gives its services to tests only, and this was not taken for one.');
  return access;
}

/** The connection of the workspace: to the sandbox that runs beside the suite. */
export function sandboxConnection({ connections }: TestAccess): Connection {
  return connections.all[0]!;
}

/** Signs in to the sandbox, unless that is done; its password comes from the environment. */
export async function connected(): Promise<TestAccess> {
  const access = await activated();
  const { settings, state } = sandboxConnection(access);
  if (state !== 'connected') await access.connections.connect(settings.id);
  return access;
}

/** Opens a file of the workspace, or new text of a language, in an editor. */
export async function openDocument(
  source: string | { language: string; content: string },
): Promise<vscode.TextDocument> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const document = await (typeof source === 'string'
    ? vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder, source))
    : vscode.workspace.openTextDocument(source));
  await vscode.window.showTextDocument(document);
  return document;
}

/** Closes every editor; what was typed is dropped without a question. */
export async function closeEditors(): Promise<void> {
  while (vscode.window.tabGroups.activeTabGroup.activeTab) {
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
}

/**
 * Asks for completion as VS Code does when a person presses Ctrl+Space.
 * @param text of a new document, with `$0` where the cursor is.
 * @returns labels, in the order of the list; VS Code's own word completion is not among them.
 */
export async function completionLabels(language: string, text: string): Promise<string[]> {
  const parts = text.split('$0');
  if (parts.length !== 2) throw new Error('The text needs one $0.');
  const document = await openDocument({ language, content: parts.join('') });
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    document.positionAt(parts[0]!.length),
  );
  return list.items
    .filter((item) => item.kind !== vscode.CompletionItemKind.Text)
    .sort((a, b) => sortText(a).localeCompare(sortText(b)))
    .map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
}

function sortText(item: vscode.CompletionItem): string {
  return item.sortText ?? (typeof item.label === 'string' ? item.label : item.label.label);
}

import * as vscode from 'vscode';
import { toSnapshotText } from '../../core/schema/snapshotSchema.ts';
import {
  confirmFolder,
  currentModel,
  pickFolder,
  tellResult,
  writeModel,
  type ModelServices,
  type ModelWriter,
} from './writeModel.ts';

const snapshotWriter: ModelWriter = {
  kind: { markerFile: '.campaign-model.json', extensions: ['xml'] },
  noun: 'model snapshot',
  schema: (id, xml, { paths }) => {
    const text = toSnapshotText(xml);
    return text === undefined ? [] : [{ path: `${paths.get(id)!}.xml`, text }];
  },
};

/**
 * Writes the schemas of the active connection into a folder, one file each, as version control likes them.
 * @param target the folder; absent: the person is asked.
 */
export async function snapshotModel(services: ModelServices, target?: vscode.Uri): Promise<void> {
  const { connection, ids } = await currentModel(services.connections);
  const folder = target ?? (await pickFolder('Folder for the Model Snapshot', snapshotWriter, connection));
  if (target !== undefined) await confirmFolder(target, snapshotWriter, connection);
  const result = await writeModel(services, snapshotWriter, folder, connection, ids);
  const useFolder = { label: 'Use for Editing', run: () => setModelFolder(folder) };
  const isUsable = folder.scheme === 'file' && modelFolderOf() !== folder.fsPath;
  tellResult(services, 'Model snapshot', folder, result, isUsable ? [useFolder] : []);
}

/** Makes the folder the model for editing without a connection: of the workspace where there is one. */
async function setModelFolder(folder: vscode.Uri): Promise<void> {
  const inWorkspace = vscode.workspace.getWorkspaceFolder(folder);
  const isFirst = inWorkspace?.index === 0 && inWorkspace.uri.fsPath !== folder.fsPath;
  // A relative path starts at the first folder of the workspace, and is right on every machine.
  const value = isFirst ? vscode.workspace.asRelativePath(folder, false) : folder.fsPath;
  const target =
    inWorkspace === undefined ? vscode.ConfigurationTarget.Global : vscode.ConfigurationTarget.Workspace;
  await vscode.workspace.getConfiguration('campaign').update('model.folder', value, target);
  vscode.window.setStatusBarMessage(`campaign.model.folder is now ${value}`, 5000);
}

/** The setting as a path of this machine; `undefined` when it is not set. */
function modelFolderOf(): string | undefined {
  const folder = vscode.workspace.getConfiguration('campaign').get<string>('model.folder', '').trim();
  if (folder === '') return undefined;
  const root = vscode.workspace.workspaceFolders?.[0]?.uri;
  const isAbsolute = /^([/\\]|[A-Za-z]:)/.test(folder);
  return root === undefined || isAbsolute ? folder : vscode.Uri.joinPath(root, folder).fsPath;
}

import * as vscode from 'vscode';
import type { Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import { TitleColors, type ColorCustomizations, type WrittenColors } from './titleColors.ts';

const memoryKey = 'campaign.titleColors';

/** Colours the title bar for production, where the setting asks for it. */
export function colorTitleBar(
  context: vscode.ExtensionContext,
  connections: Connections,
  commands: Commands,
): vscode.Disposable {
  const titleColors = new TitleColors(connections, {
    isOn: () => vscode.workspace.getConfiguration('campaign').get('connection.colorTitleBar', false),
    hasWorkspace: () =>
      vscode.workspace.workspaceFile !== undefined || vscode.workspace.workspaceFolders !== undefined,
    read: () =>
      vscode.workspace.getConfiguration('workbench').inspect<ColorCustomizations>('colorCustomizations')
        ?.workspaceValue,
    write: (value) =>
      vscode.workspace
        .getConfiguration('workbench')
        .update('colorCustomizations', value, vscode.ConfigurationTarget.Workspace),
    memory: {
      get: () => context.workspaceState.get<WrittenColors>(memoryKey),
      set: (written) => context.workspaceState.update(memoryKey, written),
    },
    tell: (message) => void vscode.window.showInformationMessage(message),
    fail: (error) => commands.report(error, 'Colour of the title bar'),
  });
  const settings = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration('campaign.connection.colorTitleBar')) void titleColors.update();
  });
  return vscode.Disposable.from(settings, titleColors);
}

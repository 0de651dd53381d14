import * as vscode from 'vscode';
import { commandIds } from '../commands.ts';
import type { Connections, ModelState } from '../connection/connections.ts';
import { toStatusText } from './statusText.ts';

/** The active connection in the status bar; hidden while there are no connections. */
export function createStatusBar(connections: Connections): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('campaign.connection', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Campaign Connection';
  item.command = commandIds.connectionMenu;
  let stopFigures = (): void => undefined;
  /** Of the active connection, as far as it is known. */
  let model: ModelState | undefined;

  const update = (): void => {
    const { active, all } = connections;
    if (active === undefined) {
      item.text = '$(vm-outline) Campaign';
      item.tooltip = 'No active Campaign connection. Click to choose one.';
      item.backgroundColor = undefined;
      item.accessibilityInformation = { label: 'Campaign: no active connection' };
      if (all.length > 0) item.show();
      else item.hide();
      return;
    }
    const status = toStatusText(
      active.settings,
      active.state,
      active.soap.figures,
      active.soap.isReadOnly,
      Date.now(),
      model,
    );
    item.text = status.text;
    item.tooltip = status.tooltip.join('\n');
    item.accessibilityInformation = { label: status.spoken };
    item.backgroundColor =
      status.background === undefined ? undefined : new vscode.ThemeColor(status.background);
    item.show();
  };
  const follow = (): void => {
    stopFigures();
    stopFigures = connections.active?.soap.onDidChangeFigures(update) ?? (() => undefined);
    update();
    connections.modelState().then(
      (state) => {
        model = state;
        update();
      },
      () => undefined, // A cache that cannot be read: the tree says so where the model is.
    );
  };
  // The age of the model is told in minutes.
  const ages = setInterval(update, 60_000);
  const stopConnections = connections.onDidChange(follow);
  follow();
  return new vscode.Disposable(() => {
    stopConnections();
    clearInterval(ages);
    stopFigures();
    item.dispose();
  });
}

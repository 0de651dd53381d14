import * as vscode from 'vscode';
import { commandIds, UserError, type Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import { callsViewId, CallsView } from './callsView.ts';
import { toHar, toJsonLines } from './exportCalls.ts';

export interface CommunicationLogServices {
  readonly connections: Connections;
  readonly commands: Commands;
}

/** The list of calls in the panel, and its commands. */
export function registerCommunicationLog(
  context: vscode.ExtensionContext,
  { connections, commands }: CommunicationLogServices,
): void {
  const { version } = context.extension.packageJSON as { version: string };
  const view: CallsView = new CallsView(context.extensionUri, connections, {
    stateChanged: () => {
      const set = (key: string, value: boolean): void =>
        void vscode.commands.executeCommand('setContext', key, value);
      set('campaign.calls.paused', view.isPaused);
      set('campaign.calls.recordsBodies', view.recordsBodies);
    },
    recordBodies: () => void vscode.commands.executeCommand(commandIds.recordBodies),
    pageError: (message) => commands.log(new Error(message), 'Calls'),
  });
  context.subscriptions.push(
    view,
    vscode.window.registerWebviewViewProvider(callsViewId, view),
    commands.register(commandIds.showCalls, () => vscode.commands.executeCommand(`${callsViewId}.focus`)),
    commands.register(commandIds.clearCalls, () => view.clear()),
    commands.register(commandIds.pauseCalls, () => {
      view.isPaused = true;
    }),
    commands.register(commandIds.resumeCalls, () => {
      view.isPaused = false;
    }),
    commands.register(commandIds.recordBodies, () => {
      view.recordsBodies = true;
    }),
    commands.register(commandIds.stopBodies, () => {
      view.recordsBodies = false;
    }),
    commands.register(commandIds.exportCalls, () => exportCalls(view, version)),
  );
}

async function exportCalls(view: CallsView, version: string): Promise<void> {
  const { calls } = view.feed;
  if (calls.length === 0) throw new UserError('There are no calls to export yet.');
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = await vscode.window.showSaveDialog({
    title: 'Export Calls',
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, 'calls.har') }),
    filters: { 'HTTP Archive': ['har'], 'JSON Lines': ['jsonl'] },
  });
  if (target === undefined) return;
  const text = /\.jsonl?$/i.test(target.path) ? toJsonLines(calls) : toHar(calls, version);
  try {
    await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`The calls could not be saved: ${reason} Choose another place.`);
  }
  const open = 'Open';
  const chosen = await vscode.window.showInformationMessage(
    `Saved ${calls.length} calls to ${vscode.workspace.asRelativePath(target)}. Tokens and passwords are masked; bodies, where recorded, hold your data.`,
    open,
  );
  if (chosen === open) await vscode.window.showTextDocument(target);
}

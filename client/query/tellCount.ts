import * as vscode from 'vscode';
import { commandIds, toSignal } from '../commands.ts';
import type { Connection } from '../connection/connections.ts';
import { countRows } from './countRows.ts';
import type { PreparedQuery } from './prepareQuery.ts';

/** Counts what a query finds and tells it, with a button to run the query after all. */
export async function tellCount(
  { settings, soap }: Connection,
  prepared: PreparedQuery,
  ...place: readonly unknown[]
): Promise<void> {
  const count = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Counting rows of ${prepared.schemaId}…`,
      cancellable: true,
    },
    async (_progress, token) => await countRows(soap, prepared, toSignal(token)),
  );
  const run = 'Run Query';
  const rows = count === 1 ? '1 row' : `${count.toLocaleString('en')} rows`;
  const found = `${rows} of ${prepared.schemaId} on ${settings.name}.`;
  void vscode.window.showInformationMessage(found, run).then((chosen) => {
    if (chosen === run) void vscode.commands.executeCommand(commandIds.runQuery, ...place);
  });
}

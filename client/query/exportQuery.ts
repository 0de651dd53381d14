import * as vscode from 'vscode';
import type { PagingKey } from '../../core/queryDef/paging.ts';
import { toSignal } from '../commands.ts';
import type { Connection } from '../connection/connections.ts';
import { askForFile, ExportedFile } from './exportedFile.ts';
import type { PreparedQuery } from './prepareQuery.ts';
import { runQuery } from './queryRun.ts';

/**
 * Runs a query to its end, page by page, into a file; nothing of it is shown. Cancelling, and any failure, leave no file
 * behind.
 */
export async function exportQuery(
  { settings, soap }: Connection,
  prepared: PreparedQuery,
  pageSize: number,
  keyOf: (schemaId: string) => Promise<PagingKey | undefined>,
): Promise<void> {
  const { schemaId } = prepared;
  const chosen = await askForFile(schemaId.slice(schemaId.indexOf(':') + 1), ['csv', 'json', 'xml']);
  if (chosen === undefined) return;
  const file = new ExportedFile(chosen.target, chosen.format, schemaId);
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Rows of ${schemaId} on ${settings.name}`,
      cancellable: true,
    },
    async (progress, token) =>
      await runQuery(
        soap,
        prepared,
        { pageSize, key: () => keyOf(schemaId), signal: toSignal(token) },
        {
          columns: (xpaths) => file.setColumns(xpaths),
          rows: (rows) => {
            file.add(rows);
            progress.report({ message: `${file.rowCount.toLocaleString('en')} so far` });
            return Promise.resolve();
          },
        },
      ),
  );
  await file.save();
  // Not waited for: the notification may stay for as long as it likes.
  void file.tell();
}

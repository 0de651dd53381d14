import * as vscode from 'vscode';
import type { CallLogEntry } from '../../core/soap/callLog.ts';
import type { Connection, Connections } from '../connection/connections.ts';

/** Writes a line to the log for every exchange with an instance. The entries are masked where they are made. */
export function logCalls(connections: Connections, log: vscode.LogOutputChannel): vscode.Disposable {
  const stops = new Map<Connection, () => void>();
  const update = (): void => {
    const { all } = connections;
    for (const [connection, stop] of stops) {
      if (all.includes(connection)) continue;
      stop();
      stops.delete(connection);
    }
    for (const connection of all) {
      if (stops.has(connection)) continue;
      const { name } = connection.settings;
      stops.set(
        connection,
        connection.soap.log.onDidAdd((entry) => {
          const line = `${name}: ${toLine(entry)}`;
          if (entry.result === 'ok') log.debug(line);
          else if (entry.result === 'busy' || entry.result === 'cancelled') log.info(line);
          else log.warn(line);
        }),
      );
    }
  };
  const stopList = connections.onDidChange(({ kind }) => {
    if (kind === 'list') update();
  });
  update();
  return new vscode.Disposable(() => {
    stopList();
    for (const stop of stops.values()) stop();
  });
}

/** `xtk:queryDef#ExecuteQuery 200 ok, 120 ms, 1.2 kB sent, 26 kB received` */
export function toLine(entry: CallLogEntry): string {
  const status = entry.status === undefined ? '' : ` ${entry.status}`;
  const code = entry.campaignCode === undefined ? '' : ` ${entry.campaignCode}`;
  const again = entry.attempt > 1 ? `, attempt ${entry.attempt}` : '';
  const waited = entry.waitedMs >= 50 ? `, waited ${Math.round(entry.waitedMs)} ms` : '';
  return `${entry.action}${status} ${entry.result}${code}, ${Math.round(entry.durationMs)} ms${waited}${again}, ${toSize(entry.sentBytes)} sent, ${toSize(entry.receivedBytes)} received`;
}

function toSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

import * as vscode from 'vscode';
import type { Connection, Connections } from '../connection/connections.ts';
import { toLine } from './logLine.ts';

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

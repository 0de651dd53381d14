import type { CallRow } from '../../core/protocol/callLogMessages.ts';
import type { ActiveCall, CallLog, CallLogEntry } from '../../core/soap/callLog.ts';
import type { Connection, Connections } from '../connection/connections.ts';
import type { ExportedCall } from './exportCalls.ts';

/** Rows a list shows at most; the oldest go first. */
export const rowLimit = 2000;

/**
 * The calls of all connections as one list. Keeps none: they are in the logs of the connections, and go with them.
 */
export class CallFeed {
  readonly #connections: Connections;
  readonly #onRow: (row: CallRow) => void;
  readonly #onReset: () => void;
  readonly #followed = new Map<CallLog, () => void>();
  readonly #stopConnections: () => void;
  #recordsBodies = false;

  /**
   * @param onRow a call started, or is over.
   * @param onReset what there was is no longer all of it: connections have changed.
   */
  constructor(connections: Connections, onRow: (row: CallRow) => void, onReset: () => void) {
    this.#connections = connections;
    this.#onRow = onRow;
    this.#onReset = onReset;
    this.#stopConnections = connections.onDidChange(({ kind }) => {
      if (kind !== 'list') return;
      this.#follow();
      this.#onReset();
    });
    this.#follow();
  }

  /** Oldest first. */
  get rows(): CallRow[] {
    const rows = this.#connections.all.flatMap((connection) => {
      const { log } = connection.soap;
      return [...log.entries, ...log.active.values()].map((call) => toRow(connection, call));
    });
    return rows.sort((a, b) => a.sentAt - b.sentAt).slice(-rowLimit);
  }

  /** What is over, oldest first. */
  get calls(): ExportedCall[] {
    return this.#connections.all
      .flatMap(({ settings, soap }) =>
        soap.log.entries.map((entry) => ({ connection: settings.name, entry })),
      )
      .sort((a, b) => a.entry.sentAt - b.entry.sentAt);
  }

  /** The call of a row; `undefined` while it is under way, and when it was dropped. */
  find(key: string): ExportedCall | undefined {
    const at = key.lastIndexOf(' ');
    const connection = this.#connections.get(key.slice(0, at));
    const entry = connection?.soap.log.entries.find(({ id }) => String(id) === key.slice(at + 1));
    return entry === undefined ? undefined : { connection: connection!.settings.name, entry };
  }

  get recordsBodies(): boolean {
    return this.#recordsBodies;
  }

  /** Of all connections, also of those still to come. Ends with the window: bodies hold personal data. */
  set recordsBodies(value: boolean) {
    this.#recordsBodies = value;
    for (const log of this.#followed.keys()) log.captureBodies = value;
  }

  clear(): void {
    for (const log of this.#followed.keys()) log.clear();
  }

  dispose(): void {
    this.#stopConnections();
    for (const stop of this.#followed.values()) stop();
    this.#followed.clear();
  }

  #follow(): void {
    const { all } = this.#connections;
    for (const [log, stop] of this.#followed) {
      stop();
      this.#followed.delete(log);
    }
    for (const connection of all) {
      const { log } = connection.soap;
      const tell = (call: ActiveCall | CallLogEntry): void => this.#onRow(toRow(connection, call));
      const stops = [log.onDidStart(tell), log.onDidAdd(tell)];
      log.captureBodies = this.#recordsBodies;
      this.#followed.set(log, () => stops.forEach((stop) => stop()));
    }
  }
}

function toRow({ settings }: Connection, call: ActiveCall | CallLogEntry): CallRow {
  const base: CallRow = {
    key: `${settings.id} ${call.id}`,
    connection: settings.name,
    sentAt: call.sentAt,
    action: call.action,
    url: call.url,
    attempt: call.attempt,
    priority: call.priority,
    waitedMs: call.waitedMs,
    sentBytes: call.sentBytes,
  };
  if (!('result' in call)) return base;
  return {
    ...base,
    durationMs: call.durationMs,
    receivedBytes: call.receivedBytes,
    result: call.result,
    ...(call.status === undefined ? {} : { status: call.status }),
    ...(call.campaignCode === undefined ? {} : { campaignCode: call.campaignCode }),
  };
}

import type { PlannedRow, PushPlan } from './planPush.ts';

/**
 * What is known of a row. `sending` was written before the row went out; a push that ended between that and its answer
 * leaves it so.
 */
export type RowState =
  | { readonly state: 'pending' }
  | { readonly state: 'sending' }
  /** `id` when the server gave it. */
  | { readonly state: 'sent'; readonly id?: string }
  | { readonly state: 'failed'; readonly code: string; readonly message: string }
  /** The row went out, no answer came back: it may be there or not. Only for rows without a key. */
  | { readonly state: 'unknown'; readonly message: string };

/** Where a push goes and comes from. */
export interface PushHeader {
  readonly version: 1;
  readonly pushId: string;
  /** ISO time. */
  readonly createdAt: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly schemaId: string;
  /** Name of the file, for people. */
  readonly fileName: string;
  readonly columns: readonly string[];
  readonly rowCount: number;
}

/** A push as its journal tells it. */
export interface JournaledPush {
  readonly header: PushHeader;
  readonly rows: readonly PlannedRow[];
  readonly states: RowState[];
}

/** The file of a journal, as far as a journal needs it. */
export interface JournalFile {
  /** Resolves when the text is with the operating system, so that it outlives this process. */
  append(text: string): Promise<void>;
}

/**
 * One line of JSON each: the header, the rows with the very documents to send, then what became of them.
 * Appended only: whatever moment a process dies in, every line but the last is whole.
 */
export function startJournal(header: PushHeader, plan: PushPlan): string {
  const rows = plan.rows.map(({ line, id, xml, isKeyed }) => JSON.stringify({ line, id, xml, isKeyed }));
  return [JSON.stringify(header), ...rows, ''].join('\n');
}

/** @param row position in the push, from 0. */
export function journalLine(row: number, state: RowState): string {
  return `${JSON.stringify({ row, ...state })}\n`;
}

/**
 * Reads a journal. A last line cut short by the end of its process counts as not written; a row found `sending` is `pending`
 * when it has a key, since sending it again changes nothing, and `unknown` otherwise.
 * @returns `undefined` for a text that is no whole journal: nothing had been sent.
 */
export function readJournal(text: string): JournaledPush | undefined {
  const lines = text.split('\n');
  const header = parseLine(lines[0]) as PushHeader | undefined;
  if (header?.version !== 1) return undefined;
  const { rowCount } = header;
  const rows: PlannedRow[] = [];
  for (let i = 1; i <= rowCount; i++) {
    const row = parseLine(lines[i]) as PlannedRow | undefined;
    if (row === undefined) return undefined;
    rows.push(row);
  }
  const states: RowState[] = rows.map(() => ({ state: 'pending' }));
  for (const line of lines.slice(rowCount + 1)) {
    const entry = parseLine(line) as ({ row: number } & RowState) | undefined;
    if (entry === undefined || states[entry.row] === undefined) continue;
    const { row, ...state } = entry;
    states[row] = state;
  }
  rows.forEach(({ isKeyed }, index) => {
    if (states[index]!.state !== 'sending') return;
    states[index] = isKeyed
      ? { state: 'pending' }
      : { state: 'unknown', message: 'The push ended before the answer came.' };
  });
  return { header, rows, states };
}

/**
 * What to write first when a journal goes on: a last line cut short must not swallow the one after it.
 */
export function continuation(text: string): string {
  return text.endsWith('\n') ? '' : '\n';
}

function parseLine(line: string | undefined): unknown {
  if (line === undefined || line === '') return undefined;
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export type StateCounts = Record<RowState['state'], number>;

export function countStates(states: readonly RowState[]): StateCounts {
  const counts: StateCounts = { pending: 0, sending: 0, sent: 0, failed: 0, unknown: 0 };
  for (const { state } of states) counts[state]++;
  return counts;
}

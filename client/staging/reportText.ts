import type { PushEnd } from './pushRows.ts';
import { countStates, type RowState, type StateCounts } from './journal.ts';
import type { PlannedRow, PushPlan, RowKey } from './planPush.ts';
import type { SourceTable } from './readRows.ts';

/** What the review says before anything is sent, a sentence each. */
export function reviewNotes(
  { rows, key }: Pick<PushPlan, 'rows' | 'key'>,
  { columns, format }: Pick<SourceTable, 'columns' | 'format'>,
  isReadOnly: boolean,
): string[] {
  const notes = [
    `${plural(rows.length, 'row')} of ${plural(columns.length, 'column')}, read as ${format}.`,
    keyNote(key),
    replicationNote,
  ];
  // Said now, and not when the first row is refused.
  if (isReadOnly)
    notes.push('This connection is read-only. Before you push, run Campaign: Allow Writing to Production…');
  return notes;
}

/** How rows are told apart. */
function keyNote(key: RowKey): string {
  switch (key.kind) {
    case 'columns':
      return `Rows are inserted or updated by ${key.xpaths.join(' and ')}: sending one twice changes nothing.`;
    case 'minted':
      return `The file has no key, so every row gets an id of its own (${key.xpath}, a UUID) before it is sent: sending one twice changes nothing.`;
    case 'none':
      return 'Neither the file nor the schema gives rows a key this side can set. Rows are inserted only, and a row whose answer gets lost is reported as unknown, not sent again.';
  }
}

/** What staging means, said before and after: the rows are not where queries look yet. */
const replicationNote =
  'The rows go to the staging table first; expect them in the cloud database within about an hour.';

/** The closing words of a push. */
export function endMessage(end: PushEnd, states: readonly RowState[], time: string): string {
  const counts = countStates(states);
  const staged = counts.sent > 0 ? ` Staged at ${time}; expected in the cloud within about an hour.` : '';
  switch (end.kind) {
    case 'done':
      return counts.sent === states.length
        ? `All ${plural(counts.sent, 'row')} sent.${staged}`
        : `${summary(counts)}.${staged}`;
    case 'cancelled':
      return `Stopped by you. ${summary(counts)}.${staged}`;
    case 'stopped':
      return `${end.error.message} ${summary(counts)}.${staged}`;
  }
}

/** `40 sent, 3 failed, 57 not sent yet` */
export function summary(counts: StateCounts): string {
  const parts = [
    `${counts.sent} sent`,
    ...(counts.failed > 0 ? [`${counts.failed} failed`] : []),
    ...(counts.unknown > 0 ? [`${counts.unknown} unknown`] : []),
    ...(counts.pending + counts.sending > 0 ? [`${counts.pending + counts.sending} not sent yet`] : []),
  ];
  return parts.join(', ');
}

/** What stands beside a row: why it failed, or the id it got. */
export function noteOf(state: RowState): string {
  switch (state.state) {
    case 'failed':
      return state.code === '' ? state.message : `${state.code}: ${state.message}`;
    case 'unknown':
      return state.message;
    case 'sent':
      return state.id ?? '';
    case 'pending':
    case 'sending':
      return '';
  }
}

/** The report as CSV: one line a row, with its line in the file, its id and what became of it. */
export function reportCsv(rows: readonly PlannedRow[], states: readonly RowState[]): string {
  const lines = rows.map(({ line, id }, index) => {
    const state = states[index]!;
    const shownId = state.state === 'sent' ? (state.id ?? id) : id;
    const note = state.state === 'sent' ? '' : noteOf(state);
    return [String(line), shownId, state.state, note].map(quote).join(',');
  });
  return `\uFEFF${['line,id,state,message', ...lines].join('\r\n')}\r\n`;
}

function quote(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

import type { CallRow } from '../../../core/protocol/callLogMessages.ts';

/** Which calls are listed. Empty texts let everything through. */
export interface CallFilter {
  /** Words that all have to occur in what the row says; case does not matter. */
  readonly text: string;
  readonly connection: string;
  readonly action: string;
  readonly errorsOnly: boolean;
}

export const noFilter: CallFilter = { text: '', connection: '', action: '', errorsOnly: false };

export type SortColumn = 'sentAt' | 'action' | 'status' | 'durationMs' | 'waitedMs' | 'receivedBytes';

export interface CallOrder {
  readonly column: SortColumn;
  readonly descending: boolean;
}

/** As they were sent: the newest last, where new ones appear. */
export const sentOrder: CallOrder = { column: 'sentAt', descending: false };

/** A fault, a refusal, no answer. A call that was cancelled failed for nobody. */
export function isError({ result }: CallRow): boolean {
  return result !== undefined && result !== 'ok' && result !== 'cancelled';
}

/** The rows that pass, in order; rows that are equal stay as they were sent. */
export function arrangeCalls(rows: Iterable<CallRow>, filter: CallFilter, order: CallOrder): CallRow[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  const passing = [...rows].filter(
    (row) =>
      (filter.connection === '' || row.connection === filter.connection) &&
      (filter.action === '' || row.action === filter.action) &&
      (!filter.errorsOnly || isError(row)) &&
      hasWords(row, words),
  );
  const sign = order.descending ? -1 : 1;
  return passing.sort((a, b) => sign * compare(a, b, order.column) || a.sentAt - b.sentAt);
}

function hasWords(row: CallRow, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text =
    `${row.connection} ${row.action} ${row.status ?? ''} ${row.result ?? ''} ${row.campaignCode ?? ''} ${row.priority} ${row.url}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

function compare(a: CallRow, b: CallRow, column: SortColumn): number {
  if (column === 'action') return a.action < b.action ? -1 : a.action > b.action ? 1 : 0;
  return (a[column] ?? 0) - (b[column] ?? 0);
}

/** `0 ms`, `1.23 s` */
export function formatDuration(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** `812 B`, `1.2 kB`, `26.3 MB` */
export function formatSize(bytes: number | undefined): string {
  if (bytes === undefined) return '';
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 999_950 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** Time of day on this computer, to the millisecond. */
export function formatTime(ms: number): string {
  const date = new Date(ms);
  const pad = (value: number, length = 2): string => String(value).padStart(length, '0');
  return `${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}.${pad(date.getMilliseconds(), 3)}`;
}

/** What the column Status says: the HTTP status, or in a word why there is none. */
export function formatStatus({ status, result, campaignCode }: CallRow): string {
  if (result === undefined) return '…';
  if (result === 'ok' || result === 'busy') return String(status ?? result);
  return [...(status === undefined ? [] : [status]), campaignCode ?? result].join(' ');
}

import { ageText } from '../connection/ageText.ts';

/** A query that was run. */
export interface PastQuery {
  readonly xml: string;
  readonly schemaId: string;
  readonly connectionId: string;
  readonly connectionName: string;
  /** When it ended (ms since 1970). */
  readonly endedAt: number;
  readonly outcome: 'done' | 'cancelled' | 'failed';
  /** Rows that were received. */
  readonly rowCount: number;
}

export const historyLength = 50;

/** The newest first; a query that is run again on the same connection takes the place of its earlier run. */
export function remember(history: readonly PastQuery[], query: PastQuery): PastQuery[] {
  const isSame = (other: PastQuery): boolean =>
    other.connectionId === query.connectionId && toOneLine(other.xml) === toOneLine(query.xml);
  return [query, ...history.filter((other) => !isSame(other))].slice(0, historyLength);
}

/** What was stored, by this version or another: entries that make no sense are left out. */
export function readHistory(stored: unknown): PastQuery[] {
  if (!Array.isArray(stored)) return [];
  return (stored as Partial<PastQuery>[]).filter(
    (entry): entry is PastQuery =>
      typeof entry === 'object' &&
      typeof entry.xml === 'string' &&
      typeof entry.schemaId === 'string' &&
      typeof entry.connectionId === 'string' &&
      typeof entry.connectionName === 'string' &&
      typeof entry.endedAt === 'number' &&
      typeof entry.rowCount === 'number',
  );
}

/** How an entry reads in a list. */
export function historyText(
  { schemaId, rowCount, outcome, endedAt, connectionName, xml }: PastQuery,
  now: number,
): { label: string; description: string; detail: string } {
  const rows = rowCount === 1 ? '1 row' : `${rowCount.toLocaleString('en')} rows`;
  const result = outcome === 'done' ? rows : outcome === 'cancelled' ? `${rows}, cancelled` : 'failed';
  return {
    label: schemaId,
    description: `${result} · ${ageText(endedAt, now)} · ${connectionName}`,
    detail: toOneLine(xml)
      .replace(/^<queryDef[^>]*>/, '')
      .slice(0, 200),
  };
}

function toOneLine(xml: string): string {
  return xml.replaceAll(/\s+/g, ' ').replaceAll('> <', '><').trim();
}

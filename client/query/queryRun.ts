import { nextPage, planPages, type PagingKey } from '../../core/queryDef/paging.ts';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import type { PreparedQuery } from './prepareQuery.ts';

/** Takes the rows of a run as they arrive. */
export interface RowSink {
  /** All columns so far; they only grow at the end. */
  columns(columns: readonly string[]): void;
  /** Resolves when it can take more: that is what slows the server down. */
  rows(rows: readonly (readonly string[])[]): Promise<void>;
}

export interface RunOptions {
  /** Rows per request. */
  readonly pageSize: number;
  /** The key to page by; asked for only when there is more than one page. */
  readonly key: () => Promise<PagingKey | undefined>;
  readonly signal: AbortSignal;
}

export interface RunResult {
  readonly rowCount: number;
  /** The limit was reached: there may be more rows. */
  readonly isLimited: boolean;
}

/** Runs a query, page by page, into a sink. Rejects with `CampaignError`. */
export async function runQuery(
  soap: Pick<SoapClient, 'executeQuery'>,
  prepared: PreparedQuery,
  options: RunOptions,
  sink: RowSink,
): Promise<RunResult> {
  const { xml, query, limit } = prepared;
  const isPaged = limit !== undefined && limit > options.pageSize;
  const key = isPaged ? await options.key() : undefined;
  const paging = {
    pageSize: Math.max(1, isPaged ? options.pageSize : (limit ?? 1)),
    ...(key === undefined ? {} : { key }),
  };
  const pages = planPages(xml, query, paging);
  const keyColumn = pages.keyPath?.join('/');
  const columns = new ColumnTracker(prepared.columns, pages.isKeyAdded ? keyColumn : undefined);
  if (columns.shown.length > 0) sink.columns(columns.shown);

  let rowCount = 0;
  for (let page: typeof pages.first | undefined = pages.first; page !== undefined;) {
    let pageRows = 0;
    let lastKey: string | undefined;
    const batches = soap.executeQuery(page.xml, {
      signal: options.signal,
      ...(columns.received.length > 0 ? { columns: columns.received } : {}),
    });
    for await (const batch of batches) {
      if (columns.receive(batch.columns)) sink.columns(columns.shown);
      pageRows += batch.rows.length;
      rowCount += batch.rows.length;
      if (keyColumn !== undefined) {
        lastKey = batch.rows.at(-1)?.[batch.columns.indexOf(keyColumn)];
      }
      await sink.rows(columns.toShown(batch.rows));
    }
    page = nextPage(xml, query, paging, page, {
      rowCount: pageRows,
      ...(lastKey === undefined ? {} : { lastKey }),
    });
  }
  return { rowCount, isLimited: limit !== undefined && rowCount >= limit };
}

/** The columns of the answer, and of what is shown of it: a key added for paging is nobody's column. */
class ColumnTracker {
  /** Columns of all pages so far; handed to the next page so that its rows have the same shape. */
  received: readonly string[];
  shown: readonly string[] = [];
  readonly #dropped: string | undefined;
  #dropIndex = -1;

  constructor(columns: readonly string[], dropped: string | undefined) {
    this.received = columns;
    this.#dropped = dropped;
    this.#update();
  }

  /** @returns whether there are new ones. */
  receive(columns: readonly string[]): boolean {
    if (columns.length === this.received.length) return false;
    // The list belongs to the answer and goes on growing.
    this.received = [...columns];
    const before = this.shown.length;
    this.#update();
    return this.shown.length !== before;
  }

  toShown(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
    const index = this.#dropIndex;
    return index < 0 ? rows : rows.map((row) => row.filter((_, column) => column !== index));
  }

  #update(): void {
    this.#dropIndex = this.#dropped === undefined ? -1 : this.received.indexOf(this.#dropped);
    this.shown =
      this.#dropIndex < 0 ? this.received : this.received.filter((column) => column !== this.#dropped);
  }
}

import { expect, test } from 'vitest';
import { prepareQuery, type PreparedQuery } from '../../../client/query/prepareQuery.ts';
import { runQuery, type RowSink } from '../../../client/query/queryRun.ts';
import { RowFlow } from '../../../client/query/rowFlow.ts';
import type { PagingKey } from '../../../core/queryDef/paging.ts';
import type { QueryOptions, RowBatch } from '../../../core/soap/soapClient.ts';

/** A table of ids 1…n; answers in batches of three, with the key column where the query added it. */
class Table {
  readonly requests: { xml: string; columns: readonly string[] }[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  // eslint-disable-next-line @typescript-eslint/require-await
  async *executeQuery(xml: string, options: QueryOptions = {}): AsyncIterable<RowBatch> {
    this.requests.push({ xml, columns: options.columns ?? [] });
    const number = (pattern: RegExp): number => Number(pattern.exec(xml)?.[1] ?? 0);
    const lineCount = number(/lineCount="(\d+)"/);
    const first = number(/@id &gt; (\d+)/) + number(/startLine="(\d+)"/);
    const columns = [...(options.columns ?? [])];
    const add = (name: string): number => {
      if (!columns.includes(name)) columns.push(name);
      return columns.indexOf(name);
    };
    let rows: string[][] = [];
    for (let id = first + 1; id <= Math.min(this.#count, first + lineCount); id++) {
      if (options.signal?.aborted === true) throw new DOMException('cancelled', 'AbortError');
      const row: string[] = [];
      const set = (name: string, value: string): void => {
        const index = add(name);
        while (row.length < index) row.push('');
        row[index] = value;
      };
      set('@email', `r${id}@example.com`);
      if (xml.includes('_pageKey')) set('@_pageKey', String(id));
      if (id % 4 === 0) set('@extra', `x${id}`);
      rows.push(row);
      if (rows.length === 3) {
        yield { columns, rows, rowCount: rows.length };
        rows = [];
      }
    }
    if (rows.length > 0) yield { columns, rows, rowCount: rows.length };
  }
}

const key: PagingKey = { xpath: '@id', isNumber: true };

interface Collected {
  columns: string[][];
  rows: (readonly string[])[];
}

function collect(): Collected & RowSink {
  const collected: Collected = { columns: [], rows: [] };
  return Object.assign(
    {
      columns(columns: readonly string[]) {
        collected.columns.push([...columns]);
      },
      async rows(rows: readonly (readonly string[])[]) {
        collected.rows.push(...rows);
        await Promise.resolve();
      },
    },
    { collected },
  ) as never;
}

async function run(
  table: Table,
  options: { limit: number; pageSize: number; key?: PagingKey; signal?: AbortSignal },
) {
  const prepared = prepareQuery(
    '<queryDef schema="a:b" operation="select"><select><node expr="@email"/></select></queryDef>',
    options.limit,
  ) as PreparedQuery;
  const sink = collect();
  let keyRequests = 0;
  const result = await runQuery(
    table,
    prepared,
    {
      pageSize: options.pageSize,
      key: () => {
        keyRequests++;
        return Promise.resolve(options.key);
      },
      signal: options.signal ?? new AbortController().signal,
    },
    sink,
  );
  const { collected } = sink as unknown as { collected: Collected };
  return { ...collected, result, keyRequests };
}

test('a query of one page is one request, and nobody is asked for its key', async () => {
  const table = new Table(10);
  const { rows, result, keyRequests } = await run(table, { limit: 100, pageSize: 100, key });
  expect(table.requests).toHaveLength(1);
  expect(keyRequests).toBe(0);
  expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 10 }, (_, i) => `r${i + 1}@example.com`));
  expect(result).toEqual({ rowCount: 10, isLimited: false });
});

test('many rows come in pages by key, none twice, none missing', async () => {
  const table = new Table(23);
  const { rows, result } = await run(table, { limit: 100, pageSize: 5, key });
  expect(rows.map((row) => row[0])).toEqual(Array.from({ length: 23 }, (_, i) => `r${i + 1}@example.com`));
  expect(table.requests).toHaveLength(5);
  expect(table.requests[2]!.xml).toContain('@id &gt; 10');
  expect(result).toEqual({ rowCount: 23, isLimited: false });
});

test('the key added for paging is nobody’s column', async () => {
  const { rows, columns } = await run(new Table(12), { limit: 12, pageSize: 5, key });
  expect(columns.at(-1)).toEqual(['@email', '@extra']);
  expect(rows[3]).toEqual(['r4@example.com', 'x4']);
  expect(rows.flat().filter((value) => /^\d+$/.test(value))).toEqual([]);
});

test('columns of a page start as those of the page before ended', async () => {
  const table = new Table(12);
  await run(table, { limit: 12, pageSize: 5, key });
  expect(table.requests.map(({ columns }) => columns)).toEqual([
    ['@email'],
    ['@email', '@_pageKey', '@extra'],
    ['@email', '@_pageKey', '@extra'],
  ]);
});

test('without a key pages go by row number', async () => {
  const table = new Table(7);
  const { rows } = await run(table, { limit: 100, pageSize: 3 });
  expect(rows).toHaveLength(7);
  expect(table.requests.map(({ xml }) => /startLine="(\d+)"/.exec(xml)?.[1])).toEqual([undefined, '3', '6']);
});

test('the limit holds for all pages together, and reaching it is told', async () => {
  const { rows, result } = await run(new Table(50), { limit: 12, pageSize: 5, key });
  expect(rows).toHaveLength(12);
  expect(result).toEqual({ rowCount: 12, isLimited: true });
});

test('cancelling ends the run with what it was cancelled with', async () => {
  const abort = new AbortController();
  abort.abort();
  await expect(run(new Table(5), { limit: 5, pageSize: 5, signal: abort.signal })).rejects.toMatchObject({
    name: 'AbortError',
  });
});

test('a sender waits while too many rows are under way, and goes on when they are taken', async () => {
  const flow = new RowFlow(10);
  await flow.send(9);
  let isThrough = false;
  const sending = flow.send(3).then(() => (isThrough = true));
  await Promise.resolve();
  expect([isThrough, flow.underWay]).toEqual([false, 12]);
  flow.taken(2);
  await Promise.resolve();
  await Promise.resolve();
  expect(isThrough).toBe(false);
  flow.taken(1);
  await sending;
  expect(flow.underWay).toBe(9);
});

test('closing the flow lets every sender go on', async () => {
  const flow = new RowFlow(1);
  const senders = Promise.all([flow.send(5), flow.send(5)]);
  flow.close();
  await senders;
  expect(flow.underWay).toBe(0);
});

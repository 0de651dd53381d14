import type * as vscode from 'vscode';
import type { SchemaDescription } from '../../core/protocol/messages.ts';
import type { GridRunAction } from '../../core/protocol/gridMessages.ts';
import { isCancellation, commandIds, type Commands } from '../commands.ts';
import type { Connection } from '../connection/connections.ts';
import { describeColumns, pagingKeyOf, toColumns } from './columns.ts';
import { toGridFailure } from './failure.ts';
import type { PastQuery } from './history.ts';
import { prepareQuery, type PreparedQuery } from './prepareQuery.ts';
import { runQuery } from './queryRun.ts';
import type { ResultsListener, ResultsPlace, ResultsView } from './resultsView.ts';
import { RowFlow } from './rowFlow.ts';

export interface QuerySettings {
  readonly rowLimit: number;
  readonly pageSize: number;
  readonly place: ResultsPlace;
}

export interface QueryRunnerHost {
  readonly commands: Commands;
  readonly log: vscode.LogOutputChannel;
  /** @param connectionId the connection the query runs on. */
  describeSchema(schemaId: string, connectionId: string): Promise<SchemaDescription | null>;
  settings(): QuerySettings;
  execute(command: string): void;
  /** A query has ended, one way or the other. */
  ended(query: PastQuery): void;
  /** Whether a query is running, for the Cancel command. */
  setRunning(isRunning: boolean): void;
}

/** Rows between the server and the page at most. */
const rowsUnderWay = 4000;

interface Run {
  readonly id: number;
  readonly connection: Connection;
  readonly xml: string;
  readonly prepared: PreparedQuery;
  readonly flow: RowFlow;
  readonly abort: AbortController;
  /** Told how it ended; not when it was cancelled. */
  readonly ended: ((error?: unknown) => void) | undefined;
}

/** Runs one query at a time into the results view; a new one takes the place of the one before. */
export class QueryRunner implements ResultsListener {
  readonly #host: QueryRunnerHost;
  #view!: ResultsView;
  #run: Run | undefined;
  #nextId = 1;

  constructor(host: QueryRunnerHost) {
    this.#host = host;
  }

  /** The view and the runner know each other; the view comes second. */
  attach(view: ResultsView): void {
    this.#view = view;
  }

  /**
   * Runs a query and shows its rows.
   * @param options `limit` in place of the query's own; `isRerun` for the query shown now, run again; `ended` is told
   * the error it ended with, or none, also when it is run again from the page.
   * @returns a sentence when the query cannot be sent.
   */
  async start(
    connection: Connection,
    xml: string,
    options: {
      readonly limit?: number | undefined;
      readonly isRerun?: boolean;
      readonly ended?: Run['ended'];
    } = {},
  ): Promise<string | undefined> {
    const settings = this.#host.settings();
    const prepared = prepareQuery(xml, settings.rowLimit, options.limit);
    if ('problem' in prepared) return prepared.problem;
    this.#run?.abort.abort();
    this.#run?.flow.close();
    const run: Run = {
      id: this.#nextId++,
      connection,
      xml,
      prepared,
      flow: new RowFlow(rowsUnderWay),
      abort: new AbortController(),
      ended: options.ended,
    };
    this.#run = run;
    await this.#view.open(settings.place);
    this.#view.post({
      type: 'start',
      runId: run.id,
      connection: connection.settings.name,
      tier: connection.settings.tier,
      schemaId: prepared.schemaId,
      isRerun: options.isRerun ?? false,
    });
    this.#host.setRunning(true);
    await this.#execute(run, settings);
    if (this.#run === run) this.#host.setRunning(false);
    return undefined;
  }

  cancelCurrent(): void {
    if (this.#run !== undefined) this.cancel(this.#run.id);
  }

  taken(runId: number, rowCount: number): void {
    if (this.#run?.id === runId) this.#run.flow.taken(rowCount);
  }

  cancel(runId: number): void {
    if (this.#run?.id !== runId) return;
    this.#run.abort.abort();
    this.#run.flow.close();
  }

  closed(): void {
    this.cancelCurrent();
  }

  action({ id }: GridRunAction): void {
    const run = this.#run;
    switch (id) {
      case 'rerun':
        if (run !== undefined) this.#restart(run, run.prepared.limit);
        break;
      case 'moreRows':
        if (run?.prepared.limit !== undefined) this.#restart(run, run.prepared.limit * 10);
        break;
      case 'showLog':
        this.#host.execute(commandIds.showLog);
        break;
      case 'editConnection':
        this.#host.execute(commandIds.editConnection);
        break;
    }
  }

  failed(error: unknown): void {
    this.#host.commands.report(error, 'Results');
  }

  pageError(message: string): void {
    this.#host.log.error(`Results page: ${message}`);
  }

  #restart(run: Run, limit: number | undefined): void {
    this.start(run.connection, run.xml, { limit, isRerun: true, ended: run.ended }).catch((error: unknown) =>
      this.#host.commands.report(error, 'Query'),
    );
  }

  async #execute(run: Run, settings: QuerySettings): Promise<void> {
    const { prepared, abort, flow } = run;
    const startedAt = performance.now();
    const post: ResultsView['post'] = (message) => {
      if (this.#run === run) this.#view.post(message);
    };
    const { id } = run.connection.settings;
    const describe = memoize((schemaId: string) => this.#host.describeSchema(schemaId, id).catch(() => null));
    let labelled = 0;
    let known: readonly string[] = [];
    let hasRows = false;
    let received = 0;
    const remember = (outcome: PastQuery['outcome']): void =>
      this.#host.ended({
        xml: run.xml,
        schemaId: prepared.schemaId,
        connectionId: run.connection.settings.id,
        connectionName: run.connection.settings.name,
        endedAt: Date.now(),
        outcome,
        rowCount: received,
      });
    // Not before the first rows: without a session the model may be out of reach until this query has signed in.
    const label = (): void => {
      const request = ++labelled;
      const xpaths = known;
      describeColumns(xpaths, prepared.query, describe)
        .then((columns) => {
          if (request === labelled) post({ type: 'columns', runId: run.id, columns });
        })
        .catch((error: unknown) => this.#host.log.warn(`Labels of the columns: ${String(error)}`));
    };
    try {
      const { rowCount, isLimited } = await runQuery(
        run.connection.soap,
        prepared,
        {
          pageSize: settings.pageSize,
          key: async () => pagingKeyOf(await describe(prepared.schemaId)),
          signal: abort.signal,
        },
        {
          columns: (xpaths) => {
            known = xpaths;
            post({ type: 'columns', runId: run.id, columns: toColumns(xpaths, prepared.query) });
            if (hasRows) label();
          },
          rows: async (rows) => {
            if (!hasRows) {
              hasRows = true;
              label();
            }
            received += rows.length;
            post({ type: 'rows', runId: run.id, rows });
            await flow.send(rows.length);
          },
        },
      );
      const elapsedMs = performance.now() - startedAt;
      remember('done');
      run.ended?.();
      this.#host.log.info(
        `Query on ${prepared.schemaId}: ${rowCount} rows in ${Math.round(elapsedMs)} ms from ${run.connection.settings.name}`,
      );
      post({
        type: 'end',
        runId: run.id,
        outcome: 'done',
        elapsedMs,
        ...(isLimited && !prepared.isOwnLimit ? { limit: prepared.limit! } : {}),
      });
    } catch (error) {
      const elapsedMs = performance.now() - startedAt;
      if (isCancellation(error)) {
        remember('cancelled');
        post({ type: 'end', runId: run.id, outcome: 'cancelled', elapsedMs });
        return;
      }
      remember('failed');
      run.ended?.(error);
      this.#host.commands.log(error, `Query on ${prepared.schemaId}`);
      post({ type: 'end', runId: run.id, outcome: 'failed', elapsedMs, failure: toGridFailure(error) });
    } finally {
      flow.close();
    }
  }
}

function memoize<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const loaded = new Map<string, Promise<T>>();
  return (key) => {
    let value = loaded.get(key);
    if (value === undefined) loaded.set(key, (value = load(key)));
    return value;
  };
}

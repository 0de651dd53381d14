import type { FromPush, PushActionId, ToPush } from '../../core/protocol/pushMessages.ts';
import type { GridColumn } from '../../core/protocol/gridMessages.ts';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import type { Tier } from '../connection/connectionSettings.ts';
import { documentValues } from './documentValues.ts';
import { countStates, journalLine, type PushHeader, type RowState } from './journal.ts';
import type { JournalStore, OpenJournal } from './journalStore.ts';
import type { PlannedRow, PushPlan } from './planPush.ts';
import { pushRows } from './pushRows.ts';
import { endMessage, noteOf, reportCsv } from './reportText.ts';

/** The instance a push goes to. */
export interface PushTarget {
  readonly name: string;
  readonly tier: Tier;
  readonly soap: Pick<SoapClient, 'ingest' | 'ingestExt' | 'figures'>;
  readonly concurrency: number;
}

export interface PushSessionHost {
  readonly store: JournalStore;
  readonly target: PushTarget;
  post(message: ToPush): void;
  /** Plans the file anew, with empty cells sent or left out. */
  replan(sendEmpty: boolean): void;
  openLine(line: number): void;
  saveReport(csv: string): void;
  copy(text: string): void;
  showLog(): void;
  close(): void;
  /** For the log; not shown. */
  log(message: string): void;
  /** A failure that is not the server's: the journal cannot be written, for one. */
  report(error: unknown): void;
  /** `hh:mm` of now. */
  time(): string;
  /** Milliseconds; only differences count. */
  now(): number;
}

interface Batch {
  readonly header: PushHeader;
  readonly rows: readonly PlannedRow[];
  readonly states: RowState[];
  /** Set by the first start; the review writes nothing. */
  journal: OpenJournal | undefined;
  readonly plan: PushPlan | undefined;
}

/** Progress is told at most this often. */
const progressEveryMs = 200;
const rowsPerMessage = 2000;

/** One push, from review to report. The page sees what the journal says. */
export class PushSession {
  readonly #host: PushSessionHost;
  #batch: Batch | undefined;
  #abort: AbortController | undefined;
  #phase: 'review' | 'running' | 'ended' = 'review';
  #changes = new Map<number, RowState>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #message = '';
  #isFailure = false;
  #throttledBefore = 0;
  #throttledCount = 0;
  /** When this run began, and how many rows were sent then. */
  #startedAt = 0;
  #sentBefore = 0;
  #isDisposed = false;

  constructor(host: PushSessionHost) {
    this.#host = host;
  }

  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  /** Shows what a plan would send. */
  review(
    header: PushHeader,
    plan: PushPlan,
    notes: readonly string[],
    sendEmpty: boolean,
    columns: readonly GridColumn[],
  ): void {
    this.#batch = {
      header,
      rows: plan.rows,
      states: plan.rows.map(() => ({ state: 'pending' })),
      journal: undefined,
      plan,
    };
    this.#phase = 'review';
    this.#message = '';
    this.#isFailure = false;
    this.#show(notes, columns, sendEmpty);
  }

  /** Shows a push as its journal left it. */
  restore(
    journal: OpenJournal,
    push: { header: PushHeader; rows: readonly PlannedRow[]; states: RowState[] },
    columns: readonly GridColumn[],
  ): void {
    this.#batch = { ...push, journal, plan: undefined };
    this.#phase = 'ended';
    const isComplete = push.states.every(({ state }) => state === 'sent');
    this.#isFailure = false;
    this.#message = endMessage(
      { kind: isComplete ? 'done' : 'cancelled' },
      push.states,
      new Date(push.header.createdAt).toLocaleString(),
    ).replace('Stopped by you.', 'This push did not end.');
    push.states.forEach((state, row) => {
      if (state.state !== 'pending') this.#changes.set(row, state);
    });
    this.#show(['The rows are those you reviewed; what was changed in the file since is not sent.'], columns);
  }

  receive(message: FromPush): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'action':
        this.#act(message.id);
        break;
      case 'sendEmpty':
        if (this.#phase === 'review') this.#host.replan(message.value);
        break;
      case 'openLine':
        this.#host.openLine(message.line);
        break;
      case 'copy':
        this.#host.copy(message.text);
        break;
      case 'pageError':
        this.#host.log(`Push page: ${message.message}`);
        break;
    }
  }

  /** Stops the push; the journal keeps what was reached. */
  dispose(): void {
    this.#isDisposed = true;
    this.#abort?.abort();
    if (!this.isRunning) void this.#batch?.journal?.close();
  }

  #act(id: PushActionId): void {
    switch (id) {
      case 'start':
      case 'resume':
        this.#start();
        break;
      case 'cancel':
        this.#abort?.abort();
        this.#message = 'Stopping after the rows under way…';
        this.#tell();
        break;
      case 'retryFailed':
        void this.#reset('failed', { state: 'pending' }).then(() => this.#start());
        break;
      case 'resendUnknown':
        void this.#reset('unknown', { state: 'pending' }).then(() => this.#start());
        break;
      case 'acceptUnknown':
        void this.#reset('unknown', { state: 'sent' }).then(() => this.#tell());
        break;
      case 'saveReport':
        if (this.#batch !== undefined) this.#host.saveReport(reportCsv(this.#batch.rows, this.#batch.states));
        break;
      case 'dismiss':
        void this.#dismiss();
        break;
      case 'showLog':
        this.#host.showLog();
        break;
      case 'checkAgain':
        this.#host.replan(false);
        break;
    }
  }

  #start(): void {
    if (this.#phase === 'running' || this.#batch === undefined) return;
    this.#run(this.#batch).catch((error: unknown) => this.#host.report(error));
  }

  async #run(batch: Batch): Promise<void> {
    const { target } = this.#host;
    this.#phase = 'running';
    this.#message = '';
    this.#isFailure = false;
    this.#abort = new AbortController();
    this.#throttledBefore = target.soap.figures.throttledCount - this.#throttledCount;
    this.#startedAt = this.#host.now();
    this.#sentBefore = countStates(batch.states).sent;
    this.#tell();
    this.#timer = setInterval(() => this.#tell(), progressEveryMs);
    try {
      batch.journal ??= await this.#host.store.create(batch.header, batch.plan!);
      const end = await pushRows({
        soap: target.soap,
        journal: batch.journal,
        rows: batch.rows,
        states: batch.states,
        signal: this.#abort.signal,
        concurrency: target.concurrency,
        onChange: (row, state) => {
          this.#changes.set(row, state);
          if (state.state === 'sent') this.#message = '';
        },
        onRetry: (reason) => (this.#message = reason),
      });
      this.#message = endMessage(end, batch.states, this.#host.time());
      this.#isFailure = end.kind === 'stopped' || countStates(batch.states).failed > 0;
      this.#host.log(`Push of ${batch.header.fileName} to ${batch.header.schemaId}: ${this.#message}`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#message = `The push stopped: ${reason} Free some space or check the folder’s rights, then resume.`;
      this.#isFailure = true;
      throw error;
    } finally {
      clearInterval(this.#timer);
      this.#phase = 'ended';
      if (this.#isDisposed) await batch.journal?.close();
      else this.#tell();
    }
  }

  /** Journals another state for all rows in one state. */
  async #reset(from: RowState['state'], to: RowState): Promise<void> {
    const batch = this.#batch;
    if (batch?.journal === undefined || this.isRunning) return;
    const rows = batch.states.flatMap(({ state }, row) => (state === from ? [row] : []));
    await batch.journal.append(rows.map((row) => journalLine(row, to)).join(''));
    for (const row of rows) {
      batch.states[row] = to;
      this.#changes.set(row, to);
    }
    this.#message = '';
    this.#isFailure = false;
  }

  async #dismiss(): Promise<void> {
    const batch = this.#batch;
    if (batch === undefined || this.isRunning) return;
    await batch.journal?.close();
    batch.journal = undefined;
    await this.#host.store.remove(batch.header.pushId);
    this.#batch = undefined;
    this.#host.close();
  }

  #show(notes: readonly string[], columns: readonly GridColumn[], sendEmpty?: boolean): void {
    const { header, rows } = this.#batch!;
    this.#host.post({
      type: 'review',
      fileName: header.fileName,
      connection: this.#host.target.name,
      tier: this.#host.target.tier,
      target: header.schemaId,
      rowCount: rows.length,
      notes,
      columns,
      ...(sendEmpty === undefined ? {} : { sendEmpty }),
    });
    for (let i = 0; i < rows.length; i += rowsPerMessage) {
      this.#host.post({
        type: 'rows',
        rows: rows
          .slice(i, i + rowsPerMessage)
          .map(({ line, id, xml }) => ({ line, id, values: documentValues(xml, header.columns) })),
      });
    }
    this.#tell();
  }

  #tell(): void {
    const batch = this.#batch;
    if (batch === undefined) return;
    const { figures } = this.#host.target.soap;
    if (this.isRunning) this.#throttledCount = figures.throttledCount - this.#throttledBefore;
    const changes = [...this.#changes].map(([row, state]) => ({
      row,
      state: state.state,
      note: noteOf(state),
    }));
    this.#changes.clear();
    const counts = countStates(batch.states);
    const seconds = (this.#host.now() - this.#startedAt) / 1000;
    const rowsPerSecond = (counts.sent - this.#sentBefore) / seconds;
    this.#host.post({
      type: 'progress',
      phase: this.#phase,
      counts,
      changes,
      // Over less than a second the rate is noise.
      ...(this.isRunning && seconds >= 1
        ? { rate: { rowsPerSecond, allowedPerSecond: figures.allowedPerSecond } }
        : {}),
      throttledCount: this.#throttledCount,
      message: this.#message,
      isFailure: this.#isFailure,
    });
  }
}

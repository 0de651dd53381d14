import { CampaignError } from '../../core/soap/campaignError.ts';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import { journalLine, type JournalFile, type RowState } from './journal.ts';
import type { PlannedRow } from './planPush.ts';

export interface PushOptions {
  readonly soap: Pick<SoapClient, 'ingest' | 'ingestExt'>;
  readonly journal: JournalFile;
  readonly rows: readonly PlannedRow[];
  /** By row; changed in place. Rows that are not `pending` are left alone. */
  readonly states: RowState[];
  readonly signal: AbortSignal;
  /** Rows under way at once. The client's throttle decides how fast they go out. */
  readonly concurrency: number;
  readonly onChange: (row: number, state: RowState) => void;
  /** A row has to wait: the server asked for it, or the connection broke. One sentence. */
  readonly onRetry?: (reason: string) => void;
}

/** How a push came to its end; `stopped` names why, and leaves rows `pending`. */
export type PushEnd =
  | { readonly kind: 'done' }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'stopped'; readonly error: CampaignError };

/** So many refusals in a row, with the same code and no row accepted between, are not about the rows. */
const refusalsInARow = 25;

/**
 * Sends the rows that are pending, journaling each before it goes out and after its answer. A failure of the row is noted
 * and the next one sent; a failure of the connection stops the push, to go on later.
 *
 * Invariant: a row is `sent` only after the server said so, and no row is sent whose state could not be journaled.
 */
export async function pushRows(options: PushOptions): Promise<PushEnd> {
  const push = new Push(options);
  return await push.run();
}

class Push {
  readonly #options: PushOptions;
  readonly #queue: number[];
  #next = 0;
  #stop: CampaignError | undefined;
  #refusals = { code: '', count: 0 };

  constructor(options: PushOptions) {
    this.#options = options;
    this.#queue = options.states.flatMap(({ state }, row) => (state === 'pending' ? [row] : []));
  }

  async run(): Promise<PushEnd> {
    const lanes = Math.max(1, Math.min(this.#options.concurrency, this.#queue.length));
    const ends = await Promise.allSettled(Array.from({ length: lanes }, () => this.#lane()));
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
    if (this.#stop !== undefined) return { kind: 'stopped', error: this.#stop };
    return { kind: this.#options.states.some(({ state }) => state === 'pending') ? 'cancelled' : 'done' };
  }

  async #lane(): Promise<void> {
    try {
      while (this.#next < this.#queue.length && this.#stop === undefined && !this.#options.signal.aborted) {
        await this.#send(this.#queue[this.#next++]!);
      }
    } catch (error) {
      // The journal cannot be written: what the other lanes have under way ends, nothing new goes out.
      this.#next = this.#queue.length;
      throw error;
    }
  }

  async #send(row: number): Promise<void> {
    const { rows, soap, signal, onRetry } = this.#options;
    const { xml, isKeyed } = rows[row]!;
    await this.#note(row, { state: 'sending' });
    try {
      const options = {
        signal,
        priority: 'push',
        idempotent: isKeyed,
        ...(onRetry === undefined ? {} : { onRetry: ({ reason }: { reason: string }) => onRetry(reason) }),
      } as const;
      if (isKeyed) {
        await soap.ingestExt(xml, options);
        await this.#note(row, { state: 'sent' });
      } else {
        const id = await soap.ingest(xml, options);
        await this.#note(row, id === '' ? { state: 'sent' } : { state: 'sent', id });
      }
      this.#refusals = { code: '', count: 0 };
    } catch (error) {
      if (!(error instanceof CampaignError)) throw error;
      await this.#failed(row, isKeyed, error);
    }
  }

  async #failed(row: number, isKeyed: boolean, error: CampaignError): Promise<void> {
    const mayBeThere = error.outcome === 'unknown' && !isKeyed;
    if (mayBeThere) await this.#note(row, { state: 'unknown', message: error.explanation });
    else if (isAboutRow(error)) {
      const code = error.campaignCode ?? error.code;
      await this.#note(row, {
        state: 'failed',
        code,
        message: [error.explanation, ...error.details].join('\n'),
      });
      this.#countRefusal(code, error);
      return;
    } else await this.#note(row, { state: 'pending' });
    // Not the row's fault: those behind it wait until the push goes on.
    if (!this.#options.signal.aborted) this.#stop ??= error;
  }

  #countRefusal(code: string, error: CampaignError): void {
    this.#refusals = { code, count: this.#refusals.code === code ? this.#refusals.count + 1 : 1 };
    if (this.#refusals.count < refusalsInARow) return;
    this.#stop ??= new CampaignError({
      code: 'fault',
      explanation: `${refusalsInARow} rows in a row were refused for the same reason: ${error.explanation}`,
      nextStep: 'Nothing more was sent. Correct the cause, then retry the failed rows.',
      campaignCode: error.campaignCode,
      details: error.details,
      outcome: 'refused',
    });
  }

  async #note(row: number, state: RowState): Promise<void> {
    await this.#options.journal.append(journalLine(row, state));
    this.#options.states[row] = state;
    this.#options.onChange(row, state);
  }
}

/** Codes that say the instance has no such method: every row would be answered the same. */
const noSuchMethod: ReadonlySet<string> = new Set(['SOP-330003', 'SOP-330006', 'SOP-330024']);

/** Did the server look at this very row and say no? Everything else would meet the next row too. */
function isAboutRow({ code, campaignCode }: CampaignError): boolean {
  return (code === 'fault' || code === 'invalidCall') && !noSuchMethod.has(campaignCode ?? '');
}

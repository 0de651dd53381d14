import type { CampaignErrorCode } from './campaignError.ts';

/** One HTTP exchange, as it may be shown: nothing in it is secret. */
export interface CallLogEntry {
  /** Counts up from 1. */
  readonly id: number;
  /** When it was sent (ms since 1970). */
  readonly sentAt: number;
  /** `urn#Method`, or the host for a request that is not SOAP. */
  readonly action: string;
  /** 1 for the first time this call was sent, 2 for its first repeat, … */
  readonly attempt: number;
  /** Time in the queue before it was sent. */
  readonly waitedMs: number;
  /** From sending to the last byte of the answer (for rows: to the last one taken). */
  readonly durationMs: number;
  /** HTTP status; absent without an answer. */
  readonly status?: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** How it ended: an answer, a fault, "too many requests", or the code of an error. */
  readonly result: 'ok' | 'fault' | 'busy' | CampaignErrorCode;
  readonly campaignCode?: string;
  /** What was sent and received: masked when it was captured, and only while `captureBodies` is on. */
  readonly request?: string;
  readonly reply?: string;
}

/** Entries kept; the oldest go first. */
const capacity = 500;
/** Characters of a body that are kept. */
export const bodyLimit = 20_000;

/** The last exchanges of a client, for people who want to see what goes over the wire. In memory only. */
export class CallLog {
  /** Off by default: bodies hold personal data. */
  captureBodies = false;
  #entries: CallLogEntry[] = [];
  #nextId = 1;
  readonly #listeners = new Set<(entry: CallLogEntry) => void>();

  /** Oldest first; at most 500. */
  get entries(): readonly CallLogEntry[] {
    return this.#entries;
  }

  /** @returns a function that ends the subscription. */
  onDidAdd(listener: (entry: CallLogEntry) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  add(entry: Omit<CallLogEntry, 'id'>): void {
    const numbered = { id: this.#nextId++, ...entry };
    this.#entries.push(numbered);
    if (this.#entries.length > capacity) this.#entries.shift();
    for (const listener of this.#listeners) listener(numbered);
  }

  clear(): void {
    this.#entries = [];
  }
}

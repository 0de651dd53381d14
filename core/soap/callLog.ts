import type { CampaignErrorCode } from './campaignError.ts';
import { maskSecrets } from './maskSecrets.ts';
import type { Priority } from './soapClient.ts';

/** A request on its way, as it may be shown: nothing in it is secret. */
export interface CallLogStart {
  /** When it was sent (ms since 1970). */
  readonly sentAt: number;
  /** `urn#Method`, or for a request that is not SOAP what it is for. */
  readonly action: string;
  readonly httpMethod: 'GET' | 'POST';
  readonly url: string;
  /** 1 for the first time this call was sent, 2 for its first repeat, … */
  readonly attempt: number;
  readonly priority: Priority;
  /** Time in the queue before it was sent. */
  readonly waitedMs: number;
  readonly sentBytes: number;
}

/** One HTTP exchange that is over, as it may be shown: nothing in it is secret. */
export interface CallLogEntry extends CallLogStart {
  /** Counts up from 1, in the order of sending. */
  readonly id: number;
  /** From sending to the last byte of the answer (for rows: to the last one taken). */
  readonly durationMs: number;
  /** HTTP status; absent without an answer. */
  readonly status?: number;
  readonly receivedBytes: number;
  /** How it ended: an answer, a fault, "too many requests", or the code of an error. */
  readonly result: 'ok' | 'fault' | 'busy' | CampaignErrorCode;
  readonly campaignCode?: string;
  /** What was sent and received: masked when it was captured, and only while `captureBodies` is on. */
  readonly request?: string;
  readonly reply?: string;
}

/** A request that has no answer yet. */
export interface ActiveCall extends CallLogStart {
  readonly id: number;
}

/** Entries kept; the oldest go first. */
const capacity = 1000;
/** Characters of a body that are kept. */
export const bodyLimit = 20_000;
/** Characters of all bodies together; beyond it the oldest entries lose theirs. */
export const allBodiesLimit = 8_000_000;

/** The last exchanges of a connection, for people who want to see what goes over the wire. In memory only. */
export class CallLog {
  /** Off by default: bodies hold personal data. */
  captureBodies = false;
  #entries: CallLogEntry[] = [];
  readonly #active = new Map<number, ActiveCall>();
  #bodiesLength = 0;
  #nextId = 1;
  readonly #startListeners = new Set<(call: ActiveCall) => void>();
  readonly #endListeners = new Set<(entry: CallLogEntry) => void>();

  /** What is over, oldest first; at most 1,000. */
  get entries(): readonly CallLogEntry[] {
    return this.#entries;
  }

  /** What is under way, by id. */
  get active(): ReadonlyMap<number, ActiveCall> {
    return this.#active;
  }

  /** Called when a request is sent. @returns a function that ends the subscription. */
  onDidStart(listener: (call: ActiveCall) => void): () => void {
    this.#startListeners.add(listener);
    return () => void this.#startListeners.delete(listener);
  }

  /** Called when a request is over. @returns a function that ends the subscription. */
  onDidAdd(listener: (entry: CallLogEntry) => void): () => void {
    this.#endListeners.add(listener);
    return () => void this.#endListeners.delete(listener);
  }

  /** @returns a function to call once, when the request is over. */
  start(call: CallLogStart): (end: Omit<CallLogEntry, keyof CallLogStart | 'id'>) => void {
    const active: ActiveCall = { id: this.#nextId++, ...call };
    this.#active.set(active.id, active);
    for (const listener of this.#startListeners) listener(active);
    return (end) => {
      if (!this.#active.delete(active.id)) return;
      const entry: CallLogEntry = { ...active, ...end };
      this.#entries.push(entry);
      this.#bodiesLength += bodyLength(entry);
      if (this.#entries.length > capacity) this.#bodiesLength -= bodyLength(this.#entries.shift()!);
      this.#dropOldBodies();
      for (const listener of this.#endListeners) listener(entry);
    };
  }

  clear(): void {
    this.#entries = [];
    this.#bodiesLength = 0;
  }

  /** Masks once more what was captured: a secret is often learned from the very answer that brought it. */
  mask(secrets: readonly string[]): void {
    if (this.#bodiesLength === 0) return;
    this.#entries = this.#entries.map((entry) => {
      if (bodyLength(entry) === 0) return entry;
      const { request, reply } = entry;
      const masked = {
        ...entry,
        ...(request === undefined ? {} : { request: maskSecrets(request, secrets) }),
        ...(reply === undefined ? {} : { reply: maskSecrets(reply, secrets) }),
      };
      this.#bodiesLength += bodyLength(masked) - bodyLength(entry);
      return masked;
    });
  }

  #dropOldBodies(): void {
    for (let i = 0; this.#bodiesLength > allBodiesLimit && i < this.#entries.length; i++) {
      const entry = this.#entries[i]!;
      if (bodyLength(entry) === 0) continue;
      this.#bodiesLength -= bodyLength(entry);
      this.#entries[i] = withoutBodies(entry);
    }
  }
}

function bodyLength({ request, reply }: CallLogEntry): number {
  return (request?.length ?? 0) + (reply?.length ?? 0);
}

function withoutBodies(entry: CallLogEntry): CallLogEntry {
  const names = Object.keys(entry).filter((name) => name !== 'request' && name !== 'reply');
  return Object.fromEntries(
    names.map((name) => [name, entry[name as keyof CallLogEntry]]),
  ) as unknown as CallLogEntry;
}

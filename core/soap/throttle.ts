import { cancelledError, type CallOutcome, type CampaignError } from './campaignError.ts';
import type { CancelSignal } from './cancelSignal.ts';
import type { Clock } from './clock.ts';
import { RateLimiter } from './rateLimiter.ts';
import type { Priority } from './soapClient.ts';

export interface ThrottleOptions {
  readonly clock: Clock;
  /** 0 ≤ x < 1, for jitter. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** The server's limit when known; absent, it is found by trying. */
  readonly requestsPerSecond?: number | undefined;
  /** The limit that was found by trying, some other time. */
  readonly foundPerSecond?: number | undefined;
  /** Requests under way at once. Default 4, minimum 1. */
  readonly concurrency?: number | undefined;
  /** Limits of single methods (`urn#Method` → requests per second), where an instance has such. */
  readonly methodLimits?: Readonly<Record<string, number>> | undefined;
}

/** How a request ended, as far as the throttle cares. */
export type SlotEnd =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed' }
  /** 429: too many. `retryAfterMs` as the server asked, absent when it did not. */
  | { readonly kind: 'throttled'; readonly retryAfterMs?: number | undefined }
  /** 502, 503, 504. */
  | { readonly kind: 'unavailable'; readonly retryAfterMs?: number | undefined };

/** Permission to send one request. */
export interface Slot {
  /** When the request may start (ms): the moment it was given. */
  readonly startedAt: number;
  readonly waitedMs: number;
  /** Must be called once the request is over; later calls do nothing. */
  release(end: SlotEnd): void;
}

export interface ThrottleFigures {
  readonly waitingCount: number;
  readonly activeCount: number;
  readonly allowedPerSecond: number;
  readonly foundPerSecond?: number;
  readonly sentPerSecond: number;
  readonly throttledCount: number;
  readonly lastThrottledAt?: number;
  readonly pausedUntil?: number;
  readonly held: boolean;
}

interface Waiting {
  readonly priority: Priority;
  readonly key: string;
  readonly since: number;
  grant(slot: Slot): void;
  refuse(error: CampaignError): void;
}

/**
 * Head start by priority, in milliseconds of waiting: a push that has waited 20 s longer goes before an interactive
 * call.
 */
const headStartMs: Readonly<Record<Priority, number>> = { interactive: 20_000, background: 10_000, push: 0 };

/**
 * Longest first pause without `Retry-After`. A limit per second lets through again what it let through a moment ago, so
 * the pause need not be as long as its second; a server that is not there needs longer.
 */
const firstPauseMs = { throttled: 500, unavailable: 1_500 } as const;
/** Part of a pause that is not left to chance. */
const shortestPause = 0.25;
const longestPauseMs = 60_000;
const figureSeconds = 10;

/**
 * The gate before every request to one server. It spaces starts, bounds how many requests are under way, orders them by
 * priority with ageing, keeps one place free for interactive calls, and when the server says 429 or 503 pauses the
 * whole server, not one call.
 */
export class Throttle {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #concurrency: number;
  readonly #limiter: RateLimiter;
  readonly #methodLimiters: ReadonlyMap<string, RateLimiter>;
  /** By priority and method key, each in order of arrival. */
  readonly #queues = new Map<string, Set<Waiting>>();
  #waitingCount = 0;
  #activeCount = 0;
  #activeOrdinary = 0;
  #throttledCount = 0;
  #lastThrottledAt: number | undefined;
  #pausedUntil = 0;
  #setbacks = 0;
  #lastSetbackAt = -Infinity;
  #held = false;
  #disposed = false;
  #cancelTimer: (() => void) | undefined;
  /** Starts per second of time, for the last seconds. */
  readonly #starts = new Map<number, number>();
  readonly #onChange: () => void;

  constructor(options: ThrottleOptions, onChange: () => void = () => undefined) {
    this.#clock = options.clock;
    this.#random = options.random ?? Math.random;
    this.#concurrency = Math.max(1, Math.floor(options.concurrency ?? 4));
    this.#limiter = new RateLimiter(options);
    this.#methodLimiters = new Map(
      Object.entries(options.methodLimits ?? {}).map(([key, requestsPerSecond]) => [
        key,
        new RateLimiter({ requestsPerSecond }),
      ]),
    );
    this.#onChange = onChange;
  }

  /** Waits for permission. Rejects with `cancelled` when the signal fires or the throttle is disposed. */
  acquire(options: { priority: Priority; key: string; signal?: CancelSignal | undefined }): Promise<Slot> {
    const { priority, key, signal } = options;
    return new Promise((resolve, reject) => {
      const refused: CallOutcome = 'notSent';
      if (this.#disposed) {
        reject(cancelledError(key, refused, 'The connection was closed.'));
        return;
      }
      if (signal?.aborted === true) {
        reject(cancelledError(key, refused));
        return;
      }
      const queue = this.#queueOf(priority, this.#methodLimiters.has(key) ? key : '');
      const onAbort = (): void => {
        if (!queue.delete(waiting)) return;
        this.#waitingCount--;
        reject(cancelledError(key, refused));
        this.#onChange();
      };
      const settle = (): void => signal?.removeEventListener('abort', onAbort);
      const waiting: Waiting = {
        priority,
        key,
        since: this.#clock.now(),
        grant: (slot) => {
          settle();
          resolve(slot);
        },
        refuse: (error) => {
          settle();
          reject(error);
        },
      };
      signal?.addEventListener('abort', onAbort);
      queue.add(waiting);
      this.#waitingCount++;
      this.#pump();
      this.#onChange();
    });
  }

  /** Lets nothing more start until `resume`. */
  hold(): void {
    this.#held = true;
    this.#onChange();
  }

  resume(): void {
    this.#held = false;
    this.#pump();
    this.#onChange();
  }

  /** Refuses all that waits. @param reason one sentence. */
  refuseWaiting(reason: string): void {
    for (const queue of this.#queues.values()) {
      const refused = [...queue];
      queue.clear();
      this.#waitingCount -= refused.length;
      for (const waiting of refused) waiting.refuse(cancelledError(waiting.key, 'notSent', reason));
    }
    this.#onChange();
  }

  dispose(): void {
    this.#disposed = true;
    this.#cancelTimer?.();
    this.refuseWaiting('The connection was closed.');
  }

  get figures(): ThrottleFigures {
    const now = this.#clock.now();
    const { perSecond, foundPerSecond } = this.#limiter;
    const second = Math.floor(now / 1000);
    let started = 0;
    for (const [at, count] of this.#starts) if (at > second - figureSeconds) started += count;
    return {
      waitingCount: this.#waitingCount,
      activeCount: this.#activeCount,
      allowedPerSecond: perSecond,
      ...(foundPerSecond === undefined ? {} : { foundPerSecond }),
      sentPerSecond: started / figureSeconds,
      throttledCount: this.#throttledCount,
      ...(this.#lastThrottledAt === undefined ? {} : { lastThrottledAt: this.#lastThrottledAt }),
      ...(this.#pausedUntil > now ? { pausedUntil: this.#pausedUntil } : {}),
      held: this.#held,
    };
  }

  #queueOf(priority: Priority, limiterKey: string): Set<Waiting> {
    const id = `${priority} ${limiterKey}`;
    let queue = this.#queues.get(id);
    if (queue === undefined) this.#queues.set(id, (queue = new Set()));
    return queue;
  }

  /** Starts what may start now, and sets the timer for the next one. */
  #pump(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    while (this.#waitingCount > 0 && !this.#held && !this.#disposed) {
      const now = this.#clock.now();
      const { waiting, queue, wakeAt } = this.#pick(now);
      if (waiting !== undefined && queue !== undefined) {
        queue.delete(waiting);
        this.#waitingCount--;
        this.#start(waiting, now);
        continue;
      }
      if (wakeAt < Infinity) {
        this.#cancelTimer = this.#clock.schedule(Math.max(0, Math.ceil(wakeAt - now)), () => this.#pump());
      }
      return;
    }
  }

  /** The call to start now; or when to look again (`Infinity`: when a request ends). */
  #pick(now: number): { waiting?: Waiting; queue?: Set<Waiting>; wakeAt: number } {
    if (this.#activeCount >= this.#concurrency) return { wakeAt: Infinity };
    if (this.#pausedUntil > now) return { wakeAt: this.#pausedUntil };
    const ordinaryPlaces = this.#concurrency > 1 ? this.#concurrency - 1 : 1;
    let best: { waiting: Waiting; queue: Set<Waiting>; score: number } | undefined;
    let keyWakeAt = Infinity;
    for (const queue of this.#queues.values()) {
      const head = queue.values().next().value;
      if (head === undefined) continue;
      if (head.priority !== 'interactive' && this.#activeOrdinary >= ordinaryPlaces) continue;
      const keyAt = this.#methodLimiters.get(head.key)?.startAt(now) ?? -Infinity;
      if (keyAt > now) {
        keyWakeAt = Math.min(keyWakeAt, keyAt);
        continue;
      }
      const score = now - head.since + headStartMs[head.priority];
      if (best === undefined || score > best.score) best = { waiting: head, queue, score };
    }
    if (best === undefined) return { wakeAt: keyWakeAt };
    const at = this.#limiter.startAt(now);
    return at > now ? { wakeAt: at } : { waiting: best.waiting, queue: best.queue, wakeAt: now };
  }

  #start(waiting: Waiting, now: number): void {
    const limiter = this.#methodLimiters.get(waiting.key);
    const isOrdinary = waiting.priority !== 'interactive';
    this.#limiter.start(now);
    limiter?.start(now);
    this.#activeCount++;
    if (isOrdinary) this.#activeOrdinary++;
    const second = Math.floor(now / 1000);
    this.#starts.set(second, (this.#starts.get(second) ?? 0) + 1);
    this.#starts.delete(second - figureSeconds - 1);
    if (this.#starts.size > 2 * figureSeconds) {
      for (const at of this.#starts.keys()) if (at <= second - figureSeconds) this.#starts.delete(at);
    }
    let isOpen = true;
    waiting.grant({
      startedAt: now,
      waitedMs: now - waiting.since,
      release: (end) => {
        if (!isOpen) return;
        isOpen = false;
        this.#activeCount--;
        if (isOrdinary) this.#activeOrdinary--;
        this.#learn(end, now, limiter);
        this.#pump();
        this.#onChange();
      },
    });
  }

  #learn(end: SlotEnd, startedAt: number, limiter: RateLimiter | undefined): void {
    if (end.kind === 'failed') return;
    const now = this.#clock.now();
    if (end.kind === 'ok') {
      this.#limiter.accepted(startedAt, now);
      limiter?.accepted(startedAt, now);
      // An answer to a request from before the setback says nothing about now.
      if (startedAt > this.#lastSetbackAt) this.#setbacks = 0;
      return;
    }
    this.#throttledCount++;
    this.#lastThrottledAt = now;
    const isNews = startedAt >= this.#lastSetbackAt;
    if (end.kind === 'throttled') {
      this.#limiter.refused(startedAt, now);
      limiter?.refused(startedAt, now);
    }
    if (isNews) {
      this.#setbacks++;
      this.#lastSetbackAt = now;
    }
    if (isNews || end.retryAfterMs !== undefined) {
      const pauseMs = end.retryAfterMs ?? this.#backOffMs(firstPauseMs[end.kind]);
      this.#pausedUntil = Math.max(this.#pausedUntil, now + pauseMs);
    }
  }

  /** Exponential with full jitter above a floor, so that several clients do not come back together. */
  #backOffMs(firstMs: number): number {
    const base = Math.min(longestPauseMs, firstMs * 2 ** (this.#setbacks - 1));
    return Math.min(longestPauseMs, base * (shortestPause + (1 - shortestPause) * this.#random()));
  }
}

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date.
 * @returns milliseconds from `now`, at most ten minutes; `undefined` when it is neither.
 */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? '';
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined;
  const date = seconds === undefined && /[A-Za-z]{3},? /.test(text) ? Date.parse(text) : NaN;
  const delayMs = seconds !== undefined ? seconds * 1000 : date - now;
  return Number.isNaN(delayMs) ? undefined : Math.min(600_000, Math.max(0, delayMs));
}

/**
 * A known limit is used to this share: arrival times at the server are a little closer together than ours, and one 429
 * costs more than two percent of speed.
 */
const knownShare = 0.98;
/** A limit that was found is used to this share: what was counted may have been one request too many. */
const foundShare = 0.95;
/** How late a timer may be without losing throughput: a later start is made up for, up to this. */
const creditMs = 14;
/** Growth per second while no limit has been met, or the one met turned out not to be one. */
const rampPerSecond = 0.6;
/** Growth per second below a limit that was met, and when trying beyond it. */
const recoverPerSecond = 0.25;
/** Least and largest part of the rate that is left after a refusal. */
const deepestCut = 0.3;
/** The same, when the last cut did not help: a server that saves up unused requests hides its limit at first. */
const repeatedCut = 0.8;
/** A refusal so soon after the last one belongs to it. */
const repeatMs = 2_500;
/**
 * How many requests have to be accepted near a limit before going beyond it is tried: few after a limit that was met
 * only once (a burst, or another client, may have been the reason), many once it was met again at the same rate, twice
 * as many each further time. Counted in requests, so that trying costs the same share of them at any rate.
 */
const firstHoldCount = 8;
const confirmedHoldCount = 100;
const shortestHoldMs = 2_000;
const longestHoldMs = 120_000;
const lowestPerSecond = 0.2;
const highestPerSecond = 2000;
/** The server counts by the second. Source: Campaign v8 documentation, "transactions per second". */
const windowMs = 1000;

export interface RateLimiterOptions {
  /** The limit, when known (requests per second). Absent: it is found by trying. */
  readonly requestsPerSecond?: number | undefined;
  /** A rate found before, at which the search goes on. Absent: it begins at 8. */
  readonly foundPerSecond?: number | undefined;
  /** Requests that may start together before any limit was met. Default 4. */
  readonly burst?: number | undefined;
}

/**
 * Decides when the next request may start: evenly spaced (a generic cell rate algorithm), at a rate that is given or
 * found.
 *
 * Finding: the rate grows while requests wait for it, and is cut when the server says 429. What the server let through in
 * the second before it said so is the best guess of its limit there is. A guess is kept for a number of requests, longer
 * each time it is confirmed, before more is tried.
 *
 * Times are arguments (ms); nothing here reads a clock.
 */
export class RateLimiter {
  readonly #known: number | undefined;
  readonly #burst: number;
  #rate: number;
  /** What the limit is taken to be; `undefined` until there was a 429. */
  #ceiling: number | undefined;
  #nextAt = -Infinity;
  #holdCount = firstHoldCount;
  #wasDelayed = false;
  #cutAt = -Infinity;
  #acceptedSinceCut = 0;
  /** When those started that were accepted lately, in order of their answers. */
  #accepted: number[] = [];

  constructor(options: RateLimiterOptions = {}) {
    this.#known =
      options.requestsPerSecond === undefined ? undefined : options.requestsPerSecond * knownShare;
    const found = this.#known === undefined ? options.foundPerSecond : undefined;
    if (found !== undefined) {
      this.#ceiling = found / foundShare;
      this.#holdCount = confirmedHoldCount;
    }
    this.#rate = this.#known ?? found ?? 8;
    this.#burst = options.burst ?? 4;
  }

  /** Requests per second allowed now. */
  get perSecond(): number {
    return this.#rate;
  }

  /** The rate that was found; `undefined` until the limit was met twice, and when it is known anyway. */
  get foundPerSecond(): number | undefined {
    const isSure = this.#known === undefined && this.#holdCount >= confirmedHoldCount;
    return isSure && this.#ceiling !== undefined
      ? Math.min(this.#rate, this.#ceiling * foundShare)
      : undefined;
  }

  /** When the next request may start; not after `now` means at once. Asking tells that one is waiting. */
  startAt(now: number): number {
    const at = this.#nextAt - this.#credit();
    if (at > now) this.#wasDelayed = true;
    return at;
  }

  /** A request starts. */
  start(now: number): void {
    // A limit from before holds from the first request on.
    if (this.#ceiling !== undefined && this.#cutAt === -Infinity) this.#cutAt = now;
    const spacing = 1000 / this.#rate;
    this.#nextAt = Math.max(this.#nextAt, now - (this.#credit() - creditMs)) + spacing;
    if (this.#nextAt < now) this.#nextAt = now;
    if (this.#wasDelayed) this.#grow(spacing / 1000, now);
    this.#wasDelayed = false;
  }

  /** @param sentAt when the request started. */
  accepted(sentAt: number, now: number): void {
    if (sentAt >= this.#cutAt) this.#acceptedSinceCut++;
    this.#accepted.push(sentAt);
    // Cleared in large steps: dropping each one as it ages would cost more than it saves.
    if (this.#accepted.length > 4 * highestPerSecond) {
      this.#accepted = this.#accepted.filter((at) => at > now - 3 * windowMs);
    }
  }

  /**
   * The server said "too many".
   * @param sentAt when the refused request started: those sent before the last cut tell nothing new.
   * @returns whether it was news.
   */
  refused(sentAt: number, now: number): boolean {
    if (sentAt < this.#cutAt) return false;
    const isRepeated = this.#acceptedSinceCut < this.#rate / 2 && now - this.#cutAt < repeatMs;
    const letThrough = this.#accepted.filter((at) => at > sentAt - windowMs && at <= sentAt).length;
    const seen = Math.min(this.#rate, Math.max(1, letThrough));
    const isConfirmed =
      this.#ceiling !== undefined && Math.abs(seen - this.#ceiling) <= Math.max(1, 0.3 * this.#ceiling);
    if (!isRepeated) {
      this.#holdCount = isConfirmed ? Math.max(confirmedHoldCount, this.#holdCount * 2) : firstHoldCount;
    }
    const most = this.#rate * (isRepeated ? repeatedCut : foundShare);
    this.#rate = Math.max(
      lowestPerSecond,
      Math.min(most, Math.max(this.#rate * deepestCut, letThrough * foundShare)),
    );
    this.#ceiling = Math.max(seen, this.#rate);
    this.#cutAt = now;
    this.#acceptedSinceCut = 0;
    this.#nextAt = Math.max(this.#nextAt, now);
    return true;
  }

  /** Credit for late timers; and, before any limit is known, for starting a few at once. */
  #credit(): number {
    const isFree = this.#known === undefined && this.#ceiling === undefined;
    return isFree ? creditMs + ((this.#burst - 1) * 1000) / this.#rate : creditMs;
  }

  #grow(seconds: number, now: number): void {
    const highest = this.#known ?? highestPerSecond;
    let growth: number;
    if (this.#ceiling === undefined || this.#rate > 1.2 * this.#ceiling) growth = rampPerSecond;
    else if (this.#rate < 0.94 * this.#ceiling) growth = recoverPerSecond;
    else growth = this.#hasHeld(now) ? recoverPerSecond : 0;
    this.#rate = Math.min(highest, this.#rate * (1 + growth * seconds));
  }

  #hasHeld(now: number): boolean {
    const heldMs = now - this.#cutAt;
    return heldMs > longestHoldMs || (heldMs > shortestHoldMs && this.#acceptedSinceCut >= this.#holdCount);
  }
}

/**
 * A known limit is used to this share: arrival times at the server are a little closer together than ours, and one 429
 * costs more than two percent of speed.
 */
const knownShare = 0.98;
/** How late a timer may be without losing throughput: a later start is made up for, up to this. */
const creditMs = 14;
/** Growth per second while no limit has been met. */
const rampPerSecond = 0.4;
/** Growth per second after a limit has been met, until near it. */
const recoverPerSecond = 0.04;
/**
 * How long to stay near a limit before trying beyond it: short after a limit that was met only once (a burst may have
 * been the reason), doubled each time the same limit is met again.
 */
const shortestHoldMs = 12_000;
const longestHoldMs = 120_000;
const nearCeiling = 0.92;
const lowestPerSecond = 0.2;
const highestPerSecond = 2000;

export interface RateLimiterOptions {
  /** The limit, when known (requests per second). Absent: it is found by trying. */
  readonly requestsPerSecond?: number | undefined;
  /** Where the search begins. Default 8. */
  readonly initialPerSecond?: number | undefined;
  /** Requests that may start together before any limit was met. Default 4. */
  readonly burst?: number | undefined;
}

/**
 * Decides when the next request may start: evenly spaced (a generic cell rate algorithm), at a rate that is given or
 * found.
 *
 * Finding: the rate grows while requests wait for it, and is cut when the server says 429. Between two such answers the
 * server has let through exactly what its limit allows, if it counts with a bucket, and no more than that in any case;
 * so the number accepted in between is a rate that is safe, and a better guess than any fixed factor.
 *
 * Times are arguments (ms); nothing here reads a clock.
 */
export class RateLimiter {
  readonly #known: number | undefined;
  readonly #burst: number;
  #rate: number;
  /** Rate at the last 429; `undefined` until there is one. */
  #ceiling: number | undefined;
  #nextAt = -Infinity;
  #holdMs = shortestHoldMs;
  #wasDelayed = false;
  #cutAt = -Infinity;
  #acceptedSinceCut = 0;

  constructor(options: RateLimiterOptions = {}) {
    this.#known =
      options.requestsPerSecond === undefined ? undefined : options.requestsPerSecond * knownShare;
    this.#rate = this.#known ?? options.initialPerSecond ?? 8;
    this.#burst = options.burst ?? 4;
  }

  /** Requests per second allowed now. */
  get perSecond(): number {
    return this.#rate;
  }

  /** When the next request may start; not after `now` means at once. Asking tells that one is waiting. */
  startAt(now: number): number {
    const at = this.#nextAt - this.#credit();
    if (at > now) this.#wasDelayed = true;
    return at;
  }

  /** A request starts. */
  start(now: number): void {
    const spacing = 1000 / this.#rate;
    this.#nextAt = Math.max(this.#nextAt, now - (this.#credit() - creditMs)) + spacing;
    if (this.#nextAt < now) this.#nextAt = now;
    if (this.#wasDelayed) this.#grow(spacing / 1000, now);
    this.#wasDelayed = false;
  }

  accepted(): void {
    this.#acceptedSinceCut++;
  }

  /**
   * The server said "too many".
   * @param sentAt when the refused request started: those sent before the last cut tell nothing new.
   * @returns whether it was news.
   */
  refused(sentAt: number, now: number): boolean {
    if (sentAt < this.#cutAt) return false;
    const proven =
      this.#cutAt === -Infinity ? 0 : (this.#acceptedSinceCut / Math.max(1, now - this.#cutAt)) * 1000;
    const isFirst = this.#ceiling === undefined;
    const isConfirmed = Math.abs(this.#rate / (this.#ceiling ?? Infinity) - 1) < 0.15;
    this.#holdMs = isConfirmed ? Math.min(longestHoldMs, this.#holdMs * 2) : shortestHoldMs;
    this.#ceiling = this.#rate;
    const cut = this.#rate * (isFirst && this.#known === undefined ? 0.5 : 0.85);
    this.#rate = Math.max(lowestPerSecond, Math.min(this.#rate * 0.97, Math.max(cut, proven * 0.97)));
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
    if (this.#ceiling === undefined) growth = rampPerSecond;
    else if (this.#rate < nearCeiling * this.#ceiling) growth = recoverPerSecond;
    else if (this.#rate > 1.3 * this.#ceiling) growth = rampPerSecond;
    else growth = now - this.#cutAt > this.#holdMs ? recoverPerSecond : 0;
    this.#rate = Math.min(highest, this.#rate * (1 + growth * seconds));
  }
}

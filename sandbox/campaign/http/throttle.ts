import type { Clock } from '../clock.ts';
import type { Settings } from '../settings.ts';

/** The limit of calls per second: a bucket for the server, or one for each method. */
export class Throttle {
  private readonly buckets = new Map<string, { tokens: number; atMs: number; capacity: number }>();
  private readonly clock: Clock;
  private readonly settings: Settings;

  constructor(clock: Clock, settings: Settings) {
    this.clock = clock;
    this.settings = settings;
  }

  /** Takes one call out of the bucket. @returns how long until the next is allowed; 0 when this one is. */
  take(method: string): number {
    const { tps } = this.settings;
    if (tps <= 0) return 0;
    const capacity = Math.max(1, this.settings.burst > 0 ? this.settings.burst : tps);
    const now = this.clock.now();
    const key = this.settings.throttleScope === 'method' ? method : '';
    const before = this.buckets.get(key);
    // A limit that was changed starts afresh.
    const bucket = before?.capacity === capacity ? before : { tokens: capacity, atMs: now, capacity };
    const tokens = Math.min(capacity, bucket.tokens + (Math.max(0, now - bucket.atMs) * tps) / 1000);
    const isAllowed = tokens >= 1;
    this.buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, atMs: now, capacity });
    return isAllowed ? 0 : Math.ceil(((1 - tokens) * 1000) / tps);
  }
}

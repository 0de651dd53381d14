import type { Clock } from './clock.ts';

/**
 * Things to happen later. Nothing ticks: whatever is due happens before the next call is answered, so that a test with
 * its own clock sees exactly what a person waiting would.
 */
export class Agenda {
  private readonly clock: Clock;
  private entries: { atMs: number; action: () => void }[] = [];

  constructor(clock: Clock) {
    this.clock = clock;
  }

  after(delayMs: number, action: () => void): void {
    this.entries.push({ atMs: this.clock.now() + delayMs, action });
  }

  /** Runs what is due, earliest first; what that adds and is due too is run as well. */
  runDue(): void {
    for (;;) {
      const now = this.clock.now();
      const due = this.entries.filter((entry) => entry.atMs <= now).sort((a, b) => a.atMs - b.atMs);
      if (due.length === 0) return;
      this.entries = this.entries.filter((entry) => entry.atMs > now);
      for (const { action } of due) action();
    }
  }
}

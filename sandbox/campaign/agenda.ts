import type { Clock } from './clock.ts';

interface Entry {
  atMs: number;
  action: () => void;
}

/**
 * Things to happen later. Nothing ticks: whatever is due happens before the next call is answered, so that a test with
 * its own clock sees exactly what a person waiting would.
 */
export class Agenda {
  private readonly clock: Clock;
  private entries: Entry[] = [];
  /** While an entry runs: when it was due. What it adds counts from there, however late it runs. */
  private runningAtMs: number | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** @returns when it is due, in milliseconds since the epoch. */
  after(delayMs: number, action: () => void): number {
    const atMs = (this.runningAtMs ?? this.clock.now()) + delayMs;
    this.entries.push({ atMs, action });
    return atMs;
  }

  /** Runs what is due, earliest first; what that adds and is due too is run as well. */
  runDue(): void {
    const now = this.clock.now();
    for (let next = this.takeDue(now); next !== undefined; next = this.takeDue(now)) {
      this.runningAtMs = next.atMs;
      try {
        next.action();
      } finally {
        this.runningAtMs = undefined;
      }
    }
  }

  private takeDue(now: number): Entry | undefined {
    const due = this.entries.filter((entry) => entry.atMs <= now);
    const first = due.reduce<Entry | undefined>(
      (a, b) => (a === undefined || b.atMs < a.atMs ? b : a),
      undefined,
    );
    this.entries = this.entries.filter((entry) => entry !== first);
    return first;
  }
}

// What a benchmark is. Each file of this folder that exports `benches` is found by main.ts.

/** What one run measured, by metric. The name ends in its unit: `total ms`, `first row ms`, `peak MB`, `rows/s`. */
export type Measurement = Record<string, number>;

/** Medians over the runs, by subject and metric. */
export type Medians = Record<string, Measurement>;

export interface Budget {
  /** In words, as a reader of the table wants it: `total against draining the socket`. */
  title: string;
  /** The number to hold against the limit. Prefer ratios of the same run: machines differ. */
  value(medians: Medians): number;
  /** Exactly one of the two. */
  max?: number;
  min?: number;
}

export interface Bench {
  /** Unique, `area/what`, e.g. `soap/large answer`; `npm run bench -- soap` runs all that start so. */
  name: string;
  /**
   * Ours first, then the peers. Each run of each subject has a process of its own, so memory is its own, and import what
   * a subject needs inside it. `peak MB` (of the whole process) is added to what it returns.
   */
  subjects: Record<string, () => Measurement | Promise<Measurement>>;
  budgets: readonly Budget[];
  /** Runs per subject; the median counts. Default 5. */
  runs?: number;
  /** Said below the table: what to know when reading it. */
  note?: string;
}

/** Runs something and returns how many milliseconds it took. */
export async function elapsedMs(action: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await action();
  return performance.now() - startedAt;
}

/**
 * Repeats something and returns percentiles, as `p50 ms` and `p95 ms`.
 * @param options.times measured repetitions, default 100; `warmUp` unmeasured ones before, default 10.
 */
export async function percentiles(
  action: (index: number) => unknown,
  options: { times?: number; warmUp?: number } = {},
): Promise<Measurement> {
  const { times = 100, warmUp = 10 } = options;
  for (let index = 0; index < warmUp; index++) await action(index);
  const samples: number[] = [];
  for (let index = 0; index < times; index++) samples.push(await elapsedMs(() => action(warmUp + index)));
  return { 'p50 ms': percentile(samples, 0.5), 'p95 ms': percentile(samples, 0.95) };
}

/** The smallest sample that `share` of all samples do not exceed. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

/** Time as the instance sees it. Tests pass their own. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  sleep(ms: number): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** `2020-07-05 14:11:31.986Z`: how documents and columns hold an instant. */
export const toInstantText = (ms: number): string => new Date(ms).toISOString().replace('T', ' ');

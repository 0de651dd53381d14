/** Time as an argument: tests pass their own and never wait. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /**
   * Runs `task` once, `delayMs` from now (0 or more).
   * @returns a function that calls it off.
   */
  schedule(delayMs: number, task: () => void): () => void;
}

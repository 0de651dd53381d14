/** What the server counted since it started. */
export interface Counters {
  /** Requests of any kind, the admin ones excepted. */
  requests: number;
  /** SOAP calls that reached a method, and how they ended. */
  answered: number;
  faults: number;
  answered429: number;
  /** Faults injected on purpose. */
  injected: number;
  /** By `service#Method`. */
  methods: Record<string, { calls: number; answered429: number; faults: number }>;
}

export class Statistics {
  private counters: Counters = empty();

  request(): void {
    this.counters.requests++;
  }

  call(method: string): void {
    this.of(method).calls++;
  }

  throttled(method: string): void {
    this.counters.answered429++;
    this.of(method).answered429++;
  }

  answered(): void {
    this.counters.answered++;
  }

  fault(method: string): void {
    this.counters.faults++;
    this.of(method).faults++;
  }

  injected(): void {
    this.counters.injected++;
  }

  snapshot(): Counters {
    return structuredClone(this.counters);
  }

  reset(): void {
    this.counters = empty();
  }

  private of(method: string): Counters['methods'][string] {
    return (this.counters.methods[method] ??= { calls: 0, answered429: 0, faults: 0 });
  }
}

// Method names come from the request: no inherited property may answer for one.
const empty = (): Counters => ({
  requests: 0,
  answered: 0,
  faults: 0,
  answered429: 0,
  injected: 0,
  methods: Object.create(null) as Counters['methods'],
});

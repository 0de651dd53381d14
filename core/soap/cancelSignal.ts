/**
 * The part of the platform's `AbortSignal` this folder uses, so that `core` needs neither Node's nor the browser's
 * types. An `AbortSignal` is one.
 */
export interface CancelSignal {
  readonly aborted: boolean;
  readonly reason?: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** Fires a {@link CancelSignal} of its own, and with any of the signals it was made from. */
export class CancelSource {
  readonly signal: CancelSignal;
  readonly #listeners = new Set<() => void>();
  readonly #detach: (() => void)[] = [];
  #aborted = false;
  #reason: unknown;

  /** @param parents signals that cancel this one too; `undefined` entries are skipped. */
  constructor(...parents: readonly (CancelSignal | undefined)[]) {
    const isAborted = (): boolean => this.#aborted;
    const getReason = (): unknown => this.#reason;
    this.signal = {
      get aborted() {
        return isAborted();
      },
      get reason() {
        return getReason();
      },
      addEventListener: (_type, listener) => void this.#listeners.add(listener),
      removeEventListener: (_type, listener) => void this.#listeners.delete(listener),
    };
    for (const parent of parents) {
      if (parent === undefined) continue;
      if (parent.aborted) {
        this.cancel(parent.reason);
        continue;
      }
      const onAbort = (): void => this.cancel(parent.reason);
      parent.addEventListener('abort', onAbort);
      this.#detach.push(() => parent.removeEventListener('abort', onAbort));
    }
  }

  /** Fires once; later calls do nothing. */
  cancel(reason?: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    this.dispose();
    for (const listener of [...this.#listeners]) listener();
    this.#listeners.clear();
  }

  /** Lets go of the parents. Long-lived parents would otherwise keep every call they ever covered. */
  dispose(): void {
    for (const detach of this.#detach.splice(0)) detach();
  }
}

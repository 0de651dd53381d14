import { cancelledError, CampaignError } from './campaignError.ts';
import { CancelSource, type CancelSignal } from './cancelSignal.ts';
import type { OpenSession } from './signIn.ts';

interface Opening {
  readonly promise: Promise<OpenSession>;
  readonly cancel: CancelSource;
  waiters: number;
}

/**
 * Holds the session and sees to it that there is one logon at a time, shared by all who wait.
 * Invariant: a logon is never repeated by itself. After refused credentials every call fails with the same error,
 * without asking the server, until someone connects explicitly: repeated wrong logons lock accounts.
 */
export class SessionKeeper {
  readonly #openSession: (signal: CancelSignal) => Promise<OpenSession>;
  readonly #now: () => number;
  readonly #onChange: (session: OpenSession | undefined) => void;
  #session: OpenSession | undefined;
  #openedAt = 0;
  #opening: Opening | undefined;
  #refusal: CampaignError | undefined;

  constructor(
    openSession: (signal: CancelSignal) => Promise<OpenSession>,
    now: () => number,
    onChange: (session: OpenSession | undefined) => void,
  ) {
    this.#openSession = openSession;
    this.#now = now;
    this.#onChange = onChange;
  }

  /** The session if it will last; one about to end is dropped, so that it is renewed before a call fails with it. */
  get current(): OpenSession | undefined {
    const session = this.#session;
    if (session?.expiresAt !== undefined) {
      const lifetimeMs = session.expiresAt - this.#openedAt;
      if (this.#now() > session.expiresAt - Math.min(60_000, lifetimeMs / 10)) this.invalidate(session);
    }
    return this.#session;
  }

  /**
   * The session, opened if need be.
   * @param isExplicit a person asked to connect: a refusal remembered from before does not count.
   */
  get(signal: CancelSignal | undefined, isExplicit: boolean): Promise<OpenSession> {
    const { current } = this;
    if (current !== undefined) return Promise.resolve(current);
    if (isExplicit) this.#refusal = undefined;
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal);
    if (signal?.aborted === true) return Promise.reject(cancelledError(undefined, 'notSent'));
    const opening = (this.#opening ??= this.#startOpening());
    opening.waiters++;
    return new Promise((resolve, reject) => {
      // One who gives up leaves the others their logon; the last one to leave takes it along.
      const onAbort = (): void => {
        opening.waiters--;
        if (opening.waiters === 0) {
          if (this.#opening === opening) this.#opening = undefined;
          opening.cancel.cancel();
        }
        reject(cancelledError(undefined, 'notSent'));
      };
      signal?.addEventListener('abort', onAbort);
      opening.promise
        .finally(() => signal?.removeEventListener('abort', onAbort))
        .then(resolve, (error: unknown) => reject(error instanceof Error ? error : new Error(String(error))));
    });
  }

  /** Forgets `session`, unless another has taken its place already. */
  invalidate(session: OpenSession): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#onChange(undefined);
  }

  /** Forgets everything, a remembered refusal too; cancels a logon under way. */
  reset(): void {
    this.#opening?.cancel.cancel();
    this.#opening = undefined;
    this.#refusal = undefined;
    if (this.#session !== undefined) this.invalidate(this.#session);
  }

  #startOpening(): Opening {
    const cancel = new CancelSource();
    const promise = this.#openSession(cancel.signal).then(
      (session) => {
        if (this.#opening === opening) {
          this.#opening = undefined;
          this.#session = session;
          this.#openedAt = this.#now();
          this.#onChange(session);
        }
        return session;
      },
      (error: unknown) => {
        if (this.#opening === opening) {
          this.#opening = undefined;
          if (error instanceof CampaignError && error.code === 'signIn') this.#refusal = error;
        }
        throw error;
      },
    );
    // Waiters handle it; when all of them have left, nobody does.
    promise.catch(() => undefined);
    const opening: Opening = { promise, cancel, waiters: 0 };
    return opening;
  }
}

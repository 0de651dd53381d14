import { CampaignError, cancelledError } from './campaignError.ts';
import { CancelSource } from './cancelSignal.ts';
import { writeEnvelope } from './envelope.ts';
import { judgeFault } from './fault.ts';
import { methodAccess } from './methodAccess.ts';
import { isPassingFailure } from './networkError.ts';
import type { SessionKeeper } from './sessionKeeper.ts';
import type { CallOptions, SoapCall } from './soapClient.ts';
import { toError, toHeaders, toRequest, type PlannedRequest, type RequestDefaults } from './soapRequest.ts';
import type { OpenSession } from './signIn.ts';
import type { Receive, Wire, WireResult } from './wire.ts';

/** Tries of one call while the server says 429. */
const maxThrottledTries = 10;
/** Tries while it is unavailable (502, 503, 504). */
const maxUnavailableTries = 5;
/** Repeats after a broken connection or a passing database error. */
const maxRepeats = 2;
const firstRepeatMs = 500;

/** What making a call takes. */
export interface CallServices {
  readonly wire: Wire;
  readonly sessions: SessionKeeper;
  readonly defaults: RequestDefaults;
  /** 0 ≤ x < 1, for jitter. */
  readonly random: () => number;
  /** Throws when the call may not be sent. Asked when its turn has come. */
  check(call: SoapCall): void;
  /** Told of each repeat. */
  onRepeat(): unknown;
}

/** Makes the receiver of one attempt. */
export type MakeReceiver<T> = (request: PlannedRequest) => Receive<T>;

/**
 * Makes a call until it is answered: opens a session where there is none, waits as the server asks, and repeats what is
 * safe to repeat. Invariant: what may have been carried out is sent again only when that does no harm; and an error says
 * that nothing happened only when that is certain of every attempt.
 */
export function repeatCall<T>(
  services: CallServices,
  call: SoapCall,
  options: CallOptions,
  receiver: MakeReceiver<T>,
): Promise<T> {
  return new CallInProgress(services, call, options).run(receiver);
}

class CallInProgress {
  readonly #services: CallServices;
  readonly #call: SoapCall;
  readonly #options: CallOptions;
  readonly #envelope: string;
  readonly #isIdempotent: boolean;
  #expiries = 0;
  #throttledTries = 0;
  #unavailableTries = 0;
  #repeats = 0;
  /** An earlier attempt may have been carried out. */
  #isInDoubt = false;

  constructor(services: CallServices, call: SoapCall, options: CallOptions) {
    this.#services = services;
    this.#call = call;
    this.#options = options;
    this.#envelope = writeEnvelope(call);
    this.#isIdempotent = options.idempotent ?? methodAccess(call) !== 'write';
  }

  async run<T>(receiver: MakeReceiver<T>): Promise<T> {
    try {
      for (;;) {
        const { result, request, session } = await this.#attempt(receiver);
        if (result.kind === 'value') return result.value;
        if (result.kind === 'withdrawn' || (await this.#mayRepeat(result, session, request.action))) continue;
        throw toError(result, request, this.#services.wire.secrets, this.#throttledTries);
      }
    } catch (error) {
      throw this.#isInDoubt ? withDoubt(error) : error;
    }
  }

  async #attempt<T>(
    receiver: MakeReceiver<T>,
  ): Promise<{ result: WireResult<T>; request: PlannedRequest; session: OpenSession }> {
    const { wire, sessions, defaults } = this.#services;
    const call = this.#call;
    const session = await sessions.get(this.#options.signal, false);
    const { sessionToken } = session;
    const body = sessionToken === '' ? this.#envelope : writeEnvelope(call, sessionToken);
    const request = toRequest(defaults, call, body, this.#options, {
      isIdempotent: this.#isIdempotent,
      attempt: 1 + this.#expiries + this.#throttledTries + this.#unavailableTries + this.#repeats,
    });
    const prepare = (): Record<string, string> | undefined => {
      this.#services.check(call);
      // The session may have ended while the call waited.
      return sessions.current === session ? toHeaders(call, session) : undefined;
    };
    return { result: await wire.exchange({ ...request, prepare }, receiver(request)), request, session };
  }

  /** Decides whether to try again, and waits for it. */
  async #mayRepeat(
    result: Exclude<WireResult<unknown>, { kind: 'value' | 'withdrawn' }>,
    session: OpenSession,
    action: string,
  ): Promise<boolean> {
    switch (result.kind) {
      case 'error':
        // IMS tokens have no Campaign code for their end.
        return (
          result.error.status === 401 &&
          session.isBearer === true &&
          this.#renewSession(session, 'The access token was refused.')
        );
      case 'fault': {
        const { action: advice } = judgeFault(result.fault);
        if (advice === 'relogon') return this.#renewSession(session, 'The session has expired.');
        return (
          advice === 'retry' && (await this.#repeatLater(action, 'The database reported a passing error.'))
        );
      }
      case 'busy':
        return this.#waitForServer(result.status);
      case 'transport': {
        const { error, timedOut } = result;
        if (!error.unsent) this.#isInDoubt = true;
        return (
          !timedOut &&
          isPassingFailure(error.failure) &&
          (await this.#repeatLater(action, 'The connection failed.', error.unsent))
        );
      }
    }
  }

  /** A second end of the session is final. */
  #renewSession(session: OpenSession, reason: string): boolean {
    this.#services.sessions.invalidate(session);
    if (++this.#expiries > 1) return false;
    this.#tellRepeat(this.#expiries, 0, reason);
    return true;
  }

  /** The throttle does the waiting, for all calls. */
  #waitForServer(status: number): boolean {
    const { throttle, clock } = this.#services.wire;
    const isRefusal = status === 429;
    if (!isRefusal) this.#isInDoubt = true;
    const mayRepeat = isRefusal
      ? ++this.#throttledTries < maxThrottledTries
      : this.#isIdempotent && ++this.#unavailableTries < maxUnavailableTries;
    if (!mayRepeat) return false;
    const delayMs = Math.max(0, (throttle.figures.pausedUntil ?? 0) - clock.now());
    const reason = isRefusal
      ? 'The server said “too many requests” (429).'
      : `The server is not available (${status}).`;
    this.#tellRepeat(this.#throttledTries + this.#unavailableTries, delayMs, reason);
    return true;
  }

  async #repeatLater(action: string, reason: string, isSafe = false): Promise<boolean> {
    if (!(this.#isIdempotent || isSafe) || this.#repeats >= maxRepeats) return false;
    const { wire, random } = this.#services;
    this.#repeats++;
    const delayMs = firstRepeatMs * 2 ** (this.#repeats - 1) * (0.75 + random() / 2);
    this.#tellRepeat(this.#repeats, delayMs, reason);
    const cancel = new CancelSource(this.#options.signal, wire.closing, wire.stopping);
    try {
      await new Promise<void>((resolve, reject) => {
        if (cancel.signal.aborted) {
          reject(cancelledError(action, 'failed'));
          return;
        }
        const stop = wire.clock.schedule(delayMs, resolve);
        cancel.signal.addEventListener('abort', () => {
          stop();
          reject(cancelledError(action, 'failed'));
        });
      });
    } finally {
      cancel.dispose();
    }
    return true;
  }

  #tellRepeat(attempt: number, delayMs: number, reason: string): void {
    this.#services.onRepeat();
    this.#options.onRetry?.({ attempt, delayMs, reason });
  }
}

/** The last attempt did nothing; one before it may have. */
function withDoubt(error: unknown): unknown {
  if (!(error instanceof CampaignError)) return error;
  const { outcome, cause, ...rest } = error;
  return outcome === 'notSent' || outcome === 'refused'
    ? new CampaignError({ ...rest, cause, outcome: 'failed' })
    : error;
}

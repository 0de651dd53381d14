import { CampaignError } from './campaignError.ts';
import type { Clock } from './clock.ts';
import { toSoapAction } from './envelope.ts';
import { methodAccess } from './methodAccess.ts';
import type { SoapCall } from './soapClient.ts';

/** Invariant: on a read-only connection only methods known to read are sent, until a person lifts that for a time. */
export class WriteGuard {
  readonly #clock: Clock;
  readonly #isGuarded: boolean;
  #writesUntil = -Infinity;

  /** @param isGuarded the connection is read-only. */
  constructor(clock: Clock, isGuarded: boolean) {
    this.#clock = clock;
    this.#isGuarded = isGuarded;
  }

  get isReadOnly(): boolean {
    return this.#isGuarded && this.#clock.now() >= this.#writesUntil;
  }

  /** Ms since 1970; `undefined` when writes are not allowed, or always. */
  get writesAllowedUntil(): number | undefined {
    return this.#isGuarded && !this.isReadOnly ? this.#writesUntil : undefined;
  }

  allow(durationMs: number): void {
    this.#writesUntil = this.#clock.now() + Math.max(0, durationMs);
  }

  protect(): void {
    this.#writesUntil = -Infinity;
  }

  /** Throws `readOnly` for a call that would write. Asked again when a call has its turn. */
  check(call: SoapCall): void {
    if (!this.isReadOnly || methodAccess(call) !== 'write') return;
    const action = toSoapAction(call);
    throw new CampaignError({
      code: 'readOnly',
      explanation: `${action} would change the instance, and this connection is read-only.`,
      nextStep: 'Allow writing for a time (Campaign: Allow Writing to Production…) if you mean to.',
      method: action,
      outcome: 'notSent',
    });
  }
}

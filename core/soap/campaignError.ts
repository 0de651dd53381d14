/**
 * What went wrong, as callers test it:
 * - `network`: the server was not reached, or the connection broke; see `failure`
 * - `http`: an HTTP status without a Campaign answer
 * - `throttled`: still 429 or 503 after all the tries
 * - `fault`: Campaign refused or failed; see `campaignCode`
 * - `signIn`: the credentials were refused or are missing
 * - `sessionExpired`: expired again right after a new logon
 * - `badResponse`: an answer that is not what Campaign sends (a web page, half an envelope, too large)
 * - `readOnly`: the connection's tier does not allow this method now; nothing was sent
 * - `invalidCall`: the call itself cannot be sent (malformed XML, impossible name); nothing was sent
 * - `cancelled`: cancelled by its signal, or the client was disposed
 */
export type CampaignErrorCode =
  | 'network'
  | 'http'
  | 'throttled'
  | 'fault'
  | 'signIn'
  | 'sessionExpired'
  | 'badResponse'
  | 'readOnly'
  | 'invalidCall'
  | 'cancelled';

/**
 * Whether the server may have acted: `notSent` and `refused` are certain that nothing changed; `unknown` means a write
 * may or may not have happened, and must be looked up before it is sent again.
 */
export type CallOutcome = 'notSent' | 'refused' | 'failed' | 'unknown';

export interface CampaignErrorInit {
  readonly code: CampaignErrorCode;
  /** One sentence: what happened, in plain words. */
  readonly explanation: string;
  /** One sentence: what the person can do. `''` when there is nothing to do. */
  readonly nextStep: string;
  /** `urn#Method`. */
  readonly method?: string | undefined;
  /** e.g. `XTK-170036`: the most specific code in the answer. */
  readonly campaignCode?: string | undefined;
  /** Messages of the server, root cause first, masked. */
  readonly details?: readonly string[] | undefined;
  readonly status?: number | undefined;
  readonly outcome?: CallOutcome | undefined;
  readonly cause?: unknown;
}

/**
 * The only error that leaves `core/soap`. `message` is explanation and next step, ready to show. Nothing in it holds a
 * token or password. Callers test `code` and `campaignCode`, never the text.
 */
export class CampaignError extends Error {
  override readonly name = 'CampaignError';
  readonly code: CampaignErrorCode;
  readonly explanation: string;
  readonly nextStep: string;
  readonly method: string | undefined;
  readonly campaignCode: string | undefined;
  readonly details: readonly string[];
  readonly status: number | undefined;
  readonly outcome: CallOutcome;

  constructor(init: CampaignErrorInit) {
    super(
      init.nextStep === '' ? init.explanation : `${init.explanation} ${init.nextStep}`,
      init.cause === undefined ? undefined : { cause: init.cause },
    );
    this.code = init.code;
    this.explanation = init.explanation;
    this.nextStep = init.nextStep;
    this.method = init.method;
    this.campaignCode = init.campaignCode;
    this.details = init.details ?? [];
    this.status = init.status;
    this.outcome = init.outcome ?? 'failed';
  }
}

/** A cancelled call; `reason` says by whom when it was not the caller. */
export function cancelledError(
  method: string | undefined,
  outcome: CallOutcome,
  reason?: string,
): CampaignError {
  return new CampaignError({
    code: 'cancelled',
    explanation: reason ?? 'The call was cancelled.',
    nextStep: '',
    method,
    outcome,
  });
}

/** True for an error that only says that the person backed out: nothing to show. */
export function isCancelled(error: unknown): boolean {
  return error instanceof CampaignError && error.code === 'cancelled';
}

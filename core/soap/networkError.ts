import { CampaignError, type CallOutcome } from './campaignError.ts';
import { hostOf } from './receiveReply.ts';
import type { TransportError, TransportFailure } from './transport.ts';

interface Advice {
  /** `{host}` stands for the server, `{reason}` for what the transport said. */
  readonly explanation: string;
  readonly nextStep: string;
  /** Trying again may help. */
  readonly isPassing: boolean;
}

const advice: Readonly<Record<Exclude<TransportFailure, 'cancelled'>, Advice>> = {
  unknownHost: {
    explanation: 'The host {host} is not known.',
    nextStep: 'Check the URL of the connection, and the network or VPN of this computer.',
    isPassing: false,
  },
  refused: {
    explanation: '{host} refuses the connection.',
    nextStep: 'Check the port of the URL, and whether the server is running (it restarts once a day).',
    isPassing: true,
  },
  unreachable: {
    explanation: '{host} cannot be reached.',
    nextStep: 'Check the network or VPN of this computer.',
    isPassing: true,
  },
  certificate: {
    explanation: 'The certificate of {host} is not trusted.',
    nextStep:
      'If the instance uses a private certificate authority, name its file in the connection (caFile).',
    isPassing: false,
  },
  certificateFile: {
    explanation: 'A certificate file of the connection cannot be used: {reason}.',
    nextStep: 'Check caFile, certFile and keyFile of the connection; they are PEM files.',
    isPassing: false,
  },
  connectTimeout: {
    explanation: '{host} did not accept the connection in time.',
    nextStep: 'Check the network or VPN of this computer, and that the server allows its IP address.',
    isPassing: true,
  },
  headersTimeout: {
    explanation: '{host} did not begin to answer in time.',
    nextStep: 'Try again, or ask for less; long operations need a longer timeout.',
    isPassing: true,
  },
  bodyTimeout: {
    explanation: '{host} did not finish its answer in time.',
    nextStep: 'Try again, or ask for fewer rows; long answers need a longer timeout.',
    isPassing: true,
  },
  reset: {
    explanation: 'The connection to {host} broke off.',
    nextStep: 'Try again; a Campaign server restarts once a day.',
    isPassing: true,
  },
  truncated: {
    explanation: 'The answer of {host} broke off before its end.',
    nextStep:
      'Try again; if it stays so, the server or a proxy between cuts long answers: ask for fewer rows.',
    isPassing: true,
  },
  proxy: {
    explanation: 'The proxy did not let the connection to {host} through.',
    nextStep: 'Check http.proxy and http.noProxy in the settings.',
    isPassing: false,
  },
  redirect: {
    explanation: '{host} redirects elsewhere.',
    nextStep: 'Check the URL of the connection.',
    isPassing: false,
  },
  other: {
    explanation: 'The request to {host} failed.',
    nextStep: 'Try again; the log names the cause.',
    isPassing: true,
  },
};

/** Trying again may help. */
export function isPassingFailure(failure: TransportFailure): boolean {
  return failure !== 'cancelled' && advice[failure].isPassing;
}

/**
 * The error for a request that did not get its answer.
 * @param mayHaveActed the call writes and the server may have received it.
 */
export function toNetworkError(
  error: TransportError,
  context: { action: string; url: string; mayHaveActed: boolean },
): CampaignError {
  const { failure } = error;
  const outcome: CallOutcome = error.unsent ? 'notSent' : context.mayHaveActed ? 'unknown' : 'failed';
  const { explanation, nextStep } = failure === 'cancelled' ? advice.other : advice[failure];
  return new CampaignError({
    code: 'network',
    explanation: explanation
      .replace('{host}', hostOf(context.url))
      .replace('{reason}', error.message.replace(/\.$/, '')),
    nextStep:
      outcome === 'unknown'
        ? `The server may have carried out ${context.action} all the same: look before sending it again.`
        : nextStep,
    method: context.action,
    outcome,
    cause: error,
  });
}

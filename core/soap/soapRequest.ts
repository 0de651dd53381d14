import { CampaignError, cancelledError } from './campaignError.ts';
import { toSoapAction } from './envelope.ts';
import { toFaultError } from './fault.ts';
import { toNetworkError } from './networkError.ts';
import { maxErrorBytes, readText, receiveReply, type ReceiveContext } from './receiveReply.ts';
import type { OpenSession } from './signIn.ts';
import type { CallOptions, SoapCall } from './soapClient.ts';
import type { SoapOutput } from './soapValue.ts';
import type { Receive, WireRequest, WireResult } from './wire.ts';

/** A request without what is decided only when its turn has come. */
export type PlannedRequest = Omit<WireRequest, 'prepare'>;

/** What the requests of one client have in common. */
export interface RequestDefaults {
  /** Of the instance, without a slash at the end. */
  readonly baseUrl: string;
  readonly timeoutMs: number;
}

/** The request of a call. @param attempt 1 for the first. */
export function toRequest(
  defaults: RequestDefaults,
  call: SoapCall,
  body: string,
  options: CallOptions,
  { isIdempotent, attempt }: { isIdempotent: boolean; attempt: number },
): PlannedRequest {
  return {
    httpMethod: 'POST',
    url: `${defaults.baseUrl}/nl/jsp/soaprouter.jsp`,
    action: toSoapAction(call),
    method: call.method,
    body,
    attempt,
    priority: options.priority ?? 'interactive',
    signal: options.signal,
    timeoutMs: Math.max(1, options.timeoutMs ?? defaults.timeoutMs),
    isIdempotent,
  };
}

/** The headers of a call, with those that prove who makes it. */
export function toHeaders(
  call: SoapCall,
  session: Pick<OpenSession, 'headers'> | undefined,
): Record<string, string> {
  return {
    'Content-Type': 'text/xml; charset=utf-8',
    SOAPAction: toSoapAction(call),
    ...session?.headers,
  };
}

/** Reads the results of a method. */
export const receiveOutputs: Receive<readonly SoapOutput[]> = async (
  reply,
  _exchange,
  context: ReceiveContext,
) => {
  const received = await receiveReply(reply, context);
  return received.kind === 'outputs' ? { kind: 'value', value: received.outputs } : received;
};

/** Reads an answer that is not SOAP. */
export const receiveText: Receive<{ status: number; text: string }> = async (reply, _exchange, context) => {
  const text = await readText(reply, maxErrorBytes, context);
  return { kind: 'value', value: { status: reply.status, text } };
};

/** The error that a result amounts to when it is not going to be repeated. */
export function toError(
  result: Exclude<WireResult<unknown>, { kind: 'value' }>,
  request: PlannedRequest,
  secrets: Iterable<string>,
  tries = 1,
): CampaignError {
  const { action, url, isIdempotent } = request;
  switch (result.kind) {
    case 'error':
      return result.error;
    case 'fault':
      return toFaultError(result.fault, { method: action, secrets, status: result.status });
    case 'busy':
      return toBusyError(result.status, request, tries);
    case 'transport':
      return toNetworkError(result.error, { action, url, mayHaveActed: !isIdempotent });
    case 'withdrawn':
      return cancelledError(action, 'notSent');
  }
}

function toBusyError(status: number, { action, isIdempotent }: PlannedRequest, tries: number): CampaignError {
  const isRefusal = status === 429;
  return new CampaignError({
    code: isRefusal || status === 503 ? 'throttled' : 'http',
    explanation: isRefusal
      ? `The server still answers ${action} with “too many requests” (429) after ${tries} ${tries === 1 ? 'try' : 'tries'}.`
      : `The server is not available (HTTP status ${status}).`,
    nextStep: isRefusal
      ? 'Wait a moment, or set requestsPerSecond of the connection below the limit of the instance.'
      : isIdempotent
        ? 'Try again later.'
        : `It may have carried out ${action} all the same: look before sending it again.`,
    method: action,
    status,
    outcome: isRefusal ? 'refused' : isIdempotent ? 'failed' : 'unknown',
  });
}

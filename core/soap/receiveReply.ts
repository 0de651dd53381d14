import { CampaignError, type CampaignErrorInit } from './campaignError.ts';
import { findCodes } from './campaignCodes.ts';
import type { Fault } from './fault.ts';
import { judgeFault } from './fault.ts';
import { maskSecrets } from './maskSecrets.ts';
import { CharsetError, ReplyDecoder } from './replyText.ts';
import { readReply } from './replyXml.ts';
import type { SoapOutput } from './soapValue.ts';
import { TransportError, type DecodeText, type HttpReply } from './transport.ts';
import { XmlReadError } from './xmlReader.ts';

/** What one attempt came to, before anyone decides whether to try again. */
export type Received =
  | { readonly kind: 'outputs'; readonly outputs: readonly SoapOutput[] }
  | { readonly kind: 'fault'; readonly fault: Fault }
  /** 429, or 502, 503, 504 without an answer of Campaign's own. */
  | { readonly kind: 'busy'; readonly status: number }
  | { readonly kind: 'error'; readonly error: CampaignError };

export interface ReceiveContext {
  /** `urn#Method`, for messages. */
  readonly action: string;
  readonly method: string;
  readonly url: string;
  readonly decode: DecodeText;
  /** Longest answer kept whole, in bytes. */
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly secrets: Iterable<string>;
  /** Sees each piece as it arrives. */
  onPiece(piece: Uint8Array): void;
}

/** Answers that are errors are short; a longer one is somebody's web page. */
export const maxErrorBytes = 1024 * 1024;

export const busyStatuses: ReadonlySet<number> = new Set([429, 502, 503, 504]);

/**
 * Reads a whole answer and says what it is, in the order Campaign's three shapes of errors are told apart. Throws only
 * what the transport throws.
 */
export async function receiveReply(reply: HttpReply, context: ReceiveContext): Promise<Received> {
  if (reply.status >= 300 && reply.status < 400) {
    await abandon(reply);
    return { kind: 'error', error: redirectError(reply, context) };
  }
  const maxBytes = reply.status >= 400 ? Math.min(maxErrorBytes, context.maxBytes) : context.maxBytes;
  let text: string;
  try {
    text = await readText(reply, maxBytes, context);
  } catch (error) {
    if (error instanceof CharsetError)
      return badResponse(context, error.message, unexpectedNext, reply.status);
    if (error instanceof CampaignError) return { kind: 'error', error };
    throw error;
  }
  return judgeText(text, reply.status, context);
}

/** Says what a complete answer is. */
export function judgeText(text: string, status: number, context: ReceiveContext): Received {
  const start = text.trimStart();
  if (!start.startsWith('<')) return judgePlainText(start, status, context);
  if (looksLikeWebPage(start)) return judgeWebPage(start, status, context);
  let content;
  try {
    content = readReply(text, context.method, { maxDepth: context.maxDepth });
  } catch (error) {
    if (!(error instanceof XmlReadError)) throw error;
    if (error.kind === 'truncated' && status < 400) throw toTruncated(error);
    if (busyStatuses.has(status)) return { kind: 'busy', status };
    if (status >= 400) return httpError(context, status, '');
    return xmlError(error, context, status);
  }
  if (content.kind !== 'notSoap') return content;
  if (busyStatuses.has(status)) return { kind: 'busy', status };
  if (status >= 400) return httpError(context, status, '');
  return badResponse(
    context,
    `The answer to ${context.action} is no SOAP answer: it begins with <${content.rootName.slice(0, 60)}>.`,
    unexpectedNext,
    status,
  );
}

/** A body that is not XML: Campaign states some errors as a line of text, gateways theirs as JSON or nothing. */
function judgePlainText(text: string, status: number, context: ReceiveContext): Received {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  const fault: Fault = { faultCode: '', faultString: text.slice(0, 4000), detail: '' };
  if (findCodes(line).length > 0 || judgeFault(fault).action === 'relogon') return { kind: 'fault', fault };
  if (busyStatuses.has(status)) return { kind: 'busy', status };
  if (status >= 400) return httpError(context, status, line);
  if (text === '') {
    return badResponse(
      context,
      `The answer to ${context.action} is empty.`,
      'Try again; if it stays so, the server or a proxy between cuts the answers off.',
      status,
    );
  }
  return badResponse(
    context,
    `The answer to ${context.action} is text, not SOAP: “${shorten(line, context)}”.`,
    unexpectedNext,
    status,
  );
}

const unexpectedNext =
  'Check the URL of the connection, and whether a proxy or a sign-on page stands between this computer and the instance.';

export function looksLikeWebPage(start: string): boolean {
  return /^<(?:!doctype\s+html|html[\s>])/i.test(
    start.replace(/^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*/, ''),
  );
}

function judgeWebPage(start: string, status: number, context: ReceiveContext): Received {
  if (busyStatuses.has(status)) return { kind: 'busy', status };
  const title = /<title[^>]*>([^<]*)/i.exec(start.slice(0, 20_000))?.[1]?.trim() ?? '';
  const named = title === '' ? 'a web page' : `a web page titled “${shorten(title, context)}”`;
  if (status >= 400) return httpError(context, status, title);
  return badResponse(
    context,
    `${hostOf(context.url)} answered with ${named} instead of SOAP.`,
    unexpectedNext,
    status,
  );
}

/** Half an envelope is a broken connection, whoever broke it: a read may be repeated. */
export function toTruncated(error: XmlReadError): TransportError {
  return new TransportError('truncated', error.message, { unsent: false, cause: error });
}

/** The error for an answer whose XML is broken. */
export function xmlError(
  error: XmlReadError,
  context: ReceiveContext,
  status: number,
): Received & { kind: 'error' } {
  const nextStep = {
    truncated:
      'Try again; if it stays so, the server or a proxy between cuts long answers: ask for fewer rows.',
    limit: 'Ask for fewer rows or fewer fields.',
    malformed: unexpectedNext,
  }[error.kind];
  return badResponse(
    context,
    `The answer to ${context.action} cannot be read: ${error.message}`,
    nextStep,
    status,
  );
}

function badResponse(
  context: ReceiveContext,
  explanation: string,
  nextStep: string,
  status: number,
): Received & { kind: 'error' } {
  return error({
    code: 'badResponse',
    explanation,
    nextStep,
    method: context.action,
    status,
    outcome: 'unknown',
  });
}

function httpError(context: ReceiveContext, status: number, said: string): Received {
  const host = hostOf(context.url);
  const quote = said === '' ? '' : `: “${shorten(said, context)}”`;
  const nextStep =
    status === 401 || status === 403
      ? 'Check that the account may use the API and that this computer’s IP address is allowed.'
      : status === 404
        ? 'Check the URL of the connection: it is the address of the instance, without a path.'
        : status === 407
          ? 'The proxy wants a sign-in: check http.proxy in the settings.'
          : status === 413
            ? 'The request is too large for the server: send fewer rows at once.'
            : status >= 500
              ? 'Try again later; if it stays so, read the web log of the instance.'
              : unexpectedNext;
  return error({
    code: 'http',
    explanation: `${host} answered ${context.action} with HTTP status ${status}${quote}.`,
    nextStep,
    method: context.action,
    status,
    outcome: status >= 500 ? 'unknown' : 'refused',
  });
}

function redirectError(reply: HttpReply, context: ReceiveContext): CampaignError {
  const location = reply.headers['location'] ?? '';
  const from = hostOf(context.url);
  const to = /^https?:\/\//i.test(location) ? hostOf(location) : from;
  const where =
    to === from ? 'another page of the same server' : maskSecrets(to, context.secrets).slice(0, 200);
  return new CampaignError({
    code: 'badResponse',
    explanation: `${from} redirects to ${where}; the redirect was not followed, because the request holds the session.`,
    nextStep:
      to === from
        ? 'Check the URL of the connection (http or https, and no path).'
        : `If ${where} is the instance, use it as the URL of the connection; otherwise a sign-on page or proxy stands between.`,
    method: context.action,
    status: reply.status,
    outcome: 'refused',
  });
}

function error(init: CampaignErrorInit): Received & { kind: 'error' } {
  return { kind: 'error', error: new CampaignError(init) };
}

/** A foreign sentence as part of ours: one line, short, masked. */
function shorten(text: string, context: ReceiveContext): string {
  const line = maskSecrets(text.replace(/\s+/g, ' ').trim(), context.secrets);
  return line.length > 160 ? `${line.slice(0, 160)}…` : line;
}

/** The host (and port) of a URL. */
export function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url;
}

/** Lets go of an answer nobody will read. */
export async function abandon(reply: HttpReply): Promise<void> {
  await reply.body[Symbol.asyncIterator]().return?.();
}

/**
 * The text of an answer. Throws `CampaignError` when it is too large, `CharsetError`, and what the transport throws.
 */
export async function readText(reply: HttpReply, maxBytes: number, context: ReceiveContext): Promise<string> {
  const announced = Number(reply.headers['content-length'] ?? NaN);
  if (announced > maxBytes && reply.headers['content-encoding'] === undefined) {
    await abandon(reply);
    throw tooLarge(context, maxBytes, reply.status);
  }
  const decoder = new ReplyDecoder(reply.headers['content-type'], context.decode);
  const parts: string[] = [];
  let received = 0;
  for await (const bytes of reply.body) {
    received += bytes.length;
    context.onPiece(bytes);
    if (received > maxBytes) throw tooLarge(context, maxBytes, reply.status);
    parts.push(decoder.push(bytes));
  }
  parts.push(decoder.finish());
  return parts.join('');
}

function tooLarge(context: ReceiveContext, maxBytes: number, status: number): CampaignError {
  return new CampaignError({
    code: 'badResponse',
    explanation: `The answer to ${context.action} is larger than ${Math.round(maxBytes / 1024 / 1024)} MB.`,
    nextStep: 'Ask for fewer rows or fewer fields.',
    method: context.action,
    status,
    outcome: 'unknown',
  });
}

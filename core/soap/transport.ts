import type { CancelSignal } from './cancelSignal.ts';

/** One HTTP request, ready to send. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  /** Absolute URL. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as UTF-8. */
  readonly body?: string;
  /** Cancels the request, its answer, and frees the socket. */
  readonly signal: CancelSignal;
  /** A request that may be sent twice without harm; the transport may then resend it on a stale kept-alive socket. */
  readonly idempotent: boolean;
}

export interface HttpReply {
  readonly status: number;
  /** Names in lower case; repeated headers joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  /**
   * The body as it arrives, decompressed. Ending the iteration early (`return`, `break`) abandons the rest and frees
   * the socket. Throws {@link TransportError} when the body breaks off.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Where the network failed: decides what the person is told to check. */
export type TransportFailure =
  | 'unknownHost'
  | 'refused'
  | 'unreachable'
  | 'certificate'
  | 'certificateFile'
  | 'connectTimeout'
  | 'headersTimeout'
  | 'bodyTimeout'
  | 'reset'
  | 'truncated'
  | 'proxy'
  | 'redirect'
  | 'cancelled'
  | 'other';

/** What a transport throws. It never throws anything else on purpose. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly failure: TransportFailure;
  /** `true` when no byte of the request can have reached the server, so even a write may be sent again. */
  readonly unsent: boolean;

  constructor(failure: TransportFailure, message: string, options: { unsent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.failure = failure;
    this.unsent = options.unsent;
  }
}

/** Sends HTTP requests. Redirects are never followed: they are answered as received. */
export interface Transport {
  send(request: HttpRequest): Promise<HttpReply>;
}

/**
 * Turns bytes into text. Bytes come cut at character borders, and a byte-order mark is kept.
 * @param charset `utf-8`, `windows-1252` (which reads ISO-8859-1), or `binary`: each byte the character of its number, for
 * text whose markup is looked at before its values are decoded.
 */
export type DecodeText = (bytes: Uint8Array, charset: 'utf-8' | 'windows-1252' | 'binary') => string;

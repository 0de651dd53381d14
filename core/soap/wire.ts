import { bodyLimit, CallLog, type CallLogEntry } from './callLog.ts';
import type { CampaignError } from './campaignError.ts';
import { cancelledError } from './campaignError.ts';
import { CancelSource, type CancelSignal } from './cancelSignal.ts';
import type { Clock } from './clock.ts';
import { judgeFault, type Fault } from './fault.ts';
import { maskSecrets } from './maskSecrets.ts';
import type { ReceiveContext, Received } from './receiveReply.ts';
import { ReplyCapture } from './replyCapture.ts';
import { isAscii } from './replyText.ts';
import type { Priority } from './soapClient.ts';
import { parseRetryAfter, Throttle, type Slot, type SlotEnd, type ThrottleOptions } from './throttle.ts';
import { TransportError, type DecodeText, type HttpReply, type Transport } from './transport.ts';

export interface WireOptions extends ThrottleOptions {
  readonly transport: Transport;
  readonly decode: DecodeText;
  /** Sent as `User-Agent`. */
  readonly userAgent: string;
  /** Longest answer that is kept whole, in bytes. Default 64 MB. */
  readonly maxReplyBytes?: number;
  /** Nesting of elements in an answer. Default 256. */
  readonly maxDepth?: number;
  /** Where exchanges are noted, when it is to outlive the client. Default: a log of its own. */
  readonly log?: CallLog;
}

/** One HTTP request, before it has its turn. */
export interface WireRequest {
  readonly httpMethod: 'GET' | 'POST';
  readonly url: string;
  /** For messages and the log: `urn#Method`, or what a request that is not SOAP is for. */
  readonly action: string;
  /** Name of the method, without its urn; the answer must be its response. */
  readonly method: string;
  readonly body?: string;
  readonly attempt: number;
  readonly priority: Priority;
  readonly signal: CancelSignal | undefined;
  readonly timeoutMs: number;
  /** Sending it twice does no harm; a broken connection leaves no doubt. */
  readonly isIdempotent: boolean;
  /** Goes to another server than the one the throttle guards. */
  readonly isElsewhere?: boolean;
  /**
   * Asked when the turn has come: the headers, `undefined` to withdraw the request unsent. May throw `CampaignError`.
   */
  prepare(): Readonly<Record<string, string>> | undefined;
}

/** An answer as the retry rules see it. `withdrawn`: nothing was sent. */
export type WireResult<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly status: number }
  | { readonly kind: 'busy'; readonly status: number }
  | { readonly kind: 'error'; readonly error: CampaignError }
  | { readonly kind: 'transport'; readonly error: TransportError; readonly timedOut: boolean }
  | { readonly kind: 'withdrawn' };

/** Reads an answer. `opened`: the value goes on reading, and must end the exchange. */
export type Receive<T> = (
  reply: HttpReply,
  exchange: Exchange,
  context: ReceiveContext,
) => Promise<
  | Exclude<Received, { kind: 'outputs' }>
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'opened'; readonly value: T }
>;

type Ending = CallLogEntry['result'];

/** Why everything was cancelled, for those whose calls it were. */
const reasons = {
  closed: 'The connection was closed.',
  stopped: 'All calls of the connection were cancelled.',
} as const;

/** One exchange under way: its slot, its time limit, its cancellation and its entry in the log, ended together. */
export class Exchange {
  readonly signal: CancelSignal;
  timedOut = false;
  receivedBytes = 0;
  status: number | undefined;
  contentType: string | undefined;
  campaignCode: string | undefined;
  readonly #cancel: CancelSource;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  readonly #onEnd: (ending: Ending, slotEnd: SlotEnd) => void;
  #cancelTimer: (() => void) | undefined;
  #isEnded = false;

  constructor(
    clock: Clock,
    timeoutMs: number,
    signals: readonly (CancelSignal | undefined)[],
    onEnd: (ending: Ending, slotEnd: SlotEnd) => void,
  ) {
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#cancel = new CancelSource(...signals);
    this.signal = this.#cancel.signal;
    this.#onEnd = onEnd;
  }

  /** Starts the time limit anew. */
  startTimer(): void {
    this.stopTimer();
    this.#cancelTimer = this.#clock.schedule(this.#timeoutMs, () => {
      this.timedOut = true;
      this.#cancel.cancel('timeout');
    });
  }

  stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Ends once; later calls do nothing. */
  end(
    ending: Ending,
    slotEnd: SlotEnd = { kind: ending === 'ok' || ending === 'fault' ? 'ok' : 'failed' },
  ): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.stopTimer();
    this.#cancel.dispose();
    this.#onEnd(ending, slotEnd);
  }
}

/** Counts of {@link Wire}. */
export interface WireCounts {
  readonly requestCount: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
}

/**
 * Sends single requests: through the throttle, with a time limit, cancellable, counted and logged. Knows nothing of
 * sessions and never repeats anything.
 */
export class Wire {
  readonly log: CallLog;
  readonly throttle: Throttle;
  /** Recent tokens and passwords, for masking; an answer may be late and echo an older one. */
  readonly secrets: ReadonlySet<string>;
  readonly clock: Clock;
  readonly #options: WireOptions;
  readonly #secrets = new Set<string>();
  readonly #closing = new CancelSource();
  #stopping = new CancelSource();
  readonly #onChange: () => void;
  #requestCount = 0;
  #sentBytes = 0;
  #receivedBytes = 0;

  constructor(options: WireOptions, onChange: () => void) {
    this.#options = options;
    this.log = options.log ?? new CallLog();
    this.clock = options.clock;
    this.secrets = this.#secrets;
    this.#onChange = onChange;
    this.throttle = new Throttle(options, onChange);
  }

  get counts(): WireCounts {
    return {
      requestCount: this.#requestCount,
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
    };
  }

  /** Fires when the wire is closed. */
  get closing(): CancelSignal {
    return this.#closing.signal;
  }

  /** Fires when all that is under way now is to end. */
  get stopping(): CancelSignal {
    return this.#stopping.signal;
  }

  /** Values to mask from now on. */
  remember(secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (secret === '') continue;
      this.#secrets.delete(secret);
      this.#secrets.add(secret);
    }
    for (const oldest of this.#secrets) {
      if (this.#secrets.size <= 30) break;
      this.#secrets.delete(oldest);
    }
    this.log.mask(secrets);
  }

  forgetSecrets(): void {
    this.#secrets.clear();
  }

  /** Cancels what waits and what is under way. */
  stop(): void {
    const stopped = this.#stopping;
    this.#stopping = new CancelSource();
    this.throttle.refuseWaiting(reasons.stopped);
    stopped.cancel('stopped');
  }

  close(): void {
    this.#closing.cancel('closed');
    this.throttle.dispose();
    this.#secrets.clear();
  }

  /**
   * One request and its answer. Rejects only with what `prepare` throws, and when the request is cancelled in the
   * queue.
   */
  async exchange<T>(request: WireRequest, receive: Receive<T>): Promise<WireResult<T>> {
    const { action, body = '', priority, signal } = request;
    const slot =
      request.isElsewhere === true
        ? this.#freeSlot()
        : await this.throttle.acquire({ priority, key: action, signal });
    let headers: Readonly<Record<string, string>> | undefined;
    try {
      headers = request.prepare();
    } finally {
      if (headers === undefined) slot.release({ kind: 'failed' });
    }
    if (headers === undefined) return { kind: 'withdrawn' };

    const capture = this.log.captureBodies ? new ReplyCapture() : undefined;
    const sentBytes = byteLength(body);
    const sentAt = this.clock.now();
    const endEntry = this.log.start({
      sentAt,
      action,
      httpMethod: request.httpMethod,
      url: maskSecrets(request.url, this.#secrets),
      attempt: request.attempt,
      priority,
      waitedMs: slot.waitedMs,
      sentBytes,
    });
    const exchange = new Exchange(
      this.clock,
      request.timeoutMs,
      [signal, this.#closing.signal, this.#stopping.signal],
      (result, slotEnd) => {
        slot.release(slotEnd);
        endEntry({
          durationMs: this.clock.now() - sentAt,
          ...(exchange.status === undefined ? {} : { status: exchange.status }),
          receivedBytes: exchange.receivedBytes,
          result,
          ...(exchange.campaignCode === undefined ? {} : { campaignCode: exchange.campaignCode }),
          ...(capture === undefined
            ? {}
            : {
                request: this.#mask(body),
                reply: this.#mask(capture.text(exchange.contentType, this.#options.decode, this.#secrets)),
              }),
        });
      },
    );
    const context: ReceiveContext = {
      action,
      method: request.method,
      url: request.url,
      decode: this.#options.decode,
      maxBytes: this.#options.maxReplyBytes ?? 64 * 1024 * 1024,
      maxDepth: this.#options.maxDepth ?? 256,
      secrets: this.#secrets,
      onPiece: (piece) => {
        exchange.receivedBytes += piece.length;
        this.#receivedBytes += piece.length;
        capture?.add(piece);
        this.#onChange();
      },
    };
    this.#requestCount++;
    this.#sentBytes += sentBytes;
    return this.#send(request, headers, exchange, context, receive);
  }

  async #send<T>(
    request: WireRequest,
    headers: Readonly<Record<string, string>>,
    exchange: Exchange,
    context: ReceiveContext,
    receive: Receive<T>,
  ): Promise<WireResult<T>> {
    try {
      exchange.startTimer();
      const reply = await this.#options.transport.send({
        method: request.httpMethod,
        url: request.url,
        headers: { 'User-Agent': this.#options.userAgent, ...headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        signal: exchange.signal,
        idempotent: request.isIdempotent,
      });
      exchange.status = reply.status;
      exchange.contentType = reply.headers['content-type'];
      const received = await receive(reply, exchange, context);
      switch (received.kind) {
        case 'opened':
          return { kind: 'value', value: received.value };
        case 'fault':
          exchange.campaignCode = judgeFault(received.fault).campaignCode;
          exchange.end('fault');
          return { ...received, status: reply.status };
        case 'busy': {
          const retryAfterMs = parseRetryAfter(reply.headers['retry-after'], this.clock.now());
          exchange.end('busy', { kind: reply.status === 429 ? 'throttled' : 'unavailable', retryAfterMs });
          return received;
        }
        case 'error':
          exchange.end(received.error.code);
          return received;
        default:
          exchange.end('ok');
          return received;
      }
    } catch (error) {
      if (!(error instanceof TransportError)) {
        exchange.end('badResponse');
        throw error;
      }
      const result = this.toTransportResult(error, exchange, request);
      exchange.end(result.kind === 'error' ? result.error.code : 'network');
      return result;
    }
  }

  /** A transport's failure, told apart by who is to blame: the network, the time limit, or the person who cancelled. */
  toTransportResult(
    error: TransportError,
    exchange: Exchange,
    request: Pick<WireRequest, 'action' | 'isIdempotent'>,
  ): Extract<WireResult<never>, { kind: 'error' | 'transport' }> {
    if (exchange.timedOut) {
      const phase = exchange.status === undefined ? 'headersTimeout' : 'bodyTimeout';
      const timeout = new TransportError(phase, 'The time limit of the call ran out.', {
        unsent: false,
        cause: error,
      });
      return { kind: 'transport', error: timeout, timedOut: true };
    }
    if (error.failure !== 'cancelled') return { kind: 'transport', error, timedOut: false };
    const mayHaveActed = !request.isIdempotent && !error.unsent;
    const reason = reasons[exchange.signal.reason as keyof typeof reasons] as string | undefined;
    return {
      kind: 'error',
      error: cancelledError(request.action, mayHaveActed ? 'unknown' : 'failed', reason),
    };
  }

  /** Masked before it is cut, so that no secret is cut in two and half of it shown. */
  #mask(text: string): string {
    const masked = maskSecrets(text.slice(0, bodyLimit + 4000), this.#secrets);
    return masked.length > bodyLimit || text.length > bodyLimit + 4000
      ? `${masked.slice(0, bodyLimit)}…`
      : masked;
  }

  #freeSlot(): Slot {
    return { startedAt: this.clock.now(), waitedMs: 0, release: () => undefined };
  }
}

/** Bytes of a text in UTF-8. */
function byteLength(text: string): number {
  if (isAscii(text)) return text.length;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    // A surrogate pair has four bytes: three and one here.
    length += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xdc00 && code <= 0xdfff ? 1 : 3;
  }
  return length;
}

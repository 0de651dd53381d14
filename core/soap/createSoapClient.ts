import { CampaignError, cancelledError } from './campaignError.ts';
import { CancelSource, type CancelSignal } from './cancelSignal.ts';
import type { Clock } from './clock.ts';
import { toSoapAction, writeEnvelope } from './envelope.ts';
import { judgeFault, toFaultError, type Fault } from './fault.ts';
import { methodAccess } from './methodAccess.ts';
import { isPassingFailure, toNetworkError } from './networkError.ts';
import { openRows, type OpenRows } from './openRows.ts';
import { receiveReply, type ReceiveContext, type Received } from './receiveReply.ts';
import { SessionKeeper } from './sessionKeeper.ts';
import type { OpenSession, SignIn } from './signIn.ts';
import type {
  CallOptions,
  QueryOptions,
  RowBatch,
  SessionInfo,
  SoapCall,
  SoapClient,
  SoapFigures,
} from './soapClient.ts';
import type { SoapOutput } from './soapValue.ts';
import { parseRetryAfter, Throttle, type Slot, type SlotEnd, type ThrottleOptions } from './throttle.ts';
import { TransportError, type DecodeText, type HttpReply, type Transport } from './transport.ts';

export interface SoapClientOptions extends Omit<ThrottleOptions, 'clock'> {
  /** Base address of the instance; `/nl/jsp/soaprouter.jsp` is added. */
  readonly url: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly signIn: SignIn;
  readonly decode: DecodeText;
  /** Sent as `User-Agent`. */
  readonly userAgent: string;
  /** Default of `CallOptions.timeoutMs`: 60,000. */
  readonly timeoutMs?: number;
  /** Told when a session opens, and when it is gone. */
  readonly onSession?: ((session: SessionInfo | undefined) => void) | undefined;
  /** Longest answer that is not streamed. Default 64 MB. */
  readonly maxReplyBytes?: number;
  /** Nesting of elements in an answer. Default 256. */
  readonly maxDepth?: number;
  /** Longest single row of a streamed answer, in bytes. Default 16 Mi. */
  readonly maxRowLength?: number;
}

const defaultTimeoutMs = 60_000;
/** Tries of one call while the server says 429. */
const maxThrottledTries = 8;
/** Tries while it is unavailable (502, 503, 504). */
const maxUnavailableTries = 5;
/** Repeats after a broken connection or a passing database error. */
const maxRepeats = 2;
const firstRepeatMs = 500;
const figuresEveryMs = 200;

/** One HTTP exchange under way: its slot, its time limit and its cancellation, let go of together. */
class Exchange {
  readonly cancel: CancelSource;
  readonly slot: Slot;
  timedOut = false;
  readonly #clock: Clock;
  readonly #timeoutMs: number;
  #cancelTimer: (() => void) | undefined;

  constructor(clock: Clock, slot: Slot, timeoutMs: number, signals: readonly (CancelSignal | undefined)[]) {
    this.#clock = clock;
    this.slot = slot;
    this.#timeoutMs = timeoutMs;
    this.cancel = new CancelSource(...signals);
  }

  startTimer(): void {
    this.stopTimer();
    this.#cancelTimer = this.#clock.schedule(this.#timeoutMs, () => {
      this.timedOut = true;
      this.cancel.cancel('timeout');
    });
  }

  stopTimer(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  end(slotEnd: SlotEnd): void {
    this.stopTimer();
    this.cancel.dispose();
    this.slot.release(slotEnd);
  }
}

/** An answer as the retry rules see it. */
type Result<T> =
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'fault'; readonly fault: Fault; readonly status: number }
  | { readonly kind: 'busy'; readonly status: number }
  | { readonly kind: 'error'; readonly error: CampaignError }
  | { readonly kind: 'transport'; readonly error: TransportError; readonly timedOut: boolean };

/** Makes the client of one connection. Sends nothing until it is used. */
export function createSoapClient(options: SoapClientOptions): SoapClient {
  return new Client(options);
}

class Client implements SoapClient {
  readonly #options: SoapClientOptions;
  readonly #clock: Clock;
  readonly #url: string;
  readonly #throttle: Throttle;
  readonly #sessions: SessionKeeper;
  readonly #closing = new CancelSource();
  /** Recent tokens and passwords, for masking; an answer may be late and echo an older one. */
  readonly #secrets = new Set<string>();
  readonly #figureListeners = new Set<(figures: SoapFigures) => void>();
  #figuresTimer: (() => void) | undefined;
  #requestCount = 0;
  #callCount = 0;
  #failedCount = 0;
  #retryCount = 0;
  #logonCount = 0;
  #sentBytes = 0;
  #receivedBytes = 0;

  constructor(options: SoapClientOptions) {
    this.#options = options;
    this.#clock = options.clock;
    this.#url = `${options.url.replace(/\/+$/, '')}/nl/jsp/soaprouter.jsp`;
    this.#throttle = new Throttle(options, () => this.#figuresChanged());
    this.#sessions = new SessionKeeper(
      (signal) => this.#openSession(signal),
      () => this.#clock.now(),
      (session) => {
        options.onSession?.(session?.info);
        this.#figuresChanged();
      },
    );
  }

  get session(): SessionInfo | undefined {
    return this.#sessions.current?.info;
  }

  async logon(options: CallOptions = {}): Promise<SessionInfo> {
    this.#refuseWhenClosed('xtk:session#Logon');
    return (await this.#sessions.get(options.signal, true)).info;
  }

  async logoff(options: CallOptions = {}): Promise<void> {
    const session = this.#sessions.current;
    this.#sessions.reset();
    if (session?.canLogoff !== true || this.#closing.signal.aborted) return;
    try {
      const call: SoapCall = { urn: 'xtk:session', method: 'Logoff' };
      await this.#exchange(call, writeEnvelope(call), session, options, (reply, _exchange, context) =>
        receiveOutputs(reply, context),
      );
    } catch {
      // The session is forgotten here in any case; on the server it ends by itself.
    }
  }

  async call(call: SoapCall, options: CallOptions = {}): Promise<readonly SoapOutput[]> {
    return this.#run(call, options, (reply, exchange, context) => {
      exchange.startTimer();
      return receiveOutputs(reply, context);
    });
  }

  async *executeQuery(queryDefXml: string, options: QueryOptions = {}): AsyncGenerator<RowBatch, void, void> {
    const call = toQueryCall(queryDefXml);
    const rows = await this.#run<OpenRows>(call, options, (reply, exchange, context) =>
      openRows(reply, context, {
        ...(options.columns === undefined ? {} : { columns: options.columns }),
        ...(options.batchRows === undefined ? {} : { batchRows: options.batchRows }),
        ...(this.#options.maxRowLength === undefined ? {} : { maxRowLength: this.#options.maxRowLength }),
        onWait: (isWaiting) => (isWaiting ? exchange.startTimer() : exchange.stopTimer()),
        onEnd: (isOk) => exchange.end({ kind: isOk ? 'ok' : 'failed' }),
        signal: exchange.cancel.signal,
        toError: (error) => this.#toCallError(error, exchange, context, options),
      }),
    );
    try {
      for (let batch = await rows.next(); batch !== undefined; batch = await rows.next()) yield batch;
    } catch (error) {
      this.#failedCount++;
      throw error;
    } finally {
      await rows.close();
    }
  }

  async executeQueryXml(queryDefXml: string, options: CallOptions = {}): Promise<string> {
    return firstText(await this.call(toQueryCall(queryDefXml), options));
  }

  async getEntity(key: string, md5 = '', options: CallOptions = {}): Promise<string> {
    const outputs = await this.call(
      {
        urn: 'xtk:persist',
        method: 'GetEntityIfMoreRecent',
        parameters: [
          { name: 'strPk', type: 'string', value: key },
          { name: 'strMd5', type: 'string', value: md5 },
          { name: 'bMustExist', type: 'boolean', value: false },
        ],
      },
      options,
    );
    return firstText(outputs);
  }

  async write(documentXml: string, options: CallOptions = {}): Promise<void> {
    await this.#persist('Write', documentXml, options);
  }

  async writeCollection(documentXml: string, options: CallOptions = {}): Promise<void> {
    await this.#persist('WriteCollection', documentXml, options);
  }

  async ingest(documentXml: string, options: CallOptions = {}): Promise<string> {
    return firstText(await this.#persist('Ingest', documentXml, options));
  }

  async ingestExt(documentXml: string, options: CallOptions = {}): Promise<void> {
    await this.#persist('IngestExt', documentXml, options);
  }

  get figures(): SoapFigures {
    return {
      requestCount: this.#requestCount,
      callCount: this.#callCount,
      failedCount: this.#failedCount,
      retryCount: this.#retryCount,
      logonCount: this.#logonCount,
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
      ...this.#throttle.figures,
    };
  }

  onDidChangeFigures(listener: (figures: SoapFigures) => void): () => void {
    this.#figureListeners.add(listener);
    return () => void this.#figureListeners.delete(listener);
  }

  pause(): void {
    this.#throttle.hold();
  }

  resume(): void {
    this.#throttle.resume();
  }

  dispose(): void {
    this.#figuresTimer?.();
    this.#figureListeners.clear();
    this.#closing.cancel('closed');
    this.#throttle.dispose();
    this.#sessions.reset();
    this.#secrets.clear();
  }

  #persist(method: string, documentXml: string, options: CallOptions): Promise<readonly SoapOutput[]> {
    const parameters = [{ name: 'domDoc', type: 'document', value: documentXml }] as const;
    return this.call({ urn: 'xtk:persist', method, parameters }, options);
  }

  /**
   * Makes a call with all that may take: logon, waiting for the throttle, retries. `receive` reads the answer; what it
   * gives as `value` may keep the exchange open (a stream), and must then end it.
   */
  async #run<T>(call: SoapCall, options: CallOptions, receive: Receive<T>): Promise<T> {
    const action = toSoapAction(call);
    this.#callCount++;
    try {
      this.#refuseWhenClosed(action);
      const envelope = writeEnvelope(call);
      const isIdempotent = options.idempotent ?? methodAccess(call.urn, call.method) !== 'write';
      return await this.#tryUntilAnswered(call, action, envelope, isIdempotent, options, receive);
    } catch (error) {
      this.#failedCount++;
      throw error;
    } finally {
      this.#figuresChanged();
    }
  }

  async #tryUntilAnswered<T>(
    call: SoapCall,
    action: string,
    envelope: string,
    isIdempotent: boolean,
    options: CallOptions,
    receive: Receive<T>,
  ): Promise<T> {
    let expiries = 0;
    let throttledTries = 0;
    let unavailableTries = 0;
    let repeats = 0;
    for (;;) {
      const session = await this.#sessions.get(options.signal, false);
      const body = session.sessionToken === '' ? envelope : writeEnvelope(call, session.sessionToken);
      const result = await this.#exchange(call, body, session, options, receive);
      if (result === 'sessionGone') continue;
      switch (result.kind) {
        case 'value':
          return result.value;
        case 'error':
          throw result.error;
        case 'fault': {
          const { action: advice } = judgeFault(result.fault);
          if (advice === 'relogon') {
            this.#sessions.invalidate(session);
            if (++expiries <= 1) {
              this.#countRetry(options, expiries, 0, 'The session has expired.');
              continue;
            }
          }
          if (advice === 'retry' && isIdempotent && repeats < maxRepeats) {
            repeats++;
            await this.#waitForRepeat(options, action, repeats, 'The database reported a passing error.');
            continue;
          }
          throw toFaultError(result.fault, { method: action, secrets: this.#secrets, status: result.status });
        }
        case 'busy': {
          const isRefusal = result.status === 429;
          const mayRepeat = isRefusal
            ? ++throttledTries < maxThrottledTries
            : isIdempotent && ++unavailableTries < maxUnavailableTries;
          if (!mayRepeat) throw this.#toBusyError(result.status, action, isIdempotent, throttledTries);
          const delayMs = Math.max(0, (this.#throttle.figures.pausedUntil ?? 0) - this.#clock.now());
          this.#countRetry(options, throttledTries + unavailableTries, delayMs, busyReason(result.status));
          continue;
        }
        case 'transport': {
          const { error, timedOut } = result;
          const isSafe = isIdempotent || error.unsent;
          if (!timedOut && isSafe && isPassingFailure(error.failure) && repeats < maxRepeats) {
            repeats++;
            await this.#waitForRepeat(options, action, repeats, 'The connection failed.');
            continue;
          }
          throw toNetworkError(error, { action, url: this.#url, mayHaveActed: !isIdempotent });
        }
      }
    }
  }

  /** One request and its answer. `sessionGone`: the session ended while waiting for the slot; nothing was sent. */
  async #exchange<T>(
    call: SoapCall,
    body: string,
    session: OpenSession | undefined,
    options: CallOptions,
    receive: Receive<T>,
    extraHeaders: Readonly<Record<string, string>> = {},
  ): Promise<Result<T> | 'sessionGone'> {
    const action = toSoapAction(call);
    const access = methodAccess(call.urn, call.method);
    const slot = await this.#throttle.acquire({
      priority: options.priority ?? 'interactive',
      key: action,
      signal: options.signal,
    });
    const isSessionCall = session !== undefined && access !== 'session';
    if (isSessionCall && this.#sessions.current !== session) {
      slot.release({ kind: 'failed' });
      return 'sessionGone';
    }
    const timeoutMs = Math.max(1, options.timeoutMs ?? this.#options.timeoutMs ?? defaultTimeoutMs);
    const signals = [options.signal, this.#closing.signal];
    const exchange = new Exchange(this.#clock, slot, timeoutMs, signals);
    const context: ReceiveContext = {
      action,
      method: call.method,
      url: this.#url,
      decode: this.#options.decode,
      maxBytes: this.#options.maxReplyBytes ?? 64 * 1024 * 1024,
      maxDepth: this.#options.maxDepth ?? 256,
      secrets: this.#secrets,
      onBytes: (count) => {
        this.#receivedBytes += count;
        this.#figuresChanged();
      },
    };
    let slotEnd: SlotEnd | undefined = { kind: 'failed' };
    try {
      exchange.startTimer();
      this.#requestCount++;
      this.#sentBytes += body.length;
      const reply = await this.#options.transport.send({
        method: 'POST',
        url: this.#url,
        headers: {
          'Content-Type': 'text/xml; charset=utf-8',
          SOAPAction: action,
          'User-Agent': this.#options.userAgent,
          ...session?.headers,
          ...extraHeaders,
        },
        body,
        signal: exchange.cancel.signal,
        idempotent: options.idempotent ?? access !== 'write',
      });
      const received = await receive(reply, exchange, context);
      const retryAfterMs = parseRetryAfter(reply.headers['retry-after'], this.#clock.now());
      slotEnd = { kind: 'ok' };
      switch (received.kind) {
        case 'opened':
          slotEnd = undefined; // The stream ends the exchange.
          return { kind: 'value', value: received.value };
        case 'fault':
          return { ...received, status: reply.status };
        case 'busy':
          slotEnd = { kind: reply.status === 429 ? 'throttled' : 'unavailable', retryAfterMs };
          return received;
        default:
          return received;
      }
    } catch (error) {
      if (error instanceof TransportError)
        return this.#toTransportResult(error, exchange, action, access, options);
      throw error;
    } finally {
      if (slotEnd !== undefined) exchange.end(slotEnd);
    }
  }

  #toTransportResult(
    error: TransportError,
    exchange: Exchange,
    action: string,
    access: ReturnType<typeof methodAccess>,
    options: CallOptions,
  ): Result<never> {
    if (exchange.timedOut) {
      const timeout = new TransportError('headersTimeout', 'The time limit of the call ran out.', {
        unsent: false,
        cause: error,
      });
      return { kind: 'transport', error: timeout, timedOut: true };
    }
    if (error.failure !== 'cancelled') return { kind: 'transport', error, timedOut: false };
    const mayHaveActed = !(options.idempotent ?? access !== 'write') && !error.unsent;
    const reason = this.#closing.signal.aborted ? 'The connection was closed.' : undefined;
    return { kind: 'error', error: cancelledError(action, mayHaveActed ? 'unknown' : 'failed', reason) };
  }

  /** What a stream throws when it breaks after its first row. */
  #toCallError(
    error: TransportError,
    exchange: Exchange,
    context: ReceiveContext,
    options: CallOptions,
  ): CampaignError {
    const result = this.#toTransportResult(error, exchange, context.action, 'read', options);
    if (result.kind === 'error') return result.error;
    const cause = result.kind === 'transport' ? result.error : error;
    return toNetworkError(cause, { action: context.action, url: this.#url, mayHaveActed: false });
  }

  #openSession(signal: CancelSignal): Promise<OpenSession> {
    return this.#options.signIn
      .open({
        now: this.#clock.now(),
        signal,
        addSecret: (secret) => this.#remember([secret]),
        call: async (call, headers) => {
          const action = toSoapAction(call);
          this.#logonCount++;
          const result = await this.#exchange(
            call,
            writeEnvelope(call),
            undefined,
            { signal },
            (reply, _exchange, context) => receiveOutputs(reply, context),
            headers,
          );
          if (result === 'sessionGone') throw cancelledError(action, 'notSent');
          switch (result.kind) {
            case 'value':
              return result.value;
            case 'error':
              throw result.error;
            case 'fault':
              throw toFaultError(result.fault, {
                method: action,
                secrets: this.#secrets,
                status: result.status,
              });
            case 'busy':
              throw this.#toBusyError(result.status, action, true, 1);
            case 'transport':
              throw toNetworkError(result.error, { action, url: this.#url, mayHaveActed: false });
          }
        },
      })
      .then((session) => {
        this.#remember(session.secrets);
        return session;
      });
  }

  #remember(secrets: readonly string[]): void {
    for (const secret of secrets) {
      if (secret === '') continue;
      this.#secrets.delete(secret);
      this.#secrets.add(secret);
    }
    for (const oldest of this.#secrets) {
      if (this.#secrets.size <= 30) break;
      this.#secrets.delete(oldest);
    }
  }

  #toBusyError(status: number, action: string, isIdempotent: boolean, tries: number): CampaignError {
    const isRefusal = status === 429;
    return new CampaignError({
      code: isRefusal || status === 503 ? 'throttled' : 'http',
      explanation: isRefusal
        ? `The server still answers ${action} with “too many requests” (429) after ${tries} tries.`
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

  async #waitForRepeat(options: CallOptions, action: string, repeat: number, reason: string): Promise<void> {
    const random = this.#options.random ?? Math.random;
    const delayMs = firstRepeatMs * 2 ** (repeat - 1) * (0.75 + random() / 2);
    this.#countRetry(options, repeat, delayMs, reason);
    const cancel = new CancelSource(options.signal, this.#closing.signal);
    try {
      await new Promise<void>((resolve, reject) => {
        if (cancel.signal.aborted) {
          reject(cancelledError(action, 'failed'));
          return;
        }
        const stop = this.#clock.schedule(delayMs, resolve);
        cancel.signal.addEventListener('abort', () => {
          stop();
          reject(cancelledError(action, 'failed'));
        });
      });
    } finally {
      cancel.dispose();
    }
  }

  #countRetry(options: CallOptions, attempt: number, delayMs: number, reason: string): void {
    this.#retryCount++;
    options.onRetry?.({ attempt, delayMs, reason });
  }

  #refuseWhenClosed(action: string): void {
    if (this.#closing.signal.aborted) throw cancelledError(action, 'notSent', 'The connection was closed.');
  }

  #figuresChanged(): void {
    if (this.#figureListeners.size === 0 || this.#figuresTimer !== undefined) return;
    this.#figuresTimer = this.#clock.schedule(figuresEveryMs, () => {
      this.#figuresTimer = undefined;
      const { figures } = this;
      for (const listener of this.#figureListeners) listener(figures);
    });
  }
}

type Receive<T> = (
  reply: HttpReply,
  exchange: Exchange,
  context: ReceiveContext,
) => Promise<
  | Exclude<Received, { kind: 'outputs' }>
  | { readonly kind: 'value'; readonly value: T }
  | { readonly kind: 'opened'; readonly value: T }
>;

async function receiveOutputs(
  reply: HttpReply,
  context: ReceiveContext,
): Promise<
  Exclude<Received, { kind: 'outputs' }> | { readonly kind: 'value'; readonly value: readonly SoapOutput[] }
> {
  const received = await receiveReply(reply, context);
  return received.kind === 'outputs' ? { kind: 'value', value: received.outputs } : received;
}

function toQueryCall(queryDefXml: string): SoapCall {
  return {
    urn: 'xtk:queryDef',
    method: 'ExecuteQuery',
    parameters: [{ name: 'entity', type: 'element', value: queryDefXml }],
  };
}

function firstText(outputs: readonly SoapOutput[]): string {
  return String(outputs[0]?.value ?? '');
}

function busyReason(status: number): string {
  return status === 429
    ? 'The server said “too many requests” (429).'
    : `The server is not available (${status}).`;
}

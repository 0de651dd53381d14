import type { CallLog } from './callLog.ts';
import { CampaignError, cancelledError } from './campaignError.ts';
import { CancelSource, type CancelSignal } from './cancelSignal.ts';
import { toSoapAction, writeEnvelope } from './envelope.ts';
import { judgeFault, toFaultError } from './fault.ts';
import { methodAccess } from './methodAccess.ts';
import { isPassingFailure, toNetworkError } from './networkError.ts';
import { openRows, type OpenRows } from './openRows.ts';
import { maxErrorBytes, readText, receiveReply, type ReceiveContext } from './receiveReply.ts';
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
import { Wire, type Receive, type WireOptions, type WireRequest, type WireResult } from './wire.ts';

export interface SoapClientOptions extends WireOptions {
  /** Base address of the instance; `/nl/jsp/soaprouter.jsp` is added. */
  readonly url: string;
  readonly signIn: SignIn;
  /** Refuse writing methods until `allowWrites`. Default false. */
  readonly readOnly?: boolean;
  /** Default of `CallOptions.timeoutMs`: 60,000. */
  readonly timeoutMs?: number;
  /** Told when a session opens, and when it is gone. */
  readonly onSession?: ((session: SessionInfo | undefined) => void) | undefined;
  /** Longest single row of a streamed answer, in bytes. Default 16 Mi. */
  readonly maxRowLength?: number;
}

const defaultTimeoutMs = 60_000;
/** Tries of one call while the server says 429. */
const maxThrottledTries = 10;
/** Tries while it is unavailable (502, 503, 504). */
const maxUnavailableTries = 5;
/** Repeats after a broken connection or a passing database error. */
const maxRepeats = 2;
const firstRepeatMs = 500;
const figuresEveryMs = 200;

/** Makes the client of one connection. Sends nothing until it is used. */
export function createSoapClient(options: SoapClientOptions): SoapClient {
  return new Client(options);
}

class Client implements SoapClient {
  readonly #options: SoapClientOptions;
  readonly #url: string;
  readonly #wire: Wire;
  readonly #sessions: SessionKeeper;
  readonly #figureListeners = new Set<(figures: SoapFigures) => void>();
  #figuresTimer: (() => void) | undefined;
  #writesUntil = -Infinity;
  #callCount = 0;
  #failedCount = 0;
  #retryCount = 0;
  #logonCount = 0;

  constructor(options: SoapClientOptions) {
    this.#options = options;
    this.#url = `${options.url.replace(/\/+$/, '')}/nl/jsp/soaprouter.jsp`;
    this.#wire = new Wire(options, () => this.#figuresChanged());
    this.#sessions = new SessionKeeper(
      (signal) => this.#openSession(signal),
      () => this.#wire.clock.now(),
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
    if (session?.canLogoff !== true || this.#wire.closing.aborted) return;
    const call: SoapCall = { urn: 'xtk:session', method: 'Logoff' };
    try {
      const request = this.#toRequest(call, writeEnvelope(call), options, true, 1);
      await this.#wire.exchange({ ...request, prepare: () => toHeaders(call, session) }, receiveOutputs);
    } catch {
      // The session is forgotten here in any case; on the server it ends by itself.
    }
  }

  async forget(): Promise<void> {
    this.stop();
    await this.logoff();
    this.#wire.forgetSecrets();
  }

  async call(call: SoapCall, options: CallOptions = {}): Promise<readonly SoapOutput[]> {
    return this.#run(call, options, () => receiveOutputs);
  }

  async *executeQuery(queryDefXml: string, options: QueryOptions = {}): AsyncGenerator<RowBatch, void, void> {
    const call = toQueryCall(queryDefXml);
    const { columns, batchRows } = options;
    const { maxRowLength } = this.#options;
    const rows = await this.#run<OpenRows>(
      call,
      options,
      (request) => (reply, exchange, context) =>
        openRows(reply, context, {
          ...(columns === undefined ? {} : { columns }),
          ...(batchRows === undefined ? {} : { batchRows }),
          ...(maxRowLength === undefined ? {} : { maxRowLength }),
          onWait: (isWaiting) => (isWaiting ? exchange.startTimer() : exchange.stopTimer()),
          onEnd: (ending) => exchange.end(ending),
          signal: exchange.signal,
          toError: (error) => {
            const result = this.#wire.toTransportResult(error, exchange, request);
            return result.kind === 'error' ? result.error : this.#toNetworkError(result.error, request);
          },
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

  get isReadOnly(): boolean {
    return this.#options.readOnly === true && this.#wire.clock.now() >= this.#writesUntil;
  }

  get writesAllowedUntil(): number | undefined {
    return this.#options.readOnly === true && !this.isReadOnly ? this.#writesUntil : undefined;
  }

  allowWrites(durationMs: number): void {
    this.#writesUntil = this.#wire.clock.now() + Math.max(0, durationMs);
  }

  protect(): void {
    this.#writesUntil = -Infinity;
  }

  get log(): CallLog {
    return this.#wire.log;
  }

  get figures(): SoapFigures {
    return {
      callCount: this.#callCount,
      failedCount: this.#failedCount,
      retryCount: this.#retryCount,
      logonCount: this.#logonCount,
      ...this.#wire.counts,
      ...this.#wire.throttle.figures,
    };
  }

  onDidChangeFigures(listener: (figures: SoapFigures) => void): () => void {
    this.#figureListeners.add(listener);
    return () => void this.#figureListeners.delete(listener);
  }

  pause(): void {
    this.#wire.throttle.hold();
  }

  resume(): void {
    this.#wire.throttle.resume();
  }

  stop(): void {
    this.#wire.stop();
  }

  dispose(): void {
    this.#figuresTimer?.();
    this.#figureListeners.clear();
    this.#wire.close();
    this.#sessions.reset();
  }

  #persist(method: string, documentXml: string, options: CallOptions): Promise<readonly SoapOutput[]> {
    const parameters = [{ name: 'domDoc', type: 'document', value: documentXml }] as const;
    return this.call({ urn: 'xtk:persist', method, parameters }, options);
  }

  /** Makes a call with all that may take: logon, waiting for the throttle, retries. */
  async #run<T>(
    call: SoapCall,
    options: CallOptions,
    receiver: (request: Omit<WireRequest, 'prepare'>) => Receive<T>,
  ): Promise<T> {
    const action = toSoapAction(call);
    this.#callCount++;
    try {
      this.#refuseWhenClosed(action);
      const envelope = writeEnvelope(call);
      this.#refuseWrites(call);
      return await this.#tryUntilAnswered(call, envelope, options, receiver);
    } catch (error) {
      this.#failedCount++;
      throw error;
    } finally {
      this.#figuresChanged();
    }
  }

  async #tryUntilAnswered<T>(
    call: SoapCall,
    envelope: string,
    options: CallOptions,
    receiver: (request: Omit<WireRequest, 'prepare'>) => Receive<T>,
  ): Promise<T> {
    const isIdempotent = options.idempotent ?? methodAccess(call) !== 'write';
    let expiries = 0;
    let throttledTries = 0;
    let unavailableTries = 0;
    let repeats = 0;
    for (;;) {
      const session = await this.#sessions.get(options.signal, false);
      const body = session.sessionToken === '' ? envelope : writeEnvelope(call, session.sessionToken);
      const attempt = 1 + expiries + throttledTries + unavailableTries + repeats;
      const request = this.#toRequest(call, body, options, isIdempotent, attempt);
      const { action } = request;
      const result = await this.#wire.exchange(
        {
          ...request,
          prepare: () => {
            this.#refuseWrites(call);
            // The session may have ended while the call waited.
            return this.#sessions.current === session ? toHeaders(call, session) : undefined;
          },
        },
        receiver(request),
      );
      switch (result.kind) {
        case 'withdrawn':
          continue;
        case 'value':
          return result.value;
        case 'error':
          // IMS tokens have no Campaign code for their end.
          if (result.error.status === 401 && session.isBearer === true) {
            this.#sessions.invalidate(session);
            if (++expiries <= 1) {
              this.#countRetry(options, expiries, 0, 'The access token was refused.');
              continue;
            }
          }
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
          throw this.#toFaultError(result, action);
        }
        case 'busy': {
          const isRefusal = result.status === 429;
          const mayRepeat = isRefusal
            ? ++throttledTries < maxThrottledTries
            : isIdempotent && ++unavailableTries < maxUnavailableTries;
          if (!mayRepeat) throw toBusyError(result.status, action, isIdempotent, throttledTries);
          const pausedUntil = this.#wire.throttle.figures.pausedUntil ?? 0;
          const delayMs = Math.max(0, pausedUntil - this.#wire.clock.now());
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
          throw this.#toNetworkError(error, request);
        }
      }
    }
  }

  #toRequest(
    call: SoapCall,
    body: string,
    options: CallOptions,
    isIdempotent: boolean,
    attempt: number,
  ): Omit<WireRequest, 'prepare'> {
    return {
      httpMethod: 'POST',
      url: this.#url,
      action: toSoapAction(call),
      method: call.method,
      body,
      attempt,
      priority: options.priority ?? 'interactive',
      signal: options.signal,
      timeoutMs: Math.max(1, options.timeoutMs ?? this.#options.timeoutMs ?? defaultTimeoutMs),
      isIdempotent,
    };
  }

  /** Opens a session. Nothing in here is ever repeated by itself. */
  async #openSession(signal: CancelSignal): Promise<OpenSession> {
    const { clock } = this.#wire;
    const session = await this.#options.signIn.open({
      url: this.#options.url.replace(/\/+$/, ''),
      now: clock.now(),
      signal,
      addSecret: (secret) => this.#wire.remember([secret]),
      call: async (call, { headers = {}, sessionToken = '' } = {}) => {
        if (methodAccess(call) === 'session') this.#logonCount++;
        const request = this.#toRequest(call, writeEnvelope(call, sessionToken), { signal }, true, 1);
        const prepare = (): Record<string, string> => ({ ...toHeaders(call, undefined), ...headers });
        const result = await this.#wire.exchange({ ...request, prepare }, receiveOutputs);
        return this.#toValue(result, request);
      },
      fetchText: async ({ method, url, headers = {}, body, purpose, isElsewhere }) => {
        const request = {
          ...this.#toRequest({ urn: '', method: '' }, body ?? '', { signal }, true, 1),
          httpMethod: method,
          url,
          action: purpose,
          isElsewhere,
        };
        const result = await this.#wire.exchange({ ...request, prepare: () => headers }, receiveText);
        return this.#toValue(result, request);
      },
    });
    this.#wire.remember(session.secrets);
    return session;
  }

  /** The value of a result that is not going to be repeated; else its error. */
  #toValue<T>(result: WireResult<T>, request: Omit<WireRequest, 'prepare'>): T {
    const { action, isIdempotent } = request;
    switch (result.kind) {
      case 'value':
        return result.value;
      case 'error':
        throw result.error;
      case 'fault':
        throw this.#toFaultError(result, action);
      case 'busy':
        throw toBusyError(result.status, action, isIdempotent, 1);
      case 'transport':
        throw this.#toNetworkError(result.error, request);
      case 'withdrawn':
        throw cancelledError(action, 'notSent');
    }
  }

  #toFaultError(result: Extract<WireResult<unknown>, { kind: 'fault' }>, method: string): CampaignError {
    return toFaultError(result.fault, { method, secrets: this.#wire.secrets, status: result.status });
  }

  #toNetworkError(
    error: Extract<WireResult<unknown>, { kind: 'transport' }>['error'],
    { action, url, isIdempotent }: Omit<WireRequest, 'prepare'>,
  ): CampaignError {
    return toNetworkError(error, { action, url, mayHaveActed: !isIdempotent });
  }

  async #waitForRepeat(options: CallOptions, action: string, repeat: number, reason: string): Promise<void> {
    const random = this.#options.random ?? Math.random;
    const delayMs = firstRepeatMs * 2 ** (repeat - 1) * (0.75 + random() / 2);
    this.#countRetry(options, repeat, delayMs, reason);
    const cancel = new CancelSource(options.signal, this.#wire.closing, this.#wire.stopping);
    try {
      await new Promise<void>((resolve, reject) => {
        if (cancel.signal.aborted) {
          reject(cancelledError(action, 'failed'));
          return;
        }
        const stop = this.#wire.clock.schedule(delayMs, resolve);
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

  /** Invariant: on a read-only connection only methods known to read are sent. Asked again when a call has its turn. */
  #refuseWrites(call: SoapCall): void {
    if (!this.isReadOnly || methodAccess(call) !== 'write') return;
    const action = toSoapAction(call);
    throw new CampaignError({
      code: 'readOnly',
      explanation: `${action} would change the instance, and this connection is read-only.`,
      nextStep: 'Allow writing for a time (Campaign: Allow Writing) if you mean to.',
      method: action,
      outcome: 'notSent',
    });
  }

  #refuseWhenClosed(action: string): void {
    if (this.#wire.closing.aborted) throw cancelledError(action, 'notSent', 'The connection was closed.');
  }

  #figuresChanged(): void {
    if (this.#figureListeners.size === 0 || this.#figuresTimer !== undefined) return;
    this.#figuresTimer = this.#wire.clock.schedule(figuresEveryMs, () => {
      this.#figuresTimer = undefined;
      const { figures } = this;
      for (const listener of this.#figureListeners) listener(figures);
    });
  }
}

const receiveOutputs: Receive<readonly SoapOutput[]> = async (reply, _exchange, context: ReceiveContext) => {
  const received = await receiveReply(reply, context);
  return received.kind === 'outputs' ? { kind: 'value', value: received.outputs } : received;
};

const receiveText: Receive<{ status: number; text: string }> = async (reply, _exchange, context) => {
  const text = await readText(reply, maxErrorBytes, context);
  return { kind: 'value', value: { status: reply.status, text } };
};

function toHeaders(call: SoapCall, session: OpenSession | undefined): Record<string, string> {
  return {
    'Content-Type': 'text/xml; charset=utf-8',
    SOAPAction: toSoapAction(call),
    ...session?.headers,
  };
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

function toBusyError(status: number, action: string, isIdempotent: boolean, tries: number): CampaignError {
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

import type { CallLog } from './callLog.ts';
import { cancelledError } from './campaignError.ts';
import { toSoapAction, writeEnvelope } from './envelope.ts';
import { openRows, type OpenRows } from './openRows.ts';
import { openSession } from './openSession.ts';
import { repeatCall, type CallServices, type MakeReceiver } from './repeatCall.ts';
import { SessionKeeper } from './sessionKeeper.ts';
import type { SignIn } from './signIn.ts';
import type {
  CallOptions,
  QueryOptions,
  RowBatch,
  SessionInfo,
  SoapCall,
  SoapClient,
  SoapFigures,
} from './soapClient.ts';
import { receiveOutputs, toError, toHeaders, toRequest, type RequestDefaults } from './soapRequest.ts';
import type { SoapOutput } from './soapValue.ts';
import { Wire, type WireOptions } from './wire.ts';
import { WriteGuard } from './writeGuard.ts';

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
const figuresEveryMs = 200;

/** Makes the client of one connection. Sends nothing until it is used. */
export function createSoapClient(options: SoapClientOptions): SoapClient {
  return new Client(options);
}

class Client implements SoapClient {
  readonly #options: SoapClientOptions;
  readonly #defaults: RequestDefaults;
  readonly #wire: Wire;
  readonly #guard: WriteGuard;
  readonly #services: CallServices;
  readonly #sessions: SessionKeeper;
  readonly #figureListeners = new Set<(figures: SoapFigures) => void>();
  #figuresTimer: (() => void) | undefined;
  #callCount = 0;
  #failedCount = 0;
  #retryCount = 0;
  #logonCount = 0;

  constructor(options: SoapClientOptions) {
    this.#options = options;
    this.#defaults = {
      baseUrl: options.url.replace(/\/+$/, ''),
      timeoutMs: options.timeoutMs ?? defaultTimeoutMs,
    };
    this.#wire = new Wire(options, () => this.#figuresChanged());
    this.#guard = new WriteGuard(this.#wire.clock, options.readOnly === true);
    this.#sessions = new SessionKeeper(
      (signal) => openSession(this.#wire, options.signIn, this.#defaults, signal, () => this.#logonCount++),
      () => this.#wire.clock.now(),
      (session) => {
        options.onSession?.(session?.info);
        this.#figuresChanged();
      },
    );
    this.#services = {
      wire: this.#wire,
      sessions: this.#sessions,
      defaults: this.#defaults,
      random: options.random ?? Math.random,
      check: (refused) => this.#guard.check(refused),
      onRepeat: () => this.#retryCount++,
    };
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
      const once = { isIdempotent: true, attempt: 1 };
      const request = toRequest(this.#defaults, call, writeEnvelope(call), options, once);
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
            return toError(result, request, this.#wire.secrets);
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
    return this.#guard.isReadOnly;
  }

  get writesAllowedUntil(): number | undefined {
    return this.#guard.writesAllowedUntil;
  }

  allowWrites(durationMs: number): void {
    this.#guard.allow(durationMs);
  }

  protect(): void {
    this.#guard.protect();
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

  /** Makes a call, and counts it. */
  async #run<T>(call: SoapCall, options: CallOptions, receiver: MakeReceiver<T>): Promise<T> {
    this.#callCount++;
    try {
      this.#refuseWhenClosed(toSoapAction(call));
      this.#guard.check(call);
      return await repeatCall(this.#services, call, options, receiver);
    } catch (error) {
      this.#failedCount++;
      throw error;
    } finally {
      this.#figuresChanged();
    }
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

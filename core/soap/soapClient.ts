import type { CallLog } from './callLog.ts';
import type { CancelSignal } from './cancelSignal.ts';
import type { SoapOutput, SoapParameter } from './soapValue.ts';

/**
 * Who waits for a call. Interactive calls go first, pushes last; a waiting call gains rank with time, so none starves.
 */
export type Priority = 'interactive' | 'background' | 'push';

export interface CallOptions {
  /**
   * Cancels the call while it waits, while it is sent and while the answer arrives; the call then throws `cancelled`.
   */
  readonly signal?: CancelSignal | undefined;
  /** Default `interactive`. */
  readonly priority?: Priority | undefined;
  /**
   * The call may be sent again after a timeout or a broken connection. Default: true for methods known to read
   * (see `methodAccess`), false otherwise. A call that is not idempotent and times out throws `network` with
   * `outcome: 'unknown'`.
   */
  readonly idempotent?: boolean | undefined;
  /** From sending to the last byte of the answer, waiting in the queue not counted. Default 60,000 ms, minimum 1. */
  readonly timeoutMs?: number | undefined;
  /**
   * Sees each retry before its wait: to tell the person, or to journal it.
   * `reason` is one sentence; `delayMs` the wait ahead.
   */
  readonly onRetry?: ((retry: { attempt: number; delayMs: number; reason: string }) => void) | undefined;
}

/** A method of the instance, addressed as on the wire. */
export interface SoapCall {
  /** A schema (`xtk:queryDef`), an interface (`xtk:persist`), or both (`xtk:persist|nms:delivery`). */
  readonly urn: string;
  readonly method: string;
  /** In schema order; the entity first when the method is not static. The session token is added by the client. */
  readonly parameters?: readonly SoapParameter[];
}

/**
 * Rows as they arrive. The text of a batch is parsed when its rows or columns are first asked for: counting and storing
 * batches of a large answer costs next to nothing.
 */
export interface RowBatch {
  readonly rowCount: number;
  /**
   * xpaths of the cells: `@email`, `folder/@name`, `data` (text of an element), `subscription[2]/@id` (second element
   * of that name). Shared by all batches of an answer: it only ever grows, at the end, as batches are parsed.
   */
  readonly columns: readonly string[];
  /**
   * `row[i]` belongs to `columns[i]`. A row may be shorter than `columns`; a missing value is `''` (as in Campaign).
   * Throws `CampaignError` (`badResponse`) when the rows are not well-formed XML.
   */
  readonly rows: readonly (readonly string[])[];
}

export interface QueryOptions extends CallOptions {
  /** Columns to start with, in this order, even when no row has them. Others are added as they appear. */
  readonly columns?: readonly string[];
  /** Rows per batch at most. Default 500, minimum 1. Batches are given out at least as often as data arrives. */
  readonly batchRows?: number;
}

/** The instance as `Logon` described it; parts are absent when the sign-in mode does not tell. */
export interface SessionInfo {
  /** Public version, e.g. `7.3.4` or `8.6.1`. */
  readonly releaseName?: string;
  readonly buildNumber?: string;
  readonly instanceName?: string;
  readonly databaseId?: string;
  readonly login?: string;
  readonly loginId?: string;
  readonly timezone?: string;
  /** `login-right/@right` values: `admin`, `sql`, … */
  readonly rights: readonly string[];
  /** `namespace:name` of the installed packages. */
  readonly packages: readonly string[];
  /** `false` when the server says SQL must not be shown. */
  readonly allowSql?: boolean;
}

/** What the wire did since the client was made. Counts only grow. */
export interface SoapFigures {
  /** HTTP requests sent, retries and logons included. */
  readonly requestCount: number;
  /** Calls asked for by the features. */
  readonly callCount: number;
  readonly failedCount: number;
  readonly retryCount: number;
  /** Answers 429 and 503. */
  readonly throttledCount: number;
  readonly logonCount: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly waitingCount: number;
  readonly activeCount: number;
  /** When the server last answered 429 or 503 (ms since 1970); absent when it never did. */
  readonly lastThrottledAt?: number;
  /** Requests per second the throttle now allows. */
  readonly allowedPerSecond: number;
  /** The limit of the server as found by trying, to go on with another time; absent until it was met twice, or when it is known. */
  readonly foundPerSecond?: number;
  /** Requests sent during the last 10 seconds, per second. */
  readonly sentPerSecond: number;
  /** Time (ms since 1970) until which the server asked us to wait; absent when it did not. */
  readonly pausedUntil?: number;
  /** A person paused the traffic (`pause()`). */
  readonly held: boolean;
}

/**
 * The only way to a Campaign instance: one per connection, made by `client/connection`.
 * Invariant: every request, logons included, passes its throttle; no error or log entry of it holds a token or
 * password. All methods reject with `CampaignError` and nothing else.
 */
export interface SoapClient {
  /**
   * Opens a session unless one is open; calls do it by themselves. Concurrent calls share one logon, which is never
   * repeated automatically.
   * @returns what the instance told about itself.
   */
  logon(options?: CallOptions): Promise<SessionInfo>;
  /** Ends the session on the server and forgets its tokens. Never rejects because the session was already gone. */
  logoff(options?: CallOptions): Promise<void>;
  /** Cancels every call, ends the session and drops all secrets, those kept to mask them in late answers included. */
  forget(): Promise<void>;
  /** The open session; `undefined` before logon, after logoff and after expiry. */
  readonly session: SessionInfo | undefined;

  /** Calls any method. Results are in the order the server wrote them; none for a method without results. */
  call(call: SoapCall, options?: CallOptions): Promise<readonly SoapOutput[]>;

  /**
   * Runs `operation="select"` (or any operation giving rows) and hands out rows while the answer is still arriving.
   * The next piece of the answer is read from the socket only when the consumer asks for the next batch. Leaving the
   * loop early cancels the request. Session expiry and throttling are handled before the first row; a break after the
   * first row throws `network` or `badResponse` and is not retried, since rows were already given out.
   * @param queryDefXml the `<queryDef>` element.
   */
  executeQuery(queryDefXml: string, options?: QueryOptions): AsyncIterable<RowBatch>;
  /**
   * Runs a query and answers its result element as XML text: `<recipient-collection>…`, `<recipient …/>`, `<recipient
   * count="3"/>`. For documents (memo fields, `operation="get"`); use {@link executeQuery} for rows.
   */
  executeQueryXml(queryDefXml: string, options?: CallOptions): Promise<string>;

  /**
   * `xtk:persist#GetEntityIfMoreRecent`.
   * @param key e.g. `xtk:schema|nms:recipient`.
   * @param md5 of the version at hand; `''` for none.
   * @returns the entity's XML; `''` when it does not exist or (with `md5`) did not change.
   */
  getEntity(key: string, md5?: string, options?: CallOptions): Promise<string>;
  /** `xtk:persist#Write`: one document, no id comes back. */
  write(documentXml: string, options?: CallOptions): Promise<void>;
  /** `xtk:persist#WriteCollection`: a wrapper element carrying `xtkschema`, one child per record. */
  writeCollection(documentXml: string, options?: CallOptions): Promise<void>;
  /**
   * `xtk:persist#Ingest` (v8 FFDA): inserts one row into a staging schema (`…Stg`).
   * @returns the UUID the server minted; `''` when the document brought its own `@id`.
   */
  ingest(documentXml: string, options?: CallOptions): Promise<string>;
  /**
   * `xtk:persist#IngestExt` (v8 FFDA): inserts or updates one staging row by `_key`. Idempotent when the key is in the
   * document.
   */
  ingestExt(documentXml: string, options?: CallOptions): Promise<void>;

  /**
   * Writing methods are refused now, before anything is sent (`readOnly`). Only methods known to read pass: an
   * allow-list, so that a method nobody thought of counts as writing.
   */
  readonly isReadOnly: boolean;
  /** Lifts the protection of a read-only connection for a time. Does nothing to a connection that is not. */
  allowWrites(durationMs: number): void;
  /** Puts the protection back at once; writes still waiting are refused. */
  protect(): void;
  /**
   * Until when writes are allowed on a read-only connection (ms since 1970); `undefined` when they are not, or always.
   */
  readonly writesAllowedUntil: number | undefined;

  /** The last exchanges. */
  readonly log: CallLog;

  readonly figures: SoapFigures;
  /** @returns a function that ends the subscription. Called when figures change, at most once per 200 ms. */
  onDidChangeFigures(listener: (figures: SoapFigures) => void): () => void;

  /** Holds back calls not yet sent; those under way finish. */
  pause(): void;
  resume(): void;
  /** Cancels every call, waiting or under way; later ones go out as usual. */
  stop(): void;
  /** Cancels everything, waiting or under way, and refuses further calls. */
  dispose(): void;
}

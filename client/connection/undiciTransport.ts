import type { Readable } from 'node:stream';
import {
  TransportError,
  type HttpReply,
  type HttpRequest,
  type Transport,
  type TransportFailure,
} from '../../core/soap/transport.ts';
import type * as UndiciModule from 'undici';
import type { Agent, Dispatcher, ProxyAgent } from 'undici';
import { proxyFor, type NetworkSettings } from './networkSettings.ts';

/** Certificates in PEM form. */
export interface TlsFiles {
  /** Certificate authorities trusted besides the usual ones. */
  readonly ca?: string;
  /** Client certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
}

export interface UndiciTransportOptions {
  /** Asked on each request, so that changed settings count at once. */
  readonly network: () => NetworkSettings;
  /** Read before the first https request. */
  readonly tlsFiles?: (() => Promise<TlsFiles>) | undefined;
  /** Until the TCP and TLS handshakes are done. Default 10,000 ms. */
  readonly connectTimeoutMs?: number;
  /** Between two pieces of an answer, while somebody reads. Default 60,000 ms. */
  readonly idleTimeoutMs?: number;
  /** Connections to the server at most. Default 16: above the throttle's concurrency, which is what counts. */
  readonly connections?: number;
}

/** Longest wait for the first byte of an answer; the call's own time limit is shorter. */
const headersTimeoutMs = 900_000;

/** Sends over `undici`, which is loaded with the first request. Close it when the connection goes. */
export function createUndiciTransport(options: UndiciTransportOptions): Transport & { close(): void } {
  return new UndiciTransport(options);
}

type Undici = typeof UndiciModule;

class UndiciTransport implements Transport {
  readonly #options: UndiciTransportOptions;
  #undici: Promise<Undici> | undefined;
  readonly #dispatchers = new Map<string, Promise<Agent | ProxyAgent>>();
  #isClosed = false;

  constructor(options: UndiciTransportOptions) {
    this.#options = options;
  }

  close(): void {
    this.#isClosed = true;
    for (const dispatcher of this.#dispatchers.values()) {
      void dispatcher.then((agent) => agent.destroy()).catch(() => undefined);
    }
    this.#dispatchers.clear();
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    if (request.signal.aborted || this.#isClosed) throw cancelled(true);
    const abort = new AbortController();
    const onCancel = (): void => abort.abort();
    request.signal.addEventListener('abort', onCancel);
    const detach = (): void => request.signal.removeEventListener('abort', onCancel);
    try {
      const undici = await (this.#undici ??= import('undici'));
      const dispatcher = await this.#dispatcherFor(request.url, undici);
      if (abort.signal.aborted) throw cancelled(true);
      const answer = await undici.request(request.url, {
        dispatcher,
        method: request.method,
        headers: { 'accept-encoding': 'gzip, deflate, br', ...request.headers },
        ...(request.body === undefined ? {} : { body: request.body }),
        signal: abort.signal,
        idempotent: request.idempotent,
      });
      const headers = toHeaders(answer.headers);
      const stream = await decompress(answer.body, headers['content-encoding']);
      return { status: answer.statusCode, headers, body: new Body(stream, answer.body, request, detach) };
    } catch (error) {
      detach();
      throw toTransportError(error, request, true);
    }
  }

  #dispatcherFor(url: string, undici: Undici): Promise<Dispatcher> {
    const settings = this.#options.network();
    const proxy = proxyFor(url, settings);
    const key = JSON.stringify([
      proxy,
      settings.strictTls,
      settings.systemCertificates,
      url.startsWith('https:'),
    ]);
    let dispatcher = this.#dispatchers.get(key);
    if (dispatcher === undefined) {
      dispatcher = this.#createDispatcher(undici, settings, proxy, url.startsWith('https:'));
      this.#dispatchers.set(key, dispatcher);
      // A wrong certificate file may be corrected: the next request reads it again.
      dispatcher.catch(() => this.#dispatchers.delete(key));
    }
    return dispatcher;
  }

  async #createDispatcher(
    undici: Undici,
    settings: NetworkSettings,
    proxy: string | undefined,
    isTls: boolean,
  ): Promise<Agent | ProxyAgent> {
    const tls = isTls ? await this.#readTls(settings) : {};
    const timeout = this.#options.connectTimeoutMs ?? 10_000;
    const connect = { timeout, rejectUnauthorized: settings.strictTls, ...tls };
    const common = {
      // HTTP/1.1 only: it is what Campaign's servers are known to speak.
      allowH2: false,
      pipelining: 1,
      connections: this.#options.connections ?? 16,
      connectTimeout: timeout,
      headersTimeout: headersTimeoutMs,
      bodyTimeout: this.#options.idleTimeoutMs ?? 60_000,
      // Shorter than any server's: a request sent on a socket the server is just closing would be lost.
      keepAliveTimeout: 4_000,
    };
    if (proxy === undefined) return new undici.Agent({ ...common, connect });
    const { username, password, href } = new URL(proxy);
    const uri = new URL(href);
    uri.username = uri.password = '';
    const login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString(
      'base64',
    );
    return new undici.ProxyAgent({
      ...common,
      uri: uri.href,
      ...(username === '' ? {} : { token: `Basic ${login}` }),
      requestTls: connect,
      proxyTls: connect,
    });
  }

  async #readTlsFiles(): Promise<TlsFiles> {
    try {
      return (await this.#options.tlsFiles?.()) ?? {};
    } catch (error) {
      throw new TransportError('certificateFile', describe(error), { unsent: true, cause: error });
    }
  }

  async #readTls(settings: NetworkSettings): Promise<object> {
    const { ca, cert, key, passphrase } = await this.#readTlsFiles();
    const { getCACertificates, rootCertificates } = await import('node:tls');
    const trusted = settings.systemCertificates
      ? [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
      : [...rootCertificates];
    return {
      ca: ca === undefined ? trusted : [...trusted, ca],
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      ...(passphrase === undefined ? {} : { passphrase }),
    };
  }
}

/** The body; ended early, it destroys the socket rather than read what nobody wants. */
class Body implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #stream: Readable;
  readonly #source: Readable;
  readonly #request: HttpRequest;
  readonly #detach: () => void;
  readonly #pieces: AsyncIterator<Uint8Array>;

  constructor(stream: Readable, source: Readable, request: HttpRequest, detach: () => void) {
    this.#stream = stream;
    this.#source = source;
    this.#request = request;
    this.#detach = detach;
    this.#pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    // Errors reach whoever iterates; without a listener one that comes later would end the process.
    for (const each of new Set([stream, source])) each.on('error', () => undefined);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    try {
      const piece = await this.#pieces.next();
      if (piece.done === true) this.#detach();
      return piece;
    } catch (error) {
      this.#detach();
      throw toTransportError(error, this.#request, false);
    }
  }

  return(): Promise<IteratorResult<Uint8Array>> {
    this.#detach();
    this.#stream.destroy();
    this.#source.destroy();
    return Promise.resolve({ done: true, value: undefined });
  }
}

function toHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const result: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) result[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return result;
}

/** Undoes the `Content-Encoding`. A broken or cut stream surfaces as an error of the result. */
async function decompress(body: Readable, encoding: string | undefined): Promise<Readable> {
  const name = encoding?.trim().toLowerCase() ?? '';
  if (name === '' || name === 'identity') return body;
  const [zlib, { pipeline }] = await Promise.all([import('node:zlib'), import('node:stream')]);
  const decoder =
    name === 'gzip' || name === 'x-gzip'
      ? zlib.createGunzip()
      : name === 'deflate'
        ? zlib.createInflate()
        : name === 'br'
          ? zlib.createBrotliDecompress()
          : undefined;
  if (decoder === undefined) {
    body.destroy();
    throw new TransportError(
      'other',
      `The answer is encoded with “${name.slice(0, 40)}”, which was not asked for.`,
      {
        unsent: false,
      },
    );
  }
  return pipeline(body, decoder, () => undefined);
}

const cancelled = (unsent: boolean): TransportError =>
  new TransportError('cancelled', 'The request was cancelled.', { unsent });

/** Failures by error code: of Node, of OpenSSL, of undici. `true`: nothing was sent. */
const failures: Readonly<Record<string, readonly [TransportFailure, boolean]>> = {
  ENOTFOUND: ['unknownHost', true],
  EAI_AGAIN: ['unknownHost', true],
  EAI_NODATA: ['unknownHost', true],
  ECONNREFUSED: ['refused', true],
  EHOSTUNREACH: ['unreachable', true],
  ENETUNREACH: ['unreachable', true],
  EADDRNOTAVAIL: ['unreachable', true],
  ETIMEDOUT: ['connectTimeout', true],
  UND_ERR_CONNECT_TIMEOUT: ['connectTimeout', true],
  UND_ERR_HEADERS_TIMEOUT: ['headersTimeout', false],
  UND_ERR_BODY_TIMEOUT: ['bodyTimeout', false],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['truncated', false],
  UND_ERR_PRX_TLS: ['proxy', true],
  UND_ERR_PRX_CONN: ['proxy', true],
  UND_ERR_ABORTED: ['cancelled', false],
  UND_ERR_DESTROYED: ['cancelled', false],
  UND_ERR_CLOSED: ['cancelled', false],
  ABORT_ERR: ['cancelled', false],
  Z_BUF_ERROR: ['truncated', false],
  Z_DATA_ERROR: ['other', false],
  CERT_HAS_EXPIRED: ['certificate', true],
  CERT_NOT_YET_VALID: ['certificate', true],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['certificate', true],
  SELF_SIGNED_CERT_IN_CHAIN: ['certificate', true],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['certificate', true],
  UNABLE_TO_GET_ISSUER_CERT: ['certificate', true],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['certificate', true],
  CERT_UNTRUSTED: ['certificate', true],
  CERT_REVOKED: ['certificate', true],
  ERR_TLS_CERT_ALTNAME_INVALID: ['certificate', true],
  ERR_OSSL_PEM_NO_START_LINE: ['certificateFile', true],
  ERR_OSSL_X509_KEY_VALUES_MISMATCH: ['certificateFile', true],
  ERR_OSSL_BAD_DECRYPT: ['certificateFile', true],
};

function toTransportError(error: unknown, request: HttpRequest, isBeforeAnswer: boolean): TransportError {
  if (error instanceof TransportError) return error;
  const chain = causes(error);
  if (request.signal.aborted) return cancelled(false);
  // Undici reports a refused tunnel as an abort; the message alone tells.
  const proxyRefusal = chain.find((each) => /^Proxy response \(\d+\)/.test(describe(each)));
  if (proxyRefusal !== undefined) {
    return new TransportError('proxy', describe(proxyRefusal), { unsent: true, cause: proxyRefusal });
  }
  for (const each of chain) {
    const code = (each as { code?: unknown }).code;
    const found = typeof code === 'string' ? failures[code] : undefined;
    if (found !== undefined)
      return new TransportError(found[0], describe(each), { unsent: found[1], cause: each });
    if (each instanceof Error && each.name === 'AbortError') return cancelled(false);
  }
  const codes = chain.map((each) => (each as { code?: unknown }).code);
  const isBroken = codes.some(
    (code) => code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE',
  );
  const failure: TransportFailure = isBroken ? (isBeforeAnswer ? 'reset' : 'truncated') : 'other';
  return new TransportError(failure, describe(error), { unsent: false, cause: error });
}

/** An error, what caused it, and the parts of an aggregate (one per address tried). */
function causes(error: unknown): unknown[] {
  const found: unknown[] = [];
  const pending = [error];
  while (pending.length > 0 && found.length < 20) {
    const next = pending.shift();
    if (typeof next !== 'object' || next === null || found.includes(next)) continue;
    found.push(next);
    const { cause, errors } = next as { cause?: unknown; errors?: unknown };
    pending.push(cause, ...(Array.isArray(errors) ? (errors as unknown[]) : []));
  }
  return found;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import type { CancelSignal } from '../../../core/soap/cancelSignal.ts';
import type { Clock } from '../../../core/soap/clock.ts';
import { createSoapClient, type SoapClientOptions } from '../../../core/soap/createSoapClient.ts';
import { createPasswordSignIn } from '../../../core/soap/signIn.ts';
import type { SoapClient } from '../../../core/soap/soapClient.ts';
import {
  TransportError,
  type DecodeText,
  type HttpReply,
  type HttpRequest,
  type Transport,
} from '../../../core/soap/transport.ts';

/** A clock that stands still until told. */
export class FakeClock implements Clock {
  time = 1_700_000_000_000;
  #nextId = 1;
  readonly #tasks = new Map<number, { at: number; task: () => void }>();

  now(): number {
    return this.time;
  }

  schedule(delayMs: number, task: () => void): () => void {
    const id = this.#nextId++;
    this.#tasks.set(id, { at: this.time + delayMs, task });
    return () => void this.#tasks.delete(id);
  }

  get pendingCount(): number {
    return this.#tasks.size;
  }

  /** Runs what falls due within `ms`, in order, letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settle();
      let next: [number, { at: number; task: () => void }] | undefined;
      for (const entry of this.#tasks) {
        if (entry[1].at <= end && (next === undefined || entry[1].at < next[1].at)) next = entry;
      }
      if (next === undefined) break;
      this.#tasks.delete(next[0]);
      this.time = Math.max(this.time, next[1].at);
      next[1].task();
    }
    this.time = end;
    await settle();
  }
}

/** Lets everything already decided happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  /** Text, or pieces of it as they arrive. */
  body?: string | readonly (string | Uint8Array)[];
  /** The connection breaks after the body. */
  breaksOff?: boolean;
  delayMs?: number;
}

export type Responder = (
  request: HttpRequest,
  index: number,
) => Answer | TransportError | Promise<Answer | TransportError>;

/** Answers requests from a function; keeps what was sent. */
export class FakeTransport implements Transport {
  readonly requests: HttpRequest[] = [];
  readonly #respond: Responder;
  readonly #clock: Clock;
  closedCount = 0;

  constructor(clock: Clock, respond: Responder) {
    this.#clock = clock;
    this.#respond = respond;
  }

  async send(request: HttpRequest): Promise<HttpReply> {
    this.requests.push(request);
    const answer = await abortable(
      request.signal,
      Promise.resolve(this.#respond(request, this.requests.length - 1)),
    );
    if (answer instanceof TransportError) throw answer;
    if (answer.delayMs !== undefined) {
      await abortable(
        request.signal,
        new Promise<void>((resolve) => void this.#clock.schedule(answer.delayMs!, resolve)),
      );
    }
    return { status: answer.status ?? 200, headers: answer.headers ?? {}, body: this.#body(request, answer) };
  }

  async *#body(request: HttpRequest, answer: Answer): AsyncGenerator<Uint8Array> {
    const body = answer.body ?? '';
    try {
      for (const piece of typeof body === 'string' ? [body] : body) {
        await Promise.resolve();
        if (request.signal.aborted) throw new TransportError('cancelled', 'cancelled', { unsent: false });
        yield typeof piece === 'string' ? new TextEncoder().encode(piece) : piece;
      }
      if (answer.breaksOff === true) throw new TransportError('truncated', 'cut', { unsent: false });
    } finally {
      this.closedCount++;
    }
  }

  /** `urn#Method` of each request. */
  get actions(): string[] {
    return this.requests.map((request) => request.headers['SOAPAction'] ?? request.url);
  }
}

function abortable<T>(signal: CancelSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (): void => reject(new TransportError('cancelled', 'cancelled', { unsent: false }));
    if (signal.aborted) {
      fail();
      return;
    }
    signal.addEventListener('abort', fail);
    promise.then(resolve, reject);
  });
}

export const decode: DecodeText = (bytes, charset) =>
  charset === 'binary'
    ? Buffer.from(bytes).toString('latin1')
    : new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);

export const sessionToken = '___7bb151d2-ee05-4bd2-9d5e-23e83547c528';
export const securityToken = '@DrRFO29Bx0mZq1fWc8yLk2nPv5tUs7aEhGjKlMnBvCxZ1234567890abcdefg_-==';
export const password = 'Secr&t-pässw0rd';

/** An answer in the canonical shape. */
export function envelope(body: string): string {
  return `<?xml version='1.0'?>
<SOAP-ENV:Envelope xmlns:xsd='http://www.w3.org/2001/XMLSchema' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:ns='http://xml.apache.org/xml-soap' xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
}

export function responseOf(method: string, content = '', urn = 'wpp:default'): string {
  return envelope(
    `<${method}Response xmlns='urn:${urn}' SOAP-ENV:encodingStyle='http://schemas.xmlsoap.org/soap/encoding/'>${content}</${method}Response>`,
  );
}

export function logonResponse(token = sessionToken, security = securityToken): string {
  return responseOf(
    'Logon',
    `<pstrSessionToken xsi:type='xsd:string'>${token}</pstrSessionToken>
<pSessionInfo xsi:type='ns:Element' SOAP-ENV:encodingStyle='http://xml.apache.org/xml-soap/literalxml'><sessionInfo>
<serverInfo majNumber="6" minNumber="7" buildNumber="9364" releaseName="7.3.4" instanceName="instance1" databaseId="uFE80" sessionTimeOut="86400" securityTimeOut="86400" allowSQL="false"/>
<userInfo login="admin" loginId="1059" loginCS="Administrator (admin)" timezone="America/New_York"><login-group id="1060"/><login-right right="admin"/><login-right right="sql"/><installed-package namespace="nms" name="core"/></userInfo>
</sessionInfo></pSessionInfo><pstrSecurityToken xsi:type='xsd:string'>${security}</pstrSecurityToken>`,
    'xtk:session',
  );
}

export function faultEnvelope(faultString: string, detail?: string, faultCode = 'SOAP-ENV:Server'): string {
  return envelope(
    `<SOAP-ENV:Fault><faultcode>${faultCode}</faultcode><faultstring xsi:type='xsd:string'>${faultString}</faultstring>${
      detail === undefined ? '' : `<detail xsi:type='xsd:string'>${detail}</detail>`
    }</SOAP-ENV:Fault>`,
  );
}

/** A client over a fake wire whose logons succeed; `respond` answers everything else. */
export function createFakeClient(
  respond: Responder,
  options: Partial<SoapClientOptions> & { respondLogon?: Responder } = {},
): { client: SoapClient; transport: FakeTransport; clock: FakeClock } {
  const clock = new FakeClock();
  const transport = new FakeTransport(clock, (request, index) =>
    request.headers['SOAPAction'] === 'xtk:session#Logon'
      ? (options.respondLogon?.(request, index) ?? { body: logonResponse() })
      : respond(request, index),
  );
  const client = createSoapClient({
    url: 'https://acme.example/',
    transport,
    clock,
    decode,
    random: () => 0.5,
    userAgent: 'test',
    signIn: createPasswordSignIn(() => Promise.resolve({ login: 'admin', password })),
    ...options,
  });
  return { client, transport, clock };
}

/** Runs the clock until `promise` is decided. */
export async function finish<T>(clock: FakeClock, promise: Promise<T>, limitMs = 3_600_000): Promise<T> {
  const progress = { isDone: false };
  const stop = (): void => void (progress.isDone = true);
  promise.then(stop, stop);
  const end = clock.time + limitMs;
  await settle();
  while (!progress.isDone && clock.time < end) await clock.advance(100);
  if (!progress.isDone) throw new Error('Still waiting after the time limit of the test.');
  return promise;
}

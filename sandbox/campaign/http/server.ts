import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../clock.ts';
import { wholeBody, type Reply } from './reply.ts';

/** A request with its body read. */
export interface Request {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  address: string;
}

/** Larger requests are refused; a web server in front of Campaign does the same. */
const maxBodyBytes = 64 * 1024 * 1024;

export interface RunningServer {
  /** `http://127.0.0.1:4321`. */
  url: string;
  stop(): Promise<void>;
}

/** Starts a server on the loopback address. Invariant: nothing listens beyond 127.0.0.1. */
export async function startServer(
  port: number,
  clock: Clock,
  handle: (request: Request) => Promise<Reply>,
): Promise<RunningServer> {
  const server = createServer((incoming, response) => {
    void answer(incoming, response, clock, handle);
  });
  // Clients keep connections open between calls; ours must not close first in the middle of a test.
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const { port: actual } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${actual}`, stop: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

async function answer(
  incoming: IncomingMessage,
  response: ServerResponse,
  clock: Clock,
  handle: (request: Request) => Promise<Reply>,
): Promise<void> {
  // A client that goes away in the middle is no error of ours.
  incoming.on('error', () => undefined);
  response.on('error', () => undefined);
  try {
    const body = await readBody(incoming);
    if (body === undefined) {
      response.writeHead(413, { Connection: 'close' }).end();
      return;
    }
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    const reply = await handle({
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      headers: incoming.headers,
      body,
      address: incoming.socket.remoteAddress ?? '',
    });
    await send(response, reply, clock);
  } catch (error) {
    if (response.headersSent || response.destroyed) response.destroy();
    else
      response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`The sandbox failed: ${String(error)}`);
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of incoming as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBodyBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

async function send(response: ServerResponse, reply: Reply, clock: Clock): Promise<void> {
  if (reply.cut === 'before') {
    response.destroy();
    return;
  }
  const { body, pieceDelayMs } = reply;
  if (reply.cut === 'middle') {
    const whole = wholeBody(body);
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': whole.length });
    response.write(whole.subarray(0, Math.floor(whole.length / 2)), () => {
      response.destroy();
    });
    return;
  }
  if (pieceDelayMs !== undefined) {
    const whole = wholeBody(body);
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': whole.length });
    await write(response, trickle(whole), async () => clock.sleep(pieceDelayMs));
    return;
  }
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const whole = wholeBody(body);
    response.writeHead(reply.status, { ...reply.headers, 'Content-Length': whole.length });
    response.end(whole);
    return;
  }
  response.writeHead(reply.status, reply.headers);
  await write(response, gathered(body));
}

async function write(
  response: ServerResponse,
  pieces: Iterable<string | Buffer>,
  wait?: () => Promise<void>,
): Promise<void> {
  for (const piece of pieces) {
    if (response.destroyed) return;
    await wait?.();
    if (!response.write(piece)) await drained(response);
  }
  response.end();
}

/** Small parts are sent together. */
function* gathered(parts: Iterable<string>): Generator<string> {
  let pending = '';
  for (const part of parts) {
    pending += part;
    if (pending.length < 16_384) continue;
    yield pending;
    pending = '';
  }
  if (pending !== '') yield pending;
}

/** A body in ten pieces, cut at bytes: a character may be in two of them. */
function* trickle(whole: Buffer): Generator<Buffer> {
  const size = Math.max(1, Math.ceil(whole.length / 10));
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size);
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}

import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { resolveNetworkSettings } from '../../../client/connection/networkSettings.ts';
import { decodeText, nodeClock } from '../../../client/connection/nodeClock.ts';
import { createUndiciTransport } from '../../../client/connection/undiciTransport.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { createSoapClient } from '../../../core/soap/createSoapClient.ts';
import type { SoapClient } from '../../../core/soap/soapClient.ts';
import { TransportError, type TransportFailure } from '../../../core/soap/transport.ts';
import { responseOf } from '../../core/soap/fakes.ts';
import { startHttp, startTcp } from './loopback.ts';

// Each phase of a request has a time limit of its own. On the real clock, with limits of less than a second: what is asserted
// is which limit ran out and what may have happened on the server, never how long it took.

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const network = resolveNetworkSettings({}, {});

function createClient(url: string, limits: { idleTimeoutMs?: number; timeoutMs?: number }): SoapClient {
  const transport = createUndiciTransport({ network: () => network, ...limits });
  const client = createSoapClient({
    url,
    transport,
    clock: nodeClock,
    decode: decodeText,
    userAgent: 'test',
    requestsPerSecond: 1000,
    signIn: {
      open: () =>
        Promise.resolve({
          headers: {},
          sessionToken: '',
          info: { rights: [], packages: [] },
          secrets: [],
          canLogoff: false,
        }),
    },
    ...(limits.timeoutMs === undefined ? {} : { timeoutMs: limits.timeoutMs }),
  });
  cleanUps.push(
    () => transport.close(),
    () => client.dispose(),
  );
  return client;
}

/** How a write fails: no second try hides which limit ran out. */
async function failureOf(promise: Promise<unknown>): Promise<[TransportFailure, string]> {
  const error: unknown = await promise.then(
    () => new Error('Expected a failure.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CampaignError) || !(error.cause instanceof TransportError)) throw error;
  return [error.cause.failure, error.outcome];
}

test('connecting: nobody answers the handshake, and nothing was sent', async () => {
  const server = createServer(() => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  const transport = createUndiciTransport({ network: () => network, connectTimeoutMs: 30 });
  cleanUps.push(() => transport.close());
  const { signal } = new AbortController();
  const url = `https://127.0.0.1:${port}/`;
  const sending = transport.send({
    method: 'POST',
    url,
    headers: {},
    body: '<a/>',
    signal,
    idempotent: false,
  });
  await expect(sending).rejects.toMatchObject({ failure: 'connectTimeout', unsent: true });
});

test('waiting for the answer: the call has a limit, and the write may have happened', async () => {
  const server = await startHttp(() => undefined);
  cleanUps.push(() => server.close());
  const client = createClient(server.url, { timeoutMs: 30 });
  expect(await failureOf(client.write('<a/>'))).toEqual(['headersTimeout', 'unknown']);
});

test('reading the answer: a server that falls silent in the middle', async () => {
  const body = responseOf('Write');
  const server = await startTcp((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 50)}`,
    );
  });
  cleanUps.push(() => server.close());
  const client = createClient(server.url, { idleTimeoutMs: 30 });
  expect(await failureOf(client.write('<a/>'))).toEqual(['bodyTimeout', 'unknown']);
});

test('the limit of the call also holds for a server that sends a byte now and then', async () => {
  const server = await startTcp((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 1000000\r\n\r\n');
    const timer = setInterval(() => socket.write(' '), 5);
    socket.on('close', () => clearInterval(timer));
  });
  cleanUps.push(() => server.close());
  const client = createClient(server.url, { timeoutMs: 400 });
  expect(await failureOf(client.write('<a/>'))).toEqual(['bodyTimeout', 'unknown']);
});

test('rows: the time their reader takes does not count, silence of the server does', async () => {
  const answer = responseOf('ExecuteQuery', '<p><r-collection><r a="1"/><r a="2"/></r-collection></p>');
  const at = answer.indexOf('<r a="2"');
  const server = await startTcp((socket) => {
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${answer.length}\r\n\r\n${answer.slice(0, at)}`,
    );
  });
  cleanUps.push(() => server.close());
  const client = createClient(server.url, { timeoutMs: 400 });
  const rows: string[] = [];
  const reading = (async () => {
    for await (const batch of client.executeQuery('<queryDef operation="select"/>')) {
      rows.push(...batch.rows.flat());
      // Longer than the limit: nobody waits for the server meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
  })();
  expect(await failureOf(reading)).toEqual(['bodyTimeout', 'failed']);
  expect(rows).toEqual(['1']);
});

import { readFileSync } from 'node:fs';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { TLSSocket } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { resolveNetworkSettings, type NetworkSettings } from '../../../client/connection/networkSettings.ts';
import { decodeText, nodeClock } from '../../../client/connection/nodeClock.ts';
import { createUndiciTransport, type TlsFiles } from '../../../client/connection/undiciTransport.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { createSoapClient } from '../../../core/soap/createSoapClient.ts';
import { createPasswordSignIn } from '../../../core/soap/signIn.ts';
import type { SoapClient } from '../../../core/soap/soapClient.ts';
import { faultEnvelope, logonResponse, password, responseOf } from '../../core/soap/fakes.ts';
import { startHttp, startTcp, type Loopback } from './loopback.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const direct: NetworkSettings = resolveNetworkSettings({}, {});

function createClient(
  url: string,
  network: NetworkSettings = direct,
  tls: TlsFiles | (() => Promise<TlsFiles>) = {},
): SoapClient {
  const tlsFiles = typeof tls === 'function' ? tls : () => Promise.resolve(tls);
  const transport = createUndiciTransport({ network: () => network, tlsFiles });
  const client = createSoapClient({
    url,
    transport,
    clock: nodeClock,
    decode: decodeText,
    userAgent: 'test',
    requestsPerSecond: 1000,
    signIn: createPasswordSignIn(() => Promise.resolve({ login: 'admin', password })),
  });
  cleanUps.push(
    () => transport.close(),
    () => client.dispose(),
  );
  return client;
}

async function serve(listener: Parameters<typeof startHttp>[0]): Promise<Loopback> {
  const server = await startHttp((request, response, body) => {
    if (request.headers['soapaction'] === 'xtk:session#Logon') response.end(logonResponse());
    else listener(request, response, body);
  });
  cleanUps.push(() => server.close());
  return server;
}

async function serveRaw(answer: string, then: 'end' | 'destroy' = 'end'): Promise<Loopback> {
  const server = await startTcp((socket, received) => {
    if (received.includes('xtk:session#Logon') && !received.includes('TestCnx')) {
      const body = logonResponse();
      socket.end(
        `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
      );
    } else if (then === 'end') socket.end(answer);
    else socket.write(answer, () => socket.resetAndDestroy());
  });
  cleanUps.push(() => server.close());
  return server;
}

async function catchError(promise: Promise<unknown>): Promise<CampaignError> {
  const error: unknown = await promise.then(
    () => new Error('Expected the call to fail.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CampaignError)) throw error;
  expect(error.message).not.toContain(password);
  return error;
}

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;

test('sends the envelope as UTF-8 with its headers, and reads the answer', async () => {
  const seen: { body: string; type: string | undefined; length: number }[] = [];
  const server = await serve((request, response, body) => {
    seen.push({
      body,
      type: request.headers['content-type'],
      length: Number(request.headers['content-length']),
    });
    response.end(
      responseOf(
        'GetOption',
        "<pstrValue xsi:type='xsd:string'>é€</pstrValue><pbtType xsi:type='xsd:byte'>6</pbtType>",
      ),
    );
  });
  const outputs = await createClient(server.url).call({
    urn: 'xtk:session',
    method: 'GetOption',
    parameters: [{ name: 'strName', type: 'string', value: 'Ünï' }],
  });
  expect(outputs.map(({ value }) => value)).toEqual(['é€', 6]);
  expect(seen[0]!.body).toContain('<strName xsi:type="xsd:string">Ünï</strName>');
  expect(seen[0]!.type).toBe('text/xml; charset=utf-8');
  expect(seen[0]!.length).toBe(Buffer.byteLength(seen[0]!.body));
});

test.each([
  ['gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('reads an answer compressed with %s', async (encoding, compress) => {
  const server = await serve((request, response) => {
    expect(request.headers['accept-encoding']).toContain(encoding);
    response.setHeader('Content-Encoding', encoding);
    response.end(compress(Buffer.from(responseOf('GetLog', '<x>ok</x>'))));
  });
  const outputs = await createClient(server.url).call({ urn: 'cus:log', method: 'GetLog' });
  expect(outputs[0]!.value).toBe('ok');
});

test('keeps connections alive between calls', async () => {
  const server = await serve((_request, response) => response.end(responseOf('TestCnx')));
  const client = createClient(server.url);
  for (let i = 0; i < 20; i++) await client.call(testCnx);
  // The pool may open a second one while it has yet to notice that the first is free.
  expect(await server.connectionCount()).toBeLessThanOrEqual(2);
});

test('refused connection: one clear message', async () => {
  const server = await startHttp(() => undefined);
  await server.close();
  const error = await catchError(createClient(server.url).call(testCnx));
  expect(error.code).toBe('network');
  expect(error.outcome).toBe('notSent');
  expect(error.message).toBe(
    `127.0.0.1:${server.port} refuses the connection. Check the port of the URL, and whether the server is running (it restarts once a day).`,
  );
});

test('wrong password: one clear message', async () => {
  const server = await startHttp((_request, response) => {
    response.statusCode = 403;
    response.end('XSV-350012 Invalid login or password. Connection denied.');
  });
  cleanUps.push(() => server.close());
  const error = await catchError(createClient(server.url).logon());
  expect(error.code).toBe('signIn');
  expect(error.message).toMatch(/^The login or the password is wrong \(XSV-350012\)\. Check both/);
});

test('an answer shorter than it says: one clear message', async () => {
  const server = await serveRaw(`HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n${responseOf('TestCnx')}`);
  const error = await catchError(createClient(server.url).call(testCnx, { idempotent: false }));
  expect(error.code).toBe('network');
  expect(error.explanation).toBe(`The answer of 127.0.0.1:${server.port} broke off before its end.`);
});

test('an answer longer than it says is cut where it says', async () => {
  const body = responseOf('TestCnx');
  const server = await serveRaw(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length - 30}\r\n\r\n${body}`);
  const error = await catchError(createClient(server.url).call(testCnx, { idempotent: false }));
  expect(error.explanation).toBe(`The answer of 127.0.0.1:${server.port} broke off before its end.`);
});

test('a chunked answer that stops: one clear message', async () => {
  const server = await serveRaw(
    `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40\r\n<?xml version='1.`,
    'destroy',
  );
  const error = await catchError(createClient(server.url).call(testCnx, { idempotent: false }));
  expect(error.explanation).toBe(`The answer of 127.0.0.1:${server.port} broke off before its end.`);
});

test('a connection cut before the answer: a write has an unknown outcome', async () => {
  const server = await serveRaw('', 'destroy');
  const error = await catchError(createClient(server.url).write('<a xtkschema="cus:a"/>'));
  expect(error.code).toBe('network');
  expect(error.outcome).toBe('unknown');
  expect(error.message).toBe(
    `The connection to 127.0.0.1:${server.port} broke off. The server may have carried out xtk:persist#Write all the same: look before sending it again.`,
  );
});

test('compressed data that breaks off: one clear message', async () => {
  const server = await serve((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(gzipSync(responseOf('TestCnx').repeat(50)).subarray(0, 100));
  });
  const error = await catchError(createClient(server.url).call(testCnx, { idempotent: false }));
  expect(error.explanation).toBe(`The answer of ${server.url.slice(7)} broke off before its end.`);
});

test('a compressed bomb stops at the size limit', async () => {
  const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024, 0x20));
  const server = await serve((_request, response) => {
    response.setHeader('Content-Encoding', 'gzip');
    response.end(bomb);
  });
  const error = await catchError(createClient(server.url).call(testCnx));
  expect(error.code).toBe('badResponse');
  expect(error.message).toBe(
    'The answer to xtk:session#TestCnx is larger than 64 MB. Ask for fewer rows or fewer fields.',
  );
});

test('something that is not HTTP: one clear message', async () => {
  const server = await serveRaw('SSH-2.0-OpenSSH_9.6\r\n');
  const error = await catchError(createClient(server.url).call(testCnx, { idempotent: false }));
  expect(error.code).toBe('network');
});

test('cancelling closes the connection', async () => {
  let isClosed: () => void;
  const closed = new Promise<void>((resolve) => (isClosed = resolve));
  const server = await serve((request, response) => {
    request.socket.on('close', () => isClosed());
    response.write("<?xml version='1.0'?>");
  });
  const client = createClient(server.url);
  await client.logon();
  const stop = new AbortController();
  const failure = catchError(client.call(testCnx, { signal: stop.signal }));
  setTimeout(() => stop.abort(), 20);
  expect((await failure).code).toBe('cancelled');
  await closed;
  expect(client.figures.activeCount).toBe(0);
});

test('rows come out while the answer is still being sent, and leaving the loop closes the connection', async () => {
  let finishAnswer: (() => void) | undefined;
  let isClosed: () => void;
  const closed = new Promise<void>((resolve) => (isClosed = resolve));
  const server = await serve((request, response) => {
    request.socket.on('close', () => isClosed());
    const [head, tail] = responseOf(
      'ExecuteQuery',
      "<pdomOutput xsi:type='ns:Element'><recipient-collection>|</recipient-collection></pdomOutput>",
    ).split('|');
    response.write(
      `${head!}<recipient id="1" email="a@example.com"/><recipient id="2" email="b@example.com"/>`,
    );
    finishAnswer = () => response.end(tail);
  });
  const rows: (readonly string[])[] = [];
  for await (const batch of createClient(server.url).executeQuery(
    '<queryDef schema="nms:recipient" operation="select"/>',
  )) {
    expect(batch.columns).toEqual(['@id', '@email']);
    rows.push(...batch.rows);
    if (rows.length === 2) break;
  }
  expect(rows).toEqual([
    ['1', 'a@example.com'],
    ['2', 'b@example.com'],
  ]);
  expect(finishAnswer).toBeDefined();
  await closed;
});

test('a fault of a query comes before any row', async () => {
  const server = await serve((_request, response) =>
    response.end(faultEnvelope('SOP-330011 Error', "XTK-170036 Attribute 'x' unknown")),
  );
  const rows = createClient(server.url).executeQuery('<queryDef schema="nms:recipient" operation="select"/>');
  const error = await catchError(rows[Symbol.asyncIterator]().next());
  expect(error.campaignCode).toBe('XTK-170036');
});

test('a redirect is not followed, so no other host sees the session', async () => {
  const other = await startHttp((_request, response) => response.end('never'));
  let otherCount = 0;
  cleanUps.push(() => other.close());
  const server = await serve((_request, response) => {
    response.writeHead(302, { Location: `${other.url}/login` });
    response.end();
  });
  otherCount += await other.connectionCount();
  const error = await catchError(createClient(server.url).call(testCnx));
  expect(error.explanation).toContain(`redirects to 127.0.0.1:${other.port}`);
  otherCount += await other.connectionCount();
  expect(otherCount).toBe(0);
});

test('goes through the proxy of the settings, which sees the sign-in it asks for', async () => {
  const seen: string[] = [];
  const proxy = await startHttp((request, response) => {
    seen.push(`${request.url ?? ''} ${request.headers['proxy-authorization'] ?? ''}`);
    response.end(
      request.headers['soapaction'] === 'xtk:session#Logon' ? logonResponse() : responseOf('TestCnx'),
    );
  });
  cleanUps.push(() => proxy.close());
  const network = resolveNetworkSettings({ proxy: `http://ann:p%40ss@127.0.0.1:${proxy.port}` }, {});
  await createClient('http://acme.invalid', network).call(testCnx);
  expect(seen).toHaveLength(2);
  expect(seen[1]).toBe(
    `http://acme.invalid/nl/jsp/soaprouter.jsp Basic ${Buffer.from('ann:p@ss').toString('base64')}`,
  );
});

test("a proxy's refusal of a tunnel: one clear message", async () => {
  const proxy = await startTcp((socket) =>
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n'),
  );
  cleanUps.push(() => proxy.close());
  const network = { ...direct, proxy: `http://127.0.0.1:${proxy.port}`, systemCertificates: false };
  const error = await catchError(createClient('https://acme.invalid', network).call(testCnx));
  expect(error.message).toBe(
    'The proxy did not let the connection to acme.invalid through. Check http.proxy and http.noProxy in the settings.',
  );
});

test("a proxy's web page instead of SOAP: one clear message", async () => {
  const proxy = await startHttp((_request, response) =>
    response.end('<!DOCTYPE html><html><head><title>Blocked by policy</title></head></html>'),
  );
  cleanUps.push(() => proxy.close());
  const network = resolveNetworkSettings({ proxy: `127.0.0.1:${proxy.port}` }, {});
  const error = await catchError(createClient('http://acme.invalid', network).call(testCnx));
  expect(error.explanation).toBe(
    'acme.invalid answered with a web page titled “Blocked by policy” instead of SOAP.',
  );
});

// -- TLS --------------------------------------------------------------------------------------------------------------

const tlsFile = (name: string): string =>
  readFileSync(path.join(import.meta.dirname, '..', '..', 'fixtures', 'tls', name), 'utf8');

async function serveTls(asksForClient: boolean): Promise<{ url: string; clients: string[] }> {
  const clients: string[] = [];
  const server = createHttpsServer(
    {
      cert: tlsFile('server.pem'),
      key: tlsFile('server.key'),
      ca: tlsFile('ca.pem'),
      requestCert: asksForClient,
      rejectUnauthorized: asksForClient,
    },
    (request, response) => {
      const socket = request.socket as unknown as Pick<TLSSocket, 'getPeerCertificate'>;
      const peer = socket.getPeerCertificate() as { subject?: { CN?: string } };
      clients.push(peer.subject?.CN ?? '');
      response.end(
        request.headers['soapaction'] === 'xtk:session#Logon' ? logonResponse() : responseOf('TestCnx'),
      );
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, clients };
}

/** The system's certificates are left out: reading them takes longer than all the tests. */
const network: NetworkSettings = { ...direct, systemCertificates: false };

test('a certificate of an unknown authority: one clear message', async () => {
  const { url } = await serveTls(false);
  const error = await catchError(createClient(url, network).call(testCnx));
  expect(error.message).toBe(
    `The certificate of ${url.slice(8)} is not trusted. If the instance uses a private certificate authority, name its file in the connection (caFile).`,
  );
});

test('a private authority is trusted when its file is named', async () => {
  const { url } = await serveTls(false);
  await createClient(url, network, { ca: tlsFile('ca.pem') }).call(testCnx);
});

test('a certificate for another name: one clear message', async () => {
  const { url } = await serveTls(false);
  const other = url.replace('127.0.0.1', '127.0.0.2');
  const proxyless = createClient(other, network, { ca: tlsFile('ca.pem') });
  const error = await catchError(proxyless.call(testCnx));
  // Where only 127.0.0.1 exists the connection is refused before any certificate is seen.
  expect(error.explanation).toMatch(
    /certificate of 127\.0\.0\.2:\d+ is not trusted|refuses the connection|cannot be reached/,
  );
});

test('strict checking can be switched off, as for all of VS Code', async () => {
  const { url } = await serveTls(false);
  await createClient(url, { ...network, strictTls: false }).call(testCnx);
});

test('a client certificate is presented to a server that asks', async () => {
  const { url, clients } = await serveTls(true);
  const tls = { ca: tlsFile('ca.pem'), cert: tlsFile('client.pem'), key: tlsFile('client.key') };
  await createClient(url, network, tls).call(testCnx);
  expect(clients).toEqual(['client', 'client']);
});

test('a server that asks for a client certificate in vain', async () => {
  const { url } = await serveTls(true);
  const error = await catchError(createClient(url, network, { ca: tlsFile('ca.pem') }).call(testCnx));
  expect(error.code).toBe('network');
});

test.each([
  [
    'is missing',
    () => Promise.reject(new Error("ENOENT: no such file or directory, open 'ca.pem'")),
    /cannot be used: ENOENT: no such file/,
  ],
  [
    'holds something else',
    () => Promise.resolve({ cert: 'not a certificate', key: 'nor a key' }),
    /cannot be used: /,
  ],
])('a certificate file that %s: one clear message', async (_what, tlsFiles, pattern) => {
  const { url } = await serveTls(false);
  const error = await catchError(createClient(url, network, tlsFiles).call(testCnx));
  expect(error.explanation).toMatch(pattern);
  expect(error.nextStep).toBe('Check caFile, certFile and keyFile of the connection; they are PEM files.');
});

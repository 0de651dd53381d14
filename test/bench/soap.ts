// A large query answer, read by our client and by others, over loopback.
import { fork, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import type { Bench, Measurement, Medians } from './bench.ts';

const rowCount = 100_000;
const query = '<queryDef schema="nms:recipient" operation="select" lineCount="100000"/>';
const envelope = `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><ExecuteQuery xmlns="urn:xtk:queryDef"><sessiontoken/><entity>${query}</entity></ExecuteQuery></e:Body></e:Envelope>`;

async function withServer(
  measure: (url: string) => Promise<Measurement>,
  bytesPerSecond = 0,
): Promise<Measurement> {
  const script = path.join(import.meta.dirname, 'support', 'answerServer.ts');
  const server: ChildProcess = fork(script, [String(rowCount), String(bytesPerSecond)], {
    execArgv: [],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  try {
    const { port } = await new Promise<{ port: number }>((resolve, reject) => {
      server.once('message', (message) => resolve(message as { port: number }));
      server.once('exit', (code) => reject(new Error(`The server ended with status ${code}.`)));
    });
    return await measure(`http://127.0.0.1:${port}`);
  } finally {
    server.kill();
  }
}

function assertRows(count: number): void {
  if (count !== rowCount) throw new Error(`Read ${count} rows of ${rowCount}.`);
}

async function drain(url: string): Promise<Measurement> {
  const { request } = await import('undici');
  const startedAt = performance.now();
  const { body } = await request(`${url}/nl/jsp/soaprouter.jsp`, { method: 'POST', body: envelope });
  let firstMs = 0;
  let sizeBytes = 0;
  for await (const piece of body) {
    sizeBytes += (piece as Uint8Array).length;
    if (firstMs === 0) firstMs = performance.now() - startedAt;
  }
  if (sizeBytes < rowCount * 200) throw new Error(`Drained only ${sizeBytes} bytes.`);
  return { 'first row ms': firstMs, 'total ms': performance.now() - startedAt };
}

async function createClient(
  { url, login, password }: { url: string; login: string; password: string },
  options: { requestsPerSecond?: number; concurrency?: number },
): Promise<{ client: SoapClient; close: () => void }> {
  const { createSoapClient } = await import('../../core/soap/createSoapClient.ts');
  const { createPasswordSignIn } = await import('../../core/soap/signIn.ts');
  const { createUndiciTransport } = await import('../../client/connection/undiciTransport.ts');
  const { decodeText, nodeClock } = await import('../../client/connection/nodeClock.ts');
  const { resolveNetworkSettings } = await import('../../client/connection/networkSettings.ts');
  const network = resolveNetworkSettings({}, {});
  const transport = createUndiciTransport({ network: () => network });
  const client = createSoapClient({
    url,
    transport,
    clock: nodeClock,
    decode: decodeText,
    userAgent: 'bench',
    signIn: createPasswordSignIn(() => Promise.resolve({ login, password })),
    ...options,
  });
  return {
    client,
    close: () => {
      client.dispose();
      transport.close();
    },
  };
}

async function readRows(url: string, use: 'count' | 'keep batches' | 'keep rows'): Promise<Measurement> {
  const { client, close } = await createClient({ url, login: 'admin', password: 'admin' }, {});
  await client.logon();
  const kept: unknown[] = [];
  let count = 0;
  let firstMs = 0;
  const startedAt = performance.now();
  for await (const batch of client.executeQuery(query)) {
    if (count === 0) firstMs = batch.rows[0]!.length > 9 ? performance.now() - startedAt : NaN;
    count += batch.rowCount;
    if (use === 'keep batches') kept.push(batch);
    else if (use === 'keep rows') for (const row of batch.rows) kept.push(row);
  }
  const totalMs = performance.now() - startedAt;
  assertRows(use === 'keep rows' ? kept.length : count);
  close();
  return { 'first row ms': firstMs, 'total ms': totalMs };
}

async function readWithFastXmlParser(url: string): Promise<Measurement> {
  const { request } = await import('undici');
  const { XMLParser } = await import('fast-xml-parser');
  const startedAt = performance.now();
  const { body } = await request(`${url}/nl/jsp/soaprouter.jsp`, { method: 'POST', body: envelope });
  const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', removeNSPrefix: true });
  const document = parser.parse(await body.text()) as {
    Envelope: {
      Body: { ExecuteQueryResponse: { pdomOutput: { 'recipient-collection': { recipient: unknown[] } } } };
    };
  };
  const totalMs = performance.now() - startedAt;
  assertRows(document.Envelope.Body.ExecuteQueryResponse.pdomOutput['recipient-collection'].recipient.length);
  return { 'first row ms': totalMs, 'total ms': totalMs };
}

interface Sdk {
  SoapMethodCall: new (
    transport: unknown,
    urn: string,
    method: string,
    sessionToken: string,
    securityToken: string,
  ) => {
    writeDocument(name: string, document: unknown): void;
    execute(url: string): Promise<void>;
    getNextElement(): unknown;
    finalize(url: string): [unknown, unknown];
  };
}

/** Adobe's SDK: its call, its transport (time limit raised, or it gives up after 5 s), its conversion to objects. */
async function readWithSdk(url: string): Promise<Measurement> {
  const { createRequire } = await import('node:module');
  const require = createRequire(import.meta.url);
  const { SoapMethodCall } = require('@adobe/acc-js-sdk/src/soap.js') as Sdk;
  const { request } = require('@adobe/acc-js-sdk/src/transport.js') as {
    request: (options: unknown, more: object) => unknown;
  };
  const { DomUtil } = require('@adobe/acc-js-sdk/src/domUtil.js') as {
    DomUtil: { parse(xml: string): unknown; toJSON(element: unknown): { recipient: unknown[] } };
  };
  const startedAt = performance.now();
  const call = new SoapMethodCall(
    (options: unknown, more: object) => request(options, { ...more, timeout: 120_000 }),
    'xtk:queryDef',
    'ExecuteQuery',
    '___7bb151d2-ee05-4bd2-9d5e-23e83547c528',
    '@DrRFO29B==',
  );
  call.writeDocument('entity', DomUtil.parse(query));
  const router = `${url}/nl/jsp/soaprouter.jsp`;
  call.finalize(router);
  await call.execute(router);
  const rows = DomUtil.toJSON(call.getNextElement());
  const totalMs = performance.now() - startedAt;
  assertRows(rows.recipient.length);
  return { 'first row ms': totalMs, 'total ms': totalMs };
}

/** The sandbox in a process of its own. */
async function withSandbox(
  options: readonly string[],
  measure: (instance: { url: string; login: string; password: string }) => Promise<Measurement>,
): Promise<Measurement> {
  const script = path.resolve(import.meta.dirname, '..', '..', 'sandbox', 'campaign', 'main.ts');
  const server = fork(script, ['--port', '0', '--json', '--rows', '100', ...options], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  try {
    const line = await new Promise<string>((resolve, reject) => {
      server.stdout!.once('data', (data: Buffer) => resolve(data.toString('utf8')));
      server.once('exit', (code) => reject(new Error(`The sandbox ended with status ${code}.`)));
    });
    return await measure(JSON.parse(line) as { url: string; login: string; password: string });
  } finally {
    server.kill();
  }
}

/** Keeps 20 callers busy for some seconds, against a limit of so many calls per second. */
function throttle(tps: number, isKnown: boolean, seconds: number): Promise<Measurement> {
  return withSandbox(['--tps', String(tps), '--latency-ms', '20'], async (instance) => {
    const { client, close } = await createClient(instance, {
      concurrency: 8,
      ...(isKnown ? { requestsPerSecond: tps } : {}),
    });
    await client.logon();
    const startedAt = performance.now();
    const endsAt = startedAt + seconds * 1000;
    let calls = 0;
    let late = 0;
    let lost = 0;
    const caller = async (): Promise<void> => {
      while (performance.now() < endsAt) {
        calls++;
        try {
          await client.call({ urn: 'xtk:session', method: 'TestCnx' }, { priority: 'push' });
          if (performance.now() > endsAt - 10_000 && performance.now() < endsAt) late++;
        } catch {
          lost++;
        }
      }
    };
    await Promise.all(Array.from({ length: 20 }, caller));
    const refused = client.figures.throttledCount;
    close();
    return {
      'calls/s of the last 10 s': late / 10,
      'share of the limit %': (late / 10 / tps) * 100,
      'answered 429 %': (refused / (calls + refused)) * 100,
      'lost calls': lost,
    };
  });
}

/** What it costs to learn that none of 1,000 schemas has changed. */
function refreshModel(): Promise<Measurement> {
  return withSandbox(['--schemas', '1000'], async (instance) => {
    const { mkdtempSync, rmSync } = await import('node:fs');
    const { tmpdir } = await import('node:os');
    const { SchemaCache } = await import('../../client/connection/schemaCache.ts');
    const { SchemaModel } = await import('../../client/connection/schemaModel.ts');
    const { client, close } = await createClient(instance, {});
    const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
    try {
      const model = new SchemaModel(new SchemaCache(folder), client, () => Promise.resolve());
      await model.refresh();
      const before = client.figures.requestCount;
      const startedAt = performance.now();
      const changed = await model.refresh();
      const totalMs = performance.now() - startedAt;
      const schemas = (await model.list()).length;
      if (changed.length > 0 || schemas < 1000)
        throw new Error(`${schemas} schemas, ${changed.length} changed.`);
      return { 'SOAP calls': client.figures.requestCount - before, 'total ms': totalMs, schemas };
    } finally {
      close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
}

const ratio = (a: number | undefined, b: number | undefined): number => a! / b!;

export const benches: readonly Bench[] = [
  {
    name: 'soap/large answer',
    subjects: {
      'rows streamed': () => withServer((url) => readRows(url, 'count')),
      'rows kept, cells on demand': () => withServer((url) => readRows(url, 'keep batches')),
      'rows kept, all cells read': () => withServer((url) => readRows(url, 'keep rows')),
      'socket drained': () => withServer(drain),
      'fast-xml-parser': () => withServer(readWithFastXmlParser),
      '@adobe/acc-js-sdk': () => withServer(readWithSdk),
    },
    budgets: [
      {
        title: 'first row against draining the socket',
        value: (m) => ratio(m['rows streamed']!['first row ms'], m['socket drained']!['first row ms']),
        max: 1.3,
      },
      {
        title: 'total against draining the socket',
        value: (m) => ratio(m['rows streamed']!['total ms'], m['socket drained']!['total ms']),
        max: 2,
      },
      {
        title: "times faster than Adobe's SDK, all cells read and kept",
        value: (m) => ratio(m['@adobe/acc-js-sdk']!['total ms'], m['rows kept, all cells read']!['total ms']),
        min: 12,
      },
      {
        title: "peak memory against Adobe's SDK, rows kept and cells read on demand",
        value: (m) => ratio(m['rows kept, cells on demand']!['peak MB'], m['@adobe/acc-js-sdk']!['peak MB']),
        max: 1 / 8,
      },
    ],
    note: 'The first row is read at once; of the others, `rows streamed` reads none. 100,000 rows of 10 attributes, 26 MB, loopback; the logon comes before the clock.',
  },
  {
    name: 'soap/throttle',
    runs: 1,
    subjects: {
      'known limit of 50/s': () => throttle(50, true, 20),
      'hidden limit of 20/s': () => throttle(20, false, 40),
      'hidden limit of 50/s': () => throttle(50, false, 40),
    },
    budgets: [
      {
        title: 'known limit: % of it',
        value: (m) => m['known limit of 50/s']!['share of the limit %']!,
        min: 97,
      },
      {
        title: 'known limit: % answered 429',
        value: (m) => m['known limit of 50/s']!['answered 429 %']!,
        max: 0,
      },
      ...[20, 50].flatMap((tps) => [
        {
          title: `hidden limit of ${tps}/s: % of it after 30 s`,
          value: (m: Medians) => m[`hidden limit of ${tps}/s`]!['share of the limit %']!,
          min: 85,
        },
        {
          title: `hidden limit of ${tps}/s: % answered 429`,
          value: (m: Medians) => m[`hidden limit of ${tps}/s`]!['answered 429 %']!,
          max: 3,
        },
      ]),
      {
        title: 'calls lost',
        value: (m) => Object.values(m).reduce((sum, measurement) => sum + measurement['lost calls']!, 0),
        max: 0,
      },
    ],
    note: 'In real time against the sandbox, whose limit is a bucket of one second. 20 callers, 20 ms latency.',
  },
  {
    name: 'soap/model refresh',
    runs: 3,
    subjects: { 'nothing changed': refreshModel },
    budgets: [
      { title: 'SOAP calls for 1,000 schemas', value: (m) => m['nothing changed']!['SOAP calls']!, max: 3 },
    ],
  },
];

import { afterAll, beforeEach, expect, test } from 'vitest';
import { faultKinds, type FaultRule } from '../../sandbox/campaign/http/injection.ts';
import { startSandbox } from '../../sandbox/campaign/sandbox.ts';
import { defaultSettings } from '../../sandbox/campaign/settings.ts';
import { faultOf, openSandbox, type Answer } from './call.ts';
import { FakeClock, librarySeed } from './library.ts';

const clock = new FakeClock();
const caller = await openSandbox({ seed: librarySeed, clock });
const { sandbox } = caller;
afterAll(() => sandbox.stop());

beforeEach(async () => {
  sandbox.set(defaultSettings());
  sandbox.setFaults([]);
  clock.slept.length = 0;
  await caller.logon();
  sandbox.resetStats();
});

const call = (): Promise<Answer> => caller.post('xtk:session#TestCnx');
const statuses = async (count: number): Promise<number[]> => {
  const answers: number[] = [];
  for (let i = 0; i < count; i++) answers.push((await call()).status);
  return answers;
};

test('the bucket lets a second of calls through at once, then as many as it fills', async () => {
  sandbox.set({ tps: 4 });
  clock.ms += 10_000;
  expect(await statuses(6)).toEqual([200, 200, 200, 200, 429, 429]);
  clock.ms += 249;
  expect(await statuses(1)).toEqual([429]);
  clock.ms += 1;
  expect(await statuses(2)).toEqual([200, 429]);
  clock.ms += 500;
  expect(await statuses(3)).toEqual([200, 200, 429]);
});

test('burst and scope of the limit can be set', async () => {
  sandbox.set({ tps: 1, burst: 3, throttleScope: 'method' });
  clock.ms += 10_000;
  expect(await statuses(4)).toEqual([200, 200, 200, 429]);
  expect((await caller.post('xtk:session#GetServerTime')).status).toBe(200);
});

test.each([
  ['none', 'empty', null, ''],
  ['seconds', 'text', '2', 'Too Many Requests'],
  ['date', 'json', 'Thu, 15 Aug 2024 12:00:02 GMT', '{"error_code":"429050","message":"Too many requests"}'],
  [
    'seconds',
    'html',
    '2',
    '<!DOCTYPE html>\n<html><head><title>Too Many Requests</title></head><body><h1>Too Many Requests</h1></body></html>\n',
  ],
] as const)(
  'a 429 may carry Retry-After as %s and a body of kind %s',
  async (retryAfter, throttleBody, header, body) => {
    clock.ms = Date.parse('2024-08-15T12:00:00.000Z');
    await caller.logon();
    sandbox.set({ tps: 0.5, burst: 1, retryAfter, throttleBody });
    clock.ms += 0;
    let answer = await call();
    for (let i = 0; i < 3 && answer.status !== 429; i++) answer = await call();
    expect([answer.status, answer.headers.get('retry-after'), answer.text]).toEqual([429, header, body]);
  },
);

test('latency delays each answer', async () => {
  sandbox.set({ latencyMs: 120 });
  await statuses(2);
  expect(clock.slept).toEqual([120, 120]);
});

const inject = (...rules: FaultRule[]): void => {
  sandbox.setFaults(rules);
};

test('a fault hits the method it names, after some calls, a number of times, each nth', async () => {
  inject({ kind: 'unavailable', method: 'TestCnx', after: 1, times: 2, every: 2 });
  expect(await statuses(6)).toEqual([200, 503, 200, 503, 200, 200]);
  inject({ kind: 'unavailable', method: 'xtk:session#Logoff' });
  expect(await statuses(1)).toEqual([200]);
});

test.each([
  [{ kind: 'tooManyRequests' }, 429, null, ''],
  [{ kind: 'tooManyRequests', retryAfter: 7, body: 'slow down' }, 429, '7', 'slow down'],
  [
    { kind: 'tooManyRequests', retryAfter: 'date', delayMs: 90_000 },
    429,
    'Thu, 15 Aug 2024 12:01:30 GMT',
    '',
  ],
  [{ kind: 'unavailable' }, 503, null, 'Service Unavailable'],
  [{ kind: 'unavailable', retryAfter: 30 }, 503, '30', 'Service Unavailable'],
  [{ kind: 'unavailable', retryAfter: 'date' }, 503, 'Thu, 15 Aug 2024 12:00:01 GMT', 'Service Unavailable'],
  [{ kind: 'unavailable', status: 504, retryAfter: 0 }, 504, '0', 'Service Unavailable'],
  [{ kind: 'htmlPage', body: '<html>gateway</html>' }, 502, null, '<html>gateway</html>'],
] as const)('%o answers with status %d', async (rule, status, retryAfter, body) => {
  clock.ms = Date.parse('2024-08-15T12:00:00.000Z');
  await caller.logon();
  inject(rule);
  const answer = await call();
  expect([answer.status, answer.headers.get('retry-after'), answer.text]).toEqual([status, retryAfter, body]);
});

test('a SOAP fault can be put in the way', async () => {
  inject({ kind: 'soapFault', body: 'PGS-220000 PostgreSQL error: deadlock detected' });
  expect(faultOf((await call()).text)).toBe(
    "SOP-330011 Error while executing the method 'TestCnx' of service 'xtk:session'.\nPGS-220000 PostgreSQL error: deadlock detected",
  );
});

test('a SOAP fault may come without detail, and with any status', async () => {
  inject({ kind: 'soapFault', body: '', status: 500 });
  const answer = await call();
  expect(answer.status).toBe(500);
  expect(answer.text).toContain('<faultcode>SOAP-ENV:Server</faultcode>');
  expect(answer.text).not.toContain('<detail');
});

test('a connection is cut before the method runs, or after it ran', async () => {
  const write = (name: string): Promise<Answer> =>
    caller.post(
      'xtk:persist#Write',
      `<d><author xtkschema="lib:author" _operation="insert" name="${name}"/></d>`,
    );
  const count = async (name: string): Promise<string> =>
    caller.query(
      `<queryDef schema="lib:author" operation="count"><where><condition expr="@name = '${name}'"/></where></queryDef>`,
    );
  inject({ kind: 'dropConnection', method: 'Write', times: 1 });
  await expect(write('Before')).rejects.toThrow();
  expect(await count('Before')).toBe('<author count="0"/>');
  inject({ kind: 'dropConnection', method: 'Write', times: 1, phase: 'after' });
  await expect(write('After')).rejects.toThrow();
  expect(await count('After')).toBe('<author count="1"/>');
});

test('an answer is cut in the middle', async () => {
  inject({ kind: 'truncateReply' });
  await expect(call()).rejects.toThrow();
});

test('an answer trickles', async () => {
  inject({ kind: 'slowBody', delayMs: 30 });
  const answer = await call();
  expect(answer.text).toContain('</SOAP-ENV:Envelope>');
  expect(clock.slept).toEqual(Array.from({ length: 10 }, () => 30));
});

test('a session expires after some calls, until the next logon', async () => {
  inject({ kind: 'expireSession', after: 2, times: 1 });
  expect(await statuses(2)).toEqual([200, 200]);
  expect((await call()).text).toContain('XSV-350008');
  expect((await call()).text).toContain('XSV-350008');
  await caller.logon();
  expect((await call()).text).toContain('TestCnxResponse');
});

test('a restart cuts connections for a while, and leaves no session', async () => {
  inject({ kind: 'restart', times: 2 });
  await expect(call()).rejects.toThrow();
  await expect(call()).rejects.toThrow();
  expect((await call()).text).toContain('XSV-350008');
  await caller.logon();
  expect((await call()).text).toContain('TestCnxResponse');
});

test('a large answer trickles or breaks off in the middle of its rows', async () => {
  const rows = Array.from({ length: 40 }, (_, n) => `<book isbn="L-${n}" title="${'é'.repeat(200)}"/>`).join(
    '',
  );
  await caller.run('xtk:persist#WriteCollection', `<d><c xtkschema="lib:book">${rows}</c></d>`);
  const query =
    '<queryDef schema="lib:book"><select><node expr="@isbn"/><node expr="@title"/></select></queryDef>';
  const whole = await caller.query(query);
  inject({ kind: 'slowBody', delayMs: 5 });
  expect(await caller.query(query)).toBe(whole);
  inject({ kind: 'truncateReply' });
  await expect(caller.query(query)).rejects.toThrow();
  inject();
  expect(await caller.query(query)).toBe(whole);
});

test('every kind of fault can be asked for at the start, and while it runs', async () => {
  const kinds = faultKinds.map((kind) => ({ kind, method: 'Nothing' }));
  const started = await startSandbox({ seed: librarySeed, faults: kinds });
  expect(started.faults().map(({ kind }) => kind)).toEqual([...faultKinds]);
  await started.stop();
  const [status, answer] = await admin('faults', 'POST', { faults: kinds });
  expect(status).toBe(200);
  expect((answer as { faults: FaultRule[] }).faults.map(({ kind }) => kind)).toEqual([...faultKinds]);
});

test('latency can be injected into one method', async () => {
  inject({ kind: 'latency', delayMs: 900, method: 'TestCnx' });
  await call();
  await caller.post('xtk:session#GetServerTime');
  expect(clock.slept).toEqual([900]);
});

// --- admin pages ---

const admin = async (
  path: string,
  method = 'GET',
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<[number, unknown]> => {
  const init: RequestInit = { method, headers: { 'Content-Type': 'application/json', ...headers } };
  if (body !== undefined) init.body = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${sandbox.url}/sandbox/${path}`, init);
  const text = await response.text();
  return [response.status, text.startsWith('{') ? JSON.parse(text) : text];
};

test('counters tell what was asked and how it went', async () => {
  inject({ kind: 'tooManyRequests', times: 1 });
  await statuses(3);
  await caller.query('<queryDef schema="no:such"/>');
  await fetch(`${sandbox.url}/r/test`);
  expect(await admin('stats')).toEqual([
    200,
    {
      requests: 5,
      answered: 2,
      faults: 1,
      answered429: 1,
      injected: 1,
      methods: {
        'xtk:session#TestCnx': { calls: 3, answered429: 1, faults: 0 },
        'xtk:queryDef#ExecuteQuery': { calls: 1, answered429: 0, faults: 1 },
      },
    },
  ]);
  expect((await admin('stats', 'DELETE'))[1]).toMatchObject({ requests: 0, methods: {} });
});

test('settings and faults are changed while it runs', async () => {
  expect((await admin('settings', 'POST', { tps: 50, retryAfter: 'date' }))[1]).toMatchObject({
    tps: 50,
    retryAfter: 'date',
  });
  expect((await admin('settings'))[1]).toMatchObject({ tps: 50 });
  expect((await admin('faults', 'POST', { faults: [{ kind: 'unavailable', times: 1 }] }))[1]).toEqual({
    faults: [{ kind: 'unavailable', times: 1, seen: 0, hits: 0 }],
  });
  await call();
  expect((await admin('faults'))[1]).toMatchObject({ faults: [{ seen: 1, hits: 1 }] });
  expect((await admin('faults', 'DELETE'))[1]).toEqual({ faults: [] });
  expect((await admin('expire', 'POST', {}))[0]).toBe(200);
  expect((await call()).text).toContain('XSV-350008');
});

test.each([
  ['settings', { tsp: 3 }, /There is no setting "tsp"/],
  ['settings', { tps: 'fast' }, /tps takes a number/],
  ['settings', { tps: -1 }, /from 0/],
  ['settings', { retryAfter: 'later' }, /none, seconds, date/],
  ['settings', '[1]', /object/],
  ['settings', '{"tps"', /JSON/],
  ['faults', { kind: 'explode' }, /"kind" is one of latency/],
  ['faults', { kind: 'latency', delayMs: -5 }, /"delayMs"/],
  ['faults', { kind: 'latency', dealyMs: 5 }, /no "dealyMs"/],
  ['faults', { faults: 3 }, /list/],
] as const)('%s refuses %o with the reason', async (page, body, reason) => {
  const [status, answer] = await admin(page, 'POST', body);
  expect([status, (answer as { error: string }).error]).toEqual([400, expect.stringMatching(reason)]);
});

test('a refused change changes nothing', async () => {
  await admin('settings', 'POST', { latencyMs: 5, tps: -1 });
  expect((await admin('settings'))[1]).toMatchObject({ latencyMs: 0, tps: 0 });
});

test('web pages cannot reach the admin pages', async () => {
  expect((await admin('settings', 'GET', undefined, { Origin: 'http://example.com' }))[0]).toBe(403);
  expect((await admin('settings', 'POST', { tps: 1 }, { 'Content-Type': 'text/plain' }))[0]).toBe(415);
  expect((await admin('nothing'))[0]).toBe(404);
  expect((await admin('replicate'))[0]).toBe(405);
});

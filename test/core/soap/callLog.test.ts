import { expect, test } from 'vitest';
import type { CallLogEntry } from '../../../core/soap/callLog.ts';
import { mask, maskSecrets } from '../../../core/soap/maskSecrets.ts';
import { TransportError } from '../../../core/soap/transport.ts';
import {
  createFakeClient,
  faultEnvelope,
  finish,
  password,
  responseOf,
  securityToken,
  sessionToken,
  type Answer,
} from './fakes.ts';

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;

function summary({ action, attempt, result, status, campaignCode }: CallLogEntry): string {
  return [action, attempt, status ?? '-', result, campaignCode ?? ''].join(' ').trim();
}

test('each request has an entry, with its repeats and how it ended', async () => {
  const answers: (Answer | TransportError)[] = [
    { body: responseOf('TestCnx'), delayMs: 250 },
    { status: 429, headers: { 'retry-after': '2' } },
    new TransportError('reset', 'x', { unsent: false }),
    { body: faultEnvelope('SOP-330011 Error', 'XTK-170036 x') },
    { body: '<html><title>Hello</title></html>' },
  ];
  const { client, clock } = createFakeClient(() => answers.shift()!);
  const seen: CallLogEntry[] = [];
  client.log.onDidAdd((entry) => seen.push(entry));
  await finish(clock, client.call(testCnx));
  for (let i = 0; i < 2; i++)
    await finish(
      clock,
      client.call(testCnx).catch((reason: unknown) => reason),
    );
  expect(client.log.entries.map(summary)).toEqual([
    'xtk:session#Logon 1 200 ok',
    'xtk:session#TestCnx 1 200 ok',
    'xtk:session#TestCnx 1 429 busy',
    'xtk:session#TestCnx 2 - network',
    'xtk:session#TestCnx 3 200 fault XTK-170036',
    'xtk:session#TestCnx 1 200 badResponse',
  ]);
  expect(seen).toEqual(client.log.entries);
  const [, first, , afterWait] = seen;
  expect(first!.durationMs).toBeGreaterThanOrEqual(250);
  expect(first!.sentBytes).toBeGreaterThan(400);
  expect(first!.receivedBytes).toBe(responseOf('TestCnx').length);
  expect(afterWait!.waitedMs).toBeGreaterThanOrEqual(1900);
  expect(seen.every(({ request, reply }) => request === undefined && reply === undefined)).toBe(true);
});

test('a streamed answer has one entry, written when it ends or is left', async () => {
  const body = responseOf('ExecuteQuery', '<p><r-collection><r a="1"/><r a="2"/></r-collection></p>');
  const { client, clock } = createFakeClient(() => ({
    body: [body.slice(0, body.indexOf('<r a="2"')), body.slice(body.indexOf('<r a="2"'))],
  }));
  const read = async (isLeft: boolean): Promise<void> => {
    for await (const batch of client.executeQuery('<queryDef/>')) if (isLeft && batch.rowCount > 0) break;
  };
  await finish(clock, read(false));
  expect(client.log.entries.at(-1)).toMatchObject({
    action: 'xtk:queryDef#ExecuteQuery',
    result: 'ok',
    receivedBytes: body.length,
  });
  await finish(clock, read(true));
  expect(client.log.entries).toHaveLength(3);
  expect(client.log.entries.at(-1)!.receivedBytes).toBeLessThan(body.length);
});

test('bodies are captured when asked for, masked and bounded', async () => {
  const { client, clock } = createFakeClient((request) => ({
    body: responseOf('Echo', `<x>${request.headers['Cookie']!} é ${securityToken}${'y'.repeat(100_000)}</x>`),
  }));
  client.log.captureBodies = true;
  await finish(
    clock,
    client.call({
      urn: 'cus:x',
      method: 'Echo',
      parameters: [{ name: 'big', type: 'string', value: 'z'.repeat(100_000) }],
    }),
  );
  const [logon, echo] = client.log.entries;
  expect(logon!.request).toContain(`<strPassword xsi:type="xsd:string">${mask}</strPassword>`);
  expect(logon!.reply).toContain(`<pstrSessionToken xsi:type='xsd:string'>${mask}</pstrSessionToken>`);
  expect(echo!.reply).toContain(`__sessiontoken=${mask} é ${mask}`);
  expect(echo!.request!.length).toBe(20_001);
  expect(echo!.reply!.length).toBe(20_001);
  for (const secret of [sessionToken, securityToken, password, 'Secr&amp;t']) {
    expect(JSON.stringify(client.log.entries)).not.toContain(secret);
  }
});

test.each<[string, string | undefined, 'latin1' | 'utf8']>([
  ['ISO-8859-1 by its header', 'text/xml; charset=iso-8859-1', 'latin1'],
  ['UTF-8 without saying so', undefined, 'utf8'],
  ['ISO-8859-1 where it claims UTF-8', 'text/xml; charset=utf-8', 'latin1'],
  ['UTF-8 where it claims ISO-8859-1', 'text/xml; charset=iso-8859-1', 'utf8'],
])('an answer in %s shows no part of a secret', async (_what, contentType, encoding) => {
  const { client, clock } = createFakeClient(() => ({
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    body: [
      Buffer.from(
        responseOf('Echo', `<x>[${password}] [${password.replace('&', '&amp;')}] caf\u00e9</x>`),
        encoding,
      ),
    ],
  }));
  client.log.captureBodies = true;
  await finish(
    clock,
    client.call({ urn: 'cus:x', method: 'Echo' }).catch(() => undefined),
  );
  const { reply } = client.log.entries.at(-1)!;
  expect(reply).toMatch(/<x>\[(?:\*\*\*|\u2022\u2022\u2022)\] \[(?:\*\*\*|\u2022\u2022\u2022)\] caf/);
  expect(reply).not.toMatch(/Secr|ssw0rd/);
});

test('a secret at the edge of what is kept is not shown in part', async () => {
  for (let offset = -60; offset <= 60; offset += 10) {
    const { client, clock } = createFakeClient(() => ({ body: responseOf('Echo') }));
    client.log.captureBodies = true;
    await finish(
      clock,
      client.call({
        urn: 'cus:x',
        method: 'Echo',
        parameters: [{ name: 'v', type: 'string', value: `${'z'.repeat(19_300 + offset)}${sessionToken}` }],
      }),
    );
    expect(client.log.entries[1]!.request).not.toContain(sessionToken.slice(0, 12));
  }
});

test('the log keeps the last 1,000 entries', async () => {
  const { client, clock } = createFakeClient(() => ({ body: responseOf('TestCnx') }), {
    requestsPerSecond: 1000,
  });
  await finish(clock, Promise.all(Array.from({ length: 1100 }, () => client.call(testCnx))));
  expect(client.log.entries).toHaveLength(1000);
  expect(client.log.entries.at(-1)!.id).toBe(1101);
  client.log.clear();
  expect(client.log.entries).toEqual([]);
});

test.each([
  [`a ${sessionToken} b`, `a ${mask} b`],
  [`X-Security-Token: ${securityToken} end`, `X-Security-Token: ${mask} end`],
  ['Authorization: Bearer abc.DEF-123_x', `Authorization: Bearer ${mask}`],
  [
    '<sessiontoken xsi:type="xsd:string">mc/PASSWORD</sessiontoken>',
    `<sessiontoken xsi:type="xsd:string">${mask}</sessiontoken>`,
  ],
  ['<urn:strPassword>x</urn:strPassword>', `<urn:strPassword>${mask}</urn:strPassword>`],
  ['<extAccount name="a" password="@hidden=="/>', `<extAccount name="a" password=${mask}/>`],
  ['{"access_token":"eyJhbGciOi.eyJzdWIi.c2ln","expires_in":1}', `{"access_token":${mask},"expires_in":1}`],
  ['client_secret=p8e-abc&scope=x', `client_secret=${mask}&scope=x`],
  ['the password is short: no', 'the password is short: no'],
  ['@email and [@folder-id] stay', '@email and [@folder-id] stay'],
])('masks by shape: %s', (text, expected) => expect(maskSecrets(text)).toBe(expected));

test('masks exact values, in each form they are written', () => {
  expect(maskSecrets('p&ss p&amp;ss p%26ss', ['p&ss'])).toBe(`${mask} ${mask} ${mask}`);
  expect(maskSecrets('p&#228;ss&#39; p\u00e4ss&apos;', ["p\u00e4ss'"])).toBe(`${mask} ${mask}`);
  expect(maskSecrets('a b', ['a', ''])).toBe('a b');
});

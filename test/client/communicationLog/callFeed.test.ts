import { expect, test } from 'vitest';
import { CallFeed } from '../../../client/communicationLog/callFeed.ts';
import { toText } from '../../../client/communicationLog/callText.ts';
import { toHar, toJsonLines } from '../../../client/communicationLog/exportCalls.ts';
import type { Connections, ConnectionsChange } from '../../../client/connection/connections.ts';
import type { CallRow } from '../../../core/protocol/callLogMessages.ts';
import {
  createBearerLogonSignIn,
  createBearerSignIn,
  createImsTokens,
  createPastedSessionSignIn,
  parseImsCredentials,
} from '../../../core/soap/bearerSignIn.ts';
import { allBodiesLimit } from '../../../core/soap/callLog.ts';
import type { SignIn } from '../../../core/soap/signIn.ts';
import type { SoapClient } from '../../../core/soap/soapClient.ts';
import {
  createFakeClient,
  faultEnvelope,
  finish,
  logonResponse,
  password,
  responseOf,
  securityToken,
  sessionToken,
} from '../../core/soap/fakes.ts';

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;

/** Connections over given clients, named by their ids. */
function fakeConnections(clients: Record<string, SoapClient>) {
  const listeners = new Set<(change: ConnectionsChange) => void>();
  const all = (): { settings: { id: string; name: string }; soap: SoapClient }[] =>
    Object.entries(clients).map(([id, soap]) => ({ settings: { id, name: id.toUpperCase() }, soap }));
  const connections = {
    get all() {
      return all();
    },
    get: (id: string) => all().find(({ settings }) => settings.id === id),
    onDidChange: (listener: (change: ConnectionsChange) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  } as unknown as Connections;
  return { connections, changeList: () => listeners.forEach((listener) => listener({ kind: 'list' })) };
}

test('a call is listed when it is sent, and again with its end', async () => {
  const { client, clock } = createFakeClient(() => ({ body: responseOf('TestCnx'), delayMs: 300 }));
  const told: CallRow[] = [];
  const feed = new CallFeed(
    fakeConnections({ 'my box': client }).connections,
    (row) => told.push(row),
    () => undefined,
  );
  await finish(clock, client.logon());
  told.length = 0;
  const call = client.call(testCnx);
  await clock.advance(200);
  expect(feed.rows.map(({ action, result }) => [action, result])).toEqual([
    ['xtk:session#Logon', 'ok'],
    ['xtk:session#TestCnx', undefined],
  ]);
  await finish(clock, call);
  expect(told.map(({ key, result, durationMs }) => [key, result, durationMs])).toEqual([
    ['my box 2', undefined, undefined],
    ['my box 2', 'ok', 300],
  ]);
  expect(feed.find('my box 2')?.entry.action).toBe('xtk:session#TestCnx');
  expect(feed.find('my box 99')).toBeUndefined();
});

test('calls of several connections are one list, in the order of sending', async () => {
  const one = createFakeClient(() => ({ body: responseOf('TestCnx') }));
  const two = createFakeClient(() => ({ body: responseOf('TestCnx') }));
  const clients: Record<string, SoapClient> = { a: one.client };
  const { connections, changeList } = fakeConnections(clients);
  const resets: number[] = [];
  const feed = new CallFeed(
    connections,
    () => undefined,
    () => resets.push(feed.rows.length),
  );
  feed.recordsBodies = true;
  clients['b'] = two.client;
  changeList();
  expect(two.client.log.captureBodies).toBe(true);
  await finish(one.clock, one.client.logon());
  await two.clock.advance(50);
  await finish(two.clock, two.client.call(testCnx));
  expect(feed.rows.map(({ connection, action }) => `${connection} ${action}`)).toEqual([
    'A xtk:session#Logon',
    'B xtk:session#Logon',
    'B xtk:session#TestCnx',
  ]);
  expect(feed.calls).toHaveLength(3);
  delete clients['b'];
  changeList();
  expect(resets).toEqual([0, 1]);
  feed.clear();
  expect(feed.rows).toEqual([]);
});

test('what is recorded of bodies is bounded as a whole; the oldest go first', async () => {
  const { client, clock } = createFakeClient(
    () => ({ body: responseOf('Echo', `<x>${'y'.repeat(30_000)}</x>`) }),
    {
      requestsPerSecond: 1000,
    },
  );
  client.log.captureBodies = true;
  const count = Math.ceil(allBodiesLimit / 20_000) + 50;
  await finish(
    clock,
    Promise.all(Array.from({ length: count }, () => client.call({ urn: 'cus:x', method: 'Echo' }))),
  );
  const { entries } = client.log;
  const total = entries.reduce(
    (sum, entry) => sum + (entry.request?.length ?? 0) + (entry.reply?.length ?? 0),
    0,
  );
  expect(total).toBeLessThanOrEqual(allBodiesLimit);
  expect(total).toBeGreaterThan(0.9 * allBodiesLimit);
  expect(entries).toHaveLength(count + 1);
  expect(entries[0]!.reply).toBeUndefined();
  expect(entries.at(-1)!.reply).toBeDefined();
});

// -- No secret leaves --------------------------------------------------------------------------------------------------

const clientSecret = 'p8e-Q7wErTyUiOpAsDf';
const accessToken = 'opaque.ACCESS-token_0123456789';
const credential = JSON.stringify({
  CLIENT_ID: 'client-one',
  CLIENT_SECRETS: [clientSecret],
  SCOPES: ['openid', 'campaign_sdk'],
});
const ofPassword = [password, encodeURIComponent(password), 'Secr&amp;t', sessionToken, securityToken];

const signIns: readonly (readonly [string, SignIn | undefined, readonly string[]])[] = [
  ['login and password', undefined, ofPassword],
  [
    'IMS credential',
    createBearerSignIn(createImsTokens(() => Promise.resolve(parseImsCredentials(credential)))),
    [clientSecret, accessToken],
  ],
  ['IMS token', createBearerSignIn(() => Promise.resolve({ token: accessToken })), [accessToken]],
  [
    'IMS token for a session',
    createBearerLogonSignIn(() => Promise.resolve({ token: accessToken })),
    [accessToken, sessionToken, securityToken],
  ],
  [
    'pasted session',
    createPastedSessionSignIn(() => Promise.resolve({ sessionToken, securityToken })),
    [sessionToken, securityToken],
  ],
];

test.each(signIns)('nothing shown, copied or exported holds a secret: %s', async (_name, signIn, secrets) => {
  const { client, clock } = createFakeClient(
    (request) => {
      if (request.url.includes('/ims/')) {
        return {
          body: JSON.stringify({ access_token: accessToken, token_type: 'bearer', expires_in: 3600 }),
        };
      }
      const action = request.headers['SOAPAction'] ?? '';
      if (action.endsWith('#BearerTokenLogon')) {
        return { body: logonResponse().replaceAll('LogonResponse', 'BearerTokenLogonResponse') };
      }
      if (action.endsWith('#GetUserInfo'))
        return { body: responseOf('GetUserInfo', '<u><userInfo login="x" loginId="7"/></u>') };
      if (request.url.endsWith('/r/test')) return { body: "<redir status='OK' build='9364'/>" };
      // The worst servers echo what they were sent, headers and body.
      const echo = `${JSON.stringify(request.headers)} ${request.body ?? ''} ${secrets.join(' ')}`;
      const text = echo.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
      return {
        body: action.endsWith('#Fail') ? faultEnvelope(text, text) : responseOf('Echo', `<x>${text}</x>`),
      };
    },
    signIn === undefined ? {} : { signIn },
  );
  const feed = new CallFeed(
    fakeConnections({ a: client }).connections,
    () => undefined,
    () => undefined,
  );
  feed.recordsBodies = true;
  await finish(clock, client.logon());
  await finish(clock, client.call({ urn: 'cus:x', method: 'Echo' }));
  await finish(
    clock,
    client.call({ urn: 'cus:x', method: 'Fail' }).catch(() => undefined),
  );
  const { calls, rows } = feed;
  expect(calls.length).toBeGreaterThanOrEqual(3);
  // The server did write them, and they were found.
  expect(calls.at(-1)!.entry.reply!.split('•••').length).toBeGreaterThan(secrets.length);
  const written = [
    toHar(calls, '1.0'),
    toJsonLines(calls),
    ...calls.map(({ connection, entry }) => toText(connection, entry)),
    JSON.stringify(rows),
    JSON.stringify(calls),
  ].join('\n');
  expect(secrets.filter((secret) => written.includes(secret))).toEqual([]);
});

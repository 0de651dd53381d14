import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ConnectionSettings } from '../../../client/connection/connectionSettings.ts';
import type { Connections } from '../../../client/connection/connections.ts';
import { createConnections } from '../../../client/connection/createConnections.ts';
import type { CredentialValues } from '../../../client/connection/credentials.ts';
import { resolveNetworkSettings } from '../../../client/connection/networkSettings.ts';
import { nodeClock } from '../../../client/connection/nodeClock.ts';
import { createUndiciTransport } from '../../../client/connection/undiciTransport.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/campaign/sandbox.ts';

// The real client against a server that shares no code with it: SOAP over loopback, a session, a database.

/** What the hooks set up for each test. */
const box = {} as { sandbox: Sandbox; cacheFolder: string; connections: Connections };
beforeAll(async () => (box.sandbox = await startSandbox({ rows: 2000, schemas: 1000 })));
afterAll(() => box.sandbox.stop());

function connect(settings: Partial<ConnectionSettings> = {}, answer?: CredentialValues): Connections {
  const network = resolveNetworkSettings({}, {});
  const secrets = new Map<string, string>();
  return createConnections({
    readSettings: () => [
      { id: 'box', url: box.sandbox.url, login: box.sandbox.login, tier: 'development', ...settings },
    ],
    onDidChangeSettings: () => () => undefined,
    reportProblems: (problems) => {
      throw new Error(problems.join());
    },
    secrets: {
      get: (key) => Promise.resolve(secrets.get(key)),
      store: (key, value) => {
        secrets.set(key, value);
        return Promise.resolve();
      },
      delete: (key) => {
        secrets.delete(key);
        return Promise.resolve();
      },
    },
    askCredentials: () => Promise.resolve(answer ?? { password: box.sandbox.password }),
    memory: { get: () => undefined, set: () => Promise.resolve() },
    cacheFolder: box.cacheFolder,
    clock: nodeClock,
    userAgent: 'test',
    createTransport: () => createUndiciTransport({ network: () => network }),
  });
}

beforeEach(() => {
  box.cacheFolder = mkdtempSync(join(tmpdir(), 'sandbox-'));
  box.connections = connect();
});

afterEach(() => {
  box.connections.dispose();
  box.sandbox.setFaults([]);
  box.sandbox.set({ tps: 0, expiryStatus: 200, faultStatus: 200, retryAfter: 'none', replyForm: 'current' });
  box.sandbox.resetStats();
  rmSync(box.cacheFolder, { recursive: true, force: true });
});

async function catchError(promise: Promise<unknown>): Promise<CampaignError> {
  const error: unknown = await promise.then(
    () => new Error('Expected a failure.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CampaignError)) throw error;
  return error;
}

async function count(queryDef: string): Promise<number> {
  let rowCount = 0;
  for await (const batch of box.connections.active!.soap.executeQuery(queryDef))
    rowCount += batch.rows.length;
  return rowCount;
}

const recipients = (lineCount: number, where = ''): string =>
  `<queryDef schema="nms:recipient" operation="select" lineCount="${lineCount}"><select><node expr="@id"/><node expr="@email"/><node expr="[folder/@name]"/></select>${where}<orderBy><node expr="@id"/></orderBy></queryDef>`;

test('signs in, reads rows, signs out', async () => {
  const session = await box.connections.connect('box');
  expect(session).toMatchObject({ login: box.sandbox.login, releaseName: '8.6.2', rights: ['admin'] });
  const columns: (readonly string[])[] = [];
  for await (const batch of box.connections.active!.soap.executeQuery(recipients(5)))
    columns.push(batch.columns);
  expect(columns[0]).toEqual(expect.arrayContaining(['@id', '@email', 'folder/@name']));
  expect(await count(recipients(1500))).toBe(1500);
  await box.connections.disconnect('box');
  expect(box.connections.active!.state).toBe('disconnected');
});

test('an older build is read all the same: ISO-8859-1, prefixed elements, faults and expiry without codes', async () => {
  box.sandbox.set({ replyForm: 'old' });
  await box.connections.connect('box');
  const { soap } = box.connections.active!;
  expect(await count(recipients(20))).toBe(20);
  const names = `<queryDef schema="nms:recipient" operation="select" lineCount="2000"><select><node expr="@lastName"/></select><where><condition expr="@lastName = 'Weiß'" boolOperator="OR"/><condition expr="@lastName LIKE '%é%'"/></where></queryDef>`;
  const found = await soap.executeQueryXml(names);
  expect(found).toMatch(/lastName="[^"]*[éß]/);
  expect(found).not.toContain('\ufffd');
  expect((await catchError(count(recipients(1).replace('@email', '@emial')))).message).toContain('emial');
  box.sandbox.expireSessions();
  expect(await count(recipients(5))).toBe(5);
});

test('a count, a single record, and a record that is missing', async () => {
  const { soap } = box.connections.active!;
  const query = (operation: string, where: string): string =>
    `<queryDef schema="nms:recipient" operation="${operation}"><select><node expr="@email"/></select><where><condition expr="${where}"/></where></queryDef>`;
  expect(await soap.executeQueryXml(query('count', '@id > 0'))).toMatch(/^<recipient count="2000"\/>$/);
  expect(await soap.executeQueryXml(query('getIfExists', '@id = -1'))).toMatch(/^<recipient\s*\/>$/);
  expect((await catchError(soap.executeQueryXml(query('get', '@id = -1')))).campaignCode).toBe('WDB-200011');
});

test('a field that does not exist is told as the server tells it', async () => {
  const error = await catchError(count(recipients(1).replace('@email', '@emial')));
  expect(error.campaignCode).toBe('XTK-170036');
  expect(error.message).toContain('emial');
});

test('a model of 1,000 schemas: two calls for the list with the logon, one to see that nothing changed', async () => {
  const list = await box.connections.listSchemas({ refresh: true });
  expect(list!.schemas.length).toBeGreaterThan(1000);
  expect(list!.schemas.find(({ id }) => id === 'nms:recipient')).toMatchObject({
    md5: expect.any(String) as string,
  });
  expect(box.sandbox.stats().requests).toBe(2);
  expect(await box.connections.refreshModel()).toEqual([]);
  expect(box.sandbox.stats().requests).toBe(3);
  const xml = await box.connections.loadSchema('nms:recipient');
  expect(xml).toMatch(/^<schema[ >]/);
  expect(xml).toContain('name="recipient"');
  expect(await box.connections.loadSchema('nms:recipient')).toBe(xml);
  expect(await box.connections.loadSchema('nms:doesNotExist')).toBeNull();
  expect(box.sandbox.stats().requests).toBe(5);
});

test.each([200, 403])('an expired session (status %i) is renewed once for all', async (expiryStatus) => {
  box.sandbox.set({ expiryStatus });
  await box.connections.connect('box');
  box.sandbox.expireSessions();
  await Promise.all([count(recipients(3)), count(recipients(3)), count(recipients(3))]);
  expect(box.connections.active!.soap.figures.logonCount).toBe(2);
});

test('a write reaches the database, and a duplicate is explained', async () => {
  const { soap } = box.connections.active!;
  const option = (operation: string): string =>
    `<option xtkschema="xtk:option" _operation="${operation}" name="connectionTest" dataType="6" stringValue="é€"/>`;
  await soap.write(option('insert'));
  const [value] = await soap.call({
    urn: 'xtk:session',
    method: 'GetOption',
    parameters: [{ name: 'name', type: 'string', value: 'connectionTest' }],
  });
  expect(value!.value).toBe('é€');
  const error = await catchError(soap.write(option('insert')));
  expect(error.code).toBe('fault');
  expect(error.details.join('\n')).toContain('XSV-350023');
});

test('a known limit is kept without a single 429', async () => {
  box.sandbox.set({ tps: 50 });
  box.connections.dispose();
  box.connections = connect({ requestsPerSecond: 50, concurrency: 8 });
  await box.connections.connect('box');
  const { soap } = box.connections.active!;
  await Promise.all(Array.from({ length: 60 }, () => soap.call({ urn: 'xtk:session', method: 'TestCnx' })));
  expect(box.sandbox.stats().answered429).toBe(0);
  expect(soap.figures.throttledCount).toBe(0);
});

test('429 is waited for as the server asks, and no call is lost', async () => {
  await box.connections.connect('box');
  box.sandbox.setFaults([{ kind: 'tooManyRequests', method: 'TestCnx', times: 2, retryAfter: 1 }]);
  const { soap } = box.connections.active!;
  const reasons: string[] = [];
  await soap.call(
    { urn: 'xtk:session', method: 'TestCnx' },
    { onRetry: ({ reason }) => reasons.push(reason) },
  );
  expect(reasons).toEqual(Array(2).fill('The server said “too many requests” (429).'));
});

test('a truncated answer is read again; a page of a gateway is told', async () => {
  await box.connections.connect('box');
  box.sandbox.setFaults([{ kind: 'truncateReply', method: 'TestCnx', times: 1 }]);
  const { soap } = box.connections.active!;
  await soap.call({ urn: 'xtk:session', method: 'TestCnx' });
  box.sandbox.setFaults([{ kind: 'htmlPage', method: 'TestCnx', status: 200 }]);
  const error = await catchError(soap.call({ urn: 'xtk:session', method: 'TestCnx' }));
  expect(error.code).toBe('badResponse');
  expect(error.message).toContain('instead of SOAP');
});

test('a write whose answer is lost has an unknown outcome, and is sent once', async () => {
  await box.connections.connect('box');
  box.sandbox.setFaults([{ kind: 'dropConnection', method: 'Write', phase: 'after' }]);
  const error = await catchError(
    box.connections.active!.soap.write(
      '<option xtkschema="xtk:option" name="lost" dataType="6" stringValue="x"/>',
    ),
  );
  expect(error.outcome).toBe('unknown');
  expect(box.sandbox.stats().methods['xtk:persist#Write']?.calls).toBe(1);
});

test('IMS client credentials', async () => {
  box.connections.dispose();
  const credential = {
    CLIENT_ID: box.sandbox.imsClientId,
    CLIENT_SECRETS: [box.sandbox.imsClientSecret],
    SCOPES: ['openid', 'AdobeID'],
    ORG_ID: 'x@AdobeOrg',
  };
  box.connections = connect(
    { signIn: 'imsClientCredentials', imsUrl: `${box.sandbox.url}/ims/token/v3` },
    { credential: JSON.stringify(credential) },
  );
  const session = await box.connections.connect('box');
  expect(session.releaseName).toBe('8.6.2');
  expect(await count(recipients(3))).toBe(3);
  expect(box.connections.active!.soap.figures.logonCount).toBe(0);
  box.sandbox.expireSessions();
  expect(await count(recipients(3))).toBe(3);
});

test('a wrong password is asked for until the person backs out', async () => {
  box.connections.dispose();
  box.connections = connect({}, { password: 'wrong-password' });
  const error = await catchError(box.connections.active!.soap.logon());
  expect(error.code).toBe('signIn');
  expect(box.sandbox.stats().methods['xtk:session#Logon']?.calls).toBe(1);
  await catchError(box.connections.active!.soap.call({ urn: 'xtk:session', method: 'TestCnx' }));
  expect(box.sandbox.stats().methods['xtk:session#Logon']?.calls).toBe(1);
});

test('login and password in each call, without a logon, where the zone allows it', async () => {
  box.connections.dispose();
  const signIn = { signIn: 'userPassword' } as const;
  box.connections = connect(signIn);
  const refused = await catchError(box.connections.active!.soap.logon());
  expect([refused.code, refused.message.includes(box.sandbox.password)]).toEqual(['signIn', false]);
  box.connections.dispose();
  box.sandbox.set({ userPasswordToken: true });
  try {
    box.connections = connect(signIn);
    const { soap } = box.connections.active!;
    expect((await soap.logon()).login).toBe(box.sandbox.login);
    expect(await count('<queryDef schema="nms:recipient" operation="select" lineCount="3"/>')).toBe(3);
    expect(soap.log.entries.map(({ action }) => action)).not.toContain('xtk:session#Logon');
    await soap.logoff();
    box.connections.dispose();
    box.connections = connect(signIn, { password: 'wrong' });
    expect((await catchError(box.connections.active!.soap.logon())).code).toBe('signIn');
  } finally {
    box.sandbox.set({ userPasswordToken: false });
  }
});

test.each([
  ['as the Developer Console writes it', (json: string) => json],
  ['without the line breaks, as a field of one line takes it', (json: string) => json.replaceAll('\n', '')],
])('a credential %s', async (_how, paste) => {
  box.connections.dispose();
  const json = JSON.stringify(
    {
      ORG_ID: 'ABC@AdobeOrg',
      CLIENT_ID: box.sandbox.imsClientId,
      CLIENT_SECRETS: [box.sandbox.imsClientSecret],
      SCOPES: ['openid', 'AdobeID', 'campaign_sdk'],
      TECHNICAL_ACCOUNT_EMAIL: 'tech@techacct.adobe.com',
      TECHNICAL_ACCOUNT_ID: 'DEF@techacct.adobe.com',
    },
    undefined,
    2,
  );
  const ims = { signIn: 'imsClientCredentials', imsUrl: `${box.sandbox.url}/ims/token/v3` } as const;
  box.connections = connect(ims);
  // As the form does before it saves.
  const { settings } = box.connections.all[0]!;
  expect((await box.connections.test(settings, { credential: paste(json) })).loginId).toBeDefined();
  const broken = await catchError(box.connections.test(settings, { credential: json.slice(0, -3) }));
  expect(broken.message).toMatch(/^The credential is not JSON\. Paste the JSON of an OAuth Server-to-Server/);
});

test('options are read by name, once, and never with their values', async () => {
  await box.connections.connect('box');
  box.sandbox.resetStats();
  const [options, again] = await Promise.all([box.connections.listOptions(), box.connections.listOptions()]);
  expect(again).toBe(options);
  expect(options).toContainEqual({ name: 'cusShopUrl', type: 6, description: 'Address of the shop' });
  expect(JSON.stringify(options)).not.toContain('BIENVENUE10');
  expect(box.connections.active!.soap.figures.callCount).toBe(1);
  // Out of reach, what is on disk counts; after a refresh the instance is asked again.
  await box.connections.disconnect('box');
  const offline = connect();
  expect(await offline.listOptions()).toEqual(options);
  offline.dispose();
});

test('a refresh of the model reads the options again', async () => {
  await box.connections.connect('box');
  const options = await box.connections.listOptions();
  await box.connections.refreshModel();
  expect(await box.connections.listOptions()).not.toBe(options);
});

test('a library is read by the name scripts use', async () => {
  await box.connections.connect('box');
  expect(await box.connections.loadLibrary('cus:common.js')).toMatch(/function \w+/);
  expect(await box.connections.loadLibrary('cus:nothing.js')).toBeNull();
});

import { createRequire } from 'node:module';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { defaultSettings } from '../../sandbox/campaign/settings.ts';
import { startSandbox } from '../../sandbox/campaign/sandbox.ts';

/** The parts of Adobe's SDK used here; the package comes without types. */
interface Sdk {
  ConnectionParameters: {
    ofUserAndPassword(url: string, login: string, password: string, options?: object): object;
    ofBearerToken(url: string, token: string, options?: object): object;
    ofImsBearerToken(url: string, token: string, options?: object): object;
  };
  init(parameters: object): Promise<Client>;
}

/** A document in the SDK's simple form. */
type Entity = Record<string, unknown>;

interface Query {
  executeQuery(): Promise<unknown>;
  buildQuery(): Promise<string>;
  selectAll(duplicate: boolean): Promise<void>;
}

/** A document that methods of its schema are called on. */
interface EntityProxy {
  newInstance(): Promise<void>;
  save(): Promise<void>;
  inspect(): Entity;
}

interface SchemaNode {
  name: string;
  label: string;
  type: string;
  schema: Schema;
  findNode(path: string): Promise<SchemaNode | undefined>;
  linkTarget(): Promise<SchemaNode | undefined>;
}

interface Schema {
  id: string;
  label: string;
  root: SchemaNode;
  enumerations: Record<string, { values: Record<string, { label: string }> } | undefined>;
}

/** Static methods of a schema, by name in lower camel case. */
type Service = Record<
  'write' | 'writeCollection' | 'deleteCollection' | 'start' | 'startWithParameters' | 'stop',
  Call
> &
  Record<'getServerTime' | 'getNewIdsEx' | 'getUserInfo' | 'getOption' | 'diff', Call>;
type Call = (...parameters: unknown[]) => Promise<unknown>;

/** A call that runs on its own. */
interface Job {
  jobId: string;
  submit(): Promise<string>;
  execute(): Promise<string>;
  submitSoapCall(): Promise<string>;
  getStatus(): Promise<{ status: number; logs: { message: string; errorCode?: string }[] }>;
  getProgress(): number;
  getResult(): Promise<string>;
  cancel(): Promise<void>;
  hasWarning(): Promise<boolean>;
}

interface Client {
  logon(): Promise<void>;
  logoff(): Promise<void>;
  isLogged(): boolean;
  getOption(name: string): Promise<unknown>;
  setOption(name: string, value: unknown): Promise<void>;
  getSchema(id: string): Promise<Entity | null>;
  test(): Promise<Entity>;
  ping(): Promise<Entity>;
  clearAllCaches(): void;
  jobInterface(call: object): Job;
  application: {
    getSchema(id: string): Promise<Schema | null>;
    buildNumber: string;
    operator: { login: string; hasRight(right: string): boolean };
    hasPackage(id: string): boolean;
  };
  NLWS: {
    xtkSession: Service;
    xtkWorkflow: Service;
    xtkQueryDef: { create(queryDef: object): Query };
    xtkBuilder: Record<'evaluateJavaScript', Call>;
    xtkSpecFile: { create(specFile: object): { generateDoc(): Promise<Entity> } };
    nmsPrivacyRequest: Record<'createRequestByName', Call>;
    nmsBatchEvent: Record<'pushEvent', Call>;
    nmsDelivery: { create(delivery: object): EntityProxy };
  };
}

/** The SDK's own conversions between its three representations. */
interface DomUtilModule {
  DomUtil: {
    parse(xml: string): object;
    toJSON(document: object, flavor: string): object;
    toXMLString(document: object): string;
  };
}

const load = createRequire(import.meta.url);
const sdk = load('@adobe/acc-js-sdk') as Sdk;
const { DomUtil } = load('@adobe/acc-js-sdk/src/domUtil.js') as DomUtilModule;
const sandbox = await startSandbox({ rows: 20 });
afterAll(() => sandbox.stop());
beforeEach(() => {
  sandbox.set(defaultSettings());
  sandbox.setFaults([]);
});

const noCache = { noStorage: true, noMethodInURL: false };

async function connect(options: object = {}): Promise<Client> {
  const { url, login, password } = sandbox;
  const client = await sdk.init(
    sdk.ConnectionParameters.ofUserAndPassword(url, login, password, { ...noCache, ...options }),
  );
  await client.logon();
  return client;
}

const recipients = (more: object = {}): object => ({
  schema: 'nms:recipient',
  operation: 'select',
  lineCount: 3,
  select: { node: [{ expr: '@id' }, { expr: '@email' }, { expr: '[folder/@name]' }] },
  orderBy: { node: [{ expr: '@id' }] },
  ...more,
});

test('logon tells about server and operator', async () => {
  const client = await connect();
  expect(client.application.buildNumber).toBe('9469');
  expect(client.application.operator.login).toBe('admin');
  expect(client.application.operator.hasRight('admin')).toBe(true);
  expect(client.application.hasPackage('nms:core')).toBe(true);
  await client.logoff();
  expect(client.isLogged()).toBe(false);
});

test('wrong credentials are recognised', async () => {
  const client = await sdk.init(
    sdk.ConnectionParameters.ofUserAndPassword(sandbox.url, 'admin', 'no', noCache),
  );
  await expect(client.logon()).rejects.toThrow(/XSV-350012/);
});

test('health checks answer', async () => {
  const client = await connect();
  expect(await client.test()).toMatchObject({ status: 'OK', build: '9469', instance: 'sandbox' });
  expect(await client.ping()).toMatchObject({ status: 'OK' });
});

test('options are read with their type and written back', async () => {
  const client = await connect();
  expect(await client.getOption('XtkDatabaseId')).toEqual(expect.any(String));
  expect(await client.getOption('no such option')).toBeNull();
  await client.setOption('SdkText', 'hello');
  const number = { xtkschema: 'xtk:option', _key: '@name', name: 'SdkNumber', dataType: 3, longValue: 1 };
  await client.NLWS.xtkSession.write(number);
  await client.setOption('SdkNumber', 42);
  client.clearAllCaches();
  expect(await client.getOption('SdkText')).toBe('hello');
  expect(await client.getOption('SdkNumber')).toBe(42);
});

test('schemas are understood through the application object', async () => {
  const client = await connect();
  const schema = (await client.application.getSchema('nms:recipient'))!;
  expect([schema.id, schema.label]).toEqual(['nms:recipient', 'Recipients']);
  expect((await schema.root.findNode('@email'))?.type).toBe('string');
  expect((await schema.root.findNode('[location/@city]'))?.name).toBe('@city');
  expect((await schema.root.findNode('folder/@label'))?.label).toBe('Label');
  const subscription = await schema.root.findNode('subscription');
  expect((await subscription?.linkTarget())?.schema.id).toBe('nms:subscription');
  expect(schema.enumerations['gender']?.values['female']?.label).toEqual(expect.any(String));
  expect(await client.application.getSchema('no:such')).toBeNull();
});

const queryXml =
  '<queryDef schema="nms:recipient" operation="select" lineCount="3"><select><node expr="@id"/><node expr="@email"/><node expr="[folder/@name]"/></select><orderBy><node expr="@id"/></orderBy></queryDef>';

/** The query as the SDK wants to be given it. */
function inRepresentation(representation: string): object {
  if (representation === 'SimpleJson') return recipients();
  const document = DomUtil.parse(queryXml);
  if (representation === 'xml') return document;
  const json = DomUtil.toJSON(document, representation);
  // The SDK adds this name without the @ that BadgerFish asks for, and then cannot read it.
  return Object.defineProperty(json, 'xtkschema', { value: 'xtk:queryDef', enumerable: false });
}

test.each([
  ['SimpleJson', (answer: object) => answer],
  ['BadgerFish', (answer: object) => JSON.parse(JSON.stringify(answer).replaceAll('"@', '"')) as object],
  ['xml', (answer: object) => DomUtil.toJSON(answer, 'SimpleJson')],
] as const)('a query answers in %s', async (representation, toSimple) => {
  const client = await connect({ representation });
  const answer = await client.NLWS.xtkQueryDef.create(inRepresentation(representation)).executeQuery();
  const { recipient } = toSimple(answer as object) as { recipient: object[] };
  expect(recipient).toHaveLength(3);
  expect(recipient[0]).toEqual({
    id: expect.stringMatching(/^\d+$/) as string,
    email: expect.stringContaining('@') as string,
    folder: { name: expect.stringMatching(/\w/) as string },
  });
});

test('the operations of a query behave as the SDK expects', async () => {
  const client = await connect();
  const create = (more: object): Query => client.NLWS.xtkQueryDef.create(recipients(more));
  const nobody = { where: { condition: [{ expr: '@id = -1' }] } };
  expect(await create(nobody).executeQuery()).toEqual({ recipient: [] });
  expect(await create({ ...nobody, operation: 'getIfExists' }).executeQuery()).toBeNull();
  expect(await create({ ...nobody, operation: 'count' }).executeQuery()).toEqual({ count: '0' });
  await expect(create({ ...nobody, operation: 'get' }).executeQuery()).rejects.toThrow(/WDB-200011/);
  expect(await create({ operation: 'get' }).executeQuery()).toMatchObject({
    email: expect.stringContaining('@') as string,
  });
  expect(await create({}).buildQuery()).toMatch(
    /^SELECT R0\.iRecipientId, R0\.sEmail, R1\.sName FROM NmsRecipient R0/,
  );
});

test('selectAll completes a query, XML parts included', async () => {
  const client = await connect();
  const query = client.NLWS.xtkQueryDef.create({
    schema: 'xtk:workflow',
    operation: 'get',
    where: { condition: [{ expr: "@internalName = 'WKF_birthday'" }] },
  });
  await query.selectAll(false);
  expect(await query.executeQuery()).toMatchObject({
    internalName: 'WKF_birthday',
    activities: { schedule: { name: 'daily' } },
  });
});

test('documents are written and deleted, one or many', async () => {
  const client = await connect();
  const count = async (): Promise<unknown> => {
    const where = { condition: [{ expr: "@origin = 'sdk'" }] };
    return (
      (await client.NLWS.xtkQueryDef.create(recipients({ operation: 'count', where })).executeQuery()) as {
        count: unknown;
      }
    ).count;
  };
  const recipient = (email: string, more: object = {}): object => ({
    _key: '@email',
    email,
    origin: 'sdk',
    ...more,
  });
  await client.NLWS.xtkSession.write({ xtkschema: 'nms:recipient', ...recipient('one@sdk.example') });
  expect(await count()).toBe('1');
  await client.NLWS.xtkSession.writeCollection({
    xtkschema: 'nms:recipient',
    recipient: [recipient('one@sdk.example', { lastName: 'Changed' }), recipient('two@sdk.example')],
  });
  expect(await count()).toBe('2');
  await client.NLWS.xtkSession.deleteCollection(
    'nms:recipient',
    { condition: { expr: "@origin = 'sdk'" } },
    false,
  );
  expect(await count()).toBe('0');
});

test('an object is filled in and saved through its own schema', async () => {
  const client = await connect();
  const delivery = client.NLWS.nmsDelivery.create({ label: 'From the SDK' });
  await delivery.newInstance();
  const filled = delivery.inspect();
  expect(filled).toMatchObject({ label: 'From the SDK', _operation: 'insert' });
  await delivery.save();
  const found = await client.NLWS.xtkQueryDef
    .create({
      schema: 'nms:delivery',
      operation: 'get',
      select: { node: [{ expr: '@label' }, { expr: '@id' }] },
      where: { condition: [{ expr: `@id = ${String(filled['id'])}` }] },
    })
    .executeQuery();
  expect(found).toEqual({ label: 'From the SDK', id: String(filled['id']) });
});

test('static methods with parameters and results of several types', async () => {
  const client = await connect();
  expect(await client.NLWS.xtkSession.getServerTime()).toEqual(expect.any(Date));
  const ids = (await client.NLWS.xtkSession.getNewIdsEx(2, 'XtkNewId')) as string;
  expect(ids).toMatch(/^\d+,\d+$/);
  expect((await client.NLWS.xtkSession.getUserInfo()) as object).toMatchObject({ login: 'admin' });
  const [value, type] = (await client.NLWS.xtkSession.getOption('XtkDatabaseId')) as [string, number];
  expect([value, type]).toEqual([expect.any(String), 6]);
  await client.NLWS.xtkWorkflow.start('WKF_birthday');
  await client.NLWS.xtkWorkflow.startWithParameters('WKF_birthday', { x: 1 });
  await expect(client.NLWS.xtkWorkflow.stop('nothing')).rejects.toThrow(/XSV-350000/);
});

test('a job is submitted, watched and read', async () => {
  const client = await connect();
  const job = client.jobInterface({
    xtkschema: 'nms:delivery',
    method: 'Prepare',
    object: { xtkschema: 'nms:delivery', internalName: 'DM_springCollection' },
  });
  sandbox.set({ workflowDelayMs: 3_600_000 });
  expect(await job.submit()).toMatch(/^\d+\/nms:delivery@@/);
  expect(await job.getStatus()).toMatchObject({ status: 2, logs: [] });
  await job.cancel();
  expect(await job.getStatus()).toMatchObject({ status: 3 });
  sandbox.set({ workflowDelayMs: 0 });
  await job.execute();
  expect((await job.getStatus()).logs.map(({ message }) => message)).toEqual([
    'The job is started.',
    'The job is finished.',
  ]);
  expect([job.getProgress(), await job.hasWarning()]).toEqual([1, false]);
  expect(await job.getResult()).toContain('PrepareResponse');
});

test('a job that fails gives the SDK its code', async () => {
  const client = await connect();
  const job = client.jobInterface({ xtkschema: 'nms:delivery', method: 'Prepare', object: { label: 'x' } });
  await job.submit();
  const { status, logs } = await job.getStatus();
  expect([status, logs.at(-1)?.errorCode, await job.hasWarning()]).toEqual([6, 'DLV-490009', true]);
});

test('calls with parameters run as jobs, of a document or static', async () => {
  const client = await connect();
  const proof = client.jobInterface({
    xtkschema: 'nms:delivery',
    method: 'PrepareProof',
    object: { xtkschema: 'nms:delivery', internalName: 'DM_springCollection' },
  });
  await proof.submitSoapCall();
  expect(await proof.getStatus()).toMatchObject({ status: 5 });
  const text = client.jobInterface({
    xtkschema: 'nms:delivery',
    method: 'HtmlToText',
    jobId: '1',
    args: [{ type: 'string', value: '<b>Hi</b>' }],
  });
  await text.submitSoapCall();
  await text.getStatus();
  expect(await text.getResult()).toContain('Hi');
});

test('what the server refuses to do reaches the SDK with its code', async () => {
  const client = await connect();
  await expect(client.NLWS.xtkBuilder.evaluateJavaScript('t', '1 + 1', { ctx: {} })).rejects.toMatchObject({
    detail: expect.stringContaining('BAS-010007') as string,
  });
});

test('documents of several schemas are called by the declarations of the schemas', async () => {
  const client = await connect();
  const specFile = client.NLWS.xtkSpecFile.create({
    namespace: 'cus',
    name: 'sdk',
    label: 'From the SDK',
    definition: [{ schema: 'xtk:javascript', where: { condition: [{ expr: "@name = 'csv.js'" }] } }],
  });
  expect(await specFile.generateDoc()).toMatchObject({
    label: 'From the SDK',
    entities: { schema: 'xtk:javascript', javascript: { name: 'csv.js' } },
  });
  const [original, current] = (await client.NLWS.xtkSession.diff('xtk:schema|nms:recipient')) as [
    string,
    string,
  ];
  expect([original.includes('name="favoriteStore"'), current.includes('name="favoriteStore"')]).toEqual([
    false,
    true,
  ]);
  expect(
    await client.NLWS.nmsPrivacyRequest.createRequestByName('EMAIL', 'a@example.com', 1, false, 1),
  ).toEqual(expect.any(Number));
});

test('identifiers of 64 bits come as text, dates as dates', async () => {
  const client = await connect();
  const id = await client.NLWS.nmsBatchEvent.pushEvent({
    type: 'sdk',
    email: 'sdk@example.com',
    ctx: { a: 1 },
  });
  expect(id).toMatch(/^\d+$/);
  const event = await client.NLWS.xtkQueryDef
    .create({
      schema: 'nms:batchEvent',
      operation: 'get',
      select: { node: [{ expr: '@type' }, { expr: 'data' }] },
      where: { condition: [{ expr: `@id = ${String(id)}` }] },
    })
    .executeQuery();
  expect(event).toMatchObject({ type: 'sdk', ctx: { a: '1' } });
});

test('an entity is fetched once and then only when it changed', async () => {
  const client = await connect();
  expect(await client.getSchema('cus:store')).toMatchObject({ element: { name: 'store' } });
  sandbox.resetStats();
  await client.getSchema('cus:store');
  expect(sandbox.stats().requests).toBe(0);
});

test('faults keep their code and detail', async () => {
  const client = await connect();
  const query = client.NLWS.xtkQueryDef.create(recipients({ select: { node: [{ expr: '@nope' }] } }));
  await expect(query.executeQuery()).rejects.toMatchObject({
    errorCode: 'SOP-330011',
    detail: expect.stringContaining('XTK-170036') as string,
  });
});

test.each([200, 403])('an expired session is recognised (status %d) and refreshed', async (expiryStatus) => {
  sandbox.set({ expiryStatus });
  const { url, login, password } = sandbox;
  const parameters = sdk.ConnectionParameters.ofUserAndPassword(url, login, password, {
    ...noCache,
    refreshClient: async (expired: Client) => {
      await expired.logon();
      return expired;
    },
  });
  const client = await sdk.init(parameters);
  await client.logon();
  sandbox.expireSessions();
  sandbox.resetStats();
  expect(await client.NLWS.xtkSession.getServerTime()).toEqual(expect.any(Date));
  expect(await client.getOption('XtkDatabaseId')).toEqual(expect.any(String));
  expect(sandbox.stats().methods['xtk:session#Logon']?.calls).toBeGreaterThan(0);
});

test('bearer tokens open a session, or stand for one', async () => {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: sandbox.imsClientId,
    client_secret: sandbox.imsClientSecret,
    scope: 'campaign',
  });
  const response = await fetch(`${sandbox.url}/ims/token/v3`, { method: 'POST', body: form });
  const { access_token: token } = (await response.json()) as { access_token: string };
  for (const kind of ['ofBearerToken', 'ofImsBearerToken'] as const) {
    const client = await sdk.init(sdk.ConnectionParameters[kind](sandbox.url, token, noCache));
    await client.logon();
    expect(await client.getOption('XtkDatabaseId')).toEqual(expect.any(String));
  }
});

test('a 429 reaches the SDK as such', async () => {
  const client = await connect();
  sandbox.setFaults([{ kind: 'tooManyRequests', times: 1 }]);
  await expect(client.NLWS.xtkQueryDef.create(recipients()).executeQuery()).rejects.toMatchObject({
    statusCode: 429,
  });
});

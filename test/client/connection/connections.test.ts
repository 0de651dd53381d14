import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { ConnectionsChange, Connections } from '../../../client/connection/connections.ts';
import { createConnections } from '../../../client/connection/createConnections.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { TransportError } from '../../../core/soap/transport.ts';
import {
  FakeClock,
  FakeTransport,
  logonResponse,
  password,
  responseOf,
  securityToken,
  sessionToken,
  type Answer,
} from '../../core/soap/fakes.ts';

/** Runs the fake clock while the disk, which has a time of its own, gets its turns. */
async function finish<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  const progress = { isDone: false };
  const stop = (): void => void (progress.isDone = true);
  promise.then(stop, stop);
  while (!progress.isDone) {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(20);
  }
  return promise;
}

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

/** An instance of few words: schemas by id, with their hashes. */
interface FakeInstance {
  schemas: Record<string, { md5: string; label: string }>;
  rightPassword: string;
  isDown: boolean;
  hasHashes: boolean;
  isStale: boolean;
  /** More `TestCnx` in a second than these are answered 429. */
  limitPerSecond: number;
}

function createWorld(
  settings: unknown = [{ id: 'acme', name: 'Acme', url: 'https://acme.example/', login: 'admin' }],
) {
  const folder = mkdtempSync(join(tmpdir(), 'connections-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const instance: FakeInstance = {
    schemas: {
      'nms:recipient': { md5: 'A1', label: 'Recipients' },
      'xtk:folder': { md5: 'B1', label: 'Folders' },
    },
    rightPassword: password,
    isDown: false,
    hasHashes: true,
    isStale: false,
    limitPerSecond: Infinity,
  };
  const clock = new FakeClock();
  const secrets = new Map<string, string>();
  const memory = new Map<string, string>();
  const problems: string[] = [];
  const asked: string[] = [];
  const answers: (string | undefined)[] = [];
  const transports: FakeTransport[] = [];
  let onSettings: () => void = () => undefined;
  const world = {
    folder,
    instance,
    clock,
    secrets,
    memory,
    problems,
    asked,
    answers,
    settings,
    changes: [] as ConnectionsChange[],
    get actions(): string[] {
      return transports.flatMap((transport) => transport.actions);
    },
    changeSettings(value: unknown) {
      world.settings = value;
      onSettings();
    },
    create(): Connections {
      const connections = createConnections({
        readSettings: () => world.settings,
        onDidChangeSettings: (listener) => {
          onSettings = listener;
          return () => undefined;
        },
        reportProblems: (found) => void problems.push(...found),
        secrets: {
          get: (key) => Promise.resolve(secrets.get(key)),
          store: (key, value) => Promise.resolve(void secrets.set(key, value)),
          delete: (key) => Promise.resolve(void secrets.delete(key)),
        },
        askCredentials: (_settings, fields, reason) => {
          asked.push(`${reason} ${fields.map(({ name }) => name).join(' ')}`);
          const answer = answers.shift();
          if (answer === undefined) return Promise.resolve(undefined);
          return Promise.resolve(Object.fromEntries(fields.map(({ name }) => [name, answer])));
        },
        memory: {
          get: (key) => memory.get(key),
          set: (key, value) => {
            if (value === undefined) memory.delete(key);
            else memory.set(key, value);
            return Promise.resolve();
          },
        },
        cacheFolder: join(folder, 'schemas'),
        clock,
        userAgent: 'test',
        createTransport: () => {
          let times: number[] = [];
          const isRefused = (action: string): boolean => {
            if (action !== 'xtk:session#TestCnx') return false;
            times = times.filter((at) => at > clock.time - 1000);
            return times.length >= instance.limitPerSecond || times.push(clock.time) < 0;
          };
          const transport = new FakeTransport(clock, (request) =>
            isRefused(request.headers['SOAPAction'] ?? '')
              ? { status: 429 }
              : respond(instance, request.body ?? '', request.headers['SOAPAction'] ?? ''),
          );
          transports.push(transport);
          return Object.assign(transport, { close: () => undefined });
        },
      });
      connections.onDidChange((change) => world.changes.push(change));
      cleanUps.push(() => connections.dispose());
      return connections;
    },
  };
  return world;
}

function respond(instance: FakeInstance, body: string, action: string): Answer | TransportError {
  if (instance.isDown) return new TransportError('refused', 'refused', { unsent: true });
  if (action === 'xtk:session#Logon') {
    const isRight = body.includes(instance.rightPassword.replace('&', '&amp;'));
    return isRight
      ? { body: logonResponse() }
      : { status: 403, body: 'XSV-350012 Invalid login or password. Connection denied.' };
  }
  if (action === 'xtk:queryDef#ExecuteQuery') {
    if (!instance.hasHashes && body.includes('@md5')) {
      return {
        body: responseOf('X').replace(
          /<XResponse[\s\S]*<\/XResponse>/,
          "<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>SOP-330011</faultstring><detail>XTK-170036 Attribute 'md5' unknown</detail></SOAP-ENV:Fault>",
        ),
      };
    }
    const start = Number(/startLine="(\d+)"/.exec(body)![1]);
    const count = Number(/lineCount="(\d+)"/.exec(body)![1]);
    const rows = Object.entries(instance.schemas)
      .slice(start, start + count)
      .map(([id, { md5, label }]) => {
        const [namespace, name] = id.split(':');
        return `<schema namespace="${namespace!}" name="${name!}" label="${label}"${instance.hasHashes ? ` md5="${md5}"` : ''} _cs="x"/>`;
      });
    return {
      body: responseOf(
        'ExecuteQuery',
        `<pdomOutput xsi:type='ns:Element'><schema-collection>${rows.join('')}</schema-collection></pdomOutput>`,
        'xtk:queryDef',
      ),
    };
  }
  if (action === 'xtk:persist#GetEntityIfMoreRecent') {
    const id = /xtk:schema\|([^<]+)</.exec(body)![1]!;
    const sent = /<strMd5[^>]*>([^<]*)</.exec(body)?.[1] ?? '';
    const schema = instance.schemas[id];
    const xml =
      schema === undefined || sent === schema.md5
        ? ''
        : `<schema namespace="${id.split(':')[0]!}" name="${id.split(':')[1]!}" md5="${schema.md5}"/>`;
    return { body: responseOf('GetEntityIfMoreRecent', `<pdomDoc xsi:type='ns:Element'>${xml}</pdomDoc>`) };
  }
  return { body: responseOf(action.split('#')[1]!) };
}

async function catchError(promise: Promise<unknown>): Promise<CampaignError> {
  const error: unknown = await promise.then(
    () => new Error('Expected a failure.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof CampaignError)) throw error;
  return error;
}

test('connecting asks for the password once and keeps it only after the server has accepted it', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push('wr0ng-password', password);
  const session = await finish(world.clock, connections.connect('acme'));
  expect(session.login).toBe('admin');
  expect(world.asked).toEqual(['missing password', 'refused password']);
  expect([...world.secrets.values()].map((text) => JSON.parse(text) as unknown)).toEqual([
    { destination: 'https://acme.example', values: { login: 'admin', password } },
  ]);
  expect(connections.active?.settings.id).toBe('acme');
  const states = world.changes.filter(({ kind }) => kind === 'state').length;
  expect(states).toBe(4); // connecting, disconnected (refused), connecting, connected

  await finish(world.clock, connections.disconnect('acme'));
  expect(connections.active?.state).toBe('disconnected');
  await finish(world.clock, connections.connect('acme'));
  expect(world.asked).toHaveLength(2);
});

test('backing out of the question is a cancellation, and stores nothing', async () => {
  const world = createWorld();
  const connections = world.create();
  expect((await catchError(finish(world.clock, connections.connect('acme')))).code).toBe('cancelled');
  expect(world.secrets.size).toBe(0);
  expect(world.actions).toEqual([]);
});

test('a stored password goes to no other address, even under the same id', async () => {
  const world = createWorld();
  let connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  connections.dispose();
  world.settings = [{ id: 'acme', name: 'Acme', url: 'https://evil.example/', login: 'admin' }];
  connections = world.create();
  const before = world.actions.length;
  expect((await catchError(finish(world.clock, connections.connect('acme')))).code).toBe('cancelled');
  expect(world.asked).toEqual(['missing password', 'missing password']);
  expect(world.actions).toHaveLength(before);
});

test('settings can be tested before they are saved, and their credentials kept for then', async () => {
  const world = createWorld([]);
  const connections = world.create();
  const settings = {
    id: 'new',
    name: 'New',
    url: 'https://new.example',
    signIn: 'password',
    tier: 'test',
  } as const;
  const values = { login: 'admin', password };
  expect((await finish(world.clock, connections.test(settings, values))).login).toBe('admin');
  const refused = connections.test(settings, { login: 'admin', password: 'wr0ng-password' });
  expect((await catchError(finish(world.clock, refused))).code).toBe('signIn');
  expect(world.secrets.size).toBe(0);
  await connections.storeCredentials(settings, values);
  world.changeSettings([settings]);
  await finish(world.clock, connections.connect('new'));
  expect(world.asked).toEqual([]);
  expect(world.actions).toEqual([
    'xtk:session#Logon',
    'xtk:session#Logoff',
    'xtk:session#Logon',
    'xtk:session#Logon',
  ]);
});

test('traffic that is held stays so when a setting is changed, and what was called is still known', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  connections.holdTraffic('acme', true);
  expect(world.changes.at(-1)).toEqual({ kind: 'traffic', connectionId: 'acme' });
  const before = connections.get('acme')!;
  world.changeSettings([{ id: 'acme', name: 'Renamed', url: 'https://acme.example/', login: 'admin' }]);
  const after = connections.get('acme')!;
  expect(after).not.toBe(before);
  expect(after.soap.figures.held).toBe(true);
  expect(after.soap.log.entries.map(({ action }) => action)).toContain('xtk:session#Logon');
  connections.holdTraffic('acme', false);
  expect(after.soap.figures.held).toBe(false);
});

test('a limit that was found is remembered with the address, and kept to the next time', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  world.instance.limitPerSecond = 10;
  const { soap } = connections.get('acme')!;
  const call = { urn: 'xtk:session', method: 'TestCnx' } as const;
  await finish(world.clock, Promise.all(Array.from({ length: 200 }, () => soap.call(call))));
  const key = 'campaign.foundPerSecond:acme@acme.example';
  expect(Number(world.memory.get(key))).toBeGreaterThan(8);
  expect(Number(world.memory.get(key))).toBeLessThanOrEqual(10);
  connections.dispose();
  const again = world.create().get('acme')!.soap;
  await finish(world.clock, Promise.all(Array.from({ length: 40 }, () => again.call(call))));
  expect(again.figures.throttledCount).toBe(0);
});

test('forgetting leaves nothing of any way to sign in, in the store or in memory', async () => {
  const world = createWorld();
  const connections = world.create();
  const modes = [
    'password',
    'imsClientCredentials',
    'bearer',
    'bearerLogon',
    'session',
    'userPassword',
  ] as const;
  const { settings } = connections.get('acme')!;
  for (const signIn of modes) {
    await connections.storeCredentials(
      { ...settings, signIn },
      { login: 'admin', password, credential: 'c', token: 't' },
    );
  }
  await connections.storeCredentials({ ...settings, id: 'other' }, { login: 'x', password: 'y' });
  expect(world.secrets.size).toBe(modes.length + 1);
  await finish(world.clock, connections.connect('acme'));
  const { soap } = connections.get('acme')!;
  soap.log.captureBodies = true;
  await finish(world.clock, connections.forgetCredentials('acme'));
  expect([...world.secrets.keys()]).toEqual(['campaign.password:other']);
  expect(soap.session).toBeUndefined();
  expect(JSON.stringify([soap.log.entries, ...world.memory])).not.toContain(password);
  // What calls again has to ask, and gives up when nobody answers.
  expect(
    (await catchError(finish(world.clock, soap.call({ urn: 'xtk:session', method: 'TestCnx' })))).code,
  ).toBe('cancelled');
  expect(world.asked).toEqual(['missing password']);
});

test('forgetting deletes the secret and ends the session', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.forgetCredentials('acme'));
  expect(world.secrets.size).toBe(0);
  expect(world.actions).toEqual(['xtk:session#Logon', 'xtk:session#Logoff']);
});

test('the model is read once, kept on disk, and usable offline by the next start', async () => {
  const world = createWorld();
  let connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  expect((await finish(world.clock, connections.listSchemas()))!.schemas).toEqual([
    { id: 'nms:recipient', label: 'Recipients', md5: 'A1' },
    { id: 'xtk:folder', label: 'Folders', md5: 'B1' },
  ]);
  const xml = await finish(world.clock, connections.loadSchema('nms:recipient'));
  expect(xml).toBe('<schema namespace="nms" name="recipient" md5="A1"/>');
  expect(await finish(world.clock, connections.loadSchema('nms:recipient'))).toBe(xml);
  expect(await finish(world.clock, connections.loadSchema('nms:none'))).toBeNull();
  expect(world.actions).toEqual([
    'xtk:session#Logon',
    'xtk:queryDef#ExecuteQuery',
    'xtk:persist#GetEntityIfMoreRecent',
    'xtk:persist#GetEntityIfMoreRecent',
  ]);

  connections.dispose();
  world.instance.isDown = true;
  connections = world.create();
  expect((await connections.listSchemas())!.schemas).toHaveLength(2);
  expect(await connections.loadSchema('nms:recipient')).toBe(xml);
  expect(world.actions).toHaveLength(4);
  expect((await catchError(finish(world.clock, connections.loadSchema('xtk:folder')))).code).toBe('network');
});

test('concurrent requests for one schema are one', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, Promise.all([1, 2, 3].map(() => connections.loadSchema('nms:recipient'))));
  expect(world.actions.filter((action) => action.endsWith('IfMoreRecent'))).toHaveLength(1);
});

test('without a stored password the background never asks for one', async () => {
  const world = createWorld();
  const connections = world.create();
  const attempts: Promise<unknown>[] = [connections.listSchemas(), connections.loadSchema('nms:recipient')];
  for (const attempt of attempts) {
    expect((await catchError(finish(world.clock, attempt))).message).toBe(
      'Not connected to Acme. Connect first (Campaign: Connect).',
    );
  }
  expect(world.asked).toEqual([]);
  expect(world.actions).toEqual([]);
});

test('after a disconnect the background does not sign in again, a person can', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.disconnect('acme'));
  const before = world.actions.length;
  const error = await catchError(finish(world.clock, connections.loadSchema('nms:recipient')));
  expect(error.message).toContain('Not connected to Acme.');
  expect(world.actions).toHaveLength(before);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.loadSchema('nms:recipient'));
});

test('a refresh of an unchanged model of 1,000 schemas takes one call, and announces no change', async () => {
  const world = createWorld();
  for (let i = 0; i < 998; i++)
    world.instance.schemas[`cus:table${i}`] = { md5: `C${i}`, label: `Table ${i}` };
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.refreshModel());
  const before = world.actions.length;
  world.changes.length = 0;
  expect(await finish(world.clock, connections.refreshModel())).toEqual([]);
  expect(world.actions.length - before).toBe(1);
  expect(world.changes).toEqual([{ kind: 'checked', connectionId: 'acme' }]);
  expect((await connections.listSchemas())!.schemas).toHaveLength(1000);
});

test('the models of several connections are read side by side, whichever is active', async () => {
  const world = createWorld([
    { id: 'acme', name: 'Acme', url: 'https://acme.example/', login: 'admin' },
    { id: 'other', name: 'Other', url: 'https://other.example/', login: 'admin' },
  ]);
  const connections = world.create();
  world.answers.push(password, password);
  await finish(world.clock, connections.connect('other'));
  await finish(world.clock, connections.connect('acme'));
  const other = { connectionId: 'other' };
  expect(await connections.modelState(other)).toBeUndefined();
  expect(await finish(world.clock, connections.listSchemas(other))).toMatchObject({ connection: 'other' });
  expect(await connections.modelState(other)).toMatchObject({ schemaCount: 2 });
  expect(await connections.modelState()).toBeUndefined();
  expect(await finish(world.clock, connections.loadSchema('nms:recipient', other))).toContain('md5="A1"');
  world.changes.length = 0;
  world.instance.schemas['nms:recipient']!.md5 = 'A2';
  const changed = await finish(world.clock, connections.refreshModel(undefined, other));
  expect(changed).toEqual(['nms:recipient']);
  expect(world.changes).toEqual([
    { kind: 'checked', connectionId: 'other' },
    { kind: 'model', connectionId: 'other', schemaIds: changed },
  ]);
  expect(connections.active?.settings.id).toBe('acme');
});

test('a refresh tells what was added, changed and removed, and drops the old texts', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.listSchemas());
  await finish(
    world.clock,
    Promise.all(['nms:recipient', 'xtk:folder'].map((id) => connections.loadSchema(id))),
  );
  const files = (): string[] => readdirSync(join(world.folder, 'schemas', 'acme%40acme.example')).sort();
  expect(files()).toEqual(['index.json', 'nms%3Arecipient-A1.xml', 'xtk%3Afolder-B1.xml']);

  world.instance.schemas = {
    'nms:recipient': { md5: 'A2', label: 'Recipients' },
    'cus:x': { md5: 'D', label: 'X' },
  };
  const changed = await finish(world.clock, connections.refreshModel());
  expect(changed.sort()).toEqual(['cus:x', 'nms:recipient', 'xtk:folder']);
  expect(world.changes.at(-1)).toEqual({ kind: 'model', connectionId: 'acme', schemaIds: changed });
  expect(await finish(world.clock, connections.loadSchema('nms:recipient'))).toContain('md5="A2"');
  expect(files()).toEqual(['index.json', 'nms%3Arecipient-A2.xml']);
});

test('an older text stands in while the instance is out of reach', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.listSchemas());
  await finish(world.clock, connections.loadSchema('nms:recipient'));
  world.instance.schemas['nms:recipient']!.md5 = 'A2';
  await finish(world.clock, connections.refreshModel());
  world.instance.isDown = true;
  expect(await finish(world.clock, connections.loadSchema('nms:recipient'))).toContain('md5="A1"');
});

test('where the list has no hashes, a stored text is compared once', async () => {
  const world = createWorld();
  world.instance.hasHashes = false;
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  expect((await finish(world.clock, connections.listSchemas()))!.schemas[0]).toEqual({
    id: 'nms:recipient',
    label: 'Recipients',
  });
  for (let i = 0; i < 3; i++) await finish(world.clock, connections.loadSchema('nms:recipient'));
  const loads = (): number => world.actions.filter((action) => action.endsWith('IfMoreRecent')).length;
  expect(loads()).toBe(1);
  await finish(world.clock, connections.refreshModel());
  expect(await finish(world.clock, connections.loadSchema('nms:recipient'))).toContain('md5="A1"');
  await finish(world.clock, connections.loadSchema('nms:recipient'));
  expect(loads()).toBe(2);
});

test('a damaged index is read anew', async () => {
  const world = createWorld();
  let connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.listSchemas());
  connections.dispose();
  writeFileSync(join(world.folder, 'schemas', 'acme%40acme.example', 'index.json'), '{"version":1,"sche');
  connections = world.create();
  expect((await finish(world.clock, connections.listSchemas()))!.schemas).toHaveLength(2);
});

test('changing a connection closes it and keeps the others open', async () => {
  const world = createWorld([
    { id: 'a', url: 'https://a.example', login: 'admin' },
    { id: 'b', url: 'https://b.example', login: 'admin' },
  ]);
  const connections = world.create();
  expect(connections.active).toBeUndefined();
  world.answers.push(password, password);
  await finish(world.clock, connections.connect('a'));
  await finish(world.clock, connections.connect('b'));
  const [a, b] = connections.all;
  world.changeSettings([
    { id: 'a', url: 'https://a.example', login: 'admin' },
    { id: 'b', url: 'https://other.example', login: 'admin' },
  ]);
  expect(connections.get('a')).toBe(a);
  expect(a!.state).toBe('connected');
  expect(connections.get('b')).not.toBe(b);
  expect((await catchError(b!.soap.call({ urn: 'xtk:session', method: 'TestCnx' }))).message).toBe(
    'The connection was closed.',
  );
  expect(world.changes.map(({ kind }) => kind)).toContain('active');
});

test('production is read-only until a person allows writing, and again after', async () => {
  const world = createWorld();
  const connections = world.create();
  const { soap } = connections.active!;
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  const write = (): Promise<void> => soap.write('<option xtkschema="xtk:option" name="x"/>');
  expect((await catchError(write())).code).toBe('readOnly');
  connections.allowWrites('acme', 60_000);
  expect(soap.isReadOnly).toBe(false);
  await finish(world.clock, write());
  await world.clock.advance(61_000);
  expect(soap.isReadOnly).toBe(true);
  expect((await catchError(write())).code).toBe('readOnly');
  connections.allowWrites('acme', 60_000);
  connections.allowWrites('acme', 0);
  expect((await catchError(write())).code).toBe('readOnly');
  expect(world.changes.filter(({ kind }) => kind === 'access')).toHaveLength(4);
  expect(world.actions.filter((action) => action === 'xtk:persist#Write')).toHaveLength(1);
});

test('other tiers may be written to', async () => {
  const world = createWorld([
    { id: 'acme', url: 'https://acme.example', login: 'admin', tier: 'development' },
  ]);
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.active!.soap.write('<option xtkschema="xtk:option" name="x"/>'));
  expect(world.actions).toContain('xtk:persist#Write');
});

test.each([
  [{}, 'campaign.connections must be a list of connections.'],
  [
    [{ name: 'x' }],
    'campaign.connections[0] has no url; write the address of the instance, e.g. https://acme.campaign.adobe.com.',
  ],
  [
    [{ url: 'ftp://x' }],
    'campaign.connections[0]: “ftp://x” is no address of an instance; write e.g. https://acme.campaign.adobe.com.',
  ],
  [
    [{ url: 'https://ann:hunter22@x' }],
    'campaign.connections[0]: “https://x” is no address of an instance; write e.g. https://acme.campaign.adobe.com.',
  ],
  [
    [{ url: 'https://x', password: 'p' }],
    'campaign.connections[0] holds “password”: secrets do not belong in settings. Remove it; connecting asks once and keeps it safe.',
  ],
  [
    [{ url: 'https://x', tier: 'prod' }],
    'campaign.connections[0]: tier “prod” is none of development, test, staging, production.',
  ],
  [
    [{ url: 'https://x', methodLimits: { Write: 5 } }],
    'campaign.connections[0]: methodLimits must name methods with a number above 0, e.g. { "xtk:persist#IngestExt": 20 }.',
  ],
  [
    [{ url: 'https://x', imsUrl: 'http://evil.example/token' }],
    'campaign.connections[0]: imsUrl must be an https address; the secret is sent to it.',
  ],
  ...['requestsPerSecond', 'concurrency', 'timeoutSeconds'].flatMap((field) =>
    [0, -1, '5', null].map((value): [unknown, string] => [
      [{ url: 'https://x', [field]: value }],
      `campaign.connections[0]: ${field} must be a number above 0; leave it out for the default.`,
    ]),
  ),
  [
    [{ url: 'https://x', certFile: 'client.pem' }],
    'campaign.connections[0]: certFile and keyFile belong together; name both or neither.',
  ],
  [
    [{ url: 'https://x' }, { url: 'https://x' }],
    'campaign.connections: the id “x” is used twice; give the second its own.',
  ],
])('settings %j are told apart with one sentence', (settings, problem) => {
  const world = createWorld(settings);
  world.create();
  expect(world.problems).toEqual([problem]);
});

test('a connection without a tier counts as production, and its address loses what people paste along', () => {
  const world = createWorld([{ url: 'https://acme.example/nl/jsp/soaprouter.jsp?x=1' }]);
  expect(world.create().all[0]!.settings).toEqual({
    id: 'acme.example',
    name: 'acme.example',
    url: 'https://acme.example',
    tier: 'production',
    signIn: 'password',
  });
});

test('nothing written to disk or memory holds a secret', async () => {
  const world = createWorld();
  const connections = world.create();
  world.answers.push(password);
  await finish(world.clock, connections.connect('acme'));
  await finish(world.clock, connections.listSchemas());
  await finish(world.clock, connections.loadSchema('nms:recipient'));
  const folder = join(world.folder, 'schemas', 'acme%40acme.example');
  expect(existsSync(folder)).toBe(true);
  const everything = [
    ...readdirSync(folder).map((name) => name + readFileSync(join(folder, name), 'utf8')),
    JSON.stringify([...world.memory]),
    JSON.stringify(world.changes),
    JSON.stringify(connections.all.map(({ settings, session }) => ({ settings, session }))),
  ].join();
  expect(everything).toContain('recipient');
  for (const secret of [password, sessionToken, securityToken]) expect(everything).not.toContain(secret);
});

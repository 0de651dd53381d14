import { afterEach, expect, test } from 'vitest';
import { CancellationTokenSource, ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import {
  indexModelRequest,
  listSchemasRequest,
  loadSchemaRequest,
  locateSchemaRequest,
  modelChangedNotification,
  searchModelRequest,
  type IndexModelParams,
  type IndexModelResult,
  type LoadSchemaParams,
  type LocateSchemaParams,
  type LocateSchemaResult,
  type SearchModelParams,
  type SearchModelResult,
} from '../../core/protocol/messages.ts';
import { startTestClient, type TestClient } from '../support/languageClient.ts';
import { generateSchemas } from '../support/largeModel.ts';

const clients: TestClient[] = [];

afterEach(() => {
  for (const client of clients.splice(0)) client.dispose();
});

/** An instance of 30 schemas, of which the first ten are on the client's disk. */
class Instance {
  readonly texts = generateSchemas({ schemas: 30, fields: 3 });
  readonly onDisk = new Set([...this.texts.keys()].slice(0, 10));
  readonly loads: LoadSchemaParams[] = [];
  isReachable = true;
  onLoad: (() => void) | undefined;

  list() {
    return {
      connection: 'test',
      schemas: [...this.texts.keys()].map((id) => ({ id, label: `Label of ${id}` })),
    };
  }

  load(params: LoadSchemaParams) {
    this.loads.push(params);
    this.onLoad?.();
    const xml = this.texts.get(params.schemaId);
    if (this.onDisk.has(params.schemaId) || this.isReachable) {
      return xml === undefined || (params.storedOnly === true && !this.onDisk.has(params.schemaId))
        ? null
        : { xml };
    }
    if (params.storedOnly === true) return null;
    throw new ResponseError(ErrorCodes.InternalError, 'The instance does not answer.');
  }
}

async function start(instance?: Instance) {
  const client = await startTestClient({
    prepare: (rpc) => {
      if (instance === undefined) return;
      rpc.onRequest(listSchemasRequest, () => instance.list());
      rpc.onRequest(loadSchemaRequest, (params: LoadSchemaParams) => instance.load(params));
    },
  });
  clients.push(client);
  const { rpc } = client;
  return {
    ...client,
    find: (query: string, page: Omit<SearchModelParams, 'query'> = {}) =>
      rpc.sendRequest<SearchModelResult>(searchModelRequest, { query, ...page }),
    locate: (params: LocateSchemaParams) => rpc.sendRequest<LocateSchemaResult>(locateSchemaRequest, params),
    index: (from: IndexModelParams['from'], token = new CancellationTokenSource().token) =>
      rpc.sendRequest<IndexModelResult>(indexModelRequest, { from }, token),
  };
}

test('without a model there is nothing to search', async () => {
  const { find, index } = await start();
  expect(await find('field')).toBeNull();
  expect(await index('disk')).toBeNull();
});

test('a search reads nothing: it finds listed schemas by id and label', async () => {
  const instance = new Instance();
  const { find } = await start(instance);
  const result = await find('label of big:s7');
  expect(result?.items.map(({ name, label }) => [name, label])).toEqual([['big:s7', 'Label of big:s7']]);
  expect(result?.coverage).toEqual({ listed: 30, indexed: 0, unreadable: 0 });
  expect(instance.loads).toEqual([]);
});

test('reading from the disk asks the instance for nothing', async () => {
  const instance = new Instance();
  const { find, index } = await start(instance);
  expect(await index('disk')).toEqual({ coverage: { listed: 30, indexed: 10, unreadable: 0 } });
  expect(instance.loads.every(({ storedOnly }) => storedOnly === true)).toBe(true);
  expect((await find('field2'))?.total).toBe(10);
});

test('reading from the instance reads what is left, once', async () => {
  const instance = new Instance();
  const { find, index } = await start(instance);
  await index('disk');
  instance.loads.length = 0;
  expect(await index('instance')).toEqual({ coverage: { listed: 30, indexed: 30, unreadable: 0 } });
  expect(instance.loads).toHaveLength(20);
  await index('instance');
  expect(instance.loads).toHaveLength(20);
  expect((await find('field2'))?.total).toBe(30);
});

test('a page has at most 200 results', async () => {
  const instance = new Instance();
  instance.onDisk.clear();
  for (const id of instance.texts.keys()) instance.onDisk.add(id);
  const { find, index } = await start(instance);
  await index('disk');
  const first = await find('e', { limit: 100_000 });
  expect(first?.items).toHaveLength(200);
  expect((await find('e', { offset: 200, limit: 100_000 }))?.items).toHaveLength(first!.total - 200);
});

test('an instance that does not answer is left alone after a few tries, and asked again the next time', async () => {
  const instance = new Instance();
  instance.isReachable = false;
  const { index } = await start(instance);
  const result = await index('instance');
  expect(result).toMatchObject({ coverage: { indexed: 10 }, problem: 'The instance does not answer.' });
  expect(instance.loads.length).toBeLessThan(25);
  instance.isReachable = true;
  expect((await index('instance'))?.coverage.indexed).toBe(30);
});

test('reading ends when it is cancelled', async () => {
  const instance = new Instance();
  const { find, index } = await start(instance);
  const cancel = new CancellationTokenSource();
  instance.onLoad = () => cancel.cancel();
  await expect(index('instance', cancel.token)).rejects.toThrow(/cancel/i);
  instance.onLoad = undefined;
  // The loads under way end, no further one begins.
  expect((await find('big'))!.coverage.indexed).toBeLessThan(30);
  expect(instance.loads.length).toBeLessThan(30);
});

test('what has changed is read again, the rest is not', async () => {
  const instance = new Instance();
  const { rpc, find, index } = await start(instance);
  await index('instance');
  instance.texts.set('big:s3', instance.texts.get('big:s3')!.replace('Field 1 of 3', 'Renamed'));
  instance.loads.length = 0;
  await rpc.sendNotification(modelChangedNotification, { schemaIds: ['big:s3'] });
  expect((await find('renamed'))?.coverage.indexed).toBe(29);
  await index('instance');
  expect(instance.loads.map(({ schemaId }) => schemaId)).toEqual(['big:s3']);
  expect((await find('renamed'))?.items.map(({ path }) => path)).toEqual(['@field1']);
});

test('a schema that cannot be read counts as such and is not asked for again', async () => {
  const instance = new Instance();
  instance.texts.set('big:s2', 'no schema');
  const { index } = await start(instance);
  expect((await index('instance'))?.coverage).toEqual({ listed: 30, indexed: 29, unreadable: 1 });
  instance.loads.length = 0;
  await index('instance');
  expect(instance.loads).toEqual([]);
});

test('what was found can be opened where it is declared', async () => {
  const { find, index, locate } = await start(new Instance());
  await index('disk');
  const { schemaId, start: from, end } = (await find('s7 field1'))!.items[0]!;
  const location = await locate({ schemaId, start: from!, end: end! });
  expect(location?.uri).toBe('campaign-schema:/big/s7.xml');
  const { range } = location!;
  const line = new Instance().texts.get('big:s7')!.split('\n')[range.start.line]!;
  expect(line.slice(range.start.character, range.end.character)).toMatch(/^<attribute name="field1" .*\/>$/);
});

test('a schema that was never read can be opened, one that does not exist cannot', async () => {
  const { locate } = await start(new Instance());
  const origin = { line: 0, character: 0 };
  expect(await locate({ schemaId: 'big:s29' })).toEqual({
    uri: 'campaign-schema:/big/s29.xml',
    range: { start: origin, end: origin },
  });
  expect(await locate({ schemaId: 'big:s30' })).toBeNull();
});

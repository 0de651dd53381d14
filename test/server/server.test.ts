import { fileURLToPath } from 'node:url';
import type { CodeLens, CompletionList, Hover } from 'vscode-languageserver';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { afterEach, expect, test } from 'vitest';
import {
  countRowsCommand,
  describeSchemaRequest,
  listFolderRequest,
  listSchemasRequest,
  loadSchemaRequest,
  modelChangedNotification,
  queryAtRequest,
  runQueryCommand,
  type ListSchemasParams,
  type LoadSchemaParams,
  type ModelChoice,
  type QueryAtResult,
  type SchemaDescription,
  type SchemaListEntry,
} from '../../core/protocol/messages.ts';
import { takeCursor } from '../support/cursor.ts';
import { startTestClient, type TestClient, type TestClientOptions } from '../support/languageClient.ts';
import { schemaFolder, schemaTexts } from '../support/queryModel.ts';

const uri = 'file:///work/a.queryDef.xml';
const inSelect = (expr: string): string =>
  `<queryDef schema="nms:recipient"><select><node expr="${expr}"/></select></queryDef>`;

const started: TestClient[] = [];
afterEach(() => started.splice(0).forEach((client) => client.dispose()));

async function start(options?: TestClientOptions): Promise<TestClient> {
  const client = await startTestClient(options);
  started.push(client);
  return client;
}

/** An editor of ours: it answers for the schemas of these tests and counts the questions. */
function answerSchemas(rpc: MessageConnection, asked: string[], texts = schemaTexts): void {
  rpc.onRequest(listSchemasRequest, () => {
    asked.push('list');
    const schemas = [...texts.keys()].map((id) => ({ id, label: `Label of ${id}` }));
    return { connection: 'test', schemas };
  });
  rpc.onRequest(loadSchemaRequest, ({ schemaId }: LoadSchemaParams) => {
    asked.push(schemaId);
    const xml = texts.get(schemaId);
    return xml === undefined ? null : { xml };
  });
}

async function labelsAt(client: TestClient, marked: string, version = 1): Promise<string[]> {
  const { text, offset } = takeCursor(marked);
  if (version === 1) await client.open(uri, 'campaign-querydef', text);
  else await client.change(uri, version, text);
  const list = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
    textDocument: { uri },
    position: { line: 0, character: offset },
  });
  return list.items.map((item) => item.label);
}

test('completes with the schemas of the client, asking for each once', async () => {
  const asked: string[] = [];
  const client = await start({ prepare: (rpc) => answerSchemas(rpc, asked) });
  expect(await labelsAt(client, inSelect('[folder/@la$0]'))).toEqual(['@id', '@label', '@parent-id']);
  expect(await labelsAt(client, inSelect('[folder/@lab$0]'), 2)).toContain('@label');
  expect(asked).toEqual(['list', 'nms:recipient', 'xtk:folder']);
});

test('a client that knows no message of ours has no model, and gets no error', async () => {
  const client = await start();
  expect(await labelsAt(client, inSelect('@$0'))).toEqual([]);
  expect(await labelsAt(client, '<queryDef schema="nms:recipient"><$0</queryDef>', 2)).toContain('select');
  expect(client.logged).toEqual([]);
});

test('reads the model from a folder when the client has none', async () => {
  const modelFolder = fileURLToPath(schemaFolder);
  const client = await start({ initializationOptions: { modelFolder } });
  expect(await labelsAt(client, inSelect('[folder/@la$0]'))).toEqual(['@id', '@label', '@parent-id']);
  expect(client.logged).toEqual([]);
});

test('a folder that does not exist is logged once per question, and nothing fails', async () => {
  const client = await start({ initializationOptions: { modelFolder: '/nowhere/at/all' } });
  expect(await labelsAt(client, inSelect('@$0'))).toEqual([]);
  expect(client.logged.join()).toContain('The list of schemas could not be read');
});

test('asks again for what failed, and for what changed', async () => {
  const asked: string[] = [];
  let isOnline = false;
  const client = await start({
    prepare: (rpc) => {
      answerSchemas(rpc, asked);
      rpc.onRequest(loadSchemaRequest, ({ schemaId }: LoadSchemaParams) => {
        asked.push(schemaId);
        if (!isOnline) throw new Error('offline');
        return { xml: schemaTexts.get(schemaId)! };
      });
    },
  });
  expect(await labelsAt(client, inSelect('@ema$0'))).toEqual([]);
  isOnline = true;
  expect(await labelsAt(client, inSelect('@emai$0'), 2)).toContain('@email');
  await client.rpc.sendNotification(modelChangedNotification, { schemaIds: ['nms:recipient'] });
  expect(await labelsAt(client, inSelect('@email$0'), 3)).toContain('@email');
  expect(asked).toEqual(['list', 'nms:recipient', 'nms:recipient', 'list', 'nms:recipient']);
});

test('adds documentation to an item when it is asked for', async () => {
  const client = await start({ prepare: (rpc) => answerSchemas(rpc, []) });
  const { text, offset } = takeCursor(inSelect('@last$0'));
  await client.open(uri, 'campaign-querydef', text);
  const list = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
    textDocument: { uri },
    position: { line: 0, character: offset },
  });
  const item = list.items.find(({ label }) => label === '@lastName')!;
  expect(item.documentation).toBeUndefined();
  const resolved = await client.rpc.sendRequest<{ documentation: { value: string } }>(
    'completionItem/resolve',
    item,
  );
  expect(resolved.documentation.value).toContain('Family name');
});

test('explains a field', async () => {
  const client = await start({ prepare: (rpc) => answerSchemas(rpc, []) });
  await client.open(uri, 'campaign-querydef', inSelect('@lastName'));
  const hover = await client.rpc.sendRequest<Hover>('textDocument/hover', {
    textDocument: { uri },
    position: { line: 0, character: inSelect('@lastName').indexOf('lastName') },
  });
  expect(JSON.stringify(hover.contents)).toContain('Last name');
});

test('a document that is not open gives empty answers', async () => {
  const client = await start();
  const params = { textDocument: { uri }, position: { line: 0, character: 0 } };
  expect(await client.rpc.sendRequest('textDocument/hover', params)).toBeNull();
  expect(await client.rpc.sendRequest('textDocument/codeLens', params)).toEqual([]);
  expect(await client.rpc.sendRequest(queryAtRequest, params)).toBeNull();
});

test('describes a schema for the explorer', async () => {
  const client = await start({ prepare: (rpc) => answerSchemas(rpc, []) });
  const description = await client.rpc.sendRequest<SchemaDescription>(describeSchemaRequest, {
    schemaId: 'nms:recipient',
  });
  expect(description.fields.find((field) => field.xpath === 'location')?.children?.[0]?.xpath).toBe(
    'location/@city',
  );
  expect(await client.rpc.sendRequest(describeSchemaRequest, { schemaId: 'no:such' })).toBeNull();
});

test('describes schemas of a connection that is not the active one, and of the folder', async () => {
  const asked: unknown[] = [];
  const client = await start({
    initializationOptions: { modelFolder: fileURLToPath(schemaFolder) },
    prepare: (rpc) => {
      rpc.onRequest(listSchemasRequest, (params: ListSchemasParams) => {
        asked.push(params);
        return { connection: 'x', schemas: [{ id: 'cus:other', label: 'Other' }] };
      });
      rpc.onRequest(loadSchemaRequest, (params: LoadSchemaParams) => {
        asked.push(params);
        return { xml: '<schema namespace="cus" name="other" label="Other"><element name="other"/></schema>' };
      });
    },
  });
  const describe = (schemaId: string, model?: ModelChoice) =>
    client.rpc.sendRequest<SchemaDescription | null>(describeSchemaRequest, { schemaId, model });
  expect((await describe('cus:other', { connectionId: 'second' }))?.label).toBe('Other');
  expect(asked).toEqual([{ connectionId: 'second' }, { connectionId: 'second', schemaId: 'cus:other' }]);
  expect((await describe('nms:recipient', { folder: true }))?.id).toBe('nms:recipient');
  expect(await describe('nms:recipient')).toBeNull();
  // What is forgotten of one model is kept of the other.
  asked.length = 0;
  await client.rpc.sendNotification(modelChangedNotification, {
    schemaIds: ['cus:other'],
    connectionId: 'second',
  });
  await describe('cus:other', { connectionId: 'second' });
  await describe('cus:other');
  await describe('cus:other');
  expect(asked).toEqual([
    { connectionId: 'second' },
    { connectionId: 'second', schemaId: 'cus:other' },
    { schemaId: 'cus:other' },
  ]);
});

test('lists the schemas of the folder; a session without one has none', async () => {
  const client = await start({ initializationOptions: { modelFolder: fileURLToPath(schemaFolder) } });
  const listed = await client.rpc.sendRequest<SchemaListEntry[]>(listFolderRequest, {});
  expect(listed.map(({ id }) => id)).toContain('nms:recipient');
  expect(await (await start()).rpc.sendRequest(listFolderRequest, {})).toBeNull();
});

test('offers to run each query of a script, and hands it out with its holes', async () => {
  const client = await start();
  const script = [
    'var id = 12;',
    'var q = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="get">',
    '  <where><condition expr={"@id = " + id}/></where></queryDef>);',
    'var r = <recipient email="a"/>;',
  ].join('\n');
  await client.open('file:///a.campaign.js', 'campaign-javascript', script);
  const textDocument = { uri: 'file:///a.campaign.js' };
  const lenses = await client.rpc.sendRequest<CodeLens[]>('textDocument/codeLens', { textDocument });
  expect(lenses.map((lens) => lens.command?.command)).toEqual([runQueryCommand, countRowsCommand]);
  const [uriArgument, position] = lenses[0]!.command!.arguments as [string, { line: number }];
  expect([uriArgument, position.line]).toEqual([textDocument.uri, 1]);
  const query = await client.rpc.sendRequest<QueryAtResult>(queryAtRequest, { textDocument, position });
  expect(query).toMatchObject({ schemaId: 'nms:recipient', operation: 'get' });
  const [hole] = query.holes;
  expect(hole).toMatchObject({ source: '"@id = " + id', attribute: 'expr' });
  expect(query.xml.slice(hole!.start, hole!.end)).toBe('{"@id = " + id}');
});

test('completes inside a literal of a script', async () => {
  const client = await start({ prepare: (rpc) => answerSchemas(rpc, []) });
  const { text, offset } = takeCursor(`var q = ${inSelect('[folder/@la$0]')};`);
  await client.open('file:///a.campaign.js', 'campaign-javascript', text);
  const list = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
    textDocument: { uri: 'file:///a.campaign.js' },
    position: { line: 0, character: offset },
  });
  expect(list.items.map((item) => item.label)).toContain('@label');
});

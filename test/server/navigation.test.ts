import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  CompletionList,
  DocumentHighlight,
  LinkedEditingRanges,
  Location,
  WorkspaceEdit,
  WorkspaceSymbol,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterEach, expect, test } from 'vitest';
import {
  listOptionsRequest,
  listSchemasRequest,
  loadLibraryRequest,
  modelChangedNotification,
  type LoadLibraryParams,
} from '../../core/protocol/messages.ts';
import { loadScripts } from '../../server/scripts.ts';
import { startTestClient, type TestClient, type TestClientOptions } from '../support/languageClient.ts';
import { schemaFolder } from '../support/queryModel.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0).reverse()) cleanUp();
});

const library = 'var Cus = { send: function () {} };\nfunction shared(n) { return n; }\n';
const user = 'loadLibrary("cus:common.js");\nshared(1);\n';

/** A workspace on disk: a library and two workflow scripts that load it. */
function createWorkspace(): { folder: string; uriOf: (path: string) => string } {
  const folder = mkdtempSync(join(tmpdir(), 'navigation-'));
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const files = {
    'xtk_javascript/cus/common.js': library,
    'xtk_workflow/one.campaign.js': user,
    'xtk_workflow/two.campaign.js': user,
    'plain.js': 'function ordinary() {}\n',
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return { folder, uriOf: (path) => pathToFileURL(join(folder, path)).href };
}

async function start(folder: string, options: TestClientOptions = {}): Promise<TestClient> {
  const client = await startTestClient({
    workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'work' }],
    initializationOptions: { modelFolder: fileURLToPath(schemaFolder) },
    server: { loadScripts },
    ...options,
  });
  cleanUps.push(() => client.dispose());
  return client;
}

const places = (locations: readonly Location[]): string[] =>
  locations
    .map(({ uri, range }) => `${uri.split('/').at(-1)!}:${range.start.line}:${range.start.character}`)
    .sort();

test('references and renames go through every script of the workspace that loads the library', async () => {
  const { folder, uriOf } = createWorkspace();
  const client = await start(folder);
  const uri = uriOf('xtk_workflow/one.campaign.js');
  await client.open(uri, 'campaign-javascript', user);
  const at = { textDocument: { uri }, position: { line: 1, character: 2 } };
  // The library is found once the files are listed, which opening a script begins.
  await expect
    .poll(
      async () =>
        places(await client.rpc.sendRequest<Location[]>('textDocument/references', { ...at, context: {} })),
      { timeout: 15_000 },
    )
    .toEqual(['common.js:1:9', 'one.campaign.js:1:0', 'two.campaign.js:1:0']);
  const { changes = {} } = await client.rpc.sendRequest<WorkspaceEdit>('textDocument/rename', {
    ...at,
    newName: 'common',
  });
  const changed = (path: string, text: string): string =>
    TextDocument.applyEdits(TextDocument.create('', '', 0, text), changes[uriOf(path)] ?? []);
  expect(changed('xtk_javascript/cus/common.js', library)).toBe(library.replace('shared', 'common'));
  expect(changed('xtk_workflow/one.campaign.js', user)).toBe(user.replace('shared', 'common'));
  expect(changed('xtk_workflow/two.campaign.js', user)).toBe(user.replace('shared', 'common'));
});

test('a refusal to rename reaches the person', async () => {
  const { folder } = createWorkspace();
  const client = await start(folder);
  const uri = 'file:///a.campaign.js';
  await client.open(uri, 'campaign-javascript', 'logInfo("x");');
  await expect(
    client.rpc.sendRequest('textDocument/rename', {
      textDocument: { uri },
      position: { line: 0, character: 1 },
      newName: 'x',
    }),
  ).rejects.toThrow(/Campaign API/);
});

test('highlights the uses of a variable with what is done to it, and both tags of an element', async () => {
  const { folder } = createWorkspace();
  const client = await start(folder);
  const highlights = async (text: string, character: number, languageId: string): Promise<string[]> => {
    const uri = `file:///${languageId}${character}`;
    await client.open(uri, languageId, text);
    const found = await client.rpc.sendRequest<DocumentHighlight[]>('textDocument/documentHighlight', {
      textDocument: { uri },
      position: { line: 0, character },
    });
    return found.map(({ range, kind }) => `${range.start.character}${kind === 3 ? ' written' : ''}`);
  };
  expect(await highlights('var a = 1; f(a); a = 2;', 4, 'campaign-javascript')).toEqual([
    '4 written',
    '13',
    '17 written',
  ]);
  const query = '<queryDef schema="nms:recipient"><select><node expr="@email"/></select></queryDef>';
  expect(await highlights(query, query.indexOf('select>') + 2, 'campaign-querydef')).toEqual(['34', '64']);
  expect(await highlights(query, query.indexOf('email') + 1, 'campaign-querydef')).toEqual(['53']);
});

test('the names of both tags are edited together', async () => {
  const { folder } = createWorkspace();
  const client = await start(folder);
  const uri = 'file:///a.queryDef.xml';
  await client.open(uri, 'campaign-querydef', '<queryDef><where></where></queryDef>');
  const linked = await client.rpc.sendRequest<LinkedEditingRanges>('textDocument/linkedEditingRange', {
    textDocument: { uri },
    position: { line: 0, character: 13 },
  });
  expect(linked.ranges.map(({ start, end }) => [start.character, end.character])).toEqual([
    [11, 16],
    [19, 24],
  ]);
  expect(new RegExp(`^${linked.wordPattern!}$`).test('cus:element-1.a')).toBe(true);
});

test('a row of a query leads to the schema it is of', async () => {
  const { folder } = createWorkspace();
  const client = await start(folder);
  const uri = 'file:///a.campaign.js';
  const text =
    'var q = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="get"/>).ExecuteQuery();';
  await client.open(uri, 'campaign-javascript', text);
  const found = await client.rpc.sendRequest<Location[]>('textDocument/typeDefinition', {
    textDocument: { uri },
    position: { line: 0, character: 4 },
  });
  expect(places(found).map((place) => place.split(':')[0])).toEqual(['recipient.xml']);
});

/** An editor whose instance has a library and some options. */
function withInstance(asked: string[]): TestClientOptions {
  return {
    initializationOptions: {},
    prepare: (rpc) => {
      rpc.onRequest(listSchemasRequest, () => ({ connection: 'acme', schemas: [] }));
      rpc.onRequest(listOptionsRequest, () => {
        asked.push('options');
        return [{ name: 'cusShopUrl', type: 6 }];
      });
      rpc.onRequest(loadLibraryRequest, ({ name }: LoadLibraryParams) => {
        asked.push(name);
        return name === 'cus:remote.js' ? { text: 'function fetched(n) { return n; }' } : null;
      });
    },
  };
}

test('a library that is on the instance only is read from there, once', async () => {
  const { folder } = createWorkspace();
  const asked: string[] = [];
  const client = await start(folder, withInstance(asked));
  const uri = 'file:///a.campaign.js';
  await client.open(uri, 'campaign-javascript', 'loadLibrary("cus:remote.js");\nfetched(1);');
  const at = { textDocument: { uri }, position: { line: 1, character: 2 } };
  const found = await client.rpc.sendRequest<Location[]>('textDocument/definition', at);
  expect(found.map((location) => location.uri)).toEqual(['campaign-library:/cus/remote.campaign.js']);
  await expect(client.rpc.sendRequest('textDocument/rename', { ...at, newName: 'other' })).rejects.toThrow(
    /cus:remote\.js, which is only on the instance/,
  );
  await client.rpc.sendRequest('textDocument/hover', at);
  expect(asked).toEqual(['cus:remote.js']);
});

test('a library of the workspace wins over that of the instance', async () => {
  const { folder, uriOf } = createWorkspace();
  const asked: string[] = [];
  const client = await start(folder, withInstance(asked));
  const uri = uriOf('xtk_workflow/one.campaign.js');
  await symbols(client, 'anything');
  await client.open(uri, 'campaign-javascript', user);
  const found = await client.rpc.sendRequest<Location[]>('textDocument/definition', {
    textDocument: { uri },
    position: { line: 1, character: 2 },
  });
  expect(places(found)).toEqual(['common.js:1:9']);
  expect(asked).toEqual([]);
});

test('options are asked for when one is named, and again when the model has changed', async () => {
  const { folder } = createWorkspace();
  const asked: string[] = [];
  const client = await start(folder, withInstance(asked));
  const uri = 'file:///a.campaign.js';
  const text = 'logInfo("");\ngetOption("");';
  await client.open(uri, 'campaign-javascript', text);
  const complete = async (line: number, character: number): Promise<string[]> => {
    const { items } = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
      textDocument: { uri },
      position: { line, character },
    });
    return items.map(({ label }) => label);
  };
  await complete(0, 9);
  expect(asked).toEqual([]);
  expect(await complete(1, 11)).toEqual(['cusShopUrl']);
  expect(await complete(1, 11)).toEqual(['cusShopUrl']);
  expect(asked).toEqual(['options']);
  await client.rpc.sendNotification(modelChangedNotification, {});
  expect(await complete(1, 11)).toEqual(['cusShopUrl']);
  expect(asked).toEqual(['options', 'options']);
});

test('an editor that knows none of our messages gets no options and no error', async () => {
  const { folder } = createWorkspace();
  const client = await start(folder, { initializationOptions: {} });
  const uri = 'file:///a.campaign.js';
  await client.open(uri, 'campaign-javascript', 'loadLibrary("cus:remote.js"); getOption("");');
  const { items } = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
    textDocument: { uri },
    position: { line: 0, character: 41 },
  });
  expect(items).toEqual([]);
  expect(client.logged).toEqual([]);
});

const symbols = async (client: TestClient, query: string): Promise<string[]> => {
  const found = await client.rpc.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query });
  return found.map(({ name, containerName = '', location }) => {
    const file = location.uri.split('/').at(-1)!;
    return `${name} ${containerName} ${file}${'range' in location ? '' : ' later'}`;
  });
};

test('functions of the scripts of the workspace are found, as they stand in the editor', async () => {
  const { folder, uriOf } = createWorkspace();
  const client = await start(folder);
  expect(await symbols(client, 'shrd')).toEqual(['shared  common.js']);
  expect(await symbols(client, 'cus.send')).toEqual(['send Cus common.js']);
  expect(await symbols(client, 'ordinary')).toEqual([]);
  await client.open(
    uriOf('xtk_javascript/cus/common.js'),
    'campaign-javascript',
    'function sharedNow() { <a/> }',
  );
  expect(await symbols(client, 'shrd')).toEqual(['sharedNow  common.js']);
});

test('schemas are found by id and label, and located when they are chosen', async () => {
  const { folder } = createWorkspace();
  const plain = await start(folder);
  expect(await symbols(plain, 'nms:recip')).toEqual(['nms:recipient Recipients recipient.xml']);
  const lazy = await start(folder, {
    capabilities: { workspace: { symbol: { resolveSupport: { properties: ['location.range'] } } } },
  });
  expect(await symbols(lazy, 'nms:recip')).toEqual(['nms:recipient Recipients recipient.xml later']);
  const [symbol] = await lazy.rpc.sendRequest<WorkspaceSymbol[]>('workspace/symbol', { query: 'nms:recip' });
  const resolved = await lazy.rpc.sendRequest<WorkspaceSymbol>('workspaceSymbol/resolve', symbol);
  expect(resolved.location).toMatchObject({ range: { start: { line: 0 } } });
});

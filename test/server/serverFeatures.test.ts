import { fileURLToPath } from 'node:url';
import type {
  CodeAction,
  CompletionList,
  Diagnostic,
  DocumentSymbol,
  FullDocumentDiagnosticReport,
  InlayHint,
  Location,
  PublishDiagnosticsParams,
  RegistrationParams,
  SymbolInformation,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { CancellationTokenSource, type MessageConnection } from 'vscode-jsonrpc/node';
import { afterEach, expect, test, vi } from 'vitest';
import {
  listSchemasRequest,
  loadSchemaRequest,
  modelChangedNotification,
  type LoadSchemaParams,
} from '../../core/protocol/messages.ts';
import { loadScripts } from '../../server/scripts.ts';
import type { JavaScriptService } from '../../server/language/javascript/javaScriptService.ts';
import { startTestClient, type TestClient, type TestClientOptions } from '../support/languageClient.ts';
import { schemaFolder, schemaTexts } from '../support/queryModel.ts';

const uri = 'file:///work/a.queryDef.xml';
const textDocument = { uri };
const misspelt = '<queryDef schema="nms:recipient"><where><condition expr="@emial = 1"/></where></queryDef>';
const position = { line: 0, character: misspelt.indexOf('emial') };
const modelFolder = fileURLToPath(schemaFolder);

const started: TestClient[] = [];
afterEach(() => {
  vi.useRealTimers();
  for (const client of started.splice(0)) client.dispose();
});

async function start(options?: TestClientOptions): Promise<TestClient> {
  const client = await startTestClient(options);
  started.push(client);
  return client;
}

const codes = (diagnostics: readonly Diagnostic[]): unknown[] => diagnostics.map(({ code }) => code);

test('answers a client that pulls diagnostics, and tells it when the model has changed', async () => {
  let refreshed = 0;
  const client = await start({
    capabilities: { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } },
    initializationOptions: { modelFolder },
    prepare: (rpc) =>
      rpc.onRequest('workspace/diagnostic/refresh', () => {
        refreshed++;
        return null;
      }),
  });
  expect(client.initialized.capabilities.diagnosticProvider).toBeDefined();
  await client.open(uri, 'campaign-querydef', misspelt);
  const report = await client.rpc.sendRequest<FullDocumentDiagnosticReport>('textDocument/diagnostic', {
    textDocument,
  });
  expect(codes(report.items)).toEqual(['query/field-unknown']);
  await client.rpc.sendNotification(modelChangedNotification, {});
  await vi.waitFor(() => expect(refreshed).toBe(1));
});

test('pushes diagnostics to a client that cannot pull, after a pause in typing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const published: PublishDiagnosticsParams[] = [];
  const client = await start({
    initializationOptions: { modelFolder },
    prepare: (rpc) =>
      rpc.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
        published.push(params);
      }),
  });
  expect(client.initialized.capabilities.diagnosticProvider).toBeUndefined();
  /** The server has seen everything that was sent before. */
  const settled = (): Promise<unknown> => client.rpc.sendRequest('textDocument/codeLens', { textDocument });
  await client.open(uri, 'campaign-querydef', '<queryDef/>');
  await settled();
  await client.change(uri, 2, misspelt);
  await settled();
  expect(published).toEqual([]);
  vi.advanceTimersByTime(1_000);
  await vi.waitFor(() => expect(published).toHaveLength(1));
  expect(codes(published[0]!.diagnostics)).toEqual(['query/field-unknown']);
  await client.close(uri);
  await vi.waitFor(() => expect(published).toHaveLength(2));
  expect(published[1]!.diagnostics).toEqual([]);
});

test('offers the fix of a problem', async () => {
  const client = await start({ initializationOptions: { modelFolder } });
  await client.open(uri, 'campaign-querydef', misspelt);
  const actions = await client.rpc.sendRequest<CodeAction[]>('textDocument/codeAction', {
    textDocument,
    range: { start: position, end: position },
    context: { diagnostics: [] },
  });
  expect(actions.map(({ title }) => title)).toEqual([
    'Write @email',
    'Ignore query/field-unknown for this line',
    'Ignore query/field-unknown in this file',
  ]);
  expect(actions[0]!.edit!.changes![uri]![0]!.newText).toBe('@email');
});

const sound = misspelt.replace('emial', 'email');

test('leads to the file that declares a field, when the model is a folder', async () => {
  const client = await start({ initializationOptions: { modelFolder } });
  await client.open(uri, 'campaign-querydef', sound);
  const [location] = await client.rpc.sendRequest<Location[]>('textDocument/definition', {
    textDocument,
    position,
  });
  expect(location!.uri).toBe(new URL('recipient.xml', schemaFolder).href);
  const line = schemaTexts.get('nms:recipient')!.split('\n')[location!.range.start.line]!;
  expect(line.slice(location!.range.start.character)).toMatch(/^<attribute name="email"/);
});

/** An editor of ours, with the schemas of these tests. */
function answerSchemas(rpc: MessageConnection): void {
  const schemas = [...schemaTexts.keys()].map((id) => ({ id, label: id }));
  rpc.onRequest(listSchemasRequest, () => ({ connection: 'test', schemas }));
  rpc.onRequest(loadSchemaRequest, ({ schemaId }: LoadSchemaParams) => ({ xml: schemaTexts.get(schemaId) }));
}

test('diagnostics wait until what was asked meanwhile is answered', async () => {
  const events: string[] = [];
  let release = (): void => undefined;
  const client = await start({
    capabilities: { textDocument: { diagnostic: {} } },
    prepare: (rpc) => {
      answerSchemas(rpc);
      rpc.onRequest(loadSchemaRequest, ({ schemaId }: LoadSchemaParams) => {
        events.push(`load ${schemaId}`);
        const answer = { xml: schemaTexts.get(schemaId) };
        if (schemaId !== 'nms:recipient') return answer;
        return new Promise((resolve) => (release = () => resolve(answer)));
      });
    },
  });
  const script = `f(<queryDef schema="nms:broadLogRcp"><where><condition expr="@x = 1"/></where></queryDef>);\n${sound}`;
  await client.open(uri, 'campaign-javascript', script);
  const hover = client.rpc
    .sendRequest('textDocument/hover', {
      textDocument,
      position: { line: 1, character: sound.indexOf('email') },
    })
    .then(() => events.push('hover'));
  const report = client.rpc
    .sendRequest('textDocument/diagnostic', { textDocument })
    .then(() => events.push('diagnostics'));
  await vi.waitFor(() => expect(events).toContain('load nms:recipient'));
  // A request that takes no model is answered after both have been begun.
  await client.rpc.sendRequest('textDocument/foldingRange', { textDocument });
  expect(events).toEqual(['load nms:recipient']);
  release();
  await Promise.all([hover, report]);
  expect(events).toContain('load nms:broadLogRcp');
  expect(events.slice(-1)).toEqual(['diagnostics']);
});

test('leads to a document of the client, when the model is the client’s', async () => {
  const client = await start({ prepare: answerSchemas });
  await client.open(uri, 'campaign-querydef', sound);
  const [location] = await client.rpc.sendRequest<Location[]>('textDocument/definition', {
    textDocument,
    position,
  });
  expect(location!.uri).toBe('campaign-schema:/nms/recipient.xml');
});

test('gives the outline the way the client wants it', async () => {
  const nested = await start({
    capabilities: { textDocument: { documentSymbol: { hierarchicalDocumentSymbolSupport: true } } },
  });
  await nested.open(uri, 'campaign-querydef', sound);
  const tree = await nested.rpc.sendRequest<DocumentSymbol[]>('textDocument/documentSymbol', {
    textDocument,
  });
  expect(tree[0]!.children![0]!.children![0]!.name).toBe('@email = 1');
  const flat = await start();
  await flat.open(uri, 'campaign-querydef', sound);
  const list = await flat.rpc.sendRequest<SymbolInformation[]>('textDocument/documentSymbol', {
    textDocument,
  });
  expect(list.map(({ name, containerName }) => `${containerName ?? ''}>${name}`)).toEqual([
    '>nms:recipient',
    'nms:recipient>where',
    'where>@email = 1',
  ]);
});

test('formats a document with the indentation of the editor', async () => {
  const client = await start();
  await client.open(uri, 'campaign-querydef', '<queryDef>\n<where/></queryDef>');
  const edits = await client.rpc.sendRequest<TextEdit[]>('textDocument/formatting', {
    textDocument,
    options: { tabSize: 4, insertSpaces: true },
  });
  const text = '<queryDef>\n<where/></queryDef>';
  const document = TextDocument.create(uri, 'xml', 1, text);
  expect(TextDocument.applyEdits(document, edits)).toBe('<queryDef>\n    <where/>\n</queryDef>');
  const ofFirstLine = await client.rpc.sendRequest<TextEdit[]>('textDocument/rangeFormatting', {
    textDocument,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
    options: { tabSize: 4, insertSpaces: true },
  });
  expect(ofFirstLine.length).toBeLessThan(edits.length);
});

test('watches the model folder, and reads it again when a file in it changes', async () => {
  const watched: RegistrationParams[] = [];
  let refreshed = 0;
  const client = await start({
    capabilities: {
      textDocument: { diagnostic: {} },
      workspace: {
        didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
        diagnostics: { refreshSupport: true },
      },
    },
    initializationOptions: { modelFolder },
    prepare: (rpc) => {
      rpc.onRequest('client/registerCapability', (params: RegistrationParams) => {
        watched.push(params);
        return null;
      });
      rpc.onRequest('workspace/diagnostic/refresh', () => {
        refreshed++;
        return null;
      });
    },
  });
  await vi.waitFor(() => expect(watched).toHaveLength(1));
  expect(JSON.stringify(watched)).toContain('**/*.xml');
  const changed = (file: string): Promise<void> =>
    client.rpc.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: file, type: 2 }] });
  await changed('file:///elsewhere/a.xml');
  await client.rpc.sendRequest('textDocument/codeLens', { textDocument });
  expect(refreshed).toBe(0);
  await changed(new URL('recipient.xml', schemaFolder).href);
  await vi.waitFor(() => expect(refreshed).toBe(1));
});

test('a cancelled request is answered as cancelled, and the next one normally', async () => {
  let release = (): void => undefined;
  const client = await start({
    prepare: (rpc) => {
      answerSchemas(rpc);
      rpc.onRequest(loadSchemaRequest, ({ schemaId }: LoadSchemaParams) => {
        const answer = { xml: schemaTexts.get(schemaId) };
        return new Promise((resolve) => (release = () => resolve(answer)));
      });
    },
  });
  await client.open(uri, 'campaign-querydef', sound);
  const cancel = new CancellationTokenSource();
  const hover = client.rpc.sendRequest('textDocument/hover', { textDocument, position }, cancel.token);
  const outcome = hover.then(
    () => 'answered',
    (error: unknown) => (error as { code: number }).code,
  );
  await client.rpc.sendRequest('textDocument/codeLens', { textDocument });
  cancel.cancel();
  await client.rpc.sendRequest('textDocument/codeLens', { textDocument });
  release();
  expect(await outcome).toBe(-32800);
  expect(await client.rpc.sendRequest('textDocument/hover', { textDocument, position })).not.toBeNull();
});

test('a space suggests attributes and operators, and nothing between tags or in a script', async () => {
  const client = await start({ server: { loadScripts } });
  const labels = async (address: string, line: number, character: number): Promise<number> => {
    const { items } = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
      textDocument: { uri: address },
      position: { line, character },
      context: { triggerKind: 2, triggerCharacter: ' ' },
    });
    return items.length;
  };
  await client.open(uri, 'campaign-querydef', '<queryDef > </queryDef>');
  expect(await labels(uri, 0, 10)).toBeGreaterThan(0);
  expect(await labels(uri, 0, 12)).toBe(0);
  await client.open(script, 'campaign-javascript', 'var  q;');
  expect(await labels(script, 0, 4)).toBe(0);
});

const script = 'file:///a.campaign.js';

test('loads the JavaScript side for the first script, once, and not for queries', async () => {
  const load = vi.fn(() => Promise.resolve(scriptService));
  const client = await start({ server: { loadScripts: load } });
  await client.open(uri, 'campaign-querydef', sound);
  await client.rpc.sendRequest('textDocument/hover', { textDocument, position });
  expect(load).toHaveBeenCalledTimes(0);
  await client.open(script, 'campaign-javascript', `var q = ${sound}; logInfo(q);`);
  for (const character of [2, 20]) {
    await client.rpc.sendRequest('textDocument/hover', {
      textDocument: { uri: script },
      position: { line: 0, character },
    });
  }
  expect(load).toHaveBeenCalledTimes(1);
  expect(load).toHaveBeenCalledWith(expect.objectContaining({ snippets: false }));
});

test('a JavaScript side that fails to load leaves the queries working, and is tried again', async () => {
  const load = vi.fn(() => Promise.reject(new Error('no TypeScript here')));
  const client = await start({
    initializationOptions: { modelFolder },
    server: { loadScripts: load },
  });
  await client.open(script, 'campaign-javascript', `var q = ${sound};`);
  const hover = (character: number): Promise<unknown> =>
    client.rpc.sendRequest('textDocument/hover', {
      textDocument: { uri: script },
      position: { line: 0, character },
    });
  expect(await hover(2)).toBeNull();
  expect(await hover(8 + sound.indexOf('email'))).not.toBeNull();
  expect(load).toHaveBeenCalledTimes(2);
  expect(client.logged.join()).toContain('no TypeScript here');
});

test('a feature that fails is logged and answered empty', async () => {
  const client = await start({ server: { loadScripts: () => Promise.resolve(scriptService) } });
  await client.open(script, 'campaign-javascript', 'logInfo(1)');
  const params = { textDocument: { uri: script }, position: { line: 0, character: 1 } };
  expect(await client.rpc.sendRequest('textDocument/references', params)).toEqual([]);
  expect(client.logged.join()).toContain('references failed: Error: deliberate');
});

test('a name that cannot be changed is refused with the reason', async () => {
  const client = await start({ server: { loadScripts: () => Promise.resolve(scriptService) } });
  await client.open(script, 'campaign-javascript', 'logInfo(1)');
  const params = { textDocument: { uri: script }, position: { line: 0, character: 1 }, newName: 'b' };
  await expect(client.rpc.sendRequest('textDocument/rename', params)).rejects.toThrow(
    'It belongs to Campaign.',
  );
});

const workspace = new URL('../fixtures/serverWorkspace/', import.meta.url);

test('finds the references of a field in the open documents and in the files of the workspace', async () => {
  const client = await start({
    initializationOptions: { modelFolder },
    workspaceFolders: [{ uri: workspace.href, name: 'test' }],
  });
  const text = sound.replace('@email', '[folder/@label]');
  await client.open(uri, 'campaign-querydef', text);
  const locations = await client.rpc.sendRequest<Location[]>('textDocument/references', {
    textDocument,
    position: { line: 0, character: text.indexOf('label') },
    context: { includeDeclaration: true },
  });
  expect(locations.map((location) => location.uri)).toEqual([
    uri,
    new URL('queries/folders.queryDef.xml', workspace).href,
    new URL('xtk_javascript/cus/common.js', workspace).href,
  ]);
});

test('a file that is open counts as it stands in the editor', async () => {
  const client = await start({
    initializationOptions: { modelFolder },
    workspaceFolders: [{ uri: workspace.href, name: 'test' }],
  });
  const text = sound.replace('@email', '[folder/@label]');
  await client.open(uri, 'campaign-querydef', text);
  await client.open(
    new URL('queries/folders.queryDef.xml', workspace).href,
    'campaign-querydef',
    '<queryDef/>',
  );
  const locations = await client.rpc.sendRequest<Location[]>('textDocument/references', {
    textDocument,
    position: { line: 0, character: text.indexOf('label') },
    context: { includeDeclaration: true },
  });
  expect(locations.map((location) => location.uri)).not.toContain(
    new URL('queries/folders.queryDef.xml', workspace).href,
  );
});

test('renames an alias with its uses', async () => {
  const client = await start({ initializationOptions: { modelFolder } });
  const text =
    '<queryDef schema="nms:recipient"><select><node expr="Count(@id)" alias="@n"/></select><orderBy><node expr="@n"/></orderBy></queryDef>';
  await client.open(uri, 'campaign-querydef', text);
  const edit = await client.rpc.sendRequest<WorkspaceEdit>('textDocument/rename', {
    textDocument,
    position: { line: 0, character: text.indexOf('@n') + 1 },
    newName: 'total',
  });
  expect(edit.changes![uri]!.map(({ newText }) => newText)).toEqual(['total', 'total']);
});

test('shows where links lead, and colours expressions by what they mean', async () => {
  const client = await start({ initializationOptions: { modelFolder } });
  const text = sound.replace('@email = 1', '@gender = 1');
  await client.open(uri, 'campaign-querydef', text);
  const hints = await client.rpc.sendRequest<InlayHint[]>('textDocument/inlayHint', {
    textDocument,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: text.length } },
  });
  expect(JSON.stringify(hints)).toContain('Man');
  const { data } = await client.rpc.sendRequest<{ data: number[] }>('textDocument/semanticTokens/full', {
    textDocument,
  });
  const { tokenTypes } = client.initialized.capabilities.semanticTokensProvider!.legend;
  const types = data.filter((_, index) => index % 5 === 3).map((type) => tokenTypes[type]);
  expect(types).toEqual(['property', 'operator', 'number']);
});

/** Labels of the hints of an expression with a link and a value of an enumeration. */
async function hintsOf(client: TestClient): Promise<unknown[]> {
  const hints = await client.rpc.sendRequest<InlayHint[]>('textDocument/inlayHint', {
    textDocument,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1000 } },
  });
  return hints.map(({ label }) => label);
}

const hinted =
  '<queryDef schema="nms:recipient"><where><condition expr="[folder/parent/@id] = 1 and @gender = 1"/></where></queryDef>';

test('each kind of hint can be switched off, at the start and later', async () => {
  const client = await start({
    initializationOptions: { modelFolder, inlayHints: { linkTargets: false } },
  });
  await client.open(uri, 'campaign-querydef', hinted);
  expect(await hintsOf(client)).toEqual(['Man']);
  await client.rpc.sendNotification('workspace/didChangeConfiguration', {
    settings: { campaign: { inlayHints: { enumerationLabels: false } } },
  });
  expect(await hintsOf(client)).toEqual([': xtk:folder']);
  await client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: {} });
  expect(await hintsOf(client)).toEqual([': xtk:folder', 'Man']);
});

test('an editor that can be asked for settings is asked for those of hints, and told to show hints again', async () => {
  let isShown = false;
  let refreshed = 0;
  const client = await start({
    capabilities: { workspace: { configuration: true, inlayHint: { refreshSupport: true } } },
    initializationOptions: { modelFolder },
    prepare: (rpc) => {
      rpc.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) =>
        items.map(({ section }) =>
          section === 'campaign.inlayHints' ? { linkTargets: isShown, enumerationLabels: isShown } : {},
        ),
      );
      rpc.onRequest('workspace/inlayHint/refresh', () => {
        refreshed++;
        return null;
      });
    },
  });
  await client.open(uri, 'campaign-querydef', hinted);
  expect(await hintsOf(client)).toEqual([]);
  isShown = true;
  await client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: null });
  expect(await hintsOf(client)).toEqual([': xtk:folder', 'Man']);
  await vi.waitFor(() => expect(refreshed).toBe(1));
});

test('a script knows the functions of the library it loads', async () => {
  const client = await start({
    server: { loadScripts },
    workspaceFolders: [{ uri: workspace.href, name: 'test' }],
  });
  const address = new URL('a.campaign.js', workspace).href;
  const text = 'loadLibrary("cus:common.js");\nvar n = countLetters("a");';
  await client.open(address, 'campaign-javascript', text);
  const params = { textDocument: { uri: address }, position: { line: 1, character: 10 } };
  // The files of the workspace are listed while TypeScript loads; which of the two ends first is left to the machine.
  await vi.waitFor(
    async () => {
      const hover = await client.rpc.sendRequest('textDocument/hover', params);
      expect(JSON.stringify(hover)).toContain('countLetters(text');
    },
    { timeout: 15_000 },
  );
  const [definition] = await client.rpc.sendRequest<Location[]>('textDocument/definition', params);
  expect(definition!.uri).toBe(new URL('xtk_javascript/cus/common.js', workspace).href);
});

test('encodes semantic tokens as the protocol wants them', async () => {
  const client = await start({ server: { loadScripts: () => Promise.resolve(scriptService) } });
  await client.open(script, 'campaign-javascript', 'a\n  b');
  const params = { textDocument: { uri: script } };
  const { data } = await client.rpc.sendRequest<{ data: number[] }>(
    'textDocument/semanticTokens/full',
    params,
  );
  expect(data).toEqual([0, 0, 1, 5, 0, 1, 2, 1, 6, 1]);
});

/** A JavaScript side that knows nothing, fails to find references, and refuses to rename. */
const scriptService: JavaScriptService = {
  completion: () => ({ items: [], isIncomplete: false }),
  resolveCompletion: (_model, item) => item,
  hover: () => undefined,
  signatureHelp: () => undefined,
  definition: () => [],
  typeDefinition: () => [],
  highlights: () => [],
  linkedTags: () => undefined,
  sharedName: () => undefined,
  referenceTarget: () => undefined,
  modelReferences: () => [],
  declaredNames: () => [],
  references: () => {
    throw new Error('deliberate');
  },
  prepareRename: () => undefined,
  rename: () => ({ refused: 'It belongs to Campaign.' }),
  documentSymbols: () => [],
  problems: () => [],
  foldingRanges: () => [],
  selectionRange: () => ({ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } } }),
  semanticTokens: () => [
    { start: 0, length: 1, type: 5, modifiers: 0 },
    { start: 4, length: 1, type: 6, modifiers: 1 },
  ],
  syntaxTokens: () => [],
  close: () => undefined,
};

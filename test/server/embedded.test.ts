import { fileURLToPath } from 'node:url';
import type {
  CompletionList,
  FullDocumentDiagnosticReport,
  Registration,
  RegistrationParams,
  UnregistrationParams,
  WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { afterEach, expect, test, vi } from 'vitest';
import { ParsedDocuments } from '../../server/documents.ts';
import { EmbeddedText } from '../../server/language/embedded/embeddedText.ts';
import { loadScripts } from '../../server/scripts.ts';
import { takeCursor } from '../support/cursor.ts';
import { workflow } from '../support/entities.ts';
import { schemaFolder } from '../support/queryModel.ts';
import { startTestClient, type TestClient, type TestClientOptions } from '../support/languageClient.ts';

const uri = 'file:///work/a [1].xml';
const textDocument = { uri };
const started: TestClient[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const client of started.splice(0)) client.dispose();
});

async function start(options?: TestClientOptions): Promise<TestClient> {
  const client = await startTestClient(options);
  started.push(client);
  return client;
}

test('a script of a workflow is answered like a script', async () => {
  const client = await start({ server: { loadScripts }, capabilities: { textDocument: { diagnostic: {} } } });
  const { text, offset } = takeCursor(workflow('if (1 &lt; 2) { logInf$0 ) }'));
  const document = TextDocument.create(uri, 'xml', 1, text);
  await client.open(uri, 'xml', text);
  const list = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
    textDocument,
    position: document.positionAt(offset),
  });
  expect(list.items.map(({ label }) => label)).toContain('logInfo');
  const { items } = await client.rpc.sendRequest<FullDocumentDiagnosticReport>('textDocument/diagnostic', {
    textDocument,
  });
  expect(items.map(({ message }) => message)).toContain('Declaration or statement expected.');
  await client.close(uri);
  expect(client.logged).toEqual([]);
});

test('of XML that is not ours nothing is known, and TypeScript is not loaded for it', async () => {
  const load = vi.fn(loadScripts);
  const client = await start({ server: { loadScripts: load } });
  await client.open(uri, 'xml', '<project>\n<script>\nlogInfo(\n</script>\n</project>');
  const ask = (method: string): Promise<unknown> => client.rpc.sendRequest(method, { textDocument });
  expect(await ask('textDocument/foldingRange')).toBeNull();
  expect(await ask('textDocument/semanticTokens/full')).toBeNull();
  expect(await ask('textDocument/documentSymbol')).toEqual([]);
  expect(await ask('textDocument/diagnostic')).toMatchObject({ items: [] });
  expect(load).not.toHaveBeenCalled();
});

test('a version of a document is decoded once, and an unchanged script stays what it is', () => {
  const decode = vi.spyOn(EmbeddedText, 'of');
  let document = TextDocument.create(uri, 'xml', 1, workflow('a', '<js name="b"><script>b</script></js>'));
  const documents = new ParsedDocuments({ get: () => document, keys: () => [uri] });
  const first = documents.get(uri)!;
  expect(documents.get(uri)).toBe(first);
  expect(decode).toHaveBeenCalledTimes(2);
  document = TextDocument.create(uri, 'xml', 2, workflow('a &lt; 1', '<js name="b"><script>b</script></js>'));
  const second = documents.get(uri)!;
  expect(decode).toHaveBeenCalledTimes(4);
  const files = [first, second].map(({ regions }) => regions.embedded!.map(({ file }) => file));
  expect(files[1]![0]).not.toBe(files[0]![0]);
  expect(files[1]![1]).toBe(files[0]![1]);
});

test('only our own files are claimed from other formatters', async () => {
  const registered: Registration[] = [];
  const removed: string[] = [];
  const dynamic = { dynamicRegistration: true };
  const client = await start({
    capabilities: { textDocument: { formatting: dynamic, rangeFormatting: dynamic } },
    prepare: (rpc) => {
      rpc.onRequest('client/registerCapability', ({ registrations }: RegistrationParams) => {
        registered.push(...registrations);
        return null;
      });
      rpc.onRequest('client/unregisterCapability', ({ unregisterations }: UnregistrationParams) => {
        removed.push(...unregisterations.map(({ id }) => id));
        return null;
      });
    },
  });
  expect(client.initialized.capabilities).toMatchObject({
    documentFormattingProvider: false,
    documentRangeFormattingProvider: false,
  });
  const claimed = (): unknown[] =>
    registered
      .filter(({ method }) => method === 'textDocument/formatting')
      .map(({ registerOptions }) => (registerOptions as { documentSelector: unknown }).documentSelector);
  await client.open('file:///work/other.xml', 'xml', '<project/>');
  await client.open('file:///work/workflow.xml', 'xml', workflow(''));
  await client.open('file:///work/a%20%5B1%5D.xml', 'xml', '<queryDef schema="nms:recipient"/>');
  await vi.waitFor(() => expect(claimed()).toHaveLength(2));
  expect(claimed()).toEqual([
    [{ language: 'campaign-querydef' }, { language: 'campaign-schema' }],
    [{ language: 'xml', scheme: 'file', pattern: '/work/a [[]1[]].xml' }],
  ]);
  await vi.waitFor(() => expect(registered).toHaveLength(4));
  await client.close('file:///work/a%20%5B1%5D.xml');
  const ids = registered.slice(2).map(({ id }) => id);
  await vi.waitFor(() => expect([...removed].sort()).toEqual([...ids].sort()));
});

test('a client that cannot be told file by file is offered formatting as before', async () => {
  const client = await start();
  expect(client.initialized.capabilities).toMatchObject({ documentFormattingProvider: true });
});

test('a variable of a workflow is renamed in all its scripts, and what the platform sets is refused', async () => {
  const client = await start({ server: { loadScripts } });
  const { text, offset } = takeCursor(
    workflow(
      'vars.tot$0al = 1; f(vars.recCount);',
      '<jsx name="b"><call>f(vars.total);</call></jsx><fileTransfer name="c" path="&lt;%= vars.total %&gt;"/>',
    ),
  );
  const document = TextDocument.create(uri, 'xml', 1, text);
  await client.open(uri, 'xml', text);
  const rename = (at: number): Promise<WorkspaceEdit> =>
    client.rpc.sendRequest('textDocument/rename', {
      textDocument,
      position: document.positionAt(at),
      newName: 'sum',
    });
  const { changes = {} } = await rename(offset);
  expect(TextDocument.applyEdits(document, changes[uri] ?? [])).toBe(
    text.replaceAll('vars.total', 'vars.sum'),
  );
  await expect(rename(text.indexOf('recCount') + 2)).rejects.toThrow(/set by the platform/);
});

test('a form needs no TypeScript', async () => {
  const load = vi.fn(loadScripts);
  const client = await start({
    server: { loadScripts: load },
    initializationOptions: { modelFolder: fileURLToPath(schemaFolder) },
    capabilities: { textDocument: { diagnostic: {} } },
  });
  const text =
    '<form name="any" namespace="cus" entity-schema="nms:recipient"><input xpath="@emial"/></form>';
  await client.open(uri, 'xml', text);
  const { items } = await client.rpc.sendRequest<FullDocumentDiagnosticReport>('textDocument/diagnostic', {
    textDocument,
  });
  expect(items.map(({ code }) => code)).toEqual(['embedded/xpath-unknown']);
  expect(load).not.toHaveBeenCalled();
});

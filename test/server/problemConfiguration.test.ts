import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Diagnostic, DocumentDiagnosticReport } from 'vscode-languageserver';
import { afterEach, expect, test, vi } from 'vitest';
import { problemPageName, problemSeverities } from '../../server/language/problemCatalog.ts';
import { findProblemPages } from '../../server/problemPages.ts';
import { startTestClient, type TestClient, type TestClientOptions } from '../support/languageClient.ts';
import { schemaFolder } from '../support/queryModel.ts';

const uri = 'file:///work/a.queryDef.xml';
const modelFolder = fileURLToPath(schemaFolder);
const text =
  '<queryDef schema="nms:recipient" operation="select" lineCount="1"><select><node expr="@emial"/></select></queryDef>';

const started: TestClient[] = [];
afterEach(() => started.splice(0).forEach((client) => client.dispose()));

/** A client that asks for diagnostics, with the query open. */
async function open(options: TestClientOptions): Promise<TestClient> {
  const client = await startTestClient({
    ...options,
    capabilities: { ...options.capabilities, textDocument: { diagnostic: {} } },
    initializationOptions: { modelFolder, ...(options.initializationOptions as object | undefined) },
  });
  started.push(client);
  await client.open(uri, 'campaign-querydef', text);
  return client;
}

async function diagnosticsOf({ rpc }: TestClient): Promise<Diagnostic[]> {
  const params = { textDocument: { uri } };
  const report = await rpc.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', params);
  return report.kind === 'full' ? report.items : [];
}

/** `severity code`; severities are counted from error, 1, to hint, 4. */
const shown = async (client: TestClient): Promise<string[]> =>
  (await diagnosticsOf(client)).map(({ severity, code }) => `${severity} ${code}`);

const chosen = (severity: string): object => ({ severity: { 'query/field-unknown': severity } });

test('severities come with the first message, for clients without settings', async () => {
  expect(await shown(await open({}))).toEqual(['1 query/field-unknown']);
  const client = await open({ initializationOptions: { diagnostics: chosen('hint') } });
  expect(await shown(client)).toEqual(['4 query/field-unknown']);
});

test('a client that cannot be asked sends its settings when they change, and takes them back', async () => {
  const client = await open({ initializationOptions: { diagnostics: chosen('hint') } });
  const change = (settings: unknown): Promise<void> =>
    client.rpc.sendNotification('workspace/didChangeConfiguration', { settings });
  await change({ campaign: { diagnostics: chosen('information') } });
  expect(await shown(client)).toEqual(['3 query/field-unknown']);
  await change({ campaign: { diagnostics: chosen('off') } });
  expect(await shown(client)).toEqual([]);
  await change({});
  expect(await shown(client)).toEqual(['1 query/field-unknown']);
});

test('a client that can be asked is asked at the start and after each change', async () => {
  let severity = 'warning';
  let isRefused = false;
  const client = await open({
    capabilities: {
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    },
    // What it is asked for has precedence.
    initializationOptions: { diagnostics: chosen('hint') },
    prepare: (rpc) => {
      rpc.onRequest('client/registerCapability', () => null);
      rpc.onRequest('workspace/configuration', ({ items }: { items: { section: string }[] }) => {
        if (isRefused) throw new Error('no settings today');
        return items.map(({ section }) => (section === 'campaign.diagnostics' ? chosen(severity) : {}));
      });
    },
  });
  expect(await shown(client)).toEqual(['2 query/field-unknown']);
  severity = 'information';
  await client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: null });
  expect(await shown(client)).toEqual(['3 query/field-unknown']);
  // What was known holds on when the client does not answer.
  severity = 'off';
  isRefused = true;
  await client.rpc.sendNotification('workspace/didChangeConfiguration', { settings: null });
  expect(await shown(client)).toEqual(['3 query/field-unknown']);
  expect(client.logged.join()).toContain('no settings today');
});

test('a setting that makes no sense is complained about in the log, and leaves the rest', async () => {
  const client = await open({
    initializationOptions: {
      diagnostics: { severity: { 'query/feild-unknown': 'off', 'query/field-unknown': 'hint' } },
    },
  });
  expect(await shown(client)).toEqual(['4 query/field-unknown']);
  await vi.waitFor(() =>
    expect(client.logged.join()).toContain(
      'campaign.diagnostics.severity: There is no problem code query/feild-unknown',
    ),
  );
  for (const diagnostics of [null, 'loud', { severity: 7 }, []]) {
    expect(await shown(await open({ initializationOptions: { diagnostics } }))).toEqual([
      '1 query/field-unknown',
    ]);
  }
});

/** Where the code of the only problem leads. */
async function hrefOf(options: TestClientOptions): Promise<string | undefined> {
  const [diagnostic] = await diagnosticsOf(await open(options));
  return diagnostic?.codeDescription?.href;
}

test('a code leads to the page the client opens, else to the one the server has, else nowhere', async () => {
  const server = { problemPages: 'file:///server/docs/problems/' };
  expect(await hrefOf({ server })).toBe('file:///server/docs/problems/query-field-unknown.md');
  expect(await hrefOf({ server, initializationOptions: { problemPages: 'campaign-problem:/' } })).toBe(
    'campaign-problem:/query-field-unknown.md',
  );
  expect(await hrefOf({ server, initializationOptions: { problemPages: 7 } })).toBe(
    'file:///server/docs/problems/query-field-unknown.md',
  );
  expect(await hrefOf({})).toBeUndefined();
});

test('the pages are found beside the bundle, and each code has its file there', () => {
  const bundle = fileURLToPath(new URL('../../dist/server.js', import.meta.url));
  const pages = findProblemPages(bundle)!;
  expect(pages).toMatch(/^file:\/\/\/.*\/docs\/problems\/$/);
  const missing = [...problemSeverities.keys()].filter(
    (code) => !existsSync(fileURLToPath(`${pages}${problemPageName(code)}`)),
  );
  expect(missing).toEqual([]);
});

test('folders with spaces and signs are addresses, too; without pages there is none', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'pages #1 '));
  try {
    const bundle = path.join(folder, 'dist', 'server.js');
    expect(findProblemPages(bundle)).toBeUndefined();
    mkdirSync(path.join(folder, 'docs', 'problems'), { recursive: true });
    const pages = findProblemPages(bundle)!;
    expect(pages).toContain('%20');
    expect(pages).toContain('%231');
    expect(fileURLToPath(pages)).toBe(path.join(folder, 'docs', 'problems', path.sep));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

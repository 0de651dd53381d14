// How fast scripts are masked and completed, with a model of 2,000 schemas of 60 fields.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  createMessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { JavaScriptService } from '../../server/language/javascript/javaScriptService.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import { elapsedMs, percentiles, type Bench } from './bench.ts';

const schemaCount = 2_000;
const fieldCount = 60;
const documentSize = 30_000;
const root = path.resolve(import.meta.dirname, '..', '..');
const fixtures = path.join(root, 'test', 'fixtures', 'scripts');

/** Scripts of the fixtures one after the other, as functions so that their names do not meet, of a given size. */
function campaignScript(sizeBytes: number): string {
  const scripts = readdirSync(fixtures)
    .filter((name) => name.endsWith('.campaign.js'))
    .map((name) => readFileSync(path.join(fixtures, name), 'utf8'));
  let text = '';
  for (let index = 0; text.length < sizeBytes; index++) {
    text += `function part${index}() {\n${scripts[index % scripts.length]!}\n}\n`;
  }
  return text;
}

async function syntheticModel(): Promise<{ model: LanguageModel; ids: string[] }> {
  const { syntheticSchema, syntheticSchemaId } =
    await import('../../sandbox/campaign/data/syntheticSchemas.ts');
  const { parseSchema } = await import('../../core/schema/parseSchema.ts');
  const ids = Array.from({ length: schemaCount }, (_, index) => syntheticSchemaId(index));
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const known = new Map<string, ReturnType<LanguageModel['getSchema']>>();
  const list = ids.map((id) => ({ id, label: id }));
  const model: LanguageModel = {
    getSchema(id) {
      const index = indexes.get(id);
      if (index === undefined) return null;
      if (!known.has(id)) known.set(id, parseSchema(syntheticSchema(index, fieldCount)).schema ?? null);
      return known.get(id);
    },
    listSchemas: () => list,
  };
  return { model, ids };
}

/** The script with a loop over a query of that schema in the middle, and the cursor in it. */
function scriptWithLoop(schemaId: string, typed: string): { text: string; offset: number } {
  const body = campaignScript(documentSize);
  const middle = body.indexOf('\n}\nfunction part', body.length / 2) + 3;
  const name = schemaId.slice(schemaId.indexOf(':') + 1);
  const before = `${body.slice(0, middle)}function edited() {
  var answer = xtk.queryDef.create(<queryDef schema="${schemaId}" operation="select">
    <select><node expr="@id"/></select></queryDef>).ExecuteQuery();
  for each (var row in answer.${name}) {
    ${typed}`;
  return { text: `${before};\n  }\n}\n${body.slice(middle)}`, offset: before.length };
}

const editsOf = ['row.@', 'row.@o', 'row.', 'logInfo(row.@id); row.@', 'var text = String(row.@'];

async function completeInProcess(): Promise<Record<string, number>> {
  const { model, ids } = await syntheticModel();
  const first = scriptWithLoop(ids[0]!, editsOf[0]!);
  const open = (edit: number): { document: TextDocument; offset: number } => {
    const { text, offset } = scriptWithLoop(ids[0]!, editsOf[edit % editsOf.length]!);
    return {
      document: TextDocument.create('file:///bench.campaign.js', 'campaign-javascript', edit, text),
      offset,
    };
  };
  let service: JavaScriptService | undefined;
  const loadMs = await elapsedMs(async () => {
    const [typescript, { createJavaScriptService }] = await Promise.all([
      import('typescript'),
      import('../../server/language/javascript/javaScriptService.ts'),
    ]);
    service = createJavaScriptService({ typescript: typescript.default });
  });
  const firstMs = await elapsedMs(() => {
    const document = TextDocument.create('file:///bench.campaign.js', 'campaign-javascript', 0, first.text);
    const { items } = service!.completion(model, document, first.offset);
    if (items.length < fieldCount / 2)
      throw new Error(`Only ${items.length} items: the benchmark measures nothing.`);
  });
  const after = await percentiles((edit) => {
    const { document, offset } = open(edit + 1);
    return service!.completion(model, document, offset);
  });
  return {
    'load ms': loadMs,
    'first ms': firstMs,
    ...after,
    'rss MB': process.memoryUsage.rss() / 1024 / 1024,
  };
}

/** The model as one file a schema, in a folder of its own that the caller removes. */
async function writeModelFolder(): Promise<string> {
  const { syntheticSchema, syntheticSchemaId } =
    await import('../../sandbox/campaign/data/syntheticSchemas.ts');
  const folder = mkdtempSync(path.join(tmpdir(), 'campaign-bench-'));
  for (let index = 0; index < schemaCount; index++) {
    const name = `${syntheticSchemaId(index).replace(':', '_')}.xml`;
    writeFileSync(path.join(folder, name), syntheticSchema(index, fieldCount));
  }
  return folder;
}

async function completeFromFolder(): Promise<Record<string, number>> {
  const folder = await writeModelFolder();
  try {
    return await completeOverLsp(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The server as an editor starts it, over its standard streams; the model is in a folder, or else at the client. */
async function completeOverLsp(
  modelFolder?: string,
  andThen?: (connection: MessageConnection) => Promise<void>,
): Promise<Record<string, number>> {
  const server = path.join(root, 'dist', 'server.js');
  if (!existsSync(server)) throw new Error('There is no dist/server.js: run npm run build first.');
  const { syntheticSchema, syntheticSchemaId } =
    await import('../../sandbox/campaign/data/syntheticSchemas.ts');
  const ids = new Map(Array.from({ length: schemaCount }, (_, index) => [syntheticSchemaId(index), index]));
  const list = { connection: 'bench', schemas: [...ids.keys()].map((id) => ({ id, label: id })) };
  const startedAt = performance.now();
  const child = spawn(process.execPath, [server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createMessageConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  if (modelFolder === undefined) {
    connection.onRequest('campaign/listSchemas', () => list);
    connection.onRequest('campaign/loadSchema', ({ schemaId }: { schemaId: string }) => {
      const index = ids.get(schemaId);
      return index === undefined ? null : { xml: syntheticSchema(index, fieldCount) };
    });
  }
  connection.onRequest(() => null);
  connection.listen();
  const uri = 'file:///bench.campaign.js';
  await connection.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    initializationOptions: { modelFolder },
  });
  await connection.sendNotification('initialized', {});
  const complete = async (edit: number): Promise<number> => {
    const { text, offset } = scriptWithLoop(syntheticSchemaId(0), editsOf[edit % editsOf.length]!);
    const document = TextDocument.create(uri, 'campaign-javascript', edit, text);
    if (edit === 0) {
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'campaign-javascript', version: 0, text },
      });
    } else {
      await connection.sendNotification('textDocument/didChange', {
        textDocument: { uri, version: edit },
        contentChanges: [{ text }],
      });
    }
    for (;;) {
      const answer = await connection.sendRequest<{ items: unknown[]; isIncomplete: boolean }>(
        'textDocument/completion',
        {
          textDocument: { uri },
          position: document.positionAt(offset),
        },
      );
      // What was not loaded in time comes when an editor asks again.
      if (!answer.isIncomplete) return answer.items.length;
    }
  };
  try {
    const count = await complete(0);
    const firstMs = performance.now() - startedAt;
    if (count < fieldCount / 2) throw new Error(`Only ${count} items: the benchmark measures nothing.`);
    const after = await percentiles((edit) => complete(edit + 1));
    await andThen?.(connection);
    return { 'start to first ms': firstMs, ...after, 'rss MB': residentMb(child.pid!) };
  } finally {
    connection.dispose();
    child.kill();
  }
}

/** Twenty documents, looked through as an editor does: scripts over schemas of their own, and a package of 60 scripts. */
async function openTwenty(connection: MessageConnection): Promise<void> {
  const { syntheticSchemaId } = await import('../../sandbox/campaign/data/syntheticSchemas.ts');
  const open = async (uri: string, languageId: string, text: string): Promise<void> => {
    const textDocument = { uri, languageId, version: 0, text };
    await connection.sendNotification('textDocument/didOpen', { textDocument });
    const { items } = await connection.sendRequest<{ items: unknown[] }>('textDocument/diagnostic', {
      textDocument: { uri },
    });
    if (!Array.isArray(items)) throw new Error('No diagnostics: the benchmark measures nothing.');
    await connection.sendRequest('textDocument/semanticTokens/full', { textDocument: { uri } });
  };
  for (let index = 1; index < 20; index++) {
    const { text } = scriptWithLoop(syntheticSchemaId(index), 'row.@id');
    await open(`file:///bench${index}.campaign.js`, 'campaign-javascript', text);
  }
  const workflows = Array.from({ length: 60 }, (_, index) => {
    const id = syntheticSchemaId(100 + index);
    const query = `<queryDef schema="${id}" operation="select"><select><node expr="@id"/></select></queryDef>`;
    const script = `var rows = xtk.queryDef.create(${query}).ExecuteQuery();\nfor each (var row in rows.${id.slice(id.indexOf(':') + 1)}) logInfo(row.@id);`;
    return `<workflow internalName="W${index}"><activities><js name="js"><script><![CDATA[${script}]]></script></js></activities></workflow>`;
  });
  const text = `<package buildNumber="*"><entities schema="xtk:workflow">${workflows.join('\n')}</entities></package>`;
  await open('file:///package.xml', 'xml', text);
}

/** Memory of another process; 0 where /proc does not tell. */
function residentMb(pid: number): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024;
}

export const benches: readonly Bench[] = [
  {
    name: 'language/mask',
    subjects: {
      mask: async () => {
        const { maskScript } = await import('../../server/language/javascript/mask.ts');
        return throughput((text) => maskScript(text));
      },
      'TypeScript parser': async () => {
        const { default: ts } = await import('typescript');
        return throughput((text) => ts.createSourceFile('a.js', text, ts.ScriptTarget.ESNext));
      },
    },
    budgets: [
      { title: 'MB/s of Campaign scripts', value: ({ mask }) => mask!['scripts MB/s']!, min: 30 },
      {
        title: 'against parsing the same scripts with TypeScript',
        value: (medians) => medians.mask!['scripts MB/s']! / medians['TypeScript parser']!['scripts MB/s']!,
        min: 3,
      },
    ],
    note: 'A script of 30 KB, warm. TypeScript cannot read E4X; it recovers and goes on.',
  },
  {
    name: 'language/completion',
    subjects: { service: completeInProcess },
    budgets: [
      { title: 'completion after an edit, p50 ms', value: ({ service }) => service!['p50 ms']!, max: 15 },
      { title: 'completion after an edit, p95 ms', value: ({ service }) => service!['p95 ms']!, max: 50 },
    ],
    note: `${schemaCount} schemas of ${fieldCount} fields, a script of 30 KB; each completion follows an edit.`,
  },
  {
    name: 'language/server',
    subjects: {
      server: () => completeOverLsp(),
      'with a folder': completeFromFolder,
      'with twenty documents': () => completeOverLsp(undefined, openTwenty),
    },
    budgets: [
      {
        title: 'completion request after an edit, p50 ms',
        value: ({ server }) => server!['p50 ms']!,
        max: 15,
      },
      {
        title: 'completion request after an edit, p95 ms',
        value: ({ server }) => server!['p95 ms']!,
        max: 50,
      },
      {
        title: 'start to first completion, ms',
        value: ({ server }) => server!['start to first ms']!,
        max: 700,
      },
      {
        title: 'the same from a model folder, ms',
        value: (medians) => medians['with a folder']!['start to first ms']!,
        max: 700,
      },
      { title: 'memory of the server, MB', value: ({ server }) => server!['rss MB']!, max: 200 },
      {
        title: 'the same from a model folder, MB',
        value: (medians) => medians['with a folder']!['rss MB']!,
        max: 200,
      },
    ],
    note: 'The built server over its standard streams, with a client that has the model at hand; run npm run build first.',
  },
];

function throughput(read: (text: string) => unknown): Record<string, number> {
  const text = campaignScript(documentSize);
  const times = 200;
  for (let round = 0; round < 100; round++) read(text);
  const startedAt = performance.now();
  for (let round = 0; round < times; round++) read(text);
  const seconds = (performance.now() - startedAt) / 1000;
  return { 'scripts MB/s': (text.length * times) / 1e6 / seconds };
}

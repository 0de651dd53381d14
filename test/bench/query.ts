// QueryDef completion as an editor gets it: a request over the protocol right after an edit, so the document is parsed
// again, and the answer is written as JSON and read back.
import type { CompletionList } from 'vscode-languageserver';
import { listSchemasRequest, loadSchemaRequest } from '../../core/protocol/messages.ts';
import { percentiles, type Bench, type Measurement } from './bench.ts';

const size = { schemas: 2_000, fields: 60 };

const places = {
  'xpath through two links': '[next/next/@fi$0]',
  'field, function or literal': '$0',
  'enumeration value': '@state = $0',
} as const;

/** A query of some 120 lines, with the expression in its middle. */
function document(expr: string): string {
  const nodes = Array.from({ length: 50 }, (_, i) => `    <node expr="[next/@field${i}]" alias="@a${i}"/>`);
  const conditions = Array.from(
    { length: 50 },
    (_, i) => `    <condition expr="@field${i} = 'a' AND [next/@id] &gt; ${i}" boolOperator="OR"/>`,
  );
  return [
    '<queryDef schema="big:s7" operation="select" lineCount="100">',
    '  <select>',
    ...nodes,
    `    <node expr="${expr}"/>`,
    '  </select>',
    '  <where>',
    ...conditions,
    '  </where>',
    '</queryDef>',
  ].join('\n');
}

async function measureCompletion(expr: string): Promise<Measurement> {
  const { startTestClient } = await import('../support/languageClient.ts');
  const { generateSchemas } = await import('../support/largeModel.ts');
  const { takeCursor } = await import('../support/cursor.ts');
  const texts = generateSchemas(size);
  const schemas = [...texts.keys()].map((id) => ({ id, label: `Label of ${id}` }));
  const client = await startTestClient({
    capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } },
    prepare: (rpc) => {
      rpc.onRequest(listSchemasRequest, () => ({ connection: 'bench', schemas }));
      rpc.onRequest(loadSchemaRequest, ({ schemaId }: { schemaId: string }) => ({
        xml: texts.get(schemaId),
      }));
    },
  });
  const uri = 'file:///bench.queryDef.xml';
  const { text, offset } = takeCursor(document(expr));
  const before = text.slice(0, offset).split('\n');
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  await client.open(uri, 'campaign-querydef', text);
  let version = 1;
  let itemCount = 0;
  const measured = await percentiles(
    async () => {
      await client.change(uri, ++version, `${text}${' '.repeat(version % 7)}`);
      const list = await client.rpc.sendRequest<CompletionList>('textDocument/completion', {
        textDocument: { uri },
        position,
      });
      itemCount = list.items.length;
    },
    { times: 200, warmUp: 20 },
  );
  client.dispose();
  if (itemCount === 0) throw new Error(`Nothing was offered at ${expr}`);
  return { ...measured, items: itemCount };
}

export const benches: Bench[] = [
  ...Object.entries(places).map(([name, expr]) => ({
    name: `query/completion, ${name}`,
    subjects: { ours: () => measureCompletion(expr) },
    budgets: [
      {
        title: 'p95 over the protocol, in ms',
        value: (medians: Record<string, Measurement>) => medians['ours']!['p95 ms']!,
        max: 5,
      },
    ],
    note: `${size.schemas} schemas of ${size.fields} fields; a document of 108 lines, edited before every request.`,
  })),
  {
    name: 'query/completion, schema id',
    subjects: { ours: () => measureCompletion('[b$0]') },
    budgets: [
      {
        title: 'p95 over the protocol, in ms',
        value: (medians) => medians['ours']!['p95 ms']!,
        max: 5,
      },
    ],
    note: 'The first 300 of 2,000 matching schemas besides the fields; typing on narrows them.',
  },
  {
    name: 'query/diagnostics',
    subjects: {
      ours: async () => {
        const { createModel, queryContext } = await import('../support/queryModel.ts');
        const { generateSchemas } = await import('../support/largeModel.ts');
        const { checkQuery } = await import('../../server/language/queryDef/queryDiagnostics.ts');
        const model = createModel(generateSchemas({ schemas: 20, fields: size.fields }));
        const text = document('@field1');
        return percentiles(() => checkQuery(queryContext(text, model)), { times: 200, warmUp: 20 });
      },
    },
    budgets: [
      {
        title: 'p95 of a document of 108 lines, in ms',
        value: (medians) => medians['ours']!['p95 ms']!,
        max: 20,
      },
    ],
  },
];

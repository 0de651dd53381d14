import { afterAll, expect, test } from 'vitest';
import { expressionFunctions } from '../../core/expression/functions.ts';
import { contentOf, openSandbox, unescape } from './call.ts';
import { functionValues } from './functionValues.ts';
import { FakeClock, librarySeed } from './library.ts';

const caller = await openSandbox({ seed: librarySeed, clock: new FakeClock() });
afterAll(() => caller.sandbox.stop());

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

async function evaluate(expression: string): Promise<string> {
  const { text } = await caller.post('xtk:queryDef#EvaluateExpr', `<e>${escape(expression)}</e>`);
  return unescape(contentOf(text, 'pstrResult') ?? text);
}

test.each(functionValues)('%s = %s', async (expression, expected) => {
  const value = await evaluate(expression);
  if (typeof expected === 'string') expect(value).toBe(expected);
  else expect(value).toMatch(expected);
});

test('every function that is documented for queries has a value here', () => {
  // Aggregates and window functions need rows, see below; the rest are arguments of others or need a form.
  const used = functionValues.map(([expression]) => expression.toLowerCase()).join('\n');
  const groups = new Set(['string', 'date', 'numeric', 'currency', 'geomarketing', 'other']);
  const elsewhere = new Set(['else', 'when', 'rowid']);
  const missing = expressionFunctions
    .filter(({ name, group }) => groups.has(group) && !elsewhere.has(name.toLowerCase()))
    .filter(({ name }) => !used.includes(`${name.toLowerCase()}(`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test.each([
  ['Avg(@price)', '8.95'],
  ['Count()', '5'],
  ['count(@added)', '4'],
  ['CountAll()', '5'],
  ['Countdistinct(@kind)', '2'],
  ['Max(@price)', '15.25'],
  ['Min(@title)', '100% <Anonymous>'],
  ['Round(StdDev(@price), 3)', '5.707'],
  ["StringAgg(@isbn, '+')", 'I-1+I-2+I-3+I-4+I-5'],
  ['Sum(@price)', '44.75'],
  ['Sum(@price) / Count()', '8.95'],
])('%s over all rows is %s', async (expression, expected) => {
  const query = `<queryDef schema="lib:book" operation="select"><select><node expr="${escape(expression)}" alias="@v"/></select></queryDef>`;
  expect(unescape(/ v="([^"]*)"/.exec(await caller.query(query))?.[1] ?? '')).toBe(expected);
});

test('rows are numbered within partitions', async () => {
  const numbered = async (expression: string): Promise<string[]> => {
    const query = `<queryDef schema="lib:book"><select><node expr="${expression}" alias="@n"/></select><orderBy><node expr="@id"/></orderBy></queryDef>`;
    return [...(await caller.query(query)).matchAll(/ n="([^"]*)"/g)].map((match) => match[1]!);
  };
  expect(await numbered('RowNum(PartitionBy(@kind), OrderBy(Desc(@price)))')).toEqual([
    '2',
    '3',
    '1',
    '1',
    '2',
  ]);
  expect(await numbered('_Over_(Sum(@price), PartitionBy(@kind))')).toEqual([
    '29.5',
    '29.5',
    '29.5',
    '15.25',
    '15.25',
  ]);
  expect(await numbered('RowId()')).toEqual(['1', '2', '3', '4', '5']);
});

import { expect, test } from 'vitest';
import { planPush, type PushPlan } from '../../../client/staging/planPush.ts';
import { readRows } from '../../../client/staging/readRows.ts';
import { createStagingSchema } from './stagingSchema.ts';

interface Options {
  sendEmpty?: boolean;
  keyType?: string;
}

function plan(csv: string, options: Options = {}): { plan: PushPlan | undefined; messages: string[] } {
  const { table, problems } = readRows('orders.csv', new TextEncoder().encode(csv));
  if (table === undefined) return { plan: undefined, messages: problems.map(({ message }) => message) };
  let minted = 0;
  const result = planPush(table, createStagingSchema(options), {
    sendEmpty: options.sendEmpty ?? false,
    mintId: () => `uuid-${++minted}`,
  });
  return { plan: result.plan, messages: result.problems.map(({ message }) => message) };
}

function checkDocuments(csv: string, expected: readonly string[], options: Options = {}): void {
  const { plan: made, messages } = plan(csv, options);
  expect(messages).toEqual([]);
  expect(made!.rows.map(({ xml }) => xml)).toEqual(expected);
}

function checkProblems(csv: string, expected: readonly string[]): void {
  const { plan: made, messages } = plan(csv);
  expect(messages).toEqual(expected);
  expect(made).toBeUndefined();
}

test('a row with its primary key is an upsert by that key', () => {
  checkDocuments('@id,@number\nA1,7\n', [
    '<orderStg xtkschema="cus:orderStg" _key="@id" id="A1" number="7"/>',
  ]);
});

test('without the primary key another key of the schema serves', () => {
  checkDocuments('@number,@amount\n7,1.5\n', [
    '<orderStg xtkschema="cus:orderStg" _key="@number" number="7" amount="1.5"/>',
  ]);
});

test('a row without any key gets a UUID, so that it can be sent again', () => {
  checkDocuments('@amount\n1\n2\n', [
    '<orderStg xtkschema="cus:orderStg" _key="@id" amount="1" id="uuid-1"/>',
    '<orderStg xtkschema="cus:orderStg" _key="@id" amount="2" id="uuid-2"/>',
  ]);
});

test('only the rows whose id is empty get a UUID', () => {
  const { plan: made } = plan('@id,@amount\nA1,1\n,2\n');
  expect(made!.rows.map(({ id }) => id)).toEqual(['A1', 'uuid-1']);
});

test('a schema whose key is a number takes no UUID: the row has no key', () => {
  const { plan: made } = plan('@amount\n1\n', { keyType: 'long' });
  expect(made!.key).toEqual({ kind: 'none' });
  expect(made!.rows).toEqual([
    { line: 2, id: '', isKeyed: false, xml: '<orderStg xtkschema="cus:orderStg" amount="1"/>' },
  ]);
});

test('columns are found by xpath, by name and by label, in any letter case', () => {
  const { plan: made } = plan('ID,order NUMBER,Location/City,note\nA,7,Paris,hi\n');
  expect(made!.matches.map(({ field }) => field.xpath)).toEqual(['@id', '@number', 'location/@city', 'note']);
});

test('nested fields and texts become elements, markup in values stays text', () => {
  checkDocuments('@id,location/@city,note\nA,"""<&>",x < y & z\n', [
    '<orderStg xtkschema="cus:orderStg" _key="@id" id="A"><location city="&quot;&lt;&amp;&gt;"/><note>x &lt; y &amp; z</note></orderStg>',
  ]);
});

test('empty cells are left out, or sent as empty when asked', () => {
  checkDocuments('@id,@number\nA,\n', ['<orderStg xtkschema="cus:orderStg" _key="@id" id="A"/>']);
  checkDocuments('@id,@number\nA,\n', ['<orderStg xtkschema="cus:orderStg" _key="@id" id="A" number=""/>'], {
    sendEmpty: true,
  });
});

test.each([
  ['@amout', 'The column “@amout” is no field of cus:orderStg. Did you mean @amount?'],
  ['citty', 'The column “citty” is no field of cus:orderStg. Did you mean location/@city?'],
  ['zzz', 'The column “zzz” is no field of cus:orderStg.'],
  [
    'store/@name',
    'The column “store/@name” goes through the link store; staging takes fields of cus:orderStg only. Give @store-id instead.',
  ],
])('an unknown column is named, with the likely one: %s', (column, message) => {
  checkProblems(`@id,${column}\nA,1\n`, [message]);
});

test('two columns for one field are refused', () => {
  checkProblems('@id,id\nA,B\n', ['The columns “@id” and “id” are both the field @id. Keep one.']);
});

test.each([
  ['@count', '128', 'is outside of -128 to 127, the range of byte'],
  ['@count', 'x', 'is not a whole number'],
  [
    '@big',
    '9223372036854775808',
    'is outside of -9223372036854775808 to 9223372036854775807, the range of int64',
  ],
  ['@paid', 'yes', 'is neither true nor false (1 and 0 do too)'],
  ['@day', '2026-02-30', 'is not a date; write it as 2026-07-31'],
  ['@day', '31/07/2026', 'is not a date; write it as 2026-07-31'],
  ['@created', 'yesterday', 'is not a time; write it as 2026-07-31 14:05:00Z'],
  ['@created', '2026-07-31 14:05', 'has no time zone; add Z for UTC, or an offset such as +02:00'],
  ['@number', '12345678901', 'is 11 characters long; the field takes 10'],
])('a value that does not fit %s is named by line and column: %s', (column, value, problem) => {
  checkProblems(`@id,${column}\nA,\nB,${value}\n`, [`Line 3, column “${column}”: “${value}” ${problem}.`]);
});

test('a decimal comma is named for what it is', () => {
  checkProblems('@id;@amount\nA;1,5\n', [
    'Line 2, column “@amount”: “1,5” has a decimal comma; write a point.',
  ]);
});

test('values are written as Campaign writes them', () => {
  checkDocuments(
    '@id,@count,@paid,@day,@created,@status,@big\nA,+7,1,2026/07/31,2026-07-31T14:05:00+02:00,closed,9007199254740993\n',
    [
      '<orderStg xtkschema="cus:orderStg" _key="@id" id="A" count="7" paid="true" day="2026-07-31" created="2026-07-31 12:05:00.000Z" status="1" big="9007199254740993"/>',
    ],
  );
});

test('a row without a value for its key is refused when no UUID can stand in', () => {
  checkProblems('@number,@amount\n7,1\n,2\n', ['Line 3 has no value for @number, which is its key.']);
});

test('two rows with the same key are refused: which would win is left to chance', () => {
  checkProblems('@id\nA\nB\nA\n', ['Lines 2 and 4 have the same key “A”. Keep one.']);
});

test('one bad row keeps every row from being sent', () => {
  const { plan: made, messages } = plan(`@id,@count\n${'A,1\n'.replace('A', 'X')}Y,1\nZ,999\n`);
  expect(made).toBeUndefined();
  expect(messages).toHaveLength(1);
});

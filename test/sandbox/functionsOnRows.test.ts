import { afterAll, expect, test } from 'vitest';
import { walkExpression } from '../../core/expression/expressionTree.ts';
import { expressionFunctions } from '../../core/expression/functions.ts';
import { parseExpression } from '../../core/expression/parseExpression.ts';
import { escapeXmlAttribute } from '../../core/xml/entities.ts';
import { contentOf, openSandbox, unescape } from './call.ts';
import { functionValues } from './functionValues.ts';
import { FakeClock, librarySeed } from './library.ts';

/** A table with a column for each constant an expression can have. */
const kinds = { s: 'string', n: 'long', d: 'double', t: 'date', i: 'datetime' } as const;
const columnCount = 8;
const columns = Object.entries(kinds).flatMap(([kind, type]) =>
  Array.from({ length: columnCount }, (_, n) => `<attribute name="${kind}${n}" type="${type}"/>`),
);
const sample = `<schema namespace="lib" name="sample" label="Samples" mappingType="sql"><element name="sample" sqltable="LibSample"><key name="id" internal="true"><keyfield xpath="@id"/></key><attribute name="id" type="long"/>${columns.join('')}</element></schema>`;

const caller = await openSandbox({
  seed: { ...librarySeed, schemas: [...librarySeed.schemas, sample] },
  clock: new FakeClock(),
});
afterAll(() => caller.sandbox.stop());

/** The expression with fields in place of its constants, and a row that has the constants. */
function onRow(expression: string): { expr: string; fields: Map<string, string> } {
  const fields = new Map<string, string>();
  const cuts: { start: number; end: number; field: string }[] = [];
  walkExpression(parseExpression(expression).tree, (node) => {
    if (node.kind !== 'string' && node.kind !== 'number' && node.kind !== 'date') return;
    const value = node.kind === 'number' ? node.raw : node.value;
    const kind =
      node.kind === 'string'
        ? 's'
        : node.kind === 'number'
          ? /^\d+$/.test(value)
            ? 'n'
            : 'd'
          : /^\d{4}-\d\d-\d\d$/.test(value)
            ? 't'
            : 'i';
    const used = [...fields.keys()].filter((name) => name.startsWith(kind)).length;
    fields.set(`${kind}${used}`, value);
    cuts.push({ start: node.start, end: node.end, field: `@${kind}${used}` });
  });
  let expr = expression;
  for (const { start, end, field } of cuts.toReversed())
    expr = expr.slice(0, start) + field + expr.slice(end);
  return { expr, fields };
}

async function select(expr: string, id: number): Promise<string> {
  const text = await caller.query(
    `<queryDef schema="lib:sample" operation="get"><select><node expr="${escapeXmlAttribute(expr)}" alias="@v"/></select><where><condition expr="@id = ${id}"/></where></queryDef>`,
  );
  const value = / v="([^"]*)"/.exec(text)?.[1];
  return value === undefined ? text : unescape(value);
}

// Counters count: the second value is another one.
const stable = functionValues.filter(([expression]) => !/^CounterValue/.test(expression));

test.each(stable.map(([expression, expected], index) => [expression, expected, index + 1] as const))(
  '%s has the value of its constants on a row',
  async (expression, expected, id) => {
    const { expr, fields } = onRow(expression);
    const attributes = [...fields].map(([name, value]) => ` ${name}="${escapeXmlAttribute(value)}"`).join('');
    expect(
      await caller.run(
        'xtk:persist#Write',
        `<d><sample xtkschema="lib:sample" _operation="insert" id="${id}"${attributes}/></d>`,
      ),
    ).toBe('');
    const value = await select(expr, id);
    if (typeof expected === 'string') expect(value).toBe(expected);
    else expect(value).toMatch(expected);
  },
);

test('no function fails on a row where every field is empty', async () => {
  await caller.run('xtk:persist#Write', '<d><sample xtkschema="lib:sample" id="1000"/></d>');
  const failed: string[] = [];
  for (const [expression] of stable) {
    const value = await select(onRow(expression).expr, 1000);
    if (value.includes('SOP-330011')) failed.push(`${expression}: ${value}`);
  }
  expect(failed).toEqual([]);
});

test('functions can stand in conditions, orders and groups', async () => {
  const failed: string[] = [];
  for (const [expression] of stable) {
    const expr = escapeXmlAttribute(onRow(expression).expr);
    const text = await caller.query(
      `<queryDef schema="lib:sample"><select><node expr="${expr}" alias="@v" groupBy="true"/><node expr="Count()" alias="@n"/></select><where><condition expr="${expr} IS NOT NULL"/></where><orderBy><node expr="${expr}"/></orderBy></queryDef>`,
    );
    if (!text.startsWith('<sample-collection')) failed.push(`${expression}: ${text}`);
  }
  expect(failed).toEqual([]);
});

test('functions of forms have no meaning in a query, and say so', async () => {
  const known = new Set(
    functionValues.flatMap(([expression]) =>
      [...expression.matchAll(/(\w+)\(/g)].map(([, name]) => name!.toLowerCase()),
    ),
  );
  const elsewhere = new Set(['ev', 'el', 'eval']);
  const forms = expressionFunctions.filter(
    ({ name, group }) =>
      group === 'session' && !known.has(name.toLowerCase()) && !elsewhere.has(name.toLowerCase()),
  );
  expect(forms.map(({ name }) => name)).toContain('FileDlg');
  for (const { name } of forms) {
    const { text } = await caller.post('xtk:queryDef#EvaluateExpr', `<e>${name}('a', 'b')</e>`);
    expect([name, contentOf(text, 'detail')]).toEqual([name, expect.stringContaining('XTK-170006')]);
  }
});

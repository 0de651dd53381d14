import { expect, test } from 'vitest';
import { fillMacros, findMacros, toLiteral } from '../../../client/query/macros.ts';

const query = (...conditions: string[]) =>
  `<queryDef schema="nms:recipient"><where>${conditions.map((expr) => `<condition expr="${expr}"/>`).join('')}</where></queryDef>`;

test('each parameter is found once, in the order of the query', () => {
  const xml = query('@id = $long(vars/@id) or @age &gt; $(@age)', '@age &lt; $(@age)', "@email = '$(no)'");
  expect(findMacros(xml).map(({ text, cast }) => `${text} ${cast}`)).toEqual([
    '$long(vars/@id) long',
    '$(@age) ',
  ]);
  expect(findMacros(query('@id = 1'))).toEqual([]);
});

test('values take the place of every use, and the rest stays as it was written', () => {
  const xml = query('@age &gt; $(@age) and @age &lt; $(@age) + 1', '@id = 1');
  const filled = fillMacros(xml, new Map([['$(@age)', '5']]));
  expect(filled).toContain('expr="@age &gt; 5 and @age &lt; 5 + 1"');
  expect(filled).toContain('<condition expr="@id = 1"/>');
});

test('a value cannot leave its place', () => {
  const { literal } = toLiteral({ text: '$(x)', cast: '' }, `a' or "1"='1`) as { literal: string };
  expect(literal).toBe(`'a\\' or "1"=\\'1'`);
  expect(fillMacros(query('@email = $(x)'), new Map([['$(x)', literal]]))).toContain('&quot;1&quot;');
});

test.each([
  ['', '12', '12'],
  ['', 'Bob', "'Bob'"],
  ['', "'Bob'", "'Bob'"],
  ['', '#2026-01-31#', '#2026-01-31#'],
  ['string', '12', "'12'"],
  ['long', '12', '12'],
  ['long', 'twelve', undefined],
  ['date', '2026-01-31', '#2026-01-31#'],
  ['datetime', '2026-01-31 10:00:00', '#2026-01-31 10:00:00#'],
  ['date', 'today', undefined],
  ['noescaping', 'a + b', 'a + b'],
])('for $%s(…), “%s” is written as %s', (cast, typed, expected) => {
  const result = toLiteral({ text: '', cast }, typed);
  expect('literal' in result ? result.literal : undefined).toBe(expected);
});

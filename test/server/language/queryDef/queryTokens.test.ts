import { expect, test } from 'vitest';
import { queryExpressions } from '../../../../server/language/queryDef/expressionAt.ts';
import { expressionTokens } from '../../../../server/language/queryDef/queryTokens.ts';
import { queryContext } from '../../../support/queryModel.ts';

/** The tokens of an expression, `type:text` each. */
function tokens(expr: string): string[] {
  const text = `<queryDef schema="nms:recipient"><where><condition expr="${expr}"/></where></queryDef>`;
  const found = expressionTokens(text, queryExpressions(queryContext(text)));
  let end = 0;
  for (const token of found) {
    expect(token.start).toBeGreaterThanOrEqual(end);
    end = token.start + token.length;
  }
  return found.map(({ start, length, type }) => `${type}:${text.slice(start, start + length)}`);
}

test.each([
  ['attributes and links', '[folder/parent/@label]', 'namespace:folder namespace:parent property:@label'],
  ['functions', 'Upper(@email)', 'function:Upper property:@email'],
  [
    'operators and keywords',
    '@id = 1 AND NOT true',
    'property:@id operator:= number:1 keyword:AND keyword:NOT keyword:true',
  ],
  ['keywords of several words', '@id is not null', 'property:@id keyword:is keyword:not keyword:null'],
  ['lists', "@id IN ('a', 2)", "property:@id keyword:IN string:'a' number:2"],
  ['dates', '@birthDate > #2024-01-02#', 'property:@birthDate operator:> number:#2024-01-02#'],
  ['joined schemas', '[nms:recipient:r2:@id]', 'class:nms:recipient variable:r2 property:@id'],
  ['macros', '$long(/tmp/@id)', 'macro:$long namespace:tmp property:@id'],
  [
    'predicates',
    '[folder[@id = 1]/@label]',
    'namespace:folder property:@id operator:= number:1 property:@label',
  ],
  ['references of XML', '@id &gt;= 1', 'property:@id operator:&gt;= number:1'],
  ['raw SQL', '@id IN ([SQLDATA[select 1]])', 'property:@id keyword:IN keyword:SQLDATA string:select 1'],
  ['half-typed text', '[folder/@', 'namespace:folder property:@'],
  ['nothing', '', ''],
])('colours %s', (_, expr, expected) => expect(tokens(expr).join(' ')).toBe(expected));

test('a token ends with its line', () =>
  expect(tokens("'a\nb' = @id\r\n+ 'c\r\nd'")).toEqual([
    "string:'a",
    "string:b'",
    'operator:=',
    'property:@id',
    'operator:+',
    "string:'c",
    "string:d'",
  ]));

test('every prefix of an expression has tokens in order', () => {
  const expr = "Iif([folder[@id=1]/@label] LIKE 'x%' + $(a/@b), #2024-01-01#, [nms:a:b:@c]) IS NOT NULL";
  for (let end = 0; end <= expr.length; end++) tokens(expr.slice(0, end));
});

import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { expressionAt } from '../../../../server/language/queryDef/expressionAt.ts';
import { formatExpressionActions } from '../../../../server/language/queryDef/formatExpression.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { queryContext } from '../../../support/queryModel.ts';

/** The expression after "Format expression" at the `$0`; `undefined` when it is not offered. */
function formatted(marked: string): string | undefined {
  const { text, offset } = takeCursor(
    `<queryDef schema="nms:recipient"><where><condition expr="${marked}"/></where></queryDef>`,
  );
  const context = queryContext(text);
  const actions = formatExpressionActions(context, expressionAt(context, offset), {
    start: offset,
    end: offset,
  });
  expect(actions.length).toBeLessThanOrEqual(1);
  const edits = actions[0]?.edit?.changes?.[context.document.uri];
  if (edits === undefined) return undefined;
  return /expr="(.*)"/s.exec(TextDocument.applyEdits(context.document, edits))![1];
}

test('spaces operators and writes their words in capitals', () =>
  expect(formatted("@id=1   and(@email  like 'a%')or $0not @age>2")).toBe(
    "@id = 1 AND (@email LIKE 'a%') OR NOT @age > 2",
  ));

test('puts an expression of several lines on one', () =>
  expect(formatted('$0@id = 1\n   AND @age = 2')).toBe('@id = 1 AND @age = 2'));

test('adds the brackets a path needs', () =>
  expect(formatted('folder/@$0label = 1')).toBe('[folder/@label] = 1'));

test('escapes for XML what it writes', () => {
  expect(formatted('@id&lt;=1 AND @tier=&quot;a&quot;$0')).toBe("@id &lt;= 1 AND @tier = 'a'");
  expect(formatted("@tier='\"&amp;'$0".replace('"', '&quot;'))).toBe("@tier = '&quot;&amp;'");
});

test('is not offered where nothing would change', () =>
  expect(formatted("@id = $01 AND @tier = 'a'")).toBeUndefined());

test.each([
  ['an error', '@id = = 1$0'],
  ['a comment', '@id=1 /* why */$0'],
  ['nothing', ' $0 '],
])('is not offered for %s', (_, expr) => expect(formatted(expr)).toBeUndefined());

test('is offered inside an expression only', () => {
  const text = '<queryDef schema="nms:recipient"><where><condition expr="@id=1"/></where></queryDef>';
  const context = queryContext(text);
  const at = (start: number, end: number): number =>
    formatExpressionActions(context, expressionAt(context, start), { start, end }).length;
  expect(at(0, text.length)).toBe(0);
  expect(at(text.indexOf('@id'), text.indexOf('=1'))).toBe(1);
  expect(at(text.indexOf('@id'), text.length)).toBe(0);
});

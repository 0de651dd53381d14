import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { queryExpressions } from '../../../../server/language/queryDef/expressionAt.ts';
import {
  expressionInlayHints,
  type InlayHintOptions,
} from '../../../../server/language/queryDef/queryInlayHints.ts';
import { queryContext } from '../../../support/queryModel.ts';

function hintsOf(text: string, range = { start: 0, end: text.length }, options?: InlayHintOptions): string {
  const context = queryContext(text);
  const hints = expressionInlayHints(context, queryExpressions(context), range, options);
  const edits = hints.map(({ position, label, paddingLeft }) => ({
    range: { start: position, end: position },
    newText: `‹${paddingLeft === true ? ' ' : ''}${label as string}›`,
  }));
  return TextDocument.applyEdits(context.document, edits);
}

/** The expression with its hints in ‹›. */
function hints(expr: string, options?: InlayHintOptions): string {
  const text = `<queryDef schema="nms:recipient"><where><condition expr="${expr}"/></where></queryDef>`;
  return /expr="(.*)"/.exec(hintsOf(text, undefined, options))![1]!;
}

test('a link shows where it leads, unless its name says so', () => {
  expect(hints('[broadLog/@id]')).toBe('[broadLog‹: nms:broadLogRcp›/@id]');
  expect(hints('[folder/parent/@label]')).toBe('[folder/parent‹: xtk:folder›/@label]');
  expect(hints('[location/@city] = [nothing/@x]')).toBe('[location/@city] = [nothing/@x]');
});

test('a value shows its label', () => {
  expect(hints('@gender = 1')).toBe('@gender = 1‹ Man›');
  expect(hints('2 != @gender')).toBe('2‹ Woman› != @gender');
  expect(hints('@gender IN (1, (2))')).toBe('@gender IN (1‹ Man›, (2‹ Woman›))');
  expect(hints("@tier = 'gold'")).toBe("@tier = 'gold'‹ Gold tier›");
});

test('other values show nothing', () => {
  expect(hints('@gender = 7')).toBe('@gender = 7');
  expect(hints('@gender &gt; 1 AND @id = 1')).toBe('@gender &gt; 1 AND @id = 1');
});

test('hints come in the order of the text', () =>
  expect(hints('@gender = 1 AND [broadLog/@id] = 2 AND @gender = 2')).toBe(
    '@gender = 1‹ Man› AND [broadLog‹: nms:broadLogRcp›/@id] = 2 AND @gender = 2‹ Woman›',
  ));

test('each kind can be left out', () => {
  const expr = '[broadLog/@id] = 1 AND @gender = 1';
  expect(hints(expr, { linkTargets: false })).toBe('[broadLog/@id] = 1 AND @gender = 1‹ Man›');
  expect(hints(expr, { enumerationLabels: false })).toBe(
    '[broadLog‹: nms:broadLogRcp›/@id] = 1 AND @gender = 1',
  );
});

test('only what is shown has hints', () => {
  const text =
    '<queryDef schema="nms:recipient"><where><condition expr="@gender = 1"/><condition expr="@gender = 2"/></where></queryDef>';
  const start = text.indexOf('@gender = 2');
  expect(hintsOf(text, { start, end: text.length })).toBe(text.replace('= 2', '= 2‹ Woman›'));
});

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { SelectionRange } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { schemaExpressionAt } from '../../../server/language/srcSchema/schemaExpression.ts';
import { xmlFolding, xmlSelection } from '../../../server/language/xmlStructure.ts';
import { takeCursor } from '../../support/cursor.ts';
import { schemaContext } from '../../support/schemaSource.ts';

/** What "expand selection" selects at the `$0`, the smallest first. */
function selections(marked: string): string[] {
  const { text, offset } = takeCursor(marked);
  const context = schemaContext(text);
  const expression = schemaExpressionAt(context, offset)?.expression;
  const selected: string[] = [];
  let at: SelectionRange | undefined = xmlSelection(
    context.document,
    context.xml,
    offset,
    expression,
    undefined,
  );
  for (; at !== undefined; at = at.parent) selected.push(context.document.getText(at.range));
  return selected;
}

test('selects step, path, expression, value, attribute, tag, element', () =>
  expect(selections('<srcSchema><attribute expr="Upper([a/b$0c/@d]) + 1"/></srcSchema>')).toEqual([
    'bc',
    'a/bc/@d',
    '[a/bc/@d]',
    'Upper([a/bc/@d])',
    'Upper([a/bc/@d]) + 1',
    'expr="Upper([a/bc/@d]) + 1"',
    '<attribute expr="Upper([a/bc/@d]) + 1"/>',
    '<srcSchema><attribute expr="Upper([a/bc/@d]) + 1"/></srcSchema>',
  ]));

test('selects arguments, names and the inside of strings', () => {
  const at = (expr: string): string[] =>
    selections(`<srcSchema><attribute expr="${expr}"/></srcSchema>`).slice(0, 3);
  expect(at("Iif(@a, $0 'b', 1)")).toEqual(["@a,  'b', 1", "Iif(@a,  'b', 1)", `expr="Iif(@a,  'b', 1)"`]);
  expect(at('Up$0per(@a) = 1')).toEqual(['Upper', 'Upper(@a)', 'Upper(@a) = 1']);
  expect(at("@a = 'b$0 c'")).toEqual(['b c', "'b c'", "@a = 'b c'"]);
  expect(at('[nms:a:al:@$0b]')).toEqual(['@b', 'nms:a:al:@b', '[nms:a:al:@b]']);
});

test('selects what a tag is made of', () => {
  expect(selections('<a><b$0 c="d">e</b></a>')).toEqual([
    'b',
    '<b c="d">',
    '<b c="d">e</b>',
    '<a><b c="d">e</b></a>',
  ]);
  expect(selections('<a x$0y="1"/>')).toEqual(['xy', 'xy="1"', '<a xy="1"/>']);
  expect(selections('<a>t $0u<b/></a>')).toEqual(['t u', 't u<b/>', '<a>t u<b/></a>']);
  expect(selections('<a>t</$0a>')).toEqual(['</a>', '<a>t</a>']);
});

test('half-typed text can be selected, too', () => {
  const text = '<a b="c"><d e=\'[f/@g]\'>h</d></a>';
  for (let end = 0; end <= text.length; end++) {
    for (const selected of selections(`${text.slice(0, end)}$0`)) expect(text).toContain(selected);
  }
});

/** The folds, `first-last kind` each, lines counted from 0. */
function folds(text: string): string[] {
  const document = TextDocument.create('file:///a', 'xml', 1, text);
  return xmlFolding(document, parseXml(text), { start: 0, end: text.length }).map(
    ({ startLine, endLine, kind }) => `${startLine}-${endLine} ${kind ?? 'element'}`,
  );
}

test('folds elements and comments of several lines', () =>
  expect(
    folds('<!-- a\nb -->\n<c>\n  <!-- one line -->\n  <!-- d\n  e --><f/>\n</c>\n<!-- g\nh -->'),
  ).toEqual(['2-5 element', '0-1 comment', '4-5 comment', '7-8 comment']));

test('folds regions, one inside the other', () =>
  expect(
    folds(
      '<a>\n<!-- #region one -->\n<b/>\n<!-- #region two -->\n<c/>\n<!-- #endregion -->\n<!-- #endregion -->\n</a>',
    ),
  ).toEqual(['0-6 element', '3-5 region', '1-6 region']));

test('an end of a region that has no beginning folds nothing', () =>
  expect(folds('<a>\n<!-- #endregion -->\n<!-- #region -->\n</a>')).toEqual(['0-2 element']));

import { expect, test } from 'vitest';
import type { ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import { printExpression, printPath, stepTexts } from '../../../core/expression/printExpression.ts';
import { describeTree } from './describeTree.ts';
import { doubtfulExpressions, validExpressions } from './expressionSamples.ts';

function print(text: string): string {
  return printExpression(parseExpression(text).tree);
}

/** The tree with all brackets removed: what printing may add. */
function shapeOf(text: string): string {
  return describeTree(parseExpression(text).tree).replace(/[[\]]/g, '');
}

test.each(validExpressions)('%j printed and read again is the same tree', (text) => {
  const printed = print(text);
  expect(parseExpression(printed).problems).toEqual([]);
  expect(describeTree(parseExpression(printed).tree)).toBe(describeTree(parseExpression(text).tree));
  expect(print(printed)).toBe(printed);
});

test('printing adds the brackets a path lacks', () => {
  expect(print('folder/@label = 3')).toBe('[folder/@label] = 3');
  expect(print('@folder-id=3')).toBe('[@folder-id] = 3');
  expect(print('cus:purchase:@id')).toBe('[cus:purchase:@id]');
});

test('printing doubtful text changes spelling, not meaning', () => {
  for (const [text, code] of doubtfulExpressions) {
    if (code === 'comment' || code === 'count-star' || code === 'chained-comparison') continue;
    expect(shapeOf(print(text)), text).toBe(shapeOf(text));
  }
});

test('printing normalises spaces and operator words', () => {
  expect(print("@a=1   and(  @b like'x%' or not @c is null )")).toBe(
    "@a = 1 AND (@b LIKE 'x%' OR NOT @c IS NULL)",
  );
  expect(print('Upper( @a ,1 )')).toBe('Upper(@a, 1)');
  expect(print('@id not in(1,2)')).toBe('@id NOT IN (1, 2)');
});

test('trees made by programs get the brackets they need', () => {
  const at = { start: 0, end: 0 };
  const number = (value: number): ExpressionNode => ({ kind: 'number', value, raw: String(value), ...at });
  const binary = (
    operator: '+' | '*' | '-' | '=',
    left: ExpressionNode,
    right: ExpressionNode,
  ): ExpressionNode => ({
    kind: 'binary',
    operator,
    operatorSpan: at,
    left,
    right,
    ...at,
  });
  const or: ExpressionNode = { kind: 'logical', operator: 'or', operands: [number(1), number(2)], ...at };
  expect(printExpression(binary('*', binary('+', number(1), number(2)), number(3)))).toBe('(1 + 2) * 3');
  expect(printExpression(binary('-', number(1), binary('-', number(2), number(3))))).toBe('1 - (2 - 3)');
  expect(printExpression(binary('=', binary('=', number(1), number(2)), number(3)))).toBe('(1 = 2) = 3');
  expect(printExpression({ kind: 'logical', operator: 'and', operands: [or, number(3)], ...at })).toBe(
    '(1 OR 2) AND 3',
  );
  expect(printExpression({ kind: 'unary', operator: 'not', operand: or, ...at })).toBe('NOT (1 OR 2)');
});

test('strings are escaped no more than needed', () => {
  for (const value of ["it's", 'a\\b', 'a\\', "\\'", '\\\\', '100\\%', '\\\\%', "''", '']) {
    const printed = printExpression({
      kind: 'string',
      value,
      closed: true,
      hasHole: false,
      start: 0,
      end: 0,
    });
    const { tree, problems } = parseExpression(printed);
    expect(problems).toEqual([]);
    expect(tree.kind === 'string' && tree.value).toBe(value);
  }
  expect(print("@a LIKE '100\\%'")).toBe("@a LIKE '100\\%'");
});

test('paths print as xpaths and as steps', () => {
  const { tree } = parseExpression('[cus:purchase:p2:line[@rank = 1]/product.@label]');
  if (tree.kind !== 'path') throw new Error('not a path');
  expect(printPath(tree)).toBe('cus:purchase:p2:line[@rank = 1]/product.@label');
  expect(stepTexts(tree.steps)).toEqual(['line', 'product', '@label']);
});

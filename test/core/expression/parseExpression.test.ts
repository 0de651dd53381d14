import { expect, test } from 'vitest';
import { childrenOf, type ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { parseExpression, parseXPath } from '../../../core/expression/parseExpression.ts';
import { expressionProblemSeverities } from '../../../core/expression/problems.ts';
import { maskHoles } from '../../../core/expression/tokens.ts';
import { describeTree } from './describeTree.ts';
import { brokenExpressions, doubtfulExpressions, validExpressions } from './expressionSamples.ts';

function codesOf(text: string): string[] {
  return parseExpression(text).problems.map((problem) => problem.code.replace('expression/', ''));
}

function checkTree(text: string, expected: string): void {
  expect(describeTree(parseExpression(text).tree)).toBe(expected);
}

test.each(validExpressions)('reads %j without a problem', (text) => {
  expect(parseExpression(text).problems).toEqual([]);
});

test('the list of valid expressions is long enough and has no doubles', () => {
  expect(new Set(validExpressions).size).toBe(validExpressions.length);
  expect(validExpressions.length).toBeGreaterThanOrEqual(120);
  expect(doubtfulExpressions.length).toBeGreaterThanOrEqual(40);
});

test.each(doubtfulExpressions)('warns about %j', (text, ...codes) => {
  expect(codesOf(text)).toEqual(codes);
});

test.each(brokenExpressions)('reports %j as %s', (text, code) => {
  const first = parseExpression(text).problems[0];
  expect(first?.code).toBe(`expression/${code}`);
  expect(first?.severity).toBe('error');
});

test('a doubtful expression is never an error', () => {
  for (const [text, ...codes] of doubtfulExpressions) {
    const wanted = codes.map((code) => `expression/${code}` as keyof typeof expressionProblemSeverities);
    if (wanted.some((code) => expressionProblemSeverities[code] === 'error')) continue;
    for (const { code, severity, start, end } of parseExpression(text).problems) {
      // A hyphen subtracts and a colon ends the expression, where a slash is only doubtful.
      const isSure = code === 'expression/needs-brackets' && /[-:]/.test(text.slice(start, end));
      expect(severity).toBe(isSure ? 'error' : 'warning');
    }
  }
});

test('operators bind as in SQL', () => {
  checkTree('@a + @b * @c', '(+ @a (* @b @c))');
  checkTree('@a - @b - @c', '(- (- @a @b) @c)');
  checkTree('-@a * @b', '(* (neg @a) @b)');
  checkTree('@a = 1 AND @b = 2 OR @c = 3 AND @d', '(or (and (= @a 1) (= @b 2)) (and (= @c 3) @d))');
  checkTree('NOT @a = 1 AND @b', '(and (not (= @a 1)) @b)');
  checkTree("@a + 'x' LIKE @b + '%'", '(like (+ @a "x") (+ @b "%"))');
  checkTree("@a LIKE 'x' = true", '(= (like @a "x") true)');
  checkTree('@a + 1 IN (1, 2 + 3)', '(in (+ @a 1) 1 (+ 2 3))');
  checkTree('@a IS NOT NULL OR @b NOT IN (1)', '(or (is not null @a) (not in @b 1))');
});

test('chains of one logical operator are one node', () => {
  checkTree('@a OR @b OR @c OR @d', '(or @a @b @c @d)');
  checkTree('@a OR (@b OR @c)', '(or @a (group (or @b @c)))');
});

test('a slash divides unless a name touches it on both sides', () => {
  checkTree('@a/@b', '(/ @a @b)');
  checkTree('folder / 2', '(/ folder 2)');
  checkTree('folder/2', '(/ folder 2)');
  checkTree('folder/name', 'folder/name');
  checkTree('folder/@name', 'folder/@name');
  checkTree('Length(@a)/@b', '(/ (Length() @a) @b)');
  checkTree('[a/@b]/[c/@d]', '(/ [a/@b] [c/@d])');
});

test('a dash subtracts unless plain names touch it', () => {
  checkTree('@a - b', '(- @a b)');
  checkTree('@a -b', '(- @a b)');
  checkTree('@a-@b', '(- @a @b)');
  checkTree('@a-Length(@b)', '(- @a (Length() @b))');
  checkTree('@a-b', '@a-b');
  checkTree('[@a-b]', '[@a-b]');
});

test('paths keep their parts', () => {
  checkTree('[cus:purchase:p2:brand[1]/@label]', '[cus:purchase|p2|brand[1]/@label]');
  checkTree('[cus:purchase:/@id]', '[cus:purchase||/@id]');
  checkTree('[../@id]', '[../@id]');
  checkTree('[target/purchase.@amount]', '[target/purchase.@amount]');
  checkTree('[item[@k = [x/@y]]/@v]', '[item[(= @k [x/@y])]/@v]');
  checkTree('$long(../@owner-id)', '($long ../@owner-id)');
  checkTree('[temp:g:$pk(/a/@b):@id]', '[temp:g|$pk(/a/@b)|@id]');
});

test('strings decode their escapes and keep those of patterns', () => {
  checkTree("'it\\'s'", '"it\'s"');
  checkTree("'a\\\\b'", '"a\\\\b"');
  checkTree("'100\\%'", '"100\\\\%"');
  checkTree("'O''Hara'", '"O\'Hara"');
});

test('half-typed text gives a tree to complete in', () => {
  checkTree('[folder/@', '[folder/@]');
  checkTree('[folder/', '[folder/]');
  checkTree('[', '[]');
  checkTree('@age >', '(> @age missing)');
  checkTree('Upper(', '(Upper())');
  checkTree('Iif(@a = 1, ', '(Iif() (= @a 1) missing)');
  checkTree('@a = 1 AND ', '(and (= @a 1) missing)');
  checkTree('@city IN (', '(in @city)');
  checkTree('[folder/@name = 1 AND @b = 2', '(and (= [folder/@name] 1) (= @b 2))');
  checkTree('[item[@a = ', '[item[(= @a missing)]]');
});

test('a mistake in one operand leaves the others readable', () => {
  checkTree('@a ; = 1 AND @b = 2', '(and (= @a 1) (= @b 2))');
  checkTree('@a @b = 1 OR @c', '(or (= (invalid @a @b) 1) @c)');
  checkTree('@a BETWEEN 1 AND 2 AND @b', '(and (invalid @a 1 2) @b)');
  checkTree('CASE WHEN @a = 1 THEN @b ELSE @c END = 2', '(= (invalid (= @a 1) @b @c) 2)');
});

test('brackets around the text of a fix make it valid', () => {
  let count = 0;
  for (const [text] of doubtfulExpressions) {
    const { problems } = parseExpression(text);
    for (const { code, fix } of problems) {
      if (fix === undefined) continue;
      count++;
      const fixed = text.slice(0, fix.start) + fix.text + text.slice(fix.end);
      const left = parseExpression(fixed).problems.filter((problem) => problem.code === code);
      expect(left.length, fixed).toBeLessThan(problems.filter((problem) => problem.code === code).length);
    }
  }
  expect(count).toBeGreaterThan(25);
});

test('BETWEEN is rewritten as the comparisons it stands for', () => {
  const fixed = (text: string): string | undefined => parseExpression(text).problems[0]?.fix?.text;
  expect(fixed('@age BETWEEN 18 AND @max + 1')).toBe('(@age >= 18 AND @age <= @max + 1)');
  expect(fixed('[a/@b] not between 1 and 2')).toBe('([a/@b] < 1 OR [a/@b] > 2)');
  expect(fixed('@age BETWEEN 18 AND')).toBeUndefined();
});

test('unknown text silences what it touches', () => {
  const withHole = (text: string): string => {
    const start = text.indexOf('{');
    const end = text.indexOf('}') + 1;
    return maskHoles(text, start < 0 ? [] : [{ start, end }]);
  };
  for (const text of [
    '@id = {x}',
    "@name = '{x}'",
    '{x} AND @a = 1',
    '@a = 1 {x}',
    '@a {x} 3',
    '@id IN ({x})',
    '[@{x}]',
    '[{x}/@label]',
    '{x}',
    'Upper({x})',
    '@a = 1 AND ({x})',
  ])
    expect(parseExpression(withHole(text)).problems, text).toEqual([]);
  expect(codesOf(withHole('@id = {x} AND @folder-id = 3'))).toEqual(['needs-brackets']);
  expect(codesOf(withHole('@id = {x} AND @b ='))).toEqual(['operand-missing']);
});

test('spans nest, and every node says the text it stands for', () => {
  const check = (node: ExpressionNode, text: string): void => {
    expect(node.start).toBeLessThanOrEqual(node.end);
    for (const child of childrenOf(node)) {
      expect(child.start, text).toBeGreaterThanOrEqual(node.start);
      expect(child.end, text).toBeLessThanOrEqual(node.end);
      check(child, text);
    }
    if (node.kind === 'path') {
      for (const step of node.steps) {
        const name = step.kind === 'attribute' ? `@${step.name}` : step.name;
        expect(text.slice(step.start, step.end)).toBe(name);
      }
    }
    if (node.kind === 'call') expect(text.slice(node.nameSpan.start, node.nameSpan.end)).toBe(node.name);
  };
  for (const text of validExpressions) check(parseExpression(text).tree, text);
  for (const [text] of brokenExpressions) check(parseExpression(text).tree, text);
});

test('an xpath needs no brackets', () => {
  const { path, problems } = parseXPath('group[1]/sub-group/@full-name');
  expect(problems).toEqual([]);
  expect(describeTree(path)).toBe('group[1]/sub-group/@full-name');
  expect(path.steps.map((step) => step.start)).toEqual([0, 9, 19]);
  expect(describeTree(parseXPath('[folder/@id]').path)).toBe('[folder/@id]');
  expect(describeTree(parseXPath('../@count').path)).toBe('../@count');
  expect(parseXPath('folder/').problems.map((problem) => problem.code)).toEqual([
    'expression/path-incomplete',
  ]);
  expect(parseXPath('@a + 1').problems.map((problem) => problem.code)).toEqual([
    'expression/path-unreadable',
  ]);
});

import { expect, test } from 'vitest';
import { inferTypes } from '../../../core/expression/inferType.ts';
import { expressionContext, nodesAt, signatureAt } from '../../../core/expression/nodeAt.ts';
import { parseExpression, parseXPath } from '../../../core/expression/parseExpression.ts';
import { maxTreeHeight } from '../../../core/expression/tokenCursor.ts';
import { printExpression } from '../../../core/expression/printExpression.ts';
import { childrenOf, type ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { holeCharacter, tokenizeExpression } from '../../../core/expression/tokens.ts';
import { brokenExpressions, doubtfulExpressions, validExpressions } from './expressionSamples.ts';

const everything = [
  ...validExpressions,
  ...doubtfulExpressions.map(([text]) => text),
  ...brokenExpressions.map(([text]) => text),
];

/** Measured on all samples: below 19; a parser that goes back over its tokens would not stay below any constant. */
const maxStepsPerToken = 24;

/** Runs everything that takes an expression; returns the work per token. */
function exercise(text: string): number {
  const parsed = parseExpression(text);
  printExpression(parsed.tree);
  inferTypes(parsed.tree, { isCondition: true, clause: 'where', resolve: () => ({ type: 'string' }) });
  parseXPath(text);
  for (const problem of parsed.problems) {
    if (problem.start < 0 || problem.end > text.length || problem.start > problem.end)
      throw new Error(`${problem.code} of ${JSON.stringify(text)} is at ${problem.start}–${problem.end}`);
  }
  return parsed.stepCount / parsed.tokens.length;
}

function heightOf(tree: ExpressionNode): number {
  let height = 0;
  let level: readonly ExpressionNode[] = [tree];
  while (level.length > 0) {
    height++;
    level = level.flatMap(childrenOf);
  }
  return height;
}

/** Mulberry32: the same numbers in every run. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

test('every prefix and suffix of every sample can be read, and completed at every offset', () => {
  let worst = 0;
  for (const text of everything) {
    for (let cut = 0; cut <= text.length; cut++) {
      worst = Math.max(worst, exercise(text.slice(0, cut)), exercise(text.slice(cut)));
      expressionContext(text.slice(0, cut), cut);
      expressionContext(text, cut);
      signatureAt(text, cut);
    }
  }
  expect(worst).toBeLessThan(maxStepsPerToken);
});

test('replacement ranges of every context lie in the text and hold the prefix', () => {
  for (const text of everything) {
    const parsed = parseExpression(text);
    for (let offset = 0; offset <= text.length; offset++) {
      const context = expressionContext(parsed, offset);
      if (context.kind === 'none') continue;
      expect(context.replaceStart).toBeLessThanOrEqual(offset);
      expect(context.replaceEnd).toBeGreaterThanOrEqual(offset);
      if (context.kind !== 'string') expect(text.slice(context.replaceStart, offset)).toBe(context.prefix);
    }
  }
});

test('random texts are read without an exception, in linear work', () => {
  const random = createRandom(20240607);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const pieces = [
    ...Array.from('@[](){}.,:;/\\\'"#$%*+-=<>!|&? \n\t‘”é\u{1F600}'),
    ...['and', 'OR', 'not', 'LIKE', 'in', 'is', 'null', 'between', 'case', 'when', 'then', 'end', 'true'],
    ...[
      '@name',
      'folder',
      '[@a-b]',
      '[x/@y',
      'Upper(',
      '$long(',
      '[SQLDATA[',
      "'text'",
      '#2024-01-01#',
      '12.5',
    ],
    ...['[a[', 'ns:schema:', '..', '/*', '*/', '<=', holeCharacter],
  ];
  let worst = 0;
  for (let round = 0; round < 20_000; round++) {
    const length = 1 + Math.floor(random() * 24);
    let text = '';
    for (let i = 0; i < length; i++) text += pick(pieces) + (random() < 0.2 ? ' ' : '');
    worst = Math.max(worst, exercise(text));
    const offset = Math.floor(random() * (text.length + 1));
    expressionContext(text, offset);
    nodesAt(parseExpression(text).tree, offset);
  }
  expect(worst).toBeLessThan(maxStepsPerToken);
});

test('random edits of valid texts are read without an exception', () => {
  const random = createRandom(7);
  for (let round = 0; round < 10_000; round++) {
    const text = everything[Math.floor(random() * everything.length)]!;
    const other = everything[Math.floor(random() * everything.length)]!;
    const at = Math.floor(random() * (text.length + 1));
    const from = Math.floor(random() * (other.length + 1));
    exercise(text.slice(0, at) + other.slice(from, from + 8) + text.slice(at + Math.floor(random() * 4)));
  }
});

const monsters: readonly (readonly [name: string, build: (count: number) => string])[] = [
  ['opening brackets', (count) => '('.repeat(count)],
  ['nested brackets', (count) => `${'('.repeat(count)}1${')'.repeat(count)}`],
  ['closing brackets', (count) => ')'.repeat(count)],
  ['opening square brackets', (count) => '['.repeat(count)],
  ['nested predicates', (count) => `${'[a'.repeat(count)}${']'.repeat(count)}`],
  ['unclosed predicates', (count) => '[a[@b = '.repeat(count)],
  ['calls', (count) => 'Upper('.repeat(count)],
  ['macros', (count) => '$(a'.repeat(count)],
  ['nested macros', (count) => `${'$('.repeat(count)}${')'.repeat(count)}`],
  ['aliases of macros', (count) => '[a:b:$('.repeat(count)],
  ['raw SQL', (count) => '[SQLDATA['.repeat(count)],
  ['NOT', (count) => 'NOT '.repeat(count)],
  ['minus', (count) => '- '.repeat(count)],
  ['plus', (count) => `1${' + 1'.repeat(count)}`],
  ['comparisons', (count) => `1${' = 1'.repeat(count)}`],
  ['operators only', (count) => '= '.repeat(count)],
  ['AND', (count) => `@a${' AND @a'.repeat(count)}`],
  ['alternating operators', (count) => `@a${' AND @a OR @a'.repeat(count)}`],
  ['values without operators', (count) => '@a '.repeat(count)],
  ['quotes', (count) => "'".repeat(count)],
  ['escapes', (count) => `'${'\\'.repeat(count)}`],
  ['typographic quotes', (count) => '‘ '.repeat(count)],
  ['dates', (count) => '#2'.repeat(count)],
  ['steps', (count) => `[${'a/'.repeat(count)}@b]`],
  ['steps without brackets', (count) => `${'a/'.repeat(count)}@b`],
  ['dashes', (count) => `@a${'-a'.repeat(count)}`],
  ['colons', (count) => 'a:'.repeat(count)],
  ['commas', (count) => `f(${'1,'.repeat(count)})`],
  ['stray commas', (count) => '1,'.repeat(count)],
  ['IN', (count) => `@a${' IN (1'.repeat(count)}`],
  ['BETWEEN', (count) => `@a${' BETWEEN 1 AND 2'.repeat(count)}`],
  ['CASE', (count) => 'CASE WHEN '.repeat(count)],
  ['IS', (count) => `@a${' IS'.repeat(count)}`],
  ['comments', (count) => '/*'.repeat(count)],
  ['unknown characters', (count) => ';'.repeat(count)],
  ['unknown parts', (count) => `${holeCharacter} `.repeat(count)],
];

test.each(monsters)('a very long text of %s takes linear work and gives a bounded tree', (_name, build) => {
  const small = parseExpression(build(500));
  const large = parseExpression(build(20_000));
  expect(large.tokens.length).toBeLessThanOrEqual(build(20_000).length + 1);
  expect(large.stepCount / large.tokens.length).toBeLessThan(maxStepsPerToken);
  expect(large.stepCount).toBeLessThanOrEqual(small.stepCount * 41 + 2000);
  expect(heightOf(large.tree)).toBeLessThanOrEqual(maxTreeHeight + 1);
  expect(() => exercise(large.text)).not.toThrow();
  expect(() => expressionContext(large, large.text.length)).not.toThrow();
});

test('tokens cover the text in order and never overlap', () => {
  for (const text of everything) {
    let at = 0;
    for (const token of tokenizeExpression(text)) {
      expect(token.start).toBeGreaterThanOrEqual(at);
      expect(text.slice(at, token.start).trim()).toBe('');
      expect(text.slice(token.start, token.end)).toBe(token.text);
      at = token.end;
    }
    expect(at).toBe(text.length);
  }
});

test('thousands of conditions are one node, not a deep tree', () => {
  const { tree, problems } = parseExpression(
    Array.from({ length: 5000 }, (_, index) => `@id = ${index}`).join(' OR '),
  );
  expect(problems).toEqual([]);
  expect(tree.kind === 'logical' && tree.operands.length).toBe(5000);
  expect(heightOf(tree)).toBe(3);
});

test('a sum too long to be checked says so once and keeps its end', () => {
  const { problems } = parseExpression(`1${' + 1'.repeat(1500)} = @a`);
  expect(problems.map((problem) => problem.code)).toEqual(['expression/too-deep']);
});

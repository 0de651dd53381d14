import { walkExpression } from '../../../core/expression/expressionTree.ts';
import type { ParsedExpression } from '../../../core/expression/parseExpression.ts';
import { operatorWords, type Token } from '../../../core/expression/tokens.ts';
import type { ExpressionSite } from './expressionAt.ts';

/**
 * What a piece of an expression is, in the standard words of semantic tokens, so that every theme has a colour for it:
 * attributes are properties, links and containers namespaces, joined schemas classes; a date is a number.
 */
export const expressionTokenTypes = [
  'property',
  'namespace',
  'class',
  'variable',
  'function',
  'macro',
  'keyword',
  'operator',
  'string',
  'number',
  'comment',
] as const;

/** One of {@link expressionTokenTypes}. */
export type ExpressionTokenType = (typeof expressionTokenTypes)[number];

/** A stretch of one line of the document. */
export interface ExpressionToken {
  start: number;
  length: number;
  type: ExpressionTokenType;
}

interface Piece {
  start: number;
  end: number;
  type: ExpressionTokenType;
}

/** Words that are values where an operand stands. */
const valueWords: ReadonlySet<string> = new Set(['true', 'false', 'null']);

/**
 * The tokens of the expressions of a document, in its order; none overlaps another or a line break.
 * @param text the text of the document.
 */
export function expressionTokens(text: string, sites: Iterable<ExpressionSite>): ExpressionToken[] {
  const tokens: ExpressionToken[] = [];
  for (const { expression } of sites) {
    for (const piece of piecesOf(expression.parsed)) {
      const { start, end } = expression.toRange(piece);
      let at = start;
      for (const line of text.slice(start, end).split(/\r\n|\r|\n/)) {
        if (line !== '') tokens.push({ start: at, length: line.length, type: piece.type });
        at += line.length;
        at += text.startsWith('\r\n', at) ? 2 : 1;
      }
    }
  }
  return tokens;
}

/** Names come from the tree, which knows what they mean; the rest is what the lexer saw. */
function piecesOf(parsed: ParsedExpression): Piece[] {
  const pieces: Piece[] = [];
  walkExpression(parsed.tree, (node) => {
    if (node.kind === 'call') pieces.push({ ...spanOf(node.nameSpan), type: 'function' });
    if (node.kind !== 'path') return;
    if (node.join !== undefined) {
      pieces.push({ ...spanOf(node.join.schema), type: 'class' });
      const { alias } = node.join;
      if (alias?.text.startsWith('$') === false) pieces.push({ ...spanOf(alias), type: 'variable' });
    }
    for (const step of node.steps) {
      pieces.push({ ...spanOf(step), type: step.kind === 'attribute' ? 'property' : 'namespace' });
    }
  });
  const named = new Set(pieces.map(({ start }) => start));
  for (const token of parsed.tokens) {
    if (!named.has(token.start)) pieces.push(...toPieces(token));
  }
  return pieces.filter(({ start, end }) => end > start).sort((a, b) => a.start - b.start);
}

function spanOf({ start, end }: { readonly start: number; readonly end: number }): {
  start: number;
  end: number;
} {
  return { start, end };
}

function toPieces({ kind, start, end, text }: Token): Piece[] {
  switch (kind) {
    case 'string':
      return [{ start, end, type: 'string' }];
    case 'number':
    case 'date':
      return [{ start, end, type: 'number' }];
    case 'operator':
      return [{ start, end, type: 'operator' }];
    case 'comment':
      return [{ start, end, type: 'comment' }];
    case 'macroOpen':
      return [{ start, end: text.endsWith('(') ? end - 1 : end, type: 'macro' }];
    case 'sqlData': {
      const bracket = start + text.indexOf('[');
      return [
        { start, end: bracket, type: 'keyword' },
        { start: bracket + 1, end: text.endsWith(']') ? end - 1 : end, type: 'string' },
      ];
    }
    case 'identifier': {
      const word = text.toLowerCase();
      const isKeyword = operatorWords.has(word) || valueWords.has(word);
      return isKeyword ? [{ start, end, type: 'keyword' }] : [];
    }
    default:
      return [];
  }
}

import type { ExpressionNode, InvalidNode, MissingNode, Span, TextSpan } from './expressionTree.ts';
import {
  expressionProblemSeverities,
  type ExpressionProblem,
  type ExpressionProblemCode,
  type ProblemFix,
  type ProblemSeverity,
} from './problems.ts';
import { hasHole, operatorWords, tokenizeExpression, type Token } from './tokens.ts';

/** Brackets, calls and predicates nested deeper than this are not read; nothing that walks the tree overflows. */
export const maxNesting = 100;

/** Longest way from the root to a leaf; chains of one operator (`a + b + …`) make trees as high as they are long. */
export const maxTreeHeight = 1000;

const caseWords: ReadonlySet<string> = new Set(['when', 'then', 'else', 'end']);

/**
 * Where a parser of expressions is in its text, and what it has to say about it. The parsers of paths, operands and
 * operators are built on one another on top of this, as each can occur inside the others.
 */
export abstract class TokenCursor {
  protected readonly text: string;
  protected readonly allTokens: readonly Token[];
  protected readonly problems: ExpressionProblem[] = [];
  /** Looks at tokens so far: the measure of the work done. */
  protected stepCount = 0;
  protected nesting = 0;
  /** Height of the node returned last. */
  protected height = 0;
  /** How many SQL `CASE` are open: their words end an operand. */
  protected sqlCases = 0;
  protected openPredicates = 0;
  private readonly tokens: readonly Token[];
  private at = 0;

  constructor(text: string, start: 'expression' | 'path' = 'expression') {
    this.text = text;
    this.allTokens = tokenizeExpression(text, start);
    this.tokens = this.allTokens.filter((token) => token.kind !== 'comment');
  }

  protected peek(ahead = 0): Token {
    this.stepCount++;
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }

  protected next(): Token {
    const token = this.peek();
    if (this.at < this.tokens.length - 1) this.at++;
    return token;
  }

  protected previousToken(): Token | undefined {
    return this.tokens[this.at - 1];
  }

  protected previousEnd(): number {
    return this.previousToken()?.end ?? 0;
  }

  protected word(ahead = 0): string {
    const token = this.peek(ahead);
    return token.kind === 'identifier' ? token.text.toLowerCase() : '';
  }

  protected isOperatorText(text: string): boolean {
    const token = this.peek();
    return token.kind === 'operator' && token.text === text;
  }

  protected touchesPrevious(): boolean {
    return this.peek().start === this.previousEnd();
  }

  protected textSpan(start: number, end: number): TextSpan {
    return { start, end, text: this.text.slice(start, end) };
  }

  protected report(
    code: ExpressionProblemCode,
    span: Span,
    message: string,
    fix?: ProblemFix,
    severity: ProblemSeverity = expressionProblemSeverities[code],
  ): void {
    // Next to unknown text nothing can be said to be missing or in excess.
    if (severity === 'error' && this.touchesHole(span)) return;
    const problem = { code, severity, message, start: span.start, end: span.end };
    this.problems.push(fix ? { ...problem, fix } : problem);
  }

  protected touchesHole(span: Span): boolean {
    if (hasHole(this.text.slice(span.start, span.end))) return true;
    let before = span.start;
    while (before > 0 && this.text[before - 1] === ' ') before--;
    let after = span.end;
    while (after < this.text.length && this.text[after] === ' ') after++;
    return hasHole(this.text.slice(Math.max(0, before - 1), before)) || hasHole(this.text[after] ?? '');
  }

  /** End of something in brackets: unclosed, it reaches to what follows, as a cursor behind it is still inside. */
  protected endOf(closed: boolean): number {
    return closed ? this.previousEnd() : Math.max(this.previousEnd(), this.peek().start);
  }

  protected missing(): MissingNode {
    this.height = 1;
    return {
      kind: 'missing',
      start: this.previousEnd(),
      end: Math.max(this.previousEnd(), this.peek().start),
    };
  }

  protected missingOperand(after: string): MissingNode {
    const node = this.missing();
    const span = this.previousToken() ?? this.peek();
    this.report('expression/operand-missing', span, `A value is expected after ${after}.`);
    return node;
  }

  protected invalid(start: number, end: number, children: readonly ExpressionNode[]): InvalidNode {
    return { kind: 'invalid', start, end, text: this.text.slice(start, end), children };
  }

  protected reportUnknown(token: Token): void {
    this.report('expression/unexpected-character', token, `The character ${token.text} has no meaning here.`);
  }

  /** Gives up the inside of a node that would make the tree too high. */
  protected cap(node: ExpressionNode): ExpressionNode {
    if (this.height <= maxTreeHeight) return node;
    this.reportTooDeep(node);
    this.height = 1;
    return this.invalid(node.start, node.end, []);
  }

  protected reportTooDeep(span: Span): void {
    this.report(
      'expression/too-deep',
      { start: span.start, end: span.end },
      'This part is nested too deeply to be checked. Split the expression.',
    );
  }

  /** Passes over one operand, with everything its brackets enclose, without looking inside. */
  protected skipTooDeep(): ExpressionNode {
    const start = this.peek().start;
    let depth = 0;
    for (;;) {
      const kind = this.peek().kind;
      if (kind === 'end') break;
      const closes = kind === 'close' || kind === 'bracketClose';
      if (depth === 0 && (closes || kind === 'comma')) break;
      if (kind === 'open' || kind === 'bracketOpen' || kind === 'predicateOpen' || kind === 'macroOpen')
        depth++;
      else if (closes) depth--;
      this.next();
    }
    const node = this.invalid(start, Math.max(start, this.previousEnd()), []);
    this.reportTooDeep(node);
    this.height = 1;
    return node;
  }

  protected startsPrefix(): boolean {
    return (
      this.word() === 'not' ||
      this.isOperatorText('-') ||
      this.isOperatorText('!') ||
      this.isOperatorText('/')
    );
  }

  /** Can the current token begin an operand where an operator would also be possible? */
  protected startsOperand(): boolean {
    switch (this.peek().kind) {
      case 'identifier':
        return (
          !operatorWords.has(this.word()) &&
          !(this.sqlCases > 0 && caseWords.has(this.word()) && this.peek(1).kind !== 'open')
        );
      case 'attribute':
      case 'number':
      case 'string':
      case 'date':
      case 'macroOpen':
      case 'hole':
      case 'dot':
      case 'dotdot':
      case 'open':
      case 'bracketOpen':
        return true;
      default:
        return false;
    }
  }
}

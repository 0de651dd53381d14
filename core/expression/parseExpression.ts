import type {
  ExpressionNode,
  InvalidNode,
  MissingNode,
  PathJoin,
  PathNode,
  PathPredicate,
  PathStep,
  Span,
  TextSpan,
  BinaryNode,
} from './expressionTree.ts';
import {
  expressionProblemSeverities,
  type ExpressionProblem,
  type ExpressionProblemCode,
  type ProblemFix,
} from './problems.ts';
import { isDateText, quoteXtk } from './literals.ts';
import { hasHole, operatorWords, tokenizeExpression, type Token } from './tokens.ts';

/** What {@link parseExpression} found. */
export interface ParsedExpression {
  readonly text: string;
  readonly tree: ExpressionNode;
  readonly problems: readonly ExpressionProblem[];
  /** The tokens the tree was made of, the `end` token last. */
  readonly tokens: readonly Token[];
  /** Tokens looked at while parsing: at most a small multiple of `tokens.length`, whatever the text. */
  readonly stepCount: number;
}

/** Brackets, calls and predicates nested deeper than this are not read; nothing that walks the tree overflows. */
const maxNesting = 100;

/** Longest way from the root to a leaf; chains of one operator (`a + b + …`) make trees as high as they are long. */
export const maxTreeHeight = 1000;

/**
 * How tightly operators bind. Source: our inference from XPath and SQL habits; Adobe publishes no precedence.
 */
export const operatorPowers = {
  or: 1,
  and: 2,
  not: 3,
  relation: 4,
  match: 5,
  additive: 6,
  multiplicative: 7,
  negate: 8,
} as const;

type OperatorKind =
  'or' | 'and' | 'relation' | 'like' | 'in' | 'is' | 'between' | 'additive' | 'multiplicative' | 'foreignNot';

interface Operator {
  readonly kind: OperatorKind;
  readonly power: number;
  readonly text: string;
  readonly negated: boolean;
  /** Tokens it is made of: `NOT LIKE` has two. */
  readonly tokenCount: number;
}

/**
 * Reads an XTK expression: the text of `expr`, `enabledIf`, `visibleIf` and their like, XML escaping already removed.
 *
 * Total: never throws and is linear in the length of the text. Half-typed text gives a tree with `missing` nodes and
 * empty path steps where something is still to be typed. What the language certainly has parses without a problem;
 * what is doubtful is kept in the tree and reported as a warning. A run of {@link holeCharacter} stands for unknown
 * text; nothing is reported about it or about what it touches.
 * Source: Campaign documentation of expressions; the grammar is ours, as none is published.
 */
export function parseExpression(text: string): ParsedExpression {
  return new ExpressionParser(text).parse();
}

/**
 * Reads the text of an attribute that holds a path and no expression (`xpath`, `alias`, `xpath-src`): brackets are not
 * needed there, and names may hold `-`.
 * @returns a `path` node with offsets in `text`, and its problems. Never throws.
 */
export function parseXPath(text: string): { path: PathNode; problems: readonly ExpressionProblem[] } {
  return new ExpressionParser(text, /^\s*\[/.test(text) ? 'expression' : 'path').parseXPath();
}

class ExpressionParser {
  private readonly text: string;
  private readonly allTokens: readonly Token[];
  private readonly tokens: readonly Token[];
  private readonly problems: ExpressionProblem[] = [];
  private at = 0;
  private nesting = 0;
  /** Height of the node returned last. */
  private height = 0;
  private stepCount = 0;
  /** How many SQL `CASE` are open: their words end an operand. */
  private sqlCases = 0;
  private openPredicates = 0;

  constructor(text: string, start: 'expression' | 'path' = 'expression') {
    this.text = text;
    this.allTokens = tokenizeExpression(text, start);
    this.tokens = this.allTokens.filter((token) => token.kind !== 'comment');
  }

  parse(): ParsedExpression {
    for (const token of this.allTokens) {
      if (token.kind === 'comment')
        this.report('expression/comment', token, 'Expressions have no comments; remove it.');
    }
    let tree: ExpressionNode;
    if (this.peek().kind === 'end') {
      tree = this.missing();
      this.report('expression/empty', tree, 'An expression is expected.');
    } else {
      tree = this.parseOperators(0);
      while (this.peek().kind !== 'end') tree = this.skipUnexpected(tree);
    }
    this.problems.sort((a, b) => a.start - b.start || a.end - b.end);
    return {
      text: this.text,
      tree,
      problems: this.problems,
      tokens: this.allTokens,
      stepCount: this.stepCount,
    };
  }

  parseXPath(): { path: PathNode; problems: readonly ExpressionProblem[] } {
    const node = this.peek().kind === 'bracketOpen' ? this.parseBracketPath() : this.parsePathText();
    const token = this.peek();
    if (token.kind !== 'end')
      this.report('expression/path-unreadable', token, `A path is expected here, without ${token.text}.`);
    const path: PathNode =
      node.kind === 'path'
        ? node
        : {
            kind: 'path',
            bracketed: true,
            closed: true,
            absolute: false,
            steps: [],
            hasHole: true,
            start: node.start,
            end: node.end,
          };
    return { path, problems: this.problems };
  }

  // Tokens ----------------------------------------------------------------------------------------------------------

  private peek(ahead = 0): Token {
    this.stepCount++;
    return this.tokens[Math.min(this.at + ahead, this.tokens.length - 1)]!;
  }

  private next(): Token {
    const token = this.peek();
    if (this.at < this.tokens.length - 1) this.at++;
    return token;
  }

  private previousEnd(): number {
    return this.at === 0 ? 0 : this.tokens[this.at - 1]!.end;
  }

  private word(ahead = 0): string {
    const token = this.peek(ahead);
    return token.kind === 'identifier' ? token.text.toLowerCase() : '';
  }

  private isOperatorText(text: string): boolean {
    const token = this.peek();
    return token.kind === 'operator' && token.text === text;
  }

  private report(code: ExpressionProblemCode, span: Span, message: string, fix?: ProblemFix): void {
    const severity = expressionProblemSeverities[code];
    // Next to unknown text nothing can be said to be missing or in excess.
    if (severity === 'error' && this.touchesHole(span)) return;
    const problem = { code, severity, message, start: span.start, end: span.end };
    this.problems.push(fix ? { ...problem, fix } : problem);
  }

  private touchesHole(span: Span): boolean {
    if (hasHole(this.text.slice(span.start, span.end))) return true;
    let before = span.start;
    while (before > 0 && this.text[before - 1] === ' ') before--;
    let after = span.end;
    while (after < this.text.length && this.text[after] === ' ') after++;
    return hasHole(this.text.slice(Math.max(0, before - 1), before)) || hasHole(this.text[after] ?? '');
  }

  /** End of something in brackets: unclosed, it reaches to what follows, as a cursor behind it is still inside. */
  private endOf(closed: boolean): number {
    return closed ? this.previousEnd() : Math.max(this.previousEnd(), this.peek().start);
  }

  private missing(): MissingNode {
    this.height = 1;
    return {
      kind: 'missing',
      start: this.previousEnd(),
      end: Math.max(this.previousEnd(), this.peek().start),
    };
  }

  private missingOperand(after: string): MissingNode {
    const node = this.missing();
    const previous = this.tokens[this.at - 1];
    const span = previous === undefined ? this.peek() : previous;
    this.report('expression/operand-missing', span, `A value is expected after ${after}.`);
    return node;
  }

  private invalid(start: number, end: number, children: readonly ExpressionNode[]): InvalidNode {
    return { kind: 'invalid', start, end, text: this.text.slice(start, end), children };
  }

  /** Passes over text that cannot continue a complete expression, such as a `)` too many, and reads on. */
  private skipUnexpected(tree: ExpressionNode): ExpressionNode {
    const treeHeight = this.height;
    const token = this.next();
    if (token.kind === 'unknown') this.reportUnknown(token);
    else if (token.text === ']' || token.text === ')')
      this.report('expression/unexpected-token', token, `This ${token.text} closes nothing.`);
    else this.report('expression/unexpected-token', token, `${token.text} is not expected here.`);
    this.height = treeHeight;
    if (!this.startsOperand()) return this.continueOperators(tree, 0);
    const rest = this.parseOperators(0);
    this.height = Math.max(treeHeight, this.height) + 1;
    return this.cap(this.invalid(tree.start, rest.end, [tree, rest]));
  }

  private extend(tree: ExpressionNode, end: number): ExpressionNode {
    this.height++;
    return this.cap(this.invalid(tree.start, end, [tree]));
  }

  private reportUnknown(token: Token): void {
    this.report('expression/unexpected-character', token, `The character ${token.text} has no meaning here.`);
  }

  /** Gives up the inside of a node that would make the tree too high. */
  private cap(node: ExpressionNode): ExpressionNode {
    if (this.height <= maxTreeHeight) return node;
    this.reportTooDeep(node);
    this.height = 1;
    return this.invalid(node.start, node.end, []);
  }

  private reportTooDeep(span: Span): void {
    this.report(
      'expression/too-deep',
      { start: span.start, end: span.end },
      'This part is nested too deeply to be checked. Split the expression.',
    );
  }

  // Operators -------------------------------------------------------------------------------------------------------

  private parseOperators(minPower: number): ExpressionNode {
    return this.continueOperators(this.parsePrefix(minPower), minPower);
  }

  private continueOperators(first: ExpressionNode, minPower: number): ExpressionNode {
    let left = first;
    let compared = false;
    for (;;) {
      const operator = this.peekOperator();
      if (operator === undefined) {
        if (minPower > operatorPowers.match || !this.startsOperand()) return left;
        left = this.joinWithoutOperator(left);
        continue;
      }
      if (operator.power < minPower) return left;
      if (operator.kind === 'and' || operator.kind === 'or') left = this.parseLogical(left, operator);
      else {
        if (operator.kind === 'relation') {
          if (compared)
            this.report(
              'expression/chained-comparison',
              this.peek(),
              'Comparisons do not chain; combine them with AND.',
            );
          compared = true;
        }
        left = this.parseOperation(left, operator);
      }
    }
  }

  private parsePrefix(minPower: number): ExpressionNode {
    const token = this.peek();
    const isNot = this.word() === 'not';
    const isMinus = this.isOperatorText('-');
    const isBang = this.isOperatorText('!');
    if (!isNot && !isMinus && !isBang) return this.parsePrimary();
    if (this.nesting >= maxNesting) return this.skipTooDeep();
    this.next();
    if (isBang) this.reportForeign(token, '!', 'NOT', 'NOT ');
    this.nesting++;
    const operand =
      this.startsOperand() || this.startsPrefix()
        ? isMinus
          ? this.parsePrefix(operatorPowers.negate)
          : this.parseOperators(Math.max(operatorPowers.relation, minPower))
        : this.missingOperand(token.text.toUpperCase());
    this.nesting--;
    this.height++;
    return this.cap({
      kind: 'unary',
      operator: isMinus ? '-' : 'not',
      operand,
      start: token.start,
      end: operand.end,
    });
  }

  /** The operator at the current token, if an operator can stand there. */
  private peekOperator(): Operator | undefined {
    const token = this.peek();
    const operator = (kind: OperatorKind, power: number, tokenCount = 1, negated = false): Operator => ({
      kind,
      power,
      text: token.text.toLowerCase(),
      negated,
      tokenCount,
    });
    if (token.kind === 'operator') {
      switch (token.text) {
        case '+':
        case '-':
        case '||':
          return operator('additive', operatorPowers.additive);
        case '*':
        case '/':
        case '%':
          return operator('multiplicative', operatorPowers.multiplicative);
        case '&&':
          return operator('and', operatorPowers.and);
        case '!':
          return operator('foreignNot', operatorPowers.match);
        default:
          return operator('relation', operatorPowers.relation);
      }
    }
    switch (this.word()) {
      case 'and':
        return operator('and', operatorPowers.and);
      case 'or':
        return operator('or', operatorPowers.or);
      case 'like':
        return operator('like', operatorPowers.match);
      case 'in':
        return operator('in', operatorPowers.match);
      case 'is':
        return operator('is', operatorPowers.match);
      case 'between':
        return operator('between', operatorPowers.match);
      case 'not': {
        const following = this.word(1);
        if (following === 'in') return operator('in', operatorPowers.match, 2, true);
        if (following === 'between') return operator('between', operatorPowers.match, 2, true);
        return operator('like', operatorPowers.match, following === 'like' ? 2 : 1, true);
      }
      default:
        return undefined;
    }
  }

  private parseLogical(first: ExpressionNode, operator: Operator): ExpressionNode {
    const kind = operator.kind as 'and' | 'or';
    const operands = [first];
    let height = this.height;
    for (let op: Operator | undefined = operator; op?.kind === kind; op = this.peekOperator()) {
      const token = this.next();
      if (token.text === '&&') this.reportForeign(token, '&&', 'AND', 'AND');
      operands.push(
        this.startsOperand() || this.startsPrefix()
          ? this.parseOperators(operator.power + 1)
          : this.missingOperand(token.text.toUpperCase()),
      );
      height = Math.max(height, this.height);
    }
    this.height = height + 1;
    const last = operands[operands.length - 1]!;
    return this.cap({ kind: 'logical', operator: kind, operands, start: first.start, end: last.end });
  }

  private parseOperation(left: ExpressionNode, operator: Operator): ExpressionNode {
    switch (operator.kind) {
      case 'is':
        return this.parseIsNull(left);
      case 'in':
        return this.parseIn(left, operator);
      case 'between':
        return this.parseBetween(left, operator);
      case 'foreignNot': {
        const token = this.next();
        this.report('expression/unexpected-token', token, '! is not expected here; "not equal" is != or <>.');
        return this.extend(left, token.end);
      }
      case 'and':
      case 'or':
      case 'relation':
      case 'like':
      case 'additive':
      case 'multiplicative':
        return this.parseBinary(left, operator);
    }
  }

  private parseBinary(left: ExpressionNode, operator: Operator): ExpressionNode {
    const leftHeight = this.height;
    const first = this.next();
    for (let i = 1; i < operator.tokenCount; i++) this.next();
    const operatorSpan = { start: first.start, end: this.previousEnd() };
    const isLoneNot = operator.negated && operator.tokenCount === 1;
    if (isLoneNot)
      this.report(
        'expression/operator-incomplete',
        operatorSpan,
        'NOT after a value must be followed by LIKE or IN.',
      );
    if (operator.text === '||') this.reportForeign(first, '||', '+ (or OR, if a condition is meant)', '+');
    const right =
      this.startsOperand() || this.startsPrefix()
        ? this.parseOperators(operator.power + 1)
        : isLoneNot
          ? this.missing()
          : this.missingOperand(this.text.slice(operatorSpan.start, operatorSpan.end).toUpperCase());
    this.height = Math.max(leftHeight, this.height) + 1;
    const name = operator.kind === 'like' ? (operator.negated ? 'not like' : 'like') : operator.text;
    return this.cap({
      kind: 'binary',
      operator: name as BinaryNode['operator'],
      operatorSpan,
      left,
      right,
      start: left.start,
      end: right.end,
    });
  }

  private parseIsNull(operand: ExpressionNode): ExpressionNode {
    const first = this.next();
    const negated = this.word() === 'not';
    if (negated) this.next();
    if (this.word() === 'null') this.next();
    else {
      const span = { start: first.start, end: this.previousEnd() };
      this.report('expression/operator-incomplete', span, 'IS must be followed by NULL or NOT NULL.');
    }
    this.height++;
    return this.cap({ kind: 'isNull', negated, operand, start: operand.start, end: this.previousEnd() });
  }

  private parseIn(operand: ExpressionNode, operator: Operator): ExpressionNode {
    const first = this.peek();
    const negated = operator.negated;
    for (let i = 0; i < operator.tokenCount; i++) this.next();
    const operandHeight = this.height;
    let values: ExpressionNode[] = [];
    const listStart = this.peek().start;
    let end = this.previousEnd();
    this.height = 0;
    if (this.peek().kind === 'open') {
      const list = this.parseList(this.next(), 'IN');
      values = list.items;
      end = this.endOf(list.closed);
      if (values.length === 0 && !this.touchesHole({ start: listStart, end: this.previousEnd() }))
        this.report(
          'expression/in-list-missing',
          { start: first.start, end: this.previousEnd() },
          'IN needs at least one value: IN (1, 2).',
        );
    } else {
      this.report(
        'expression/in-list-missing',
        { start: first.start, end: this.previousEnd() },
        'IN needs its values in round brackets: IN (1, 2).',
      );
      if (this.startsOperand()) {
        values = [this.parseOperators(operatorPowers.additive)];
        end = this.previousEnd();
      }
    }
    this.height = Math.max(operandHeight, this.height) + 1;
    return this.cap({
      kind: 'in',
      negated,
      operand,
      values,
      list: { start: Math.min(listStart, end), end },
      start: operand.start,
      end,
    });
  }

  private parseBetween(operand: ExpressionNode, operator: Operator): ExpressionNode {
    const first = this.next();
    for (let i = 1; i < operator.tokenCount; i++) this.next();
    const children = [operand];
    let height = this.height;
    const bound = (): void => {
      if (!this.startsOperand() && !this.startsPrefix()) return;
      children.push(this.parseOperators(operatorPowers.additive));
      height = Math.max(height, this.height);
    };
    bound();
    if (this.word() === 'and') {
      this.next();
      bound();
    }
    this.report(
      'expression/between',
      { start: first.start, end: this.previousEnd() },
      'BETWEEN is not part of the language; write two comparisons joined by AND.',
    );
    this.height = height + 1;
    return this.cap(this.invalid(operand.start, this.previousEnd(), children));
  }

  private joinWithoutOperator(left: ExpressionNode): ExpressionNode {
    const leftHeight = this.height;
    const gap = this.peek();
    const rightStart = this.peek();
    const right = this.parseOperators(operatorPowers.additive);
    if (left.kind !== 'hole' && right.kind !== 'hole')
      this.report(
        'expression/operator-missing',
        { start: gap.start, end: Math.max(gap.end, rightStart.end) },
        `An operator is expected before ${gap.text}.`,
      );
    this.height = Math.max(leftHeight, this.height) + 1;
    return this.cap(this.invalid(left.start, right.end, [left, right]));
  }

  private reportForeign(token: Token, foreign: string, own: string, fixText: string): void {
    this.report(
      'expression/foreign-operator',
      token,
      `${foreign} is not an operator of expressions; use ${own}.`,
      {
        title: `Replace by ${fixText.trim()}`,
        start: token.start,
        end: token.end,
        text: fixText,
      },
    );
  }

  // Operands --------------------------------------------------------------------------------------------------------

  private startsPrefix(): boolean {
    return (
      this.word() === 'not' ||
      this.isOperatorText('-') ||
      this.isOperatorText('!') ||
      this.isOperatorText('/')
    );
  }

  /** Can the current token begin an operand where an operator would also be possible? */
  private startsOperand(): boolean {
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

  private parsePrimary(): ExpressionNode {
    const token = this.peek();
    this.height = 1;
    switch (token.kind) {
      case 'identifier':
        return this.parseWord(token);
      case 'attribute':
      case 'dot':
      case 'dotdot':
        return this.parseBarePath();
      case 'number':
        this.next();
        return {
          kind: 'number',
          value: Number(token.text),
          raw: token.text,
          start: token.start,
          end: token.end,
        };
      case 'string':
        return this.parseString(this.next());
      case 'date':
        return this.parseDate(this.next());
      case 'hole':
        this.next();
        return { kind: 'hole', start: token.start, end: token.end };
      case 'open':
        return this.parseGroup();
      case 'bracketOpen':
        return this.parseBracketPath();
      case 'macroOpen':
        return this.parseMacro();
      case 'operator':
        if (token.text === '/') return this.parseBarePath();
        break;
      case 'unknown':
        this.next();
        this.reportUnknown(token);
        return this.startsOperand() ? this.parsePrimary() : this.invalid(token.start, token.end, []);
      default:
        break;
    }
    const node = this.missing();
    this.report(
      'expression/operand-missing',
      token,
      `A value is expected before ${token.text || 'the end'}.`,
    );
    return node;
  }

  private parseWord(token: Token): ExpressionNode {
    const word = token.text.toLowerCase();
    const following = this.peek(1);
    if (following.kind === 'open') {
      if (!operatorWords.has(word)) return this.parseCall();
    } else if (word === 'case' && this.word(1) === 'when') return this.parseSqlCase();
    else if (!this.continuesPath(token, following)) {
      if (word === 'true' || word === 'false') {
        this.next();
        return { kind: 'boolean', value: word === 'true', start: token.start, end: token.end };
      }
      if (word === 'null') {
        this.next();
        return { kind: 'null', start: token.start, end: token.end };
      }
    }
    if (operatorWords.has(word)) {
      const node = this.missing();
      this.report('expression/operand-missing', token, `A value is expected before ${token.text}.`);
      return node;
    }
    return this.parseBarePath();
  }

  private parseString(token: Token): ExpressionNode {
    const node: ExpressionNode = {
      kind: 'string',
      value: token.value ?? '',
      closed: token.closed === true,
      hasHole: hasHole(token.text),
      start: token.start,
      end: token.end,
    };
    const quote = token.text[0]!;
    if (!node.closed) this.report('expression/unclosed-string', token, `The closing ${quote} is missing.`);
    for (const offset of token.doubledQuotes ?? [])
      this.report(
        'expression/doubled-quote',
        { start: offset, end: offset + 2 },
        "A quote inside a string is written \\', not doubled.",
        { title: "Write \\'", start: offset, end: offset + 2, text: `\\${quote}` },
      );
    if (quote !== "'" && node.closed) {
      const fix = {
        title: 'Use single quotes',
        start: token.start,
        end: token.end,
        text: quoteXtk(node.value),
      };
      if (quote === '"')
        this.report('expression/double-quoted-string', token, 'Strings are written in single quotes.', fix);
      else
        this.report(
          'expression/typographic-quote',
          token,
          'Strings are written in straight single quotes.',
          fix,
        );
    }
    return node;
  }

  private parseDate(token: Token): ExpressionNode {
    const value = token.value ?? '';
    const closed = token.closed === true;
    if (!closed) this.report('expression/unclosed-date', token, 'The closing # of the date is missing.');
    else if (!isDateText(value))
      this.report(
        'expression/date-format',
        token,
        'A date is written #yyyy-mm-dd# or #yyyy-mm-ddThh:mm:ssZ#.',
      );
    return { kind: 'date', value, closed, hasHole: hasHole(value), start: token.start, end: token.end };
  }

  private parseGroup(): ExpressionNode {
    const open = this.peek();
    if (this.nesting >= maxNesting) return this.skipTooDeep();
    this.next();
    this.nesting++;
    const inner =
      this.peek().kind === 'close' || this.peek().kind === 'end'
        ? this.missingOperand('(')
        : this.parseOperators(0);
    const items = this.peek().kind === 'comma' ? this.parseStrayList(inner) : inner;
    this.nesting--;
    const closed = this.closeParenthesis(open);
    this.height++;
    return this.cap({ kind: 'group', inner: items, closed, start: open.start, end: this.endOf(closed) });
  }

  /** `(1, 2)` where only one value can stand. */
  private parseStrayList(first: ExpressionNode): ExpressionNode {
    const children = [first];
    let height = this.height;
    while (this.peek().kind === 'comma') {
      const comma = this.next();
      this.report(
        'expression/unexpected-token',
        comma,
        'A list of values is only possible after IN or in a function.',
      );
      if (!this.startsOperand() && !this.startsPrefix()) continue;
      children.push(this.parseOperators(0));
      height = Math.max(height, this.height);
    }
    this.height = height + 1;
    return this.cap(this.invalid(first.start, this.previousEnd(), children));
  }

  /** Moves past what cannot be read up to the `)` of `open`; false when there is none. */
  private closeParenthesis(open: Token): boolean {
    let reported = false;
    let depth = 0;
    for (;;) {
      const token = this.peek();
      if (token.kind === 'close' && depth === 0) {
        this.next();
        return true;
      }
      const endsPredicate = token.kind === 'bracketClose' && depth === 0 && this.openPredicates > 0;
      if (token.kind === 'end' || endsPredicate) {
        this.report('expression/unclosed-parenthesis', open, 'The closing ) is missing.');
        return false;
      }
      if (token.kind === 'open') depth++;
      else if (token.kind === 'close') depth--;
      if (!reported) {
        if (token.kind === 'unknown') this.reportUnknown(token);
        else this.report('expression/unexpected-token', token, `${token.text} is not expected here.`);
        reported = true;
      }
      this.next();
    }
  }

  private parseCall(): ExpressionNode {
    const name = this.peek();
    if (this.nesting >= maxNesting) return this.skipTooDeep();
    this.next();
    const open = this.next();
    const starCall = this.isOperatorText('*') && this.peek(1).kind === 'close';
    if (starCall) {
      const star = this.next();
      this.next();
      const span = { start: name.start, end: this.previousEnd() };
      if (name.text.toLowerCase() === 'count')
        this.report('expression/count-star', span, 'count(*) is refused since v7; use CountAll().', {
          title: 'Replace by CountAll()',
          ...span,
          text: 'CountAll()',
        });
      else this.report('expression/operand-missing', star, `* is not a value.`);
      this.height = 2;
      return {
        kind: 'call',
        name: name.text,
        nameSpan: { start: name.start, end: name.end },
        args: [this.invalid(star.start, star.end, [])],
        open: open.start,
        commas: [],
        closed: true,
        ...span,
      };
    }
    const { items, commas, closed } = this.parseList(open, name.text);
    this.height++;
    return this.cap({
      kind: 'call',
      name: name.text,
      nameSpan: { start: name.start, end: name.end },
      args: items,
      open: open.start,
      commas,
      closed,
      start: name.start,
      end: this.endOf(closed),
    });
  }

  /** Values between `open`, already taken, and its `)`. Leaves the height of the highest value. */
  private parseList(
    open: Token,
    after: string,
  ): { items: ExpressionNode[]; commas: number[]; closed: boolean } {
    const items: ExpressionNode[] = [];
    const commas: number[] = [];
    let height = 0;
    this.nesting++;
    if (this.nesting > maxNesting) {
      this.nesting--;
      items.push(this.skipTooDeep());
      return { items, commas, closed: this.closeParenthesis(open) };
    }
    const kind = this.peek().kind;
    if (kind !== 'close' && kind !== 'end') {
      for (;;) {
        const token = this.peek();
        const isEmpty = token.kind === 'comma' || token.kind === 'close' || token.kind === 'end';
        const item = isEmpty
          ? this.missingOperand(commas.length === 0 ? `${after}(` : ',')
          : this.parseOperators(0);
        items.push(item);
        height = Math.max(height, this.height);
        if (this.peek().kind !== 'comma') break;
        commas.push(this.next().start);
      }
    }
    this.nesting--;
    const closed = this.closeParenthesis(open);
    this.height = height;
    return { items, commas, closed };
  }

  /** Passes over one operand, with everything its brackets enclose, without looking inside. */
  private skipTooDeep(): ExpressionNode {
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

  /** `CASE WHEN … THEN … ELSE … END`, which belongs to SQL. */
  private parseSqlCase(): ExpressionNode {
    if (this.nesting >= maxNesting) return this.skipTooDeep();
    const first = this.next();
    const children: ExpressionNode[] = [];
    let height = 0;
    this.nesting++;
    this.sqlCases++;
    while (['when', 'then', 'else'].includes(this.word())) {
      this.next();
      if (!this.startsOperand() && !this.startsPrefix()) continue;
      children.push(this.parseOperators(0));
      height = Math.max(height, this.height);
    }
    if (this.word() === 'end') this.next();
    this.sqlCases--;
    this.nesting--;
    const end = this.previousEnd();
    this.report(
      'expression/sql-case',
      { start: first.start, end },
      'CASE WHEN is SQL; write Case(When(condition, value), Else(value)).',
    );
    this.height = height + 1;
    return this.cap(this.invalid(first.start, end, children));
  }

  // Paths -----------------------------------------------------------------------------------------------------------

  private parseBracketPath(): ExpressionNode {
    const open = this.next();
    if (this.peek().kind === 'sqlData') return this.parseSqlData(open, this.next());
    const content = this.parsePathContent(open.end);
    this.skipUnreadablePath();
    const closed = this.peek().kind === 'bracketClose';
    if (closed) this.next();
    else
      this.report(
        'expression/unclosed-bracket',
        open,
        'The closing ] is missing. Brackets hold one path, nothing else.',
      );
    this.height = content.height;
    return this.cap({
      kind: 'path',
      bracketed: true,
      closed,
      ...content.path,
      start: open.start,
      end: closed ? this.previousEnd() : Math.max(this.previousEnd(), endOfPredicates(content.path.steps)),
    });
  }

  /** The whole text as a path without brackets. */
  private parsePathText(): PathNode {
    const { path } = this.parsePathContent(0);
    this.skipUnreadablePath();
    return {
      kind: 'path',
      bracketed: false,
      closed: true,
      ...path,
      start: Math.min(this.tokens[0]!.start, this.previousEnd()),
      end: this.previousEnd(),
    };
  }

  private parseSqlData(open: Token, token: Token): ExpressionNode {
    const closed = token.closed === true && this.peek().kind === 'bracketClose';
    if (this.peek().kind === 'bracketClose') this.next();
    const span = { start: open.start, end: this.previousEnd() };
    if (!closed) this.report('expression/unclosed-sqldata', open, 'The closing ]] of SQLDATA is missing.');
    this.report(
      'expression/native-sql',
      span,
      'SQLDATA passes raw SQL to the database and is refused by default since v7; use a subQuery.',
    );
    this.height = 1;
    return { kind: 'sqlData', sql: token.value ?? '', closed, ...span };
  }

  private parseMacro(): ExpressionNode {
    if (this.nesting >= maxNesting) return this.skipTooDeep();
    this.nesting++;
    const node = this.parseMacroPath(this.next());
    this.nesting--;
    return node;
  }

  private parseMacroPath(open: Token): ExpressionNode {
    const hasParenthesis = open.text.endsWith('(');
    const name = open.text.slice(1, hasParenthesis ? -1 : undefined);
    if (!hasParenthesis) {
      this.report('expression/unclosed-macro', open, 'A macro is written $(path) or $long(path).');
      this.height = 1;
      return { kind: 'macro', name, path: undefined, closed: false, start: open.start, end: open.end };
    }
    const content = this.parsePathContent(open.end);
    this.skipUnreadablePath();
    const closed = this.peek().kind === 'close';
    const bodyEnd = closed ? this.peek().start : this.previousEnd();
    if (closed) this.next();
    else this.report('expression/unclosed-macro', open, 'The closing ) of the macro is missing.');
    const path: PathNode = {
      kind: 'path',
      bracketed: false,
      closed: true,
      ...content.path,
      start: open.end,
      end: Math.max(open.end, bodyEnd),
    };
    this.height = content.height + 1;
    return this.cap({ kind: 'macro', name, path, closed, start: open.start, end: this.previousEnd() });
  }

  /** Steps inside brackets or a macro, up to what cannot be a path. */
  private parsePathContent(contentStart: number): { path: PathContent; height: number } {
    const content = new PathBuilder();
    if (!this.parseBracketJoin(content)) return content.result();
    if (this.peek().kind === 'pathSlash') {
      this.next();
      content.absolute = true;
    }
    let separator: PathStep['separator'] = content.absolute ? '/' : '';
    for (;;) {
      const token = this.peek();
      const isMacro = token.kind === 'macroOpen';
      if (isMacro) {
        this.parseMacro();
        content.add(
          'element',
          this.text.slice(token.start, this.previousEnd()),
          token.start,
          this.previousEnd(),
          separator,
        );
        content.unknown = true;
      } else if (!this.takeStep(content, separator)) {
        const isRoot = content.absolute && content.steps.length === 0;
        if (!isRoot) this.addEmptyStep(content, separator, Math.max(contentStart, this.previousEnd()));
        break;
      }
      this.parsePredicates(content);
      const following = this.peek();
      if (following.kind === 'pathSlash') separator = '/';
      else if (following.kind === 'dot' && ['attribute', 'pathName'].includes(this.peek(1).kind))
        separator = '.';
      else break;
      this.reportAttributeNotLast(content);
      this.next();
    }
    return content.result();
  }

  private takeStep(content: PathBuilder, separator: PathStep['separator']): boolean {
    const token = this.peek();
    if (token.kind === 'attribute')
      content.add('attribute', token.text.slice(1), token.start, token.end, separator);
    else if (token.kind === 'pathName') content.add('element', token.text, token.start, token.end, separator);
    else if (token.kind === 'dotdot') content.add('parent', '..', token.start, token.end, separator);
    else if (token.kind === 'dot') content.add('self', '.', token.start, token.end, separator);
    else return false;
    this.next();
    if (token.text === '@')
      this.report('expression/path-incomplete', token, 'The name of the field is missing after @.');
    return true;
  }

  private addEmptyStep(content: PathBuilder, separator: PathStep['separator'], offset: number): void {
    content.add('element', '', offset, offset, separator);
    const previous = this.tokens[this.at - 1] ?? this.peek();
    this.report(
      'expression/path-incomplete',
      previous,
      separator === '' ? 'A path is expected here.' : `A name is expected after ${separator}`,
    );
  }

  private reportAttributeNotLast(content: PathBuilder): void {
    const step = content.steps[content.steps.length - 1];
    if (step?.kind === 'attribute')
      this.report(
        'expression/attribute-not-last',
        step,
        `@${step.name} is a field; nothing can follow it in a path.`,
      );
  }

  /** `ns:schema:` or `ns:schema:alias:`. False when the path ends there, half-typed. */
  private parseBracketJoin(content: PathBuilder): boolean {
    if (this.peek().kind !== 'pathName' || this.peek(1).kind !== 'colon') return true;
    const start = this.peek().start;
    this.next();
    this.next();
    if (this.peek().kind === 'pathName') this.next();
    const schema = this.textSpan(start, this.previousEnd());
    content.join = { schema };
    content.unknown ||= hasHole(schema.text);
    if (this.peek().kind !== 'colon') {
      this.report(
        'expression/join-incomplete',
        schema,
        'A join is written [namespace:schema:path]; the path is missing.',
      );
      return false;
    }
    this.next();
    const aliasStart = this.peek().start;
    if (this.peek().kind === 'pathName' && this.peek(1).kind === 'colon') this.next();
    else if (this.peek().kind === 'macroOpen') {
      this.parseMacro();
      if (this.peek().kind !== 'colon') {
        content.add(
          'element',
          this.text.slice(aliasStart, this.previousEnd()),
          aliasStart,
          this.previousEnd(),
          '',
        );
        content.unknown = true;
        return false;
      }
    } else return true;
    content.join = { schema, alias: this.textSpan(aliasStart, this.previousEnd()) };
    this.next();
    return true;
  }

  private textSpan(start: number, end: number): TextSpan {
    return { start, end, text: this.text.slice(start, end) };
  }

  /** What is left inside brackets when the path has ended, such as a third `:`. */
  private skipUnreadablePath(): void {
    let reported = false;
    for (;;) {
      const token = this.peek();
      const isName = token.kind === 'attribute' && reported && this.touchesPrevious();
      if (token.kind === 'predicateOpen') this.parsePredicates(new PathBuilder());
      else if (isName || ['pathName', 'pathSlash', 'colon', 'dot', 'dotdot'].includes(token.kind))
        this.next();
      else return;
      if (!reported)
        this.report('expression/path-unreadable', token, `${token.text} cannot continue this path.`);
      reported = true;
    }
  }

  private parsePredicates(content: PathBuilder): void {
    while (this.peek().kind === 'predicateOpen') {
      const open = this.next();
      this.nesting++;
      this.openPredicates++;
      const isEmpty = ['bracketClose', 'end'].includes(this.peek().kind);
      const test =
        this.nesting > maxNesting
          ? this.skipTooDeep()
          : isEmpty
            ? this.missingOperand('[')
            : this.parseOperators(0);
      this.openPredicates--;
      this.nesting--;
      const closed = this.peek().kind === 'bracketClose';
      if (closed) this.next();
      else this.report('expression/unclosed-bracket', open, 'The closing ] is missing.');
      content.addPredicate({ start: open.start, end: this.endOf(closed), test, closed }, this.height);
    }
  }

  /** A path without brackets: fine for one name, tolerated with a warning for more. */
  private parseBarePath(): ExpressionNode {
    const content = new PathBuilder();
    const start = this.peek().start;
    let needsBrackets = this.parseBareJoin(content);
    let separator: PathStep['separator'] = '';
    if (this.isOperatorText('/')) {
      this.next();
      content.absolute = needsBrackets = true;
      separator = '/';
    }
    const mustTouch = content.absolute || content.join !== undefined;
    if (!mustTouch || this.touchesPrevious()) {
      for (;;) {
        const step = this.takeBareStep(content, separator);
        if (!step.taken) {
          if (separator !== '' && content.steps.length > 0)
            this.addEmptyStep(content, separator, this.previousEnd());
          break;
        }
        if (this.peek().kind === 'predicateOpen' && this.touchesPrevious()) {
          this.parsePredicates(content);
          needsBrackets = true;
        }
        needsBrackets ||= step.hasDash;
        const next = this.bareSeparator(content);
        if (next === '') break;
        separator = next;
        needsBrackets = true;
        this.next();
      }
    }
    const { path, height } = content.result();
    this.height = height;
    const node: PathNode = {
      kind: 'path',
      bracketed: false,
      closed: true,
      ...path,
      start,
      end: this.previousEnd(),
    };
    if (needsBrackets) this.reportNeedsBrackets(node);
    return this.cap(node);
  }

  private parseBareJoin(content: PathBuilder): boolean {
    if (this.peek().kind !== 'identifier' || this.peek(1).kind !== 'colon') return false;
    const start = this.peek().start;
    this.next();
    this.next();
    if (this.peek().kind === 'identifier' && this.touchesPrevious()) this.next();
    const schema = this.textSpan(start, this.previousEnd());
    content.join = { schema };
    if (this.peek().kind !== 'colon') return true;
    this.next();
    if (this.peek().kind === 'identifier' && this.peek(1).kind === 'colon' && this.touchesPrevious()) {
      const alias = this.next();
      content.join = { schema, alias: this.textSpan(alias.start, alias.end) };
      this.next();
    }
    return true;
  }

  private takeBareStep(
    content: PathBuilder,
    separator: PathStep['separator'],
  ): { taken: boolean; hasDash: boolean } {
    const token = this.peek();
    if (content.steps.length > 0 && !this.touchesPrevious()) return { taken: false, hasDash: false };
    if (token.kind === 'dot' || token.kind === 'dotdot')
      return { taken: this.takeStep(content, separator), hasDash: false };
    const isAttribute = token.kind === 'attribute';
    if (!isAttribute && (token.kind !== 'identifier' || operatorWords.has(this.word())))
      return { taken: false, hasDash: false };
    this.next();
    let hasDash = false;
    while (this.continuesWithDash()) {
      this.next();
      this.next();
      hasDash = true;
    }
    const end = this.previousEnd();
    const name = this.text.slice(isAttribute ? token.start + 1 : token.start, end);
    content.add(isAttribute ? 'attribute' : 'element', name, token.start, end, separator);
    if (name === '')
      this.report('expression/path-incomplete', token, 'The name of the field is missing after @.');
    return { taken: true, hasDash };
  }

  /**
   * `@folder-id` without white space and with a plain name behind the dash is a name that lacks its brackets: no
   * subtraction in the sources looks like it, as fields have an `@`.
   */
  private continuesWithDash(): boolean {
    if (!this.isOperatorText('-') || !this.touchesPrevious()) return false;
    const name = this.peek(1);
    return (
      name.kind === 'identifier' &&
      name.start === this.peek().end &&
      !operatorWords.has(name.text.toLowerCase()) &&
      this.peek(2).kind !== 'open'
    );
  }

  /** The separator at the current token, if it continues a path rather than divides. */
  private bareSeparator(content: PathBuilder): PathStep['separator'] {
    const last = content.steps[content.steps.length - 1];
    if (last === undefined || last.kind === 'attribute' || !this.touchesPrevious()) return '';
    const token = this.peek();
    const following = this.peek(1);
    const isClose = following.start === token.end;
    const isName = following.kind === 'attribute' || following.kind === 'identifier';
    if (token.kind === 'dot') return isClose && isName ? '.' : '';
    if (!this.isOperatorText('/')) return '';
    if (isClose && (isName || following.kind === 'dot' || following.kind === 'dotdot')) return '/';
    const isHalfTyped =
      ['end', 'close', 'comma', 'bracketClose'].includes(following.kind) ||
      (following.kind === 'operator' && following.text !== '-') ||
      operatorWords.has(following.text.toLowerCase());
    return isHalfTyped ? '/' : '';
  }

  private continuesPath(token: Token, following: Token): boolean {
    if (following.start !== token.end) return false;
    if (following.kind === 'colon' || following.kind === 'predicateOpen') return true;
    const name = this.peek(2);
    return (
      following.text === '/' &&
      name.start === following.end &&
      ['identifier', 'attribute', 'dotdot'].includes(name.kind)
    );
  }

  private touchesPrevious(): boolean {
    return this.peek().start === this.previousEnd();
  }

  private reportNeedsBrackets(path: PathNode): void {
    if (path.steps[path.steps.length - 1]?.name === '') return;
    const written = this.text.slice(path.start, path.end);
    const dash = path.steps.find((step) => step.name.includes('-'));
    const message =
      dash === undefined
        ? `A path with more than one name is written in brackets: [${written}].`
        : `Without brackets - subtracts. Write [${written}] for the field ${dash.name}.`;
    this.report('expression/needs-brackets', path, message, {
      title: 'Add brackets',
      start: path.start,
      end: path.end,
      text: `[${written}]`,
    });
  }
}

function endOfPredicates(steps: readonly PathStep[]): number {
  return steps[steps.length - 1]?.predicates.at(-1)?.end ?? 0;
}

const caseWords: ReadonlySet<string> = new Set(['when', 'then', 'else', 'end']);

type PathContent = Pick<PathNode, 'absolute' | 'steps' | 'hasHole' | 'join'>;

/** Collects the parts of one path. */
class PathBuilder {
  absolute = false;
  unknown = false;
  join: PathJoin | undefined;
  readonly steps: PathStep[] = [];
  private predicates: PathPredicate[] = [];
  private height = 1;

  add(
    kind: PathStep['kind'],
    name: string,
    start: number,
    end: number,
    separator: PathStep['separator'],
  ): void {
    this.predicates = [];
    this.steps.push({ kind, name, start, end, separator, predicates: this.predicates });
    this.unknown ||= hasHole(name);
  }

  addPredicate(predicate: PathPredicate, height: number): void {
    this.predicates.push(predicate);
    this.height = Math.max(this.height, height + 1);
  }

  result(): { path: PathContent; height: number } {
    const path = { absolute: this.absolute, steps: this.steps, hasHole: this.unknown };
    return { path: this.join ? { ...path, join: this.join } : path, height: this.height };
  }
}

import type { BinaryNode, ExpressionNode, PathNode } from './expressionTree.ts';
import { OperandParser } from './operandParser.ts';
import type { ExpressionProblem, ProblemFix } from './problems.ts';
import { maxNesting } from './tokenCursor.ts';
import type { Token } from './tokens.ts';

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
 * what is doubtful is kept in the tree and reported as a warning. A run of `holeCharacter` stands for unknown
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

class ExpressionParser extends OperandParser {
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

  protected parseOperators(minPower: number): ExpressionNode {
    return this.continueOperators(this.parsePrefix(minPower), minPower);
  }

  private continueOperators(first: ExpressionNode, minPower: number): ExpressionNode {
    let left = first;
    let compared = false;
    for (;;) {
      const operator = this.peekOperator();
      if (operator === undefined) {
        if (minPower > operatorPowers.relation || !this.startsOperand()) return left;
        left = this.joinWithoutOperator(left);
        // What follows is a comparison of its own.
        compared = false;
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
      this.betweenFix(children, operator.negated),
    );
    this.height = height + 1;
    return this.cap(this.invalid(operand.start, this.previousEnd(), children));
  }

  private betweenFix(operands: readonly ExpressionNode[], negated: boolean): ProblemFix | undefined {
    if (operands.length !== 3 || operands[0]!.kind === 'invalid') return undefined;
    const [value, low, high] = operands.map((node) => this.text.slice(node.start, node.end));
    const text = negated
      ? `(${value!} < ${low!} OR ${value!} > ${high!})`
      : `(${value!} >= ${low!} AND ${value!} <= ${high!})`;
    return { title: 'Write two comparisons', start: operands[0]!.start, end: operands[2]!.end, text };
  }

  private joinWithoutOperator(left: ExpressionNode): ExpressionNode {
    const leftHeight = this.height;
    const first = this.peek();
    const right = this.parseOperators(operatorPowers.additive);
    if (left.kind !== 'hole' && right.kind !== 'hole')
      this.report(
        'expression/operator-missing',
        first,
        `An operator is expected before ${first.text}${isCondition(left) ? ', such as AND or OR' : ''}.`,
        isCondition(left)
          ? { title: 'Insert AND', start: first.start, end: first.start, text: 'AND ' }
          : undefined,
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
}

/** Something another condition can be joined to. */
function isCondition(node: ExpressionNode): boolean {
  if (node.kind === 'binary') return !/^(?:[-+*/%]|\|\|)$/.test(node.operator);
  return node.kind === 'in' || node.kind === 'isNull';
}

import type { ExpressionNode } from './expressionTree.ts';
import { isDateText, quoteXtk } from './literals.ts';
import { PathParser } from './pathParser.ts';
import { maxNesting } from './tokenCursor.ts';
import { hasHole, operatorWords, type Token } from './tokens.ts';

const dateForms = '#yyyy-mm-dd# or #yyyy-mm-ddThh:mm:ssZ#';

/** Reads what operators stand between: literals, calls, groups, paths. */
export abstract class OperandParser extends PathParser {
  protected parsePrimary(): ExpressionNode {
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

  protected parseWord(token: Token): ExpressionNode {
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

  protected parseString(token: Token): ExpressionNode {
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

  protected parseDate(token: Token): ExpressionNode {
    const value = token.value ?? '';
    const closed = token.closed === true;
    if (!closed) this.report('expression/unclosed-date', token, 'The closing # of the date is missing.');
    else if (!isDateText(value))
      this.report(
        'expression/date-format',
        token,
        /^\d{4}[-/]\d{1,2}[-/]\d{1,2}(?!\d)/.test(value)
          ? `There is no such date or time, or it is not written as ${dateForms}.`
          : `A date is written ${dateForms}.`,
      );
    return { kind: 'date', value, closed, hasHole: hasHole(value), start: token.start, end: token.end };
  }

  protected parseGroup(): ExpressionNode {
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
  protected parseStrayList(first: ExpressionNode): ExpressionNode {
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
  protected closeParenthesis(open: Token): boolean {
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

  protected parseCall(): ExpressionNode {
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
  protected parseList(
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

  /** `CASE WHEN … THEN … ELSE … END`, which belongs to SQL. */
  protected parseSqlCase(): ExpressionNode {
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
}

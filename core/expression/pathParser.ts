import type { ExpressionNode, PathJoin, PathNode, PathPredicate, PathStep } from './expressionTree.ts';
import { maxNesting, TokenCursor } from './tokenCursor.ts';
import { hasHole, operatorWords, type Token } from './tokens.ts';

/** Reads paths, with brackets and without, and what stands in brackets like them: macros and raw SQL. */
export abstract class PathParser extends TokenCursor {
  /** Reads an expression of operators that bind at least as tightly as `minPower`. */
  protected abstract parseOperators(minPower: number): ExpressionNode;

  protected parseBracketPath(): ExpressionNode {
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
  protected parsePathText(): PathNode {
    const { path } = this.parsePathContent(0);
    this.skipUnreadablePath();
    return {
      kind: 'path',
      bracketed: false,
      closed: true,
      ...path,
      start: Math.min(this.allTokens[0]!.start, this.previousEnd()),
      end: this.previousEnd(),
    };
  }

  protected parseSqlData(open: Token, token: Token): ExpressionNode {
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

  protected parseMacro(): ExpressionNode {
    if (this.nesting >= maxNesting) return this.skipTooDeep();
    this.nesting++;
    const node = this.parseMacroPath(this.next());
    this.nesting--;
    return node;
  }

  protected parseMacroPath(open: Token): ExpressionNode {
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
  protected parsePathContent(contentStart: number): { path: PathContent; height: number } {
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

  protected takeStep(content: PathBuilder, separator: PathStep['separator']): boolean {
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

  protected addEmptyStep(content: PathBuilder, separator: PathStep['separator'], offset: number): void {
    content.add('element', '', offset, offset, separator);
    const previous = this.previousToken() ?? this.peek();
    this.report(
      'expression/path-incomplete',
      previous,
      separator === '' ? 'A path is expected here.' : `A name is expected after ${separator}`,
    );
  }

  protected reportAttributeNotLast(content: PathBuilder): void {
    const step = content.steps[content.steps.length - 1];
    if (step?.kind === 'attribute')
      this.report(
        'expression/attribute-not-last',
        step,
        `@${step.name} is a field; nothing can follow it in a path.`,
      );
  }

  /** `ns:schema:` or `ns:schema:alias:`. False when the path ends there, half-typed. */
  protected parseBracketJoin(content: PathBuilder): boolean {
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

  /** What is left inside brackets when the path has ended, such as a third `:`. */
  protected skipUnreadablePath(): void {
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

  protected parsePredicates(content: PathBuilder): void {
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
  protected parseBarePath(): ExpressionNode {
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

  protected parseBareJoin(content: PathBuilder): boolean {
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

  protected takeBareStep(
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
  protected continuesWithDash(): boolean {
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
  protected bareSeparator(content: PathBuilder): PathStep['separator'] {
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

  protected continuesPath(token: Token, following: Token): boolean {
    if (following.start !== token.end) return false;
    if (following.kind === 'colon' || following.kind === 'predicateOpen') return true;
    const name = this.peek(2);
    return (
      following.text === '/' &&
      name.start === following.end &&
      ['identifier', 'attribute', 'dotdot'].includes(name.kind)
    );
  }

  protected reportNeedsBrackets(path: PathNode): void {
    if (path.steps[path.steps.length - 1]?.name === '') return;
    const written = this.text.slice(path.start, path.end);
    const dash = path.steps.find((step) => step.name.includes('-'));
    const what = path.steps.length > 1 || path.absolute || path.join ? 'more than one name' : 'an index';
    const message =
      dash === undefined
        ? `A path with ${what} is written in brackets: [${written}].`
        : `Without brackets - subtracts. Write [${written}] for the name ${dash.name}.`;
    const fix = { title: 'Add brackets', start: path.start, end: path.end, text: `[${written}]` };
    // A slash works in Adobe's own samples; a hyphen subtracts, and a colon ends the expression.
    const severity = /[-:]/.test(written) ? 'error' : 'warning';
    // Brackets around half a join would only hide what is wrong.
    const isWhole = path.join === undefined || path.steps.length > 0;
    this.report('expression/needs-brackets', path, message, isWhole ? fix : undefined, severity);
  }
}

function endOfPredicates(steps: readonly PathStep[]): number {
  return steps[steps.length - 1]?.predicates.at(-1)?.end ?? 0;
}

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

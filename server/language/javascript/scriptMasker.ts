import { code, isDigit, isIdentifierPart, isIdentifierStart, isSpace } from './characterClasses.ts';
import { enumMark, literalMark, wildcardMark } from './maskCharacters.ts';
import type { MaskedScript } from './maskedScript.ts';
import { ScanState } from './scanState.ts';
import {
  bracket,
  controlWords,
  expressionWords,
  longestKeyword,
  mayBeKeyword,
  neverInExpressions,
  statementWords,
} from './scriptWords.ts';
import { StatementMasker } from './statementMasker.ts';

/** Reads a script once and collects what to replace; see `maskScript`. */
export class ScriptMasker extends StatementMasker {
  run(): MaskedScript {
    if (this.text.startsWith('#!')) this.skipLine();
    this.scanScript(this.length, false);
    return {
      text: this.applyEdits(),
      literals: this.literals,
      filters: this.filters,
      forEachLoops: this.forEachLoops,
      problems: this.problems,
      tolerated: this.tolerated,
      rereadCount: this.rereadCount,
    };
  }

  private applyEdits(): string {
    if (this.edits.length === 0) return this.text;
    const parts: string[] = [];
    let from = 0;
    for (const edit of this.edits) {
      parts.push(this.text.slice(from, edit.start), edit.text);
      from = edit.end;
    }
    parts.push(this.text.slice(from));
    return parts.join('');
  }

  protected scanScript(limit: number, inHole: boolean): boolean {
    const { text } = this;
    const state = new ScanState(limit, inHole);
    while (this.pos < limit) {
      const c = text.charCodeAt(this.pos);
      if (isSpace(c)) {
        this.pos++;
        continue;
      }
      if (isIdentifierStart(c)) {
        if (!this.scanWord(state)) return false;
        continue;
      }
      if (isDigit(c)) {
        this.scanNumber(limit);
        state.behindOperand();
        state.afterDot = false;
        continue;
      }
      const wasDot = state.afterDot;
      state.afterDot = false;
      switch (c) {
        case code.quotation:
        case code.apostrophe:
          this.scanString(c, limit);
          state.behindOperand();
          break;
        case code.backtick:
          this.pos++;
          this.scanTemplateText(state);
          break;
        case code.slash:
          if (!this.scanSlash(state)) return false;
          break;
        case code.dot:
          this.scanDot(state);
          break;
        case code.at:
          this.scanAt(state);
          break;
        case code.colon:
          this.scanColon(state);
          break;
        case code.question:
          this.scanQuestion(state);
          break;
        case code.less:
          if (!this.scanLess(state, wasDot)) return false;
          break;
        case code.parenLeft:
          this.pos++;
          state.push(state.nextParen);
          state.nextParen = bracket.group;
          state.behindOperator();
          state.keyOffset = this.pos;
          break;
        case code.bracketLeft:
          this.pos++;
          state.push(bracket.index);
          state.behindOperator();
          break;
        case code.parenRight:
        case code.bracketRight:
          if (inHole && state.stack.length === 0) return false;
          this.scanClosing(state, c);
          break;
        case code.braceLeft:
          this.pos++;
          state.keyOffset = this.pos;
          state.openBrace();
          break;
        case code.braceRight:
          if (this.scanBraceRight(state)) return true;
          break;
        case code.semicolon:
          if (inHole && state.stack.length === 0) return false;
          this.pos++;
          state.conditional = 0;
          // Between the parts of a `for (;;)` an expression follows, too; nothing depends on the difference.
          state.behindStatement();
          state.forgetNext();
          break;
        case code.plus:
        case code.hyphen:
          if (text.charCodeAt(this.pos + 1) === c) this.pos += 2;
          else {
            this.pos++;
            state.atOperand = true;
          }
          state.atStatement = false;
          break;
        case code.equals:
          // No expression assigns a string so tightly; an attribute does, of the tag whose hole was not closed.
          if (inHole && state.stack.length === 0 && this.isAttributeSign(this.pos)) return false;
          this.scanEquals(state);
          break;
        case code.asterisk:
          this.scanAsterisk(state);
          break;
        case code.comma:
          this.pos++;
          state.behindOperator();
          state.keyOffset = this.pos;
          state.forgetNext();
          break;
        case code.hash:
          if (state.atOperand && this.scanSharp(this.pos)) {
            state.atOperand = text.charCodeAt(this.pos - 1) === code.equals;
            state.atStatement = false;
            break;
          }
          this.pos++;
          state.behindOperator();
          break;
        default:
          // The remaining operators; `#` of a private name is followed by its name, which makes it an operand.
          this.pos++;
          state.behindOperator();
      }
    }
    return false;
  }

  /** At a name or a keyword. @returns false where a hole cannot go on. */
  private scanWord(state: ScanState): boolean {
    const { text } = this;
    const { limit } = state;
    const start = this.pos;
    let end = start + 1;
    while (end < limit && isIdentifierPart(text.charCodeAt(end))) end++;
    this.pos = end;
    if (state.afterDot) {
      state.afterDot = false;
      if (!isSpace(text.charCodeAt(start - 1)) || !this.isStatementBelowDot(start, end)) {
        state.behindOperand();
        return true;
      }
      state.behindStatement();
    }
    const wasStatement = state.atStatement;
    const wasOperand = !state.atOperand;
    state.behindOperand();
    if (end - start > longestKeyword || end - start < 2) return true;
    const word = text.slice(start, end);
    if (!mayBeKeyword(word) || !this.isKeywordHere(word, end, state.stack.at(-1))) return true;
    if (wasOperand && word === 'for' && this.scanComprehensionHead(state, start)) return true;
    if (wasOperand && word === 'if' && this.maskOldCondition(state, start)) return true;
    if (neverInExpressions.has(word)) {
      if (this.isMisplaced(state, start)) this.leaveExpression(state);
      if (state.inHole && state.stack.length === 0) {
        this.pos = start;
        return false;
      }
    }
    if (expressionWords.has(word)) state.atOperand = true;
    if (statementWords.has(word)) state.behindStatement();
    switch (word) {
      case 'function':
        state.nextParen = wasStatement ? bracket.declarationParameters : bracket.functionParameters;
        break;
      case 'class':
        state.nextBrace = wasStatement ? bracket.block : bracket.functionBody;
        break;
      case 'for':
        state.nextParen = this.scanForEach(start) ? bracket.forEach : bracket.control;
        break;
      case 'in':
        if (state.stack.at(-1) === bracket.forEach) {
          this.replace(start, 'of');
          state.stack[state.stack.length - 1] = bracket.control;
        }
        break;
      case 'default':
        // Behind a bracket that is not closed yet it is no statement, and yet nothing else.
        if (this.scanDefaultNamespace(start)) this.leaveExpression(state);
        break;
      case 'enum':
        this.replace(end - 1, enumMark);
        break;
      case 'if':
        state.nextParen = bracket.control;
        break;
      case 'let':
        if (wasStatement && this.scanLetHead(start)) {
          state.push(bracket.letHead);
          state.behindOperator();
        }
        break;
      case 'yield':
        this.tolerateYield(start);
        break;
      case 'catch':
      case 'finally':
        this.scanCatch(state, word, start);
        break;
      default:
        if (controlWords.has(word)) state.nextParen = bracket.control;
    }
    return true;
  }

  /** At a `for` behind an operand. */
  private scanComprehensionHead(state: ScanState, start: number): boolean {
    const top = state.stack.at(-1);
    if (top !== bracket.index && top !== bracket.group) return false;
    if (!this.scanComprehension(start, top === bracket.index)) return false;
    state.comprehensionDepth = state.stack.length;
    state.behindOperator();
    return true;
  }

  /** At an `if` behind an operand: the condition of a comprehension or of a `catch`. */
  private maskOldCondition(state: ScanState, start: number): boolean {
    const top = state.stack.at(-1);
    if (state.stack.length === state.comprehensionDepth) this.maskCondition(start);
    else if (top === bracket.catchHead || top === bracket.chainedCatchHead) {
      this.maskGuard(start, top === bracket.chainedCatchHead);
      state.isGuarded = true;
    } else return false;
    state.behindOperator();
    return true;
  }

  private scanCatch(state: ScanState, word: 'catch' | 'finally', start: number): void {
    const isChained = state.guardEnd >= 0 && this.text.slice(state.guardEnd, start).trim() === '';
    state.guardEnd = -1;
    if (word === 'finally') {
      if (isChained && state.isChained) this.maskChainedFinally(start);
      return;
    }
    state.nextParen = isChained ? bracket.chainedCatchHead : bracket.catchHead;
    state.isChained = isChained;
    state.isGuarded = isChained;
    if (isChained) this.maskChainedCatch(start);
  }

  /** A word that is a key (`{ for: 1 }`), a method (`{ get() }` is not asked) or a qualified name is no keyword. */
  private isKeywordHere(word: string, end: number, top: number | undefined): boolean {
    const at = this.skipSpace(end);
    const next = this.text.charCodeAt(at);
    if (next === code.colon && (this.text.charCodeAt(at + 1) === code.colon || top === bracket.object))
      return false;
    // `enum` is reserved in ECMAScript, but Campaign scripts use it as a variable.
    if (word !== 'enum') return true;
    if (top === bracket.object || next === code.colon || next === code.parenLeft) return false;
    if (isIdentifierStart(next) && !/^in(?:stanceof)?\b/.test(this.text.slice(at, at + 11))) return false;
    const mayBeKey = next === code.comma || next === code.braceRight;
    return !mayBeKey || (top !== undefined && top < bracket.block);
  }

  /** In the text of a template string. */
  private scanTemplateText(state: ScanState): void {
    if (this.scanTemplate(state.limit)) {
      state.push(bracket.template);
      state.behindOperator();
    } else state.behindOperand();
  }

  /** A comment, a regular expression, or a division. @returns false where a hole cannot go on. */
  private scanSlash(state: ScanState): boolean {
    const { text, pos } = this;
    const { limit } = state;
    const next = text.charCodeAt(pos + 1);
    if (next === code.slash) {
      this.skipLine(limit);
      return true;
    }
    if (next === code.asterisk) {
      const close = text.indexOf('*/', pos + 2);
      this.pos = close < 0 || close + 2 > limit ? limit : close + 2;
      return true;
    }
    if (state.atOperand && this.scanRegularExpression(limit)) {
      state.behindOperand();
      return true;
    }
    if (state.inHole && next === code.greater) return false;
    this.pos++;
    state.behindOperator();
    return true;
  }

  /** A number, a spread, or the dot of a member. */
  private scanDot(state: ScanState): void {
    const { text, pos } = this;
    if (state.atOperand && isDigit(text.charCodeAt(pos + 1))) {
      this.scanNumber(state.limit);
      state.behindOperand();
      return;
    }
    if (text.charCodeAt(pos + 1) === code.dot && text.charCodeAt(pos + 2) === code.dot) {
      this.pos += 3;
      state.behindOperator();
      return;
    }
    if (state.atOperand) {
      this.pos++;
      state.behindOperand();
      state.afterDot = true;
      return;
    }
    if (this.scanMember(state.limit)) {
      state.push(bracket.filter);
      state.atOperand = true;
    } else state.afterDot = this.isAfterMemberDot(pos);
    state.atStatement = false;
  }

  private scanAt(state: ScanState): void {
    if (state.atOperand && !state.atStatement) {
      this.scanBareAttribute(this.pos, this.filterStarts.length > 0);
      state.atOperand = false;
      state.afterDot = isIdentifierStart(this.text.charCodeAt(this.pos));
    } else this.pos++;
  }

  private scanColon(state: ScanState): void {
    if (this.text.charCodeAt(this.pos + 1) === code.colon) {
      this.scanQualifier(this.pos);
      state.afterDot = isIdentifierStart(this.text.charCodeAt(this.pos));
      state.behindOperand();
      return;
    }
    this.pos++;
    state.atOperand = true;
    if (state.conditional > 0) {
      state.conditional--;
      state.atStatement = false;
    } else {
      const top = state.stack.at(-1);
      state.atStatement = top === undefined || top === bracket.block || top === bracket.functionBody;
    }
    state.forgetNext();
  }

  private scanQuestion(state: ScanState): void {
    const next = this.text.charCodeAt(this.pos + 1);
    if (next === code.dot && !isDigit(this.text.charCodeAt(this.pos + 2))) {
      this.pos += 2;
      state.afterDot = true;
      state.behindOperand();
      return;
    }
    this.pos += next === code.question ? 2 : 1;
    if (next !== code.question) state.conditional++;
    state.behindOperator();
  }

  /** A literal, a comparison, or the comment of old pages. @returns false where a hole or a literal cannot go on. */
  private scanLess(state: ScanState, wasDot: boolean): boolean {
    const { text, pos } = this;
    const { limit } = state;
    if (state.inHole && text.charCodeAt(pos + 1) === code.slash) return false;
    if (!wasDot && state.atOperand && state.atStatement && text.startsWith('<!--', pos)) {
      // As in a browser: one line of comment.
      this.replace(pos, '//');
      this.skipLine(limit);
      return true;
    }
    if (!wasDot && state.atOperand) {
      // TypeScript reads JSX in JavaScript, so a literal that is only begun must not stay what it is.
      if (!this.scanMarkup(limit)) this.replace(this.pos++, literalMark);
      if (this.isAbandoned) return false;
      state.behindOperand();
      return true;
    }
    this.pos++;
    while (
      this.pos < limit &&
      (text.charCodeAt(this.pos) === code.less || text.charCodeAt(this.pos) === code.equals)
    ) {
      this.pos++;
    }
    state.behindOperator();
    return true;
  }

  /** At `)` or `]`. */
  private scanClosing(state: ScanState, c: number): void {
    const { pos } = this;
    const top = state.stack.at(-1);
    const matches =
      top !== undefined && (c === code.bracketRight ? top === bracket.index : top < bracket.index);
    this.pos++;
    state.behindOperand();
    if (!matches) return;
    switch (state.pop()) {
      case bracket.control:
      case bracket.forEach:
        state.behindStatement();
        break;
      case bracket.functionParameters:
        state.nextBrace = bracket.functionBody;
        this.scanClosure(state, pos, false);
        break;
      case bracket.declarationParameters:
        state.nextBrace = bracket.block;
        this.scanClosure(state, pos, true);
        break;
      case bracket.catchHead:
      case bracket.chainedCatchHead:
        if (state.isGuarded) state.nextBrace = bracket.guardedBody;
        state.isGuarded = false;
        state.behindStatement();
        break;
      case bracket.letHead:
        this.replace(pos, ';');
        state.behindStatement();
        break;
      case bracket.filter:
        this.filters.push({ start: this.filterStarts.pop() ?? pos, end: pos + 1 });
        break;
      default:
    }
  }

  /** Behind the parameters of a function: a body without braces is an operand. */
  private scanClosure(state: ScanState, paren: number, isDeclaration: boolean): void {
    const next = this.text.charCodeAt(this.skipSpace(this.pos));
    if (next === code.braceLeft || !this.maskClosure(paren, isDeclaration)) return;
    state.nextBrace = -1;
    state.behindOperator();
  }

  /** @returns true when it closes the hole. */
  private scanBraceRight(state: ScanState): boolean {
    const { stack } = state;
    while (stack.length > 0 && stack.at(-1)! < bracket.block) this.popOpen(state);
    this.pos++;
    if (stack.length === 0 && state.inHole) return true;
    switch (state.pop()) {
      case bracket.object:
      case bracket.functionBody:
        state.behindOperand();
        break;
      case bracket.template:
        this.scanTemplateText(state);
        break;
      case bracket.guardedBody:
        state.guardEnd = this.pos;
        state.behindStatement();
        break;
      default:
        state.behindStatement();
    }
    return false;
  }

  private scanEquals(state: ScanState): void {
    this.pos++;
    state.nextBrace = -1;
    if (this.text.charCodeAt(this.pos) === code.greater) {
      this.pos++;
      if (this.text.charCodeAt(this.skipSpace(this.pos)) === code.braceLeft)
        state.nextBrace = bracket.functionBody;
    }
    state.behindOperator();
  }

  private scanAsterisk(state: ScanState): void {
    const { text, pos } = this;
    if (
      state.atOperand &&
      text.charCodeAt(pos + 1) === code.colon &&
      text.charCodeAt(pos + 2) === code.colon
    ) {
      this.replace(pos, wildcardMark);
      this.pos++;
      state.behindOperand();
      return;
    }
    this.pos++;
    state.behindOperator();
  }
}

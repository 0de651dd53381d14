import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { blank } from './blank.ts';
import {
  code,
  isDigit,
  isIdentifierPart,
  isIdentifierStart,
  isLineBreak,
  isSpace,
  isXmlNameStart,
} from './characterClasses.ts';
import type { Edit } from './literalCall.ts';
import { LiteralReader, type LiteralHost } from './literalReader.ts';
import {
  attributeMark,
  colonMark,
  descendantMark,
  enumMark,
  literalMark,
  wildcardMark,
} from './maskCharacters.ts';
import type { E4xHole, E4xLiteral, MaskedScript, MaskProblem } from './maskedScript.ts';

/** What an opening bracket was, and so what may follow its closing one. */
const bracket = {
  /** `(`: an operand follows its `)`. */
  group: 0,
  /** `(` of `if`, `while`, …: a statement follows. */
  control: 1,
  /** `(` of `for each`, until its `in`. */
  forEach: 2,
  functionParameters: 3,
  /** `(` of a function that is a statement. */
  declarationParameters: 4,
  filter: 5,
  index: 6,
  /** `{`: a statement may follow its `}`. */
  block: 7,
  object: 8,
  /** `{` of a function or class that is an operand. */
  functionBody: 9,
  /** `${` of a template string. */
  template: 10,
} as const;

/** Words after which an expression begins. */
const expressionWords: ReadonlySet<string> = new Set(
  'return typeof instanceof in of new delete void throw case do else yield await extends default'.split(' '),
);
const controlWords: ReadonlySet<string> = new Set('if while with switch catch for'.split(' '));
const statementWords: ReadonlySet<string> = new Set('else do try finally'.split(' '));
/** Words that cannot occur in an expression outside of its brackets: a `{…}` that meets one was never closed. */
const neverInExpressions: ReadonlySet<string> = new Set(
  'var const if else for while do return switch case break continue throw try catch finally'.split(' '),
);
const longestKeyword = 10;

/** An unclosed `{…}` ends with its line; no line is looked at further than this. */
const longestHoleTail = 2_000;

/** `x.@["…"]` is looked at no further than this. */
const longestComputedName = 200;

const defaultNamespace = /default\s+xml\s+namespace\s*=(?!=)/y;
const attributeBegin = /[ \t]+[A-Za-z_][\w:.-]*=["'{]/y;
const eachWord = /\s+each\s*\(/y;

/** Literals nested in the holes of literals; deeper ones are read as the comparison they could be. */
const maxNesting = 100;
/** Nested deeper, a literal no longer gets a function of its own, so that its text is not hashed at every level. */
const maxCalleeNesting = 4;

/** A state to come back to. */
interface Mark {
  pos: number;
  editCount: number;
  literalCount: number;
  filterCount: number;
  loopCount: number;
  problemCount: number;
}

/** Reads a script once and collects what to replace; see `maskScript`. */
export class ScriptMasker implements LiteralHost {
  private readonly text: string;
  private readonly length: number;
  private readonly edits: Edit[] = [];
  private readonly literals: E4xLiteral[] = [];
  private readonly filters: TextRange[] = [];
  private readonly forEachLoops: number[] = [];
  /** Where the `(` of each open filter is. */
  private readonly filterStarts: number[] = [];
  private readonly problems: MaskProblem[] = [];
  private pos = 0;
  private nesting = 0;
  /** Set while a broken literal is read again: what is nested in it is not tried strictly a second time. */
  private isRecovering = false;
  private strictDepth = 0;
  private isAbandoned = false;
  private rereadCount = 0;
  private readonly rereadBudget: number;

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
    this.rereadBudget = 4 * text.length + 20_000;
  }

  run(): MaskedScript {
    if (this.text.startsWith('#!')) this.skipLine();
    this.scanScript(this.length, false);
    return {
      text: this.applyEdits(),
      literals: this.literals,
      filters: this.filters,
      forEachLoops: this.forEachLoops,
      problems: this.problems,
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

  private replace(start: number, text: string): void {
    this.edits.push({ start, end: start + text.length, text });
  }

  private mark(): Mark {
    return {
      pos: this.pos,
      editCount: this.edits.length,
      literalCount: this.literals.length,
      filterCount: this.filters.length,
      loopCount: this.forEachLoops.length,
      problemCount: this.problems.length,
    };
  }

  private rewind(mark: Mark): void {
    this.rereadCount += this.pos - mark.pos;
    this.pos = mark.pos;
    this.edits.length = mark.editCount;
    this.literals.length = mark.literalCount;
    this.filters.length = mark.filterCount;
    this.forEachLoops.length = mark.loopCount;
    this.problems.length = mark.problemCount;
  }

  private mayReread(): boolean {
    return this.rereadCount <= this.rereadBudget;
  }

  // Script

  /**
   * Reads JavaScript up to `limit`, or in a hole up to the `}` that closes it.
   * @returns true when that `}` was read (`pos` is behind it); false at the limit, and where a hole cannot go on.
   */
  private scanScript(limit: number, inHole: boolean): boolean {
    const { text } = this;
    const stack: number[] = [];
    /** Unanswered `?` of the conditional operator, per bracket. */
    const conditionals: number[] = [];
    let conditional = 0;
    /** An operand, and so a regular expression or a literal, may begin here. */
    let atOperand = true;
    let atStatement = !inHole;
    let afterDot = false;
    /** What the next `(` or `{` will be. */
    let nextParen: number = bracket.group;
    let nextBrace = -1;

    const push = (kind: number): void => {
      stack.push(kind);
      conditionals.push(conditional);
      conditional = 0;
    };
    const pop = (): number => {
      conditional = conditionals.pop() ?? 0;
      return stack.pop() ?? -1;
    };

    while (this.pos < limit) {
      const start = this.pos;
      const c = text.charCodeAt(start);
      if (isSpace(c)) {
        this.pos++;
        continue;
      }
      if (isIdentifierStart(c)) {
        let end = start + 1;
        while (end < limit && isIdentifierPart(text.charCodeAt(end))) end++;
        this.pos = end;
        if (afterDot) {
          afterDot = atOperand = atStatement = false;
          continue;
        }
        const wasStatement = atStatement;
        atOperand = atStatement = false;
        if (end - start > longestKeyword || end - start < 2) continue;
        const word = text.slice(start, end);
        if (!this.isKeywordHere(word, end, stack.at(-1))) continue;
        if (inHole && stack.length === 0 && neverInExpressions.has(word)) {
          this.pos = start;
          return false;
        }
        if (expressionWords.has(word)) atOperand = true;
        if (statementWords.has(word)) atOperand = atStatement = true;
        switch (word) {
          case 'function':
            nextParen = wasStatement ? bracket.declarationParameters : bracket.functionParameters;
            break;
          case 'class':
            nextBrace = wasStatement ? bracket.block : bracket.functionBody;
            break;
          case 'for':
            nextParen = this.scanForEach(start) ? bracket.forEach : bracket.control;
            break;
          case 'in':
            if (stack.at(-1) === bracket.forEach) {
              this.replace(start, 'of');
              stack[stack.length - 1] = bracket.control;
            }
            break;
          case 'default':
            if (wasStatement && this.scanDefaultNamespace(start)) break;
            break;
          case 'enum':
            this.replace(end - 1, enumMark);
            break;
          default:
            if (controlWords.has(word)) nextParen = bracket.control;
        }
        continue;
      }
      if (isDigit(c)) {
        this.scanNumber(limit);
        afterDot = atOperand = atStatement = false;
        continue;
      }
      const wasDot = afterDot;
      afterDot = false;
      switch (c) {
        case code.quotation:
        case code.apostrophe:
          this.scanString(c, limit);
          atOperand = atStatement = false;
          break;
        case code.backtick:
          this.pos++;
          if (this.scanTemplate(limit)) {
            push(bracket.template);
            atOperand = true;
            atStatement = false;
          } else atOperand = atStatement = false;
          break;
        case code.slash: {
          const next = text.charCodeAt(start + 1);
          if (next === code.slash) {
            this.skipLine(limit);
            break;
          }
          if (next === code.asterisk) {
            const close = text.indexOf('*/', start + 2);
            this.pos = close < 0 || close + 2 > limit ? limit : close + 2;
            break;
          }
          if (atOperand && this.scanRegularExpression(limit)) {
            atOperand = atStatement = false;
            break;
          }
          if (inHole && next === code.greater) return false;
          this.pos++;
          atOperand = true;
          atStatement = false;
          break;
        }
        case code.dot:
          if (atOperand && isDigit(text.charCodeAt(start + 1))) {
            this.scanNumber(limit);
            atOperand = atStatement = false;
            break;
          }
          if (text.charCodeAt(start + 1) === code.dot && text.charCodeAt(start + 2) === code.dot) {
            this.pos += 3;
            atOperand = true;
            atStatement = false;
            break;
          }
          if (!atOperand) {
            if (this.scanMember(limit)) {
              push(bracket.filter);
              atOperand = true;
            } else afterDot = this.isAfterMemberDot(start);
            atStatement = false;
            break;
          }
          this.pos++;
          afterDot = true;
          atOperand = atStatement = false;
          break;
        case code.at:
          if (atOperand && !atStatement) {
            this.scanBareAttribute(start, this.filterStarts.length > 0);
            atOperand = false;
            afterDot = isIdentifierStart(text.charCodeAt(this.pos));
          } else this.pos++;
          break;
        case code.colon:
          if (text.charCodeAt(start + 1) === code.colon) {
            this.scanQualifier(start);
            afterDot = isIdentifierStart(text.charCodeAt(this.pos));
            atOperand = atStatement = false;
            break;
          }
          this.pos++;
          atOperand = true;
          if (conditional > 0) {
            conditional--;
            atStatement = false;
          } else
            atStatement =
              stack.length === 0 || stack.at(-1) === bracket.block || stack.at(-1) === bracket.functionBody;
          nextParen = bracket.group;
          nextBrace = -1;
          break;
        case code.question: {
          const next = text.charCodeAt(start + 1);
          if (next === code.dot && !isDigit(text.charCodeAt(start + 2))) {
            this.pos += 2;
            afterDot = true;
            atOperand = atStatement = false;
            break;
          }
          this.pos += next === code.question ? 2 : 1;
          if (next !== code.question) conditional++;
          atOperand = true;
          atStatement = false;
          break;
        }
        case code.less: {
          if (inHole && text.charCodeAt(start + 1) === code.slash) return false;
          if (!wasDot && atOperand && atStatement && text.startsWith('<!--', start)) {
            // As in a browser: one line of comment.
            this.replace(start, '//');
            this.skipLine(limit);
            break;
          }
          if (!wasDot && atOperand) {
            // TypeScript reads JSX in JavaScript, so a literal that is only begun must not stay what it is.
            if (!this.scanMarkup(limit)) this.replace(this.pos++, literalMark);
            if (this.isAbandoned) return false;
            atOperand = atStatement = false;
            break;
          }
          this.pos++;
          while (
            this.pos < limit &&
            (text.charCodeAt(this.pos) === code.less || text.charCodeAt(this.pos) === code.equals)
          ) {
            this.pos++;
          }
          atOperand = true;
          atStatement = false;
          break;
        }
        case code.parenLeft:
          this.pos++;
          push(nextParen);
          nextParen = bracket.group;
          atOperand = true;
          atStatement = false;
          break;
        case code.bracketLeft:
          this.pos++;
          push(bracket.index);
          atOperand = true;
          atStatement = false;
          break;
        case code.parenRight:
        case code.bracketRight: {
          const top = stack.at(-1);
          const matches =
            top !== undefined && (c === code.bracketRight ? top === bracket.index : top < bracket.index);
          if (inHole && stack.length === 0) return false;
          this.pos++;
          atOperand = atStatement = false;
          if (!matches) break;
          switch (pop()) {
            case bracket.control:
            case bracket.forEach:
              atOperand = atStatement = true;
              break;
            case bracket.functionParameters:
              nextBrace = bracket.functionBody;
              break;
            case bracket.declarationParameters:
              nextBrace = bracket.block;
              break;
            case bracket.filter:
              this.filters.push({ start: this.filterStarts.pop() ?? start, end: start + 1 });
              break;
            default:
          }
          break;
        }
        case code.braceLeft: {
          this.pos++;
          const isBlock = atStatement || !atOperand;
          push(nextBrace >= 0 ? nextBrace : isBlock ? bracket.block : bracket.object);
          // Behind a class head come members; a statement is near enough to one.
          atStatement = stack.at(-1) !== bracket.object;
          atOperand = true;
          nextBrace = -1;
          break;
        }
        case code.braceRight: {
          while (stack.length > 0 && stack.at(-1)! < bracket.block) {
            if (pop() === bracket.filter) this.filterStarts.pop();
          }
          if (stack.length === 0 && inHole) {
            this.pos++;
            return true;
          }
          this.pos++;
          switch (pop()) {
            case bracket.object:
            case bracket.functionBody:
              atOperand = atStatement = false;
              break;
            case bracket.template:
              if (this.scanTemplate(limit)) {
                push(bracket.template);
                atOperand = true;
                atStatement = false;
              } else atOperand = atStatement = false;
              break;
            default:
              atOperand = atStatement = true;
          }
          break;
        }
        case code.semicolon:
          if (inHole && stack.length === 0) return false;
          this.pos++;
          conditional = 0;
          atOperand = true;
          // Between the parts of a `for (;;)` an expression follows, too; nothing depends on the difference.
          atStatement = true;
          nextParen = bracket.group;
          nextBrace = -1;
          break;
        case code.plus:
        case code.hyphen:
          if (text.charCodeAt(start + 1) === c) this.pos += 2;
          else {
            this.pos++;
            atOperand = true;
          }
          atStatement = false;
          break;
        case code.equals:
          // No expression assigns a string so tightly; an attribute does, of the tag whose hole was not closed.
          if (inHole && stack.length === 0 && this.isAttributeSign(start)) return false;
          this.pos++;
          nextBrace = -1;
          if (text.charCodeAt(this.pos) === code.greater) {
            this.pos++;
            if (text.charCodeAt(this.skipSpace(this.pos)) === code.braceLeft)
              nextBrace = bracket.functionBody;
          }
          atOperand = true;
          atStatement = false;
          break;
        case code.asterisk:
          if (
            atOperand &&
            text.charCodeAt(start + 1) === code.colon &&
            text.charCodeAt(start + 2) === code.colon
          ) {
            this.replace(start, wildcardMark);
            this.pos++;
            atOperand = atStatement = false;
            break;
          }
          this.pos++;
          atOperand = true;
          atStatement = false;
          break;
        case code.comma:
          this.pos++;
          atOperand = true;
          atStatement = false;
          nextParen = bracket.group;
          nextBrace = -1;
          break;
        default:
          // The remaining operators; `#` of a private name is followed by its name, which makes it an operand.
          this.pos++;
          atOperand = true;
          atStatement = false;
      }
    }
    return false;
  }

  /** A word that is a key (`{ for: 1 }`), a method (`{ get() }` is not asked) or a qualified name is no keyword. */
  private isKeywordHere(word: string, end: number, top: number | undefined): boolean {
    const isName = word === 'enum';
    if (
      !isName &&
      word !== 'function' &&
      word !== 'class' &&
      !expressionWords.has(word) &&
      !statementWords.has(word) &&
      !controlWords.has(word) &&
      !neverInExpressions.has(word)
    ) {
      return false;
    }
    const at = this.skipSpace(end);
    const next = this.text.charCodeAt(at);
    if (next === code.colon && (this.text.charCodeAt(at + 1) === code.colon || top === bracket.object))
      return false;
    // `enum` is reserved in ECMAScript, but Campaign scripts use it as a variable.
    if (!isName) return true;
    if (top === bracket.object || next === code.colon || next === code.parenLeft) return false;
    if (isIdentifierStart(next) && !/^in(?:stanceof)?\b/.test(this.text.slice(at, at + 11))) return false;
    const mayBeKey = next === code.comma || next === code.braceRight;
    return !mayBeKey || (top !== undefined && top < bracket.block);
  }

  private skipSpace(from: number): number {
    let at = from;
    while (at < this.length && isSpace(this.text.charCodeAt(at))) at++;
    return at;
  }

  private skipLine(limit = this.length): void {
    while (this.pos < limit && !isLineBreak(this.text.charCodeAt(this.pos))) this.pos++;
  }

  private scanNumber(limit: number): void {
    const { text } = this;
    let hasDot = false;
    const isPrefixed = text.charCodeAt(this.pos) === code.zero && /[xXoObB]/.test(text.charAt(this.pos + 1));
    while (this.pos < limit) {
      const c = text.charCodeAt(this.pos);
      if (c === code.dot) {
        if (hasDot || isPrefixed) return;
        hasDot = true;
      } else if (!isIdentifierPart(c)) {
        const before = text.charCodeAt(this.pos - 1) | 32;
        const isExponent = (c === code.plus || c === code.hyphen) && before === 101 && !isPrefixed;
        if (!isExponent) return;
      }
      this.pos++;
    }
  }

  private scanString(quote: number, limit: number): void {
    const { text } = this;
    for (this.pos++; this.pos < limit; this.pos++) {
      const c = text.charCodeAt(this.pos);
      if (c === quote) {
        this.pos++;
        return;
      }
      if (c === code.backslash) {
        this.pos++;
        if (
          text.charCodeAt(this.pos) === code.carriageReturn &&
          text.charCodeAt(this.pos + 1) === code.lineFeed
        )
          this.pos++;
      } else if (c === code.lineFeed || c === code.carriageReturn) return;
    }
    this.pos = limit;
  }

  /** Reads template text. @returns true when it stopped behind `${`, false behind the closing backtick or at the limit. */
  private scanTemplate(limit: number): boolean {
    const { text } = this;
    for (; this.pos < limit; this.pos++) {
      const c = text.charCodeAt(this.pos);
      if (c === code.backslash) this.pos++;
      else if (c === code.backtick) {
        this.pos++;
        return false;
      } else if (c === code.dollar && text.charCodeAt(this.pos + 1) === code.braceLeft) {
        this.pos += 2;
        return true;
      }
    }
    this.pos = limit;
    return false;
  }

  /** @returns false, without having moved, when no regular expression ends on this line. */
  private scanRegularExpression(limit: number): boolean {
    const { text } = this;
    if (!this.mayReread()) return false;
    let inClass = false;
    let at = this.pos + 1;
    for (; at < limit; at++) {
      const c = text.charCodeAt(at);
      if (isLineBreak(c)) break;
      if (c === code.backslash) at++;
      else if (c === code.bracketLeft) inClass = true;
      else if (c === code.bracketRight) inClass = false;
      else if (c === code.slash && !inClass) {
        at++;
        while (at < limit && isIdentifierPart(text.charCodeAt(at))) at++;
        this.pos = at;
        return true;
      }
    }
    this.rereadCount += at - this.pos;
    return false;
  }

  /** At `=`: is it glued to a name before it and to a value behind it? */
  private isAttributeSign(at: number): boolean {
    const next = this.text.charCodeAt(at + 1);
    const isValue = next === code.quotation || next === code.apostrophe || next === code.braceLeft;
    return isValue && isIdentifierPart(this.text.charCodeAt(at - 1));
  }

  // E4X operators

  /** At `for`: blanks the `each` of `for each (`. */
  private scanForEach(start: number): boolean {
    eachWord.lastIndex = this.pos;
    const match = eachWord.exec(this.text);
    if (match === null) return false;
    this.replace(this.pos + match[0].indexOf('each'), '    ');
    this.forEachLoops.push(start);
    this.pos += match[0].length - 1;
    return true;
  }

  private scanDefaultNamespace(start: number): boolean {
    defaultNamespace.lastIndex = start;
    const match = defaultNamespace.exec(this.text);
    if (match === null) return false;
    const declaration = `var ${literalMark}xmlns`;
    const end = start + match[0].length - 1;
    this.edits.push({
      start,
      end,
      text: declaration + blank(this.text.slice(start + declaration.length, end)),
    });
    this.pos = end;
    return true;
  }

  /**
   * At the dot of a member access: masks `.@a`, `..a`, `.*` and `.(`.
   * @returns true when it is a filter, whose `(` has been read.
   */
  private scanMember(limit: number): boolean {
    const { text } = this;
    const dot = this.pos++;
    if (text.charCodeAt(this.pos) === code.dot) {
      this.replace(this.pos, descendantMark);
      this.pos++;
      if (text.charCodeAt(this.pos) === code.at) this.replace(this.pos++, attributeMark);
      if (text.charCodeAt(this.pos) === code.asterisk) this.replace(this.pos++, wildcardMark);
      return false;
    }
    let at = this.pos;
    while (at < limit && isSpace(text.charCodeAt(at))) at++;
    const c = text.charCodeAt(at);
    if (c === code.at) {
      this.pos = at + 1;
      if (text.charCodeAt(this.pos) === code.bracketLeft) this.maskComputedAttribute(dot, at);
      else {
        this.replace(at, attributeMark);
        if (text.charCodeAt(this.pos) === code.asterisk) this.replace(this.pos++, wildcardMark);
      }
    } else if (c === code.asterisk && text.charCodeAt(at + 1) !== code.slash) {
      this.pos = at + 1;
      this.replace(at, wildcardMark);
    } else if (c === code.parenLeft) {
      this.replace(dot, ' ');
      this.pos = at + 1;
      this.filterStarts.push(at);
      return true;
    }
    return false;
  }

  /** `x.@["a"]` → `x ["ꙩa"]`, `x.@[e]` → `x  [e]`; `pos` stays before the bracket, or its string. */
  private maskComputedAttribute(dot: number, at: number): void {
    const { text } = this;
    const quote = text.charCodeAt(at + 2);
    if (dot + 1 === at && (quote === code.quotation || quote === code.apostrophe)) {
      const close = text.indexOf(String.fromCharCode(quote), at + 3);
      const isShort =
        close > 0 && close - at < longestComputedName && !/[\r\n\\]/.test(text.slice(at + 3, close));
      if (isShort && text.charCodeAt(close + 1) === code.bracketRight) {
        this.replace(dot, ` [${String.fromCharCode(quote)}${attributeMark}`);
        this.pos = close + 2;
        return;
      }
    }
    this.replace(dot, ' ');
    this.replace(at, ' ');
  }

  /** Whether the name that follows is a member, and so never a keyword. */
  private isAfterMemberDot(dot: number): boolean {
    const last = this.text.charCodeAt(this.pos - 1);
    return this.pos === dot + 1 || last === code.at || last === code.dot;
  }

  /** `@name` without an object: an attribute of the filtered element. */
  private scanBareAttribute(start: number, inFilter: boolean): void {
    this.replace(start, attributeMark);
    this.pos++;
    if (this.text.charCodeAt(this.pos) === code.asterisk) this.replace(this.pos++, wildcardMark);
    if (inFilter) return;
    let end = this.pos;
    while (end < this.length && isIdentifierPart(this.text.charCodeAt(end))) end++;
    this.problems.push({
      code: 'attribute-outside-filter',
      start,
      end,
      message: `An attribute needs an element before it, as in element.${this.text.slice(start, end)}; alone it stands only inside a filter .(…).`,
    });
  }

  /** At `::`, between a namespace and a name. */
  private scanQualifier(start: number): void {
    const { text } = this;
    const before = text.charCodeAt(start - 1);
    const after = text.charCodeAt(start + 2);
    const isGlued =
      (isIdentifierPart(before) || before === code.asterisk) &&
      (isIdentifierStart(after) || after === code.asterisk || after === code.at);
    this.replace(start, isGlued ? colonMark + colonMark : after === code.bracketLeft ? '  ' : '. ');
    this.pos += 2;
    if (text.charCodeAt(this.pos) === code.at) this.replace(this.pos++, attributeMark);
    if (text.charCodeAt(this.pos) === code.asterisk) this.replace(this.pos++, wildcardMark);
  }

  // Literals

  /** At a `<` where an operand may begin. @returns false, without having moved, when no markup begins here. */
  private scanMarkup(limit: number): boolean {
    const { text, pos } = this;
    const c = text.charCodeAt(pos + 1);
    if (c === code.exclamation) {
      if (!text.startsWith('<!--', pos) && !text.startsWith('<![CDATA[', pos)) return false;
    } else if (!isXmlNameStart(c) && c !== code.greater && c !== code.braceLeft && c !== code.question)
      return false;
    if (this.nesting >= maxNesting) return false;
    this.nesting++;
    this.scanLiteral(limit);
    this.nesting--;
    return true;
  }

  private scanLiteral(limit: number): void {
    const wasRecovering = this.isRecovering;
    if (!wasRecovering && this.mayReread()) {
      const mark = this.mark();
      const filterDepth = this.filterStarts.length;
      this.strictDepth++;
      const isWhole = new LiteralReader(this, limit, true).read();
      this.strictDepth--;
      if (isWhole) return;
      this.rewind(mark);
      this.filterStarts.length = filterDepth;
      // Out of budget, the outermost literal recovers at once, instead of each one inside it in turn.
      this.isAbandoned = this.strictDepth > 0 && !this.mayReread();
      if (this.isAbandoned) return;
    }
    this.isRecovering = true;
    new LiteralReader(this, limit, false).read();
    this.isRecovering = wasRecovering;
  }

  // What the literal reader needs of the script around it

  get source(): string {
    return this.text;
  }

  get offset(): number {
    return this.pos;
  }

  moveTo(offset: number): void {
    this.pos = offset;
  }

  countReread(count: number): void {
    this.rereadCount += count;
  }

  beginLiteral(literal: E4xLiteral): void {
    this.literals.push(literal);
  }

  addMarkupEdit(start: number, end: number): Edit {
    const edit = { start, end, text: '' };
    this.edits.push(edit);
    return edit;
  }

  addUnclosed(literal: E4xLiteral): void {
    const name = literal.rootName;
    this.problems.push({
      code: 'literal-unclosed',
      start: literal.start,
      end: Math.min(literal.end, literal.start + 1 + name.length),
      message: name === '' ? 'This XML literal has no end.' : `The XML literal <${name}> is not closed.`,
    });
  }

  get canGetCallee(): boolean {
    return this.nesting <= maxCalleeNesting;
  }

  readHole(limit: number, strict: boolean): E4xHole | undefined {
    const mark = this.mark();
    const filterDepth = this.filterStarts.length;
    const start = this.pos;
    if (strict || this.mayReread()) {
      this.pos = start + 1;
      if (this.scanScript(limit, true)) return { start, end: this.pos, closed: true };
      this.filterStarts.length = filterDepth;
      if (strict) return undefined;
      this.rewind(mark);
    }
    const end = this.unclosedHoleEnd(start, limit);
    const closed = end - 1 > start && this.text.charCodeAt(end - 1) === code.braceRight;
    this.pos = start + 1;
    this.scanScript(closed ? end - 1 : end, true);
    this.filterStarts.length = filterDepth;
    this.pos = end;
    return { start, end, closed };
  }

  private unclosedHoleEnd(start: number, limit: number): number {
    const { text } = this;
    const reach = Math.min(limit, start + longestHoleTail);
    let lineEnd = start + 1;
    for (; lineEnd < reach && !isLineBreak(text.charCodeAt(lineEnd)); lineEnd++) {
      const c = text.charCodeAt(lineEnd);
      const next = text.charCodeAt(lineEnd + 1);
      if ((c === code.slash && next === code.greater) || (c === code.less && next === code.slash))
        return lineEnd;
      if (c === code.braceRight) return lineEnd + 1;
      attributeBegin.lastIndex = lineEnd;
      if (isSpace(c) && attributeBegin.test(text)) return lineEnd;
    }
    let end = lineEnd;
    while (end > start + 1 && isSpace(text.charCodeAt(end - 1))) end--;
    const isTagEnd = text.charCodeAt(end - 1) === code.greater && text.charCodeAt(end - 2) !== code.equals;
    return isTagEnd && end - 1 > start ? end - 1 : lineEnd;
  }
}

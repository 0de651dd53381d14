import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { blank } from './blank.ts';
import { code, isIdentifierPart, isIdentifierStart, isSpace } from './characterClasses.ts';
import type { Edit } from './literalCall.ts';
import { attributeMark, colonMark, descendantMark, literalMark, wildcardMark } from './maskCharacters.ts';
import type { MaskProblem } from './maskedScript.ts';
import { TokenScanner } from './tokenScanner.ts';

/** `x.@["…"]` is looked at no further than this. */
const longestComputedName = 200;

const defaultNamespace = /default\s+xml\s+namespace\s*=(?!=)/y;
const functionInParentheses = /\([ \t]*function\b/y;

/** Masks the operators of E4X, and collects the edits of a script. */
export class OperatorMasker extends TokenScanner {
  /** In order of their start. */
  protected readonly edits: Edit[] = [];
  protected readonly filters: TextRange[] = [];
  /** Where the `(` of each open filter is. */
  protected readonly filterStarts: number[] = [];
  protected readonly forEachLoops: number[] = [];
  protected readonly problems: MaskProblem[] = [];

  protected replace(start: number, text: string): void {
    this.edits.push({ start, end: start + text.length, text });
  }

  /** At `for`: blanks the `each` of `for each (`. */
  protected scanForEach(start: number): boolean {
    const each = this.skipGap(this.pos);
    if (each === this.pos || !this.text.startsWith('each', each)) return false;
    const bracket = this.skipGap(each + 4);
    if (this.text.charCodeAt(bracket) !== code.parenLeft) return false;
    this.replace(each, '    ');
    this.forEachLoops.push(start);
    this.pos = bracket;
    return true;
  }

  /** Behind the white space and the comments at `at`; before a comment without an end. */
  private skipGap(at: number): number {
    const { text } = this;
    for (;;) {
      while (isSpace(text.charCodeAt(at))) at++;
      if (text.startsWith('//', at)) {
        while (at < this.length && !/[\r\n]/.test(text.charAt(at))) at++;
      } else if (text.startsWith('/*', at)) {
        const close = text.indexOf('*/', at + 2);
        if (close < 0) return at;
        at = close + 2;
      } else return at;
    }
  }

  protected scanDefaultNamespace(start: number): boolean {
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
  protected scanMember(limit: number): boolean {
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
    if (text.charCodeAt(at) === code.slash) {
      // Behind a dot a comment ends a half-typed line as often as not; only an attribute tells that it goes on.
      const behind = this.skipGap(at);
      if (behind < limit && text.charCodeAt(behind) === code.at) at = behind;
    }
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
    } else if (c === code.parenLeft && !(at > this.pos && this.isFunctionBelow(at))) {
      this.replace(dot, ' ');
      this.pos = at + 1;
      this.filterStarts.push(at);
      return true;
    }
    return false;
  }

  /** At a `(` behind a dot and blanks: nothing is filtered by a function; `x.` is half typed and that is the next line. */
  private isFunctionBelow(at: number): boolean {
    functionInParentheses.lastIndex = at;
    return functionInParentheses.test(this.text);
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
  protected isAfterMemberDot(dot: number): boolean {
    const last = this.text.charCodeAt(this.pos - 1);
    return this.pos === dot + 1 || last === code.at || last === code.dot;
  }

  /** `@name` without an object: an attribute of the filtered element. */
  protected scanBareAttribute(start: number, inFilter: boolean): void {
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
  protected scanQualifier(start: number): void {
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
}

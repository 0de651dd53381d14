import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { blank } from './blank.ts';
import { code, isDigit, isIdentifierStart, isLineBreak, isSpace } from './characterClasses.ts';
import { literalMark } from './maskCharacters.ts';
import { OperatorMasker } from './operatorMasker.ts';
import { neverInExpressions } from './scriptWords.ts';

/** `for (x in …)` or `for each (x in …)` without `var`, as only comprehensions have it behind an operand. */
const comprehensionHead =
  /for(\s+each)?\s*\(\s*(?:[A-Za-z_$][\w$]*|\[[^[\]{}()]{1,100}\]|\{[^[\]{}()]{1,100}\})\s+in\s/y;
/** `let (x = 1` at the start of a statement. */
const letHead = /let\s*\(\s*[A-Za-z_$][\w$]*\s*=(?!=)/y;
/** A function as far as its body, when all its parameters are plain names. */
const plainFunction = /function(?:\s+([A-Za-z_$][\w$]*))?\s*\(([\w$,\s]*)\)/y;
/** `#1=` or `#1#`. */
const sharpVariable = /#\d{1,6}[=#]/y;
/** No parameter list is looked back over further than this. */
const longestParameters = 300;

/**
 * Masks the forms of JavaScript 1.7 and 1.8 that the engine's generation reads and TypeScript does not: functions whose
 * body is an expression, conditional `catch`, comprehensions, `let (…)`, sharp variables, `yield` in plain functions.
 *
 * [I] Whether Campaign turns these forms on is not known, so they are read without an error and not recommended either.
 */
export class MozillaMasker extends OperatorMasker {
  /** Stretches whose errors of syntax are TypeScript's, not the script's: what no text of the same length can say. */
  protected readonly tolerated: TextRange[] = [];

  /**
   * At the `for` behind an operand inside brackets: masks the head of a comprehension, `[a for (b in c)]` →
   * `[a,   (b in c)]`. @returns false, without having moved, where none is.
   */
  protected scanComprehension(start: number, isArray: boolean): boolean {
    comprehensionHead.lastIndex = start;
    const match = comprehensionHead.exec(this.text);
    if (match === null) return false;
    // Behind a call that is not closed yet the next statement may well be a loop.
    if (!isArray && this.beginsLine(start)) return false;
    const [head, each = ''] = match;
    const open = start + head.indexOf('(');
    this.replace(start, `,  ${blank(each)}`);
    this.pos = open;
    return true;
  }

  /** At the `if` of a comprehension: `[a for (b in c) if (d)]` → `[a,   (b in c), (d)]`. */
  protected maskCondition(start: number): void {
    this.replace(start, ', ');
  }

  /** At the `let` of a statement: `let (a = 1) {` → `var  a = 1; {`. @returns false where no such head is. */
  protected scanLetHead(start: number): boolean {
    letHead.lastIndex = start;
    const match = letHead.exec(this.text);
    if (match === null) return false;
    const open = start + match[0].indexOf('(');
    this.replace(start, 'var');
    this.replace(open, ' ');
    this.pos = open + 1;
    return true;
  }

  /** At the `if` of `catch (e if condition)`: `catch (e  =condition)`, so that the condition sees `e`. */
  protected maskGuard(start: number, isChained: boolean): void {
    this.replace(start, isChained ? '==' : ' =');
  }

  /** At a further `catch` behind a guarded one: `;if   (e ==condition)`. */
  protected maskChainedCatch(start: number): void {
    this.replace(start, ';if  ');
  }

  /** At the `finally` of such a chain, whose `try` has its `catch` already: its block stands for itself. */
  protected maskChainedFinally(start: number): void {
    this.replace(start, ';      ');
  }

  /** At `yield` in a function without `*`: what it yields is no error. */
  protected tolerateYield(start: number): void {
    const operand = this.skipBlanks(this.pos);
    const c = this.text.charCodeAt(operand);
    if (this.beginsExpression(operand) || c === code.less) this.tolerated.push({ start, end: operand + 1 });
  }

  /** At `#`. @returns false, without having moved, where no sharp variable is. */
  protected scanSharp(start: number): boolean {
    if (!isDigit(this.text.charCodeAt(start + 1))) return false;
    sharpVariable.lastIndex = start;
    const match = sharpVariable.exec(this.text)?.[0];
    if (match === undefined) return false;
    const isUse = match.endsWith('#');
    this.replace(start, isUse ? literalMark + ' '.repeat(match.length - 1) : blank(match));
    this.pos = start + match.length;
    return true;
  }

  /**
   * At the `)` of a function's parameters: `function (a) a.b` becomes `         a=>a.b` where that has the same length,
   * and is tolerated elsewhere. @returns false where the body has braces, or is missing.
   */
  protected maskClosure(paren: number, isDeclaration: boolean): boolean {
    const body = this.skipBlanks(paren + 1);
    if (!this.beginsExpression(body) && this.text.charCodeAt(body) !== code.less) return false;
    const from = Math.max(0, paren - longestParameters);
    const at = this.text.slice(from, paren).lastIndexOf('function');
    if (at >= 0 && this.maskAsArrow(from + at, paren, isDeclaration)) return true;
    // What TypeScript makes of such a body ends with the line at the latest.
    let end = body + 1;
    while (end < this.length && !isLineBreak(this.text.charCodeAt(end))) end++;
    this.tolerated.push({ start: paren, end });
    return true;
  }

  private maskAsArrow(start: number, paren: number, isDeclaration: boolean): boolean {
    const { text } = this;
    plainFunction.lastIndex = start;
    const match = plainFunction.exec(text);
    const isLast = (this.edits.at(-1)?.end ?? 0) <= start;
    if (match === null || start + match[0].length !== paren + 1 || !isLast) return false;
    if (text.charCodeAt(paren + 1) !== code.space) return false;
    const [head, name = '', list = ''] = match;
    const parameters = list.trim() === '' ? '_' : list.replace(/,[ \t]/g, '=>');
    const open = start + head.length - 1 - list.length - 1;
    if (parameters.includes(',') || /[\r\n]/.test(head)) return false;
    if (!isDeclaration) {
      const before = parameters === '_' ? `${' '.repeat(open - start)}_` : ' '.repeat(open + 1 - start);
      this.replace(start, `${before}${list.trim() === '' ? list : parameters}=>`);
      return true;
    }
    // A declaration needs room for `=` before its one parameter.
    const nameStart = start + head.indexOf(name);
    if (name === '' || parameters === '_' || open !== nameStart + name.length) return false;
    this.replace(start, `var${' '.repeat(nameStart - start - 3)}${name}=${parameters}=>`);
    return true;
  }

  /** Can an expression begin at an offset, and no statement? */
  private beginsExpression(at: number): boolean {
    const { text } = this;
    const c = text.charCodeAt(at);
    if (isIdentifierStart(c)) {
      const word = /[\w$]*/y;
      word.lastIndex = at;
      const name = word.exec(text)?.[0] ?? '';
      return !neverInExpressions.has(name) && name !== 'in' && name !== 'instanceof';
    }
    const starts = [
      code.quotation,
      code.apostrophe,
      code.parenLeft,
      code.bracketLeft,
      code.exclamation,
      code.hyphen,
    ];
    return isDigit(c) || (starts as number[]).includes(c);
  }

  /** Over blanks of the same line. */
  private skipBlanks(from: number): number {
    let at = from;
    while (at < this.length && isSpace(this.text.charCodeAt(at)) && !isLineBreak(this.text.charCodeAt(at)))
      at++;
    return at;
  }

  private beginsLine(offset: number): boolean {
    let at = offset - 1;
    while (at >= 0 && isSpace(this.text.charCodeAt(at)) && !isLineBreak(this.text.charCodeAt(at))) at--;
    return at < 0 || isLineBreak(this.text.charCodeAt(at));
  }
}

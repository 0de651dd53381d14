import { code, isIdentifierPart, isLineBreak, isSpace } from './characterClasses.ts';

/**
 * Reads the tokens of JavaScript that do not depend on what is around them: numbers, strings, template text, regular
 * expressions, white space. `pos` is where reading is.
 */
export class TokenScanner {
  protected readonly text: string;
  protected readonly length: number;
  protected pos = 0;
  /** Characters read more than once. */
  protected rereadCount = 0;
  private readonly rereadBudget: number;
  /** The last answer of {@link find} for each needle. */
  private readonly found = new Map<string, { from: number; at: number }>();

  constructor(text: string) {
    this.text = text;
    this.length = text.length;
    this.rereadBudget = 4 * text.length + 20_000;
  }

  /** Invariant: reading stays linear; what is out of budget is read once, in the way that never fails. */
  protected mayReread(): boolean {
    return this.rereadCount <= this.rereadBudget;
  }

  /**
   * As `indexOf`. Invariant: what is looked for from further and further on is looked for once; a thousand comments that
   * are never closed do not each read the rest of the text.
   */
  protected find(needle: string, from: number): number {
    const last = this.found.get(needle);
    if (last !== undefined && last.from <= from && (last.at < 0 || from <= last.at)) return last.at;
    const at = this.text.indexOf(needle, from);
    this.found.set(needle, { from, at });
    return at;
  }

  protected skipSpace(from: number): number {
    let at = from;
    while (at < this.length && isSpace(this.text.charCodeAt(at))) at++;
    return at;
  }

  protected skipLine(limit = this.length): void {
    while (this.pos < limit && !isLineBreak(this.text.charCodeAt(this.pos))) this.pos++;
  }

  protected scanNumber(limit: number): void {
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

  protected scanString(quote: number, limit: number): void {
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
  protected scanTemplate(limit: number): boolean {
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
  protected scanRegularExpression(limit: number): boolean {
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
  protected isAttributeSign(at: number): boolean {
    const next = this.text.charCodeAt(at + 1);
    const isValue = next === code.quotation || next === code.apostrophe || next === code.braceLeft;
    return isValue && isIdentifierPart(this.text.charCodeAt(at - 1));
  }
}

import { isLineBreak, isSpace } from './characterClasses.ts';
import { LiteralMasker } from './literalMasker.ts';
import type { ScanState } from './scanState.ts';
import { bracket, longestKeyword } from './scriptWords.ts';

/** Before a method whose name is a keyword. */
const methodPrefix = /(?:\b(?:get|set|async|static)|\*)\s*$/;
const longestMethodPrefix = 20;
/** A statement on the line below a dot: a keyword and, on its line, what no member of that name is followed by. */
const statementBelowDot =
  /(?:(?:var|const|let|function|return|throw|case|delete|typeof|new|do|else|try)(?:[ \t]+[\w$"'<[]|[ \t]*\{)|for[ \t]+each\b|(?:if|for|while|switch|with)[ \t]*\()/y;
/** Heads that may begin with a declaration. */
const headBrackets: ReadonlySet<number> = new Set([bracket.control, bracket.forEach]);

/** Finds where the next statement begins although the one before it is only half typed. */
export abstract class StatementMasker extends LiteralMasker {
  /**
   * Is a word that only statements have inside brackets of an expression? Then those were never closed: they are being
   * typed, and a later line is the next statement.
   */
  protected isMisplaced(state: ScanState, start: number): boolean {
    const top = state.stack.at(-1);
    if (top === undefined || (top > bracket.index && top !== bracket.object)) return false;
    if (top === bracket.object) {
      const before = this.text.slice(Math.max(state.keyOffset, start - longestMethodPrefix), start);
      return !methodPrefix.test(before) && !this.isNothing(state.keyOffset, start);
    }
    // A declaration may begin a head, `for (var …`, and no other bracket.
    return !headBrackets.has(top) || !this.isNothing(state.keyOffset, start);
  }

  /** Are there only blanks and comments? */
  private isNothing(start: number, end: number): boolean {
    const { text } = this;
    let at = start;
    while (at < end) {
      if (isSpace(text.charCodeAt(at))) at++;
      else if (text.startsWith('//', at)) while (at < end && !isLineBreak(text.charCodeAt(at))) at++;
      else if (text.startsWith('/*', at)) {
        const close = text.indexOf('*/', at + 2);
        if (close < 0) return false;
        at = close + 2;
      } else return false;
    }
    return true;
  }

  /** Closes the brackets of the expression that ends here for want of their ends. */
  protected leaveExpression(state: ScanState): void {
    for (let top = state.stack.at(-1); top !== undefined; top = state.stack.at(-1)) {
      if (top >= bracket.block && top !== bracket.object) break;
      this.popOpen(state);
    }
    state.conditional = 0;
    state.forgetNext();
  }

  /** Takes an open bracket off the stack that has no end. */
  protected popOpen(state: ScanState): void {
    if (state.pop() === bracket.filter) this.filterStarts.pop();
  }

  /**
   * Is a word the begin of a statement, although a dot is before it? So it is where `x.` was left as it is and the next
   * line goes on; no member of such a name is followed by what follows these.
   */
  protected isStatementBelowDot(start: number, end: number): boolean {
    const { text } = this;
    let at = start - 1;
    let isBroken = false;
    for (; at >= 0 && isSpace(text.charCodeAt(at)); at--) isBroken ||= isLineBreak(text.charCodeAt(at));
    if (!isBroken || end - start > longestKeyword) return false;
    statementBelowDot.lastIndex = start;
    return statementBelowDot.test(text);
  }
}

import { blank } from './blank.ts';
import { code } from './characterClasses.ts';
import { literalMark } from './maskCharacters.ts';
import type { E4xLiteral } from './maskedScript.ts';

/** A stretch of the source and what stands there in the masked text, of the same length. */
export interface Edit {
  start: number;
  end: number;
  text: string;
}

const calleeDigits = 8;
/** Fewer would let two literals of one script share a function. */
const leastCalleeDigits = 4;

/**
 * Writes a literal as a call over its stretches of markup: the function in the first that has room, a comma for each
 * hole, the closing parenthesis at the end.
 */
export function writeCall(
  text: string,
  edits: readonly Edit[],
  literal: E4xLiteral,
  canGetCallee: boolean,
): void {
  const last = edits.length - 1;
  for (const [index, edit] of edits.entries()) {
    let blanks = blank(text.slice(edit.start, edit.end));
    if (index > 0) blanks = put(blanks, blanks.indexOf(' '), ',');
    let isClosed = false;
    if (index === last) {
      const close = Math.max(blanks.lastIndexOf(' '), blanks.lastIndexOf(','));
      isClosed = close >= (index === 0 ? 2 : 0);
      if (isClosed) blanks = put(blanks, close, ')');
    }
    if (index === 0) {
      const digitCount = canGetCallee ? Math.min(leadingBlanks(blanks) - 2, calleeDigits) : 0;
      if (digitCount >= leastCalleeDigits) {
        literal.callee = literalMark + hashText(text, literal.start, literal.end).slice(0, digitCount);
        blanks = put(blanks, 0, `${literal.callee}(`);
      } else blanks = put(blanks, 0, index === last && !isClosed ? literalMark : `${literalMark}(`);
    }
    edit.text = blanks;
  }
}

/** Puts characters over others; nothing happens at a negative position. */
function put(text: string, at: number, over: string): string {
  return at < 0 ? text : text.slice(0, at) + over + text.slice(at + over.length);
}

/** How many blanks there are at the start: on its first line, so that `return <a` stays one statement. */
function leadingBlanks(text: string): number {
  let count = 0;
  while (text.charCodeAt(count) === code.space) count++;
  return count;
}

/** Eight digits that tell texts apart, from two 32-bit multiplicative hashes. */
function hashText(text: string, start: number, end: number): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let at = start; at < end; at++) {
    const c = text.charCodeAt(at);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995);
  }
  const digits = (hash: number): string =>
    (hash >>> 0)
      .toString(36)
      .padStart(4, '0')
      .slice(-calleeDigits / 2);
  return digits(a) + digits(b);
}

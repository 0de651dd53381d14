import { blank } from './blank.ts';
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
    const units = [...blankUnits(text, edit.start, edit.end)];
    const comma = index > 0 ? units.indexOf(' ') : -1;
    if (comma >= 0) units[comma] = ',';
    let close = -1;
    if (index === last) {
      close = units.length - 1;
      while (close >= 0 && units[close] !== ' ' && units[close] !== ',') close--;
      if (close >= (index === 0 ? 2 : 0)) units[close] = ')';
    }
    if (index === 0) {
      const digitCount = canGetCallee ? Math.min(firstRun(units) - 2, calleeDigits) : 0;
      if (digitCount >= leastCalleeDigits) {
        literal.callee = literalMark + hashText(text, literal.start, literal.end).slice(0, digitCount);
        putUnits(units, 0, `${literal.callee}(`);
      } else putUnits(units, 0, index === last && close < 2 ? literalMark : `${literalMark}(`);
    }
    edit.text = units.join('');
  }
}

function blankUnits(text: string, start: number, end: number): string[] {
  return blank(text.slice(start, end)).split('');
}

function putUnits(units: string[], at: number, text: string): void {
  for (let i = 0; i < text.length; i++) units[at + i] = text.charAt(i);
}

/** How many blanks there are at the start: on its first line, so that `return <a` stays one statement. */
function firstRun(units: readonly string[]): number {
  const end = units.findIndex((unit) => unit !== ' ');
  return end < 0 ? units.length : end;
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

import { isInHole, type E4xLiteral, type MaskedScript } from './maskedScript.ts';

/** The innermost literal whose markup, not whose embedded expression, an offset is in. */
export function literalAt(mask: MaskedScript, offset: number): E4xLiteral | undefined {
  let found: E4xLiteral | undefined;
  for (const literal of mask.literals) {
    if (literal.start >= offset) break;
    const isInside = offset < literal.end || (offset === literal.end && !literal.closed);
    if (isInside) found = literal;
  }
  if (found === undefined) return undefined;
  return found.holes.some((hole) => isInHole(hole, offset)) ? undefined : found;
}

/** What is typed before an offset, as far as completion cares. */
export interface MemberAccess {
  /** Offset of the first character of the name, its `@` not included. */
  nameStart: number;
  /** Offset behind the identifier the cursor is in. */
  nameEnd: number;
  /** Offset of the `@`, if there is one. */
  at: number | undefined;
  /** Offset of the dot before the name, if there is one. */
  dot: number | undefined;
  /** `x..name`. */
  isDescendant: boolean;
}

/** Reads backwards from a cursor over `x.name`, `x.@name`, `x..name` and a bare `@name`. */
export function memberAccessAt(text: string, offset: number): MemberAccess {
  let nameStart = offset;
  while (nameStart > 0 && /[\w$]/.test(text.charAt(nameStart - 1))) nameStart--;
  let nameEnd = offset;
  while (nameEnd < text.length && /[\w$]/.test(text.charAt(nameEnd))) nameEnd++;
  let before = nameStart - 1;
  const at = text.charAt(before) === '@' ? before : undefined;
  if (at !== undefined) before--;
  while (before >= 0 && /\s/.test(text.charAt(before))) before--;
  const dot = text.charAt(before) === '.' ? before : undefined;
  const isDescendant = dot !== undefined && text.charAt(dot - 1) === '.';
  return { nameStart, nameEnd, at, dot, isDescendant };
}

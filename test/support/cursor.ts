/** Text with the cursor taken out. */
export interface CursorText {
  text: string;
  offset: number;
}

/**
 * Takes the `$0` out of a text. (`|`, the usual mark, is half of an operator of Campaign JavaScript.)
 * Throws unless there is exactly one.
 */
export function takeCursor(marked: string): CursorText {
  const offset = marked.indexOf('$0');
  if (offset < 0 || marked.indexOf('$0', offset + 1) >= 0) {
    throw new Error(`A test text has exactly one $0: ${marked}`);
  }
  return { text: marked.slice(0, offset) + marked.slice(offset + 2), offset };
}

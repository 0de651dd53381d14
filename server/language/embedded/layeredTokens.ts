import type { ScriptToken } from '../javascript/javaScriptService.ts';

/**
 * Tokens in order, none of more than one line and none over another: what lies below shows between what lies above.
 * @param text the document the tokens are of.
 */
export function layerTokens(
  text: string,
  below: readonly ScriptToken[],
  above: readonly ScriptToken[],
): ScriptToken[] {
  const layered = [...above];
  let at = 0;
  for (const token of below) {
    const end = token.start + token.length;
    while (at < above.length && endOf(above[at]!) <= token.start) at++;
    let from = token.start;
    for (let next = at; next < above.length && above[next]!.start < end; next++) {
      layered.push(...linesOf(text, token, from, above[next]!.start));
      from = Math.max(from, endOf(above[next]!));
    }
    layered.push(...linesOf(text, token, from, end));
  }
  return layered.sort((a, b) => a.start - b.start);
}

function endOf({ start, length }: ScriptToken): number {
  return start + length;
}

/** A stretch of a token, one token a line: editors know no others. */
function* linesOf(text: string, token: ScriptToken, start: number, end: number): Generator<ScriptToken> {
  for (let from = start; from < end;) {
    const newline = text.indexOf('\n', from);
    const to = newline < 0 || newline >= end ? end : newline;
    const length = to - from - (text.charAt(to - 1) === '\r' ? 1 : 0);
    if (length > 0) yield { ...token, start: from, length };
    from = to + 1;
  }
}

/**
 * Lexer of XTK expressions. Names read differently inside a path (`[@folder-id]`) and outside (`@folder - @id`), so the
 * lexer keeps a stack of frames: `[` at an operand opens a path, `[` after a step opens a predicate, `$long(` opens the
 * path of a macro. An impossible character in a path closes the frame, which keeps the rest of a half-typed text readable.
 *
 * Invariant: every round of the lexer consumes text or closes a frame, so lexing is linear.
 */
export type TokenKind =
  | 'identifier'
  | 'attribute'
  | 'number'
  | 'string'
  | 'date'
  | 'operator'
  | 'macroOpen'
  | 'sqlData'
  | 'hole'
  | 'comment'
  | 'dot'
  | 'dotdot'
  | 'colon'
  | 'open'
  | 'close'
  | 'comma'
  | 'bracketOpen'
  | 'predicateOpen'
  | 'bracketClose'
  | 'pathName'
  | 'pathSlash'
  | 'unknown'
  | 'end';

/** One token; white space is not a token. The list ends with one `end` token at the end of the text. */
export interface Token {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Strings, dates, comments and `SQLDATA[`: false when the closing mark is missing. */
  readonly closed?: boolean;
  /** Decoded content of a string, raw content of a date or of `SQLDATA[…]`. */
  readonly value?: string;
  /** Offsets of `''` inside a string. */
  readonly doubledQuotes?: readonly number[];
}

/**
 * Stands for text that is not known, one or more in a row: the value of `{…}` in an E4X literal or of `+ x +` between
 * two JavaScript strings. Whoever extracts an expression puts it there; the parser then reports nothing about it.
 */
export const holeCharacter = '\uFFFC';

/** Replaces ranges of a text by hole characters; the length and all offsets stay. */
export function maskHoles(
  text: string,
  holes: readonly { readonly start: number; readonly end: number }[],
): string {
  let masked = '';
  let at = 0;
  for (const hole of holes) {
    masked += text.slice(at, hole.start) + holeCharacter.repeat(Math.max(0, hole.end - hole.start));
    at = hole.end;
  }
  return masked + text.slice(at);
}

/** True for text that a hole has made unknown. */
export function hasHole(text: string): boolean {
  return text.includes(holeCharacter);
}

/** Words that are operators where an operator may stand. Compared in lower case. */
export const operatorWords: ReadonlySet<string> = new Set([
  'and',
  'or',
  'not',
  'like',
  'in',
  'is',
  'between',
]);

const symbols = ['==', '!=', '<>', '<=', '>=', '||', '&&', '=', '<', '>', '+', '-', '*', '/', '%', '!'];
/** Longest text between two `#` that is still taken for one date, macros included. */
const maxDateLength = 80;
const wide = /[\p{L}\p{N}\p{M}]/u;

interface Frame {
  readonly mode: 'expression' | 'path';
  /** What ends the frame: `]`, `)` for a macro, nothing for the whole text. */
  readonly closer: '' | ']' | ')';
  openParentheses: number;
}

/**
 * Cuts a text into tokens. Never throws; unknown characters become `unknown` tokens, unclosed strings reach to the end.
 * @param start what the text is: an expression, or a path without brackets around it.
 * @returns at most one token per character plus the `end` token.
 */
export function tokenizeExpression(text: string, start: 'expression' | 'path' = 'expression'): Token[] {
  const tokens: Token[] = [];
  const frames: Frame[] = [{ mode: start, closer: '', openParentheses: 0 }];
  let at = 0;

  /** Takes a token; true like every function below that consumed text. */
  const push = (kind: TokenKind, end: number, extra?: Partial<Token>): boolean => {
    tokens.push({ kind, start: at, end, text: text.slice(at, end), ...extra });
    at = end;
    return true;
  };

  while (at < text.length) {
    const spaceStart = at;
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    if (at >= text.length) break;
    const frame = frames[frames.length - 1]!;
    if (frame.mode === 'path') lexPath(frame, at > spaceStart);
    else lexExpression(frame);
  }
  tokens.push({ kind: 'end', start: text.length, end: text.length, text: '' });
  return tokens;

  function lexPath(frame: Frame, afterSpace: boolean): boolean {
    const char = text[at]!;
    const previous = tokens[tokens.length - 1]?.kind;
    // `[folder/@a and …`: white space after a complete step can only be followed by what continues or closes the path.
    if (afterSpace && isStep(previous) && !'/:[])'.includes(char)) return leavePath();
    if (char === frame.closer) {
      frames.pop();
      return push(char === ']' ? 'bracketClose' : 'close', at + 1);
    }
    const sqlData = previous === 'bracketOpen' && /^sqldata\[/i.test(text.slice(at, at + 8));
    if (sqlData) {
      const contentStart = at + 8;
      const contentEnd = endOfSqlData(text, contentStart);
      const closed = contentEnd < text.length;
      const value = text.slice(contentStart, contentEnd);
      return push('sqlData', closed ? contentEnd + 1 : contentEnd, { closed, value });
    }
    if (char === '@') return push('attribute', endOfName(text, at + 1, true));
    if (char === '/') return push('pathSlash', at + 1);
    if (char === ':') return push('colon', at + 1);
    if (char === '.') return pushDots();
    if (char === '$') return lexMacro();
    if (char === '[') {
      frames.push({ mode: 'expression', closer: ']', openParentheses: 0 });
      return push('predicateOpen', at + 1);
    }
    const end = endOfName(text, at, true);
    if (end > at) return push('pathName', end);
    return leavePath();
  }

  /** Reads on as an expression; no text is consumed. */
  function leavePath(): boolean {
    frames.pop();
    if (frames.length === 0) frames.push({ mode: 'expression', closer: '', openParentheses: 0 });
    return false;
  }

  function lexExpression(frame: Frame): boolean {
    const char = text[at]!;
    const code = text.charCodeAt(at);
    if (char === '@') return push('attribute', endOfName(text, at + 1, false));
    if (char === "'" || char === '"' || isTypographicQuote(code)) return lexString();
    if (char === '#') return lexDate();
    if (char === '$') return lexMacro();
    if (isDigit(code)) return push('number', endOfNumber(text, at));
    const nameEnd = endOfName(text, at, false);
    if (nameEnd > at) return push(char === holeCharacter ? 'hole' : 'identifier', nameEnd);
    if (char === '.') return pushDots();
    if (char === ',') return push('comma', at + 1);
    if (char === ':') return push('colon', at + 1);
    if (char === '(') {
      frame.openParentheses++;
      return push('open', at + 1);
    }
    if (char === ')') return lexCloseParenthesis();
    if (char === '[') return lexOpenBracket();
    if (char === ']') {
      if (frames.length > 1) frames.pop();
      return push('bracketClose', at + 1);
    }
    if (char === '/' && text[at + 1] === '*') {
      const close = text.indexOf('*/', at + 2);
      return push('comment', close < 0 ? text.length : close + 2, { closed: close >= 0 });
    }
    const symbol = symbols.find((candidate) => text.startsWith(candidate, at));
    if (symbol !== undefined) return push('operator', at + symbol.length);
    return push('unknown', at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1));
  }

  function lexCloseParenthesis(): boolean {
    // A `)` nobody opened in this predicate belongs further out: the predicate and its path are unclosed.
    while (frames.length > 1) {
      const frame = frames[frames.length - 1]!;
      if (frame.openParentheses > 0 || frame.closer === ')') break;
      frames.pop();
    }
    const frame = frames[frames.length - 1]!;
    if (frame.closer === ')' && frame.openParentheses === 0) frames.pop();
    else if (frame.openParentheses > 0) frame.openParentheses--;
    return push('close', at + 1);
  }

  function lexOpenBracket(): boolean {
    const previous = tokens[tokens.length - 1];
    const touchesName =
      previous?.end === at &&
      (previous.kind === 'attribute' ||
        (previous.kind === 'identifier' && !operatorWords.has(previous.text.toLowerCase())));
    frames.push({ mode: touchesName ? 'expression' : 'path', closer: ']', openParentheses: 0 });
    return push(touchesName ? 'predicateOpen' : 'bracketOpen', at + 1);
  }

  function lexMacro(): boolean {
    const nameEnd = endOfName(text, at + 1, false);
    if (text[nameEnd] !== '(') return push('macroOpen', nameEnd);
    frames.push({ mode: 'path', closer: ')', openParentheses: 0 });
    return push('macroOpen', nameEnd + 1);
  }

  function pushDots(): boolean {
    const double = text[at + 1] === '.';
    return push(double ? 'dotdot' : 'dot', double ? at + 2 : at + 1);
  }

  function lexString(): boolean {
    const quote = text[at]!;
    const typographic = isTypographicQuote(quote.charCodeAt(0));
    const doubledQuotes: number[] = [];
    let value = '';
    let from = at + 1;
    let end = at + 1;
    for (; end < text.length; end++) {
      const char = text[end]!;
      if (char === '\\' && end + 1 < text.length) {
        const next = text[end + 1]!;
        if (next === '\\' || next === quote) {
          value += text.slice(from, end) + next;
          from = end + 2;
        }
        end++;
      } else if (typographic ? isTypographicQuote(char.charCodeAt(0)) : char === quote) {
        if (typographic || text[end + 1] !== quote) break;
        doubledQuotes.push(end);
        value += text.slice(from, end + 1);
        from = end + 2;
        end++;
      }
    }
    const closed = end < text.length;
    end = Math.min(end, text.length);
    value += text.slice(from, end);
    return push('string', closed ? end + 1 : end, { closed, value, doubledQuotes });
  }

  function lexDate(): boolean {
    const close = text.slice(at + 1, at + 1 + maxDateLength).search(/[^\w \-/:.+$()@\uFFFC]/);
    const closed = close >= 0 && text[at + 1 + close] === '#';
    let end = at + 1 + close;
    if (!closed) {
      end = at + 1;
      while (end < text.length && isDateCharacter(text.charCodeAt(end))) end++;
      // Without the closing mark the white space in front of the next operator is not part of the date.
      while (end > at + 1 && isSpace(text.charCodeAt(end - 1))) end--;
    }
    return push('date', closed ? end + 1 : end, { closed, value: text.slice(at + 1, end) });
  }
}

/**
 * Decides whether a character belongs to a name. Inside brackets a name may hold `-`.
 */
export function isNameCharacter(text: string, at: number, inBrackets: boolean): boolean {
  const code = text.charCodeAt(at);
  if (code < 128) {
    return (
      (code >= 97 && code <= 122) ||
      (code >= 65 && code <= 90) ||
      isDigit(code) ||
      code === 95 ||
      (inBrackets && code === 45)
    );
  }
  if (text[at] === holeCharacter) return true;
  return wide.test(String.fromCodePoint(text.codePointAt(at) ?? code));
}

function endOfName(text: string, from: number, inBrackets: boolean): number {
  let at = from;
  while (at < text.length && isNameCharacter(text, at, inBrackets)) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

function endOfNumber(text: string, from: number): number {
  const digits = (start: number): number => {
    let at = start;
    while (at < text.length && isDigit(text.charCodeAt(at))) at++;
    return at;
  };
  let at = digits(from);
  if (text[at] === '.' && isDigit(text.charCodeAt(at + 1))) at = digits(at + 1);
  if (text[at] === 'e' || text[at] === 'E') {
    const exponent = text[at + 1] === '+' || text[at + 1] === '-' ? at + 2 : at + 1;
    if (isDigit(text.charCodeAt(exponent))) at = digits(exponent);
  }
  return at;
}

/** Offset of the `]` that closes `SQLDATA[`, or the end of the text. Brackets inside quotes do not count. */
function endOfSqlData(text: string, from: number): number {
  let depth = 1;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === "'") quoted = !quoted;
    else if (!quoted && char === '[') depth++;
    else if (!quoted && char === ']' && --depth === 0) return at;
  }
  return text.length;
}

function isStep(kind: TokenKind | undefined): boolean {
  return (
    kind === 'pathName' ||
    kind === 'attribute' ||
    kind === 'dot' ||
    kind === 'dotdot' ||
    kind === 'bracketClose' ||
    kind === 'close'
  );
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xa0 || code === 0xfeff;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Single and double curly quotes, which word processors put in place of straight ones. */
function isTypographicQuote(code: number): boolean {
  return code === 0x2018 || code === 0x2019 || code === 0x201c || code === 0x201d;
}

/** Digits, separators, `T`, `Z`, space and holes; anything else ends an unclosed date. */
function isDateCharacter(code: number): boolean {
  return isDigit(code) || isSpace(code) || code === 0xfffc || '-/:.+TZtz'.includes(String.fromCharCode(code));
}

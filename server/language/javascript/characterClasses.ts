/** Character codes the scanners compare with; the names follow Unicode. */
export const code = {
  tab: 9,
  lineFeed: 10,
  carriageReturn: 13,
  space: 32,
  exclamation: 33,
  quotation: 34,
  hash: 35,
  dollar: 36,
  percent: 37,
  ampersand: 38,
  apostrophe: 39,
  parenLeft: 40,
  parenRight: 41,
  asterisk: 42,
  plus: 43,
  comma: 44,
  hyphen: 45,
  dot: 46,
  slash: 47,
  zero: 48,
  nine: 57,
  colon: 58,
  semicolon: 59,
  less: 60,
  equals: 61,
  greater: 62,
  question: 63,
  at: 64,
  bracketLeft: 91,
  backslash: 92,
  bracketRight: 93,
  underscore: 95,
  backtick: 96,
  braceLeft: 123,
  braceRight: 125,
} as const;

const identifierStart = 1;
const identifierPart = 2;
const digit = 4;
const xmlNamePart = 8;

const classes = new Uint8Array(128);
for (let at = 0; at < 26; at++) {
  classes[65 + at] = identifierStart | identifierPart | xmlNamePart;
  classes[97 + at] = identifierStart | identifierPart | xmlNamePart;
}
for (let at = 48; at < 58; at++) classes[at] = identifierPart | digit | xmlNamePart;
classes[code.underscore] = identifierStart | identifierPart | xmlNamePart;
classes[code.dollar] = identifierStart | identifierPart;
classes[code.backslash] = identifierStart | identifierPart;
classes[code.hyphen] = xmlNamePart;
classes[code.dot] = xmlNamePart;
classes[code.colon] = xmlNamePart;

/** White space beyond ASCII: the no-break space, the line separators, the byte order mark, and typographic spaces. */
function isWideSpace(c: number): boolean {
  return c === 0xa0 || c === 0xfeff || (c >= 0x2000 && c <= 0x200a) || isWideLineBreak(c) || c === 0x3000;
}

function isWideLineBreak(c: number): boolean {
  return c === 0x2028 || c === 0x2029;
}

export function isLineBreak(c: number): boolean {
  return c === code.lineFeed || c === code.carriageReturn || isWideLineBreak(c);
}

export function isSpace(c: number): boolean {
  return c === 32 || (c >= 9 && c <= 13) || (c >= 128 && isWideSpace(c));
}

/** May begin a JavaScript identifier (an escape `\u0041` counts). */
export function isIdentifierStart(c: number): boolean {
  return c < 128 ? (classes[c]! & identifierStart) !== 0 : c >= 128 && !isWideSpace(c);
}

/** May continue a JavaScript identifier. */
export function isIdentifierPart(c: number): boolean {
  return c < 128 ? (classes[c]! & identifierPart) !== 0 : c >= 128 && !isWideSpace(c);
}

export function isDigit(c: number): boolean {
  return c >= code.zero && c <= code.nine;
}

/** May begin an XML name. */
export function isXmlNameStart(c: number): boolean {
  return c < 128
    ? (classes[c]! & identifierStart) !== 0 && c !== code.dollar && c !== code.backslash
    : c >= 128;
}

/** May continue an XML name; the colon of a prefix counts. */
export function isXmlNamePart(c: number): boolean {
  return c < 128 ? (classes[c]! & xmlNamePart) !== 0 : c >= 128;
}

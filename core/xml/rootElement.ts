import type { TextRange } from './xmlTree.ts';

/** The start tag of the outermost element. */
export interface RootTag extends TextRange {
  /** Without prefix. */
  localName: string;
}

/**
 * Finds the first start tag of an XML text behind declarations, comments and white space, without parsing the rest;
 * `undefined` when something else comes first. The end is that of the tag, or of the text when the tag is not closed.
 * Linear in what comes before the tag; never throws.
 */
export function findRootTag(text: string): RootTag | undefined {
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (;;) {
    while (isSpace(text.charCodeAt(at))) at++;
    if (text.charCodeAt(at) !== 60 /* < */) return undefined;
    const next = text.charCodeAt(at + 1);
    if (next === 63 /* ? */) at = behind(text, '?>', at + 2);
    else if (text.startsWith('<!--', at)) at = behind(text, '-->', at + 4);
    else if (next === 33 /* ! */) at = behindDeclaration(text, at + 2);
    else break;
    if (at < 0) return undefined;
  }
  let nameEnd = at + 1;
  while (isName(text.charCodeAt(nameEnd))) nameEnd++;
  const name = text.slice(at + 1, nameEnd);
  if (!/^[^\d.-]/.test(name)) return undefined;
  const end = behindTag(text, nameEnd);
  const localName = name.slice(name.indexOf(':') + 1);
  return { localName, start: at, end: end < 0 ? text.length : end };
}

function behind(text: string, mark: string, from: number): number {
  const at = text.indexOf(mark, from);
  return at < 0 ? -1 : at + mark.length;
}

/** Behind a start tag, whose values may hold `>`. */
function behindTag(text: string, from: number): number {
  let quote = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 34 /* " */ || code === 39 /* ' */) quote = code;
    else if (code === 62 /* > */) return at + 1;
  }
  return -1;
}

/** Behind a document type, whose internal subset may hold `>`. */
function behindDeclaration(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 91 /* [ */) depth++;
    else if (code === 93 /* ] */) depth--;
    else if (code === 62 /* > */ && depth <= 0) return at + 1;
  }
  return -1;
}

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
const isName = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 58) ||
  code === 95 ||
  code === 45 ||
  code === 46 ||
  code > 127;

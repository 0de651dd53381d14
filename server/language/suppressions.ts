import type { TextRange } from '../../core/xml/xmlTree.ts';

/** A comment that leaves problems out. Offsets are those of the document. */
export interface Suppression extends TextRange {
  /** The codes it names, as written: `query/contains`, or a whole group, `query/*`. */
  codes: (TextRange & { code: string })[];
  /** Where a problem has to start to be left out. */
  covers: TextRange;
}

/** The word at the start of the comment; with `-file` it speaks for the whole document. */
export const ignoreWord = 'campaign-ignore';

const comment = /(<!--|\/\/|\/\*)[ \t]*campaign-ignore(-file)?(?![\w-])([^\n]*)/g;

/**
 * The comments of a document that leave problems out: `<!-- campaign-ignore code -->`, `// campaign-ignore code` or
 * the same in a block comment, with several codes separated by spaces or commas and, if wanted, a colon and the reason.
 *
 * Beside something else it covers its line. Alone on its line it covers the next line that says something, and where a
 * tag begins there, the whole tag: inside a tag there is no room for a comment. `campaign-ignore-file` covers the document.
 * Never throws. The text is searched as it is: XML, JavaScript and XML in JavaScript need no telling apart.
 */
export function findSuppressions(text: string): Suppression[] {
  const found: Suppression[] = [];
  for (const match of text.matchAll(comment)) {
    const [, opener = '', forFile, rest = ''] = match;
    const restStart = match.index + match[0].length - rest.length;
    const closer = closers[opener];
    const closed = closer === undefined ? -1 : rest.indexOf(closer);
    const written = closed < 0 ? rest : rest.slice(0, closed);
    const end = restStart + (closer === undefined || closed < 0 ? rest.length : closed + closer.length);
    found.push({
      start: match.index,
      end,
      codes: readCodes(written, restStart),
      covers: forFile === undefined ? coveredBy(text, match.index, end) : { start: 0, end: text.length },
    });
  }
  return found;
}

const closers: Readonly<Record<string, string>> = { '<!--': '-->', '/*': '*/' };

function readCodes(written: string, offset: number): Suppression['codes'] {
  const colon = written.search(/:(\s|$)/);
  const codes = colon < 0 ? written : written.slice(0, colon);
  return [...codes.matchAll(/[^\s,]+/g)].map(({ 0: code, index }) => ({
    code,
    start: offset + index,
    end: offset + index + code.length,
  }));
}

function coveredBy(text: string, start: number, end: number): TextRange {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = endOfLine(text, end);
  // In a page the comment has a block of code for itself.
  const before = text.slice(lineStart, start).replace('<%', '');
  const isAlone = isBlank(before) && isBlank(text.slice(end, lineEnd).replace('%>', ''));
  if (!isAlone) return { start: lineStart, end: lineEnd };
  let next = lineEnd + 1;
  while (next < text.length && isPassedOver(text.slice(next, endOfLine(text, next)))) {
    next = endOfLine(text, next) + 1;
  }
  return { start, end: Math.max(endOfLine(text, next), endOfTag(text, next)) };
}

/** Blank lines, and further comments of this kind, stand between a comment and what it is about. */
function isPassedOver(line: string): boolean {
  return isBlank(line) || /^\s*(?:<%)?\s*(?:<!--|\/\/|\/\*)[ \t]*campaign-ignore(?![\w-])/.test(line);
}

function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end < 0 ? text.length : end;
}

/** The end of the start tag a line begins with; the offset itself when it begins with none. */
function endOfTag(text: string, lineStart: number): number {
  const tag = /\s*<[\w:]+(?:[^<>"']|"[^"]*"|'[^']*')*/y;
  tag.lastIndex = lineStart;
  return lineStart + (tag.exec(text)?.[0].length ?? 0);
}

function isBlank(text: string): boolean {
  return text.trim() === '';
}

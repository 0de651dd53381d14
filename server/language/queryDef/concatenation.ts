import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { queryProblem, type QueryFix, type QueryProblem } from './queryProblem.ts';

/** A term of `"@name = '" + name + "'"`. */
interface Term extends TextRange {
  /** Between the quotes; absent for anything but a string literal. */
  content?: string;
}

/** Calls after which a value is fit for a query, and those that leave nothing but a number. */
const safeCall =
  /^(?:NL\.XTK\.\w+|\w*escape\w*|\w*\.?(?:toXTKString|escapeXtk)|Number|parseInt|parseFloat)\s*\(/i;

/** What is a number whatever the data. */
const number = /\.(?:length|get(?:UTC)?(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|Time)\(\))$/;
/** `.replace(/'/g, …)`: escaped by hand. */
const escapedByHand = /\.replace\s*\(\s*\/[^/]*'/;

/**
 * Finds values that a script puts between the quotes of an expression as they are: a quote in one of them ends the
 * string, and what follows is read as part of the query.
 * @param text the script; @param range the JavaScript that gives the expression, without its braces.
 */
export function checkConcatenation(text: string, range: TextRange): QueryProblem[] {
  const terms = splitTerms(text, range);
  const problems: QueryProblem[] = [];
  let quoted = false;
  for (const [index, term] of terms.entries()) {
    if (term.content !== undefined) quoted = endsQuoted(term.content, quoted);
    else if (quoted && !isFit(text.slice(term.start, term.end))) {
      const message =
        'A quote in this value ends the string of the expression: write the value with NL.XTK.toXTKString, which adds the quotes and escapes what is inside.';
      const fix = toXtkStringFix(text, terms[index - 1], term, terms[index + 1]);
      problems.push(queryProblem('query/concat-injection', term, message, fix));
    }
  }
  return problems;
}

function isFit(value: string): boolean {
  return safeCall.test(value) || number.test(value) || escapedByHand.test(value);
}

/** Is the end of an XTK text inside a string, when its beginning was or was not? */
function endsQuoted(content: string, quoted: boolean): boolean {
  for (let at = 0; at < content.length; at++) {
    if (content[at] === '\\') at++;
    else if (content[at] === "'") quoted = !quoted;
  }
  return quoted;
}

/** Only where the value is all there is between the quotes: `'" + name + "'`. */
function toXtkStringFix(
  text: string,
  before: Term | undefined,
  value: Term,
  after: Term | undefined,
): QueryFix | undefined {
  if (before?.content?.endsWith("'") !== true || after?.content?.startsWith("'") !== true) return undefined;
  const source = text.slice(value.start, value.end);
  // The content of `"…\'"` ends with the quote, too, but its source with a backslash before it.
  if (text[before.end - 2] !== "'" || text[before.end - 3] === '\\' || text[after.start + 1] !== "'")
    return undefined;
  const rest =
    after.content === "'"
      ? { start: value.end, end: after.end, newText: '' }
      : { start: after.start + 1, end: after.start + 2, newText: '' };
  return {
    title: 'Write the value with NL.XTK.toXTKString',
    edits: [
      { start: before.end - 2, end: before.end - 1, newText: '' },
      { start: value.start, end: value.end, newText: `NL.XTK.toXTKString(${source})` },
      rest,
    ],
  };
}

/** The terms of a concatenation; brackets and strings are not looked into. */
function splitTerms(text: string, { start, end }: TextRange): Term[] {
  const terms: Term[] = [];
  let termStart = start;
  let depth = 0;
  const close = (at: number): void => {
    const raw = text.slice(termStart, at);
    const trimmed = raw.trim();
    if (trimmed !== '') {
      const from = termStart + raw.indexOf(trimmed);
      terms.push({ start: from, end: from + trimmed.length, ...contentOf(trimmed) });
    }
    termStart = at + 1;
  };
  for (let at = start; at < end; at++) {
    const character = text[at]!;
    // A regular expression may hold a quote; it stands where an argument begins.
    const isRegExp = character === '/' && /[(,]\s*$/.test(text.slice(termStart, at));
    if (character === '"' || character === "'" || isRegExp) at = endOfString(text, at, end);
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (character === '+' && depth === 0) close(at);
  }
  close(end);
  return terms;
}

/** Offset of the closing quote, or of the last character when there is none. */
function endOfString(text: string, open: number, end: number): number {
  for (let at = open + 1; at < end; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === text[open]) return at;
  }
  return end - 1;
}

function contentOf(term: string): { content?: string } {
  const quote = term[0];
  if ((quote !== '"' && quote !== "'") || term.at(-1) !== quote || term.length < 2) return {};
  const inner = term.slice(1, -1);
  // `"a" ? "b"` begins and ends with a quote without being one string.
  if (endOfString(term, 0, term.length) !== term.length - 1) return {};
  // An escaped quote is a quote of the expression; a doubled backslash is its escape.
  return { content: inner.replace(/\\(['"\\])/g, '$1') };
}

import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { blank } from './blank.ts';

/** What a tag of a template is. */
type TagKind = 'code' | 'expression' | 'declaration' | 'directive' | 'comment';

interface TemplateTag {
  kind: TagKind;
  start: number;
  end: number;
  codeStart: number;
  codeEnd: number;
  closed: boolean;
}

/**
 * Turns a JSSP page or JST template into the JavaScript it runs, in text of the same length: code stays where it is,
 * `<%= expr %>` becomes `(expr);`, and page text becomes blanks, with a `;` where it separates two statements.
 * Directives (`<%@ … %>`) and comments (`<%-- … --%>`) are no code.
 *
 * Tags are cut before any JavaScript is read, as the server does: a `%>` inside a string ends the tag.
 * Invariant: never throws, never changes the length, linear in the text.
 */
export function maskTemplate(text: string): string {
  const tags = findTags(text);
  if (tags.length === 0) return blank(text);
  const parts: string[] = [];
  let from = 0;
  for (const [index, tag] of tags.entries()) {
    const gap = text.slice(from, tag.start);
    parts.push(blank(gap), openTag(text, tag), codeOf(text, tag));
    parts.push(closeTag(text, tag, tags[index + 1]));
    from = tag.end;
  }
  parts.push(blank(text.slice(from)));
  return parts.join('');
}

/** The opening of the tag that reaches to the end of a template, its `%>` missing. */
export function findUnclosedTag(text: string): TextRange | undefined {
  const last = findTags(text).at(-1);
  return last === undefined || last.closed ? undefined : { start: last.start, end: last.start + 2 };
}

function findTags(text: string): TemplateTag[] {
  const tags: TemplateTag[] = [];
  for (let start = text.indexOf('<%'); start >= 0;) {
    const tag = readTag(text, start);
    tags.push(tag);
    start = text.indexOf('<%', tag.end);
  }
  return tags;
}

function readTag(text: string, start: number): TemplateTag {
  if (text.startsWith('<%--', start)) {
    const close = text.indexOf('--%>', start + 4);
    const end = close < 0 ? text.length : close + 4;
    return { kind: 'comment', start, end, codeStart: end, codeEnd: end, closed: close >= 0 };
  }
  const mark = text.charAt(start + 2);
  const kind: TagKind =
    mark === '=' ? 'expression' : mark === '@' ? 'directive' : mark === '!' ? 'declaration' : 'code';
  // `<%==` writes its value unescaped.
  const markLength = kind === 'code' ? 0 : kind === 'expression' && text.charAt(start + 3) === '=' ? 2 : 1;
  const codeStart = Math.min(start + 2 + markLength, text.length);
  const close = text.indexOf('%>', codeStart);
  const codeEnd = close < 0 ? text.length : close;
  const end = close < 0 ? text.length : close + 2;
  return { kind, start, end, codeStart, codeEnd, closed: close >= 0 };
}

function openTag(text: string, tag: TemplateTag): string {
  if (tag.kind === 'comment' || tag.kind === 'directive') return '';
  const length = tag.codeStart - tag.start;
  return tag.kind === 'expression'
    ? `${' '.repeat(length - 1)}(`
    : blank(text.slice(tag.start, tag.codeStart));
}

function codeOf(text: string, tag: TemplateTag): string {
  const isCode = tag.kind !== 'comment' && tag.kind !== 'directive';
  return isCode ? text.slice(tag.codeStart, tag.codeEnd) : blank(text.slice(tag.start, tag.codeEnd));
}

/** Words that continue a statement, or stand in a `switch`: no statement may come before them. */
const continuation = /^\s*(?:else|catch|finally|case|default|while)\b/;

function closeTag(text: string, tag: TemplateTag, next: TemplateTag | undefined): string {
  const length = tag.end - tag.codeEnd;
  if (!tag.closed || length < 2) return blank(text.slice(tag.codeEnd, tag.end));
  if (tag.kind === 'expression') return ');';
  if (tag.kind === 'comment') return ' '.repeat(length);
  return separates(text, tag, next) ? '; ' : '  ';
}

/**
 * Does what follows a tag write something? Page text does, white space alone only counts where it separates statements
 * of one line. Source: pages seen in packages, where blank lines stand between `}` and `else`.
 */
function separates(text: string, tag: TemplateTag, next: TemplateTag | undefined): boolean {
  const between = text.slice(tag.end, next?.start ?? text.length);
  if (between.trim() !== '') return true;
  if (next === undefined || next.kind === 'expression') return false;
  if (next.kind === 'directive') return true;
  return !continuation.test(text.slice(next.codeStart, Math.min(next.codeEnd, next.codeStart + 200)));
}

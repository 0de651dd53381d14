import { CodeActionKind, type CodeAction } from 'vscode-languageserver-types';
import { locateXml } from '../../core/xml/locateXml.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import type { TextRange, XmlDocument } from '../../core/xml/xmlTree.ts';
import { maskDocument } from './javascript/scriptDocument.ts';
import type { LanguageDocument } from './languageService.ts';
import { toDiagnostic, type DocumentProblem } from './problems.ts';
import { toLspRange } from './queryDef/queryRanges.ts';
import { ignoreWord } from './suppressions.ts';

/**
 * For each problem a range touches: leave it out on this line, or in this file. What cannot be written where it would
 * have to be is not offered.
 * @param pages as in `ProblemSettings`.
 */
export function ignoreActions(
  file: LanguageDocument,
  problems: readonly DocumentProblem[],
  range: TextRange,
  pages: string | undefined,
): CodeAction[] {
  const touched = new Map(
    problems
      .filter(
        ({ start, end, code }) => start <= range.end && end >= range.start && code !== 'ignore/unknown-code',
      )
      .map((problem) => [problem.code, problem]),
  );
  return [...touched.values()].flatMap((problem) => [
    ...ignoreAction(
      file,
      problem,
      pages,
      `Ignore ${problem.code} for this line`,
      ignoreWord,
      lineBefore(file, problem),
    ),
    ...ignoreAction(
      file,
      problem,
      pages,
      `Ignore ${problem.code} in this file`,
      `${ignoreWord}-file`,
      topOf(file),
    ),
  ]);
}

function ignoreAction(
  { document }: LanguageDocument,
  problem: DocumentProblem,
  pages: string | undefined,
  title: string,
  word: string,
  place: CommentPlace | undefined,
): CodeAction[] {
  if (place === undefined) return [];
  const { offset, indent, language } = place;
  const newText = `${indent}${comments[language](`${word} ${problem.code}`)}${document.getText().includes('\r\n') ? '\r\n' : '\n'}`;
  const range = toLspRange({ document }, { start: offset, end: offset });
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(document, problem, pages)],
      edit: { changes: { [document.uri]: [{ range, newText }] } },
    },
  ];
}

/** How a comment is written; in the text of a page it takes a block of code, or it would be sent with the page. */
const comments = {
  xml: (text: string) => `<!-- ${text} -->`,
  script: (text: string) => `// ${text}`,
  page: (text: string) => `<% /* ${text} */ %>`,
};

/** Where a line with a comment can be inserted: at the start of a line. */
interface CommentPlace {
  offset: number;
  indent: string;
  language: keyof typeof comments;
}

/** Before the line of a problem or, when that line begins inside a tag, before the line the tag begins on. */
function lineBefore(file: LanguageDocument, { start }: TextRange): CommentPlace | undefined {
  const text = file.document.getText();
  let offset = startOfLine(text, start);
  for (;;) {
    const xml = xmlAt(file, offset);
    // Just before a `<` is between tags as well.
    const at = xml === undefined ? undefined : locateXml(xml, offset);
    if (at === undefined || at.kind === 'content') {
      const language = xml === undefined ? languageAt(file, offset) : 'xml';
      const isImpossible =
        language === 'xml' && (isInSection(text, offset) || (offset === 0 && declaration.test(text)));
      return isImpossible ? undefined : { offset, indent: indentAt(text, offset), language };
    }
    const tagStart = at.kind === 'endTag' ? at.element.closeStart : at.element.start;
    const next = startOfLine(text, tagStart);
    // An end tag may begin on the line the offset is at the start of; there is no going further up then.
    if (next >= offset) return undefined;
    offset = next;
  }
}

/** Before everything else, but behind an XML declaration and its line. */
function topOf(file: LanguageDocument): CommentPlace | undefined {
  const text = file.document.getText();
  const first = declaration.exec(text);
  // Nothing can be put between the declaration and what is on its line.
  if (first?.groups?.['newLine'] === undefined && first !== null) return undefined;
  return { offset: first?.[0].length ?? 0, indent: '', language: languageAt(file, 0) };
}

/** An XML declaration at the start, and the end of its line when nothing else is on it. */
const declaration = /^\uFEFF?<\?xml[\s?][^>]*>(?:[ \t]*(?<newLine>\r?\n))?/;

function indentAt(text: string, offset: number): string {
  const indent = /[ \t]*/y;
  indent.lastIndex = offset;
  return indent.exec(text)?.[0] ?? '';
}

/** What an offset is in that is in no XML of ours. */
function languageAt({ document, regions }: LanguageDocument, offset: number): keyof typeof comments {
  if (regions.kind !== 'script') return 'xml';
  if (document.languageId !== 'campaign-jssp') return 'script';
  const before = document.getText().slice(0, offset);
  return before.lastIndexOf('<%') > before.lastIndexOf('%>') ? 'script' : 'page';
}

/** The XML an offset is in: of the document, or of a literal whose `{…}` it is not in. */
function xmlAt({ document, regions }: LanguageDocument, offset: number): XmlDocument | undefined {
  if (regions.schema !== undefined) return regions.schema;
  if (regions.kind !== 'script') return regions.queries[0]?.xml;
  const text = document.getText();
  const literal = maskDocument(document.languageId, text).literals.findLast(
    ({ start, end }) => offset > start && offset < end,
  );
  const isInHole = literal?.holes.some(({ start, end }) => offset > start && offset < end) ?? false;
  return literal === undefined || isInHole ? undefined : parseXml(text, literal);
}

/** Is an offset in a CDATA section? A comment would be text there. */
function isInSection(text: string, offset: number): boolean {
  return text.lastIndexOf('<![CDATA[', offset) > text.lastIndexOf(']]>', offset);
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

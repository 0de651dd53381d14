import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { scriptProblem, type ScriptProblem } from '../javascript/scriptProblem.ts';
import type { LanguageDocument } from '../languageService.ts';
import { replaceFix, type QueryFix } from '../queryDef/queryProblem.ts';
import type { EmbeddedDocument } from './embedDocuments.ts';
import { rawText } from './rawText.ts';

/** A `<` or `&` that is no markup of a script's own: XML would read a tag or a reference. */
const strayCharacter = /<|&(?!(?:#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos);)/;
const strayTag = /<!--[^]*?(?:-->|$)|(<)/g;

/** One problem for each script of a document that XML does not read as it was typed. */
export function checkRawMarkup({ document, regions }: LanguageDocument): ScriptProblem[] {
  const source = document.getText();
  return (regions.embedded ?? []).flatMap((inner) => {
    if (inner.file.regions.kind !== 'script') return [];
    return (inner.attribute === undefined ? checkText : checkAttribute)(source, inner) ?? [];
  });
}

function checkText(source: string, { element, text }: EmbeddedDocument): ScriptProblem | undefined {
  const whole = rawText(source, element) ?? text;
  const isCdata = element.children.some((node) => node.kind === 'text' && node.cdata);
  const stray = isCdata ? undefined : strayIn(source, whole);
  if (stray === undefined) return undefined;
  const section = `<![CDATA[${text.text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  const advice = `put the script in a CDATA section, or write ${escapeStray(source.charAt(stray))}`;
  return toProblem(source, stray, advice, replaceFix('Wrap the script in CDATA', whole, section));
}

/** A value has no CDATA sections. */
function checkAttribute(source: string, { text }: EmbeddedDocument): ScriptProblem | undefined {
  const stray = strayIn(source, text);
  if (stray === undefined) return undefined;
  const written = source.slice(text.start, text.end).replace(new RegExp(strayCharacter, 'g'), escapeStray);
  const advice = `write ${escapeStray(source.charAt(stray))}`;
  return toProblem(source, stray, advice, replaceFix('Escape the markup', text, written));
}

function toProblem(source: string, stray: number, advice: string, fix: QueryFix): ScriptProblem {
  const character = source.charAt(stray);
  const message = `XML reads ${character} as the beginning of ${character === '<' ? 'a tag' : 'a reference'}: ${advice}.`;
  return scriptProblem('script/raw-markup', { start: stray, end: stray + 1 }, message, fix);
}

function escapeStray(character: string): string {
  return character === '<' ? '&lt;' : '&amp;';
}

/** Offset of the first stray character; comments are XML's. */
function strayIn(source: string, { start, end }: TextRange): number | undefined {
  const raw = source
    .slice(start, end)
    .replace(strayTag, (comment, tag: string | undefined) =>
      tag === undefined ? ' '.repeat(comment.length) : tag,
    );
  const at = raw.search(strayCharacter);
  return at < 0 ? undefined : start + at;
}

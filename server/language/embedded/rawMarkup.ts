import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { scriptProblem, type ScriptProblem } from '../javascript/scriptProblem.ts';
import type { LanguageDocument } from '../languageService.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { rawText } from './rawText.ts';

/** A `<` or `&` that is no markup of a script's own: XML would read a tag or a reference. */
const strayCharacter = /<|&(?!(?:#x[0-9a-fA-F]{1,6}|#[0-9]{1,7}|lt|gt|amp|quot|apos);)/;
const strayTag = /<!--[^]*?(?:-->|$)|(<)/g;

/** One problem for each script of a document that XML does not read as it was typed. */
export function checkRawMarkup({ document, regions }: LanguageDocument): ScriptProblem[] {
  const source = document.getText();
  return (regions.embedded ?? []).flatMap(({ element, file, text }) => {
    if (file.regions.kind !== 'script') return [];
    const whole = rawText(source, element) ?? text;
    const isCdata = element.children.some((node) => node.kind === 'text' && node.cdata);
    const stray = isCdata ? undefined : strayIn(source, whole);
    if (stray === undefined) return [];
    const character = source.charAt(stray);
    const section = `<![CDATA[${text.text.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
    return [
      scriptProblem(
        'script/raw-markup',
        { start: stray, end: stray + 1 },
        `XML reads ${character} as the beginning of ${character === '<' ? 'a tag' : 'a reference'}: put the script in a CDATA section, or write ${character === '<' ? '&lt;' : '&amp;'}.`,
        replaceFix('Wrap the script in CDATA', whole, section),
      ),
    ];
  });
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

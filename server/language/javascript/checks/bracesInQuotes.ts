import { decodeXml } from '../../../../core/xml/entities.ts';
import { descendantElements, type XmlAttribute } from '../../../../core/xml/xmlTree.ts';
import { replaceFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import type { LiteralCheck } from './scriptCheck.ts';

/** A name, a member or a call between braces. JSON, style sheets and `${…}` or `{{…}}` of templates do not look so. */
const embedded = /(?<![{$])\{[A-Za-z_$][\w$]*(?:\.[@\w$]+|\([^(){}"']*\))*\}(?!\})/g;

/** `expr="@id = {id}"`: braces inside quotes are text. Source: ECMA-357, 11.1.4. */
export const checkBracesInQuotes: LiteralCheck = function* (script, literal) {
  const { text } = script;
  if (text.slice(literal.start, literal.end).search(embedded) < 0) return;
  const root = script.xmlOf(literal);
  for (const element of root === undefined ? [] : descendantElements(root)) {
    for (const attribute of element.attributes) {
      const { name, valueStart, valueEnd, hole, closed } = attribute;
      const value = text.slice(valueStart, valueEnd);
      const [match] = hole ? [] : value.matchAll(embedded);
      if (match === undefined) continue;
      const start = valueStart + match.index;
      const instead = concatenation(value);
      const fix = isQuoted(text, attribute)
        ? replaceFix(`Write ${name}=${instead}`, { start: valueStart - 1, end: valueEnd + 1 }, instead)
        : undefined;
      yield scriptProblem(
        'script/braces-in-quotes',
        { start, end: start + match[0].length },
        `Braces inside quotes are text. To insert the value write ${name}=${instead}.`,
        closed ? fix : undefined,
      );
    }
  }
};

function isQuoted(text: string, { valueStart, valueEnd }: XmlAttribute): boolean {
  const quote = text[valueStart - 1];
  return (quote === '"' || quote === "'") && text[valueEnd] === quote;
}

/** `@id = {id}` → `{"@id = " + id}`. */
function concatenation(value: string): string {
  const parts: string[] = [];
  const addText = (raw: string): void => {
    if (raw !== '') parts.push(JSON.stringify(decodeXml(raw)));
  };
  let end = 0;
  for (const match of value.matchAll(embedded)) {
    addText(value.slice(end, match.index));
    // Between two values there must be a text, or `+` would add numbers up.
    if (parts.length === 1 && !parts[0]!.startsWith('"')) parts.push('""');
    parts.push(match[0].slice(1, -1));
    end = match.index + match[0].length;
  }
  addText(value.slice(end));
  return `{${parts.join(' + ')}}`;
}

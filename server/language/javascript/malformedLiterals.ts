import { parseXml } from '../../../core/xml/parseXml.ts';
import type { XmlProblem, XmlProblemCode } from '../../../core/xml/xmlTree.ts';
import { replaceFix, type QueryFix } from '../queryDef/queryProblem.ts';
import { isQueryLiteral } from '../regions.ts';
import { isXmlNameStart } from './characterClasses.ts';
import type { E4xLiteral } from './maskedScript.ts';

/**
 * What makes closed literals of a script no XML: one problem each, as the others mostly follow from it. Literals of
 * queries are left to the query side, and those that are still being typed to whoever says so.
 * A `<` in text that begins no name is let pass: [I] whether every engine refuses it is not documented.
 */
export function malformedLiterals(text: string, literals: readonly E4xLiteral[]): XmlProblem[] {
  const unclosed = literals.filter(({ closed }) => !closed);
  return literals.flatMap((literal) => {
    const { start, end, holes } = literal;
    const isTyped =
      holes.some(({ closed }) => !closed) ||
      unclosed.some((other) => other.start <= start && end <= other.end);
    if (isTyped || isQueryLiteral(literal)) return [];
    const { problems } = parseXml(text, { start, end, holes });
    // Deeper than our reader goes everything seems to be missing.
    if (problems.some(({ code }) => code === 'too-deep')) return [];
    const [first] = problems
      .filter(({ code, start: at }) => code !== 'not-one-root' && !isBareLess(text, code, at))
      .sort((a, b) => a.start - b.start);
    return first ?? [];
  });
}

/** A value without quotes was meant as an expression, or as text. */
export function malformedLiteralFixes(text: string, { code, start, end }: XmlProblem): QueryFix[] {
  if (code !== 'attribute-unquoted') return [];
  const value = text.slice(start, end);
  const isExpression = /^[A-Za-z_$][\w$]*(?:\.@?[\w$]+)*$/.test(value);
  const written = [...(isExpression ? [`{${value}}`] : []), ...(value.includes('"') ? [] : [`"${value}"`])];
  return written.map((newText) => replaceFix(`Write ${newText}`, { start, end }, newText));
}

function isBareLess(text: string, code: XmlProblemCode, at: number): boolean {
  return code === 'tag-unclosed' && !isXmlNameStart(text.charCodeAt(at + 1));
}

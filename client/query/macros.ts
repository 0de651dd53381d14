import { childrenOf, type ExpressionNode } from '../../core/expression/expressionTree.ts';
import { quoteXtk } from '../../core/expression/literals.ts';
import { parseExpression } from '../../core/expression/parseExpression.ts';
import { printExpression } from '../../core/expression/printExpression.ts';
import { escapeXmlAttribute } from '../../core/xml/entities.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { childElements, type XmlAttribute, type XmlElement } from '../../core/xml/xmlTree.ts';

/** A parameter of a query that its form, filter or workflow would fill: `$(…)`, `$long(…)`. */
export interface Macro {
  /** As printed; the same one may stand in several places. */
  readonly text: string;
  /** `''` for `$(…)`, else the cast such as `long`. */
  readonly cast: string;
}

/** Attributes that hold expressions. */
const expressionAttributes: ReadonlySet<string> = new Set(['expr', 'enabledIf', 'filter']);

/** The macros of a query, each once, in the order they are first used. */
export function findMacros(xml: string): Macro[] {
  const found = new Map<string, Macro>();
  for (const { value } of expressionsOf(xml)) {
    for (const node of macrosIn(value)) {
      const text = printExpression(node);
      if (!found.has(text)) found.set(text, { text, cast: node.name });
    }
  }
  return [...found.values()];
}

/**
 * Puts values in the place of macros.
 * @param values by the text of the macro, each as {@link toLiteral} writes it.
 */
export function fillMacros(xml: string, values: ReadonlyMap<string, string>): string {
  let filled = xml;
  for (const attribute of expressionsOf(xml).reverse()) {
    let { value } = attribute;
    for (const node of macrosIn(value).reverse()) {
      const literal = values.get(printExpression(node));
      if (literal !== undefined) value = value.slice(0, node.start) + literal + value.slice(node.end);
    }
    if (value === attribute.value) continue;
    const { start, end, name } = attribute;
    filled = `${filled.slice(0, start)}${name}="${escapeXmlAttribute(value)}"${filled.slice(end)}`;
  }
  return filled;
}

/**
 * What a person typed, as an expression takes it: by the macro's cast; without one, numbers, `'text'` and `#dates#` stay
 * what they are and all else is text.
 * Source: campaign notes on macros; [I] for casts not in the documentation, which count as text.
 * @returns a sentence when the text does not fit the cast.
 */
export function toLiteral({ cast }: Macro, typed: string): { literal: string } | { problem: string } {
  const text = typed.trim();
  const isNumber = /^-?\d+(?:\.\d+)?$/.test(text);
  switch (cast) {
    case 'long':
    case 'int64':
    case 'double':
      return isNumber ? { literal: text } : { problem: 'Type a number.' };
    case 'date':
    case 'datetime':
      if (!/^#?\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?)?#?$/.test(text)) {
        return { problem: 'Type a day as 2026-01-31, or a moment as 2026-01-31 10:00:00.' };
      }
      return { literal: `#${text.replaceAll('#', '')}#` };
    case 'noescaping':
      return { literal: typed };
    case '':
      if (isNumber || /^'(?:[^'\\]|\\.)*'$/.test(text) || /^#[^#]*#$/.test(text)) return { literal: text };
      return { literal: quoteXtk(typed) };
    default:
      return { literal: quoteXtk(typed) };
  }
}

function expressionsOf(xml: string): XmlAttribute[] {
  const found: XmlAttribute[] = [];
  const visit = (element: XmlElement): void => {
    found.push(...element.attributes.filter(({ name, hole }) => expressionAttributes.has(name) && !hole));
    childElements(element).forEach(visit);
  };
  const { root } = parseXml(xml);
  if (root !== undefined) visit(root);
  return found.filter(({ value }) => value.includes('$')).sort((left, right) => left.start - right.start);
}

function macrosIn(expression: string): Extract<ExpressionNode, { kind: 'macro' }>[] {
  const found: Extract<ExpressionNode, { kind: 'macro' }>[] = [];
  const visit = (node: ExpressionNode): void => {
    if (node.kind === 'macro' && node.path !== undefined && node.closed) found.push(node);
    else childrenOf(node).forEach(visit);
  };
  visit(parseExpression(expression).tree);
  return found.sort((left, right) => left.start - right.start);
}

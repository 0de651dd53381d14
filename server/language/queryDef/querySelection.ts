import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { SelectionRange } from 'vscode-languageserver-types';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { TextRange, XmlElement } from '../../../core/xml/xmlTree.ts';
import type { QueryRegion } from '../regions.ts';
import { readExpression } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';

/**
 * What "expand selection" selects, step by step: the parts of an expression, the value, the attribute, the elements.
 * @param outer what lies around a literal in its script.
 */
export function querySelection(
  document: TextDocument,
  region: QueryRegion,
  offset: number,
  outer: SelectionRange | undefined,
): SelectionRange | undefined {
  const at = locateXml(region.xml, offset);
  const ranges: TextRange[] = [];
  for (let element: XmlElement | undefined = at.element; element !== undefined; element = element.parent) {
    if (offset < element.start || offset > element.end) continue;
    if (element.closeStart >= 0 && offset >= element.openEnd && offset <= element.closeStart) {
      ranges.unshift({ start: element.openEnd, end: element.closeStart });
    }
    ranges.unshift({ start: element.start, end: element.end });
  }
  ranges.sort((a, b) => b.end - b.start - (a.end - a.start));
  if (at.kind === 'attributeName' && at.attribute !== undefined) ranges.push(at.attribute);
  if (at.kind === 'attributeValue') {
    const { attribute } = at;
    ranges.push(attribute, { start: attribute.valueStart, end: attribute.valueEnd });
    if (queryAttribute(at.element.localName, attribute.name)?.kind === 'expression' && !attribute.hole) {
      const expression = readExpression(region.text, attribute);
      const chain = nodesAt(expression.parsed.tree, expression.toExpression(offset));
      ranges.push(...chain.map((node) => expression.toRange(node)));
    }
  }
  let selection = outer;
  let last: TextRange | undefined;
  for (const { start, end } of ranges) {
    if (last?.start === start && last.end === end) continue;
    last = { start, end };
    const range = toLspRange({ document }, last);
    selection = selection === undefined ? { range } : { range, parent: selection };
  }
  return selection;
}

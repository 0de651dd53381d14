import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { DocumentSymbol, FoldingRange, SelectionRange, SymbolKind } from 'vscode-languageserver-types';
import { nodesAt } from '../../core/expression/nodeAt.ts';
import { locateXml } from '../../core/xml/locateXml.ts';
import {
  childElements,
  descendantElements,
  type TextRange,
  type XmlDocument,
  type XmlElement,
} from '../../core/xml/xmlTree.ts';
import type { AttributeExpression } from './queryDef/queryContext.ts';
import { toLspRange } from './queryDef/queryRanges.ts';

/** How an element shows in the outline; `undefined` leaves it and what is below it out. */
export type DescribeElement = (
  element: XmlElement,
) => { name: string; detail: string; kind: SymbolKind } | undefined;

/** The outline of an XML document, or of a literal in a script. */
export function xmlSymbols(
  document: TextDocument,
  xml: XmlDocument,
  describe: DescribeElement,
): DocumentSymbol[] {
  return xml.root === undefined ? [] : toSymbols(document, xml.root, describe);
}

function toSymbols(document: TextDocument, element: XmlElement, describe: DescribeElement): DocumentSymbol[] {
  const described = describe(element);
  if (described === undefined) return [];
  const selection = { start: element.nameStart, end: element.nameEnd };
  const name = described.name.replace(/\s+/g, ' ').trim();
  return [
    {
      // Editors refuse an empty name.
      name: name === '' ? element.localName || '<>' : name,
      detail: described.detail,
      kind: described.kind,
      range: toLspRange({ document }, element),
      selectionRange: toLspRange({ document }, selection),
      children: childElements(element).flatMap((child) => toSymbols(document, child, describe)),
    },
  ];
}

/** The elements of several lines; the line of the end tag stays visible. */
export function xmlFolding(document: TextDocument, xml: XmlDocument): FoldingRange[] {
  if (xml.root === undefined) return [];
  return [...descendantElements(xml.root)].flatMap((element) => {
    const startLine = document.positionAt(element.start).line;
    const endLine =
      element.closeStart >= 0
        ? document.positionAt(element.closeStart).line - 1
        : document.positionAt(element.end).line;
    return endLine > startLine ? [{ startLine, endLine }] : [];
  });
}

/**
 * What "expand selection" selects, step by step: the parts of an expression, the value, the attribute, the elements.
 * @param expression the expression the offset is in, if any.
 * @param outer what lies around a literal in its script.
 */
export function xmlSelection(
  document: TextDocument,
  xml: XmlDocument,
  offset: number,
  expression: AttributeExpression | undefined,
  outer: SelectionRange | undefined,
): SelectionRange | undefined {
  const at = locateXml(xml, offset);
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
    ranges.push(at.attribute, { start: at.attribute.valueStart, end: at.attribute.valueEnd });
    if (expression !== undefined) {
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

import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  FoldingRangeKind,
  type DocumentSymbol,
  type FoldingRange,
  type SelectionRange,
  type SymbolKind,
} from 'vscode-languageserver-types';
import { nodesAt } from '../../core/expression/nodeAt.ts';
import { locateXml } from '../../core/xml/locateXml.ts';
import {
  childElements,
  descendantElements,
  type TextRange,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
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

/**
 * The elements of several lines, the line of the end tag left visible; comments of several lines; and what stands
 * between `<!-- #region … -->` and `<!-- #endregion -->`.
 * @param range where comments are looked for. Default: between the first and the last node.
 */
export function xmlFolding(document: TextDocument, xml: XmlDocument, range?: TextRange): FoldingRange[] {
  const folds =
    xml.root === undefined
      ? []
      : [...descendantElements(xml.root)].map((element) => foldOf(document, element));
  const regionStarts: number[] = [];
  for (const comment of commentsIn(document.getText(), xml, range)) {
    const startLine = document.positionAt(comment.start).line;
    const endLine = document.positionAt(comment.end).line;
    folds.push({ startLine, endLine, kind: FoldingRangeKind.Comment });
    const marker = /^<!--\s*#(end)?region\b/.exec(comment.text);
    if (marker?.[1] === undefined && marker !== null) regionStarts.push(startLine);
    else if (marker !== null) {
      const start = regionStarts.pop();
      if (start !== undefined) folds.push({ startLine: start, endLine, kind: FoldingRangeKind.Region });
    }
  }
  return folds.filter(({ startLine, endLine }) => endLine > startLine);
}

function foldOf(document: TextDocument, element: XmlElement): FoldingRange {
  const startLine = document.positionAt(element.start).line;
  const endLine =
    element.closeStart >= 0
      ? document.positionAt(element.closeStart).line - 1
      : document.positionAt(element.end).line;
  return { startLine, endLine };
}

/** Comments are in the text but not in the tree: they are in the gaps between nodes. */
function* commentsIn(
  text: string,
  { root, nodes }: XmlDocument,
  range: TextRange = { start: nodes[0]?.start ?? 0, end: nodes.at(-1)?.end ?? 0 },
): Generator<TextRange & { text: string }> {
  const gaps = gapsIn(nodes, range);
  for (const element of root === undefined ? [] : descendantElements(root)) {
    if (element.closeStart < 0) continue;
    gaps.push(...gapsIn(element.children, { start: element.openEnd, end: element.closeStart }));
  }
  for (const gap of gaps.sort((a, b) => a.start - b.start)) {
    for (const match of text.slice(gap.start, gap.end).matchAll(/<!--[\s\S]*?-->/g)) {
      const start = gap.start + match.index;
      yield { start, end: start + match[0].length, text: match[0] };
    }
  }
}

function gapsIn(nodes: readonly XmlNode[], { start, end }: TextRange): TextRange[] {
  const gaps: TextRange[] = [];
  let at = start;
  for (const node of nodes) {
    if (node.start > at) gaps.push({ start: at, end: node.start });
    at = Math.max(at, node.end);
  }
  if (end > at) gaps.push({ start: at, end });
  return gaps;
}

/**
 * What "expand selection" selects, step by step: a step of a path, the path, the parts of the expression around it, the
 * value, the attribute, the start tag, the elements.
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
    if (offset >= element.start && offset <= element.end) ranges.unshift(...elementRanges(element, offset));
  }
  if (at.kind === 'tagName') ranges.push({ start: at.element.nameStart, end: at.element.nameEnd });
  if (at.kind === 'attributeName' && at.attribute !== undefined) {
    ranges.push(at.attribute, { start: at.attribute.start, end: at.attribute.nameEnd });
  }
  if (at.kind === 'attributeValue') {
    ranges.push(at.attribute, { start: at.attribute.valueStart, end: at.attribute.valueEnd });
    if (expression !== undefined) {
      const parts = expressionRanges(expression, expression.toExpression(offset));
      ranges.push(...parts.map((part) => expression.toRange(part)));
    }
  }
  let selection = outer;
  let last: TextRange | undefined;
  for (const { start, end } of ranges) {
    if (start > offset || end < offset) continue;
    if (last !== undefined && (start < last.start || end > last.end)) continue;
    if (last?.start === start && last.end === end) continue;
    last = { start, end };
    const range = toLspRange({ document }, last);
    selection = selection === undefined ? { range } : { range, parent: selection };
  }
  return selection;
}

/** The element, and the part of it the offset is in: start tag, content, text, end tag. */
function elementRanges(element: XmlElement, offset: number): TextRange[] {
  const whole = { start: element.start, end: element.end };
  if (offset < element.openEnd) return [whole, { start: element.start, end: element.openEnd }];
  if (element.closeStart < 0) return [whole];
  if (offset > element.closeStart) return [whole, { start: element.closeStart, end: element.end }];
  const text = element.children.find(
    (child) => child.kind === 'text' && offset >= child.start && offset <= child.end,
  );
  const isWord = text?.kind === 'text' && text.value.trim() !== '';
  return [whole, { start: element.openEnd, end: element.closeStart }, ...(isWord ? [text] : [])];
}

/** The parts of an expression around an index of it, the largest first. */
function expressionRanges({ parsed }: AttributeExpression, index: number): TextRange[] {
  const chain = nodesAt(parsed.tree, index);
  const ranges = chain.map(({ start, end }) => ({ start, end }));
  const node = chain.at(-1);
  if (node?.kind === 'path') {
    const [first, last] = [node.steps[0], node.steps.at(-1)];
    const start = node.join?.schema.start ?? first?.start ?? node.start;
    if (last !== undefined) ranges.push({ start, end: last.end });
    const step = [...(node.join === undefined ? [] : [node.join.schema]), ...node.steps].find(
      (part) => index >= part.start && index <= part.end,
    );
    if (step !== undefined) ranges.push({ start: step.start, end: step.end });
  }
  if (node?.kind === 'string' && node.closed) ranges.push({ start: node.start + 1, end: node.end - 1 });
  if (node?.kind === 'call') {
    const { nameSpan } = node;
    ranges.push({ start: nameSpan.start, end: nameSpan.end });
    if (node.closed) ranges.push({ start: node.open + 1, end: node.end - 1 });
  }
  return ranges;
}

import { SymbolKind, type DocumentSymbol, type FoldingRange } from 'vscode-languageserver-types';
import { queryElement } from '../../../core/queryDef/grammar.ts';
import {
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { QueryContext } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';

const kinds: Readonly<Record<string, SymbolKind>> = {
  queryDef: SymbolKind.Class,
  queryFilter: SymbolKind.Class,
  subQuery: SymbolKind.Class,
  node: SymbolKind.Field,
  condition: SymbolKind.Operator,
};

/** The outline of a query: its clauses, columns and conditions. */
export function querySymbols(context: QueryContext): DocumentSymbol[] {
  const { root } = context.region;
  return root === undefined || queryElement(root.localName) === undefined ? [] : [toSymbol(context, root)];
}

function toSymbol(context: QueryContext, element: XmlElement): DocumentSymbol {
  const children = childElements(element).filter((child) => queryElement(child.localName) !== undefined);
  return {
    name: nameOf(element),
    detail: detailOf(element),
    kind: kinds[element.localName] ?? SymbolKind.Namespace,
    range: toLspRange(context, element),
    selectionRange: toLspRange(context, { start: element.nameStart, end: element.nameEnd }),
    children: children.map((child) => toSymbol(context, child)),
  };
}

/** What the element is about, in one line; never empty, which editors refuse. */
function nameOf(element: XmlElement): string {
  const text =
    attributeValue(element, element.localName === 'queryDef' ? 'schema' : 'alias') ??
    attributeValue(element, 'expr') ??
    attributeValue(element, 'schema') ??
    '';
  const line = text.replace(/\s+/g, ' ').trim();
  return line === '' ? element.localName : line;
}

function detailOf(element: XmlElement): string {
  if (element.localName === 'queryDef') return attributeValue(element, 'operation') ?? 'select';
  const expr = attributeValue(element, 'expr');
  return attributeValue(element, 'alias') === undefined
    ? (attributeValue(element, 'setOperator') ?? '')
    : (expr ?? '');
}

/** The elements of several lines; the line of the end tag stays visible. */
export function queryFolding(context: QueryContext): FoldingRange[] {
  const { root } = context.region;
  if (root === undefined) return [];
  const { document } = context;
  return [...descendantElements(root)].flatMap((element) => {
    const startLine = document.positionAt(element.start).line;
    const endLine =
      element.closeStart >= 0
        ? document.positionAt(element.closeStart).line - 1
        : document.positionAt(element.end).line;
    return endLine > startLine ? [{ startLine, endLine }] : [];
  });
}

import { SymbolKind } from 'vscode-languageserver-types';
import { queryElement } from '../../../core/queryDef/grammar.ts';
import { attributeValue, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { DescribeElement } from '../xmlStructure.ts';

const kinds: Readonly<Record<string, SymbolKind>> = {
  queryDef: SymbolKind.Class,
  queryFilter: SymbolKind.Class,
  subQuery: SymbolKind.Class,
  node: SymbolKind.Field,
  condition: SymbolKind.Operator,
};

/** How an element of a query shows in the outline: its clauses, columns and conditions. */
export const describeQueryElement: DescribeElement = (element) =>
  queryElement(element.localName) === undefined
    ? undefined
    : {
        name: nameOf(element),
        detail: detailOf(element),
        kind: kinds[element.localName] ?? SymbolKind.Namespace,
      };

function nameOf(element: XmlElement): string {
  return (
    attributeValue(element, element.localName === 'queryDef' ? 'schema' : 'alias') ??
    attributeValue(element, 'expr') ??
    attributeValue(element, 'schema') ??
    ''
  );
}

function detailOf(element: XmlElement): string {
  if (element.localName === 'queryDef') return attributeValue(element, 'operation') ?? 'select';
  const expr = attributeValue(element, 'expr');
  return attributeValue(element, 'alias') === undefined
    ? (attributeValue(element, 'setOperator') ?? '')
    : (expr ?? '');
}

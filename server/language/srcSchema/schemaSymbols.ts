import { SymbolKind } from 'vscode-languageserver-types';
import { attributeValue, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { DescribeElement } from '../xmlStructure.ts';

const kinds: Readonly<Record<string, SymbolKind>> = {
  srcSchema: SymbolKind.Class,
  element: SymbolKind.Struct,
  attribute: SymbolKind.Field,
  key: SymbolKind.Key,
  dbindex: SymbolKind.Key,
  enumeration: SymbolKind.Enum,
  value: SymbolKind.EnumMember,
  interface: SymbolKind.Interface,
  method: SymbolKind.Method,
  param: SymbolKind.Variable,
  sysFilter: SymbolKind.Operator,
};

/** How an element of a schema source shows in the outline: what has a name, with its type. */
export const describeSchemaElement: DescribeElement = (element) => {
  const kind = kinds[element.localName];
  if (element.localName === 'methods') {
    return { name: 'methods', detail: '', kind: SymbolKind.Namespace };
  }
  if (kind === undefined) return undefined;
  const name = attributeValue(element, 'name') ?? attributeValue(element, 'aggregate') ?? '';
  if (element.localName === 'srcSchema') {
    const id = `${attributeValue(element, 'namespace') ?? ''}:${name}`;
    return { name: id, detail: attributeValue(element, 'label') ?? '', kind };
  }
  const isField = element.localName === 'attribute';
  const isLink = attributeValue(element, 'type') === 'link';
  return {
    name: isField && name !== '' ? `@${name}` : name,
    detail: detailOf(element),
    kind: isLink ? SymbolKind.Interface : kind,
  };
};

function detailOf(element: XmlElement): string {
  if (element.localName === 'value') return attributeValue(element, 'value') ?? '';
  const target = attributeValue(element, 'target');
  const type = attributeValue(element, 'type') ?? attributeValue(element, 'basetype') ?? '';
  return target === undefined ? type : `${type} → ${target}`;
}

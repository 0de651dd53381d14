import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import { readExpression, type AttributeExpression, type QueryContext } from './queryContext.ts';

/** The expression an offset of the document is in. */
export interface ExpressionPlace {
  element: XmlElement;
  attribute: XmlAttribute;
  expression: AttributeExpression;
  /** The offset, in the expression. */
  index: number;
}

/** The expression at an offset; `undefined` outside of any, and inside embedded JavaScript. */
export function expressionAt(context: QueryContext, offset: number): ExpressionPlace | undefined {
  const at = locateXml(context.region.xml, offset);
  if (at.kind !== 'attributeValue' || at.attribute.hole) return undefined;
  if (queryAttribute(at.element.localName, at.attribute.name)?.kind !== 'expression') return undefined;
  const expression = readExpression(context.region.text, at.attribute);
  return {
    element: at.element,
    attribute: at.attribute,
    expression,
    index: expression.toExpression(offset),
  };
}

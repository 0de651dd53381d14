import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import { descendantElements, type XmlAttribute, type XmlElement } from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import { readExpression, type AttributeExpression, type QueryContext } from './queryContext.ts';
import { scopeOf, type Scope } from './queryScope.ts';

/** An expression of a document: in a queryDef, or in the source of a schema. */
export interface ExpressionSite {
  /** The model as the document sees it: a schema source sees itself as it is being written. */
  model: LanguageModel;
  element: XmlElement;
  attribute: XmlAttribute;
  expression: AttributeExpression;
  /** Where its paths start. Asks the model, so only what needs it calls it. */
  scope: () => Scope;
}

/** The expression an offset of the document is in. */
export interface ExpressionPlace extends ExpressionSite {
  /** The offset, in the expression. */
  index: number;
}

/** The expression at an offset; `undefined` outside of any, and inside embedded JavaScript. */
export function expressionAt(context: QueryContext, offset: number): ExpressionPlace | undefined {
  const at = locateXml(context.region.xml, offset);
  if (at.kind !== 'attributeValue') return undefined;
  const site = toSite(context, at.element, at.attribute);
  return site && { ...site, index: site.expression.toExpression(offset) };
}

/** Every expression of a query whose text is known, in document order. */
export function* queryExpressions(context: QueryContext): Generator<ExpressionSite> {
  const { root } = context.region;
  if (root === undefined) return;
  for (const element of descendantElements(root)) {
    for (const attribute of element.attributes) {
      const site = toSite(context, element, attribute);
      if (site !== undefined) yield site;
    }
  }
}

function toSite(
  context: QueryContext,
  element: XmlElement,
  attribute: XmlAttribute,
): ExpressionSite | undefined {
  if (attribute.hole || queryAttribute(element.localName, attribute.name)?.kind !== 'expression') {
    return undefined;
  }
  return {
    model: context.model,
    element,
    attribute,
    expression: readExpression(context.region.text, attribute),
    scope: () => scopeOf(context.model, element),
  };
}

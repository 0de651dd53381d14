import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { LanguageModel, SchemaTarget } from '../model.ts';
import { enumerationValueAt } from './enumerationValue.ts';
import { expressionAt, type ExpressionPlace } from './expressionAt.ts';
import type { QueryContext } from './queryContext.ts';
import { resolveQueryPath } from './queryScope.ts';

/** Where what is at an offset is declared in the data model: a field, a link, a schema, an enumeration. */
export function queryDefinition(context: QueryContext, offset: number): SchemaTarget[] {
  const place = expressionAt(context, offset);
  if (place === undefined) return schemaTarget(context, offset);
  return expressionDefinition(context.model, place);
}

/** The same for a place in any expression. */
export function expressionDefinition(model: LanguageModel, place: ExpressionPlace): SchemaTarget[] {
  const chain = nodesAt(place.expression.parsed.tree, place.index);
  const node = chain.at(-1);
  const scope = place.scope();
  if (node?.kind === 'path') {
    if (node.join !== undefined && place.index <= node.join.schema.end) {
      return targetOf(model, node.join.schema.text);
    }
    const index = node.steps.findIndex((step) => place.index >= step.start && place.index <= step.end);
    if (index < 0) return [];
    const result = resolveQueryPath(model, scope, { ...node, steps: node.steps.slice(0, index + 1) });
    if (result.kind !== 'found') return [];
    const { schemaId, start, end } = result.node;
    return [{ schemaId, start, end }];
  }
  const value = enumerationValueAt(model, scope, chain);
  if (value === undefined) return [];
  const { start, end } = value.enumeration;
  return [{ schemaId: value.schemaId, start, end }];
}

function schemaTarget(context: QueryContext, offset: number): SchemaTarget[] {
  const at = locateXml(context.region.xml, offset);
  if (at.kind !== 'attributeValue' || at.attribute.hole) return [];
  if (queryAttribute(at.element.localName, at.attribute.name)?.kind !== 'schemaId') return [];
  return targetOf(context.model, at.attribute.value.trim());
}

/** The main element of a schema, or its beginning where it has none. */
export function targetOf(model: LanguageModel, schemaId: string): SchemaTarget[] {
  const schema = model.getSchema(schemaId);
  if (schema === null || schema === undefined) return [];
  return [{ schemaId, start: schema.root?.start ?? 0, end: schema.root?.end ?? 0 }];
}

import type { ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { queryAttribute } from '../../../core/queryDef/grammar.ts';
import type { SchemaNode } from '../../../core/schema/schema.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { LanguageModel, SchemaTarget } from '../model.ts';
import { enumerationValueAt } from './enumerationValue.ts';
import { expressionAt, type ExpressionPlace } from './expressionAt.ts';
import { placedPath, upToStep } from './placedPaths.ts';
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
  const joined = joinedSchema(chain.at(-1), place.index);
  if (joined !== undefined) return targetOf(model, joined);
  if (chain.at(-1)?.kind === 'path') {
    const field = findField(model, place);
    return field === undefined ? [] : [{ schemaId: field.schemaId, start: field.start, end: field.end }];
  }
  const value = enumerationValueAt(model, place.scope(), chain);
  if (value === undefined) return [];
  const { start, end } = value.enumeration;
  return [{ schemaId: value.schemaId, start, end }];
}

/** The field or link a step at a place leads to. */
export function findField(model: LanguageModel, place: ExpressionPlace): SchemaNode | undefined {
  const { tree } = place.expression.parsed;
  const node = nodesAt(tree, place.index).at(-1);
  if (node?.kind !== 'path') return undefined;
  const index = node.steps.findIndex((step) => place.index >= step.start && place.index <= step.end);
  const placed = index < 0 ? undefined : placedPath(tree, node);
  if (placed === undefined) return undefined;
  const result = resolveQueryPath(model, place.scope(), upToStep(placed, index));
  return result.kind === 'found' ? result.node : undefined;
}

/** The schema of a join, where the index is on it. */
export function joinedSchema(node: ExpressionNode | undefined, index: number): string | undefined {
  return node?.kind === 'path' && node.join !== undefined && index <= node.join.schema.end
    ? node.join.schema.text
    : undefined;
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

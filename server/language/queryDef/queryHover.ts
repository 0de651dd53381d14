import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import type { PathNode } from '../../../core/expression/expressionTree.ts';
import { ungroup } from '../../../core/expression/expressionTree.ts';
import { findFunction } from '../../../core/expression/functions.ts';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { queryAttribute, queryElement } from '../../../core/queryDef/grammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import { expressionAt, type ExpressionPlace } from './expressionAt.ts';
import { fieldDocumentation, schemaDocumentation } from './fieldDocumentation.ts';
import { enumerationValueAt } from './enumerationValue.ts';
import { functionDocumentation } from './functionDocumentation.ts';
import { attributeDocumentation } from './grammarCompletion.ts';
import type { AttributeExpression, QueryContext } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';
import { resolveQueryPath, type Scope } from './queryScope.ts';
import type { SuggestionContext } from './schemaCompletion.ts';

/** Explains what is at an offset of a queryDef: grammar, schema, field, link, function, enumeration value. */
export function hoverQuery(context: QueryContext, offset: number): Hover | undefined {
  const at = locateXml(context.region.xml, offset);
  switch (at.kind) {
    case 'tagName': {
      const row = queryElement(at.element.localName);
      const range = { start: at.element.nameStart, end: at.element.nameEnd };
      return row === undefined ? undefined : toHover(context, `**\`<${row.name}>\`** ${row.doc}`, range);
    }
    case 'attributeName': {
      if (at.attribute === undefined) return undefined;
      const row = queryAttribute(at.element.localName, at.attribute.name);
      const range = { start: at.attribute.start, end: at.attribute.nameEnd };
      return row === undefined
        ? undefined
        : toHover(context, `**\`${row.name}\`** ${attributeDocumentation(row)}`, range);
    }
    case 'attributeValue':
      return at.attribute.hole ? undefined : hoverValue(context, at.element, at.attribute, offset);
    case 'content':
    case 'endTag':
      return undefined;
  }
}

function toHover(context: SuggestionContext, value: string, range: TextRange): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range: toLspRange(context, range) };
}

function hoverValue(
  context: QueryContext,
  element: XmlElement,
  attribute: XmlAttribute,
  offset: number,
): Hover | undefined {
  const row = queryAttribute(element.localName, attribute.name);
  const range = { start: attribute.valueStart, end: attribute.valueEnd };
  switch (row?.kind) {
    case 'schemaId': {
      const schema = context.model.getSchema(attribute.value);
      return schema ? toHover(context, schemaDocumentation(schema), range) : undefined;
    }
    case 'choice': {
      const value = row.values?.find(({ name }) => name === attribute.value);
      return value === undefined ? undefined : toHover(context, `**\`${value.name}\`** ${value.doc}`, range);
    }
    case 'expression':
      return hoverExpression(context, expressionAt(context, offset));
    default:
      return undefined;
  }
}

/** Explains what is at a place of any expression. */
export function hoverExpression(
  context: SuggestionContext,
  place: ExpressionPlace | undefined,
): Hover | undefined {
  if (place === undefined) return undefined;
  const { expression, index: at } = place;
  const chain = nodesAt(expression.parsed.tree, at);
  const node = chain.at(-1);
  if (node === undefined) return undefined;
  if (node.kind === 'call' && at >= node.nameSpan.start && at <= node.nameSpan.end) {
    const row = findFunction(node.name);
    return row === undefined
      ? undefined
      : toHover(context, functionDocumentation(row), expression.toRange(node.nameSpan));
  }
  const scope = place.scope();
  if (node.kind === 'path') return hoverPath(context, scope, node, expression, at);
  const value = enumerationValueAt(context.model, scope, chain);
  if (value === undefined) return undefined;
  return toHover(context, value.text, expression.toRange(ungroup(node)));
}

function hoverPath(
  context: SuggestionContext,
  scope: Scope,
  path: PathNode,
  expression: AttributeExpression,
  at: number,
): Hover | undefined {
  const { model } = context;
  if (path.join !== undefined && at <= path.join.schema.end) {
    const schema = model.getSchema(path.join.schema.text);
    const range = expression.toRange(path.join.schema);
    return schema ? toHover(context, schemaDocumentation(schema), range) : undefined;
  }
  const index = path.steps.findIndex((step) => at >= step.start && at <= step.end);
  const step = path.steps[index];
  if (step === undefined) return undefined;
  const result = resolveQueryPath(model, scope, { ...path, steps: path.steps.slice(0, index + 1) });
  if (result.kind !== 'found') return undefined;
  return toHover(context, fieldDocumentation(model, result.node), expression.toRange(step));
}

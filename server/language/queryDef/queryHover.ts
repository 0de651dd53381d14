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
import type { QueryContext } from './queryContext.ts';
import { findField, joinedSchema } from './queryDefinition.ts';
import { toLspRange } from './queryRanges.ts';
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
  if (node.kind === 'path') return hoverPath(context, node, place);
  const value = enumerationValueAt(context.model, place.scope(), chain);
  if (value === undefined) return undefined;
  return toHover(context, value.text, expression.toRange(ungroup(node)));
}

function hoverPath(context: SuggestionContext, path: PathNode, place: ExpressionPlace): Hover | undefined {
  const { expression, index } = place;
  const joined = joinedSchema(path, index);
  if (joined !== undefined) {
    const schema = context.model.getSchema(joined);
    return schema
      ? toHover(context, schemaDocumentation(schema), expression.toRange(path.join!.schema))
      : undefined;
  }
  const step = path.steps.find(({ start, end }) => index >= start && index <= end);
  const field = findField(context.model, place);
  if (step === undefined || field === undefined) return undefined;
  return toHover(context, fieldDocumentation(context.model, field), expression.toRange(step));
}

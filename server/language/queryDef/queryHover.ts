import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import type { PathNode } from '../../../core/expression/expressionTree.ts';
import { ungroup } from '../../../core/expression/expressionTree.ts';
import { findFunction } from '../../../core/expression/functions.ts';
import { printPath } from '../../../core/expression/printExpression.ts';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { queryAttribute, queryElement } from '../../../core/queryDef/grammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeOf,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { expressionAt, type ExpressionPlace } from './expressionAt.ts';
import { expressionType } from './expressionType.ts';
import { macroDocumentation } from './macroCompletion.ts';
import { aliasAt } from './queryAliases.ts';
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
      if (row === undefined) return undefined;
      const type = typeOf(expressionAt(context, at.attribute.valueStart));
      const value = type === undefined ? '' : `\n\nType of this expression: \`${type}\``;
      return toHover(context, `**\`${row.name}\`** ${attributeDocumentation(row)}${value}`, range);
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
      return hoverExpression(context, expressionAt(context, offset)) ?? hoverAlias(context, offset);
    case 'alias':
      return hoverAlias(context, offset);
    default:
      return undefined;
  }
}

/** An alias, where it is given and where a later clause uses it: what it stands for. */
function hoverAlias(context: QueryContext, offset: number): Hover | undefined {
  const alias = aliasAt(context, offset);
  const attribute = alias && attributeOf(alias.node, 'expr');
  if (alias === undefined || attribute === undefined || attribute.hole) return undefined;
  const type = typeOf(expressionAt(context, attribute.valueStart));
  const at = locateXml(context.region.xml, offset);
  const place = expressionAt(context, offset);
  const path = place && nodesAt(place.expression.parsed.tree, place.index).at(-1);
  const range =
    place !== undefined && path !== undefined
      ? place.expression.toRange(path)
      : at.kind === 'attributeValue'
        ? { start: at.attribute.valueStart, end: at.attribute.valueEnd }
        : { start: offset, end: offset };
  const value = `**\`${alias.name}\`** alias of \`${attribute.value.replaceAll('`', "'")}\``;
  return toHover(context, type === undefined ? value : `${value} · ${type}`, range);
}

/** Type of a whole expression, where the model tells. */
function typeOf(place: ExpressionPlace | undefined): string | undefined {
  if (place === undefined || place.expression.parsed.text.trim() === '') return undefined;
  const type = expressionType(place.model, place.scope(), place.expression.parsed.tree);
  return type === 'unknown' || type === 'null' ? undefined : type;
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
  const macro = chain.findLast((candidate) => candidate.kind === 'macro');
  if (macro !== undefined) {
    const path = macro.path === undefined ? '' : printPath(macro.path);
    return toHover(context, macroDocumentation(macro.name, path), expression.toRange(macro));
  }
  if (node.kind === 'path') return hoverPath(context, node, place);
  if (node.kind === 'binary' && at >= node.operatorSpan.start && at <= node.operatorSpan.end) {
    const type = expressionType(place.model, place.scope(), node);
    if (type === 'unknown') return undefined;
    const written = expression.parsed.text.slice(node.start, node.end).replaceAll('`', "'");
    return toHover(context, `\`${written}\` · ${type}`, expression.toRange(node));
  }
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

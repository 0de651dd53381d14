import { MarkupKind, type Hover } from 'vscode-languageserver-types';
import { schemaAttributeRow, schemaElementRow, xtkTypes } from '../../../core/schema/srcSchemaGrammar.ts';
import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { TextRange, XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import { escapeMarkdown, fieldDocumentation, schemaDocumentation } from '../queryDef/fieldDocumentation.ts';
import { hoverExpression } from '../queryDef/queryHover.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import { resolveFromMain, type SchemaContext } from './schemaContext.ts';
import { schemaExpressionAt, schemaModel } from './schemaExpression.ts';

/** Explains what is at an offset of a schema source: grammar, types, schemas, fields, lists of values. */
export function hoverSchemaSource(context: SchemaContext, offset: number): Hover | undefined {
  const at = locateXml(context.xml, offset);
  switch (at.kind) {
    case 'tagName': {
      const row = schemaElementRow(at.element.localName);
      const range = { start: at.element.nameStart, end: at.element.nameEnd };
      return row && toHover(context, `**\`<${row.name}>\`** ${row.doc}`, range);
    }
    case 'attributeName': {
      const row = at.attribute && schemaAttributeRow(at.element.localName, at.attribute.name);
      if (at.attribute === undefined || row === undefined) return undefined;
      const values = (row.values ?? []).filter((value) => value.doc !== '');
      const lines = values.map((value) => `\n- \`${value.name}\`: ${value.doc}`);
      const range = { start: at.attribute.start, end: at.attribute.nameEnd };
      return toHover(context, [`**\`${row.name}\`** ${row.doc}`, ...lines].join('\n'), range);
    }
    case 'attributeValue': {
      const place = schemaExpressionAt(context, offset);
      if (place !== undefined) {
        return hoverExpression({ document: context.document, model: schemaModel(context) }, place);
      }
      const value = valueDocumentation(context, at.element, at.attribute);
      return value === undefined
        ? undefined
        : toHover(context, value, { start: at.attribute.valueStart, end: at.attribute.valueEnd });
    }
    default:
      return undefined;
  }
}

function toHover(context: SchemaContext, value: string, range: TextRange): Hover {
  return { contents: { kind: MarkupKind.Markdown, value }, range: toLspRange(context, range) };
}

function valueDocumentation(
  context: SchemaContext,
  element: XmlElement,
  attribute: XmlAttribute,
): string | undefined {
  const row = schemaAttributeRow(element.localName, attribute.name);
  const { value } = attribute;
  switch (row?.kind) {
    case 'type': {
      const type = xtkTypes.find((candidate) => candidate.name === value);
      return type && `**\`${type.name}\`** ${type.doc}`;
    }
    case 'choice': {
      const choice = row.values?.find((candidate) => candidate.name === value);
      return choice && choice.doc !== '' ? `**\`${choice.name}\`** ${choice.doc}` : undefined;
    }
    case 'schemaId': {
      const schema = context.model.getSchema(value.split('/')[0]!);
      return schema ? schemaDocumentation(schema) : undefined;
    }
    case 'xpath':
    case 'link': {
      const found = attribute.name === 'xpath-dst' ? undefined : resolveFromMain(context, value);
      return found?.kind === 'found' ? fieldDocumentation(context.model, found.node) : undefined;
    }
    case 'enumeration': {
      const result = resolveEnumeration(context.source, context.own?.id ?? '', value);
      if (result.kind !== 'found') return undefined;
      const { enumeration } = result;
      const values = enumeration.values.map((v) => `- \`${v.value}\` ${escapeMarkdown(v.label)}`);
      return [
        `**\`${enumeration.name}\`** ${escapeMarkdown(enumeration.label)} · ${enumeration.baseType}`,
        '',
        ...values,
      ].join('\n');
    }
    default:
      return undefined;
  }
}

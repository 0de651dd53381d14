import type { SignatureHelp } from 'vscode-languageserver-types';
import { resolveEnumeration, type PathResult } from '../../../core/schema/resolvePath.ts';
import { schemaAttributeRow } from '../../../core/schema/srcSchemaGrammar.ts';
import { enterElement, resolvePath } from '../../../core/schema/resolvePath.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import type { SchemaTarget } from '../model.ts';
import { expressionDefinition, targetOf } from '../queryDef/queryDefinition.ts';
import { expressionSignature } from '../queryDef/querySignature.ts';
import { describedElement, resolveFromMain, type SchemaContext } from './schemaContext.ts';
import { schemaExpressionAt, schemaModel } from './schemaExpression.ts';

/** The signature of the function whose arguments the offset is in. */
export function schemaSignature(context: SchemaContext, offset: number): SignatureHelp | undefined {
  return expressionSignature(schemaExpressionAt(context, offset));
}

/**
 * Where what is at an offset is declared: a schema, a field, a list of values. A target whose `schemaId` is that of the
 * document itself has offsets of the document: what is being written wins over what the instance has.
 */
export function schemaDefinition(context: SchemaContext, offset: number): SchemaTarget[] {
  const place = schemaExpressionAt(context, offset);
  if (place !== undefined) return expressionDefinition(schemaModel(context), place);
  const at = locateXml(context.xml, offset);
  return at.kind === 'attributeValue' ? valueTarget(context, at.element, at.attribute) : [];
}

function valueTarget(context: SchemaContext, element: XmlElement, attribute: XmlAttribute): SchemaTarget[] {
  const value = attribute.value.trim();
  switch (schemaAttributeRow(element.localName, attribute.name)?.kind) {
    case 'schemaId':
      return targetOf(
        { ...context.model, getSchema: (id) => context.source.getSchema(id) },
        value.split('/')[0]!,
      );
    case 'enumeration': {
      const found = resolveEnumeration(context.source, context.own?.id ?? '', value);
      if (found.kind !== 'found') return [];
      const { start, end } = found.enumeration;
      return [{ schemaId: found.schemaId, start, end }];
    }
    case 'xpath':
    case 'link': {
      const found = pathTarget(context, element, attribute.name, value);
      if (found.kind !== 'found') return [];
      const { schemaId, start, end } = found.node;
      return [{ schemaId, start, end }];
    }
    default:
      return [];
  }
}

/** The destination of a join starts at the target of its link, every other path at the main element. */
function pathTarget(context: SchemaContext, element: XmlElement, name: string, xpath: string): PathResult {
  if (name !== 'xpath-dst') return resolveFromMain(context, xpath);
  const link = element.parent === undefined ? undefined : describedElement(context, element.parent);
  const target = link === undefined ? undefined : enterElement(context.source, link);
  return target?.kind === 'found'
    ? resolvePath(context.source, target.element, xpath.split('/'))
    : { kind: 'unknown' };
}

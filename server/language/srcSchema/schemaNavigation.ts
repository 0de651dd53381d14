import type { SignatureHelp } from 'vscode-languageserver-types';
import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { schemaAttributeRow } from '../../../core/schema/srcSchemaGrammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { XmlAttribute, XmlElement } from '../../../core/xml/xmlTree.ts';
import type { SchemaTarget } from '../model.ts';
import { expressionDefinition, targetOf } from '../queryDef/queryDefinition.ts';
import { expressionSignature } from '../queryDef/querySignature.ts';
import type { SchemaContext } from './schemaContext.ts';
import { schemaExpressionAt, schemaModel, schemaPathAt } from './schemaExpression.ts';

/** The signature of the function whose arguments the offset is in. */
export function schemaSignature(context: SchemaContext, offset: number): SignatureHelp | undefined {
  return expressionSignature(schemaExpressionAt(context, offset));
}

/**
 * Where what is at an offset is declared: a schema, a field, a list of values. A target whose `schemaId` is that of the
 * document itself has offsets of the document: what is being written wins over what the instance has.
 */
export function schemaDefinition(context: SchemaContext, offset: number): SchemaTarget[] {
  const place = schemaExpressionAt(context, offset) ?? schemaPathAt(context, offset);
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
    default:
      return [];
  }
}

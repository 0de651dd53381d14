import { expressionFunctions, type ExpressionFunction } from '../../../core/expression/functions.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import type { Schema, SchemaElement } from '../../../core/schema/schema.ts';
import { schemaAttributeRow, type SchemaValueKind } from '../../../core/schema/srcSchemaGrammar.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeValue,
  descendantElements,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import type { ExpressionPlace, ExpressionSite } from '../queryDef/expressionAt.ts';
import { queryFunctions } from '../queryDef/functionCompletion.ts';
import { readExpression, readXPath } from '../queryDef/queryContext.ts';
import { unknownScope, type Scope } from '../queryDef/queryScope.ts';
import { completeDefinition } from './completedSchema.ts';
import { describedElement, type SchemaContext } from './schemaContext.ts';

/** The expression at an offset of a schema source; `undefined` outside of any. */
export function schemaExpressionAt(context: SchemaContext, offset: number): ExpressionPlace | undefined {
  return placeAt(context, offset, isExpression);
}

/** The path of a key, an index or a join at an offset, which has no brackets; `undefined` outside of any. */
export function schemaPathAt(context: SchemaContext, offset: number): ExpressionPlace | undefined {
  return placeAt(context, offset, isPath);
}

/** Every expression of a schema source, in document order. */
export function schemaExpressions(context: SchemaContext): Generator<ExpressionSite> {
  return sites(context, isExpression);
}

/** Every path of its keys, indexes and joins, in document order. */
export function schemaPaths(context: SchemaContext): Generator<ExpressionSite> {
  return sites(context, isPath);
}

type IsKind = (kind: SchemaValueKind | undefined) => boolean;
const isExpression: IsKind = (kind) => kind === 'expression';
const isPath: IsKind = (kind) => kind === 'xpath' || kind === 'link';

function placeAt(context: SchemaContext, offset: number, isKind: IsKind): ExpressionPlace | undefined {
  const at = locateXml(context.xml, offset);
  if (at.kind !== 'attributeValue') return undefined;
  if (!isKind(schemaAttributeRow(at.element.localName, at.attribute.name)?.kind)) return undefined;
  const site = toSite(context, at.element, at.attribute, schemaView(context));
  return { ...site, index: site.expression.toExpression(offset) };
}

function* sites(context: SchemaContext, isKind: IsKind): Generator<ExpressionSite> {
  const { root } = context.xml;
  if (root === undefined) return;
  const view = schemaView(context);
  for (const element of descendantElements(root)) {
    for (const attribute of element.attributes) {
      if (isKind(schemaAttributeRow(element.localName, attribute.name)?.kind)) {
        yield toSite(context, element, attribute, view);
      }
    }
  }
}

function toSite(
  context: SchemaContext,
  element: XmlElement,
  attribute: XmlAttribute,
  view: SchemaView,
): ExpressionSite {
  const isBare = isPath(schemaAttributeRow(element.localName, attribute.name)?.kind);
  return {
    model: view.model,
    element,
    attribute,
    expression: (isBare ? readXPath : readExpression)(context.text, attribute),
    scope: () => schemaScope(context, element, attribute, view),
  };
}

/**
 * The functions an expression may call: what the database evaluates knows those of queries; defaults and conditions are
 * evaluated by the application, which knows those of the session, too.
 */
export function schemaFunctions(attribute: XmlAttribute): readonly ExpressionFunction[] {
  const isInDatabase = ['expr', 'translatedExpr', 'dstFilterExpr', 'sqlDefault'].includes(attribute.name);
  return isInDatabase ? queryFunctions : expressionFunctions;
}

/**
 * Where the paths of an expression start. No document says so for a field inside a container; like a compute string,
 * its expression is taken to start at the element it is written in.
 */
function schemaScope(
  context: SchemaContext,
  element: XmlElement,
  attribute: XmlAttribute,
  view: SchemaView,
): Scope {
  // Decided when the schema is compiled: there is no record to read.
  if (attribute.name === 'applicableIf') return unknownScope;
  if (attribute.name === 'dstFilterExpr' || attribute.name === 'xpath-dst') {
    const link = element.parent === undefined ? undefined : describedElement(context, element.parent);
    const target = link === undefined ? undefined : enterElement(context.source, link);
    return target?.kind === 'found'
      ? { element: target.element, root: target.element, outer: undefined }
      : unknownScope;
  }
  const root = view.getMain();
  if (isPath(schemaAttributeRow(element.localName, attribute.name)?.kind)) {
    return { element: root, root, outer: undefined };
  }
  let owner = element.parent;
  while (owner !== undefined && owner.localName !== 'element') owner = owner.parent;
  if (owner === undefined) return { element: root, root, outer: undefined };
  const start = view.completed(owner);
  // The definitions beside the main element are parts of documents this schema does not know.
  const isInMain = start !== undefined && definitionOf(start) === root;
  return { element: start, root: isInMain ? root : undefined, outer: undefined };
}

function definitionOf(element: SchemaElement): SchemaElement {
  return element.parent === undefined ? element : definitionOf(element.parent);
}

/** The model as it will be when the document is installed: paths that lead back to it see what it says now. */
export function schemaModel(context: SchemaContext): LanguageModel {
  return schemaView(context).model;
}

interface SchemaView {
  model: LanguageModel;
  /** The main element, completed when it is first asked for. */
  getMain: () => SchemaElement | undefined;
  /** The element of the completed schema that an XML element describes. */
  completed: (element: XmlElement) => SchemaElement | undefined;
}

function schemaView(context: SchemaContext): SchemaView {
  const { model, own } = context;
  const definitions = new Map<string, SchemaElement | undefined>();
  const definition = (name: string): SchemaElement | undefined => {
    if (!definitions.has(name)) {
      const written = own?.definitions.get(name);
      const isMain = written !== undefined && written === own?.root;
      definitions.set(name, isMain ? context.main() : written && completeDefinition(context, written));
    }
    return definitions.get(name);
  };
  const getMain = (): SchemaElement | undefined =>
    own?.root === undefined ? undefined : definition(own.root.name);
  const completed = (element: XmlElement): SchemaElement | undefined => {
    const { parent } = element;
    const name = attributeValue(element, 'name') ?? '';
    if (parent === undefined) return undefined;
    return parent.parent === undefined ? definition(name) : completed(parent)?.elements.get(name);
  };
  const id = own?.extendedSchema ?? own?.id;
  const getSchema = (wanted: string): Schema | null | undefined => {
    const root = wanted === id ? getMain() : undefined;
    if (own === undefined || root === undefined) return context.source.getSchema(wanted);
    const base = own.extendedSchema === undefined ? own : model.getSchema(wanted);
    return base && { ...base, root };
  };
  return { model: { getSchema, listSchemas: () => model.listSchemas() }, getMain, completed };
}

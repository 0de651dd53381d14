import { expressionFunctions, type ExpressionFunction } from '../../../core/expression/functions.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import {
  isLink,
  type Schema,
  type SchemaAttribute,
  type SchemaElement,
} from '../../../core/schema/schema.ts';
import { schemaAttributeRow, type SchemaValueKind } from '../../../core/schema/srcSchemaGrammar.ts';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
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
    scope: () => schemaScope(context, element, attribute, view.getMain()),
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
  root: SchemaElement | undefined,
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
  if (isPath(schemaAttributeRow(element.localName, attribute.name)?.kind)) {
    return { element: root, root, outer: undefined };
  }
  let owner = element.parent;
  while (owner !== undefined && owner.localName !== 'element') owner = owner.parent;
  const start =
    owner === undefined ? root : (mainDescendant(root, owner) ?? describedElement(context, owner));
  return { element: start, root, outer: undefined };
}

/** The element of the completed main element that an XML element describes. */
function mainDescendant(root: SchemaElement | undefined, element: XmlElement): SchemaElement | undefined {
  const { parent } = element;
  if (parent === undefined) return undefined;
  if (parent.parent === undefined) {
    return root !== undefined && attributeValue(element, 'name') === root.name ? root : undefined;
  }
  return mainDescendant(root, parent)?.elements.get(attributeValue(element, 'name') ?? '');
}

/** The model as it will be when the document is installed: paths that lead back to it see what it says now. */
export function schemaModel(context: SchemaContext): LanguageModel {
  return schemaView(context).model;
}

interface SchemaView {
  model: LanguageModel;
  /** The main element, completed when it is first asked for. */
  getMain: () => SchemaElement | undefined;
}

function schemaView(context: SchemaContext): SchemaView {
  const { model, own } = context;
  let main: { element: SchemaElement | undefined } | undefined;
  const getMain = (): SchemaElement | undefined => (main ??= { element: mainElement(context) }).element;
  const id = own?.extendedSchema ?? own?.id;
  const getSchema = (wanted: string): Schema | null | undefined => {
    const root = wanted === id ? getMain() : undefined;
    if (own === undefined || root === undefined) return context.source.getSchema(wanted);
    const base = own.extendedSchema === undefined ? own : model.getSchema(wanted);
    return base && { ...base, root };
  };
  return { model: { getSchema, listSchemas: () => model.listSchemas() }, getMain };
}

/** The main element with what compilation adds: the extended schema's fields, `@id` of autopk, foreign keys. */
function mainElement(context: SchemaContext): SchemaElement | undefined {
  const { own, model } = context;
  if (own?.root === undefined) return undefined;
  const base = own.extendedSchema === undefined ? undefined : model.getSchema(own.extendedSchema)?.root;
  const merged = mergeElements(base, own.root, undefined);
  for (const attribute of generatedAttributes(context, merged)) {
    if (!merged.attributes.has(attribute.name)) merged.attributes.set(attribute.name, attribute);
  }
  return merged;
}

function mergeElements(
  base: SchemaElement | undefined,
  own: SchemaElement,
  parent: SchemaElement | undefined,
): SchemaElement {
  const merged: SchemaElement = {
    ...(base ?? own),
    parent,
    attributes: new Map(base?.attributes),
    elements: new Map(base?.elements),
  };
  for (const [name, attribute] of own.attributes)
    merged.attributes.set(name, { ...attribute, parent: merged });
  for (const [name, element] of own.elements) {
    merged.elements.set(name, mergeElements(base?.elements.get(name), element, merged));
  }
  return merged;
}

function generatedAttributes(context: SchemaContext, main: SchemaElement): SchemaAttribute[] {
  const keys = main.autoPk ? [toAttribute(main, 'id', 'Primary key')] : [];
  const links = [...main.elements.values()].filter((link) => isLink(link) && !link.unbound);
  const foreignKeys = links.flatMap((link) => {
    if (link.joins.length > 0) return [];
    const target = enterElement(context.source, link);
    const key = target.kind === 'found' ? target.element.keys.find(({ primary }) => primary) : undefined;
    const column = key?.fields[0]?.xpath?.replace(/^@/, '') ?? 'id';
    return [toAttribute(link, `${link.name}-${column}`, `Foreign key of ${link.label}`)];
  });
  return [...keys, ...foreignKeys];
}

/** An attribute the document does not show; it leads to the element that brings it about. */
function toAttribute(source: SchemaElement, name: string, label: string): SchemaAttribute {
  const xml =
    '<schema namespace="a" name="b"><element name="b"><attribute name="c" type="long"/></element></schema>';
  const { start, end, schemaId } = source;
  const parent = source.parent ?? source;
  return {
    ...parseSchema(xml).schema!.root!.attributes.get('c')!,
    name,
    label,
    start,
    end,
    schemaId,
    parent,
  };
}

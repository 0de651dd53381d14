import type { TextDocument } from 'vscode-languageserver-textdocument';
import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { enterElement, rootOf } from '../../../core/schema/resolvePath.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeValue,
  childElements,
  descendantElements,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { LanguageModel } from '../model.ts';
import type { ExpressionPlace, ExpressionSite } from '../queryDef/expressionAt.ts';
import { readExpression, readXPath } from '../queryDef/queryContext.ts';
import { resolveQueryPath, unknownScope, type Scope } from '../queryDef/queryScope.ts';

/** An entity, or a package of entities, as a place of input forms and navigation trees. */
export interface FormContext {
  model: LanguageModel;
  document: TextDocument;
  xml: XmlDocument;
}

/** What an attribute of a form holds: a path without brackets, or an expression. */
type FormValueKind = 'xpath' | 'expression' | 'schemaId';

/**
 * Attributes of forms and navigation trees that speak of the data model, by element.
 * Source: Campaign Classic documentation, "Form structure" and "Configuration of the navigation tree".
 */
const formAttributes: Readonly<Record<string, Readonly<Record<string, FormValueKind>>>> = {
  form: { 'entity-schema': 'schemaId' },
  container: { xpath: 'xpath', visibleIf: 'expression', enabledIf: 'expression' },
  input: {
    xpath: 'xpath',
    schema: 'schemaId',
    expr: 'expression',
    visibleIf: 'expression',
    enabledIf: 'expression',
  },
  set: { xpath: 'xpath', expr: 'expression' },
  if: { expr: 'expression' },
  check: { expr: 'expression' },
  param: { exprIn: 'expression', xpathIn: 'xpath', xpathOut: 'xpath' },
  nodeModel: { folderLink: 'xpath' },
  view: { schema: 'schemaId' },
  node: { xpath: 'xpath' },
};

/** What an attribute holds, in a form or a navigation tree; `undefined` for any other. */
export function formValueKind(element: XmlElement, attribute: XmlAttribute): FormValueKind | undefined {
  const { localName } = element;
  const kinds = Object.hasOwn(formAttributes, localName) ? formAttributes[localName] : undefined;
  const kind =
    kinds !== undefined && Object.hasOwn(kinds, attribute.name) ? kinds[attribute.name] : undefined;
  if (kind === undefined) return undefined;
  if (localName === 'node' && element.parent?.localName !== 'columns') return undefined;
  const host = ['nodeModel', 'view', 'node'].includes(localName) ? 'navtree' : 'form';
  return isInside(element, host) ? kind : undefined;
}

/** The path or expression at an offset of a form; `undefined` outside of any. */
export function formPathAt(context: FormContext, offset: number): ExpressionPlace | undefined {
  const at = locateXml(context.xml, offset);
  if (at.kind !== 'attributeValue') return undefined;
  const site = toSite(context, at.element, at.attribute, new Map());
  return site && { ...site, index: site.expression.toExpression(offset) };
}

/** The same for expressions alone: they have brackets, functions and operators. */
export function formExpressionAt(context: FormContext, offset: number): ExpressionPlace | undefined {
  const place = formPathAt(context, offset);
  return place !== undefined && isExpression(place) ? place : undefined;
}

/** Every expression of the forms and navigation trees of a document. */
export function* formExpressions(context: FormContext): Generator<ExpressionSite> {
  for (const site of formPaths(context)) if (isExpression(site)) yield site;
}

function isExpression({ element, attribute }: ExpressionSite): boolean {
  return formValueKind(element, attribute) === 'expression';
}

/** Every path and expression of the forms and navigation trees of a document, in its order. */
export function* formPaths(context: FormContext): Generator<ExpressionSite> {
  const { root } = context.xml;
  if (root === undefined || !hasForms(root)) return;
  const scopes: Scopes = new Map();
  for (const element of descendantElements(root)) {
    for (const attribute of element.attributes) {
      const site = toSite(context, element, attribute, scopes);
      if (site !== undefined) yield site;
    }
  }
}

/** Of workflows and their like nothing needs to be looked through. */
function hasForms({ localName }: XmlElement): boolean {
  return ['form', 'navtree', 'package', 'entities'].includes(localName);
}

function toSite(
  context: FormContext,
  element: XmlElement,
  attribute: XmlAttribute,
  scopes: Scopes,
): ExpressionSite | undefined {
  const kind = formValueKind(element, attribute);
  if (kind !== 'xpath' && kind !== 'expression') return undefined;
  const text = context.document.getText();
  // Brackets around a whole path are let pass where none belong.
  const isBare = kind === 'xpath' && !attribute.value.startsWith('[');
  return {
    model: context.model,
    element,
    attribute,
    expression: (isBare ? readXPath : readExpression)(text, attribute),
    scope: () => startScope(context, element, scopes),
  };
}

type Scopes = Map<XmlElement, Scope>;

/** Where the paths on an element start. */
function startScope(context: FormContext, element: XmlElement, scopes: Scopes): Scope {
  // The records of the folders are those of their views.
  if (element.localName === 'nodeModel') {
    const [view] = childElements(element, 'view');
    return schemaScope(context.model, view && attributeValue(view, 'schema'));
  }
  return element.parent === undefined ? unknownScope : innerScope(context, element.parent, scopes);
}

/**
 * Where the paths on the children of an element start: at the schema of the form, and from there where the containers
 * and lists around them lead. Each is found once.
 */
function innerScope(context: FormContext, element: XmlElement, scopes: Scopes): Scope {
  const known = scopes.get(element);
  if (known !== undefined) return known;
  // An input without a path changes nothing; a form deeper than the stack has never been written.
  const scope = scopeInside(context, element, scopes);
  scopes.set(element, scope);
  return scope;
}

function scopeInside(context: FormContext, element: XmlElement, scopes: Scopes): Scope {
  const { model } = context;
  const { parent } = element;
  switch (element.localName) {
    case 'form':
      // Inside an input it is about what that input edits, which nothing documents.
      return isForm(element) ? schemaScope(model, schemaOfForm(element)) : unknownScope;
    case 'view':
      return schemaScope(model, attributeValue(element, 'schema'));
    case 'container':
    case 'input': {
      const schema = attributeValue(element, 'schema') ?? '';
      if (schema !== '') return schemaScope(model, schema);
      const outer = parent === undefined ? unknownScope : innerScope(context, parent, scopes);
      const xpath = attributeValue(element, 'xpath') ?? '';
      return xpath === '' ? outer : enter(model, outer, xpath);
    }
    default:
      return parent === undefined ? unknownScope : innerScope(context, parent, scopes);
  }
}

function schemaScope(model: LanguageModel, schemaId: string | undefined): Scope {
  const start = schemaId === undefined ? undefined : rootOf(model, schemaId);
  if (start?.kind !== 'found') return unknownScope;
  return { element: start.element, root: start.element, outer: undefined };
}

function enter(model: LanguageModel, scope: Scope, xpath: string): Scope {
  const unknown: Scope = { element: undefined, root: scope.root, outer: scope };
  const { path, problems } = parseXPath(xpath);
  if (problems.length > 0 || isOfWorkspace(path)) return unknown;
  if (path.steps.length === 0 && path.absolute)
    return { element: scope.root, root: scope.root, outer: undefined };
  const result = resolveQueryPath(model, scope, path);
  if (result.kind !== 'found' || result.node.kind !== 'element') return unknown;
  const entered = enterElement(model, result.node);
  return entered.kind === 'found' ? { element: entered.element, root: scope.root, outer: scope } : unknown;
}

/**
 * Does a path lead to what a form keeps beside its entity? No schema has that.
 * Source: forms seen in exports. [I] The list of such places is not documented.
 */
export function isOfWorkspace({ steps }: { steps: readonly { kind: string; name: string }[] }): boolean {
  const first = steps.find(({ kind }) => kind !== 'parent');
  return (
    (first?.kind === 'element' && ['tmp', 'ignored', 'context', 'ctx'].includes(first.name)) ||
    steps.some(({ name }) => name.startsWith('_'))
  );
}

/** `<form name="…"/>` inside an input names a form or is a part of one. */
function isForm({ localName, parent }: XmlElement): boolean {
  return localName === 'form' && (parent === undefined || parent.localName === 'entities');
}

function schemaOfForm(form: XmlElement): string | undefined {
  const namespace = attributeValue(form, 'namespace');
  const name = attributeValue(form, 'name');
  const own = namespace === undefined || name === undefined ? undefined : `${namespace}:${name}`;
  return attributeValue(form, 'entity-schema') ?? own;
}

function isInside(element: XmlElement, host: 'form' | 'navtree'): boolean {
  for (let at: XmlElement | undefined = element; at !== undefined; at = at.parent) {
    if (at.localName !== host) continue;
    if (host === 'navtree' || isForm(at)) return true;
  }
  return false;
}

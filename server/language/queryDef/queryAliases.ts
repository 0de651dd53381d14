import type { PathNode } from '../../../core/expression/expressionTree.ts';
import { nodesAt } from '../../../core/expression/nodeAt.ts';
import { locateXml } from '../../../core/xml/locateXml.ts';
import {
  attributeOf,
  childElements,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { expressionAt, queryExpressions, type ExpressionPlace, type ExpressionSite } from './expressionAt.ts';
import { placedPath, placedPaths } from './placedPaths.ts';
import type { AttributeExpression, QueryContext } from './queryContext.ts';
import { resolveQueryPath } from './queryScope.ts';

/** An alias: the node that has it, and its text. */
export interface QueryAlias {
  node: XmlElement;
  attribute: XmlAttribute;
  /** As written, such as `@total`. */
  name: string;
}

/** A path of a later clause that means a selected column by its alias. */
export interface AliasUse {
  path: PathNode;
  expression: AttributeExpression;
}

/** Clauses that are about what has been selected. */
const laterClauses: ReadonlySet<string> = new Set(['groupBy', 'having', 'orderBy']);

/** The alias at an offset: where it is given, or where a later clause uses it. */
export function aliasAt(context: QueryContext, offset: number): QueryAlias | undefined {
  const at = locateXml(context.region.xml, offset);
  if (at.kind !== 'attributeValue') return undefined;
  if (at.element.localName === 'node' && at.attribute.name === 'alias') {
    return toAlias(at.element);
  }
  const place = expressionAt(context, offset);
  const path = place === undefined ? undefined : pathAt(place);
  return place === undefined || path === undefined ? undefined : aliasOf(context, place, path);
}

/** Every use of an alias in the clauses of its query, in document order. */
export function aliasUses(context: QueryContext, alias: QueryAlias): AliasUse[] {
  const uses: AliasUse[] = [];
  for (const site of queryExpressions(context)) {
    if (!site.attribute.value.includes(alias.name)) continue;
    for (const { path } of placedPaths(site.expression.parsed.tree)) {
      const used = aliasOf(context, site, path);
      if (used?.attribute === alias.attribute) uses.push({ path, expression: site.expression });
    }
  }
  return uses;
}

/** Where the alias at an offset is given; `undefined` when there is none at the offset. */
export function aliasDefinition(context: QueryContext, offset: number): TextRange | undefined {
  const alias = aliasAt(context, offset);
  return alias && { start: alias.attribute.valueStart, end: alias.attribute.valueEnd };
}

/** The aliases given in the select clause of the query around an element. */
export function selectedAliases(element: XmlElement): QueryAlias[] {
  const query = enclosingQuery(element);
  if (query === undefined) return [];
  return childElements(query, 'select')
    .flatMap((select) => childElements(select, 'node'))
    .flatMap((node) => toAlias(node) ?? []);
}

function pathAt(place: ExpressionPlace): PathNode | undefined {
  const node = nodesAt(place.expression.parsed.tree, place.index).at(-1);
  return node?.kind === 'path' ? node : undefined;
}

function toAlias(node: XmlElement): QueryAlias | undefined {
  const attribute = attributeOf(node, 'alias');
  if (attribute === undefined || attribute.hole || attribute.value.trim() === '') return undefined;
  return { node, attribute, name: attribute.value.trim() };
}

/** The alias a path means. A field of that name comes first: an alias hides nothing of the model. */
function aliasOf(context: QueryContext, site: ExpressionSite, path: PathNode): QueryAlias | undefined {
  if (!isInLaterClause(site.element)) return undefined;
  const { tree, text } = site.expression.parsed;
  const written = text
    .slice(path.start, path.end)
    .replace(/^\[|\]$/g, '')
    .trim();
  const alias = selectedAliases(site.element).find(({ name }) => name === written);
  if (alias === undefined) return undefined;
  const placed = placedPath(tree, path);
  if (placed === undefined || placed.skippedSteps > 0) return undefined;
  return resolveQueryPath(context.model, site.scope(), path).kind === 'found' ? undefined : alias;
}

function isInLaterClause(element: XmlElement): boolean {
  for (let at: XmlElement | undefined = element; at !== undefined && !isQuery(at); at = at.parent) {
    if (laterClauses.has(at.localName)) return isQuery(at.parent);
  }
  return false;
}

function enclosingQuery(element: XmlElement): XmlElement | undefined {
  let at: XmlElement | undefined = element;
  while (at !== undefined && !isQuery(at)) at = at.parent;
  return at;
}

function isQuery(element: XmlElement | undefined): boolean {
  return element?.localName === 'queryDef' || element?.localName === 'subQuery';
}

import {
  childrenOf,
  pathsOf,
  ungroup,
  type ExpressionNode,
  type PathNode,
} from '../../../core/expression/expressionTree.ts';
import { findFunction } from '../../../core/expression/functions.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import type {
  QueryCondition,
  QueryDef,
  QueryExpression,
  QueryNode,
} from '../../../core/queryDef/queryDef.ts';
import { isLink, stepOf, type SchemaElement, type SchemaNode } from '../../../core/schema/schema.ts';
import { attributeOf, type TextRange } from '../../../core/xml/xmlTree.ts';
import { isIndexed } from './fieldDocumentation.ts';
import type { QueryContext } from './queryContext.ts';
import { queryProblem, type QueryProblem } from './queryProblem.ts';
import { resolveQueryPath, type Scope } from './queryScope.ts';

/**
 * Queries that are legal, and slow or unreliable: records repeated by what they are sorted by, pages that are not stable,
 * big tables read from end to end.
 * Source: Campaign documentation, "Data model best practices"; the rules about order are those of SQL.
 */
export function checkPerformance(context: QueryContext, query: QueryDef, scope: Scope): QueryProblem[] {
  const isWhole = query.element.localName === 'queryDef';
  return [
    ...checkFanOut(context, query, scope),
    ...(isWhole ? checkPaging(query, scope) : []),
    ...(isWhole ? checkBigTable(context, query, scope) : []),
  ];
}

function rangeOf({ attribute }: QueryExpression): TextRange {
  return { start: attribute.valueStart, end: attribute.valueEnd };
}

/** The tree of a text that is known in whole. */
function treeOf(expr: QueryExpression | undefined): ExpressionNode | undefined {
  if (expr === undefined || expr.hasHole || expr.text.includes('$(')) return undefined;
  return ungroup(parseExpression(expr.text).tree);
}

/** Sorting or grouping by a field of a collection joins the collection, and repeats each record for its records. */
function checkFanOut(context: QueryContext, query: QueryDef, scope: Scope): QueryProblem[] {
  const selected = new Set((query.select?.nodes ?? []).flatMap(({ expr, alias }) => [expr?.text, alias]));
  const nodes = [...(query.orderBy?.nodes ?? []), ...(query.groupBy?.nodes ?? [])];
  return nodes.flatMap(({ expr }) => {
    const tree = treeOf(expr);
    // A column is reported where it is selected.
    if (expr === undefined || tree === undefined || selected.has(expr.text)) return [];
    const collection = firstCollection(context, scope, tree);
    if (collection === undefined) return [];
    const message = `${collection.name} holds several records, so each row is repeated for every one of them; take a field of the record, or an aggregate.`;
    return [queryProblem('query/fan-out-join', rangeOf(expr), message)];
  });
}

/** The first collection a path leads through; an aggregate makes one value of its records. */
function firstCollection(
  context: QueryContext,
  scope: Scope,
  node: ExpressionNode,
): SchemaElement | undefined {
  if (node.kind === 'call' && findFunction(node.name)?.group === 'aggregate') return undefined;
  if (node.kind === 'path') {
    const result = resolveQueryPath(context.model, scope, node);
    return result.kind === 'found' ? result.crossedCollections.find(isLink) : undefined;
  }
  for (const child of childrenOf(node)) {
    const found = firstCollection(context, scope, child);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A page after the first is only stable when the order has no ties: when it ends with all fields of a key. */
function checkPaging(query: QueryDef, { root }: Scope): QueryProblem[] {
  const startLine = attributeOf(query.element, 'startLine');
  const isPaged = startLine !== undefined && (startLine.hole || (query.startLine ?? 0) > 0);
  const isGrouped =
    query.groupBy !== undefined || query.isDistinct || (query.select?.nodes ?? []).some(isGroup);
  if (!isPaged || isGrouped || query.orderBy === undefined || root === undefined) return [];
  const { nodes } = query.orderBy;
  // What is not known may be the key.
  if (nodes.length === 0 || nodes.some(({ expr }) => treeOf(expr) === undefined)) return [];
  const ordered = new Set(nodes.map(({ expr }) => bareText(expr?.text ?? '')));
  const keys = root.keys.map((key) => key.fields.map(({ xpath, link }) => xpath ?? link ?? ''));
  if (keys.length === 0 || keys.some((fields) => fields.every((field) => ordered.has(field)))) return [];
  const key = keys.reduce((shortest, fields) => (fields.length < shortest.length ? fields : shortest));
  const name = key.join(', ');
  const message = `Records that are equal in this order may change places between pages: end it with a key, such as ${name}.`;
  const range = { start: query.orderBy.element.nameStart, end: query.orderBy.element.nameEnd };
  const at = nodes.at(-1)!.element;
  const fix = {
    title: `Order by ${name} last`,
    edits: [
      {
        start: at.end,
        end: at.end,
        newText: key
          .filter((field) => !ordered.has(field))
          .map((field) => `<node expr="${/[/-]/.test(field) ? `[${field}]` : field}"/>`)
          .join(''),
      },
    ],
  };
  return [queryProblem('query/unstable-paging', range, message, fix)];
}

function isGroup({ isGrouped, expr }: QueryNode): boolean {
  const tree = treeOf(expr);
  return isGrouped || (tree?.kind === 'call' && findFunction(tree.name)?.group === 'aggregate');
}

function bareText(text: string): string {
  return text.trim().replace(/^\[(.*)\]$/, '$1');
}

/** Log tables, by their names: the platform grows them by a record for each message, click and event. */
const bigTable = /log|histo|event/i;
/** The cloud database of v8 has no indexes. */
const cloudDatabase = /^nms:extAccount:/;

/** A filter on a log table none of whose fields has an index. */
function checkBigTable(context: QueryContext, query: QueryDef, scope: Scope): QueryProblem[] {
  const { root } = scope;
  if (root === undefined || scope.element !== root || !bigTable.test(root.name)) return [];
  if (cloudDatabase.test(root.dataSource ?? '') || root.sqlTable === undefined) return [];
  const expressions = (query.where?.conditions ?? []).flatMap(expressionsOf);
  // What is not known may be on an indexed field.
  if (expressions.length === 0 || expressions.some((expr) => treeOf(expr) === undefined)) return [];
  const places = expressions.flatMap((expr) =>
    pathsOf(treeOf(expr)!).map((path) => ({ expr: expr!, node: nodeAt(context, scope, path) })),
  );
  if (places.some(({ node }) => node === undefined || isLink(node) || isIndexed(node))) return [];
  const [first] = places;
  if (first?.node === undefined) return [];
  const message = `${root.schemaId} grows with every message, and ${stepOf(first.node)} has no index: every record is read. Add a condition on an indexed field, such as ${indexedField(root)}.`;
  return [queryProblem('query/unindexed-filter', rangeOf(first.expr), message)];
}

/** The expressions of a condition and of those inside it; `undefined` for what asks about other tables. */
function expressionsOf(condition: QueryCondition): (QueryExpression | undefined)[] {
  if (condition.isIgnored) return [];
  if (condition.setOperator !== undefined || condition.sql !== undefined) return [undefined];
  // A condition without expression, and with none inside, is filled in by a script.
  if (condition.expr === undefined && condition.conditions.length === 0) return [undefined];
  const own = condition.expr === undefined ? [] : [condition.expr];
  return [...own, ...condition.conditions.flatMap(expressionsOf)];
}

function nodeAt({ model }: QueryContext, scope: Scope, path: PathNode): SchemaNode | undefined {
  const result = resolveQueryPath(model, scope, path);
  return result.kind === 'found' ? result.node : undefined;
}

/** The first column of an index, a date if there is one: that is what logs are cut by. */
function indexedField({ indexes, keys, attributes }: SchemaElement): string {
  const fields = [...indexes, ...keys].flatMap((index) => index.fields[0]?.xpath ?? []);
  const date = fields.find((field) => attributes.get(field.replace('@', ''))?.type?.startsWith('date'));
  return date ?? fields[0] ?? '@id';
}

import { ungroup, type ExpressionNode } from '../../../core/expression/expressionTree.ts';
import { walkExpression } from '../../../core/expression/expressionTree.ts';
import { findFunction } from '../../../core/expression/functions.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import type { QueryConditions, QueryDef, QueryNode } from '../../../core/queryDef/queryDef.ts';
import { attributeOf, type TextRange, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { suggestedAliases } from './queryCompletion.ts';
import type { QueryContext } from './queryContext.ts';
import { queryProblem, replaceFix, type QueryFix, type QueryProblem } from './queryProblem.ts';
import { resolveQueryPath, type Scope } from './queryScope.ts';

/** Rows no editor of queries wants in one answer. */
const largeLineCount = 10_000;

/** Checks a query as a whole: what its clauses say about each other. */
export function checkClauses(context: QueryContext, query: QueryDef, scope: Scope): QueryProblem[] {
  // A clause that a script fills in may hold anything.
  const hasUnknown = [query.element, query.select?.element, query.groupBy?.element].some((element) =>
    element?.children.some((child) => child.kind === 'text' && child.hole),
  );
  if (hasUnknown) return [];
  return [
    ...checkSelect(context, query),
    ...checkGroups(context, query, scope),
    ...(query.element.localName === 'queryDef' ? checkLimits(query) : []),
  ];
}

const nameRange = (element: XmlElement): TextRange => ({ start: element.nameStart, end: element.nameEnd });

function exprRange(node: QueryNode): TextRange {
  const attribute = node.expr?.attribute;
  return attribute === undefined
    ? nameRange(node.element)
    : { start: attribute.valueStart, end: attribute.valueEnd };
}

/** The expression of a node; `undefined` when there is none, or a script decides it. */
function treeOf(node: QueryNode): ExpressionNode | undefined {
  const { expr } = node;
  if (expr === undefined || expr.hasHole || expr.text.trim() === '') return undefined;
  return ungroup(parseExpression(expr.text).tree);
}

function normalized(text: string): string {
  return text.replace(/\s+/g, '').replace(/^\[(.*)\]$/, '$1');
}

/** Appends an attribute to a start tag. */
function addAttributeFix(title: string, node: QueryNode, text: string): QueryFix {
  const at = node.expr?.attribute.end ?? node.element.nameEnd;
  return { title, edits: [{ start: at, end: at, newText: ` ${text}` }] };
}

function checkSelect(context: QueryContext, query: QueryDef): QueryProblem[] {
  const problems: QueryProblem[] = [];
  const seen = new Map<string, QueryNode>();
  for (const node of query.select?.nodes ?? []) {
    const tree = treeOf(node);
    const hasAlias = attributeOf(node.element, 'alias') !== undefined;
    problems.push(...checkAliases(node));
    const isComputed = tree !== undefined && !isPlace(tree) && node.nodes.length === 0;
    if (isComputed && !hasAlias && query.element.localName === 'queryDef') {
      const message =
        'Where the value of an expression without alias goes in the answer is not documented; give it an alias.';
      const alias = suggestedAliases(node.expr?.text ?? '')[0] ?? '@value';
      const fix = addAttributeFix(`Add alias="${alias}"`, node, `alias="${alias}"`);
      problems.push(queryProblem('query/expression-without-alias', exprRange(node), message, fix));
    }
    const place = hasAlias ? node.alias : tree === undefined ? undefined : normalized(node.expr?.text ?? '');
    if (place === undefined) continue;
    const other = seen.get(place);
    if (other === undefined) seen.set(place, node);
    else problems.push(duplicate(context, node, other, place));
  }
  return problems;
}

/** Paths, and what a macro or unknown text may turn into a path, have a place in the answer of their own. */
function isPlace(tree: ExpressionNode): boolean {
  return ['path', 'hole', 'macro', 'missing', 'invalid'].includes(tree.kind);
}

/** The aliases of a node and of the nodes of a collection inside it. */
function checkAliases(node: QueryNode): QueryProblem[] {
  const own = node.alias === undefined ? [] : checkAlias(node, node.alias);
  return [...own, ...node.nodes.flatMap(checkAliases)];
}

/** Steps that can become elements of the answer, and perhaps an attribute at the end. */
const aliasPattern = /^\/?(?:\.\.\/)*(?:[\p{L}_][\p{L}\p{N}_.-]*\/)*@?[\p{L}_][\p{L}\p{N}_.-]*$/u;

function checkAlias(node: QueryNode, alias: string): QueryProblem[] {
  const last = alias.slice(alias.lastIndexOf('/') + 1);
  const attribute = attributeOf(node.element, 'alias')!;
  const range = { start: attribute.valueStart, end: attribute.valueEnd };
  if (alias.trim() === '' || attribute.hole || alias.includes('$(')) return [];
  if (!aliasPattern.test(alias.trim())) {
    const message = `${alias} cannot be a place in the answer: write @name, name, a/@name or ../@name, of letters, digits, _, . and -.`;
    const name = alias.replace(/[^\p{L}\p{N}_]+/gu, '_').replace(/^_+|_+$/g, '');
    const written = `@${/^[\p{L}_]/u.test(name) ? name : `_${name}`}`;
    const fix = name === '' ? undefined : replaceFix(`Write ${written}`, range, written);
    return [queryProblem('query/alias-value', range, message, fix)];
  }
  if (last.startsWith('@') || node.nodes.length > 0) return [];
  const withAt = `${alias.slice(0, alias.length - last.length)}@${last}`;
  const message = `Without @ the value becomes an element <${last}> of the answer, not an attribute.`;
  const fix = replaceFix(`Write ${withAt}`, range, withAt);
  return [queryProblem('query/alias-without-at', range, message, fix)];
}

function duplicate(context: QueryContext, node: QueryNode, other: QueryNode, place: string): QueryProblem {
  const alias = attributeOf(node.element, 'alias');
  const isSame = alias === undefined && attributeOf(other.element, 'alias') === undefined;
  if (isSame) {
    const edits = [{ ...lineOf(context.region.text, node.element), newText: '' }];
    return queryProblem('query/duplicate-node', exprRange(node), `${place} is selected already.`, {
      title: 'Remove this node',
      edits,
    });
  }
  const range = alias === undefined ? exprRange(node) : { start: alias.valueStart, end: alias.valueEnd };
  const message = `Another node puts its value at ${place}, too; one of them would be lost.`;
  return queryProblem('query/duplicate-alias', range, message);
}

/** The element, with the white space in front of it that would be left as an empty line. */
function lineOf(text: string, element: XmlElement): TextRange {
  const before = /\n[ \t]*$/.exec(text.slice(0, element.start));
  return { start: element.start - (before?.[0].length ?? 0), end: element.end };
}

function checkGroups(context: QueryContext, query: QueryDef, scope: Scope): QueryProblem[] {
  if (query.operation === 'count') return [];
  if ((query.select?.nodes ?? []).length === 0) return checkNothingSelected(query);
  const nodes = (query.select?.nodes ?? []).filter((node) => node.nodes.length === 0);
  return [
    ...checkGroupBy(query, nodes),
    ...checkUngrouped(context, query, nodes, scope),
    ...checkGroupOrder(context, query, nodes, scope),
  ];
}

/** Without a select clause the answer is the key of each record, which groups do not have. */
function checkNothingSelected(query: QueryDef): QueryProblem[] {
  const aggregated = (query.orderBy?.nodes ?? []).find((node) => {
    const tree = treeOf(node);
    return tree !== undefined && hasAggregateCall(tree);
  });
  const clauses = [query.groupBy, query.having].filter((part) => (part?.element.children.length ?? 0) > 0);
  const element = clauses[0]?.element ?? aggregated?.element;
  if (element === undefined) return [];
  const message = 'A query of groups has to select what it groups by, or an aggregate.';
  return [queryProblem('query/group-by-missing', nameRange(element), message)];
}

/** An aggregate makes one row of many; every column beside it has to say which of their values it means. */
function checkUngrouped(
  context: QueryContext,
  query: QueryDef,
  nodes: readonly QueryNode[],
  scope: Scope,
): QueryProblem[] {
  // What having asks about is a group, too.
  const isGrouped =
    (query.having?.conditions.length ?? 0) > 0 || nodes.some((node) => isRowAggregate(context, node, scope));
  if (!isGrouped) return [];
  const grouped = new Set((query.groupBy?.nodes ?? []).map((node) => normalized(node.expr?.text ?? '')));
  return nodes.flatMap((node) => {
    const tree = treeOf(node);
    const isGrouped = node.isGrouped || grouped.has(normalized(node.expr?.text ?? ''));
    // A later clause may name a column by its alias.
    if (tree === undefined || isGrouped || (node.alias !== undefined && grouped.has(node.alias))) return [];
    if (!reads(tree) || hasAggregateCall(tree) || hasUnknownPart(tree)) return [];
    const message =
      'Next to an aggregate, or to having, a column has to be grouped by: add groupBy="true" here, or a groupBy clause.';
    const written = attributeOf(node.element, 'groupBy');
    const fix =
      written === undefined
        ? addAttributeFix('Add groupBy="true"', node, 'groupBy="true"')
        : replaceFix('Write groupBy="true"', written, 'groupBy="true"');
    return [queryProblem('query/group-by-missing', exprRange(node), message, fix)];
  });
}

/** Groups are ordered by what they share: what they are grouped by, a function of it, or an aggregate. */
function checkGroupOrder(
  context: QueryContext,
  query: QueryDef,
  nodes: readonly QueryNode[],
  scope: Scope,
): QueryProblem[] {
  const terms = [...(query.groupBy?.nodes ?? []), ...nodes.filter((node) => node.isGrouped)];
  const isGrouped =
    terms.length > 0 ||
    (query.having?.conditions.length ?? 0) > 0 ||
    nodes.some((node) => isRowAggregate(context, node, scope));
  if (!isGrouped) return [];
  // An order may name a column by its alias.
  const shared = new Set(
    [...terms.map((node) => node.expr?.text), ...nodes.map((node) => node.alias)].map((text) =>
      normalized(text ?? ''),
    ),
  );
  return (query.orderBy?.nodes ?? []).flatMap((node) => {
    const tree = treeOf(node);
    const text = node.expr?.text ?? '';
    if (tree === undefined || shared.has(normalized(text))) return [];
    if (hasAggregateCall(tree) || hasUnknownPart(tree)) return [];
    const isShared = (part: ExpressionNode): boolean =>
      shared.has(normalized(text.slice(part.start, part.end)));
    if (!some(tree, (part) => part.kind === 'path' && !isShared(part)) || some(tree, isShared)) return [];
    const message = 'Groups can be ordered only by what they are grouped by, or by an aggregate.';
    return [queryProblem('query/group-by-missing', exprRange(node), message)];
  });
}

function reads(tree: ExpressionNode): boolean {
  return some(tree, (node) => node.kind === 'path');
}

function hasUnknownPart(tree: ExpressionNode): boolean {
  return some(tree, (node) => node.kind === 'hole' || node.kind === 'macro' || node.kind === 'invalid');
}

function hasAggregateCall(tree: ExpressionNode): boolean {
  return some(tree, (node) => node.kind === 'call' && isAggregate(node.name));
}

function isAggregate(name: string): boolean {
  return findFunction(name)?.group === 'aggregate';
}

function some(tree: ExpressionNode, test: (node: ExpressionNode) => boolean): boolean {
  let found = false;
  walkExpression(tree, (node) => (found ||= test(node)));
  return found;
}

/** An aggregate over the rows themselves; one over a collection gives a value for each row and groups nothing. */
function isRowAggregate(context: QueryContext, node: QueryNode, scope: Scope): boolean {
  const tree = treeOf(node);
  if (tree === undefined || !hasAggregateCall(tree)) return false;
  return !some(tree, (part) => {
    if (part.kind !== 'path') return false;
    const result = resolveQueryPath(context.model, scope, part);
    return result.kind !== 'found' || result.crossedCollections.length > 0;
  });
}

function checkGroupBy(query: QueryDef, nodes: readonly QueryNode[]): QueryProblem[] {
  if (query.groupBy === undefined || nodes.length === 0) return [];
  // One column whose expression is not known may be the one that is grouped by.
  if (nodes.some((node) => node.expr === undefined || node.expr.hasHole)) return [];
  const selected = new Set(nodes.map((node) => normalized(node.expr?.text ?? '')));
  const aliases = new Set(nodes.map((node) => node.alias));
  return query.groupBy.nodes.flatMap((node) => {
    const text = node.expr?.text ?? '';
    if (treeOf(node) === undefined || selected.has(normalized(text)) || aliases.has(text.trim())) return [];
    const message = 'A groupBy repeats an expression of the select clause; this one is not selected.';
    return [queryProblem('query/groupby-expr-mismatch', exprRange(node), message)];
  });
}

function checkLimits(query: QueryDef): QueryProblem[] {
  const { element, operation } = query;
  const problems: QueryProblem[] = [];
  const startLine = attributeOf(element, 'startLine');
  const isPaged = startLine !== undefined && (startLine.hole || (query.startLine ?? 0) > 0);
  if (isPaged && query.orderBy === undefined) {
    const message = 'Pages overlap or miss records when nothing orders them: add an orderBy.';
    problems.push(
      queryProblem('query/order-by-field-missing', { start: startLine.start, end: startLine.end }, message),
    );
  }
  const lineCount = attributeOf(element, 'lineCount');
  if (lineCount !== undefined && (query.lineCount ?? 0) > largeLineCount) {
    const range = { start: lineCount.valueStart, end: lineCount.valueEnd };
    const message = 'The whole answer is held in memory; read more than 10,000 records in pages.';
    problems.push(queryProblem('query/large-line-count', range, message));
  }
  if (
    operation === 'select' &&
    lineCount === undefined &&
    !hasNoLimit(element) &&
    query.select !== undefined
  ) {
    const message =
      'Without lineCount the answer ends silently: after 200 records through SOAP, after 10,000 in server-side JavaScript.';
    const at = (attributeOf(element, 'operation') ?? attributeOf(element, 'schema'))?.end ?? element.nameEnd;
    const fix = {
      title: 'Add lineCount="1000"',
      edits: [{ start: at, end: at, newText: ' lineCount="1000"' }],
    };
    problems.push(queryProblem('query/no-line-count', nameRange(element), message, fix));
  }
  if ((operation === 'get' || operation === 'getIfExists') && !hasConditions(query.where)) {
    const message = `${operation} without a condition returns any one record.`;
    problems.push(queryProblem('query/get-without-where', nameRange(element), message));
  }
  return problems;
}

function hasNoLimit(element: XmlElement): boolean {
  return (
    attributeOf(element, 'noLineCount') !== undefined || element.attributes.some(({ name }) => name === '')
  );
}

function hasConditions(where: QueryConditions | undefined): boolean {
  return where !== undefined && (where.element.children.length > 0 || where.conditions.length > 0);
}

import { ungroup, type PathNode } from '../../../core/expression/expressionTree.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import { attribute, elements, firstElement, flag, type Element } from '../xml/element.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { readExpression, unreadable } from './compileExpression.ts';
import { joinTerms } from './joinTerms.ts';
import { relativePath, Scope, type Position, type Resolved } from './scope.ts';

/** What compiling conditions needs beyond the scope. */
export interface ConditionContext {
  /** Evaluates `enabledIf`. */
  isEnabled(expression: string): boolean;
  /** The `where` of a stored filter; `undefined` when there is none of that name. */
  storedFilter(schemaId: string, name: string): Element | undefined;
  /** SQL of a sub-query, with the enclosing query in reach of `../`. */
  subQuery(subQuery: Element, outer: Scope): string;
}

const aggregateOperators: ReadonlySet<string> = new Set(['COUNT', 'SUM', 'AVG', 'MIN', 'MAX']);

/** The conditions below `where`, `having` or a condition; `undefined` when none is left. */
export function compileConditions(
  parent: Element,
  scope: Scope,
  context: ConditionContext,
): string | undefined {
  const parts: { sql: string; next: 'AND' | 'OR' }[] = [];
  for (const condition of elements(parent, 'condition')) {
    const sql = compileCondition(condition, scope, context);
    if (sql !== undefined) parts.push({ sql, next: boolOperator(condition) });
  }
  return joinConditions(parts);
}

/**
 * Siblings are joined by the operator of the earlier one. [I] Mixed operators bind as in SQL, AND before OR: the server
 * writes them out in order and brackets only what is nested.
 */
function joinConditions(parts: readonly { sql: string; next: 'AND' | 'OR' }[]): string | undefined {
  if (parts.length === 0) return undefined;
  const alternatives: string[][] = [[]];
  for (const [index, { sql, next }] of parts.entries()) {
    alternatives.at(-1)!.push(sql);
    if (next === 'OR' && index < parts.length - 1) alternatives.push([]);
  }
  return joinTerms(
    alternatives.map((terms) => joinTerms(terms, 'AND')),
    'OR',
  );
}

function boolOperator(condition: Element): 'AND' | 'OR' {
  const text = attribute(condition, 'boolOperator') || attribute(condition, 'bool-operator') || 'AND';
  if (text !== 'AND' && text !== 'OR') {
    throw new CampaignFailure(`XTK-170006 The operator '${text}' is unknown: boolOperator is AND or OR.`);
  }
  return text;
}

function compileCondition(condition: Element, scope: Scope, context: ConditionContext): string | undefined {
  if (flag(condition, 'ignore')) return undefined;
  const enabledIf = attribute(condition, 'enabledIf');
  if (enabledIf !== '' && !context.isEnabled(enabledIf)) return undefined;
  const filterName = attribute(condition, 'filterName') || attribute(condition, 'filter-name');
  const expr = attribute(condition, 'expr');
  const operator = attribute(condition, 'setOperator');
  if (filterName !== '' && expr === '') return compileStoredFilter(filterName, condition, scope, context);
  if (operator !== '') return compileSetCondition(condition, expr, operator, scope, context);
  const native = attribute(condition, 'sql');
  if (native !== '') return nativeSql(native, scope);
  const nested = compileConditions(condition, scope, context);
  if (expr === '') return nested === undefined ? undefined : `(${nested})`;
  const own = scope.context.compile(expr, scope);
  const sql = own.atom || !/ (?:OR|AND) /.test(own.sql) ? own.sql : `(${own.sql})`;
  return nested === undefined ? sql : `(${sql} AND (${nested}))`;
}

export function nativeSql(sql: string, scope: Scope): string {
  if (!scope.context.allowSql) {
    throw new CampaignFailure("XTK-170006 Native SQL is not permitted for this caller's security zone.");
  }
  return `(${sql})`;
}

function compileStoredFilter(
  name: string,
  condition: Element,
  scope: Scope,
  context: ConditionContext,
): string | undefined {
  const where = context.storedFilter(scope.start.table.schema.id, name);
  if (where === undefined) throw new CampaignFailure(`The predefined filter '${name}' does not exist.`);
  const own = compileConditions(where, scope, context);
  const nested = compileConditions(condition, scope, context);
  const parts = [own, nested].filter((part) => part !== undefined).map((part) => `(${part})`);
  return parts.length === 0 ? undefined : parts.join(' AND ');
}

function compileSetCondition(
  condition: Element,
  expr: string,
  operator: string,
  scope: Scope,
  context: ConditionContext,
): string {
  const subQuery = firstElement(condition, 'subQuery');
  if (operator === 'IN' || operator === 'NOT IN') {
    const selected = subQuery && firstElement(subQuery, 'select');
    if (subQuery === undefined || selected === undefined || elements(selected, 'node').length !== 1)
      throw new CampaignFailure(`XTK-170006 ${operator} needs a subQuery that selects one value.`);
    const value = scope.context.compile(expr, scope);
    return `${value.atom ? value.sql : `(${value.sql})`} ${operator} (${context.subQuery(subQuery, scope)})`;
  }
  if (operator === 'EXISTS' || operator === 'NOT EXISTS') {
    const inner = subQuery === undefined ? undefined : context.subQuery(subQuery, scope);
    return `${operator} (${inner ?? compileExists(condition, expr, scope, context)})`;
  }
  if (aggregateOperators.has(operator))
    return compileAggregateCondition(condition, expr, operator, scope, context);
  throw new CampaignFailure(`XTK-170006 The set operator '${operator}' is unknown.`);
}

/** `SELECT 1` from what a path leads to, correlated with the row outside. */
function compileExists(condition: Element, expr: string, scope: Scope, context: ConditionContext): string {
  const inner = openCollection(expr, scope);
  const where = compileConditions(condition, inner, context);
  const all = [...inner.ownConditions, ...(where === undefined ? [] : [`(${where})`])];
  return `SELECT 1 FROM ${inner.fromClause} WHERE ${all.join(' AND ')}`;
}

/** A SELECT from the end of a path of links; the single links before a collection are joined outside. */
function openCollection(expr: string, scope: Scope): Scope {
  const { tree, problems } = parseExpression(expr.trim().startsWith('[') ? expr : `[${expr}]`);
  if (tree.kind !== 'path' || problems.some((problem) => problem.severity === 'error'))
    throw unreadable(expr);
  try {
    return openPath(scope, scope.resolve(tree), tree);
  } catch (error) {
    if (error instanceof CampaignFailure && !error.lines.some((line) => /^[A-Z]{3}-/.test(line))) {
      throw error.within(`XTK-170036 Unable to parse expression '${expr}'.`);
    }
    throw error;
  }
}

function openPath(scope: Scope, resolved: Resolved, path: PathNode): Scope {
  if (resolved.kind === 'link') return Scope.below(scope, resolved.from, resolved.link);
  if (resolved.kind !== 'collection') {
    throw new CampaignFailure(`Element '${path.steps.at(-1)?.name ?? ''}' is no link.`);
  }
  let inner = Scope.below(scope, resolved.from, resolved.link);
  if (resolved.rest.length > 0) {
    const further = inner.resolve(relativePath(resolved.rest));
    const position = joinAll(inner, further);
    inner = inner.at(position);
  }
  return inner;
}

function joinAll(scope: Scope, resolved: Resolved): Position {
  if (resolved.kind === 'link') return scope.join(resolved.from, resolved.link);
  if (resolved.kind === 'collection' && resolved.rest.length === 0)
    return scope.join(resolved.from, resolved.link);
  throw new CampaignFailure('The path of the condition is no link.');
}

const relationSql: ReadonlyMap<string, string> = new Map([
  ...['=', '<>', '<', '<=', '>', '>='].map((operator) => [operator, operator] as const),
  ['==', '='],
  ['!=', '<>'],
]);

/**
 * `setOperator="COUNT"` and the like. [I] `expr` compares the collection, optionally with the aggregated field, with
 * a value: `subscription > 2`, `[purchase/@amount] >= 100`.
 */
function compileAggregateCondition(
  condition: Element,
  expr: string,
  operator: string,
  scope: Scope,
  context: ConditionContext,
): string {
  const tree = ungroup(readExpression(expr));
  const comparison = tree.kind === 'binary' ? relationSql.get(tree.operator) : undefined;
  if (tree.kind !== 'binary' || comparison === undefined) throw unreadable(expr);
  const [left, right] = [ungroup(tree.left), ungroup(tree.right)];
  const path = left.kind === 'path' ? left : right;
  if (path.kind !== 'path') throw unreadable(expr);
  const other = path === left ? tree.right : tree.left;
  const value = scope.context.compile(expr.slice(other.start, other.end), scope).sql;
  const text = expr.slice(path.start, path.end).replace(/^\[|\]$/g, '');
  const [, collection = text, field] = /^(.*?)\/?(@[\w-]+)?$/.exec(text) ?? [];
  const inner = openCollection(collection, scope);
  const where = compileConditions(condition, inner, context);
  const column = field === undefined ? '*' : inner.context.compile(`[${field}]`, inner).sql;
  const measured = operator === 'COUNT' && column === '*' ? 'COUNT(*)' : `${operator}(${column})`;
  const all = [...inner.ownConditions, ...(where === undefined ? [] : [`(${where})`])];
  const measure = `(SELECT ifnull(${measured}, 0) FROM ${inner.fromClause} WHERE ${all.join(' AND ')})`;
  return path === left ? `${measure} ${comparison} ${value}` : `${value} ${comparison} ${measure}`;
}

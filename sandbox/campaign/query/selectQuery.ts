import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { attribute, createElement, elements, firstElement, flag, type Element } from '../xml/element.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { allOf, clause, splitExpressions } from './clauses.ts';
import { compileConditions, type ConditionContext } from './conditions.ts';
import { checkGroups } from './grouping.ts';
import type { QueryEnvironment } from './queryEnvironment.ts';
import type { RowLayout } from './resultLayout.ts';
import { Scope } from './scope.ts';
import { SelectList } from './selectList.ts';

/** A query ready to run. */
export interface BuiltQuery {
  sql: string;
  layout: RowLayout;
  /** Names and types of the columns asked for, as `BuildQueryEx` lists them. */
  format: string;
}

export type Operation = 'select' | 'get' | 'getIfExists' | 'count';

export function operationOf(queryDef: Element): Operation {
  const text = attribute(queryDef, 'operation') || 'select';
  if (text === 'select' || text === 'get' || text === 'getIfExists' || text === 'count') return text;
  throw new CampaignFailure(
    `XTK-170006 The operation '${text}' is unknown: select, get, getIfExists or count.`,
  );
}

/** Builds the SQL of a queryDef. @throws CampaignFailure. */
export function buildQuery(queryDef: Element, environment: QueryEnvironment): BuiltQuery {
  const schemaId = attribute(queryDef, 'schema');
  if (schemaId === '')
    throw new CampaignFailure("XTK-170006 The attribute 'schema' of the query is missing.");
  return new QueryBuilder(environment).build(queryDef, operationOf(queryDef), schemaId);
}

/** Row ids of the rows that meet a `where`. */
export function rowIdsWhere(
  schemaId: string,
  where: Element,
  environment: QueryEnvironment,
  ignoreDeleteStatus = false,
): number[] {
  const holder = createElement('queryDef', { schema: schemaId, ignoreDeleteStatus }, [where]);
  return environment
    .all(new QueryBuilder(environment).buildRowIds(holder, schemaId))
    .map(([id]) => Number(id));
}

class QueryBuilder {
  private readonly environment: QueryEnvironment;
  private readonly conditions: ConditionContext;

  constructor(environment: QueryEnvironment) {
    this.environment = environment;
    this.conditions = {
      ...environment.conditions,
      subQuery: (subQuery, outer) => this.subQuery(subQuery, outer),
    };
  }

  build(queryDef: Element, operation: Operation, schemaId: string): BuiltQuery {
    const scope = startScope(Scope.of(this.environment.context, schemaId), attribute(queryDef, 'startPath'));
    const select = new SelectList(scope, this.environment, this.conditions);
    const nodes = firstElement(queryDef, 'select');
    if (operation !== 'count' || flag(queryDef, 'distinct')) select.addAll(nodes, false);
    if (operation !== 'count' && select.isEmpty) select.addKeys();
    const isGrouped = isAggregated(queryDef, select);
    if (operation !== 'count' && this.environment.extraAttributes && !isGrouped) select.addExtras();
    const where = this.where(queryDef, scope);
    const groupTerms = this.groupTerms(queryDef, nodes, scope);
    const groupBy = groupTerms.length === 0 ? '' : ` GROUP BY ${groupTerms.join(', ')}`;
    const having = this.clause(queryDef, 'having', scope);
    const orderBy = this.orderBy(queryDef, nodes, scope);
    if (isGrouped && operation !== 'count') checkGroups([...select.columns, having, orderBy], groupTerms);
    const distinct = flag(queryDef, 'distinct') ? 'DISTINCT ' : '';
    const columns = select.columns.length === 0 ? ['1'] : select.columns;
    // Everything that can add a join has been compiled now.
    const from = ` FROM ${scope.fromClause}${clause('WHERE', allOf([...scope.ownConditions, where]))}`;
    const tail = `${from}${groupBy}${having}`;
    if (operation === 'count') {
      const simple = distinct === '' && groupBy === '';
      const sql = simple
        ? `SELECT COUNT(*)${tail}`
        : `SELECT COUNT(*) FROM (SELECT ${distinct}${columns.join(', ')}${tail})`;
      return { sql, layout: select.layout, format: '@count:long,' };
    }
    const sql = `SELECT ${distinct}${columns.join(', ')}${tail}${orderBy}${this.limit(queryDef, operation)}`;
    return { sql, layout: select.layout, format: select.format };
  }

  buildRowIds(queryDef: Element, schemaId: string): string {
    const scope = Scope.of(this.environment.context, schemaId);
    const where = this.where(queryDef, scope);
    const filter = clause('WHERE', allOf([...scope.ownConditions, where]));
    return `SELECT DISTINCT ${scope.start.table.alias}.rowid FROM ${scope.fromClause}${filter}`;
  }

  /** `SELECT value FROM …` for IN and EXISTS. */
  private subQuery(subQuery: Element, outer: Scope): string {
    const schemaId = attribute(subQuery, 'schema');
    if (schemaId === '')
      throw new CampaignFailure("XTK-170006 The attribute 'schema' of the subQuery is missing.");
    const scope = Scope.of(outer.context, schemaId, outer);
    const nodes = firstElement(subQuery, 'select');
    const values = (nodes === undefined ? [] : elements(nodes, 'node')).map(
      (node) => scope.context.compile(attribute(node, 'expr'), scope).sql,
    );
    const where = this.where(subQuery, scope);
    const groupTerms = this.groupTerms(subQuery, nodes, scope);
    const groupBy = groupTerms.length === 0 ? '' : ` GROUP BY ${groupTerms.join(', ')}`;
    const having = this.clause(subQuery, 'having', scope);
    const hasOrder = firstElement(subQuery, 'orderBy') !== undefined;
    const orderBy = hasOrder ? this.orderBy(subQuery, undefined, scope) : '';
    const columns = values.length === 0 ? '1' : values.join(', ');
    const distinct = flag(subQuery, 'distinct') ? 'DISTINCT ' : '';
    return (
      `SELECT ${distinct}${columns} FROM ${scope.fromClause}` +
      `${clause('WHERE', allOf([...scope.ownConditions, where]))}${groupBy}${having}${orderBy}`
    );
  }

  private where(queryDef: Element, scope: Scope): string | undefined {
    const own = firstElement(queryDef, 'where');
    const stored = own === undefined ? '' : attribute(own, 'filterName');
    const conditions = own === undefined ? undefined : compileConditions(own, scope, this.conditions);
    const { schema } = scope.start.table;
    const access = this.environment.context.model
      .systemFilters(schema.id)
      .filter((filter) => attribute(filter, 'name') === 'readAccess');
    const system = [...access, ...elements(queryDef, 'sysFilter')].map((filter) =>
      compileConditions(filter, scope, this.conditions),
    );
    // A filter name on `where` is a note of where it came from; its conditions are there already.
    const isReference = stored !== '' && conditions === undefined;
    const storedWhere = isReference
      ? this.conditions.storedFilter(scope.start.table.schema.id, stored)
      : undefined;
    const fromStored = storedWhere && compileConditions(storedWhere, scope, this.conditions);
    return allOf([conditions, fromStored, ...system, this.notDeleted(queryDef, scope)]);
  }

  /** Rows in the recycle bin are left out unless the query asks for them. */
  private notDeleted(queryDef: Element, scope: Scope): string | undefined {
    const { table } = scope.start;
    const mark = this.environment.context.model.deleteMark(table.schema.id);
    if (mark === undefined || flag(queryDef, 'ignoreDeleteStatus')) return undefined;
    return `${scope.columnSql({ kind: 'column', table, column: mark }).sql} = 0`;
  }

  private clause(queryDef: Element, name: 'having', scope: Scope): string {
    const element = firstElement(queryDef, name);
    const sql = element === undefined ? undefined : compileConditions(element, scope, this.conditions);
    return clause('HAVING', sql);
  }

  private groupTerms(queryDef: Element, select: Element | undefined, scope: Scope): string[] {
    const marked =
      select === undefined ? [] : elements(select, 'node').filter((node) => flag(node, 'groupBy'));
    const own = elements(queryDef, 'groupBy').flatMap((group) => elements(group, 'node'));
    const terms = [...marked, ...own].flatMap((node) => splitExpressions(attribute(node, 'expr')));
    return [...new Set(terms.map((term) => scope.context.compile(term, scope).sql))];
  }

  private orderBy(queryDef: Element, select: Element | undefined, scope: Scope): string {
    const own = elements(queryDef, 'orderBy').flatMap((order) => elements(order, 'node'));
    const marked = select === undefined ? [] : elements(select, 'node').filter((node) => flag(node, 'sort'));
    const nodes = own.length > 0 ? own : marked;
    const terms = nodes.flatMap((node) => {
      const isDescending = flag(node, 'sortDesc') || flag(node, 'desc');
      return splitExpressions(attribute(node, 'expr')).map((expr) => {
        const { sql } = scope.context.compile(expr, scope);
        return `${asOrderTerm(sql)}${isDescending ? ' DESC' : ''}`;
      });
    });
    if (terms.length > 0) return ` ORDER BY ${terms.join(', ')}`;
    return this.environment.shuffleRows ? ' ORDER BY random()' : '';
  }

  private limit(queryDef: Element, operation: Operation): string {
    if (operation !== 'select') return ' LIMIT 1';
    const start = wholeNumber(queryDef, 'startLine') ?? 0;
    const isQuirky = this.environment.startLineQuirk && start > 0;
    const offset = start === 0 ? '' : ` OFFSET ${isQuirky ? start - 1 : start}`;
    const count = wholeNumber(queryDef, 'lineCount');
    const isUnlimited = count === undefined && flag(queryDef, 'noLineCount');
    const lines = isUnlimited ? -1 : (count ?? this.environment.defaultLineCount);
    return ` LIMIT ${lines}${offset}`;
  }
}

/** The server binds constants; written out, a whole number would be the number of a column. */
const asOrderTerm = (sql: string): string => (/^[-\s()\d]+$/.test(sql) ? `CAST(${sql} AS INTEGER)` : sql);

function wholeNumber(element: Element, name: string): number | undefined {
  const text = attribute(element, name).trim();
  if (text === '') return undefined;
  if (!/^\d{1,12}$/.test(text))
    throw new CampaignFailure(`XTK-170006 The attribute '${name}' takes a whole number, not '${text}'.`);
  return Number(text);
}

function startScope(scope: Scope, startPath: string): Scope {
  const path = startPath.replace(/^\/+|\/+$/g, '');
  if (path === '') return scope;
  const resolved = scope.resolve(parseXPath(path).path);
  if (resolved.kind === 'container') return scope.at(resolved.position);
  if (resolved.kind === 'link') return scope.at(scope.join(resolved.from, resolved.link));
  throw new CampaignFailure(`The start path '${startPath}' leads to no element.`);
}

/** Rows stand for groups: one is asked for, or an aggregate makes one of all rows. */
function isAggregated(queryDef: Element, select: SelectList): boolean {
  const nodes = elements(queryDef, 'select').flatMap((list) => elements(list, 'node'));
  const groups = elements(queryDef, 'groupBy').flatMap((group) => elements(group, 'node'));
  const having = firstElement(queryDef, 'having');
  return (
    select.hasAggregate ||
    groups.length > 0 ||
    nodes.some((node) => flag(node, 'groupBy')) ||
    (having !== undefined && elements(having, 'condition').length > 0)
  );
}

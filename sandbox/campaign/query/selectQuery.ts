import {
  ungroup,
  walkExpression,
  type ExpressionNode,
  type PathNode,
} from '../../../core/expression/expressionTree.ts';
import { parseExpression, parseXPath } from '../../../core/expression/parseExpression.ts';
import { enterElement, resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { primaryKey, type Enumeration, type SchemaNode } from '../../../core/schema/schema.ts';
import { attribute, createElement, elements, firstElement, flag, type Element } from '../xml/element.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { compileConditions, nativeSql, type ConditionContext } from './conditions.ts';
import { findFunction } from './functions.ts';
import { createLayout, place, type Cell, type RowLayout, type ValueSlot } from './resultLayout.ts';
import { Scope, type QueryContext, type Resolved, type TypedSql } from './scope.ts';

/** What a query needs from the instance. */
export interface QueryEnvironment {
  context: QueryContext;
  conditions: Omit<ConditionContext, 'subQuery'>;
  /** Runs SQL and gives arrays of values. */
  all: (sql: string, parameters?: readonly Cell[]) => Cell[][];
  defaultLineCount: number;
  startLineQuirk: boolean;
  shuffleRows: boolean;
  /** Rows carry attributes nobody asked for, as on a real server. */
  extraAttributes: boolean;
}

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

/** Output steps of a path: `folder/@label` → `['folder', '@label']`. */
const stepsOf = (path: PathNode): string[] =>
  path.steps
    .filter((step) => step.kind !== 'self' && step.kind !== 'parent')
    .map((step) => (step.kind === 'attribute' ? `@${step.name}` : step.name));

/** Row ids of the rows that meet a `where`. */
export function rowIdsWhere(schemaId: string, where: Element, environment: QueryEnvironment): number[] {
  const holder = createElement('queryDef', { schema: schemaId }, [where]);
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
    if (isGrouped) select.checkGroups(groupTerms);
    const groupBy = groupTerms.length === 0 ? '' : ` GROUP BY ${groupTerms.join(', ')}`;
    const having = this.clause(queryDef, 'having', scope);
    const orderBy = this.orderBy(queryDef, nodes, scope);
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
    const schemaId = attribute(subQuery, 'schema') || outer.start.table.schema.id;
    const scope = Scope.of(outer.context, schemaId, outer);
    const nodes = firstElement(subQuery, 'select');
    const values = (nodes === undefined ? [] : elements(nodes, 'node')).map(
      (node) => scope.context.compile(attribute(node, 'expr'), scope).sql,
    );
    const where = this.where(subQuery, scope);
    const groupTerms = this.groupTerms(subQuery, nodes, scope);
    const groupBy = groupTerms.length === 0 ? '' : ` GROUP BY ${groupTerms.join(', ')}`;
    const having = this.clause(subQuery, 'having', scope);
    const columns = values.length === 0 ? '1' : values.join(', ');
    const distinct = flag(subQuery, 'distinct') ? 'DISTINCT ' : '';
    return (
      `SELECT ${distinct}${columns} FROM ${scope.fromClause}` +
      `${clause('WHERE', allOf([...scope.ownConditions, where]))}${groupBy}${having}`
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
    return allOf([conditions, fromStored, ...system]);
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
      return splitExpressions(attribute(node, 'expr')).map(
        (expr) => `${scope.context.compile(expr, scope).sql}${isDescending ? ' DESC' : ''}`,
      );
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

function wholeNumber(element: Element, name: string): number | undefined {
  const text = attribute(element, name);
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

const clause = (word: string, sql: string | undefined): string =>
  sql === undefined ? '' : ` ${word} ${sql}`;

function allOf(conditions: readonly (string | undefined)[]): string | undefined {
  const parts = conditions.filter((condition) => condition !== undefined && condition !== '');
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(' AND ');
}

/** Rows stand for groups: one is asked for, or an aggregate makes one of all rows. */
function isAggregated(queryDef: Element, select: SelectList): boolean {
  const nodes = elements(queryDef, 'select').flatMap((list) => elements(list, 'node'));
  const groups = elements(queryDef, 'groupBy').flatMap((group) => elements(group, 'node'));
  return select.hasAggregate || groups.length > 0 || nodes.some((node) => flag(node, 'groupBy'));
}

/** `@id, @name` in one `expr`: several columns. Commas inside brackets or quotes do not separate. */
export function splitExpressions(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let inString = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (inString) {
      if (c === '\\') i++;
      else if (c === "'") inString = false;
    } else if (c === "'") inString = true;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

/** The columns of a SELECT and where they go in the answer. */
class SelectList {
  readonly columns: string[] = [];
  readonly layout: RowLayout;
  format = '';
  private readonly scope: Scope;
  private readonly environment: QueryEnvironment;
  private readonly conditions: ConditionContext;
  private unnamed = 0;
  /** Indexes of the columns that hold an aggregate. */
  private readonly aggregates = new Set<number>();
  /** Aggregates of a collection that belong on the row outside it. */
  private readonly outside: SelectList | undefined;

  constructor(
    scope: Scope,
    environment: QueryEnvironment,
    conditions: ConditionContext,
    name?: string,
    outside?: SelectList,
  ) {
    this.scope = scope;
    this.environment = environment;
    this.conditions = conditions;
    this.outside = outside;
    this.layout = createLayout(name ?? scope.start.table.schema.root?.name ?? scope.start.table.schema.name);
  }

  get hasAggregate(): boolean {
    return this.aggregates.size > 0;
  }

  /** A column that is neither grouped nor aggregated is an error of the database. @throws CampaignFailure. */
  checkGroups(terms: readonly string[]): void {
    const offender = this.columns.find(
      (sql, index) =>
        !this.aggregates.has(index) &&
        !terms.includes(sql) &&
        /\bR\d+\.\w/.test(sql) &&
        !sql.startsWith('(SELECT '),
    );
    if (offender === undefined) return;
    throw new CampaignFailure(
      `PGS-220000 PostgreSQL error: ERROR: column "${offender}" must appear in the GROUP BY clause or be used in an aggregate function`,
    );
  }

  /** Attributes nobody asked for. Invariant of clients: unknown attributes are ignored. */
  addExtras(): void {
    const { start } = this.scope;
    this.placeValue(this.scope.computeString(start), ['@_cs']);
    const md5 = this.scope.context.model.storage(start.table.schema.id)?.byXPath.get('@md5');
    if (md5 !== undefined && start.prefix === '') {
      this.placeValue(this.scope.columnSql({ kind: 'column', table: start.table, column: md5 }), ['@md5']);
    }
  }

  get isEmpty(): boolean {
    return this.columns.length === 0;
  }

  addAll(parent: Element | undefined, isCollection: boolean): void {
    if (parent === undefined) return;
    for (const node of elements(parent, 'node')) {
      const isAggregateAbove = isCollection && attribute(node, 'alias').startsWith('../');
      if (isAggregateAbove && this.outside !== undefined) continue;
      this.addNode(node);
    }
  }

  /** Without a select clause the server answers with bare keys. */
  addKeys(): void {
    const { schema } = this.scope.start.table;
    for (const field of primaryKey(schema)?.fields ?? []) {
      if (field.xpath !== undefined) this.addExpression(`[${field.xpath}]`, undefined);
    }
    if (this.isEmpty) this.columns.push('1');
  }

  private addNode(node: Element): void {
    const native = attribute(node, 'sql');
    if (native !== '') {
      this.placeValue(
        { sql: nativeSql(native, this.scope), type: 'string', atom: true },
        this.aliasOf(node) ?? this.nextUnnamed(),
      );
      return;
    }
    const expr = attribute(node, 'expr');
    if (expr.trim() === '') throw new CampaignFailure("XTK-170006 Unable to parse expression ''.");
    const parts = splitExpressions(expr);
    if (parts.length > 1) for (const part of parts) this.addExpression(part.trim(), undefined);
    else this.addExpression(expr, node);
  }

  private aliasOf(node: Element): string[] | undefined {
    const alias = attribute(node, 'alias').trim();
    if (alias === '') return undefined;
    const { path, problems } = parseXPath(alias);
    const steps = stepsOf(path);
    const isValid = steps.length > 0 && steps.every((step) => /^@?[\p{L}_][\p{L}\p{N}_.-]*$/u.test(step));
    if (!isValid || problems.some((problem) => problem.severity === 'error')) {
      throw new CampaignFailure(`XTK-170006 Unable to parse the alias '${alias}'.`);
    }
    return steps;
  }

  /** [I] The name of a computed column without alias is not documented. */
  private nextUnnamed(): string[] {
    return [`@expr${this.unnamed++}`];
  }

  private addExpression(expr: string, node: Element | undefined): void {
    const parsed = parseExpression(expr);
    const tree = ungroup(parsed.tree);
    const alias = node === undefined ? undefined : this.aliasOf(node);
    if (tree.kind === 'path' && !parsed.problems.some((problem) => problem.severity === 'error')) {
      this.addPath(expr, tree, alias, node);
      return;
    }
    const aggregate = node === undefined ? undefined : this.collectionAggregate(tree, node);
    const value = aggregate ?? this.scope.context.compile(expr, this.scope);
    this.placeValue(value, alias ?? this.nextUnnamed());
  }

  private addPath(
    expr: string,
    path: PathNode,
    alias: string[] | undefined,
    node: Element | undefined,
  ): void {
    const resolved = this.resolve(expr, path);
    const target = alias ?? stepsOf(path);
    switch (resolved.kind) {
      case 'column':
        this.placeField(this.scope.columnSql(resolved), target, resolved.column.node, node);
        return;
      case 'computed':
        this.placeField(this.scope.context.compile(expr, this.scope), target, resolved.node, node);
        return;
      case 'self':
        this.placeValue(this.scope.computeString(resolved.position), alias ?? ['@_cs']);
        return;
      case 'body':
        this.layout.memos.push({
          column: this.add(this.scope.bodySql(resolved.table)),
          steps: [],
          target,
          mode: 'body',
        });
        return;
      case 'memo':
        this.addMemo(resolved, target, node);
        return;
      case 'container':
        if (target.length > 0)
          this.layout.memos.push({ column: this.add('NULL'), steps: [], target, mode: 'empty' });
        return;
      case 'link':
        this.addLink(resolved, target, node);
        return;
      case 'collection':
        if (node !== undefined && (elements(node, 'node').length > 0 || resolved.rest.length === 0)) {
          this.addCollection(resolved, path, target, node);
        } else this.placeValue(this.scope.context.compile(expr, this.scope), target);
    }
  }

  private resolve(expr: string, path: PathNode): Resolved {
    try {
      return this.scope.resolve(path);
    } catch (error) {
      if (error instanceof CampaignFailure && !error.lines.some((line) => /^[A-Z]{3}-/.test(line))) {
        throw error.within(`XTK-170036 Unable to parse expression '${expr}'.`);
      }
      throw error;
    }
  }

  /** Adds a column and returns its index. */
  private add(sql: string): number {
    return this.columns.push(sql) - 1;
  }

  private placeValue(value: TypedSql, target: readonly string[]): ValueSlot {
    const slot: ValueSlot = { column: this.add(value.sql), type: value.type };
    if (value.aggregate === true) this.aggregates.add(slot.column);
    place(this.layout, target, slot);
    this.format += `${target.join('/')}:${value.type},`;
    return slot;
  }

  private placeField(
    value: TypedSql,
    target: readonly string[],
    node: SchemaNode,
    query: Element | undefined,
  ): void {
    // Text and memo fields are told apart by the schema, not by what the expression says.
    const slot = this.placeValue({ ...value, type: node.type ?? value.type }, target);
    if (query === undefined || !flag(query, 'analyze')) return;
    const enumeration = this.enumerationOf(node);
    if (enumeration === undefined) return;
    const last = target.at(-1)!;
    const before = target.slice(0, -1);
    const named = (suffix: string): string =>
      last.startsWith('@') ? `${last}${suffix}` : `@${last}${suffix}`;
    const map = (pick: 'name' | 'label'): ReadonlyMap<string, string> =>
      new Map(enumeration.values.map((entry) => [entry.value, entry[pick]]));
    place(this.layout, [...before, named('Name')], { ...slot, translate: map('name') });
    place(this.layout, [...before, named('Label')], { ...slot, translate: map('label') });
  }

  private enumerationOf(node: SchemaNode): Enumeration | undefined {
    if (node.enumeration === undefined) return undefined;
    const result = resolveEnumeration(this.scope.context.model, node.schemaId, node.enumeration);
    return result.kind === 'found' ? result.enumeration : undefined;
  }

  /** [W] A container of the XML body comes back empty unless `anyType` asks for its tree; leaves come as values. */
  private addMemo(
    resolved: Extract<Resolved, { kind: 'memo' }>,
    target: readonly string[],
    node: Element | undefined,
  ): void {
    const isTree = node !== undefined && flag(node, 'anyType');
    const isLeaf =
      resolved.node.kind === 'attribute' ||
      (resolved.node.type !== undefined && resolved.node.type !== 'ANY');
    const mode = isTree ? 'tree' : isLeaf ? 'value' : 'empty';
    const column = this.add(this.scope.bodySql(resolved.table));
    this.layout.memos.push({ column, steps: resolved.steps, target, mode });
    this.format += `${target.join('/')}:memo,`;
  }

  /** A link as a column: the compute string of its target and the foreign key. */
  private addLink(
    resolved: Extract<Resolved, { kind: 'link' }>,
    target: readonly string[],
    node: Element | undefined,
  ): void {
    const position = this.scope.join(resolved.from, resolved.link);
    if (node !== undefined && elements(node, 'node').length > 0) {
      const inner = this.scope.at(position);
      for (const child of elements(node, 'node')) {
        const expr = attribute(child, 'expr');
        const path = parseXPath(expr).path;
        const value = inner.context.compile(expr, inner);
        this.placeValue(value, [...target, ...(this.aliasOf(child) ?? stepsOf(path))]);
      }
      return;
    }
    const isAttribute = target.at(-1)?.startsWith('@') === true;
    this.placeValue(this.scope.computeString(position), isAttribute ? target : [...target, '@_cs']);
    const join = resolved.link.joins.length === 1 ? resolved.link.joins[0]! : undefined;
    if (join === undefined || isAttribute || !join.source.startsWith('@')) return;
    const column = this.scope.context.compile(
      `[${resolved.from.prefix}${join.source}]`,
      this.scope.at({ ...resolved.from, element: resolved.from.table.schema.root!, prefix: '' }),
    );
    this.placeValue(column, [...target.slice(0, -1), join.source]);
  }

  private addCollection(
    resolved: Extract<Resolved, { kind: 'collection' }>,
    path: PathNode,
    target: readonly string[],
    node: Element,
  ): void {
    const { context } = this.scope;
    // The inner SELECT runs once per row; what ties it to the row is bound, not correlated.
    const keys: number[] = [];
    const inner = Scope.of(context, resolved.link.target ?? '', this.scope);
    const on = resolved.link.joins.map((join) => {
      const root = { ...resolved.from, element: resolved.from.table.schema.root!, prefix: '' };
      keys.push(this.add(context.compile(`[${join.source}]`, this.scope.at(root)).sql));
      const filter =
        join.filter === undefined || join.filter === ''
          ? ''
          : ` AND (${context.compile(join.filter, inner).sql})`;
      return `${context.compile(`[${join.destination}]`, inner).sql} = ?${filter}`;
    });
    let scope = inner;
    if (resolved.rest.length > 0) {
      const further = inner.resolve({ ...path, absolute: false, steps: resolved.rest });
      if (further.kind !== 'link' && further.kind !== 'collection')
        throw new CampaignFailure('The path is no link.');
      scope = inner.at(inner.join(further.from, further.link));
    }
    const list = new SelectList(scope, this.environment, this.conditions, target.at(-1), this);
    list.addAll(node, true);
    for (const above of elements(node, 'node')) {
      if (attribute(above, 'alias').startsWith('../')) this.addAggregateAbove(above, node, resolved);
    }
    const plain = elements(node, 'node').filter((child) => !attribute(child, 'alias').startsWith('../'));
    if (plain.length === 0 && elements(node, 'node').length > 0) return;
    if (list.isEmpty) list.addKeys();
    const where = firstElement(node, 'where');
    const condition = where === undefined ? undefined : compileConditions(where, scope, this.conditions);
    const order = elements(node, 'orderBy')
      .flatMap((element) => elements(element, 'node'))
      .map(
        (term) =>
          `${context.compile(attribute(term, 'expr'), scope).sql}${flag(term, 'sortDesc') ? ' DESC' : ''}`,
      );
    const filter = clause('WHERE', allOf([...on, ...scope.ownConditions, condition]));
    const sorted = order.length === 0 ? '' : ` ORDER BY ${order.join(', ')}`;
    const sql = `SELECT ${list.columns.join(', ')} FROM ${scope.fromClause}${filter}${sorted}`;
    this.layout.lists.push({
      target: target.slice(0, -1),
      name: target.at(-1)!,
      layout: list.layout,
      keys,
      fetch: (values) => this.environment.all(sql, values),
    });
  }

  /** `alias="../@n"` inside a collection node: an aggregate over the collection, on the row itself. */
  private addAggregateAbove(
    node: Element,
    parent: Element,
    resolved: Extract<Resolved, { kind: 'collection' }>,
  ): void {
    const inner = Scope.below(this.scope, resolved.from, resolved.link);
    this.placeValue(
      this.correlated(inner, attribute(node, 'expr'), [parent, node]),
      this.aliasOf(node) ?? this.nextUnnamed(),
    );
  }

  private correlated(inner: Scope, expr: string, wheres: readonly Element[]): TypedSql {
    const value = inner.context.compile(expr, inner);
    const conditions = wheres.flatMap((holder) => {
      const where = firstElement(holder, 'where');
      const sql = where === undefined ? undefined : compileConditions(where, inner, this.conditions);
      return sql === undefined ? [] : [`(${sql})`];
    });
    const all = [...inner.ownConditions, ...conditions].join(' AND ');
    return {
      sql: `(SELECT ${value.sql} FROM ${inner.fromClause} WHERE ${all})`,
      type: value.type,
      atom: true,
    };
  }

  /** `count([subscription/@id])` on a row: an aggregate over a collection needs no join and no grouping. */
  private collectionAggregate(tree: ExpressionNode, node: Element): TypedSql | undefined {
    if (tree.kind !== 'call' || findFunction(tree.name)?.aggregate !== true) return undefined;
    const paths: PathNode[] = [];
    walkExpression(tree, (child) => {
      if (child.kind === 'path') paths.push(child);
    });
    const [path] = paths;
    if (path === undefined || paths.length !== 1) return undefined;
    const resolved = this.resolve(attribute(node, 'expr'), path);
    if (resolved.kind !== 'collection') return undefined;
    const inner = Scope.below(this.scope, resolved.from, resolved.link);
    const text = attribute(node, 'expr');
    const rest = resolved.rest
      .map((step) => (step.kind === 'attribute' ? `@${step.name}` : step.name))
      .join('/');
    const field = rest === '' ? (primaryKey(inner.start.table.schema)?.fields[0]?.xpath ?? '.') : rest;
    const relative = `${text.slice(0, path.start)}[${field}]${text.slice(path.end)}`;
    return this.correlated(inner, relative, [node]);
  }
}

/** Does the element of a path hold an XML part below a container? Used by `SelectAll`. */
export function isXmlPart(context: QueryContext, node: SchemaNode): boolean {
  if (node.xml) return true;
  if (node.kind === 'attribute' || node.type !== undefined) return false;
  const scope = enterElement(context.model, node);
  return scope.kind === 'found' && scope.element.xml;
}

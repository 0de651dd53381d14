import {
  ungroup,
  walkExpression,
  type ExpressionNode,
  type PathNode,
} from '../../../core/expression/expressionTree.ts';
import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { primaryKey, type Enumeration, type SchemaNode } from '../../../core/schema/schema.ts';
import { attribute, elements, firstElement, flag, type Element } from '../xml/element.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { allOf, clause, splitExpressions } from './clauses.ts';
import { readExpression } from './compileExpression.ts';
import { compileConditions, nativeSql, type ConditionContext } from './conditions.ts';
import { findFunction } from './functions.ts';
import type { QueryEnvironment } from './queryEnvironment.ts';
import { createLayout, place, type RowLayout, type ValueSlot } from './resultLayout.ts';
import { Scope, type Resolved, type TypedSql } from './scope.ts';

/** Output steps of a path: `folder/@label` → `['folder', '@label']`. */
const stepsOf = (path: PathNode): string[] =>
  path.steps
    .filter((step) => step.kind !== 'self' && step.kind !== 'parent')
    .map((step) => (step.kind === 'attribute' ? `@${step.name}` : step.name));

/** The columns of a SELECT and where they go in the answer. */
export class SelectList {
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
    const isValid =
      steps.every((step) => /^@?[\p{L}_][\p{L}\p{N}_.-]*$/u.test(step)) &&
      steps.findIndex((step) => step.startsWith('@')) ===
        (steps.at(-1)?.startsWith('@') ? steps.length - 1 : -1);
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
    const tree = ungroup(readExpression(expr));
    const alias = node === undefined ? undefined : this.aliasOf(node);
    if (tree.kind === 'path') {
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

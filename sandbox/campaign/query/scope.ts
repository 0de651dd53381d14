import type { PathNode } from '../../../core/expression/expressionTree.ts';
import { parseXPath } from '../../../core/expression/parseExpression.ts';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import { primaryKey, type Schema, type SchemaElement, type SchemaNode } from '../../../core/schema/schema.ts';
import { identifier, quote } from '../database/identifier.ts';
import { isNumber, memoColumn, type Column } from '../model/columns.ts';
import type { Model } from '../model/model.ts';
import { CampaignFailure } from '../soap/fault.ts';

/** SQL with the XTK type of its value. */
export interface TypedSql {
  sql: string;
  type: string;
  /** The text of a string or date constant. */
  literal?: string;
  /** Needs no brackets as an operand. */
  atom: boolean;
  /** Contains an aggregate. */
  aggregate?: boolean;
}

/** A table of a statement under its alias. */
export interface TableUse {
  alias: string;
  schema: Schema;
  /** Reached through an outer join: its numbers are null where there is no row, and are read as 0. */
  optional: boolean;
}

/** Where paths start: an element of a schema whose row is `table`. */
export interface Position {
  table: TableUse;
  element: SchemaElement;
  /** Container path of the element inside its schema, `location/`. */
  prefix: string;
}

/** What a path leads to. */
export type Resolved =
  | { kind: 'column'; table: TableUse; column: Column }
  | { kind: 'computed'; expr: string; position: Position; node: SchemaNode }
  /** Stored in the XML body; `steps` lead there from its root. */
  | { kind: 'memo'; table: TableUse; steps: string[]; node: SchemaNode }
  /** The whole XML body. */
  | { kind: 'body'; table: TableUse }
  /** A link to one row, not joined yet. */
  | { kind: 'link'; from: Position; link: SchemaElement }
  /** A 1-N link and the steps after it, relative to its target. */
  | { kind: 'collection'; from: Position; link: SchemaElement; rest: PathNode['steps'] }
  | { kind: 'container'; position: Position }
  /** The record itself: its compute string. */
  | { kind: 'self'; position: Position };

/** Things every scope of a query needs. */
export interface QueryContext {
  model: Model;
  nextAlias(): string;
  allowSql: boolean;
  /** Values of `$(login)` and the like. */
  macros: ReadonlyMap<string, string>;
  /** Compiles an expression; here so that the two modules do not import each other in a circle. */
  compile(text: string, scope: Scope): TypedSql;
}

export function createContext(base: Omit<QueryContext, 'nextAlias'>): QueryContext {
  const counter = { next: 0 };
  return { ...base, nextAlias: () => `R${counter.next++}` };
}

export function unknownSchema(id: string): CampaignFailure {
  return new CampaignFailure(`XFR-180000 The schema '${id}' does not exist.`);
}

/** The tables of one SELECT; they grow as paths are resolved. */
interface Tables {
  from: string[];
  joined: Map<string, Position>;
  /** Conditions that come with the tables themselves. */
  conditions: string[];
}

/** One SELECT, seen from where its paths start. */
export class Scope {
  readonly context: QueryContext;
  readonly parent: Scope | undefined;
  readonly start: Position;
  private readonly tables: Tables;

  private constructor(context: QueryContext, start: Position, parent: Scope | undefined, tables: Tables) {
    this.context = context;
    this.start = start;
    this.parent = parent;
    this.tables = tables;
  }

  /** A SELECT from a schema. @throws CampaignFailure when the schema has no table. */
  static of(context: QueryContext, schemaId: string, parent?: Scope): Scope {
    const { schema, table } = tableOf(context, schemaId);
    const use: TableUse = { alias: context.nextAlias(), schema, optional: false };
    const tables: Tables = { from: [`${identifier(table)} ${use.alias}`], joined: new Map(), conditions: [] };
    return new Scope(context, { table: use, element: schema.root!, prefix: '' }, parent, tables);
  }

  /** No table at all: for expressions of constants and functions. */
  static withoutTable(context: QueryContext): Scope {
    const { schema } = parseSchema(
      '<schema namespace="xtk" name="none" library="true"><element name="none"/></schema>',
    );
    const table: TableUse = { alias: '', schema: schema!, optional: false };
    const tables: Tables = { from: [], joined: new Map(), conditions: [] };
    return new Scope(context, { table, element: schema!.root!, prefix: '' }, undefined, tables);
  }

  /** A SELECT from the target of a link, correlated with the row the link starts at. */
  static below(parent: Scope, from: Position, link: SchemaElement): Scope {
    const whole = Scope.of(parent.context, link.target ?? '', parent);
    const scope = whole.at(whole.below(whole.start, link.targetPath ?? ''));
    scope.tables.conditions.push(scope.joinCondition(parent, from, link, scope.start));
    return scope;
  }

  /** The FROM clause, complete once everything is compiled. */
  get fromClause(): string {
    return this.tables.from.join(' ');
  }

  get ownConditions(): readonly string[] {
    return this.tables.conditions;
  }

  resolve(path: PathNode): Resolved {
    if (path.join !== undefined) return this.resolveJoin(path);
    const steps = [...path.steps];
    return this.resolveFrom(path.absolute ? this.root() : this.start, steps);
  }

  /** `..` leaves a container, then the query itself for the one around it. */
  private resolveFrom(position: Position, steps: PathNode['steps']): Resolved {
    if (steps[0]?.kind !== 'parent') return this.walk(position, steps);
    if (position.prefix !== '') return this.resolveFrom(parentOf(position), steps.slice(1));
    if (this.parent === undefined) throw new CampaignFailure(`Path '..' leads out of the query.`);
    return this.parent.resolveFrom(this.parent.start, steps.slice(1));
  }

  private root(): Position {
    return { ...this.start, element: this.start.table.schema.root!, prefix: '' };
  }

  private walk(start: Position, steps: PathNode['steps']): Resolved {
    let position = start;
    for (const [index, step] of steps.entries()) {
      const isLast = index === steps.length - 1;
      const rest = steps.slice(index + 1);
      if (step.kind === 'self') continue;
      if (step.kind === 'parent') {
        position = parentOf(position);
        continue;
      }
      if (step.kind === 'attribute') return this.attribute(position, step.name);
      const child = position.element.elements.get(step.name);
      if (child === undefined) {
        if (step.name === 'data' && isLast && this.hasBody(position.table))
          return { kind: 'body', table: position.table };
        throw unknownNode('Element', step.name, position);
      }
      if (child.type === 'link') {
        if (child.unbound) return { kind: 'collection', from: position, link: child, rest };
        if (isLast) return { kind: 'link', from: position, link: child };
        const key = this.foreignKey(position, child, rest);
        if (key !== undefined) return { kind: 'column', table: position.table, column: key };
        position = this.join(position, child);
        continue;
      }
      if (child.xml || child.unbound || child.type === 'ANY') {
        return this.memo(position, [step.name, ...rest.map(stepText)], child, rest);
      }
      const next = this.enter(position, child);
      if (child.type === undefined) {
        position = next;
        continue;
      }
      return this.field(position, child, step.name);
    }
    return position.prefix === '' ? { kind: 'self', position } : { kind: 'container', position };
  }

  private attribute(position: Position, name: string): Resolved {
    const node = position.element.attributes.get(name);
    if (node === undefined) throw unknownNode('Attribute', name, position);
    if (node.xml)
      return { kind: 'memo', table: position.table, steps: [...prefixSteps(position), `@${name}`], node };
    return this.field(position, node, `@${name}`);
  }

  private field(position: Position, node: SchemaNode, step: string): Resolved {
    if (node.expr !== undefined) return { kind: 'computed', expr: node.expr, position, node };
    const storage = this.context.model.storage(position.table.schema.id);
    const column = storage?.byXPath.get(position.prefix + step);
    if (column !== undefined) return { kind: 'column', table: position.table, column };
    if (node.sqlName === memoColumn) return { kind: 'body', table: position.table };
    throw unknownNode(node.kind === 'attribute' ? 'Attribute' : 'Element', node.name, position);
  }

  private memo(position: Position, steps: string[], first: SchemaElement, rest: PathNode['steps']): Resolved {
    let node: SchemaNode = first;
    for (const step of rest) {
      if (node.kind === 'attribute' || node.type === 'ANY') break;
      const scope = enterElement(this.context.model, node);
      if (scope.kind !== 'found') break;
      const next: SchemaNode | undefined =
        step.kind === 'attribute'
          ? scope.element.attributes.get(step.name)
          : scope.element.elements.get(step.name);
      if (next === undefined) {
        throw unknownNode(step.kind === 'attribute' ? 'Attribute' : 'Element', step.name, position);
      }
      node = next;
    }
    return { kind: 'memo', table: position.table, steps: [...prefixSteps(position), ...steps], node };
  }

  private hasBody(table: TableUse): boolean {
    return this.context.model.storage(table.schema.id)?.memo === true;
  }

  private enter(position: Position, child: SchemaElement): Position {
    const scope = enterElement(this.context.model, child);
    const element = scope.kind === 'found' ? scope.element : child;
    return { table: position.table, element, prefix: `${position.prefix}${child.name}/` };
  }

  /** The column of this row that already holds the wanted field of a link's target: its foreign key. */
  private foreignKey(position: Position, link: SchemaElement, rest: PathNode['steps']): Column | undefined {
    const [join, ...others] = link.joins;
    const [next, ...further] = rest;
    if (join === undefined || others.length > 0 || next?.kind !== 'attribute' || further.length > 0)
      return undefined;
    return join.destination === `@${next.name}` ? this.sourceColumn(position, join.source) : undefined;
  }

  private sourceColumn(position: Position, source: string): Column | undefined {
    const storage = this.context.model.storage(position.table.schema.id);
    return storage?.byXPath.get(position.prefix + source) ?? storage?.byXPath.get(source);
  }

  /** Joins the target of a link, once. */
  join(position: Position, link: SchemaElement): Position {
    const key = `${position.table.alias}/${position.prefix}${link.name}`;
    const known = this.tables.joined.get(key);
    if (known !== undefined) return known;
    const { schema, table } = tableOf(this.context, link.target ?? '');
    const use: TableUse = { alias: this.context.nextAlias(), schema, optional: true };
    let target: Position = { table: use, element: schema.root!, prefix: '' };
    target = this.below(target, link.targetPath ?? '');
    const on = this.joinCondition(this, position, link, target);
    this.tables.from.push(`LEFT JOIN ${identifier(table)} ${use.alias} ON ${on}`);
    this.tables.joined.set(key, target);
    return target;
  }

  private below(position: Position, path: string): Position {
    return path
      .split('/')
      .filter((step) => step !== '')
      .reduce((at, step) => {
        const child = at.element.elements.get(step);
        return child === undefined ? at : this.enter(at, child);
      }, position);
  }

  /** The ON of a link. `outer` owns the source side, this scope the target side. */
  private joinCondition(outer: Scope, from: Position, link: SchemaElement, target: Position): string {
    if (link.joins.length === 0) {
      throw new CampaignFailure(`The link '${link.name}' of schema '${from.table.schema.id}' has no join.`);
    }
    const parts = link.joins.map((join) => {
      const source = outer.sideOf(from, join.source);
      const destination = this.sideOf(target, join.destination);
      return `${source} = ${destination}`;
    });
    for (const join of link.joins) {
      if (join.filter === undefined || join.filter === '') continue;
      parts.push(
        `(${this.context.compile(join.filter, new Scope(this.context, target, outer, this.tables)).sql})`,
      );
    }
    return parts.join(' AND ');
  }

  private sideOf(position: Position, xpath: string): string {
    const column = this.sourceColumn(position, xpath);
    if (column !== undefined) return `${position.table.alias}.${identifier(column.name)}`;
    const resolved = this.walk(
      { ...position, element: position.table.schema.root!, prefix: '' },
      parseXPath(xpath).path.steps,
    );
    if (resolved.kind === 'column') return `${resolved.table.alias}.${identifier(resolved.column.name)}`;
    if (resolved.kind === 'computed') return this.computed(resolved).sql;
    throw new CampaignFailure(
      `The path '${xpath}' of a join in schema '${position.table.schema.id}' is no column.`,
    );
  }

  /** `[ns:schema:alias:@field]`: another schema beside this one, without a link. */
  private resolveJoin(path: PathNode): Resolved {
    const join = path.join!;
    const key = `:${join.schema.text}:${join.alias?.text ?? ''}`;
    let position = this.tables.joined.get(key);
    if (position === undefined) {
      const { schema, table } = tableOf(this.context, join.schema.text);
      const use: TableUse = { alias: this.context.nextAlias(), schema, optional: false };
      position = { table: use, element: schema.root!, prefix: '' };
      this.tables.from.push(`CROSS JOIN ${identifier(table)} ${use.alias}`);
      this.tables.joined.set(key, position);
    }
    return this.walk(position, path.steps);
  }

  /** A field defined by an expression, evaluated where it is defined. */
  computed(resolved: Extract<Resolved, { kind: 'computed' }>): TypedSql {
    const value = this.context.compile(resolved.expr, this.at(resolved.position));
    const type = resolved.node.type ?? value.type;
    return { ...value, type };
  }

  /** The same SELECT with paths starting elsewhere; joins are shared. */
  at(position: Position): Scope {
    return new Scope(this.context, position, this.parent, this.tables);
  }

  columnSql(resolved: Extract<Resolved, { kind: 'column' }>): TypedSql {
    const { table, column } = resolved;
    const name = `${table.alias}.${identifier(column.name)}`;
    const isKey = column.xpath === primaryKey(table.schema)?.fields[0]?.xpath;
    if (table.optional && isNumber(column.type) && !isKey) {
      return { sql: `ifnull(${name}, 0)`, type: column.type, atom: true };
    }
    return { sql: name, type: column.type, atom: true };
  }

  bodySql(table: TableUse): string {
    return `${table.alias}.${memoColumn}`;
  }

  /** The compute string of a row. */
  computeString(position: Position): TypedSql {
    const { root } = position.table.schema;
    const expr = root?.computeString ?? primaryKey(position.table.schema)?.fields[0]?.xpath;
    if (expr === undefined) return { sql: quote(''), type: 'string', atom: true };
    const start: Position = { table: position.table, element: root!, prefix: '' };
    const text = /^@?[\w/@-]+$/.test(expr) && /[/-]/.test(expr) ? `[${expr}]` : expr;
    return this.context.compile(text, this.at(start));
  }
}

/** A path of some steps, from wherever it is resolved. */
export const relativePath = (steps: PathNode['steps']): PathNode => ({
  kind: 'path',
  start: 0,
  end: 0,
  bracketed: true,
  closed: true,
  absolute: false,
  steps,
  hasHole: false,
});

function tableOf(context: QueryContext, schemaId: string): { schema: Schema; table: string } {
  if (schemaId.startsWith('temp:')) {
    throw new CampaignFailure(
      `XTK-170024 The temporary schema '${schemaId}' is not defined in the current context.`,
    );
  }
  const schema = context.model.getSchema(schemaId);
  if (schema === null) throw unknownSchema(schemaId);
  const storage = context.model.storage(schemaId);
  if (storage === undefined)
    throw new CampaignFailure(`The schema '${schemaId}' has no table: it cannot be queried.`);
  return { schema, table: storage.table };
}

function unknownNode(kind: 'Attribute' | 'Element', name: string, position: Position): CampaignFailure {
  const { schema } = position.table;
  return new CampaignFailure(
    `${kind} '${name}' unknown (see definition of schema '${schema.label} (${schema.id})').`,
  );
}

function parentOf(position: Position): Position {
  if (position.prefix === '') throw new CampaignFailure(`Path '..' leads out of the document.`);
  const prefix = position.prefix.replace(/[^/]+\/$/, '');
  const element = position.element.parent ?? position.table.schema.root!;
  return { table: position.table, element, prefix };
}

const prefixSteps = (position: Position): string[] =>
  position.prefix.split('/').filter((step) => step !== '');
const stepText = (step: PathNode['steps'][number]): string =>
  step.kind === 'attribute' ? `@${step.name}` : step.name;

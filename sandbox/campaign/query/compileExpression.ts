import {
  ungroup,
  type CallNode,
  type ExpressionNode,
  type PathNode,
} from '../../../core/expression/expressionTree.ts';
import { parseExpression } from '../../../core/expression/parseExpression.ts';
import { resolveEnumeration } from '../../../core/schema/resolvePath.ts';
import { primaryKey, type Enumeration } from '../../../core/schema/schema.ts';
import { quote } from '../database/identifier.ts';
import { isDateLike, isInstant, isNumber, isText, isWholeNumber, toInstant } from '../model/columns.ts';
import { CampaignFailure } from '../soap/fault.ts';
import { findFunction, sqlFunctionName, type FunctionRow } from './functions.ts';
import { joinTerms } from './joinTerms.ts';
import { relativePath, type Scope, type TypedSql } from './scope.ts';

/** Compiles an expression to SQL. @throws CampaignFailure with XTK-170006 or XTK-170036. */
export function compileExpression(text: string, scope: Scope): TypedSql {
  const tree = readExpression(text);
  try {
    return new Compiler(scope).compile(tree);
  } catch (error) {
    // Inner layers name the field; this one names the expression, once.
    if (!(error instanceof CampaignFailure) || error.lines.some((line) => line.startsWith('XTK-1700')))
      throw error;
    if (error.lines.some((line) => /^[A-Z]{3}-\d{6}/.test(line))) throw error;
    throw error.within(`XTK-170036 Unable to parse expression '${text}'.`);
  }
}

/** The tree of an expression that can be read from end to end. @throws CampaignFailure with XTK-170006. */
export function readExpression(text: string): ExpressionNode {
  const { tree, problems } = parseExpression(text);
  if (problems.some((problem) => problem.severity === 'error')) throw unreadable(text);
  return tree;
}

export const unreadable = (text: string): CampaignFailure =>
  new CampaignFailure(`XTK-170006 Unable to parse expression '${text}'.`);

const wrap = (value: TypedSql): string => (value.atom ? value.sql : `(${value.sql})`);

class Compiler {
  private readonly scope: Scope;

  constructor(scope: Scope) {
    this.scope = scope;
  }

  compile(node: ExpressionNode): TypedSql {
    switch (node.kind) {
      case 'group': {
        const inner = this.compile(node.inner);
        return inner.atom ? inner : { ...inner, sql: `(${inner.sql})`, atom: true };
      }
      case 'string':
        return { sql: quote(node.value), type: 'string', literal: node.value, atom: true };
      case 'number':
        return {
          sql: node.raw,
          type: /^[+-]?\d+$/.test(node.raw) ? 'long' : 'double',
          literal: node.raw,
          atom: true,
        };
      case 'boolean':
        return { sql: node.value ? '1' : '0', type: 'boolean', atom: true };
      case 'null':
        return { sql: 'NULL', type: 'null', atom: true };
      case 'date':
        return dateLiteral(node.value);
      case 'unary': {
        const operand = this.compile(node.operand);
        return node.operator === 'not'
          ? withAggregate({ sql: `NOT ${wrap(operand)}`, type: 'boolean', atom: false }, [operand])
          : withAggregate({ sql: `- ${wrap(operand)}`, type: operand.type, atom: false }, [operand]);
      }
      case 'logical': {
        const parts = node.operands.map((operand) => this.compile(operand));
        const sql = joinTerms(parts.map(wrap), node.operator === 'and' ? 'AND' : 'OR');
        return withAggregate({ sql, type: 'boolean', atom: false }, parts);
      }
      case 'isNull': {
        const operand = this.compile(node.operand);
        const sql = `${wrap(operand)} IS ${node.negated ? 'NOT ' : ''}NULL`;
        return withAggregate({ sql, type: 'boolean', atom: false }, [operand]);
      }
      case 'in':
        return this.compileIn(node.operand, node.values, node.negated);
      case 'binary':
        return this.binary(node.operator, this.compile(node.left), this.compile(node.right));
      case 'path':
        return this.path(node);
      case 'call':
        return this.call(node);
      case 'macro':
        return this.macro(node.path);
      case 'sqlData':
        return this.sqlData(node.sql);
      case 'hole':
      case 'invalid':
      case 'missing':
        throw new CampaignFailure('XTK-170006 Unable to parse expression.');
    }
  }

  private path(node: PathNode): TypedSql {
    const resolved = this.scope.resolve(node);
    switch (resolved.kind) {
      case 'column':
        return this.scope.columnSql(resolved);
      case 'computed':
        return bracket(this.scope.computed(resolved));
      case 'body':
        return { sql: this.scope.bodySql(resolved.table), type: 'memo', atom: true };
      case 'self':
        return bracket(this.scope.computeString(resolved.position));
      case 'link':
        return this.linkKey(node);
      case 'memo':
        // The server gives a field of the XML body the same message as a misspelt one.
        throw new CampaignFailure(
          `${resolved.node.kind === 'attribute' ? 'Attribute' : 'Element'} '${resolved.node.name}' unknown ` +
            `(see definition of schema '${resolved.table.schema.label} (${resolved.table.schema.id})').`,
        );
      case 'collection':
        return this.acrossCollection(resolved);
      case 'container':
        throw new CampaignFailure(`Element '${lastName(node)}' is no field.`);
    }
  }

  /** A path through a 1-N link outside EXISTS: joined, so that rows multiply. */
  private acrossCollection(
    resolved: Extract<ReturnType<Scope['resolve']>, { kind: 'collection' }>,
  ): TypedSql {
    const target = this.scope.join(resolved.from, resolved.link);
    const inner = new Compiler(this.scope.at(target));
    const steps = resolved.rest.length === 0 ? firstKeyPath(target.table.schema) : resolved.rest;
    return inner.path(relativePath(steps));
  }

  /** A link as a value in a condition is its key. */
  private linkKey(node: PathNode): TypedSql {
    const resolved = this.scope.resolve(node);
    if (resolved.kind !== 'link') throw new CampaignFailure('The path is no link.');
    const target = this.scope.context.model.getSchema(resolved.link.target ?? '');
    const steps = [...node.steps, ...(target === null ? [] : firstKeyPath(target))];
    return this.path({ ...node, steps });
  }

  private macro(path: PathNode | undefined): TypedSql {
    const name = path === undefined ? '' : lastName(path);
    const value = this.scope.context.macros.get(name) ?? '';
    if (/^\d+$/.test(value)) return { sql: value, type: 'long', literal: value, atom: true };
    return { sql: quote(value), type: 'string', literal: value, atom: true };
  }

  private sqlData(sql: string): TypedSql {
    if (!this.scope.context.allowSql) {
      throw new CampaignFailure("XTK-170006 Native SQL is not permitted for this caller's security zone.");
    }
    return { sql, type: 'any', atom: true };
  }

  private compileIn(
    operandNode: ExpressionNode,
    valueNodes: readonly ExpressionNode[],
    negated: boolean,
  ): TypedSql {
    const operand = this.compile(operandNode);
    const values = valueNodes.map((value) => coerce(this.compile(value), operand.type).sql);
    const sql = `${wrap(operand)} ${negated ? 'NOT IN' : 'IN'} (${values.join(', ')})`;
    return { sql, type: 'boolean', atom: false };
  }

  private binary(operator: string, left: TypedSql, right: TypedSql): TypedSql {
    const result = (sql: string, type: string): TypedSql =>
      withAggregate({ sql, type, atom: false }, [left, right]);
    switch (operator) {
      case 'like':
      case 'not like':
        return result(`${wrap(left)} ${operator.toUpperCase()} ${wrap(right)} ESCAPE '\\'`, 'boolean');
      case '+':
      case '||':
        if (operator === '||' || isConcatenation(left, right)) {
          return result(`${asText(left)} || ${asText(right)}`, 'string');
        }
        return result(`${wrap(left)} + ${wrap(right)}`, widest(left, right));
      case '-':
      case '*':
      case '/':
      case '%':
        return result(`${wrap(left)} ${operator} ${wrap(right)}`, widest(left, right));
      default:
        return result(compare(left, operator, right), 'boolean');
    }
  }

  private call(node: CallNode): TypedSql {
    const special = this.special(node);
    if (special !== undefined) return special;
    const row = findFunction(node.name);
    if (row === undefined)
      throw new CampaignFailure(`XTK-170006 Unable to parse expression: unknown function '${node.name}'.`);
    const args = node.args.filter((arg) => arg.kind !== 'missing').map((arg) => this.compile(arg));
    if (args.length < row.minArgs || args.length > row.maxArgs) {
      throw new CampaignFailure(`XTK-170006 Wrong number of arguments for function '${row.name}'.`);
    }
    return applyFunction(row, args);
  }

  /** Functions whose arguments are no plain values. */
  private special(node: CallNode): TypedSql | undefined {
    switch (node.name.toLowerCase()) {
      case 'case':
        return this.caseOf(node);
      case 'rownum':
        return { sql: `ROW_NUMBER() OVER (${this.window(node.args)})`, type: 'long', atom: true };
      case '_over_': {
        const [value, ...window] = node.args;
        const aggregate = this.compile(value ?? node);
        return { sql: `${aggregate.sql} OVER (${this.window(window)})`, type: aggregate.type, atom: true };
      }
      case 'ev':
        return this.enumerationTest(node);
      case 'el':
        return this.enumerationLabel(node);
      case 'eval':
        return this.enumerationValue(node);
      default:
        return undefined;
    }
  }

  private caseOf(node: CallNode): TypedSql {
    const parts: string[] = [];
    const values: TypedSql[] = [];
    for (const branch of node.args.map(ungroup)) {
      const name = branch.kind === 'call' ? branch.name.toLowerCase() : '';
      if (branch.kind !== 'call' || (name !== 'when' && name !== 'else')) {
        throw new CampaignFailure('XTK-170006 Case takes When(condition, value) and Else(value) only.');
      }
      const args = branch.args.map((arg) => this.compile(arg));
      const value = args.at(-1);
      if (value === undefined || (name === 'when' && args.length !== 2)) {
        throw new CampaignFailure('XTK-170006 Wrong number of arguments in Case.');
      }
      values.push(value);
      parts.push(name === 'else' ? `ELSE ${value.sql}` : `WHEN ${args[0]!.sql} THEN ${value.sql}`);
    }
    const sql = `CASE ${parts.join(' ')} END`;
    return withAggregate({ sql, type: values[0]?.type ?? 'string', atom: false }, values);
  }

  private window(args: readonly ExpressionNode[]): string {
    return args
      .map(ungroup)
      .map((part) => {
        const name = part.kind === 'call' ? part.name.toLowerCase() : '';
        if (part.kind !== 'call' || (name !== 'partitionby' && name !== 'orderby')) {
          throw new CampaignFailure('XTK-170006 A window takes PartitionBy(…) and OrderBy(…).');
        }
        const terms = part.args.map((arg) => this.windowTerm(arg)).join(', ');
        return `${name === 'partitionby' ? 'PARTITION BY' : 'ORDER BY'} ${terms}`;
      })
      .join(' ');
  }

  private windowTerm(node: ExpressionNode): string {
    const inner = ungroup(node);
    const isDescending = inner.kind === 'call' && inner.name.toLowerCase() === 'desc';
    return isDescending ? `${this.compile(inner.args[0] ?? inner).sql} DESC` : this.compile(inner).sql;
  }

  private enumerationTest(node: CallNode): TypedSql {
    const { value, enumeration } = this.enumerated(node);
    const wanted = stringOf(node.args[1]);
    const entry = enumeration.values.find((candidate) => candidate.name === wanted);
    if (entry === undefined)
      throw new CampaignFailure(`The enumeration '${enumeration.name}' has no value '${wanted}'.`);
    return { sql: `${wrap(value)} = ${constant(entry.value, value.type)}`, type: 'boolean', atom: false };
  }

  private enumerationLabel(node: CallNode): TypedSql {
    const { value, enumeration } = this.enumerated(node);
    const cases = enumeration.values.map(
      (v) => `WHEN ${constant(v.value, value.type)} THEN ${quote(v.label)}`,
    );
    return { sql: `CASE ${wrap(value)} ${cases.join(' ')} ELSE '' END`, type: 'string', atom: false };
  }

  private enumerationValue(node: CallNode): TypedSql {
    return this.enumerated(node).value;
  }

  private enumerated(node: CallNode): { value: TypedSql; enumeration: Enumeration } {
    const path = node.args[0] === undefined ? undefined : ungroup(node.args[0]);
    if (path?.kind !== 'path') throw new CampaignFailure(`XTK-170006 ${node.name} takes a field.`);
    const resolved = this.scope.resolve(path);
    const reference = resolved.kind === 'column' ? resolved.column.node.enumeration : undefined;
    const result =
      reference === undefined || resolved.kind !== 'column'
        ? undefined
        : resolveEnumeration(this.scope.context.model, resolved.column.node.schemaId, reference);
    if (result?.kind !== 'found')
      throw new CampaignFailure(`The field '${lastName(path)}' has no enumeration.`);
    return { value: this.compile(path), enumeration: result.enumeration };
  }
}

const bracket = (value: TypedSql): TypedSql =>
  value.atom ? value : { ...value, sql: `(${value.sql})`, atom: true };

function withAggregate(value: TypedSql, parts: readonly TypedSql[]): TypedSql {
  return parts.some((part) => part.aggregate === true) ? { ...value, aggregate: true } : value;
}

function applyFunction(row: FunctionRow, args: readonly TypedSql[]): TypedSql {
  const parts = args.map((arg) => arg.sql);
  const sql = row.sql?.(parts) ?? `${sqlFunctionName(row.name)}(${parts.join(', ')})`;
  const type = typeof row.type === 'number' ? (args[row.type]?.type ?? 'string') : row.type;
  const isCase = sql.startsWith('CASE') || row.name === 'Mod';
  const result: TypedSql = { sql, type, atom: !isCase };
  return row.aggregate === true ? { ...result, aggregate: true } : withAggregate(result, args);
}

function dateLiteral(text: string): TypedSql {
  try {
    const instant = toInstant(text.trim());
    const isDay = !text.includes(':');
    const literal = isDay ? instant.slice(0, 10) : instant;
    return { sql: quote(literal), type: isDay ? 'date' : 'datetime', literal, atom: true };
  } catch {
    throw new CampaignFailure(`XTK-170006 Unable to parse expression '#${text}#'.`);
  }
}

/** A constant made to fit the other side of a comparison, as the database would. */
function coerce(value: TypedSql, type: string): TypedSql {
  const { literal } = value;
  if (isInstant(type) && value.type === 'date') {
    if (literal !== undefined) return { ...value, sql: quote(toInstant(literal)), type };
    return { ...value, sql: `${wrap(value)} || ' 00:00:00.000Z'`, type, atom: false };
  }
  if (literal === undefined || value.type !== 'string') return value;
  if (isNumber(type) && /^\s*[+-]?\d+(\.\d+)?\s*$/.test(literal))
    return { sql: literal.trim(), type, atom: true };
  if (type === 'boolean' && /^(true|false)$/i.test(literal))
    return { sql: /true/i.test(literal) ? '1' : '0', type, atom: true };
  if (isNumber(type)) {
    throw new CampaignFailure(
      `PGS-220000 PostgreSQL error: ERROR: invalid input syntax for type integer: "${literal}"`,
    );
  }
  if (isDateLike(type) && literal !== '') {
    try {
      const instant = toInstant(literal);
      return { sql: quote(isInstant(type) ? instant : instant.slice(0, 10)), type, atom: true };
    } catch {
      throw new CampaignFailure(
        `PGS-220000 PostgreSQL error: ERROR: invalid input syntax for type timestamp: "${literal}"`,
      );
    }
  }
  return value;
}

const operators: Readonly<Record<string, string>> = { '==': '=', '!=': '<>' };

function compare(left: TypedSql, operator: string, right: TypedSql): string {
  const sqlOperator = operators[operator] ?? operator;
  const b = coerce(right, left.type);
  const a = coerce(left, b.type);
  // Missing, null and empty text are the same in Campaign. [I] how the server writes it.
  const isEmptyTest = (a.literal === '' || b.literal === '') && (sqlOperator === '=' || sqlOperator === '<>');
  if (isEmptyTest) return `ifnull(${a.sql}, '') ${sqlOperator} ifnull(${b.sql}, '')`;
  if (b.type === 'null' && sqlOperator === '=') return `${wrap(a)} IS NULL`;
  if (b.type === 'null' && sqlOperator === '<>') return `${wrap(a)} IS NOT NULL`;
  return `${wrap(a)} ${sqlOperator} ${wrap(b)}`;
}

const isConcatenation = (left: TypedSql, right: TypedSql): boolean =>
  isText(left.type) || isText(right.type) || isDateLike(left.type) || isDateLike(right.type);

/** A value as part of a text. SQLite would write 12 as `12.0` where the column holds fractions. */
function asText(value: TypedSql): string {
  if (value.literal !== undefined) return isText(value.type) ? wrap(value) : quote(value.literal);
  if (isNumber(value.type) && !isWholeNumber(value.type)) return `xtkToString(${value.sql})`;
  return `ifnull(${value.sql}, '')`;
}

const widest = (left: TypedSql, right: TypedSql): string =>
  [left.type, right.type].find(
    (type) => isNumber(type) && !['boolean', 'byte', 'short', 'long', 'int', 'int64'].includes(type),
  ) ?? (left.type === 'int64' || right.type === 'int64' ? 'int64' : 'long');

const constant = (text: string, type: string): string =>
  isNumber(type) ? String(Number(text)) : quote(text);

const lastName = (path: PathNode): string => path.steps.at(-1)?.name ?? '';

function stringOf(node: ExpressionNode | undefined): string {
  const inner = node === undefined ? undefined : ungroup(node);
  return inner?.kind === 'string' ? inner.value : '';
}

function firstKeyPath(schema: Parameters<typeof primaryKey>[0]): PathNode['steps'] {
  const xpath = primaryKey(schema)?.fields[0]?.xpath ?? '@id';
  const parsed = parseExpression(`[${xpath}]`).tree;
  return parsed.kind === 'path' ? parsed.steps : [];
}

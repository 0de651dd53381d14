import {
  ungroup,
  type BinaryNode,
  type CallNode,
  type ExpressionNode,
  type InNode,
  type PathNode,
  type Span,
} from './expressionTree.ts';
import { editDistance } from './editDistance.ts';
import { listValueNames, listValues, meantValue, type NamedValue } from './enumerationWords.ts';
import {
  argumentCounts,
  expressionFunctions,
  findFunction,
  functionSignature,
  parameterAt,
  type ExpressionFunction,
} from './functions.ts';
import { isDateText, quoteXtk } from './literals.ts';
import {
  expressionProblemSeverities,
  type ExpressionProblem,
  type ExpressionProblemCode,
  type ProblemFix,
} from './problems.ts';
import { typeFamily, widerNumber, type TypeFamily } from './typeFamily.ts';

/** What a path stands for, as far as checking needs it. */
export interface ResolvedPath {
  /** XTK type; `undefined` for containers. Links are `link`. */
  readonly type: string | undefined;
  /** Values of its enumeration, when the field has one and it is known and closed. */
  readonly values?: readonly NamedValue[];
}

/** The part of a query an expression is in; decides whether aggregates and window functions may be there. */
export type ExpressionClause = 'select' | 'where' | 'orderBy' | 'groupBy' | 'having';

export interface InferOptions {
  /**
   * Looks a path up in the model. `undefined`: not known, or does not exist; either way nothing is reported here.
   * Not called for paths in macros, in predicates, or with an unknown part.
   */
  readonly resolve?: (path: PathNode) => ResolvedPath | undefined;
  /** Functions the instance adds, see `indexFunctions`. */
  readonly functions?: ReadonlyMap<string, ExpressionFunction>;
  /** The instance's own list has been read: an unknown function is an error, not a warning. Default false. */
  readonly functionsComplete?: boolean;
  /** Leave out where aggregates are legal (conditions with a `setOperator`, nodes of collections). */
  readonly clause?: ExpressionClause;
  /** The expression decides something: `condition@expr`, `enabledIf`. Default false. */
  readonly isCondition?: boolean;
}

export interface InferredTypes {
  /** XTK type of the whole expression; see {@link InferredTypes.typeOf}. */
  readonly type: string;
  /** XTK type of a node, `number` for some numeric type, `null`, a marker (`When`), or `unknown`. */
  typeOf(node: ExpressionNode): string;
  readonly problems: readonly ExpressionProblem[];
}

/**
 * Infers the type of every node and reports what types and signatures say against. Where the language documents
 * nothing, nothing is reported; unknown parts silence the checks they take part in. Never throws.
 */
export function inferTypes(tree: ExpressionNode, options: InferOptions = {}): InferredTypes {
  const checker = new TypeChecker(options);
  const type = checker.infer(tree, undefined);
  if (options.isCondition === true) checker.checkCondition(tree, 'A condition');
  checker.problems.sort((a, b) => a.start - b.start || a.end - b.end);
  return {
    type,
    typeOf: (node) => checker.types.get(node) ?? 'unknown',
    problems: checker.problems,
  };
}

/** Functions that only mean something inside certain others. */
const ownersOf: Readonly<Record<string, readonly string[]>> = {
  when: ['Case'],
  else: ['Case'],
  desc: ['OrderBy'],
  partitionby: ['RowNum', '_Over_'],
  orderby: ['RowNum', '_Over_'],
};

class TypeChecker {
  readonly types = new Map<ExpressionNode, string>();
  readonly problems: ExpressionProblem[] = [];
  private readonly options: InferOptions;
  private readonly resolved = new Map<ExpressionNode, ResolvedPath>();

  constructor(options: InferOptions) {
    this.options = options;
  }

  infer(node: ExpressionNode, owner: CallNode | undefined): string {
    const type = this.inferNode(node, owner);
    this.types.set(node, type);
    return type;
  }

  private inferNode(node: ExpressionNode, owner: CallNode | undefined): string {
    switch (node.kind) {
      case 'path':
        return this.inferPath(node);
      case 'string':
        return 'string';
      case 'number':
        return /[.eE]/.test(node.raw) ? 'double' : node.value > 0x7fffffff ? 'int64' : 'long';
      case 'boolean':
        return 'boolean';
      case 'null':
        return 'null';
      case 'date':
        return node.value.includes(':') ? 'datetime' : 'date';
      case 'group':
        return this.infer(node.inner, owner);
      case 'unary':
        return this.inferUnary(node.operator, node.operand);
      case 'binary':
        return this.inferBinary(node);
      case 'logical':
        for (const operand of node.operands) {
          this.infer(operand, undefined);
          this.checkCondition(operand, `An operand of ${node.operator.toUpperCase()}`);
        }
        return 'boolean';
      case 'isNull':
        this.infer(node.operand, undefined);
        this.checkNeverNull(node, node.operand);
        return 'boolean';
      case 'in':
        return this.inferIn(node);
      case 'call':
        return this.inferCall(node, owner);
      case 'macro':
        return macroType(node.name);
      case 'invalid':
        for (const child of node.children) this.infer(child, undefined);
        return 'unknown';
      case 'sqlData':
      case 'hole':
      case 'missing':
        return 'unknown';
    }
  }

  private report(
    code: ExpressionProblemCode,
    span: Span,
    message: string,
    fix?: ProblemFix,
    severity = expressionProblemSeverities[code],
  ): void {
    const problem: ExpressionProblem = { code, severity, message, start: span.start, end: span.end };
    this.problems.push(fix === undefined ? problem : { ...problem, fix });
  }

  private familyOf(node: ExpressionNode): TypeFamily {
    return typeFamily(this.types.get(node) ?? 'unknown');
  }

  private inferPath(path: PathNode): string {
    if (path.hasHole) return 'unknown';
    const resolved = this.options.resolve?.(path);
    if (resolved === undefined) {
      const only = path.steps.length === 1 && !path.bracketed ? path.steps[0] : undefined;
      // `RowId` is documented without brackets.
      const row = only?.kind === 'element' ? findFunction(only.name, this.options.functions) : undefined;
      return row?.params.length === 0 ? row.returns : 'unknown';
    }
    this.resolved.set(path, resolved);
    return resolved.type ?? 'unknown';
  }

  private inferUnary(operator: 'not' | '-', operand: ExpressionNode): string {
    const type = this.infer(operand, undefined);
    if (operator === 'not') {
      this.checkCondition(operand, 'The operand of NOT');
      return 'boolean';
    }
    this.checkArithmetic(operand, '-');
    return this.familyOf(operand) === 'number' ? type : 'unknown';
  }

  private inferBinary(node: BinaryNode): string {
    const left = this.infer(node.left, undefined);
    const right = this.infer(node.right, undefined);
    switch (node.operator) {
      case '+':
      case '||':
        return this.typeOfSum(node, left, right);
      case '-':
      case '*':
      case '/':
      case '%': {
        this.checkArithmetic(node.left, node.operator);
        this.checkArithmetic(node.right, node.operator);
        const areNumbers = this.familyOf(node.left) === 'number' && this.familyOf(node.right) === 'number';
        return areNumbers ? widerNumber(left, right) : 'unknown';
      }
      case 'like':
      case 'not like':
        this.checkLike(node);
        return 'boolean';
      default:
        this.checkNull(node);
        this.checkMemo(node.left);
        this.checkMemo(node.right);
        this.checkComparable(node.left, node.right, /^[<>]=?$/.test(node.operator));
        return 'boolean';
    }
  }

  private typeOfSum(node: BinaryNode, left: string, right: string): string {
    const families = [this.familyOf(node.left), this.familyOf(node.right)];
    if (node.operator === '||' || families.includes('text')) return 'string';
    return families.every((family) => family === 'number') ? widerNumber(left, right) : 'unknown';
  }

  private inferIn(node: InNode): string {
    this.infer(node.operand, undefined);
    for (const value of node.values) {
      this.infer(value, undefined);
      this.checkComparable(node.operand, value);
    }
    return 'boolean';
  }

  // Functions -------------------------------------------------------------------------------------------------------

  private inferCall(node: CallNode, owner: CallNode | undefined): string {
    const argTypes = node.args.map((arg) => this.infer(arg, node));
    const row = findFunction(node.name, this.options.functions);
    if (row === undefined) {
      this.reportUnknownFunction(node);
      return 'unknown';
    }
    this.checkPlacement(node, row, owner);
    this.checkArguments(node, row);
    if (row.name === 'Case') return this.typeOfCase(node);
    if (!row.returns.startsWith('=')) return row.returns === 'any' ? 'unknown' : row.returns;
    const index = row.params.findIndex((param) => param.name === row.returns.slice(1));
    return argTypes[index] ?? 'unknown';
  }

  private typeOfCase(node: CallNode): string {
    for (const arg of node.args) {
      if (arg.kind !== 'call') continue;
      const value = arg.args[arg.name.toLowerCase() === 'when' ? 1 : 0];
      const type = value === undefined ? undefined : this.types.get(value);
      if (type !== undefined && type !== 'unknown' && type !== 'null') return type;
    }
    return 'unknown';
  }

  private reportUnknownFunction(node: CallNode): void {
    const isCertain = this.options.functionsComplete === true;
    const near = nearestFunction(node.name, this.options.functions);
    const message = isCertain
      ? `This instance has no function ${node.name}.`
      : `${node.name} is not a known function. Instances can add functions of their own.`;
    this.report(
      'expression/function-unknown',
      node.nameSpan,
      near === undefined ? message : `${message} Did you mean ${near.name}?`,
      near === undefined
        ? undefined
        : { title: `Replace by ${near.name}`, ...node.nameSpan, text: near.name },
      isCertain ? 'error' : 'warning',
    );
  }

  private checkPlacement(node: CallNode, row: ExpressionFunction, owner: CallNode | undefined): void {
    const { clause } = this.options;
    if (row.group === 'aggregate' && (clause === 'where' || clause === 'groupBy') && owner?.name !== '_Over_')
      this.report(
        'expression/aggregate-in-where',
        node.nameSpan,
        `${row.name} is an aggregate; it belongs in having, not in ${clause}.`,
      );
    if (row.group === 'window' && clause !== undefined && clause !== 'select' && owner === undefined)
      this.report(
        'expression/window-outside-select',
        node.nameSpan,
        `${row.name} is a window function; it belongs in select.`,
      );
    const owners = ownersOf[row.name.toLowerCase()];
    if (owners === undefined) return;
    const ownerRow = owner === undefined ? undefined : findFunction(owner.name, this.options.functions);
    const isUnknownOwner = owner !== undefined && ownerRow === undefined;
    if (isUnknownOwner || (ownerRow !== undefined && owners.includes(ownerRow.name))) return;
    this.report(
      'expression/function-misplaced',
      node.nameSpan,
      `${row.name} is only possible inside ${owners.join(' or ')}.`,
    );
  }

  private checkArguments(node: CallNode, row: ExpressionFunction): void {
    if (row.certainty !== 'documented') return;
    const { min, max } = argumentCounts(row);
    // An argument still to be typed is a syntax problem already, and unknown text can be any number of arguments.
    if (node.args.some((arg) => ['hole', 'missing', 'invalid', 'sqlData'].includes(arg.kind))) return;
    if (node.closed && (node.args.length < min || node.args.length > max)) {
      const wanted = max === Infinity ? `at least ${min}` : min === max ? `${min}` : `${min} to ${max}`;
      this.report(
        'expression/argument-count',
        node.nameSpan,
        `${row.name} takes ${wanted} ${wanted === '1' ? 'argument' : 'arguments'}, not ${node.args.length}: ${functionSignature(row)}.`,
      );
      return;
    }
    for (const [index, arg] of node.args.entries()) {
      const param = parameterAt(row, index, node.args.length);
      if (param !== undefined) this.checkArgument(row, param.name, param.type, arg);
    }
    if (row.name === 'EV') this.checkValueName(row, node);
  }

  private checkArgument(row: ExpressionFunction, name: string, wanted: string, arg: ExpressionNode): void {
    const given = this.familyOf(arg);
    const family = typeFamily(wanted);
    const literal = ungroup(arg);
    if (given === 'unknown') return;
    const complain = (expected: string, fix?: ProblemFix): void =>
      this.report(
        'expression/argument-type',
        arg,
        `${row.name} expects ${expected} for ${name}, not ${describe(this.types.get(arg)!)}.`,
        fix,
      );
    if (family === 'marker') {
      const isBranch = wanted === 'When' || wanted === 'Else';
      const type = this.types.get(arg);
      if (isBranch ? type !== 'When' && type !== 'Else' : type !== wanted)
        complain(isBranch ? 'When(…) or Else(…)' : `${wanted}(…)`);
    } else if (family === 'date') {
      if (given === 'date') return;
      complain('a date', literal.kind === 'string' ? dateFix(literal, literal.value) : undefined);
    } else if (family === 'number') {
      const isNumeric = literal.kind === 'string' && (literal.hasHole || isNumberText(literal.value));
      if (given === 'date' || (given === 'text' && !isNumeric)) complain('a number');
    } else if (family === 'boolean') {
      if (given === 'text' || given === 'date') complain('a condition');
    }
  }

  // Values ----------------------------------------------------------------------------------------------------------

  /** Reports text and dates where something must be true or false. */
  checkCondition(node: ExpressionNode, what: string): void {
    const family = this.familyOf(node);
    if (family !== 'text' && family !== 'date') return;
    this.report(
      'expression/not-a-condition',
      node,
      `${what} must be true or false, not ${describe(this.types.get(node)!)}. Compare it with something.`,
    );
  }

  private checkArithmetic(node: ExpressionNode, operator: string): void {
    const family = this.familyOf(node);
    // Subtracting from dates is not documented either way, so nothing is said about it.
    const isWrong = family === 'text' || family === 'boolean' || (family === 'date' && operator !== '-');
    if (!isWrong) return;
    this.report(
      'expression/operand-type',
      node,
      `${operator} needs numbers, not ${describe(this.types.get(node)!)}.`,
    );
  }

  private checkLike(node: BinaryNode): void {
    const family = this.familyOf(node.left);
    if (family === 'number' || family === 'boolean' || family === 'date')
      this.report(
        'expression/type-mismatch',
        node.left,
        `LIKE compares text, not ${describe(this.types.get(node.left)!)}.`,
      );
    const pattern = ungroup(node.right);
    if (pattern.kind !== 'string' || pattern.hasHole || !pattern.closed) return;
    if (!/[%_]|\$\w*\(/.test(pattern.value))
      this.report(
        'expression/like-without-wildcard',
        pattern,
        'A pattern without % or _ matches only itself; use = instead of LIKE.',
        node.operator === 'like'
          ? { title: 'Replace LIKE by =', ...node.operatorSpan, text: '=' }
          : { title: 'Replace NOT LIKE by !=', ...node.operatorSpan, text: '!=' },
      );
  }

  private checkNull(node: BinaryNode): void {
    const other = node.right.kind === 'null' ? node.left : node.left.kind === 'null' ? node.right : undefined;
    if (other === undefined || /^[<>]=?$/.test(node.operator)) return;
    const test = node.operator.startsWith('!') || node.operator === '<>' ? 'IS NOT NULL' : 'IS NULL';
    this.report(
      'expression/null-comparison',
      node,
      `Whether a value is missing is tested with ${test}.`,
      other === node.left
        ? { title: `Replace by ${test}`, start: other.end, end: node.end, text: ` ${test}` }
        : undefined,
    );
  }

  private checkMemo(node: ExpressionNode): void {
    if (this.types.get(node) !== 'memo') return;
    this.report(
      'expression/memo-comparison',
      node,
      'Some databases cannot compare memos; use MemoContains or IsMemoNull.',
    );
  }

  private checkNeverNull(node: ExpressionNode, operand: ExpressionNode): void {
    const path = ungroup(operand);
    // A number of a linked record is NULL when there is no such record.
    if (path.kind !== 'path' || path.steps.length !== 1 || path.join !== undefined) return;
    const family = this.familyOf(path);
    if (family !== 'number' && family !== 'boolean') return;
    this.report('expression/never-null', node, 'Numbers and booleans are 0 in the database, never NULL.');
  }

  private checkComparable(left: ExpressionNode, right: ExpressionNode, isOrder = false): void {
    // A bound may lie between the values: `@state < 50`.
    if (!isOrder) {
      this.checkEnumeration(left, right);
      this.checkEnumeration(right, left);
    }
    const families = [this.familyOf(left), this.familyOf(right)];
    const [a, b] = families as [TypeFamily, TypeFamily];
    if (a === b || families.includes('unknown') || families.includes('marker')) return;
    // `@b = 1` is documented for booleans.
    if (!families.includes('text') && !families.includes('date')) return;
    const [literal, other] = isLiteral(right) ? [ungroup(right), left] : [ungroup(left), right];
    this.report(
      'expression/type-mismatch',
      isLiteral(literal) ? literal : { start: left.start, end: right.end },
      `${capital(describe(this.types.get(other)!))} is compared with ${describe(this.types.get(literal)!)}.`,
      comparisonFix(literal, this.familyOf(other)),
    );
  }

  /** The literal must be a value of the enumeration of the field it is compared with. */
  private checkEnumeration(field: ExpressionNode, valueNode: ExpressionNode): void {
    const values = this.resolved.get(ungroup(field))?.values;
    const literal = ungroup(valueNode);
    const text = literalText(literal);
    if (values === undefined || values.length === 0 || text === undefined) return;
    if (values.some((value) => value.value === text)) return;
    const meant = meantValue(text, values);
    const fixText = meant && literalLike(meant.value, this.familyOf(field));
    const hint =
      fixText === undefined ? listValues(values) : `Compare with ${fixText}, the value of ${meant!.name}.`;
    this.report(
      'expression/enum-unknown-value',
      literal,
      `${text === '' ? "''" : text} is not a value of this enumeration. ${hint}`,
      fixText === undefined
        ? undefined
        : { title: `Replace by ${fixText}`, start: literal.start, end: literal.end, text: fixText },
    );
  }

  private checkValueName(row: ExpressionFunction, node: CallNode): void {
    const [field, name] = node.args;
    if (field !== undefined && isLiteral(field)) {
      this.report(
        'expression/argument-type',
        field,
        `${row.name} expects a field with an enumeration, not a constant.`,
      );
      return;
    }
    if (name !== undefined && isLiteral(name) && ungroup(name).kind !== 'string') {
      this.report('expression/argument-type', name, `${row.name} expects the name of a value in quotes.`);
      return;
    }
    const values = field === undefined ? undefined : this.resolved.get(ungroup(field))?.values;
    if (values === undefined || values.length === 0 || name?.kind !== 'string' || name.hasHole) return;
    if (values.some((value) => value.name === name.value)) return;
    const meant = meantValue(name.value, values);
    const fixText = meant && quoteXtk(meant.name);
    this.report(
      'expression/enum-unknown-value',
      name,
      `${name.value} is not the name of a value of this enumeration. ${meant === undefined ? listValueNames(values) : `Did you mean ${meant.name}?`}`,
      fixText === undefined
        ? undefined
        : { title: `Replace by ${fixText}`, start: name.start, end: name.end, text: fixText },
    );
  }
}

function macroType(name: string): string {
  switch (name) {
    case 'long':
    case 'int64':
    case 'date':
    case 'datetime':
    case 'string':
    case 'memo':
      return name;
    default:
      return 'unknown';
  }
}

function isLiteral(node: ExpressionNode): boolean {
  return ['string', 'number', 'date', 'boolean'].includes(ungroup(node).kind);
}

/** Content of a literal that can be looked up among values; `undefined` when a part is unknown. */
function literalText(node: ExpressionNode): string | undefined {
  if (node.kind === 'number') return node.raw;
  if (node.kind !== 'string' || node.hasHole || !node.closed || /\$\w*\(/.test(node.value)) return undefined;
  return node.value;
}

function literalLike(value: string, family: TypeFamily): string {
  return family === 'number' || family === 'boolean' ? value : quoteXtk(value);
}

function comparisonFix(literal: ExpressionNode, wanted: TypeFamily): ProblemFix | undefined {
  const replace = (text: string): ProblemFix => ({
    title: `Replace by ${text}`,
    start: literal.start,
    end: literal.end,
    text,
  });
  if (literal.kind === 'string' && !literal.hasHole) {
    if (wanted === 'date') return dateFix(literal, literal.value);
    if (wanted === 'number' && isNumberText(literal.value)) return replace(literal.value.trim());
    if (wanted === 'boolean' && /^(true|false|0|1)$/i.test(literal.value))
      return replace(literal.value.toLowerCase());
  }
  if (literal.kind === 'number' && wanted === 'text') return replace(quoteXtk(literal.raw));
  return undefined;
}

function dateFix(span: Span, value: string): ProblemFix | undefined {
  if (!isDateText(value)) return undefined;
  return { title: `Replace by #${value}#`, start: span.start, end: span.end, text: `#${value}#` };
}

function isNumberText(text: string): boolean {
  return /^\s*-?\d+(\.\d+)?\s*$/.test(text);
}

function describe(type: string): string {
  switch (typeFamily(type)) {
    case 'text':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'a boolean';
    case 'date':
      return 'a date';
    default:
      return type;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** The known function whose name is one or two letters away, if there is one. */
function nearestFunction(
  name: string,
  extra: ReadonlyMap<string, ExpressionFunction> | undefined,
): ExpressionFunction | undefined {
  const wanted = name.toLowerCase();
  const limit = wanted.length <= 4 ? 1 : 2;
  let nearest: ExpressionFunction | undefined;
  let best = limit + 1;
  for (const row of [...(extra?.values() ?? []), ...expressionFunctions]) {
    if (Math.abs(row.name.length - wanted.length) >= best) continue;
    const distance = editDistance(wanted, row.name.toLowerCase());
    if (distance < best) {
      best = distance;
      nearest = row;
    }
  }
  return nearest;
}

import type {
  BinaryNode,
  ExpressionNode,
  LogicalNode,
  PathNode,
  PathStep,
  UnaryNode,
} from './expressionTree.ts';
import { operatorPowers } from './parseExpression.ts';

/** Binds tighter than any operator: values, calls, paths, brackets. */
const valuePower = 9;

/**
 * Writes a tree as expression text: operator words in capitals, one space around operators, none inside brackets.
 * Brackets that the tree has stay; those it needs are added, also around paths (`a/@b` becomes `[a/@b]`). Parsing the
 * result gives an equal tree, offsets and added brackets aside. Unreadable parts are written as they stood.
 */
export function printExpression(node: ExpressionNode): string {
  switch (node.kind) {
    case 'path':
      return node.bracketed || needsBrackets(node) ? `[${printPath(node)}]` : printPath(node);
    case 'string':
      return printString(node.value);
    case 'number':
      return node.raw;
    case 'boolean':
      return node.value ? 'true' : 'false';
    case 'null':
      return 'NULL';
    case 'date':
      return `#${node.value}#`;
    case 'unary':
      return printUnary(node);
    case 'binary':
      return printBinary(node);
    case 'logical':
      return printLogical(node);
    case 'isNull':
      return `${printOperand(node.operand, operatorPowers.match)} IS ${node.negated ? 'NOT NULL' : 'NULL'}`;
    case 'in': {
      const values = node.values.map(printExpression).join(', ');
      return `${printOperand(node.operand, operatorPowers.match)} ${node.negated ? 'NOT IN' : 'IN'} (${values})`;
    }
    case 'call':
      return `${node.name}(${node.args.map(printExpression).join(', ')})`;
    case 'macro':
      return node.path === undefined ? `$${node.name}` : `$${node.name}(${printPath(node.path)})`;
    case 'sqlData':
      return `[SQLDATA[${node.sql}]]`;
    case 'group':
      return `(${printExpression(node.inner)})`;
    case 'hole':
      return '\uFFFC';
    case 'invalid':
      return node.text;
    case 'missing':
      return '';
  }
}

/** A path without brackets around it, as `xpath` attributes hold it: `nms:recipient:r2:folder[1]/@label`. */
export function printPath(path: PathNode): string {
  const join =
    path.join === undefined
      ? ''
      : `${path.join.schema.text}:${path.join.alias === undefined ? '' : `${path.join.alias.text}:`}`;
  return join + (path.absolute ? '/' : '') + printSteps(path.steps);
}

/** Steps with their separators and predicates: `group[1]/@label`. */
export function printSteps(steps: readonly PathStep[]): string {
  return steps
    .map((step, index) => {
      const separator = index === 0 ? '' : step.separator;
      const predicates = step.predicates.map((predicate) => `[${printExpression(predicate.test)}]`);
      return separator + stepText(step) + predicates.join('');
    })
    .join('');
}

/** The steps of a path as `resolvePath` takes them: `['folder', '@label']`, without predicates. */
export function stepTexts(steps: readonly PathStep[]): string[] {
  return steps.map(stepText);
}

function stepText(step: PathStep): string {
  return step.kind === 'attribute' ? `@${step.name}` : step.name;
}

function needsBrackets(path: PathNode): boolean {
  return (
    path.join !== undefined ||
    path.absolute ||
    path.steps.length > 1 ||
    path.steps.some((step) => step.predicates.length > 0 || step.name.includes('-'))
  );
}

/** Escapes no more than the reader decodes, so that `\%` of a LIKE pattern stays as it is. */
function printString(value: string): string {
  return `'${value.replace(/\\(?=\\|'|$)|'/g, '\\$&')}'`;
}

function powerOf(node: ExpressionNode): number {
  switch (node.kind) {
    case 'logical':
      return operatorPowers[node.operator];
    case 'unary':
      return node.operator === 'not' ? operatorPowers.not : operatorPowers.negate;
    case 'isNull':
    case 'in':
      return operatorPowers.match;
    case 'binary':
      return binaryPower(node);
    default:
      return valuePower;
  }
}

function binaryPower(node: BinaryNode): number {
  switch (node.operator) {
    case '+':
    case '-':
    case '||':
      return operatorPowers.additive;
    case '*':
    case '/':
    case '%':
      return operatorPowers.multiplicative;
    case 'like':
    case 'not like':
      return operatorPowers.match;
    default:
      return operatorPowers.relation;
  }
}

function printOperand(node: ExpressionNode, minPower: number): string {
  const text = printExpression(node);
  return powerOf(node) < minPower ? `(${text})` : text;
}

function printUnary(node: UnaryNode): string {
  return node.operator === 'not'
    ? `NOT ${printOperand(node.operand, operatorPowers.not)}`
    : `-${printOperand(node.operand, operatorPowers.negate)}`;
}

function printBinary(node: BinaryNode): string {
  const power = binaryPower(node);
  // Comparisons do not chain: `(a = b) = c` keeps its brackets.
  const leftPower = power === operatorPowers.relation ? power + 1 : power;
  const left = printOperand(node.left, leftPower);
  const right = printOperand(node.right, power + 1);
  return `${left} ${node.operator.toUpperCase()} ${right}`.trim();
}

function printLogical(node: LogicalNode): string {
  const power = operatorPowers[node.operator];
  return node.operands
    .map((operand) => printOperand(operand, power + 1))
    .join(` ${node.operator.toUpperCase()} `)
    .trim();
}

import type * as ts from 'typescript';
import { replaceFix, type QueryFix } from '../../queryDef/queryProblem.ts';
import { attributeMark } from '../maskCharacters.ts';
import { scriptProblem } from '../scriptProblem.ts';
import { unwrapped } from './names.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { isXml } from './valueKind.ts';

/**
 * `if (x.item)`: reading what is not there gives an empty list, which is an object, and so true.
 * Source: ECMA-357, [[Get]] of XML; ECMA-262, ToBoolean.
 */
export const alwaysTrue: NodeCheck = {
  kinds: [
    'IfStatement',
    'WhileStatement',
    'DoStatement',
    'ForStatement',
    'ConditionalExpression',
    'PrefixUnaryExpression',
    'BinaryExpression',
  ],
  *check(script, node) {
    const found = conditionOf(script, node);
    const condition = found && unwrapped(script, found.condition);
    if (found === undefined || condition === undefined || !isXmlMember(script, condition)) return;
    const written = script.sourceOf(condition).split('\n')[0] ?? '';
    yield scriptProblem(
      'script/always-true',
      script.rangeOf(condition),
      `XML is true even when nothing is there. Test ${written}.length() > 0, or compare String(${written}).`,
      ...fixesOf(script, condition, found.use, node),
    );
  },
};

interface Condition {
  condition: ts.Expression;
  /** `value`: what stands there is also the result, as in `x.@a || "none"`. */
  use: 'condition' | 'negated' | 'value';
}

function conditionOf({ ts }: CheckedScript, node: ts.Node): Condition | undefined {
  const of = (condition: ts.Expression | undefined, use: Condition['use'] = 'condition') =>
    condition && { condition, use };
  if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
    return of(node.expression);
  if (ts.isForStatement(node) || ts.isConditionalExpression(node)) return of(node.condition);
  if (ts.isPrefixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.ExclamationToken ? of(node.operand, 'negated') : undefined;
  if (!ts.isBinaryExpression(node)) return undefined;
  const { kind } = node.operatorToken;
  if (kind === ts.SyntaxKind.AmpersandAmpersandToken) return of(node.left);
  return kind === ts.SyntaxKind.BarBarToken ? of(node.left, 'value') : undefined;
}

/** A member of an XML value that is no method. A variable is not asked: it may hold null. */
function isXmlMember(script: CheckedScript, node: ts.Expression): boolean {
  const { ts } = script;
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  return isXml(script.typeAt(node.expression)) && isXml(script.typeAt(node));
}

function fixesOf(
  script: CheckedScript,
  condition: ts.Expression,
  use: Condition['use'],
  node: ts.Node,
): QueryFix[] {
  const source = script.sourceOf(condition);
  const text = `String(${source})`;
  const asText = replaceFix(`Ask for its text: ${text}`, script.rangeOf(condition), text);
  if (use === 'value') return isAttribute(script, condition) ? [asText] : [];
  const { ts } = script;
  const isOperand = script.ancestors.some((_, depth, all) => {
    const parent = all[depth];
    return depth === all.length - 1 && parent !== undefined && ts.isPrefixUnaryExpression(parent);
  });
  const isNegated = use === 'negated' && ts.isPrefixUnaryExpression(node) && !isOperand;
  const exists = `${source}.length() ${isNegated ? '==' : '>'} 0`;
  const place = isNegated || use !== 'negated' ? (isNegated ? node : condition) : undefined;
  const asLength = place && replaceFix(`Ask whether it is there: ${exists}`, script.rangeOf(place), exists);
  const fixes = isAttribute(script, condition) ? [asText, asLength] : [asLength, asText];
  return fixes.filter((fix) => fix !== undefined);
}

function isAttribute({ ts }: CheckedScript, node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return node.name.text.startsWith(attributeMark);
  if (!ts.isElementAccessExpression(node) || !ts.isStringLiteralLike(node.argumentExpression)) return false;
  return /^[@ꙩ]/.test(node.argumentExpression.text);
}

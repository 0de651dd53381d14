import type * as ts from 'typescript';
import { unwrapped } from './names.ts';
import type { CheckedScript } from './scriptCheck.ts';

/** A term of `"a" + b + "c"`. */
export interface StringTerm {
  node: ts.Expression;
  /** The text of a string literal; `undefined` for anything else. */
  text: string | undefined;
}

/** Is a node the outermost `+` of a concatenation? */
export function isWholeSum({ ts, ancestors }: CheckedScript, node: ts.Node): node is ts.BinaryExpression {
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return false;
  for (let at = ancestors.length - 1; at >= 0; at--) {
    const parent = ancestors[at]!;
    if (ts.isParenthesizedExpression(parent)) continue;
    return !(ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.PlusToken);
  }
  return true;
}

/** The terms of a sum, in order; a long sum is a deep tree, so it is walked without recursion. */
export function stringTerms(script: CheckedScript, sum: ts.Expression): StringTerm[] {
  const { ts } = script;
  const terms: StringTerm[] = [];
  const pending: ts.Expression[] = [sum];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const node = unwrapped(script, next);
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      pending.push(node.right, node.left);
    else terms.push({ node, text: ts.isStringLiteralLike(node) ? node.text : undefined });
  }
  return terms;
}

/** Calls after which a value cannot end a string, or is nothing but a number. */
const safeCall =
  /^(?:NL\.(?:XTK|SQL)\.\w+|\w*(?:escape|quote)\w*|(?:\w+\.)*(?:toXTKString|escapeXtk)|Number|parseInt|parseFloat|Math\.\w+|formatDate|getNewUUID|digest\w*|md5)\s*\(/i;
const numberMember =
  /\.(?:length|get(?:UTC)?(?:FullYear|Month|Date|Day|Hours|Minutes|Seconds|Time)\(\)|toFixed\([^()]*\)|length\(\))$/;
const escapedByHand = /\.replace\s*\(\s*\/[^/]*['\W]/;

/** May the value stand in a query as it is? Numbers, and what a function has escaped. */
export function isHarmless({ ts }: CheckedScript, node: ts.Expression, source: string): boolean {
  if (ts.isNumericLiteral(node) || ts.isPrefixUnaryExpression(node)) return true;
  if (ts.isConditionalExpression(node))
    return ts.isLiteralExpression(node.whenTrue) && ts.isLiteralExpression(node.whenFalse);
  return safeCall.test(source) || numberMember.test(source) || escapedByHand.test(source);
}

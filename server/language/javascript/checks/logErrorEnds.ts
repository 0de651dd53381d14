import type * as ts from 'typescript';
import { replaceFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import { isRuntimeGlobal } from './names.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';

/**
 * `logError` does not come back: the script ends, and what follows in its block, or the rest of the loop it is in the
 * `catch` of, never runs. Where the author leaves on purpose (`return`, `throw`) nothing is said.
 * Source: JSAPI documentation, `logError`.
 */
export const logErrorEnds: NodeCheck = {
  kinds: ['ExpressionStatement'],
  *check(script, node) {
    const { ts } = script;
    if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return;
    const callee = node.expression.expression;
    if (!ts.isIdentifier(callee) || callee.text !== 'logError') return;
    const next = nextStatement(script, node);
    const isLost = next !== undefined && !isLeaving(script, next);
    const inLoop = next === undefined && isCaughtInLoop(script);
    if ((!isLost && !inLoop) || !isRuntimeGlobal(script, callee)) return;
    const message = isLost
      ? 'logError ends the script: what follows is not run. To go on, use logWarning.'
      : 'logError ends the script, and the loop with it. To go on with the next round, use logWarning.';
    const range = script.rangeOf(callee);
    yield scriptProblem(
      'script/log-error-ends',
      range,
      message,
      replaceFix('Write logWarning', range, 'logWarning'),
    );
  },
};

/** The statement behind this one in the same block; declarations of functions are no step of the script. */
function nextStatement({ ts, ancestors, text }: CheckedScript, node: ts.Statement): ts.Statement | undefined {
  const block = ancestors.at(-1);
  if (block === undefined) return undefined;
  const isList =
    ts.isBlock(block) || ts.isSourceFile(block) || ts.isCaseClause(block) || ts.isDefaultClause(block);
  if (!isList) return undefined;
  const list: readonly ts.Statement[] = block.statements;
  return list
    .slice(list.indexOf(node) + 1)
    .find((each) => !ts.isFunctionDeclaration(each) && !ts.isEmptyStatement(each) && each.pos < text.length);
}

function isLeaving({ ts }: CheckedScript, node: ts.Statement): boolean {
  return (
    ts.isReturnStatement(node) ||
    ts.isThrowStatement(node) ||
    ts.isBreakStatement(node) ||
    ts.isContinueStatement(node)
  );
}

/** Directly in a `catch` whose `try` is in a loop of the same function, and which does nothing but log. */
function isCaughtInLoop({ ts, ancestors }: CheckedScript): boolean {
  const [caught, clause] = [ancestors.at(-1), ancestors.at(-2)];
  if (caught === undefined || clause === undefined || !ts.isBlock(caught) || !ts.isCatchClause(clause))
    return false;
  for (const node of ancestors.slice(0, -2).reverse()) {
    if (ts.isIterationStatement(node, false)) return true;
    if (ts.isFunctionLike(node)) return false;
  }
  return false;
}

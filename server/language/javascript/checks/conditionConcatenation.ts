import { queryFragments, queryRoots } from '../../../../core/queryDef/grammar.ts';
import { checkConcatenation } from '../../queryDef/concatenation.ts';
import { dottedName } from './names.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { isWholeSum, stringTerms } from './stringTerms.ts';

/** The beginning of a comparison of a field with a text: `@name = '`, `[folder/@name] LIKE '%`. */
const comparison = /(?:@[\w-]+|\])\s*(?:[=<>!]+|(?:NOT\s+)?LIKE|(?:NOT\s+)?IN\s*\()\s*'[^']*$/i;

const longestComparison = 300;

/**
 * A condition put together from strings outside of a queryDef literal: in the object form, in a variable, as an
 * argument. Those in the `{…}` of a literal are checked with the query.
 */
export const conditionConcatenation: NodeCheck = {
  kinds: ['BinaryExpression'],
  *check(script, node) {
    if (!isWholeSum(script, node)) return;
    const terms = stringTerms(script, node);
    let before = '';
    let isCondition = false;
    for (const { text } of terms) {
      if (text === undefined) isCondition ||= comparison.test(before);
      // A name and an operator are close by; a long text is not read again for each of its terms.
      before = (before + (text ?? 'x')).slice(-longestComparison);
    }
    if (!isCondition || isInQueryHole(script, node.getStart(script.file)) || isLogged(script)) return;
    yield* checkConcatenation(script.text, script.rangeOf(node));
  },
};

function isInQueryHole({ project }: CheckedScript, offset: number): boolean {
  return project.mask.literals.some(
    ({ start, end, rootName, holes }) =>
      start < offset &&
      offset < end &&
      (queryRoots.has(rootName) || queryFragments.has(rootName)) &&
      holes.some((hole) => hole.start < offset && offset < hole.end),
  );
}

/** A message may quote a condition. */
export function isLogged(script: CheckedScript): boolean {
  const { ts, ancestors } = script;
  const call = ancestors.findLast((node) => ts.isCallExpression(node) || ts.isNewExpression(node));
  if (call === undefined || !(ts.isCallExpression(call) || ts.isNewExpression(call))) return false;
  if (call.arguments === undefined) return false;
  return /^(?:log\w+|console\.\w+|Error|\w+Error|(?:\w+\.)?trace)$/.test(
    dottedName(script, call.expression) ?? '',
  );
}

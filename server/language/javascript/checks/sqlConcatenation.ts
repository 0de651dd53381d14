import type * as ts from 'typescript';
import type { QueryFix } from '../../queryDef/queryProblem.ts';
import { scriptProblem } from '../scriptProblem.ts';
import { isLogged } from './conditionConcatenation.ts';
import { sqlCall, type SqlCall } from './sqlCall.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';
import { isHarmless, isWholeSum, stringTerms, type StringTerm } from './stringTerms.ts';

/** How a statement begins. */
const statement = /^\s*(?:SELECT\s|INSERT\s+INTO\s|UPDATE\s|DELETE\s+FROM\s|MERGE\s+INTO\s)/i;
const clause = /\b(?:FROM|SET|INTO)\s/i;
/** A column is compared with what follows, which is no string: `iId = `, `iId IN (`. */
const comparedBare = /(?:[=<>]|\bLIKE|\bIN\s*\()\s*$/i;
const parameter = /\$\((?:sz|m|l|s|b|d|f|ts|dt|tm)\)/g;

/**
 * `"… WHERE sEmail = '" + email + "'"`: a quote in the value ends the string, and the rest is SQL. Names of tables and
 * columns have to be concatenated, values have not.
 * Source: JSAPI documentation, `sqlExec` and its bound parameters.
 */
export const sqlConcatenation: NodeCheck = {
  kinds: ['BinaryExpression'],
  *check(script, node) {
    if (!isWholeSum(script, node)) return;
    const terms = stringTerms(script, node);
    if (!statement.test(terms[0]?.text ?? '') || isLogged(script)) return;
    const target = targetOf(script, node);
    // "Select one of '" + name begins so, too.
    if (target === undefined && !terms.some(({ text }) => clause.test(text ?? ''))) return;
    let before = '';
    let isQuoted = false;
    let parameterCount = 0;
    for (const [index, term] of terms.entries()) {
      if (term.text === undefined) {
        const source = script.sourceOf(term.node);
        if ((isQuoted || comparedBare.test(before)) && !isHarmless(script, term.node, source)) {
          const fix =
            isQuoted && target ? parameterFix(script, target, terms, index, parameterCount) : undefined;
          const how =
            target?.firstValue === undefined && target !== undefined
              ? 'escape it, or use a call that takes parameters'
              : 'write $(sz) for a text or $(l) for an integer, and pass the value as an argument';
          yield scriptProblem(
            'script/sql-concatenation',
            script.rangeOf(term.node),
            `This value becomes part of the SQL, whatever is in it: ${how}.`,
            fix,
          );
        }
        before = 'x';
        continue;
      }
      before = term.text;
      if ((before.match(/'/g)?.length ?? 0) % 2 === 1) isQuoted = !isQuoted;
      parameterCount += before.match(parameter)?.length ?? 0;
    }
  },
};

/** The SQL call whose statement a sum is. */
function targetOf(script: CheckedScript, sum: ts.Expression): SqlCall | undefined {
  const parent = script.ancestors.at(-1);
  const found = parent && sqlCall(script, parent);
  return found?.sql === sum ? found : undefined;
}

/** `'" + v + "'` → `$(sz)`, and `v` among the arguments at the place of that parameter. */
function parameterFix(
  script: CheckedScript,
  { call, sql, firstValue }: SqlCall,
  terms: readonly StringTerm[],
  index: number,
  parameterCount: number,
): QueryFix | undefined {
  const [left, value, right] = [terms[index - 1], terms[index]!, terms[index + 1]];
  if (firstValue === undefined || left?.text?.endsWith("'") !== true || right?.text?.startsWith("'") !== true)
    return undefined;
  // Only where the quotes stand in the source as they are.
  const [leftEnd, rightStart] = [left.node.end - 1, right.node.getStart(script.file) + 1];
  if (
    script.text[leftEnd - 1] !== "'" ||
    script.text[leftEnd - 2] === '\\' ||
    script.text[rightStart] !== "'"
  )
    return undefined;
  const quotes = [script.text[leftEnd], script.text[rightStart - 1]];
  if (quotes[0] !== quotes[1] || quotes[0] === "'") return undefined;
  const position = firstValue + parameterCount;
  const previous = call.arguments[position - 1];
  if (previous === undefined) return undefined;
  const insertAt = previous === sql ? sql.end : previous.end;
  return {
    title: 'Pass the value as the parameter $(sz)',
    edits: [
      { start: leftEnd - 1, end: rightStart + 1, newText: '$(sz)' },
      { start: insertAt, end: insertAt, newText: `, ${script.sourceOf(value.node)}` },
    ],
  };
}

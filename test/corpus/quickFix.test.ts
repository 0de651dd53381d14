import { expect, test } from 'vitest';
import { parseXml } from '../../core/xml/parseXml.ts';
import { checkQuery } from '../../server/language/queryDef/queryDiagnostics.ts';
import type { QueryFix, QueryProblem } from '../../server/language/queryDef/queryProblem.ts';
import { queryContext } from '../support/queryModel.ts';
import { demoModel } from './demoModel.ts';
import { mutations } from './mutations.ts';
import { generateQuery } from './queryGenerator.ts';
import { Random } from './random.ts';

const problemsOf = (text: string): QueryProblem[] => checkQuery(queryContext(text, demoModel));

function apply(text: string, { edits }: QueryFix): string {
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce(
      (changed, { start, end, newText }) => changed.slice(0, start) + newText + changed.slice(end),
      text,
    );
}

/** How often each code of an error, or of all problems, is there. */
function countCodes(problems: readonly QueryProblem[], severity?: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const problem of problems) {
    if (severity === undefined || problem.severity === severity)
      counts.set(problem.code, (counts.get(problem.code) ?? 0) + 1);
  }
  return counts;
}

test('every fix removes its problem, adds no error, and leaves the document well-formed', () => {
  const failures: string[] = [];
  const fixed = new Map<string, number>();
  for (let seed = 1; seed <= 40; seed++) {
    const query = generateQuery(seed);
    for (const [name, mutate] of Object.entries(mutations)) {
      const text = mutate(new Random(seed * 31 + name.length), query);
      if (text === undefined) continue;
      const before = problemsOf(text);
      const [codes, errors] = [countCodes(before), countCodes(before, 'error')];
      for (const problem of before) {
        for (const fix of problem.fixes) {
          const changed = apply(text, fix);
          const after = problemsOf(changed);
          fixed.set(problem.code, (fixed.get(problem.code) ?? 0) + 1);
          const complain = (what: string): void => {
            failures.push(
              `#${seed} ${name}, ${problem.code}, ${fix.title}: ${what}\n${text}\n--- becomes\n${changed}`,
            );
          };
          if ((countCodes(after).get(problem.code) ?? 0) >= codes.get(problem.code)!)
            complain('the problem is still there');
          for (const [code, count] of countCodes(after, 'error')) {
            if (count > (errors.get(code) ?? 0)) complain(`adds ${code}`);
          }
          if (parseXml(text).problems.length === 0 && parseXml(changed).problems.length > 0)
            complain('is not well-formed');
        }
      }
    }
  }
  console.log(
    `${[...fixed.values()].reduce((sum, count) => sum + count, 0)} fixes of ${fixed.size} codes: ${[...fixed.keys()].sort().join(', ')}`,
  );
  expect(failures.slice(0, 4).join('\n\n')).toBe('');
  expect(fixed.size).toBeGreaterThan(12);
});

import { expect } from 'vitest';
import type { LanguageModel } from '../../server/language/model.ts';
import { checkQuery } from '../../server/language/queryDef/queryDiagnostics.ts';
import type { QueryProblem } from '../../server/language/queryDef/queryProblem.ts';
import { queryContext } from './queryModel.ts';

/** What every short query of a test would be told. */
const alwaysSaid: ReadonlySet<string> = new Set(['query/no-line-count']);

/** The problems of a queryDef document. */
export function problemsOf(text: string, model?: LanguageModel): QueryProblem[] {
  return checkQuery(queryContext(text, model)).filter(({ code }) => !alwaysSaid.has(code));
}

/** Every problem of a queryDef document: a line `severity code «text»` each. */
export function checkProblems(text: string, expected: string, model?: LanguageModel): void {
  const lines = problemsOf(text, model).map(
    ({ severity, code, start, end }) => `${severity} ${code} «${text.slice(start, end)}»`,
  );
  expect(lines.join('\n')).toBe(
    expected
      .split('\n')
      .map((line) => line.trim())
      .join('\n'),
  );
}

/** The document after the fix of that title. */
export function checkFix(text: string, title: string, expected: string): void {
  const fixes = checkQuery(queryContext(text)).flatMap((problem) => problem.fixes);
  const fix = fixes.find((candidate) => candidate.title === title);
  expect(fix?.title ?? fixes.map((candidate) => candidate.title)).toBe(title);
  let fixed = text;
  for (const edit of [...fix!.edits].sort((a, b) => b.start - a.start)) {
    fixed = fixed.slice(0, edit.start) + edit.newText + fixed.slice(edit.end);
  }
  expect(fixed).toBe(expected);
}

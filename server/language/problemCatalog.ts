import { expressionProblemSeverities, type ProblemSeverity } from '../../core/expression/problems.ts';
import { scriptProblemSeverities } from './javascript/scriptProblem.ts';
import { queryProblemSeverities } from './queryDef/queryProblem.ts';
import { schemaProblemSeverities } from './srcSchema/schemaProblem.ts';

/** Every code of every check with its severity, in the order of the tables. */
export const problemSeverities: ReadonlyMap<string, ProblemSeverity> = new Map<string, ProblemSeverity>(
  [
    queryProblemSeverities,
    expressionProblemSeverities,
    schemaProblemSeverities,
    scriptProblemSeverities,
  ].flatMap((table) => Object.entries(table)),
);

/** The name of the page about a code: `query/field-unknown` → `query-field-unknown.md`. */
export function problemPageName(code: string): string {
  return `${code.replaceAll('/', '-')}.md`;
}

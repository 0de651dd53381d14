import { expressionProblemSeverities, type ProblemSeverity } from '../../core/expression/problems.ts';
import { embeddedProblemSeverities } from './embedded/embeddedProblem.ts';
import { scriptProblemSeverities } from './javascript/scriptProblem.ts';
import { queryProblemSeverities } from './queryDef/queryProblem.ts';
import { schemaProblemSeverities, schemaRulesOfTaste } from './srcSchema/schemaProblem.ts';

/** What can be wrong with the comments that leave problems out; see `suppressions.ts`. */
const ignoreProblemSeverities = {
  'ignore/unknown-code': 'hint',
} as const satisfies Record<string, ProblemSeverity>;

/** Every code of every check with its severity, in the order of the tables. */
export const problemSeverities: ReadonlyMap<string, ProblemSeverity> = new Map<string, ProblemSeverity>(
  [
    queryProblemSeverities,
    expressionProblemSeverities,
    schemaProblemSeverities,
    scriptProblemSeverities,
    embeddedProblemSeverities,
    ignoreProblemSeverities,
  ].flatMap((table) => Object.entries(table)),
);

/** Codes that are off until the setting names them; the severity of their group does not switch them on. */
export const codesOffAtFirst: ReadonlySet<string> = schemaRulesOfTaste;

/** `query/*` for each group of codes, in the order of the tables. */
export const problemGroups: readonly string[] = [
  ...new Set([...problemSeverities.keys()].map((code) => groupOf(code))),
];

/** The group a code belongs to: `query/field-unknown` → `query/*`. */
export function groupOf(code: string): string {
  return `${code.slice(0, code.indexOf('/'))}/*`;
}

/** The name of the page about a code: `query/field-unknown` → `query-field-unknown.md`. */
export function problemPageName(code: string): string {
  return `${code.replaceAll('/', '-')}.md`;
}

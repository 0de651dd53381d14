import type { ExpressionProblemCode, ProblemSeverity } from '../../../core/expression/problems.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';

/**
 * Every problem of a queryDef with its severity; those of a single expression have codes of their own
 * (`core/expression/problems.ts`). The codes are stable: people filter and suppress by them.
 * `error` only where the server is sure to refuse, or to ignore, what is written.
 */
export const queryProblemSeverities = {
  'query/not-well-formed': 'error',
  'query/schema-missing': 'error',
  'query/schema-unknown': 'error',
  'query/operation-unknown': 'error',
  'query/expr-empty': 'error',
  'query/field-unknown': 'error',
  'query/xml-field-filtered': 'error',
  'query/collection-without-exists': 'warning',
  'query/collection-in-select': 'warning',
  'query/subquery-schema-missing': 'error',
  'query/subquery-select': 'error',
  'query/set-operator-unknown': 'warning',
  'query/set-operator-needs-children': 'hint',
  'query/set-operator-needs-collection': 'warning',
  'query/in-needs-values': 'error',
  'query/bool-operator-value': 'error',
  'query/boolean-value': 'warning',
  'query/integer-value': 'warning',
  'query/lowercase-element': 'error',
  'query/unknown-element': 'warning',
  'query/misplaced-element': 'warning',
  'query/unknown-attribute': 'warning',
  'query/old-spelling': 'hint',
  'query/undocumented-attribute': 'hint',
  'query/alias-value': 'error',
  'query/alias-without-at': 'information',
  'query/expression-without-alias': 'warning',
  'query/duplicate-alias': 'warning',
  'query/duplicate-node': 'hint',
  'query/group-by-missing': 'warning',
  'query/groupby-expr-mismatch': 'warning',
  'query/order-by-field-missing': 'warning',
  'query/unstable-paging': 'hint',
  'query/fan-out-join': 'warning',
  'query/unindexed-filter': 'hint',
  'query/no-line-count': 'hint',
  'query/large-line-count': 'warning',
  'query/native-sql': 'warning',
  'query/contains': 'hint',
  'query/get-without-where': 'hint',
  'query/macro-in-js': 'hint',
  'query/concat-injection': 'warning',
  // Not found here: the client shows it where a server has refused the query (`client/query/refusals.ts`).
  'query/server-refused': 'error',
} as const satisfies Record<string, ProblemSeverity>;

export type QueryProblemCode = keyof typeof queryProblemSeverities;

/** A change that solves a problem; offsets are those of the document. */
export interface QueryFix {
  title: string;
  edits: (TextRange & { newText: string })[];
}

/** One finding; offsets are those of the document. */
export interface QueryProblem extends TextRange {
  code: QueryProblemCode | ExpressionProblemCode;
  severity: ProblemSeverity;
  /** What is wrong and what to write instead. */
  message: string;
  fixes: QueryFix[];
  /** Works, but has a successor: editors strike it through. */
  deprecated?: boolean;
}

/** A problem with the severity of its code. */
export function queryProblem(
  code: QueryProblemCode,
  range: TextRange,
  message: string,
  ...fixes: (QueryFix | undefined)[]
): QueryProblem {
  const severity = queryProblemSeverities[code];
  const known = fixes.filter((fix) => fix !== undefined);
  return { code, severity, message, start: range.start, end: range.end, fixes: known };
}

/** A fix that replaces one range. */
export function replaceFix(title: string, range: TextRange, newText: string): QueryFix {
  return { title, edits: [{ start: range.start, end: range.end, newText }] };
}

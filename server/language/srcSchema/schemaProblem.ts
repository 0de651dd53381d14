import type { ExpressionProblemCode, ProblemSeverity } from '../../../core/expression/problems.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { QueryFix } from '../queryDef/queryProblem.ts';

/**
 * Every problem of a schema source with its severity. `schema/…`: the server refuses it or the document is unusable;
 * `lint/…`: advice of Adobe's data-model guides. The codes are stable: people filter and suppress by them.
 */
export const schemaProblemSeverities = {
  'schema/not-well-formed': 'error',
  'schema/missing-name': 'error',
  'schema/no-main-element': 'error',
  'schema/duplicate-field': 'error',
  'schema/unknown-element': 'error',
  'schema/unknown-attribute': 'warning',
  'schema/unknown-type': 'error',
  'schema/link-without-target': 'error',
  'schema/link-target-unknown': 'error',
  'schema/join-outside-link': 'error',
  'schema/join-path-unknown': 'error',
  'schema/keyfield-path-unknown': 'error',
  'schema/keyfield-empty': 'error',
  'schema/enum-unknown': 'error',
  'schema/bad-enum-value': 'error',
  'schema/extension-forbidden': 'error',
  'schema/reserved-namespace': 'error',
  'schema/two-internal-keys': 'error',
  'schema/no-key': 'warning',
  'schema/xml-field-indexed': 'error',
  'schema/ref-unknown': 'error',
  'schema/expr-unknown-field': 'warning',
  'schema/not-null-on-existing': 'information',
  'lint/composite-primary-key': 'warning',
  'lint/feature-composite-key': 'error',
  'lint/shared-sequence': 'warning',
  'lint/sequence-changed': 'error',
  'lint/autopk-with-own-id': 'warning',
  'lint/missing-autouuid': 'warning',
  'lint/autouuid-without-autopk': 'error',
  'lint/autouuid-not-ffda': 'information',
  'lint/autostg-misuse': 'error',
  'lint/missing-datasource': 'information',
  'lint/extends-xxl': 'warning',
  'lint/no-business-key': 'hint',
  'lint/string-join-key': 'hint',
  'lint/multi-column-join': 'hint',
  'lint/implicit-join': 'hint',
  'lint/external-join': 'warning',
  'lint/own-on-large': 'warning',
  'lint/link-name-id': 'warning',
  'lint/link-name-target': 'hint',
  'lint/visible-technical-revlink': 'hint',
  'lint/string-no-length': 'warning',
  'lint/string-too-long': 'warning',
  'lint/wide-type': 'hint',
  'lint/enum-type-mismatch': 'warning',
  'lint/duplicate-enum-value': 'warning',
  'lint/too-many-columns': 'information',
  'lint/too-many-indexes': 'information',
  'lint/useless-fk-index': 'hint',
  'lint/fk-not-indexed': 'hint',
  'lint/complex-expr': 'information',
  'lint/xml-filterable': 'warning',
  'lint/missing-label': 'hint',
  'lint/name-style': 'warning',
  'lint/builtin-edited': 'warning',
  'lint/builtin-delete': 'warning',
  'lint/element-order': 'hint',
  'lint/accessibleif-on-key': 'warning',
  'lint/sysfilter-expr': 'warning',
  'lint/method-no-library': 'warning',
  'lint/default-unquoted-string': 'warning',
  'lint/view-explicit-names': 'warning',
  'lint/existing-table-index': 'hint',
} as const satisfies Record<string, ProblemSeverity>;

export type SchemaProblemCode = keyof typeof schemaProblemSeverities;

/** Rules of taste, which only some teams have: said only where the setting names the code itself. */
export const schemaRulesOfTaste: ReadonlySet<string> = new Set<SchemaProblemCode>([
  'lint/implicit-join',
  'lint/link-name-target',
  'lint/element-order',
]);

/** One finding; offsets are those of the document. */
export interface SchemaSourceProblem extends TextRange {
  code: SchemaProblemCode | ExpressionProblemCode;
  severity: ProblemSeverity;
  /** What is wrong, why it matters, and what to write instead. */
  message: string;
  fixes: QueryFix[];
}

/** A problem with the severity of its code. */
export function schemaProblem(
  code: SchemaProblemCode,
  range: TextRange,
  message: string,
  ...fixes: (QueryFix | undefined)[]
): SchemaSourceProblem {
  const known = fixes.filter((fix) => fix !== undefined);
  return {
    code,
    severity: schemaProblemSeverities[code],
    message,
    start: range.start,
    end: range.end,
    fixes: known,
  };
}

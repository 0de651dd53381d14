import type { ProblemSeverity } from '../../../core/expression/problems.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { DocumentProblem } from '../problems.ts';
import type { QueryFix } from '../queryDef/queryProblem.ts';

/**
 * Every problem of workflows, forms, navigation trees and their like with its severity, besides those of the scripts and queries in
 * them. The codes are stable; each has a page, `docs/problems/<code with "/" as "-">.md`.
 */
export const embeddedProblemSeverities = {
  'embedded/not-well-formed': 'error',
  'embedded/xpath-unknown': 'warning',
} as const satisfies Record<string, ProblemSeverity>;

export type EmbeddedProblemCode = keyof typeof embeddedProblemSeverities;

/** One finding; offsets are those of the document. */
export interface EmbeddedProblem extends DocumentProblem {
  code: EmbeddedProblemCode;
}

/** A problem with the severity of its code. */
export function embeddedProblem(
  code: EmbeddedProblemCode,
  range: TextRange,
  message: string,
  ...fixes: (QueryFix | undefined)[]
): EmbeddedProblem {
  return {
    code,
    severity: embeddedProblemSeverities[code],
    message,
    start: range.start,
    end: range.end,
    fixes: fixes.filter((fix) => fix !== undefined),
  };
}

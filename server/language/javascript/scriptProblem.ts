import type { ProblemSeverity } from '../../../core/expression/problems.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { DocumentProblem } from '../problems.ts';
import type { QueryFix } from '../queryDef/queryProblem.ts';

/**
 * Every problem of a script with its severity. `error` only where the server is sure to refuse the script. The codes are
 * stable: people filter and suppress by them. Each has a page, `docs/problems/<code with "/" as "-">.md`.
 */
export const scriptProblemSeverities = {
  'script/syntax': 'error',
  'script/literal-unclosed': 'error',
  'script/literal-malformed': 'error',
  'script/attribute-outside-filter': 'error',
  'script/xml-declaration': 'error',
  'script/raw-markup': 'error',
  'script/later-syntax': 'warning',
  'script/braces-in-quotes': 'warning',
  'script/always-true': 'warning',
  'script/xml-length': 'warning',
  'script/attribute-on-entity': 'warning',
  'script/e4x-on-dom': 'warning',
  'script/field-not-selected': 'warning',
  'script/log-error-ends': 'warning',
  'script/missing-xtkschema': 'warning',
  'script/sql-concatenation': 'warning',
  'script/write-in-loop': 'warning',
  'script/document-as-xml': 'warning',
  'script/rule-without-result': 'warning',
  'script/secret-in-code': 'warning',
  'script/unknown-member': 'warning',
  'script/unknown-name': 'warning',
  'script/argument-count': 'warning',
  'script/deprecated-call': 'information',
  'script/later-library': 'hint',
  'script/v8-raw-sql': 'hint',
  'script/v8-integer-key': 'hint',
  'script/v8-native-logon': 'hint',
} as const satisfies Record<string, ProblemSeverity>;

export type ScriptProblemCode = keyof typeof scriptProblemSeverities;

/** One finding; offsets are those of the script. */
export interface ScriptProblem extends DocumentProblem {
  code: ScriptProblemCode;
}

/** A problem with the severity of its code. */
export function scriptProblem(
  code: ScriptProblemCode,
  range: TextRange,
  message: string,
  ...fixes: (QueryFix | undefined)[]
): ScriptProblem {
  return {
    code,
    severity: scriptProblemSeverities[code],
    message,
    start: range.start,
    end: range.end,
    fixes: fixes.filter((fix) => fix !== undefined),
  };
}

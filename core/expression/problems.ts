import type { Span } from './expressionTree.ts';

/** How bad a problem is; the names are those of editor diagnostics. */
export type ProblemSeverity = 'error' | 'warning' | 'information' | 'hint';

/**
 * Every problem of an expression with its severity. `error`: the text cannot be read. `warning`: readable, but not in
 * the language as documented, or very probably not what was meant. `hint`: works, with a caveat. The codes are stable.
 */
export const expressionProblemSeverities = {
  'expression/empty': 'error',
  'expression/operand-missing': 'error',
  'expression/operator-missing': 'error',
  'expression/operator-incomplete': 'error',
  'expression/unexpected-token': 'error',
  'expression/unexpected-character': 'error',
  'expression/unclosed-string': 'error',
  'expression/unclosed-date': 'error',
  'expression/unclosed-bracket': 'error',
  'expression/unclosed-parenthesis': 'error',
  'expression/unclosed-macro': 'error',
  'expression/unclosed-sqldata': 'error',
  'expression/path-incomplete': 'error',
  'expression/path-unreadable': 'error',
  'expression/join-incomplete': 'error',
  'expression/in-list-missing': 'error',
  'expression/too-deep': 'warning',
  'expression/needs-brackets': 'warning',
  'expression/attribute-not-last': 'warning',
  'expression/doubled-quote': 'warning',
  'expression/double-quoted-string': 'warning',
  'expression/typographic-quote': 'warning',
  'expression/count-star': 'error',
  'expression/foreign-operator': 'warning',
  'expression/between': 'warning',
  'expression/sql-case': 'warning',
  'expression/comment': 'warning',
  'expression/date-format': 'warning',
  'expression/chained-comparison': 'warning',
  'expression/native-sql': 'warning',
  'expression/function-unknown': 'warning',
  'expression/function-misplaced': 'warning',
  'expression/argument-count': 'warning',
  'expression/argument-type': 'warning',
  'expression/operand-type': 'warning',
  'expression/type-mismatch': 'warning',
  'expression/enum-unknown-value': 'warning',
  'expression/not-a-condition': 'warning',
  'expression/aggregate-in-where': 'warning',
  'expression/window-outside-select': 'warning',
  'expression/like-without-wildcard': 'hint',
  'expression/memo-comparison': 'hint',
  'expression/null-comparison': 'hint',
  'expression/never-null': 'hint',
} as const satisfies Record<string, ProblemSeverity>;

export type ExpressionProblemCode = keyof typeof expressionProblemSeverities;

/** A replacement that solves a problem. */
export interface ProblemFix extends Span {
  /** What the fix does, as the title of an action: `Add brackets`. */
  readonly title: string;
  readonly text: string;
}

/** One finding about an expression; offsets as in the tree. */
export interface Problem<Code extends string> extends Span {
  readonly code: Code;
  readonly severity: ProblemSeverity;
  /** One sentence or two: what is wrong and what to write instead. */
  readonly message: string;
  readonly fix?: ProblemFix;
}

export type ExpressionProblem = Problem<ExpressionProblemCode>;

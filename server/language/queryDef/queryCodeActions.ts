import { CodeActionKind, type CodeAction, type Diagnostic } from 'vscode-languageserver-types';
import { DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { QueryContext } from './queryContext.ts';
import { checkQuery } from './queryDiagnostics.ts';
import type { QueryProblem } from './queryProblem.ts';
import { toLspRange } from './queryRanges.ts';

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/** A problem as editors take it. */
export function toDiagnostic(context: QueryContext, problem: QueryProblem): Diagnostic {
  return {
    range: toLspRange(context, problem),
    severity: severities[problem.severity],
    code: problem.code,
    source: 'campaign',
    message: problem.message,
    ...(problem.deprecated === true && { tags: [DiagnosticTag.Deprecated] }),
  };
}

/** The fixes of the problems a range touches. */
export function queryCodeActions(context: QueryContext, range: TextRange): CodeAction[] {
  return checkQuery(context)
    .filter((problem) => problem.start <= range.end && problem.end >= range.start)
    .flatMap((problem) =>
      problem.fixes.map((fix) => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(context, problem)],
        isPreferred: problem.fixes.length === 1,
        edit: {
          changes: {
            [context.document.uri]: fix.edits.map(({ start, end, newText }) => ({
              range: toLspRange(context, { start, end }),
              newText,
            })),
          },
        },
      })),
    );
}

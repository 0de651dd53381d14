import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  CodeActionKind,
  DiagnosticSeverity,
  DiagnosticTag,
  type CodeAction,
  type Diagnostic,
} from 'vscode-languageserver-types';
import type { ProblemSeverity } from '../../core/expression/problems.ts';
import type { TextRange } from '../../core/xml/xmlTree.ts';
import { problemPageName } from './problemCatalog.ts';
import type { QueryFix } from './queryDef/queryProblem.ts';
import { toLspRange } from './queryDef/queryRanges.ts';

/** A finding of any of the checks; offsets are those of the document. */
export interface DocumentProblem extends TextRange {
  code: string;
  severity: ProblemSeverity;
  message: string;
  fixes: readonly QueryFix[];
  deprecated?: boolean;
}

const severities = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
} as const;

/**
 * A problem as editors take it.
 * @param pages address the pages about the codes are below, ending in `/`; without it the code is no link.
 */
export function toDiagnostic(document: TextDocument, problem: DocumentProblem, pages?: string): Diagnostic {
  return {
    range: toLspRange({ document }, problem),
    severity: severities[problem.severity],
    code: problem.code,
    ...(pages !== undefined && { codeDescription: { href: `${pages}${problemPageName(problem.code)}` } }),
    source: 'campaign',
    message: problem.message,
    ...(problem.deprecated === true && { tags: [DiagnosticTag.Deprecated] }),
  };
}

/**
 * The fixes of the problems a range touches.
 * @param pages as in {@link toDiagnostic}.
 */
export function toCodeActions(
  document: TextDocument,
  problems: readonly DocumentProblem[],
  range: TextRange,
  pages?: string,
): CodeAction[] {
  return problems
    .filter((problem) => problem.start <= range.end && problem.end >= range.start)
    .flatMap((problem) =>
      problem.fixes.map((fix) => ({
        title: fix.title,
        kind: CodeActionKind.QuickFix,
        diagnostics: [toDiagnostic(document, problem, pages)],
        isPreferred: problem.fixes.length === 1,
        edit: {
          changes: {
            [document.uri]: fix.edits.map((edit) => ({
              range: toLspRange({ document }, edit),
              newText: edit.newText,
            })),
          },
        },
      })),
    );
}

import { CodeActionKind, type CodeAction } from 'vscode-languageserver-types';
import { printExpression } from '../../../core/expression/printExpression.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { ExpressionSite } from './expressionAt.ts';
import { toLspRange } from './queryRanges.ts';
import type { SuggestionContext } from './schemaCompletion.ts';

/**
 * The text of an expression with its usual spacing and operator words in capitals.
 * @returns `undefined` when it is like that already, or has something that printing would lose or could not keep apart:
 * an error, a comment, an unknown part.
 */
export function formatExpression({ expression }: ExpressionSite): string | undefined {
  const { text, tree, tokens, problems } = expression.parsed;
  if (problems.some(({ severity }) => severity === 'error')) return undefined;
  if (tokens.some(({ kind }) => kind === 'comment' || kind === 'hole' || kind === 'unknown'))
    return undefined;
  if (text.trim() === '') return undefined;
  const formatted = printExpression(tree);
  return formatted === text ? undefined : formatted;
}

/**
 * Offers to format the expression a selection is in.
 * @param site the expression at the start of the selection, if any.
 */
export function formatExpressionActions(
  context: SuggestionContext,
  site: ExpressionSite | undefined,
  selection: TextRange,
): CodeAction[] {
  if (site === undefined || selection.end > site.attribute.valueEnd) return [];
  const formatted = formatExpression(site);
  if (formatted === undefined) return [];
  const { valueStart: start, valueEnd: end } = site.attribute;
  const newText = site.expression.escape(formatted);
  return [
    {
      title: 'Format expression',
      kind: CodeActionKind.RefactorRewrite,
      edit: {
        changes: { [context.document.uri]: [{ range: toLspRange(context, { start, end }), newText }] },
      },
    },
  ];
}

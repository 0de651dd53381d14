import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver-types';
import {
  expressionFunctions,
  functionSignature,
  type ExpressionFunction,
} from '../../../core/expression/functions.ts';
import type { TextRange, XmlElement } from '../../../core/xml/xmlTree.ts';
import { returnText } from './functionDocumentation.ts';
import type { EditorFeatures, QueryContext } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';

/** Aggregates come first where they are what one is looking for. */
const aggregateParents: ReadonlySet<string> = new Set(['having', 'select']);

/**
 * The functions of the expression language, arguments as placeholders. Unless others are given, those only forms and
 * schema defaults know are left out: the database does not.
 * @param beforeParenthesis the arguments are there already: only the name is written.
 */
export function completeFunctions(
  context: Pick<QueryContext, 'document'>,
  editor: EditorFeatures,
  element: XmlElement,
  replace: TextRange,
  toXml: (text: string) => string,
  functions: readonly ExpressionFunction[] = queryFunctions,
  beforeParenthesis = false,
): CompletionItem[] {
  const range = toLspRange(context, replace);
  const wantsAggregates = aggregateParents.has(element.parent?.localName ?? '');
  return functions.map((row) => {
    const isSnippet = editor.snippets && row.params.length > 0 && !beforeParenthesis;
    return {
      label: row.name,
      labelDetails: { detail: signatureTail(row) },
      detail: `${functionSignature(row)} → ${returnText(row)}`,
      kind: CompletionItemKind.Function,
      filterText: row.name,
      sortText: `${row.group === 'aggregate' && wantsAggregates ? '6a' : '6b'}${row.name}`,
      textEdit: { range, newText: toXml(beforeParenthesis ? row.name : callText(row, editor)) },
      ...(isSnippet && { insertTextFormat: InsertTextFormat.Snippet }),
      ...(isSnippet &&
        editor.suggestCommand !== undefined && {
          command: { title: 'Suggest', command: editor.suggestCommand },
        }),
      data: { kind: 'function', name: row.name },
    };
  });
}

/** The functions a query may use. */
export const queryFunctions: readonly ExpressionFunction[] = expressionFunctions.filter(
  (row) => row.group !== 'session',
);

function signatureTail(row: ExpressionFunction): string {
  return functionSignature(row).slice(row.name.length);
}

/** Optional arguments are left to the signature help: a placeholder that has to be deleted is in the way. */
function callText(row: ExpressionFunction, editor: EditorFeatures): string {
  if (row.params.length === 0) return `${row.name}()`;
  if (!editor.snippets) return `${row.name}(`;
  const required = row.params.filter((param) => param.optional !== true);
  if (required.length === 0) return `${row.name}($1)`;
  const places = required.map((param, index) => `\${${index + 1}:${param.name}}`);
  return `${row.name}(${places.join(', ')})`;
}

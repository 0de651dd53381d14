import { CompletionItemKind, InsertTextFormat, type CompletionItem } from 'vscode-languageserver-types';
import type { TypeFamily } from '../../../core/expression/typeFamily.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { EditorFeatures } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';
import type { SuggestionContext } from './schemaCompletion.ts';

interface OperatorRow {
  text: string;
  doc: string;
  snippet?: string;
  /** Values it applies to; absent: all. */
  families?: readonly TypeFamily[];
}

const ordered: readonly TypeFamily[] = ['text', 'number', 'date'];

/** Operators as the language has them, those people write most first. */
const operators: readonly OperatorRow[] = [
  { text: '=', doc: 'Equal' },
  { text: '!=', doc: 'Not equal' },
  { text: '<', doc: 'Less than', families: ordered },
  { text: '<=', doc: 'Less than or equal', families: ordered },
  { text: '>', doc: 'Greater than', families: ordered },
  { text: '>=', doc: 'Greater than or equal', families: ordered },
  { text: 'AND', doc: 'Both must hold' },
  { text: 'OR', doc: 'One of them must hold' },
  {
    text: 'LIKE',
    doc: 'Matches a pattern: `%` any text, `_` one character',
    snippet: "LIKE '$1%'",
    families: ['text'],
  },
  { text: 'NOT LIKE', doc: 'Does not match a pattern', snippet: "NOT LIKE '$1%'", families: ['text'] },
  { text: 'IN', doc: 'Is one of the values', snippet: 'IN ($1)', families: ordered },
  { text: 'NOT IN', doc: 'Is none of the values', snippet: 'NOT IN ($1)', families: ordered },
  { text: 'IS NULL', doc: 'Has no value in the database', families: ordered },
  { text: 'IS NOT NULL', doc: 'Has a value in the database', families: ordered },
  { text: '+', doc: 'Joins texts', families: ['text'] },
  { text: '+', doc: 'Sum', families: ['number'] },
  { text: '-', doc: 'Difference', families: ['number'] },
  { text: '*', doc: 'Product', families: ['number'] },
  { text: '/', doc: 'Quotient', families: ['number'] },
  { text: '%', doc: 'Remainder', families: ['number'] },
];

/** What joins two conditions. */
const joining: ReadonlySet<string> = new Set(['AND', 'OR']);
const arithmetic = /^[-+*/%]$/;

/**
 * The operators that fit a value. Behind a comparison those that join the next one come first, and no other comparison:
 * they do not chain. Of a value nothing is known about, those of any: all but the arithmetic ones, which
 * would only be in the way.
 */
export function completeOperators(
  context: SuggestionContext,
  editor: EditorFeatures,
  value: { family: TypeFamily; isCompared: boolean },
  replace: TextRange,
  toXml: (text: string) => string,
): CompletionItem[] {
  const range = toLspRange(context, replace);
  const { family, isCompared } = value;
  const isKnown = family !== 'unknown' && family !== 'marker';
  const fitting = operators.filter(({ text, families }) =>
    isKnown ? families?.includes(family) !== false : !arithmetic.test(text),
  );
  const offered = isCompared
    ? [
        ...fitting.filter(({ text }) => joining.has(text)),
        ...fitting.filter(({ text }) => arithmetic.test(text)),
      ]
    : fitting;
  return offered.map((operator, index) => {
    const snippet = editor.snippets ? operator.snippet : undefined;
    return {
      label: operator.text,
      labelDetails: { description: operator.doc },
      kind: CompletionItemKind.Operator,
      sortText: String(index).padStart(2, '0'),
      textEdit: { range, newText: toXml(snippet ?? operator.text) },
      ...(snippet === undefined
        ? { commitCharacters: [' '] }
        : { insertTextFormat: InsertTextFormat.Snippet }),
    };
  });
}

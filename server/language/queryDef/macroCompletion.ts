import {
  CompletionItemKind,
  InsertTextFormat,
  MarkupKind,
  type CompletionItem,
} from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { EditorFeatures } from './queryContext.ts';
import { toLspRange } from './queryRanges.ts';
import type { SuggestionContext } from './schemaCompletion.ts';

/** Values every caller has. Source: Campaign documentation of forms and filters. */
const sessionValues: readonly { name: string; doc: string }[] = [
  { name: 'login', doc: 'Login of the operator who runs the query' },
  { name: 'loginId', doc: 'Primary key of that operator' },
  { name: 'folderId', doc: 'Folder the view is in' },
  { name: 'entityPath', doc: 'Path of the edited entity' },
];

/** Macros that read a value at a path of the caller: a form, a filter page, an activity. */
const readers: readonly { name: string; doc: string }[] = [
  { name: '', doc: 'The value as it is' },
  { name: 'long', doc: 'The value as a whole number' },
  { name: 'date', doc: 'The value as a date literal' },
  { name: 'datetime', doc: 'The value as a literal of date and time' },
  { name: 'string', doc: 'The value as a quoted string' },
];

const markdown = (value: string): { kind: 'markdown'; value: string } => ({
  kind: MarkupKind.Markdown,
  value,
});

/** Inside `$(…)`: the values of the session. Paths of the caller's context are not known here. */
export function completeMacroPath(
  context: SuggestionContext,
  replace: TextRange,
  toXml: (text: string) => string,
): CompletionItem[] {
  const range = toLspRange(context, replace);
  return sessionValues.map(({ name, doc }, index) => ({
    label: name,
    kind: CompletionItemKind.Variable,
    sortText: String(index),
    documentation: markdown(doc),
    textEdit: { range, newText: toXml(name) },
  }));
}

/** Where a value may stand: parameters, after everything else. */
export function completeMacros(
  context: SuggestionContext,
  editor: EditorFeatures,
  replace: TextRange,
  toXml: (text: string) => string,
  beforeParenthesis: boolean,
): CompletionItem[] {
  const range = toLspRange(context, replace);
  const item = (label: string, doc: string, newText: string): CompletionItem => ({
    label,
    kind: CompletionItemKind.Variable,
    sortText: `9${label}`,
    documentation: markdown(doc),
    textEdit: { range, newText: toXml(newText) },
  });
  if (beforeParenthesis) return readers.map(({ name, doc }) => item(`$${name}`, doc, `$${name}`));
  const values = sessionValues.map(({ name, doc }) => item(`$(${name})`, doc, `$(${name})`));
  if (!editor.snippets) return values;
  const places = readers.map(({ name, doc }) => ({
    ...item(`$${name}(…)`, `${doc} at a path of the form, filter or activity`, `\\$${name}($1)`),
    filterText: `$${name}(`,
    insertTextFormat: InsertTextFormat.Snippet,
  }));
  return [...values, ...places];
}

/**
 * A macro in words.
 * @param name the cast, `''` for `$(…)`; @param path what is in its brackets.
 */
export function macroDocumentation(name: string, path: string): string {
  const reader = readers.find((row) => row.name === name);
  const value = name === '' ? sessionValues.find((row) => row.name === path) : undefined;
  const doc =
    value?.doc ??
    `${reader?.doc ?? 'A value'} at ${path === '' ? 'a path' : `\`${path}\``} of the form, filter or activity`;
  return `**\`$${name}(${path})\`** ${doc}. Replaced before the query is built.`;
}

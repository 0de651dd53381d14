import { TextDocument } from 'vscode-languageserver-textdocument';
import { CompletionItemKind, type CompletionItem, type TextEdit } from 'vscode-languageserver-types';
import { expect } from 'vitest';
import type { EditorFeatures } from '../../server/language/queryDef/queryContext.ts';
import { completeQuery } from '../../server/language/queryDef/queryCompletion.ts';
import { takeCursor } from './cursor.ts';
import { fullEditor, queryContext } from './queryModel.ts';

const kindNames = new Map(
  Object.entries(CompletionItemKind).map(([name, kind]) => [kind, name.toLowerCase()]),
);

/** What is offered at the `$0`, in the order an editor shows it. */
export function offered(marked: string, editor: EditorFeatures = fullEditor): CompletionItem[] {
  const { text, offset } = takeCursor(marked);
  const { items } = completeQuery(queryContext(text), editor, offset);
  return items.sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

const squeeze = (text: string): string => text.trim().replace(/\s+/g, ' ');

function toLine(item: CompletionItem): string {
  return squeeze(`${kindNames.get(item.kind!) ?? '?'} ${item.label} ${item.detail ?? ''}`);
}

/** Everything offered at the `$0`: a line `kind label detail` each. */
export function checkCompletion(marked: string, expected: string): void {
  const lines = expected.split('\n').map(squeeze).filter(Boolean);
  expect(offered(marked).map(toLine)).toEqual(lines);
}

/** Some of what is offered at the `$0`, in that order; `except`: labels that must not be. */
export function checkOffers(marked: string, expected: string, except: readonly string[] = []): void {
  const lines = expected.split('\n').map(squeeze).filter(Boolean);
  const items = offered(marked);
  expect(items.map(toLine).filter((line) => lines.includes(line))).toEqual(lines);
  expect(items.map((item) => item.label).filter((label) => except.includes(label))).toEqual([]);
}

/** The labels offered at the `$0`. */
export function offeredLabels(marked: string): string[] {
  return offered(marked).map((item) => item.label);
}

/** The document after the item of that label is taken; placeholders of snippets stay as they are written. */
export function checkAccept(marked: string, label: string, expected: string, editor?: EditorFeatures): void {
  const { text, offset } = takeCursor(marked);
  const item = offered(marked, editor).find((candidate) => candidate.label === label);
  expect(item, `${label} is offered`).toBeDefined();
  const edit = item!.textEdit as TextEdit;
  const document = TextDocument.create('file:///test', 'xml', 1, text);
  // Editors match what is typed against the filter text, and drop the item when it does not fit.
  const typed = text.slice(document.offsetAt(edit.range.start), offset);
  expect(isSubsequence(typed, item!.filterText ?? item!.label), `"${typed}" finds ${label}`).toBe(true);
  expect(TextDocument.applyEdits(document, [edit])).toBe(expected);
}

function isSubsequence(typed: string, text: string): boolean {
  let at = 0;
  for (const character of typed.toLowerCase()) {
    at = text.toLowerCase().indexOf(character, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

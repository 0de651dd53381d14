import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver-types';
import { maskDocument } from '../../server/language/javascript/scriptDocument.ts';
import { createLanguageService, type LanguageDocument } from '../../server/language/languageService.ts';
import { documentKind, findRegions } from '../../server/language/regions.ts';
import { fullEditor } from '../support/queryModel.ts';
import type { CompletionToken } from './completionTokens.ts';
import { demoModel } from './demoModel.ts';
import type { Random } from './random.ts';

/** The service without its JavaScript side, which has runs of its own. */
export const service = createLanguageService(undefined);

/** One version of a document as the service takes it. */
export function openText(languageId: string, text: string): LanguageDocument {
  const document = TextDocument.create('file:///fuzz', languageId, 1, text);
  const isScript = documentKind(languageId, text) === 'script';
  const literals = isScript ? maskDocument(languageId, text).literals : [];
  return { document, version: 1, regions: findRegions(languageId, text, literals) };
}

/** How a document is changed before completion is asked for; the cursor is where the change was. */
const ways = {
  'cut out': ({ start }: CompletionToken) => ({ from: start, cursor: start, isPrefix: false }),
  'cut in half': (token: CompletionToken) => ({
    from: middle(token),
    cursor: middle(token),
    isPrefix: false,
  }),
  'cursor inside': (token: CompletionToken) => ({ from: token.end, cursor: middle(token), isPrefix: false }),
  'cursor behind': (token: CompletionToken) => ({ from: token.end, cursor: token.end, isPrefix: false }),
  'prefix before': ({ start }: CompletionToken) => ({ from: start, cursor: start, isPrefix: true }),
  'prefix inside': (token: CompletionToken) => ({
    from: middle(token),
    cursor: middle(token),
    isPrefix: true,
  }),
} as const;

const middle = ({ start, end }: CompletionToken): number => start + ((end - start) >> 1);

/** A case that went wrong: what was offered, or where. */
export interface FuzzFailure {
  way: string;
  token: CompletionToken;
  text: string;
  cursor: number;
}

/**
 * Takes a token away in every way and asks for it again: taking the item must give the text as it was. In a prefix,
 * what stands behind is not known, so the item may bring its own.
 * @param edit changes the text before `token`, by as many characters as it says: an unrelated slip further up.
 */
export function completesAgain(languageId: string, text: string, token: CompletionToken): FuzzFailure[] {
  return Object.entries(ways).flatMap(([way, place]) => {
    const { from, cursor, isPrefix } = place(token);
    const changed = text.slice(0, from) + (isPrefix ? '' : text.slice(token.end));
    const wanted = isPrefix ? text.slice(0, token.end) : text;
    return isOffered(languageId, changed, cursor, token, wanted, isPrefix)
      ? []
      : [{ way, token, text: changed, cursor }];
  });
}

export const wayCount = Object.keys(ways).length;

function isOffered(
  languageId: string,
  text: string,
  cursor: number,
  token: CompletionToken,
  wanted: string,
  isPrefix: boolean,
): boolean {
  const file = openText(languageId, text);
  const { items } = service.complete(demoModel, file, cursor, fullEditor);
  // Functions may be written in any letter case; the documented one is offered.
  const spelt = (written: string): string => (token.kind === 'function' ? written.toLowerCase() : written);
  return items
    .filter(({ label }) => spelt(label) === spelt(token.text))
    .some(({ textEdit }) => {
      const result = spelt(TextDocument.applyEdits(file.document, [textEdit as TextEdit]));
      return isPrefix ? result.startsWith(spelt(wanted)) : result === spelt(wanted);
    });
}

/** A slip of the keyboard: a character more, less, or other. */
export function slip(random: Random, text: string): { text: string; at: number } {
  const at = random.int(0, text.length - 1);
  const typed = random.pick([
    '<',
    '>',
    '"',
    "'",
    '[',
    ']',
    '(',
    ')',
    '{',
    '}',
    '@',
    '/',
    '&',
    ' ',
    '\n',
    'x',
    '\u{1F600}',
    '',
  ]);
  return { at, text: text.slice(0, at) + typed + text.slice(at + random.int(typed === '' ? 1 : 0, 1)) };
}

/** Asks everything there is to ask at an offset, and about the document. @returns how much was answered. */
export function askEverything(file: LanguageDocument, offset: number): number {
  const completion = service.complete(demoModel, file, offset, fullEditor);
  for (const item of completion.items.slice(0, 3)) service.resolveCompletion(demoModel, item);
  const end = file.document.getText().length;
  const answers = [
    service.hover(demoModel, file, offset),
    service.signatureHelp(demoModel, file, offset),
    service.selectionRange(demoModel, file, offset),
    service.queryAt(file, offset),
  ];
  const lists = [
    completion.items,
    service.definition(demoModel, file, offset),
    service.references(demoModel, file, offset, []),
    service.documentSymbols(file),
    service.foldingRanges(file),
    service.diagnostics(demoModel, file),
    service.codeActions(demoModel, file, { start: 0, end }),
    service.format(file, { tabSize: 2, insertSpaces: true }),
    service.runnableQueries(file),
  ];
  return answers.filter(Boolean).length + lists.reduce((sum, list) => sum + list.length, 0);
}

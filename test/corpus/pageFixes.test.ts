import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { DiagnosticSeverity, type Diagnostic } from 'vscode-languageserver-types';
import { parseDocument } from '../../server/documents.ts';
import { problemPageName, problemSeverities } from '../../server/language/problemCatalog.ts';
import {
  exampleDocument,
  exampleService,
  settingsFor,
  type ExampleDocument,
} from '../docs/exampleDocument.ts';
import { examplesOf, pageFiles, readPage } from '../docs/problemPages.ts';
import { scripts } from '../support/scripts.ts';
import { demoModel } from './demoModel.ts';

const pages = new Set(pageFiles());
const codes = [...problemSeverities.keys()].filter((code) => pages.has(problemPageName(code)));

/** What is said of a document, and the edits of every fix for one code. */
function ask({ uri, languageId, text }: ExampleDocument, code: string) {
  scripts.close(uri);
  const document = TextDocument.create(uri, languageId, 1, text);
  const file = parseDocument(document);
  const settings = settingsFor(code);
  const diagnostics = exampleService.diagnostics(demoModel, file, settings);
  const fixes = exampleService
    .codeActions(demoModel, file, { start: 0, end: text.length }, settings)
    .filter((action) => action.diagnostics?.some((diagnostic) => diagnostic.code === code) === true)
    .map(({ title, edit }) => ({
      title,
      text: TextDocument.applyEdits(document, edit?.changes?.[uri] ?? []),
    }));
  return { diagnostics, fixes };
}

const countOf = (diagnostics: readonly Diagnostic[], code: string): number =>
  diagnostics.filter((diagnostic) => diagnostic.code === code).length;
const errorsOf = (diagnostics: readonly Diagnostic[]): number =>
  diagnostics.filter(({ severity }) => severity === DiagnosticSeverity.Error).length;

test('the fixes of the examples of the pages remove the problem and add no error', () => {
  const failures: string[] = [];
  const fixed = new Set<string>();
  for (const code of codes) {
    for (const example of examplesOf(readPage(code), 'Wrong')) {
      const whole = exampleDocument(code, example);
      const before = ask(whole, code);
      for (const { title, text } of before.fixes) {
        const after = ask({ ...whole, text }, code).diagnostics;
        if (!title.startsWith('Ignore ')) fixed.add(code);
        const isGone = countOf(after, code) < countOf(before.diagnostics, code);
        const isSound = errorsOf(after) <= errorsOf(before.diagnostics);
        if (!isGone || !isSound) {
          const said = after.map(
            (diagnostic) => `${String(diagnostic.code)}: ${JSON.stringify(diagnostic.message)}`,
          );
          failures.push(
            `${code}, ${title}: ${isGone ? 'adds an error' : 'is still there'}\n${text}\n${said.join('\n')}`,
          );
        }
      }
    }
  }
  console.log(`${fixed.size} of ${codes.length} codes have a fix for their example`);
  expect(failures.join('\n\n')).toBe('');
  expect(fixed.size).toBeGreaterThan(60);
});

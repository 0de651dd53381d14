import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDocument } from '../../../../server/language/javascript/scriptDocument.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { scripts } from '../../../support/scripts.ts';

/** Scripts of ours for every context, each full of constructs that are easy to misread. */
const folder = new URL('../../../fixtures/constructs/', import.meta.url);
const files = readdirSync(folder, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => /\.(?:js|jssp|jst)$/.test(name))
  .sort();

function open(name: string): TextDocument {
  const url = new URL(name, folder);
  const languageId = name.endsWith('.js') ? 'campaign-javascript' : 'campaign-jssp';
  scripts.close(url.href);
  return TextDocument.create(url.href, languageId, 1, readFileSync(url, 'utf8'));
}

/** Pitfalls are meant to be found in such scripts; what the script cannot be read for is not. */
const misread: ReadonlySet<string> = new Set([
  'script/syntax',
  'script/later-syntax',
  'script/literal-unclosed',
  'script/attribute-outside-filter',
  'script/unknown-member',
  'script/unknown-name',
  'script/argument-count',
]);

test('there is a script for every context', () => expect(files.length).toBeGreaterThanOrEqual(60));

test.each(files)('%s is read without a false error', (name) => {
  const document = open(name);
  const text = document.getText();
  const found = scripts
    .problems(scriptModel, document, true)
    .filter(({ code }) => misread.has(code))
    .map(({ start, code, message }) => `${document.positionAt(start).line + 1}: ${code} ${message}`);
  expect(found).toEqual([]);
  expect(maskDocument(document.languageId, text).text.length).toBe(text.length);
});

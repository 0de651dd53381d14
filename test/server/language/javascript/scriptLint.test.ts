import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { toDiagnostic } from '../../../../server/language/problems.ts';
import { scripts } from '../../../support/scripts.ts';

/** `code text message` of each diagnostic, the code without its `script/`. */
function lint(text: string): string[] {
  scripts.close('file:///lint.js');
  const document = TextDocument.create('file:///lint.js', 'campaign-javascript', 1, text);
  return scripts
    .problems(document)
    .map((problem) => toDiagnostic(document, problem))
    .map(
      ({ code, range, message }) =>
        `${String(code).replace('script/', '')} ${document.getText(range)} | ${message as string}`,
    );
}

test('braces inside quotes are text', () => {
  expect(lint('x = <node expr="@id = {id}"/>;')).toEqual([
    'braces-in-quotes {id} | Braces inside quotes are text. To insert the value write expr={"@id = " + id}.',
  ]);
  expect(lint('x = <a b="{r.@id}" c={d}/>;')).toEqual([expect.stringContaining('write b={r.@id}')]);
});

test('braces elsewhere are expressions, or mean something else', () => {
  expect(lint('x = <a b={c}>{d}</a>;')).toEqual([]);
  expect(lint(`x = <a json='{"a": 1}' css="td { color: red }" format="{0}"/>;`)).toEqual([]);
  expect(lint('x = "<a b=\\"{c}\\"/>";')).toEqual([]);
});

test('a literal has no XML declaration', () => {
  expect(lint('x = <?xml version="1.0"?>;')).toEqual([expect.stringMatching(/^xml-declaration /)]);
  expect(lint('x = <?xml-stylesheet href="a"?>;')).toEqual([]);
});

test('a member of XML as a condition is always true', () => {
  const always = (code: string): string[] =>
    lint(`var x = new XML("<a/>"); ${code}`).map((line) => line.split(' | ')[0]!);
  expect(always('if (x.item) f();')).toEqual(['always-true x.item']);
  expect(always('while (!x.@id) f();')).toEqual(['always-true x.@id']);
  expect(always('f(x.@id || 1, x.item ? 1 : 2);')).toEqual(['always-true x.@id', 'always-true x.item']);
  expect(always('if ((x.item.(@id == 1))) f();')).toEqual([]);
  expect(always('if (x.item.length() > 0 && x.@id == "1" && String(x.@id)) f();')).toEqual([]);
  expect(always('if (x) f(); if (unknown.item) f(); if (x.item.length) f();')).toEqual([]);
});

test('the message says what to write', () =>
  expect(lint('var x = <a/>; if (x.@id) f();')).toEqual([
    'always-true x.@id | XML is true even when nothing is there. Test x.@id.length() > 0, or compare String(x.@id).',
  ]));

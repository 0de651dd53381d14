import { expect, test } from 'vitest';
import { formatXml, formatXmlEdits, type FormatOptions } from '../../../server/language/formatXml.ts';
import { schemaTexts } from '../../support/queryModel.ts';

const format = (text: string): string | undefined => formatXml(text, { indent: '  ' });

test('puts an element on a line of its own, children indented', () =>
  expect(format('<queryDef schema="a:b"><select><node expr="@id"/></select><where/></queryDef>')).toBe(
    '<queryDef schema="a:b">\n  <select>\n    <node expr="@id"/>\n  </select>\n  <where/>\n</queryDef>',
  ));

test('keeps declarations, comments, and one blank line', () =>
  expect(
    format('<?xml version="1.0"?>\n<!-- a -->\n<a>\n\n\n<b/>\n\n\n\n<!-- c\n  d -->\n<e/>\n\n</a>\n'),
  ).toBe('<?xml version="1.0"?>\n<!-- a -->\n<a>\n  <b/>\n\n  <!-- c\n  d -->\n  <e/>\n</a>\n'));

test('keeps every character of values, text and CDATA', () => {
  const text = `<a b='x  "&lt;"'><c> t  e <d/>xt </c><e><![CDATA[ <x> ]]></e></a>`;
  expect(format(text)).toBe(`<a b='x  "&lt;"'>\n  <c> t  e <d/>xt </c>\n  <e><![CDATA[ <x> ]]></e>\n</a>`);
});

test('breaks a tag that is too long', () => {
  const long = 'x'.repeat(50);
  expect(format(`<a><b c="${long}" d="${long}"/></a>`)).toBe(
    `<a>\n  <b\n      c="${long}"\n      d="${long}"/>\n</a>`,
  );
});

test('keeps the line ends of the document', () =>
  expect(format('<a>\r\n<b/></a>\r\n')).toBe('<a>\r\n  <b/>\r\n</a>\r\n'));

test('leaves alone what it cannot read', () => {
  expect(format('<a><b></a>')).toBeUndefined();
  expect(format('<a b="1" b="2"/>')).toBeUndefined();
  expect(format('')).toBeUndefined();
});

test('a formatted document stays as it is', () => {
  const once = format('<a x="1"><!--c--><b><c/>\n\n<d>t</d></b></a>')!;
  expect(format(once)).toBe(once);
});

test('a comment that ends a line stays on it', () => {
  const text = '<a> <!-- of a -->\n  <b/> <!-- of b -->\n  <!-- of c -->\n  <c/>\n</a>';
  expect(format(text)).toBe(text);
  expect(format('<a><!-- alone --></a>')).toBe('<a>\n  <!-- alone -->\n</a>');
});

test('keeps what other tools may mind', () => {
  expect(format('\uFEFF<a><b/></a>')).toBe('\uFEFF<a>\n  <b/>\n</a>');
  expect(format('<!DOCTYPE a [ <!ENTITY b "c>d"> ]>\n<a><b/></a>')).toBe(
    '<!DOCTYPE a [ <!ENTITY b "c>d"> ]>\n<a>\n  <b/>\n</a>',
  );
  expect(format('<a><b>\u00a0</b><c> </c><d>\n</d></a>')).toBe(
    '<a>\n  <b>\u00a0</b>\n  <c> </c>\n  <d></d>\n</a>',
  );
  expect(format('<a><b xml:space="preserve">\n<c/></b></a>')).toBe(
    '<a>\n  <b xml:space="preserve">\n<c/></b>\n</a>',
  );
});

test('joins attributes that fit on a line, in their order', () =>
  expect(format('<a>\n<b\n  d="1"\n  c = "2"   />\n</a>')).toBe('<a>\n  <b d="1" c="2"/>\n</a>'));

test('a line ends at its width, tabs counted', () => {
  const value = 'x'.repeat(40);
  const fits = `<b c="${value}" d="${'y'.repeat(100 - 2 - value.length - 14)}"/>`;
  expect(fits.length + 2).toBe(100);
  expect(format(`<a>${fits}</a>`)).toBe(`<a>\n  ${fits}\n</a>`);
  const tabbed = formatXml(`<a>${fits}</a>`, { indent: '\t', tabSize: 4 });
  expect(tabbed).toBe(`<a>\n\t${fits.replace('b c', 'b\n\t\t\tc').replace(' d=', '\n\t\t\td=')}\n</a>`);
});

/** Applies the edits, the last first. */
function edited(text: string, range?: [string, string]): string {
  const options: FormatOptions = { indent: '  ' };
  const at = range && { start: text.indexOf(range[0]), end: text.indexOf(range[1]) };
  let result = text;
  for (const { start, end, newText } of formatXmlEdits(text, options, at).reverse()) {
    expect(text.slice(start, end)).toMatch(/^[ \t\r\n]*$/);
    result = result.slice(0, start) + newText + result.slice(end);
  }
  return result;
}

const untidy = '<a>\n<b>\n<c x="1"   y="2"/>\n</b>\n<d/>\n\n\n<e/>  \n</a>\n';

test('edits touch white space only, and only where it changes', () => {
  expect(edited(untidy)).toBe(format(untidy));
  expect(formatXmlEdits(format(untidy)!, { indent: '  ' })).toEqual([]);
  expect(formatXmlEdits('<a>\n  <b/>\n<c/>\n</a>', { indent: '  ' })).toEqual([
    { start: 10, end: 11, newText: '\n  ' },
  ]);
});

test('formats the lines of a range, and no other', () => {
  expect(edited(untidy, ['<c', ' y='])).toBe(untidy.replace('<c x="1"   y', '    <c x="1" y'));
  expect(edited(untidy, ['<d', '<d'])).toBe(untidy.replace('<d', '  <d'));
  expect(edited(untidy, ['<a', '</a'])).toBe(format(untidy));
});

test('edits nothing it cannot read', () =>
  expect(formatXmlEdits('<a><b></a>', { indent: '  ' })).toEqual([]));

test.each([...schemaTexts])('%s loses nothing, and is formatted once and for all', (_, text) => {
  for (const messy of [text, text.replace(/\n */g, '\n'), text.replace(/ (?=\w+=)/g, '\n')]) {
    const once = format(messy)!;
    expect(once.replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
    expect(format(once)).toBe(once);
  }
});

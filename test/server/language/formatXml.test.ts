import { expect, test } from 'vitest';
import { formatXml, smallestEdit } from '../../../server/language/formatXml.ts';

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
  const long = 'x'.repeat(60);
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

test('an edit replaces no more than has changed', () => {
  expect(smallestEdit('abcd', 'abcd')).toBeUndefined();
  expect(smallestEdit('abcd', 'abXcd')).toEqual({ start: 2, end: 2, newText: 'X' });
  expect(smallestEdit('aaa', 'aa')).toEqual({ start: 2, end: 3, newText: '' });
});

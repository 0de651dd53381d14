import { expect, test } from 'vitest';
import {
  decodeXml,
  escapeXmlAttribute,
  escapeXmlText,
  mapReferences,
  toCdata,
} from '../../../core/xml/entities.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { writeXml } from '../../../core/xml/writeXml.ts';

test('decodes the five entities and numbers, and leaves the rest', () =>
  expect(decodeXml('&lt;&#65;&#x1F600;&amp;lt;&nbsp;&#0;&')).toBe('<A😀&lt;&nbsp;&#0;&'));

test('indexes map back and forth across references', () => {
  const raw = '&lt;@a &lt;&#x1F600; 3 & @b &gt;= 4&amp;';
  const decoded = decodeXml(raw);
  const map = mapReferences(raw);
  for (let i = 0; i <= decoded.length; i++) {
    // The second half of a pair has no place of its own: the reference begins with the first.
    const isHalf = decoded.codePointAt(i - 1)! > 0xffff;
    expect(map.toDecoded(map.toSource(i)), decoded.slice(0, i)).toBe(isHalf ? i - 1 : i);
  }
  expect(raw.slice(map.toSource(decoded.indexOf('@b')))).toBe('@b &gt;= 4&amp;');
  expect(map.toDecoded(raw.indexOf('gt;'))).toBe(decoded.indexOf('>'));
  expect([map.toSource(99), map.toDecoded(99)]).toEqual([raw.length, decoded.length]);
});

test('what is escaped reads back the same', () => {
  const value = `a<b>&"'\n\t]]>é\u0001`;
  const readBack = parseXml(
    `<r a="${escapeXmlAttribute(value)}">${escapeXmlText(value)}${toCdata(value)}</r>`,
  );
  const plain = value.replace('\u0001', '');
  expect(readBack.problems).toEqual([]);
  expect(readBack.root?.attributes[0]?.value).toBe(plain);
  const root = readBack.root!;
  expect(root.children.map((child) => (child.kind === 'text' ? child.value : '')).join('|')).toBe(
    `${plain}|a<b>&"'\n\t]]|>é`,
  );
});

test('writes an element as it was, without the namespaces of the wire when asked', () => {
  const root = parseXml(`<ns:a xmlns:ns='urn:x' b='1 &lt; 2'><c/>t<![CDATA[<]]></ns:a>`).root!;
  expect(writeXml(root)).toBe(`<ns:a xmlns:ns="urn:x" b="1 &lt; 2"><c/>t<![CDATA[<]]></ns:a>`);
  expect(writeXml(root, { stripNamespaces: true })).toBe(`<a b="1 &lt; 2"><c/>t<![CDATA[<]]></a>`);
});

import { expect, test } from 'vitest';
import {
  decodedIndex,
  decodeXml,
  escapeXmlAttribute,
  escapeXmlText,
  sourceIndex,
  toCdata,
} from '../../../core/xml/entities.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { writeXml } from '../../../core/xml/writeXml.ts';

test('decodes the five entities and numbers, and leaves the rest', () =>
  expect(decodeXml('&lt;&#65;&#x1F600;&amp;lt;&nbsp;&#0;&')).toBe('<A😀&lt;&nbsp;&#0;&'));

test('indexes map back and forth across references', () => {
  const raw = '@a &lt; 3 and @b &gt;= 4';
  const decoded = decodeXml(raw);
  for (let i = 0; i <= decoded.length; i++) expect(decodedIndex(raw, sourceIndex(raw, i))).toBe(i);
  expect(raw.slice(sourceIndex(raw, decoded.indexOf('@b')))).toBe('@b &gt;= 4');
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

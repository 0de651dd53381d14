import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';
import { parseXml } from '../../../../core/xml/parseXml.ts';
import { textOf } from '../../../../core/xml/xmlTree.ts';
import { EmbeddedText, type TextChange } from '../../../../server/language/embedded/embeddedText.ts';
import { seededRandom } from '../../../support/scripts.ts';

/** The text inside the root element. */
function textIn(source: string): EmbeddedText {
  const text = EmbeddedText.of(source, parseXml(source).root!);
  if (text === undefined) throw new Error(`No text in ${source}`);
  return text;
}

function apply(source: string, changes: readonly TextChange[]): string {
  const document = TextDocument.create('file:///a', 'xml', 1, source);
  return TextDocument.applyEdits(
    document,
    changes.map(({ start, end, newText }) => ({
      range: { start: document.positionAt(start), end: document.positionAt(end) },
      newText,
    })),
  );
}

/** The document after its text is changed where `find` stands in it. */
function change(source: string, find: string, newText: string): string {
  const text = textIn(source);
  const start = text.text.indexOf(find);
  expect(start, find).toBeGreaterThanOrEqual(0);
  return apply(source, text.toChanges({ start, end: start + find.length, newText }));
}

/** The markup a stretch of the text comes from. */
function markupOf(source: string, find: string): string {
  const text = textIn(source);
  const start = text.text.indexOf(find);
  const range = text.toRange({ start, end: start + find.length });
  return source.slice(range.start, range.end);
}

describe('the decoded text', () => {
  test.each([
    ['<s>a &lt; b &amp;&amp; c &#62; &#x41;</s>', 'a < b && c > A'],
    ['<s><![CDATA[a < b && c]]></s>', 'a < b && c'],
    ['<s>\n  <![CDATA[a < b]]>\n</s>', '\n  a < b\n'],
    ['<s>a<!-- x -->b</s>', 'ab'],
    ['<s><![CDATA[x]]]]><![CDATA[>y]]></s>', 'x]]>y'],
    ['<s>&unknown; a & b</s>', '&unknown; a & b'],
    ['<s>a < b</s>', 'a < b'],
    ['<s>&#x1F600;</s>', '😀'],
    ['<s></s>', ''],
    ['<s><![CDATA[]]></s>', ''],
    ['<s>half', 'half'],
    ['<s><![CDATA[half', 'half'],
  ])('of %s', (source, decoded) => expect(textIn(source).text).toBe(decoded));

  test('there is none where none can be written', () => {
    expect(EmbeddedText.of('<s/>', parseXml('<s/>').root!)).toBeUndefined();
    expect(EmbeddedText.of('<s a="', parseXml('<s a="').root!)).toBeUndefined();
  });
});

describe('a stretch of the text', () => {
  test('is all the markup it comes from', () => {
    expect(markupOf('<s>a &lt;&#60; b</s>', '<<')).toBe('&lt;&#60;');
    expect(markupOf('<s>a &amp; b</s>', 'a')).toBe('a');
    expect(markupOf('<s>a<![CDATA[bc]]>d</s>', 'bc')).toBe('bc');
    expect(markupOf('<s>a<![CDATA[bc]]>d</s>', 'cd')).toBe('c]]>d');
  });

  test('half of a reference is the whole of it', () => {
    const source = '<s>&#x1F600;b</s>';
    expect(textIn(source).toRange({ start: 1, end: 2 })).toEqual({ start: 3, end: 12 });
    expect(textIn(source).toRange({ start: 1, end: 1 })).toEqual({ start: 3, end: 3 });
  });
});

test('a position inside a reference is its beginning, and none on the marks of a section', () => {
  const source = '<s>a&lt;b<![CDATA[c]]></s>';
  const text = textIn(source);
  expect([3, 4, 5, 7, 8, 9].map((offset) => text.indexAt(offset))).toEqual([0, 1, 1, 1, 2, 3]);
  expect(text.indexAt(source.indexOf('CDATA'))).toBeUndefined();
  expect(text.indexAt(source.indexOf(']]>'))).toBe(4);
  expect(text.indexAt(source.indexOf(']]>') + 1)).toBeUndefined();
  expect(text.indexAt(0)).toBeUndefined();
  expect(text.nearestIndex(source.indexOf('CDATA'))).toBe(3);
  expect(text.nearestIndex(0)).toBe(0);
  expect(text.nearestIndex(source.length)).toBe(4);
});

describe('a change', () => {
  test('is escaped in text and left alone in CDATA', () => {
    expect(change('<s>a</s>', 'a', '<b c="&"/>')).toBe('<s>&lt;b c="&amp;"/></s>');
    expect(change('<s><![CDATA[a]]></s>', 'a', '<b c="&"/>')).toBe('<s><![CDATA[<b c="&"/>]]></s>');
  });

  test('between text and a section is written in the section', () => {
    const source = '<s>\n<![CDATA[a]]>\n</s>';
    const at = (start: number): string =>
      apply(source, textIn(source).toChanges({ start, end: start, newText: '<' }));
    expect(at(1)).toBe('<s>\n<![CDATA[<a]]>\n</s>');
    expect(at(2)).toBe('<s>\n<![CDATA[a<]]>\n</s>');
    expect(at(0)).toBe('<s>&lt;\n<![CDATA[a]]>\n</s>');
  });

  test('stays where the cursor is', () => {
    const source = '<s>\n<![CDATA[a]]></s>';
    const offset = 4;
    const text = textIn(source);
    expect(apply(source, text.toChanges({ start: 1, end: 1, newText: '<' }, { index: 1, offset }))).toBe(
      '<s>\n&lt;<![CDATA[a]]></s>',
    );
  });

  test('across sections leaves their marks', () => {
    expect(change('<s>ab<![CDATA[cd]]>ef</s>', 'bcde', '<')).toBe('<s>a&lt;<![CDATA[]]>f</s>');
  });

  test('never ends a section, nor writes its end into text', () => {
    expect(change('<s><![CDATA[a]]></s>', 'a', 'x[y[0]]>1')).toBe('<s><![CDATA[x[y[0]]]]><![CDATA[>1]]></s>');
    expect(change('<s>a</s>', 'a', 'x[y[0]]>1')).toBe('<s>x[y[0]]&gt;1</s>');
    expect(change('<s>b]]a></s>', 'a', '')).toBe('<s>b]]&gt;</s>');
    expect(change('<s><![CDATA[b]]a>]]></s>', 'a', '')).toBe('<s><![CDATA[b]]]]><![CDATA[>]]></s>');
    expect(change('<s><![CDATA[b]a]]></s>', 'a', ']')).toBe('<s><![CDATA[b]]]]></s>');
  });

  test('fills an empty element', () => {
    const source = '<s></s>';
    expect(apply(source, textIn(source).toChanges({ start: 0, end: 0, newText: 'a<b' }))).toBe(
      '<s>a&lt;b</s>',
    );
  });
});

test('any change of any text gives the text asked for, well-formed', () => {
  const random = seededRandom(20261124);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  const pieces = [
    'a',
    'b c',
    ']',
    ']]',
    '>',
    '\n',
    '&lt;',
    '&amp;',
    '&#62;',
    '&#x1F600;',
    '<![CDATA[x<y&z]]>',
    '<![CDATA[]]>',
    '<![CDATA[]]]>',
    '<![CDATA[>]]>',
    '<!-- c -->',
  ];
  const inserts = ['', 'a', '<', '&', '>', ']', ']]', ']]>', '<a b="{c}">&amp;</a>', '\n', '&lt;', '😀'];
  for (let round = 0; round < 4_000; round++) {
    const body = Array.from({ length: Math.floor(random() * 7) }, () => pick(pieces)).join('');
    const source = `<s>${body}</s>`;
    // What nobody may write to begin with.
    if (/\]\]>/.test(source.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '<x/>'))) continue;
    const text = textIn(source);
    const start = Math.floor(random() * (text.text.length + 1));
    const end = Math.min(text.text.length, start + Math.floor(random() * 4));
    // Half a character is not text.
    if (/[\uDC00-\uDFFF]/.test(text.text.charAt(start) + text.text.charAt(end))) continue;
    const newText = pick(inserts);
    const changed = apply(source, text.toChanges({ start, end, newText }));
    const { root, problems } = parseXml(changed);
    const context = `${source} [${start}, ${end}) ${JSON.stringify(newText)} ${changed}`;
    expect(problems, context).toEqual([]);
    expect(textOf(root!), context).toBe(text.text.slice(0, start) + newText + text.text.slice(end));
    const outside = changed.replace(/<!\[CDATA\[[\s\S]*?\]\]>/g, '<x/>');
    expect(outside, context).not.toContain(']]>');
    for (let offset = 0; offset <= source.length; offset++) {
      const index = text.indexAt(offset);
      if (index === undefined) continue;
      const back = text.toRange({ start: index, end: index + 1 });
      if (index < text.text.length) expect(back.start, context).toBeLessThan(back.end);
    }
  }
});

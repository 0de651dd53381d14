import { expect, test } from 'vitest';
import { locateXml } from '../../../core/xml/locateXml.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import type { XmlNode } from '../../../core/xml/xmlTree.ts';

/** The tree as one line per node, indented; `!` marks what is not closed. */
function outline(nodes: readonly XmlNode[], depth = 0): string[] {
  return nodes.flatMap((node) => {
    const pad = '  '.repeat(depth);
    if (node.kind === 'text')
      return node.value.trim() === '' && !node.hole ? [] : [`${pad}"${node.value.trim()}"`];
    const attributes = node.attributes.map(
      (a) => ` ${a.name}${a.hasValue ? `=${a.hole ? '{}' : a.value}` : ''}${a.closed ? '' : '!'}`,
    );
    const open = node.openTagClosed ? '' : ' !';
    return [`${pad}${node.name}${attributes.join('')}${open}`, ...outline(node.children, depth + 1)];
  });
}

function checkTree(text: string, expected: string, codes = ''): void {
  const document = parseXml(text);
  expect(outline(document.nodes).join('\n')).toBe(expected);
  expect(document.problems.map((problem) => problem.code).join(' ')).toBe(codes);
}

test('reads a well-formed document without problems', () =>
  checkTree(
    `<?xml version='1.0'?><!-- c --><q schema="nms:recipient"><select><node expr='@age &lt; 3'/></select>a &amp; b<![CDATA[<x>]]></q>`,
    `q schema=nms:recipient
  select
    node expr=@age < 3
  "a & b"
  "<x>"`,
  ));

test('an unclosed attribute value ends with its line', () =>
  checkTree(
    `<q>\n<select>\n<node expr="[folder/@\n</select>\n</q>`,
    `q
  select
    node expr=[folder/@! !`,
    'attribute-unclosed tag-unclosed element-unclosed',
  ));

test('an unclosed attribute value leaves the end of its tag outside', () =>
  checkTree(
    `<q>\n<node expr="[folder/@/>\n<node expr="@b"/>\n</q>`,
    `q
  node expr=[folder/@!
  node expr=@b`,
    'attribute-unclosed',
  ));

test('a start tag that runs into the next of its name is its sibling', () =>
  checkTree(
    `<s><node expr="@a" <node expr="@b"/></s>`,
    `s
  node expr=@a !
  node expr=@b`,
    'tag-unclosed',
  ));

test('an end tag closes what was left open', () =>
  checkTree(
    `<a><b><c></a>`,
    `a
  b
    c`,
    'element-unclosed element-unclosed',
  ));

test('a multi-line value is one value', () => checkTree(`<a b="x\n  y"/>`, `a b=x\n  y`));

test('holes of E4X are values that cannot be known', () => {
  const text = `<a b={f("}")} c="1">{x}</a>`;
  const holes = [...text.matchAll(/\{f\("\}"\)\}|\{x\}/g)].map((m) => ({
    start: m.index,
    end: m.index + m[0].length,
  }));
  const document = parseXml(text, { holes });
  expect(outline(document.nodes).join('\n')).toBe(`a b={} c=1\n  ""`);
  expect(document.problems).toEqual([]);
});

test('a document type declares nothing', () => {
  const document = parseXml(`<!DOCTYPE a [<!ENTITY x "boom">]><a>&x;</a>`);
  expect(outline(document.nodes)).toEqual(['a', '  "&x;"']);
});

test('nesting is capped', () => {
  const document = parseXml('<a>'.repeat(5000));
  expect(document.problems.some((problem) => problem.code === 'too-deep')).toBe(true);
  let depth = 0;
  for (let node = document.root; node !== undefined; node = node.children.find((c) => c.kind === 'element'))
    depth++;
  expect(depth).toBeLessThanOrEqual(513);
});

function checkLocation(marked: string, expected: string): void {
  const offset = marked.indexOf('$0');
  if (offset < 0 || offset !== marked.lastIndexOf('$0')) throw new Error('exactly one $0');
  const location = locateXml(parseXml(marked.replace('$0', '')), offset);
  const attribute = 'attribute' in location ? location.attribute?.name : undefined;
  expect(
    [location.kind, location.element?.name, attribute].filter((part) => part !== undefined).join(' '),
  ).toBe(expected);
}

test.each([
  ['<$0', 'tagName '],
  ['<q><se$0', 'tagName se'],
  ['<q $0/>', 'attributeName q'],
  ['<q sch$0/>', 'attributeName q sch'],
  ['<q schema="$0"/>', 'attributeValue q schema'],
  ['<q schema="nms$0', 'attributeValue q schema'],
  ['<q a="1" $0', 'attributeName q'],
  ['<q>$0</q>', 'content q'],
  ['<q></$0q>', 'endTag q'],
  ['<q></q>$0', 'content'],
  ['<q/>$0', 'content'],
  ['<q>\n  <select>$0', 'content select'],
  ['<q><a/>$0<b/></q>', 'content q'],
])('locates %s', (marked, expected) => checkLocation(marked, expected));

test('any prefix of a document parses and locates at every offset', () => {
  const text = `<!DOCTYPE x><q a='1' b="&lt;" c><![CDATA[x]]>t<n e={1}/></q><!-- -->`;
  for (let end = 0; end <= text.length; end++) {
    const document = parseXml(text.slice(0, end));
    for (let offset = 0; offset <= end; offset++) locateXml(document, offset);
  }
  expect(parseXml(text).root?.name).toBe('q');
});

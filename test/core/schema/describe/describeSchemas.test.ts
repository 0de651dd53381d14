import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { describeIndexPages, describeSchemaPages } from '../../../../core/schema/describe/describeSchemas.ts';
import { markup } from '../../../../core/schema/describe/html.ts';
import { markdownCode, markdownText } from '../../../../core/schema/describe/markdown.ts';
import type { PageContext } from '../../../../core/schema/describe/pages.ts';
import { styleSheet, styleSheetHash } from '../../../../core/schema/describe/styleSheet.ts';
import { parseSchema } from '../../../../core/schema/parseSchema.ts';
import { planSchemaFiles } from '../../../../core/schema/schemaFiles.ts';
import { tableLocation } from '../../../../core/schema/tableLocation.ts';
import { parseXml } from '../../../../core/xml/parseXml.ts';
import { descendantElements } from '../../../../core/xml/xmlTree.ts';

const purchase = `<schema namespace="cus" name="purchase" label="Purchases" desc="What was bought." dependingSchemas="cus:more">
  <enumeration name="state" label="State" basetype="byte"><value name="new" label="New" value="0" desc="Just made"/></enumeration>
  <element name="purchase" sqltable="CusPurchase" dataSource="nms:extAccount:ffda" autoStg="true">
    <compute-string expr="@label"/>
    <key name="id" internal="true"><keyfield xpath="@id"/></key>
    <dbindex name="byDate" unique="true"><keyfield xpath="@date"/><keyfield xlink="client"/></dbindex>
    <attribute name="id" type="long" sqlname="iId"/>
    <attribute name="label" length="100" label="Label" required="true"/>
    <attribute name="state" type="byte" enum="state"/>
    <attribute name="gender" type="byte" enum="nms:recipient:gender" belongsTo="cus:more"/>
    <attribute name="total" type="double" expr="@a + @b"/>
    <element name="address" label="Address"><attribute name="city" label="City"/></element>
    <element name="client" type="link" target="nms:recipient" label="Client" revLink="purchase" integrity="own"><join xpath-src="@client-id" xpath-dst="@id"/></element>
    <element name="payer" type="link" target="nms:recipient" label="Payer"/>
    <element name="lines" type="link" target="cus:line" label="Lines" unbound="true"/>
  </element>
  <methods><method name="Cancel" label="Cancel it" static="true"><parameters><param name="id" type="long" desc="Which"/><param name="done" type="boolean" inout="out"/></parameters></method></methods>
</schema>`;

function contextOf(...ids: string[]): PageContext {
  const { paths } = planSchemaFiles(ids);
  return { modelName: 'Demo', pagePath: (id) => paths.get(id) };
}

function pagesOf(xml: string, context = contextOf('cus:purchase', 'nms:recipient'), staged?: string) {
  const pages = describeSchemaPages(parseSchema(xml).schema!, context, staged)!;
  const [page, markdown] = pages.files.map(({ text }) => text);
  return { ...pages, html: page!, markdown: markdown! };
}

/** The text of an HTML page by line, tags as spaces. */
function plain(page: string): string {
  return page
    .replace(/<style>[^]*?<\/style>/, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/ +/g, ' ');
}

test('a page has the files of the plan', () => {
  const { files, row } = pagesOf(purchase);
  expect(files.map(({ path }) => path)).toEqual(['cus/purchase.html', 'cus/purchase.md']);
  expect(row).toEqual({
    id: 'cus:purchase',
    label: 'Purchases',
    table: 'CusPurchase',
    location: 'Cloud database',
    fieldCount: 7,
    linkCount: 3,
  });
});

test('a schema without a path has no page', () =>
  expect(describeSchemaPages(parseSchema(purchase).schema!, contextOf())).toBeUndefined());

test.each(['html', 'markdown'] as const)('the %s says all there is of a schema', (format) => {
  const pages = pagesOf(purchase);
  const text = format === 'html' ? plain(pages.html) : pages.markdown.replaceAll('`', '');
  for (const fact of [
    'What was bought.',
    'CusPurchase',
    'Cloud database',
    'cus:purchaseStg',
    'cus:more',
    '@id',
    'long',
    'iId',
    'string (100)',
    'required',
    'address/@city',
    'City',
    'calculated: @a + @b',
    'added by cus:more',
    'nms:recipient:gender',
    '@client-id = @id',
    'reverse: purchase',
    'integrity: own',
    'byDate',
    '@date, client',
    'unique',
    'primary',
    'Just made',
    'Cancel',
    'Static',
    'Which',
    'out',
  ]) {
    expect(text).toContain(fact);
  }
});

test('links lead to pages that exist, and to no others', () => {
  const { html: page, markdown } = pagesOf(purchase);
  const addresses = [...page.matchAll(/href="([^"]*)"/g)].map((match) => match[1]);
  expect([...new Set(addresses)].sort()).toEqual([
    '#enumeration-state',
    '../index.html',
    '../nms/recipient.html',
    '../nms/recipient.html#enumeration-gender',
  ]);
  const targets = [...markdown.matchAll(/\]\(([^)]*)\)/g)].map((match) => match[1]);
  expect([...new Set(targets)].sort()).toEqual([
    '#enumeration-state',
    '../README.md',
    '../nms/recipient.md',
    '../nms/recipient.md#enumeration-gender',
  ]);
  expect(page).toContain('id="enumeration-state"');
  expect(markdown).toContain('<a id="enumeration-state"></a>');
});

test('the diagram has one box for each neighbour, named by its links', () => {
  const { html: page } = pagesOf(purchase);
  const diagram = /<svg[^]*<\/svg>/.exec(page)![0];
  const { root, problems } = parseXml(diagram);
  expect(problems).toEqual([]);
  const elements = [...descendantElements(root!)].map(({ name }) => name);
  expect(elements.filter((name) => name === 'rect')).toHaveLength(3);
  expect(elements.filter((name) => name === 'a')).toHaveLength(1);
  expect(diagram).toContain('client, payer');
});

test('a schema without links has no diagram', () =>
  expect(
    pagesOf('<schema namespace="cus" name="purchase"><element name="purchase"/></schema>').html,
  ).not.toContain('<svg'));

test('a diagram of hundreds of links stays a diagram', () => {
  const links = Array.from(
    { length: 300 },
    (_, i) => `<element name="l${i}" type="link" target="cus:t${i}"/>`,
  ).join('');
  const { html: page } = pagesOf(
    `<schema namespace="cus" name="purchase"><element name="purchase">${links}</element></schema>`,
  );
  expect(page.match(/<rect/g)).toHaveLength(25);
  expect(page).toContain('and 276 more');
  expect(plain(page)).toContain('cus:t299');
});

test('a page allows nothing but its own style sheet', () => {
  const { html: page } = pagesOf(purchase);
  const style = /<style>([^]*?)<\/style>/.exec(page)![1]!;
  expect(style).toBe(styleSheet);
  expect(createHash('sha256').update(style).digest('base64')).toBe(styleSheetHash);
  expect(page).toContain(
    `<meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;sha256-${styleSheetHash}&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">`,
  );
  expect(page).not.toMatch(/<script|\son\w+=|\sstyle=/);
});

const hostile = `"'><script>alert(1)</script><img src=x onerror=alert(1)>\`|](javascript:alert(1))`;
const hostileXml = ((
  text: string,
) => `<schema namespace="cus" name="purchase" label="${text}" desc="${text}" dependingSchemas="${text}">
  <enumeration name="${text}" label="${text}" basetype="${text}"><value name="${text}" label="${text}" value="${text}" desc="${text}"/></enumeration>
  <element name="purchase" sqltable="${text}" dataSource="${text}">
    <compute-string expr="${text}"/>
    <key name="${text}"><keyfield xpath="${text}"/></key><dbindex name="${text}"><keyfield xpath="${text}"/></dbindex>
    <attribute name="${text}" type="${text}" label="${text}" desc="${text}" enum="${text}" sqlname="${text}" expr="${text}" default="${text}" belongsTo="${text}"/>
    <attribute name="b" enum="${text}:${text}:${text}"/>
    <element name="${text}" type="link" target="${text}" label="${text}" desc="${text}" integrity="${text}" revLink="${text}"><join xpath-src="${text}" xpath-dst="${text}" dstFilterExpr="${text}"/></element>
    <element name="many" type="link" target="${text}" unbound="true"/>
  </element>
  <methods><method name="${text}" label="${text}" desc="${text}"><parameters><param name="${text}" type="${text}" desc="${text}"/></parameters></method></methods>
</schema>`)(hostile.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;'));

test('nothing a schema says becomes HTML', () => {
  const context = { ...contextOf('cus:purchase'), modelName: hostile };
  const { html: page, row } = pagesOf(hostileXml, context, hostile);
  const index = describeIndexPages([{ ...row, location: hostile }], context)[0]!.text;
  for (const text of [page, index]) {
    const tags = [...text.replace(/<style>[^]*?<\/style>/, '').matchAll(/<\/?([a-z0-9!]+)/gi)].map(
      (match) => match[1]!,
    );
    const ours =
      /^(?:!doctype|html|head|meta|title|style|body|nav|a|h[123]|p|dl|dt|dd|div|table|t[rhd]|code|br|span|svg|path|text|rect)$/;
    expect(tags.filter((tag) => !ours.test(tag))).toEqual([]);
    const attributes = [...text.matchAll(/<[a-z0-9]+((?:\s+[\w-]+="[^"]*")*)\s*\/?>/gi)];
    expect(attributes.length).toBeGreaterThan(5);
    expect(text).not.toMatch(/href="(?!\.\.\/|#|cus\/)/);
    expect(text).toContain('&#60;script&#62;');
  }
});

test('nothing a schema says becomes HTML or a link in Markdown', () => {
  const context = { ...contextOf('cus:purchase'), modelName: hostile };
  const { markdown, row } = pagesOf(hostileXml, context, hostile);
  const index = describeIndexPages([{ ...row, location: hostile }], context)[1]!.text;
  for (const text of [markdown, index]) {
    const outsideCode = text
      .replaceAll('\\`', '')
      .replace(/(`+)[^]*?[^`]\1(?!`)/g, 'CODE')
      .replace(/<br>|<a id="[\w-]*"><\/a>/g, '');
    expect(outsideCode).not.toMatch(/[<>]/);
    const targets = [...outsideCode.matchAll(/(?<!\\)\]\(([^)]*)\)/g)].map((match) => match[1]!);
    expect(
      targets.filter(
        (target) => !/^(?:#enumeration-[\w-]+|\.\.\/README\.md|cus\/purchase\.md)$/.test(target),
      ),
    ).toEqual([]);
    // Cells do not leave their table: each row has as many as the headings above it.
    let bars = 0;
    for (const line of text.split('\n')) {
      const found = line.startsWith('| ') ? line.replace(/\\\|/g, '').split('|').length : 0;
      if (bars > 0 && found > 0) expect(found).toBe(bars);
      bars = found;
    }
  }
});

test('a template escapes for text and for both quotes', () =>
  expect(markup`<a title="${`"'<&>\``}">${['a<b', undefined, 3]}</a>`.text).toBe(
    '<a title="&#34;&#39;&#60;&#38;&#62;&#96;">a&#60;b3</a>',
  ));

test.each([
  ['a | b', 'a \\| b'],
  ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
  ['two\nlines', 'two lines'],
  ['# no heading', '\\# no heading'],
  ['1. no list', '1\\. no list'],
  ['[a](b) *c* _d_ `e`', '\\[a\\](b) \\*c\\* \\_d\\_ \\`e\\`'],
  ['https://x www.y', 'https:\\/\\/x www\\.y'],
])('%s is shown as it is in Markdown', (text, expected) => expect(markdownText(text)).toBe(expected));

test.each([
  ['@id', '`@id`'],
  ['a`b', '``a`b``'],
  ['`', '`` ` ``'],
  ['a|b', '`a\\|b`'],
  ['', ''],
])('%s as code', (text, expected) => expect(markdownCode(text)).toBe(expected));

test('the index has own schemas first, with what is in them', () => {
  const row = { label: 'L', table: 'T', location: 'Local database', fieldCount: 12, linkCount: 3 };
  const [page, markdown] = describeIndexPages(
    [
      { ...row, id: 'nms:recipient' },
      { ...row, id: 'cus:purchase' },
      { ...row, id: 'cus:line' },
    ],
    contextOf('cus:purchase', 'cus:line', 'nms:recipient'),
  );
  const order = ['cus/line', 'cus/purchase', 'nms/recipient'];
  expect([...page!.text.matchAll(/href="([^"]*)\.html"/g)].map((match) => match[1])).toEqual(order);
  expect([...markdown!.text.matchAll(/\]\(([^)]*)\.md\)/g)].map((match) => match[1])).toEqual(order);
  expect(plain(page!.text)).toContain('3 schemas');
});

test.each([
  ['', { kind: 'none' }],
  ['sqltable="T"', { kind: 'local' }],
  ['sqltable="T" dataSource="nms:extAccount:ffda"', { kind: 'cloud' }],
  ['sqltable="T" dataSource="nms:extAccount:pg"', { kind: 'external', account: 'pg' }],
  ['sqltable="T" dataSource="file"', { kind: 'other', dataSource: 'file' }],
])('a table with %s lives there', (attributes, expected) => {
  const { schema } = parseSchema(
    `<schema namespace="cus" name="x"><element name="x" ${attributes}/></schema>`,
  );
  expect(tableLocation(schema!)).toEqual(expected);
});

test('a staging table is local, whatever its schema says', () => {
  const { schema } = parseSchema(
    '<schema namespace="cus" name="xStg"><element name="xStg" sqltable="T"/></schema>',
  );
  expect(tableLocation(schema!, 'cus:x')).toEqual({ kind: 'staging', schemaId: 'cus:x' });
});

/** Rows of the table of fields, as `xpath | label | type | … | notes`. */
function fieldRows(xml: string, ...others: string[]): string[] {
  // Read anew each time it is asked for: nothing may depend on its being the same object.
  const source = {
    getSchema: (id: string) =>
      others.map((text) => parseSchema(text).schema!).find((s) => s.id === id) ?? null,
  };
  const { files } = describeSchemaPages(parseSchema(xml).schema!, contextOf('cus:doc'), undefined, source)!;
  const [html, markdown] = files.map(({ text }) => text) as [string, string];
  const rows = markdown
    .slice(markdown.indexOf('## Fields'))
    .split('\n')
    .filter((line) => line.startsWith('| `'));
  // Both say the same.
  expect(html.match(/<tr><td><code>[^<]+<\/code><\/td><td>/g)).toHaveLength(rows.length);
  return rows.map((row) => row.replace(/[|`]/g, ' ').replace(/ +/g, ' ').trim());
}

const documentOf = (parts: string, definitions = ''): string =>
  `<schema namespace="cus" name="doc">${definitions}<element name="doc">${parts}</element></schema>`;

test('an element with a ref has the fields of its definition, and its own', () => {
  const line =
    '<element name="line" label="Line"><attribute name="article" length="9"/><element name="tax"><attribute name="rate" type="double"/></element></element>';
  expect(
    fieldRows(documentOf('<element name="first" ref="line"><attribute name="own"/></element>', line)),
  ).toEqual([
    'first Line as line',
    'first/@article Article string (9)',
    'first/@own Own string',
    'first/tax Tax',
    'first/tax/@rate Rate double',
  ]);
});

test('the fields of a definition are said once, also where it leads back to itself', () => {
  const node =
    '<element name="node"><attribute name="expr"/><element name="below" ref="node" unbound="true"/></element>';
  expect(
    fieldRows(
      documentOf(
        '<element name="top" ref="node"/><element name="b" ref="node"><attribute name="own"/></element>',
        node,
      ),
    ),
  ).toEqual([
    'top Top as node',
    'top/@expr Expr string',
    'top/below Below repeated; as node; its fields: those of top',
    'b B as node; its fields: those of top',
    'b/@own Own string',
  ]);
  const circle = '<element name="x" ref="y"/><element name="y" ref="x"/>';
  expect(fieldRows(documentOf('<element name="a" ref="x"/>', circle))).toEqual(['a A as x']);
});

test('definitions of other schemas are followed, and named where they are not at hand', () => {
  const other =
    '<schema namespace="cus" name="common"><enumeration name="kind"/><element name="item"><attribute name="kind" type="byte" enum="kind"/><element name="part" ref="piece"/></element><element name="piece"><attribute name="size" type="long"/></element></schema>';
  const borrowing = documentOf('<element name="i" ref="cus:common:item"/>');
  expect(fieldRows(borrowing, other)).toEqual([
    'i I as cus:common:item',
    'i/@kind Kind byte cus:common:kind',
    'i/part Part as piece',
    'i/part/@size Size long',
  ]);
  expect(fieldRows(borrowing)).toEqual(['i I as cus:common:item']);
});

test('a definition of another schema that leads back to itself ends, too', () => {
  const other =
    '<schema namespace="cus" name="common"><element name="node"><element name="below" ref="cus:common:node"/></element></schema>';
  expect(fieldRows(documentOf('<element name="top" ref="cus:common:node"/>'), other)).toEqual([
    'top Top as cus:common:node',
    'top/below Below as cus:common:node; its fields: those of top',
  ]);
});

test('an attribute with a ref has the type of its definition', () =>
  expect(
    fieldRows(
      documentOf('<attribute name="a" ref="code"/>', '<attribute name="code" type="long" label="Code"/>'),
    ),
  ).toEqual(['@a Code long as code']));

test('definitions that use others several times do not grow the page without end', () => {
  const definitions = Array.from({ length: 12 }, (_, index) => {
    const inner =
      index === 11 ? '' : `<element name="l" ref="d${index + 1}"/><element name="r" ref="d${index + 1}"/>`;
    return `<element name="d${index}"><attribute name="a"/>${inner}</element>`;
  });
  const rows = fieldRows(documentOf('<element name="top" ref="d0"/>', definitions.join('')));
  // The element itself, and what each definition has: a field, and two elements but for the last.
  expect(rows).toHaveLength(1 + 11 * 3 + 1);
});

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { MarkupContent } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';
import { parseSchema } from '../../../../core/schema/parseSchema.ts';
import { parseXml } from '../../../../core/xml/parseXml.ts';
import type { LanguageModel } from '../../../../server/language/model.ts';
import { checkSchemaSource } from '../../../../server/language/srcSchema/schemaChecks.ts';
import { completeSchemaSource } from '../../../../server/language/srcSchema/schemaCompletion.ts';
import {
  createSchemaContext,
  type SchemaContext,
} from '../../../../server/language/srcSchema/schemaContext.ts';
import { hoverSchemaSource } from '../../../../server/language/srcSchema/schemaHover.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { fullEditor } from '../../../support/queryModel.ts';

const recipient = parseSchema(`<schema namespace="nms" name="recipient" label="Recipients">
  <enumeration name="gender" basetype="byte" label="Gender"><value name="male" value="1"/></enumeration>
  <element name="recipient" autopk="true"><attribute name="id" type="long"/><attribute name="email" label="Email"/>
  <element name="location"><attribute name="city" label="City"/></element></element></schema>`).schema!;

const model: LanguageModel = {
  getSchema: (id) => (id === recipient.id ? recipient : null),
  listSchemas: () => [{ id: recipient.id, label: recipient.label }],
};

function contextOf(text: string): SchemaContext {
  return createSchemaContext(
    model,
    TextDocument.create('file:///a.xml', 'campaign-schema', 1, text),
    parseXml(text),
  );
}

function offers(marked: string): string[] {
  const { text, offset } = takeCursor(marked);
  return completeSchemaSource(contextOf(text), fullEditor, offset).items.map((item) => item.label);
}

/** `code: underlined text`, a line each. */
function checkProblems(text: string, ...expected: string[]): void {
  const problems = checkSchemaSource(contextOf(text));
  expect(problems.map((p) => `${p.code}: ${text.slice(p.start, p.end)}`)).toEqual(expected);
}

const order = (body: string, attributes = 'autopk="true" pkSequence="CusOrderSeq"') =>
  `<srcSchema namespace="cus" name="order" label="Orders"><element name="order" ${attributes}><key name="number"><keyfield xpath="@number"/></key><attribute name="number" label="Number" length="20"/>${body}</element></srcSchema>`;

test('offers what the grammar allows where the cursor is', () => {
  expect(offers('$0')).toEqual(['srcSchema']);
  expect(offers('<srcSchema namespace="cus" name="a">$0</srcSchema>')).toEqual(
    expect.arrayContaining(['enumeration', 'methods', 'element (link)']),
  );
  expect(offers(order('<element name="x" type="link" target="nms:recipient">$0</element>'))).toEqual([
    'help',
    'join',
  ]);
  expect(offers(order('<attribute name="x" $0/>'))).not.toContain('name');
  expect(offers(order('<attribute name="x" type="$0"/>'))).toEqual(
    expect.arrayContaining(['string', 'datetime']),
  );
  expect(offers(order('<attribute name="x" type="$0"/>'))).not.toContain('link');
  expect(offers(order('<element name="x" type="link" $0/>'))).toContain('revCardinality');
  expect(offers(order('<element name="x" $0/>'))).not.toContain('revCardinality');
});

test('offers schemas, fields of either side of a join, links and enumerations', () => {
  expect(offers(order('<element name="x" type="link" target="$0"/>'))).toEqual(['nms:recipient']);
  const join =
    '<element name="buyer" type="link" target="nms:recipient"><join xpath-src="@buyer" xpath-dst="$0"/></element>';
  expect(offers(order(join))).toEqual(['@id', '@email', 'location/@city']);
  expect(offers(order('<dbindex name="i"><keyfield xpath="$0"/></dbindex>'))).toEqual(['@number', '@id']);
  expect(
    offers(
      order(
        '<element name="buyer" type="link" target="nms:recipient"/><key name="k"><keyfield xlink="$0"/></key>',
      ),
    ),
  ).toEqual(['buyer']);
  expect(
    offers(
      `<srcSchema namespace="cus" name="recipient" extendedSchema="nms:recipient"><element name="recipient"><attribute name="x" type="byte" enum="$0"/></element></srcSchema>`,
    ),
  ).toEqual(['nms:recipient:gender']);
});

function hover(marked: string): string {
  const { text, offset } = takeCursor(marked);
  return (hoverSchemaSource(contextOf(text), offset)?.contents as MarkupContent | undefined)?.value ?? '';
}

test('explains grammar, types and targets', () => {
  expect(hover(order('<element name="x" type="li$0nk" target="nms:recipient"/>'))).toContain(
    'Join to another schema',
  );
  expect(hover(order('<element name="x" type="link" target="nms:rec$0ipient"/>'))).toContain('Recipients');
  expect(hover(order('<element name="x" int$0egrity="own" type="link" target="nms:recipient"/>'))).toContain(
    'owncopy',
  );
});

test('a sound schema has no problems', () =>
  checkProblems(
    order(
      '<element name="buyer" type="link" target="nms:recipient" label="Buyer"/><dbindex name="b"><keyfield xpath="@buyer-id"/></dbindex>',
    ),
  ));

test.each<[string, string, ...string[]]>([
  ['an unknown element', order('<atribute name="a"/>'), 'schema/unknown-element: atribute'],
  [
    'an unknown attribute',
    order('<attribute name="a" lenght="3" length="3" label="A"/>'),
    'schema/unknown-attribute: lenght',
  ],
  [
    'an unknown type',
    order('<attribute name="a" type="strin" length="3" label="A"/>'),
    'schema/unknown-type: strin',
  ],
  [
    'a value outside a closed list',
    order('<element name="b" type="link" target="nms:recipient" integrity="owned"/>'),
    'schema/bad-enum-value: owned',
  ],
  ['a link without target', order('<element name="b" type="link"/>'), 'schema/link-without-target: element'],
  [
    'a link to nowhere',
    order('<element name="b" type="link" target="nms:recipent"/>'),
    'schema/link-target-unknown: nms:recipent',
  ],
  [
    'a join outside a link',
    order(
      '<element name="b" type="string" length="3" label="B"><join xpath-src="@a" xpath-dst="@b"/></element>',
    ),
    'schema/join-outside-link: join',
  ],
  [
    'a join on a missing field',
    order(
      '<element name="b" type="link" target="nms:recipient"><join xpath-src="@number" xpath-dst="@nope"/></element>',
    ),
    'schema/join-path-unknown: @nope',
  ],
  [
    'a key on a missing field',
    order('<key name="k"><keyfield xpath="@nope"/></key>'),
    'schema/keyfield-path-unknown: @nope',
  ],
  [
    'a key field in brackets',
    order('<key name="k"><keyfield xpath="[@number]"/></key>'),
    'schema/keyfield-path-unknown: [@number]',
  ],
  ['an empty key field', order('<key name="k"><keyfield/></key>'), 'schema/keyfield-empty: keyfield'],
  [
    'a missing enumeration',
    order('<attribute name="a" enum="nope" label="A"/>'),
    'schema/enum-unknown: nope',
  ],
  [
    'a field twice',
    order('<attribute name="a" label="A" length="1"/><attribute name="a" label="A" length="1"/>'),
    'schema/duplicate-field: a',
  ],
  [
    'an index on an XML field',
    order('<attribute name="a" label="A" xml="true"/><dbindex name="i"><keyfield xpath="@a"/></dbindex>'),
    'schema/xml-field-indexed: @a',
  ],
  ['a string without length', order('<attribute name="a" label="A"/>'), 'lint/string-no-length: a'],
  [
    'unquoted default',
    order('<attribute name="a" label="A" length="9" default="new"/>'),
    'lint/default-unquoted-string: new',
  ],
  [
    'a link called like its key',
    order('<element name="buyerId" type="link" target="nms:recipient"/>'),
    'lint/link-name-id: buyerId',
  ],
  ['a shared sequence', order('', 'autopk="true"'), 'lint/shared-sequence: true'],
  [
    'staging outside the cloud',
    order('', 'autopk="true" pkSequence="S" autoStg="true"'),
    'lint/autostg-misuse: true',
  ],
  [
    'a cloud table without UUID',
    order('', 'autopk="true" dataSource="nms:extAccount:ffda"'),
    'lint/missing-autouuid: true',
  ],
  ['a reserved namespace', order('').replace('"cus"', '"nms"'), 'schema/reserved-namespace: nms'],
  [
    'no main element',
    '<srcSchema namespace="cus" name="a"><element name="b"/></srcSchema>',
    'schema/no-main-element: srcSchema',
  ],
  [
    'an extension of a closed schema',
    '<srcSchema namespace="cus" name="form" extendedSchema="xtk:form"/>',
    'schema/extension-forbidden: xtk:form',
  ],
  ['no name', '<srcSchema namespace="cus"/>', 'schema/missing-name: srcSchema'],
])('reports %s', (_, text, ...expected) => checkProblems(text, ...expected));

test('a file that keeps its name in a header comment is accepted', () =>
  checkProblems('<!--! Schema: xtk:srcSchema Name: cus:a !--><srcSchema><methods/></srcSchema>'));

test('a fix does what its title says', () => {
  const text = order('<attribute name="a" type="strin" length="3" label="A"/>');
  const fix = checkSchemaSource(contextOf(text))[0]!.fixes[0]!;
  const edit = fix.edits[0]!;
  expect(text.slice(0, edit.start) + edit.newText + text.slice(edit.end)).toBe(
    text.replace('strin"', 'string"'),
  );
});

test('any prefix of a schema is read, completed and checked', () => {
  const text = order(
    '<element name="b" type="link" target="nms:recipient"><join xpath-src="@number" xpath-dst="@id"/></element>',
  );
  for (let end = 0; end <= text.length; end++) {
    const context = contextOf(text.slice(0, end));
    checkSchemaSource(context);
    completeSchemaSource(context, fullEditor, end);
    hoverSchemaSource(context, end);
  }
  expect(offers(`${text}$0`)).toEqual([]);
});

import { expect, test } from 'vitest';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import {
  foreignKeyOf,
  resolveEnumeration,
  resolvePath,
  stagingSchemaId,
} from '../../../core/schema/resolvePath.ts';
import { primaryKey, xpathOf, type Schema, type SchemaSource } from '../../../core/schema/schema.ts';

const texts = {
  'nms:recipient': `<schema xmlns="urn:wpp:default" namespace="nms" name="recipient" label="Recipients" md5="AB">
    <enumeration name="gender" basetype="byte"><value name="male" value="1"/><value name="other"/></enumeration>
    <element name="recipient" sqltable="NmsRecipient" autopk="true" autoStg="true">
      <key name="id" internal="true"><keyfield xpath="@id"/></key>
      <attribute name="id" type="long" sqlname="iRecipientId"/>
      <attribute name="email" label="Email" length="100"/>
      <attribute name="gender" type="byte" enum="gender"/>
      <attribute name="folder-id" type="long"/>
      <element name="location"><attribute name="city"/><element name="inner" ref="address"/></element>
      <element name="folder" type="link" target="xtk:folder" revLink="recipient">
        <join xpath-src="@folder-id" xpath-dst="@id"/>
      </element>
      <element name="subscription" type="link" target="nms:subscription" unbound="true"/>
      <element name="extra" xml="true"><attribute name="a"/><attribute name="b" sql="true"/></element>
      <element name="free" type="ANY"/>
      <compute-string expr="@email"/>
    </element>
    <element name="address"><attribute name="zip"/><element name="again" ref="address"/></element>
    <methods><method name="Do" static="true"><parameters><param name="x"/><param name="y" inout="out" type="long"/></parameters></method></methods>
  </schema>`,
  'xtk:folder': `<srcSchema namespace="xtk" name="folder"><element name="folder">
      <attribute name="id" type="long"/><attribute name="label"/>
      <element name="parent" type="link" target="xtk:folder"/></element></srcSchema>`,
};

const schemas = new Map<string, Schema>();
for (const text of Object.values(texts)) {
  const { schema } = parseSchema(text);
  schemas.set(schema!.id, schema!);
}
const model: SchemaSource = { getSchema: (id) => schemas.get(id) ?? (id === 'nms:gone' ? null : undefined) };
const recipient = schemas.get('nms:recipient')!;

test('reads what a compiled schema says', () => {
  expect(recipient).toMatchObject({ id: 'nms:recipient', label: 'Recipients', md5: 'AB', origin: 'schema' });
  expect(primaryKey(recipient)?.fields).toEqual([{ xpath: '@id', link: undefined }]);
  expect(recipient.root?.attributes.get('email')).toMatchObject({
    type: 'string',
    length: 100,
    label: 'Email',
  });
  expect(recipient.root?.computeString).toBe('@email');
  expect(recipient.enumerations.get('gender')?.values.map((v) => v.value)).toEqual(['1', 'other']);
  expect(recipient.methods.get('Do')?.parameters.map((p) => `${p.direction} ${p.type} ${p.name}`)).toEqual([
    'in string x',
    'out long y',
  ]);
  expect(stagingSchemaId(recipient)).toBe('nms:recipientStg');
});

test('fields of an XML part are stored in XML unless they say otherwise', () => {
  const extra = recipient.root?.elements.get('extra');
  expect(extra?.attributes.get('a')?.xml).toBe(true);
  expect(extra?.attributes.get('b')?.xml).toBe(false);
});

test('the foreign key of a link is the attribute its join names', () => {
  expect(foreignKeyOf(recipient.root!.elements.get('folder')!)?.name).toBe('folder-id');
});

function follow(path: string): string {
  const result = resolvePath(model, recipient.root!, path.split('/'));
  switch (result.kind) {
    case 'found':
      return `${result.node.schemaId} ${xpathOf(result.node)}${result.crossedCollections.length > 0 ? ' (collection)' : ''}`;
    case 'pending':
      return `pending ${result.schemaId}`;
    case 'missing':
      return `missing ${result.step} in ${result.from.schemaId}`;
    case 'unknown':
      return 'unknown';
  }
}

test.each([
  ['@email', 'nms:recipient @email'],
  ['location/@city', 'nms:recipient location/@city'],
  ['folder/@label', 'xtk:folder @label'],
  ['folder/parent/parent/@label', 'xtk:folder @label'],
  ['location/../@email', 'nms:recipient @email'],
  ['location/inner/again/again/@zip', 'nms:recipient @zip'],
  ['@nope', 'missing @nope in nms:recipient'],
  ['folder/@nope', 'missing @nope in xtk:folder'],
  ['subscription/@id', 'pending nms:subscription'],
  ['subscription', 'nms:recipient subscription'],
  ['free/whatever/@x', 'unknown'],
  ['@email/x', 'unknown'],
])('follows %s', (path, expected) => expect(follow(path)).toBe(expected));

test('enumerations resolve by name and by full reference', () => {
  expect(resolveEnumeration(model, 'nms:recipient', 'gender').kind).toBe('found');
  expect(resolveEnumeration(model, 'xtk:folder', 'nms:recipient:gender').kind).toBe('found');
  expect(resolveEnumeration(model, 'nms:recipient', 'nms:other:gender')).toEqual({
    kind: 'pending',
    schemaId: 'nms:other',
  });
  expect(resolveEnumeration(model, 'nms:recipient', 'none').kind).toBe('unknown');
});

test.each([
  ['<queryDef/>', 'schema/not-a-schema'],
  ['', 'schema/not-a-schema'],
  ['<schema name="x"/>', 'schema/missing-name'],
  ['<schema name="x" namespace="y"/>', 'schema/no-main-element'],
  ['<schema name="x" namespace="y"><element name="x">', 'schema/not-well-formed'],
])('%s is %s', (text, code) =>
  expect(parseSchema(text).problems.map((problem) => problem.code)).toContain(code),
);

test('a reference that leads back to itself ends', () => {
  const { schema } =
    parseSchema(`<schema namespace="a" name="b"><element name="b"><element name="c" ref="d"/></element>
    <element name="d" ref="e"/><element name="e" ref="d"/></schema>`);
  const own: SchemaSource = { getSchema: () => schema };
  expect(resolvePath(own, schema!.root!, ['c', '@x'])).toEqual({ kind: 'unknown' });
});

import { expect, test } from 'vitest';
import { isSchemaFile, planSchemaFiles } from '../../../core/schema/schemaFiles.ts';
import { toSnapshotText } from '../../../core/schema/snapshotSchema.ts';

function checkSnapshot(xml: string, expected: string): void {
  const text = toSnapshotText(xml);
  expect(text).toBe(`${expected.replace(/^\n/, '').trimEnd()}\n`);
  expect(toSnapshotText(text!)).toBe(text);
}

test('a schema has one element a line and its attributes in the order received', () =>
  checkSnapshot(
    `<?xml version='1.0'?><schema name='x' namespace='cus' label='A'><element sqltable="X" name="x"><attribute type="long" name="id"/></element></schema>`,
    `
<schema name="x" namespace="cus" label="A">
  <element sqltable="X" name="x">
    <attribute type="long" name="id"/>
  </element>
</schema>`,
  ));

test('what changes by itself is left out, on the root only', () =>
  checkSnapshot(
    `<schema name="x" namespace="cus" md5="AB" created="1" createdBy-id="2" lastModified="3" modifiedBy-id="4">
       <createdBy _cs="Admin"/><modifiedBy _cs="Admin"/>
       <element name="x"><attribute name="lastModified" created="kept"/><element name="createdBy"/></element>
     </schema>`,
    `
<schema name="x" namespace="cus">
  <element name="x">
    <attribute name="lastModified" created="kept"/>
    <element name="createdBy"/>
  </element>
</schema>`,
  ));

test('what the wire adds is left out', () =>
  checkSnapshot(
    `<n:schema xmlns:n="urn:a" xmlns="urn:wpp:default" xsi:type="ns:Element" name="x" namespace="cus"><n:element name="x"/></n:schema>`,
    `
<schema name="x" namespace="cus">
  <element name="x"/>
</schema>`,
  ));

test('texts keep what they say', () =>
  checkSnapshot(
    `<schema name="x" namespace="cus"><help>  One &lt;line&gt;
and another </help><element name="x" label="a &amp; &quot;b&quot;&#10;c"><compute-string expr="@a + '&lt;'"/></element><data><![CDATA[ a < b ]]></data></schema>`,
    `
<schema name="x" namespace="cus">
  <help>One &lt;line&gt;
and another</help>
  <element name="x" label="a &amp; &quot;b&quot;&#10;c">
    <compute-string expr="@a + &apos;&lt;&apos;"/>
  </element>
  <data><![CDATA[ a < b ]]></data>
</schema>`,
  ));

test('the same schema with another hash and other white space gives the same text', () => {
  const one = toSnapshotText('<schema namespace="cus" name="x" md5="1">\n <element name="x"/>\n</schema>');
  const other = toSnapshotText(
    '<schema md5="2"  namespace="cus" name="x"><element name="x"></element></schema>',
  );
  expect(one).toBe(other);
});

test('what is no schema gives nothing', () => {
  expect(toSnapshotText('')).toBeUndefined();
  expect(toSnapshotText('<html/>')).toBeUndefined();
  expect(toSnapshotText('<schema name="x" namespace="cus"><element>')).toBeUndefined();
});

test('a schema has a path by namespace and name', () =>
  expect([...planSchemaFiles(['nms:recipient', 'cus:a.b-c_d', 'nms:recipient']).paths]).toEqual([
    ['cus:a.b-c_d', 'cus/a.b-c_d'],
    ['nms:recipient', 'nms/recipient'],
  ]));

test.each([
  ['../../x:y', 'up'],
  ['cus:../x', 'up'],
  ['cus:a/b', 'a folder more'],
  ['cus:a\\b', 'a folder more on Windows'],
  ['cus:', 'no name'],
  ['x', 'no namespace'],
  ['cus:.git', 'hidden'],
  ['cus:a.', 'dropped by Windows'],
  ['cus:con', 'a device'],
  ['aux:x', 'a device'],
  ['cus:é', 'a letter with several encodings'],
  ['cus:a b', 'space'],
])('%s has no path (%s)', (id) => {
  const { paths, refused } = planSchemaFiles([id]);
  expect([...paths]).toEqual([]);
  expect(refused.map((entry) => entry.id)).toEqual([id]);
});

test('of two ids that differ in case the first has the path', () => {
  const { paths, refused } = planSchemaFiles(['cus:order', 'cus:Order']);
  expect([...paths.keys()]).toEqual(['cus:Order']);
  expect(refused.map(({ id, reason }) => `${id}: ${reason}`)).toEqual([
    'cus:order: Its file would be that of cus:Order where case does not count.',
  ]);
});

test('only files of schemas pass for such', () => {
  const is = (path: string) => isSchemaFile(path, ['xml']);
  expect(['nms/recipient.xml', 'cus/a.b.xml'].filter((path) => !is(path))).toEqual([]);
  expect(
    [
      '../x.xml',
      'a/../b.xml',
      '/a/b.xml',
      'a.xml',
      'a/b/c.xml',
      'a/b.html',
      'a\\b.xml',
      '',
      'a/.xml',
      'C:/a.xml',
    ].filter(is),
  ).toEqual([]);
});

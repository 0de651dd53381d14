import { expect, test } from 'vitest';
import { compileSchemas } from '../../../core/schema/compileSchemas.ts';
import { serializeXmlNode, toXmlNode } from '../../../core/schema/xmlNode.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';

const node = (xml: string) => toXmlNode(parseXml(xml).root!);

const base =
  node(`<schema namespace="nms" name="recipient" mappingType="sql"><element name="recipient" sqltable="NmsRecipient">
  <key name="id" internal="true"><keyfield xpath="@id"/></key>
  <attribute name="id" type="long" sqlname="iRecipientId"/><attribute name="email" sqlname="sEmail"/>
  <compute-string expr="@email"/></element></schema>`);

function checkCompile(sources: string[], expected: Record<string, string>, problems: string[] = []): void {
  const compiled = compileSchemas(sources.map(node), (id) => (id === 'nms:recipient' ? base : undefined));
  for (const [id, text] of Object.entries(expected))
    expect(serializeXmlNode(compiled.schemas.get(id)!)).toBe(text);
  expect(compiled.problems.map((problem) => problem.message)).toEqual(problems);
}

test('completes table, columns, automatic key, link, foreign key, index, reverse link and compute string', () =>
  checkCompile(
    [
      `<srcSchema namespace="cus" name="order"><createdBy _cs="x"/><element name="order" autopk="true" pkSequence="CusOrderSeq">
        <attribute name="total" type="double"/><element name="ship"><attribute name="city"/></element>
        <element name="memo" xml="true"><attribute name="note"/></element>
        <element name="buyer" type="link" target="nms:recipient" label="Buyer" revLink="order" revIntegrity="own"/>
      </element></srcSchema>`,
    ],
    {
      'cus:order': `<schema namespace="cus" name="order" xtkschema="xtk:schema" entitySchema="xtk:schema" mappingType="sql">
  <element name="order" autopk="true" pkSequence="CusOrderSeq" sqltable="CusOrder">
    <key name="id" internal="true">
      <keyfield xpath="@id"/>
    </key>
    <attribute name="id" label="Primary key" type="long" sqlname="iOrderId"/>
    <attribute name="total" type="double" sqlname="dTotal"/>
    <element name="ship">
      <attribute name="city" sqlname="sCity"/>
    </element>
    <element name="memo" xml="true">
      <attribute name="note"/>
    </element>
    <element name="buyer" type="link" target="nms:recipient" label="Buyer" revLink="order" revIntegrity="own">
      <join xpath-src="@buyer-id" xpath-dst="@id"/>
    </element>
    <dbindex name="id" unique="true">
      <keyfield xpath="@id"/>
    </dbindex>
    <attribute name="buyer-id" label="Foreign key of &apos;Buyer&apos; (id)" type="long" advanced="true" sqlname="iBuyerId"/>
    <dbindex name="buyerId">
      <keyfield xpath="@buyer-id"/>
    </dbindex>
    <compute-string expr="@id"/>
  </element>
</schema>
`,
      'nms:recipient': serializeXmlNode(base).replace(
        `    <compute-string expr="@email"/>
`,
        `    <compute-string expr="@email"/>
    <element name="order" type="link" target="cus:order" label="Order" revLink="buyer" integrity="own" unbound="true" belongsTo="cus:order">
      <join xpath-src="@id" xpath-dst="@buyer-id"/>
    </element>
`,
      ),
    },
  ));

test('an extension merges into its base, marks what it adds, and may delete', () =>
  checkCompile(
    [
      `<srcSchema namespace="cus" name="recipient" extendedSchema="nms:recipient"><element name="recipient">
        <attribute name="email" length="50"/><attribute name="loyalty" type="short"/><attribute name="gone" _operation="delete"/>
      </element></srcSchema>`,
    ],
    {
      'nms:recipient': serializeXmlNode(base)
        .replace('mappingType="sql">', 'mappingType="sql" dependingSchemas="cus:recipient">')
        .replace('sqlname="sEmail"', 'sqlname="sEmail" length="50"')
        .replace(
          `    <compute-string expr="@email"/>
`,
          `    <compute-string expr="@email"/>
    <attribute name="loyalty" type="short" belongsTo="cus:recipient" sqlname="iLoyalty"/>
    <dbindex name="id" unique="true">
      <keyfield xpath="@id"/>
    </dbindex>
`,
        ),
    },
  ));

test('compiling an extension again changes nothing', () => {
  const extension =
    node(`<srcSchema namespace="cus" name="recipient" extendedSchema="nms:recipient"><element name="recipient">
    <dbindex name="card"><keyfield xpath="@card"/></dbindex><attribute name="card"/>
    <element name="shop" type="link" target="nms:recipient" revLink="fan"/></element>
    <methods><method name="Merge"><parameters><param name="id" type="long"/></parameters></method></methods></srcSchema>`);
  const once = compileSchemas([extension], () => base).schemas.get('nms:recipient')!;
  const twice = compileSchemas([extension], () => once).schemas.get('nms:recipient')!;
  expect(serializeXmlNode(twice)).toBe(serializeXmlNode(once));
});

test('autoStg makes a local twin with the same columns', () => {
  const source =
    node(`<srcSchema namespace="cus" name="sale" label="Sales"><element name="sale" autopk="true" autouuid="true"
    autoStg="true" dataSource="nms:extAccount:ffda"><attribute name="amount" type="double"/>
    <element name="who" type="link" target="nms:recipient" revLink="_NONE_"/></element></srcSchema>`);
  const twin = compileSchemas([source], () => base).schemas.get('cus:saleStg')!;
  const main = twin.children[0]!;
  expect(Object.fromEntries(main.attributes)).toMatchObject({ name: 'saleStg', sqltable: 'CusSaleStg' });
  expect(main.attributes.has('dataSource') || main.attributes.has('autoStg')).toBe(false);
  expect(main.children.filter((c) => c.name === 'attribute').map((c) => c.attributes.get('name'))).toEqual([
    'id',
    'amount',
    'who-id',
  ]);
});

test('template and aggregate copy; what they override wins', () => {
  const compiled = compileSchemas(
    [
      node(`<srcSchema namespace="cus" name="lib" library="true"><element name="audit"><attribute name="created" type="datetime"/></element>
        <element name="phone"><attribute name="number" length="32" label="Phone"/></element></srcSchema>`),
      node(`<srcSchema namespace="cus" name="shop"><element name="shop"><key name="n"><keyfield xpath="@tel"/></key>
        <attribute name="tel" template="cus:lib:phone/@number" label="Tel"/><element aggregate="cus:lib:audit" name="auditTrail"/></element></srcSchema>`),
    ],
    () => undefined,
  );
  const attributes = compiled.schemas
    .get('cus:shop')!
    .children[0]!.children.filter((c) => c.name === 'attribute');
  expect(attributes.map((a) => Object.fromEntries(a.attributes))).toEqual([
    { name: 'tel', length: '32', label: 'Tel', sqlname: 'sTel' },
    { name: 'created', type: 'datetime', sqlname: 'tsCreated' },
  ]);
});

test('says what it could not resolve', () =>
  checkCompile(
    [
      `<srcSchema namespace="cus" name="a"><element name="a" autopk="true"><element name="x" type="link" target="cus:nope"/>
        <attribute name="t" template="cus:nope:t"/></element></srcSchema>`,
      `<srcSchema namespace="cus" name="b" extendedSchema="nms:nope"/>`,
    ],
    {},
    [
      '"cus:nope:t" points to schema cus:nope, which is not in the model.',
      'The extended schema nms:nope is not in the model.',
      'Link "x" points to schema cus:nope, which is not in the model.',
    ],
  ));

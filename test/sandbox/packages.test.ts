import { afterAll, expect, test } from 'vitest';
import { contentOf, faultOf, openSandbox, unescape } from './call.ts';
import { FakeClock } from './library.ts';

const clock = new FakeClock();
const caller = await openSandbox({ rows: 10, clock });
afterAll(() => caller.sandbox.stop());

const one = async (schema: string, where: string, ...exprs: string[]): Promise<string> =>
  caller.query(
    `<queryDef schema="${schema}" operation="getIfExists"><select>${exprs.map((expr) => `<node expr="${expr}"/>`).join('')}</select><where><condition expr="${where}"/></where></queryDef>`,
  );

async function generate(specFile: string): Promise<string> {
  const answer = await caller.post('xtk:specFile#GenerateDoc', `<e>${specFile}</e>`);
  return contentOf(answer.text, 'pdomPackage') ?? faultOf(answer.text);
}

const specFile = (content: string): string =>
  `<specFile namespace="cus" name="mine" label="Mine" xtkschema="xtk:specFile">${content}</specFile>`;

test('a specification becomes a package of the records that meet its conditions', async () => {
  const text = await generate(
    specFile(
      `<definition schema="xtk:javascript"><where><condition expr="@name = 'csv.js'"/></where></definition>`,
    ),
  );
  expect(text).toMatch(
    /^<package author="[^"]*" buildDate="2024-08-15 12:00:00\.000Z" buildNumber="9469" buildVersion="8\.6" label="Mine" name="mine" namespace="cus" vendor=""><entities schema="xtk:javascript"><javascript namespace="cus" name="csv.js"/,
  );
  expect(text.match(/<javascript /g)).toHaveLength(1);
  expect(text).not.toMatch(/ (?:md5|created|lastModified|createdBy-id|xtkschema)=/);
});

test('records leave without identifiers, their links by business key', async () => {
  const text = await generate(
    specFile(
      `<definition schema="nms:delivery"><where><condition expr="@internalName = 'DM_springCollection'"/></where></definition>`,
    ),
  );
  expect(text).toMatch(/<folder name="[^"]+" _operation="none"\/>/);
  expect(text).not.toMatch(/ (?:id|folder-id|typology-id)="/);
});

test('a package that was generated is installed elsewhere', async () => {
  const text = await generate(
    specFile(
      '<definition schema="xtk:option"><where><condition expr="@name LIKE \'Xtk%\'"/></where></definition>' +
        `<definition schema="nms:delivery"><where><condition expr="@internalName = 'DM_springCollection'"/></where></definition>`,
    ),
  );
  const renamed = text.replaceAll('DM_springCollection', 'DM_copy');
  expect(await caller.run('xtk:builder#InstallPackage', `<p><pkgDesc>${renamed}</pkgDesc></p>`)).toBe('');
  const read = (name: string): Promise<string> =>
    one('nms:delivery', `@internalName = '${name}'`, '@label', '[folder/@name]', '[content/html/source]');
  expect(await read('DM_copy')).toBe(await read('DM_springCollection'));
  expect(await caller.query('<queryDef schema="nms:delivery" operation="count"/>')).toBe(
    '<delivery count="41"/>',
  );
});

test('a package that fails half way leaves neither rows nor schemas', async () => {
  const source = (name: string, link: string): string =>
    `<srcSchema namespace="cus" name="${name}"><element name="${name}" autopk="true"><attribute name="a"/>${link}</element></srcSchema>`;
  const text =
    `<pkgDesc><package><entities schema="xtk:option"><option name="HalfWay" dataType="6" stringValue="x"/></entities><entities schema="xtk:srcSchema">` +
    `${source('halfGood', '')}${source('halfBad', '<element name="to" type="link" target="no:where"/>')}</entities></package></pkgDesc>`;
  expect(await caller.run('xtk:builder#InstallPackage', `<p>${text}</p>`)).toContain('no:where');
  expect(await one('xtk:option', "@name = 'HalfWay'", '@name')).toBe('<option/>');
  expect(await caller.query('<queryDef schema="cus:halfGood"/>')).toContain('XFR-180000');
  expect(await one('xtk:srcSchema', "@name = 'halfGood'", '@name')).toBe('<srcSchema/>');
});

test('a specification without definitions, or of an unknown schema, fails', async () => {
  expect(await generate(specFile(''))).toContain('no definition');
  expect(await generate(specFile('<definition schema="no:such"/>'))).toContain('XFR-180000');
  expect(
    await caller.run('xtk:specFile#Generate', `<e>${specFile('<definition schema="no:such"/>')}</e>`),
  ).toContain('XFR-180000');
});

test('the specification of the demo can be generated as it is stored', async () => {
  const stored = await caller.query(
    '<queryDef schema="xtk:specFile" operation="get"><select><node expr="@namespace"/><node expr="@name"/><node expr="data"/></select></queryDef>',
  );
  const text = await generate(stored);
  expect(text).toContain('<srcSchema namespace="cus" name="loyalty"');
  expect(text.match(/<javascript /g)).toHaveLength(5);
});

test('references of a package are tried without installing it', async () => {
  const text =
    '<package><entities schema="nms:delivery"><delivery internalName="DM_x" label="x"><folder name="nmsDelivery" _operation="none"/></delivery>' +
    '<delivery internalName="DM_y" label="y"><folder name="nowhere" _operation="none"/></delivery></entities></package>';
  const folder = /name="([^"]*)"/.exec(await one('xtk:folder', "@model = 'nmsDelivery'", '@name'))![1]!;
  const answer = await caller.post(
    'xtk:builder#ResolvePackageReferences',
    `<p>${text.replace('nmsDelivery', folder)}</p>`,
  );
  expect(contentOf(answer.text, 'plWarningNb')).toBe('1');
  expect(contentOf(answer.text, 'pelemPatchedPackage')).toContain('internalName="DM_y"');
  expect(await one('nms:delivery', "@internalName = 'DM_x'", '@label')).toBe('<delivery/>');
});

// --- schemas from tables ---

test('schemas are made from tables that are there', async () => {
  caller.sandbox.instance.rows.database.exec(
    "CREATE TABLE ExtParcel (Code TEXT PRIMARY KEY, Weight REAL, Pieces INTEGER); INSERT INTO ExtParcel VALUES ('P1', 2.5, 3)",
  );
  const list = async (dataSource: string, filter: string): Promise<string> => {
    const answer = await caller.post('xtk:sqlSchema#BuildTableList', `<d>${dataSource}</d><f>${filter}</f>`);
    return contentOf(answer.text, 'pdomTableList') ?? faultOf(answer.text);
  };
  expect(await list('', 'Ext%')).toBe('<tableList><table name="ExtParcel" rowCount="1"/></tableList>');
  expect(await list('nms:extAccount:nowhere', '')).toContain('XSV-350063');
  expect(
    await caller.run(
      'xtk:sqlSchema#BuildAndInstallSchemas',
      '<d/><n>cus</n><l><tableList><table name="ExtParcel"/></tableList></l>',
    ),
  ).toBe('');
  const read = (): Promise<string> =>
    caller.query(
      '<queryDef schema="cus:extParcel" operation="get"><select><node expr="@code"/><node expr="@weight"/><node expr="@pieces"/></select></queryDef>',
    );
  expect(await read()).toBe('<extParcel code="P1" weight="2.5" pieces="3"/>');
  expect(
    await caller.run(
      'xtk:persist#Write',
      '<d><extParcel xtkschema="cus:extParcel" code="P1" pieces="4"/></d>',
    ),
  ).toBe('');
  expect(await read()).toContain('pieces="4"');
});

test('a schema takes over the columns its table was given', async () => {
  caller.sandbox.instance.rows.database.exec('ALTER TABLE ExtParcel ADD COLUMN Color TEXT');
  expect(await caller.run('xtk:builder#UpdateSchemaFromDatabase', '<id>cus:extParcel</id>')).toBe('');
  expect(await one('cus:extParcel', '1 = 1', '@color')).toBe('<extParcel color=""/>');
  expect(await caller.run('xtk:builder#UpdateSchemaFromDatabase', '<id>cus:none</id>')).toContain(
    'XFR-180000',
  );
});

test('a table that does not exist and a namespace that is none are refused', async () => {
  const build = (namespace: string, table: string): Promise<string> =>
    caller.run(
      'xtk:sqlSchema#BuildAndInstallSchemas',
      `<d/><n>${namespace}</n><l><t><table name="${table}"/></t></l>`,
    );
  expect(await build('cus', 'Nothing')).toContain("The table 'Nothing' does not exist.");
  expect(await build('c-s', 'ExtParcel')).toContain("'c-s' is no name");
});

test('GenerateSchema compiles and keeps nothing', async () => {
  const source =
    '<srcSchema namespace="cus" name="tmp"><element name="tmp" autopk="true"><attribute name="a"/></element></srcSchema>';
  const answer = await caller.post('xtk:builder#GenerateSchema', `<p><parameters/></p><s>${source}</s>`);
  expect(contentOf(answer.text, 'pdomSchema')).toContain('sqltable="CusTmp"');
  expect(await caller.query('<queryDef schema="cus:tmp"/>')).toContain('XFR-180000');
});

// --- documents of the product ---

test('Diff shows what extensions made of a document of the product', async () => {
  const diff = async (pk: string): Promise<[string, string]> => {
    const { text } = await caller.post('xtk:session#Diff', `<pk>${pk}</pk>`);
    return [
      unescape(contentOf(text, 'pstrOriginal') ?? text),
      unescape(contentOf(text, 'pstrCurrent') ?? ''),
    ];
  };
  const [original, current] = await diff('xtk:schema|nms:recipient');
  expect(original).toContain('<attribute name="email"');
  expect(original).not.toContain('favoriteStore');
  expect(current).toContain('favoriteStore');
  const [same, unchanged] = await diff('xtk:schema|nms:service');
  expect(same).toBe(unchanged);
  const [none, script] = await diff('xtk:javascript|cus:csv.js');
  expect(none).toBe('');
  expect(script).toContain('function');
});

test('LoadAsText reads what comes with the product, and nothing of a customer', async () => {
  const load = async (pk: string): Promise<string> => {
    const { text } = await caller.post('xtk:persist#LoadAsText', `<pk>${pk}</pk>`);
    return unescape(contentOf(text, 'pstrContent') ?? faultOf(text));
  };
  expect(await load('xtk:schema|nms:recipient')).toMatch(/^<schema [^>]*name="recipient"/);
  expect(await load('xtk:javascript|cus:csv.js')).toContain('XFR-180000');
  expect(await load('xtk:form|nms:none')).toContain('XFR-180000');
});

test('images are read by name, those that are missing left out', async () => {
  const { text } = await caller.post(
    'xtk:persist#GetImages',
    '<l>cus:store.png,xtk:image|cus:loyalty.png,cus:no.png</l>',
  );
  const images = contentOf(text, 'pdomDoc')!;
  expect([...images.matchAll(/<image [^>]*name="([^"]*)"/g)].map(([, name]) => name)).toEqual([
    'store.png',
    'loyalty.png',
  ]);
  expect(images).toContain('iVBORw0KGgo');
});

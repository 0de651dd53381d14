import { afterAll, expect, test } from 'vitest';
import { contentOf, faultOf, openSandbox } from './call.ts';
import { FakeClock } from './library.ts';

const clock = new FakeClock();
const caller = await openSandbox({
  rows: 5,
  clock,
  settings: { sessionTimeOutSec: 1e6, securityTimeOutSec: 1e6 },
});
const { sandbox } = caller;
afterAll(() => sandbox.stop());

const get = async (pk: string, md5 = '', mustExist = false): Promise<string> => {
  const { text } = await caller.post(
    'xtk:persist#GetEntityIfMoreRecent',
    `<strPk>${pk}</strPk><strMd5>${md5}</strMd5><bMustExist>${mustExist}</bMustExist>`,
  );
  return contentOf(text, 'pdomDoc') ?? faultOf(text);
};
const md5Of = (document: string): string => /^<[^>]* md5="([^"]*)"/.exec(document)?.[1] ?? '';

test('a compiled schema comes with its fingerprint, and not again while it is the same', async () => {
  const schema = await get('xtk:schema|nms:recipient');
  expect(schema).toMatch(/^<schema namespace="nms" name="recipient" label="Recipients"/);
  expect(md5Of(schema)).toMatch(/^[0-9A-F]{32}$/);
  expect(schema).toContain('belongsTo="cus:recipient"');
  expect(await get('xtk:schema|nms:recipient', md5Of(schema))).toBe('');
  expect(await get('xtk:schema|nms:recipient', '0'.repeat(32))).toBe(schema);
});

test('a list query gives the same fingerprints as the documents', async () => {
  const list = await caller.query(
    '<queryDef schema="xtk:schema" lineCount="1000"><select><node expr="@namespace"/><node expr="@name"/><node expr="@label"/><node expr="@md5"/></select></queryDef>',
  );
  const rows = [...list.matchAll(/namespace="([^"]*)" name="([^"]*)" label="([^"]*)" md5="([^"]*)"/g)];
  expect(rows.length).toBeGreaterThan(50);
  for (const [, namespace, name, , md5] of rows.slice(0, 8)) {
    expect(md5Of(await get(`xtk:schema|${namespace!}:${name!}`))).toBe(md5);
  }
});

test.each([
  ['xtk:srcSchema|cus:purchase', '<srcSchema '],
  ['xtk:srcSchema|cus:recipient', 'extendedSchema="nms:recipient"'],
  ['xtk:form|cus:purchase', '<form '],
  ['xtk:javascript|cus:common.js', '<data><![CDATA['],
  ['xtk:jst|cus:receipt', '<code>'],
  ['xtk:navtree|xtk:merged', '<navtree '],
  ['xtk:option|XtkDatabaseId', '<option '],
  ['xtk:folder|nmsRootFolder', '<folder '],
])('%s is found', async (pk, expected) => expect(await get(pk)).toContain(expected));

test('a missing document is an empty answer, or a fault when it must exist', async () => {
  expect(await get('xtk:schema|no:such')).toBe('');
  expect(await get('xtk:schema|no:such', '', true)).toContain('XSV-350000');
  expect(await get('no:such|x:y')).toContain('XFR-180000');
});

test('schemas keyed by internal name cannot be read this way', async () => {
  for (const pk of ['xtk:workflow|WKF_birthday', 'nms:delivery|DM1']) {
    const fault = await get(pk);
    expect(fault).toContain("Attribute 'name' unknown");
    expect(fault).toContain('XSV-350000');
  }
});

test('the fingerprint changes when the document does, and only then', async () => {
  const before = md5Of(await get('xtk:javascript|cus:common.js'));
  const write = (code: string): Promise<string> =>
    caller.run(
      'xtk:persist#Write',
      `<d><javascript xtkschema="xtk:javascript" _key="@namespace, @name" namespace="cus" name="common.js"><data><![CDATA[${code}]]></data></javascript></d>`,
    );
  expect(await write('var x = 1;')).toBe('');
  const after = await get('xtk:javascript|cus:common.js');
  expect(after).toContain('<data><![CDATA[var x = 1;]]></data>');
  expect(md5Of(after)).not.toBe(before);
  await write('var x = 1;');
  expect(md5Of(await get('xtk:javascript|cus:common.js'))).toBe(md5Of(after));
});

test('GetDirtyCacheEntities names what is stale', async () => {
  const md5 = md5Of(await get('xtk:schema|nms:recipient'));
  const ask = async (own: string): Promise<string> => {
    const cache = `<cache xmlns:xtk="urn:xtk"><xtk:schema><entityCache pk="nms:recipient" md5="${own}"/></xtk:schema><xtk:form><entityCache pk="cus:gone" md5="X"/></xtk:form></cache>`;
    return contentOf(
      (await caller.post('xtk:persist#GetDirtyCacheEntities', `<d>${cache}</d>`)).text,
      'pdomDirtyEntities',
    )!;
  };
  expect(await ask(md5)).toBe('<cache><form><entityCache pk="cus:gone" md5=""/></form></cache>');
  expect(await ask('old')).toBe(
    `<cache><schema><entityCache pk="nms:recipient" md5="${md5}"/></schema><form><entityCache pk="cus:gone" md5=""/></form></cache>`,
  );
});

test('GetModifiedEntities lists what changed since, from version 8.4 on', async () => {
  const ask = async (attributes: string): Promise<string> => {
    const cache = `<cache ${attributes}><xtk:schema xmlns:xtk="urn:xtk:schema"/><xtk:javascript xmlns:xtk="urn:xtk"/></cache>`;
    const { text } = await caller.post('xtk:session#GetModifiedEntities', `<d>${cache}</d>`);
    return contentOf(text, 'pdomDirtyEntities') ?? faultOf(text);
  };
  clock.ms += 60_000;
  const first = await ask('');
  expect(first).toBe(`<cache buildNumber="9469" time="${new Date(clock.ms).toISOString()}"/>`);
  const since = `buildNumber="9469" lastModified="${new Date(clock.ms).toISOString()}"`;
  expect(await ask(since)).toBe(first);
  clock.ms += 1000;
  await caller.run(
    'xtk:persist#Write',
    '<d><javascript xtkschema="xtk:javascript" namespace="cus" name="new.js"><data>1</data></javascript></d>',
  );
  expect(await ask(since)).toMatch(
    /<entityCache pk="xtk:javascript\|cus:new\.js" schema="xtk:javascript" md5="[0-9A-F]{32}" lastModified="2024-08-15T12:01:01\.000Z"\/>/,
  );
  expect(await ask(since.replace('9469', '9000'))).toContain('emptyCache="true"');
  sandbox.set({ release: '8.3.9' });
  expect(await ask('')).toContain('SOP-330006');
  sandbox.set({ release: '8.6.2' });
});

test('all documents of any kind are one list', async () => {
  const list = await caller.query(
    `<queryDef schema="xtk:entity" operation="select" lineCount="500"><select><node expr="@entitySchema"/><node expr="@name"/><node expr="@md5"/></select>
     <where><condition expr="@entitySchema IN ('xtk:javascript', 'xtk:form') AND @namespace = 'cus'"/></where></queryDef>`,
  );
  const kinds = [...list.matchAll(/entitySchema="([^"]*)"/g)].map((match) => match[1]);
  expect(new Set(kinds)).toEqual(new Set(['xtk:javascript', 'xtk:form']));
});

test('options have a value and a type', async () => {
  const option = async (name: string): Promise<string[]> => {
    const { text } = await caller.post('xtk:session#GetOption', `<n>${name}</n>`);
    return [contentOf(text, 'pstrValue')!, contentOf(text, 'pbtType')!];
  };
  const write = (attributes: string): Promise<string> =>
    caller.run('xtk:persist#Write', `<d><option xtkschema="xtk:option" _key="@name" ${attributes}/></d>`);
  expect(await option('no such option')).toEqual(['', '0']);
  await write('name="A" dataType="6" stringValue="text"');
  await write('name="B" dataType="3" longValue="42"');
  await write('name="C" dataType="5" doubleValue="1.5"');
  await write('name="D" dataType="7" timeStampValue="2024-01-02T03:04:05Z"');
  expect([await option('A'), await option('B'), await option('C'), await option('D')]).toEqual([
    ['text', '6'],
    ['42', '3'],
    ['1.5', '5'],
    ['2024-01-02 03:04:05.000Z', '7'],
  ]);
  expect(await option('NmsServer_FFDA_Datasource')).toEqual(['nms:extAccount:ffda', '6']);
  sandbox.set({ ffda: false });
  expect(await option('NmsServer_FFDA_Datasource')).toEqual(['', '0']);
  sandbox.set({ ffda: true });
});

// --- builder ---

const source = `<srcSchema xtkschema="xtk:srcSchema" namespace="cus" name="gadget" label="Gadgets">
  <element name="gadget" autopk="true"><attribute name="code" type="string" length="20"/><attribute name="weight" type="double"/>
  <element name="owner" type="link" target="nms:recipient" revLink="gadget"/></element></srcSchema>`;

test('a source becomes a schema when compiled, a table when the structure is updated, and then holds rows', async () => {
  const query = (): Promise<string> =>
    caller.query(
      '<queryDef schema="cus:gadget" operation="select"><select><node expr="@code"/><node expr="[owner/@email]"/></select></queryDef>',
    );
  expect(await caller.run('xtk:persist#Write', `<d>${source}</d>`)).toBe('');
  expect(await query()).toContain('XFR-180000');
  const before = md5Of(await get('xtk:schema|nms:recipient'));
  expect(await caller.run('xtk:builder#BuildSchemaFromId', '<id>cus:gadget</id>')).toBe('');
  const compiled = await get('xtk:schema|cus:gadget');
  expect(compiled).toContain('sqltable="CusGadget"');
  expect(compiled).toMatch(/<attribute name="owner-id"[^>]*sqlname="iOwnerId"/);
  expect(md5Of(await get('xtk:schema|nms:recipient'))).not.toBe(before);
  expect(await get('xtk:schema|nms:recipient')).toMatch(
    /<element name="gadget" type="link" target="cus:gadget"[^>]*unbound="true"/,
  );
  expect(await query()).toContain('PGS-220000');
  const diff = await caller.post('xtk:builder#BuildUpdateOneSchemaDiff', '<id>cus:gadget</id><b>false</b>');
  expect(diff.text).toContain('CREATE TABLE CusGadget (iGadgetId INTEGER NOT NULL DEFAULT 0');
  expect(await caller.run('xtk:builder#UpdateDb', '<p/>')).toBe('');
  expect(await query()).toBe('<gadget-collection/>');
  expect(
    await caller.run('xtk:persist#Write', '<d><gadget xtkschema="cus:gadget" code="G" weight="2.5"/></d>'),
  ).toBe('');
  expect(await query()).toBe(
    '<gadget-collection><gadget code="G"><owner email=""/></gadget></gadget-collection>',
  );
  const exists = await caller.post('xtk:builder#CheckTableExists', '<d/><t>CusGadget</t>');
  expect(contentOf(exists.text, 'pbExists')).toBe('true');
});

test('a column that is added keeps the rows', async () => {
  const wider = source.replace(
    '<attribute name="weight"',
    '<attribute name="color"/><attribute name="weight"',
  );
  await caller.run('xtk:persist#Write', `<d>${wider}</d>`);
  await caller.run('xtk:builder#BuildSchemaFromId', '<id>cus:gadget</id>');
  await caller.run('xtk:builder#UpdateDb', '<p/>');
  expect(
    await caller.query(
      '<queryDef schema="cus:gadget" operation="get"><select><node expr="@code"/><node expr="@color"/></select></queryDef>',
    ),
  ).toBe('<gadget code="G" color=""/>');
});

test('an extension compiles into its base and can be taken out again', async () => {
  const extension =
    '<srcSchema xtkschema="xtk:srcSchema" namespace="cus" name="serviceX" extendedSchema="nms:service"><element name="service"><attribute name="quota" type="long"/></element></srcSchema>';
  await caller.run('xtk:persist#Write', `<d>${extension}</d>`);
  expect(await caller.run('xtk:builder#BuildSchemaFromId', '<id>cus:serviceX</id>')).toBe('');
  expect(await get('xtk:schema|nms:service')).toMatch(/<attribute name="quota"[^>]*belongsTo="cus:serviceX"/);
  expect(await get('xtk:schema|cus:serviceX')).toBe('');
  expect(await caller.run('xtk:builder#RemoveSchemaLinkRef', '<a>cus:serviceX</a><b>nms:service</b>')).toBe(
    '',
  );
  expect(await get('xtk:schema|nms:service')).not.toContain('quota');
});

test('BuildOutputSchema compiles without saving, and says what is wrong', async () => {
  const build = async (text: string): Promise<string> => {
    const answer = await caller.post(
      'xtk:builder#BuildOutputSchema',
      `<elemSource>${text}</elemSource><bSave>false</bSave>`,
    );
    return contentOf(answer.text, 'pdomSchema') ?? faultOf(answer.text);
  };
  const other = source.replaceAll('gadget', 'widget');
  expect(await build(other)).toContain('sqltable="CusWidget"');
  expect(await get('xtk:schema|cus:widget')).toBe('');
  expect(await build(other.replace('nms:recipient', 'no:where'))).toContain('no:where');
  expect(
    await build(other.replace('element name="widget" autopk', 'element name="wodget" autopk')),
  ).toContain("no main element called 'widget'");
  expect(await build(other.replace('name="weight"', 'name="code"'))).toContain(
    "'code' of schema 'cus:widget' is declared twice",
  );
  expect(await caller.run('xtk:builder#BuildSchemaFromId', '<id>cus:nothing</id>')).toContain('XFR-180000');
});

test('a package is installed with its schemas', async () => {
  const text = `<pkgDesc><package buildVersion="*" buildNumber="*"><entities schema="xtk:srcSchema">${source.replaceAll('gadget', 'parcel')}</entities>
    <entities schema="xtk:option"><option name="FromPackage" dataType="6" stringValue="x"/></entities></package></pkgDesc>`;
  expect(await caller.run('xtk:builder#InstallPackage', `<p>${text}</p>`)).toBe('');
  expect(await caller.query('<queryDef schema="cus:parcel" operation="count"/>')).toBe('<parcel count="0"/>');
  expect(await get('xtk:option|FromPackage')).toContain('stringValue="x"');
});

test('the navigation tree is merged from all trees', async () => {
  const tree =
    '<navtree xtkschema="xtk:navtree" namespace="cus" name="extra"><model name="root"><nodeModel name="cusExtra" label="Extra"/></model></navtree>';
  await caller.run('xtk:persist#Write', `<d>${tree}</d>`);
  expect(await get('xtk:navtree|xtk:merged')).not.toContain('cusExtra');
  expect(await caller.run('xtk:builder#GenerateNavTree', '')).toBe('');
  const merged = await get('xtk:navtree|xtk:merged');
  expect(merged).toContain('cusExtra');
  expect(merged.match(/<model name="root"/g)?.length).toBe(1);
});

test('scripts are never run', async () => {
  const run = (method: string): Promise<string> =>
    caller.run(`xtk:builder#${method}`, '<n>t</n><s>1+1</s><c><ctx/></c>');
  const refused = 'BAS-010007 Function not implemented (iRc=-55): the sandbox runs no JavaScript';
  expect(await run('EvaluateJavaScript')).toContain(refused);
  expect(await run('EvaluateJavaScriptTemplate')).toContain(refused);
  expect(await caller.run('cus:loyalty#GetTier', '<p>1</p>')).toContain(refused);
});

test('system filters of a schema decide who reads and writes its rows', async () => {
  const option = '<d><option xtkschema="xtk:option" name="Denied" stringValue="x"/></d>';
  sandbox.set({ rights: 'nothing' });
  await caller.logon();
  const purchases = '<queryDef schema="cus:purchase" operation="count"/>';
  expect(await caller.query(purchases)).toBe('<purchase count="0"/>');
  expect(await caller.run('xtk:persist#Write', option)).toContain('You do not have the right to write');
  sandbox.set({ rights: 'cusPurchaseRead' });
  await caller.logon();
  expect(await caller.query(purchases)).not.toBe('<purchase count="0"/>');
  sandbox.set({ rights: 'admin' });
  await caller.logon();
  expect(await caller.run('xtk:persist#Write', option)).toBe('');
});

test('a new record is filed in the default folder of its kind', async () => {
  const id = /id="(\d+)"/.exec(
    await caller.query(
      '<queryDef schema="xtk:folder" operation="get"><select><node expr="@id"/></select><where><condition expr="@model = \'nmsFolder\'"/></where></queryDef>',
    ),
  )![1]!;
  await caller.run(
    'xtk:persist#Write',
    '<d><recipient xtkschema="nms:recipient" _key="@email" email="filed@example.com"/></d>',
  );
  const query =
    '<queryDef schema="nms:recipient" operation="get"><select><node expr="[@folder-id]"/></select><where><condition expr="@email = \'filed@example.com\'"/></where></queryDef>';
  expect(await caller.query(query)).toBe(`<recipient folder-id="${id}"/>`);
  const filled = await caller.post('xtk:persist|nms:recipient#NewInstance', '<d><recipient/></d>');
  expect(contentOf(filled.text, 'entity')).toContain(`folder-id="${id}"`);
});

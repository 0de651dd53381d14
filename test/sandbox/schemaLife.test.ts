import { afterAll, expect, test } from 'vitest';
import { contentOf, faultOf, openSandbox } from './call.ts';
import { FakeClock } from './library.ts';

const caller = await openSandbox({ rows: 5, clock: new FakeClock() });
afterAll(() => caller.sandbox.stop());

/** Writes a source, compiles it and updates the structure, as a developer does. @returns what went wrong. */
async function publish(source: string): Promise<string> {
  const id = /namespace="([^"]*)" name="([^"]*)"/.exec(source)!;
  for (const [action, parameters] of [
    ['xtk:persist#Write', `<d>${source}</d>`],
    ['xtk:builder#BuildSchemaFromId', `<s>${id[1]!}:${id[2]!}</s>`],
    ['xtk:builder#UpdateDb', '<p/>'],
  ] as const) {
    const fault = await caller.run(action, parameters);
    if (fault !== '') return fault;
  }
  return '';
}

const source = (name: string, main: string, content: string): string =>
  `<srcSchema xtkschema="xtk:srcSchema" namespace="cus" name="${name}"><element name="${name}" ${main}>${content}</element></srcSchema>`;
const write = (document: string): Promise<string> => caller.run('xtk:persist#Write', `<d>${document}</d>`);
const rows = (schema: string, ...exprs: string[]): Promise<string> =>
  caller.query(
    `<queryDef schema="${schema}" operation="select"><select>${exprs.map((expr) => `<node expr="${expr}"/>`).join('')}</select><orderBy><node expr="${exprs[0]!}"/></orderBy></queryDef>`,
  );
const compiled = async (id: string): Promise<string> => {
  const { text } = await caller.post(
    'xtk:persist#GetEntityIfMoreRecent',
    `<p>xtk:schema|${id}</p><m/><b>false</b>`,
  );
  return contentOf(text, 'pdomDoc') ?? faultOf(text);
};

test('a key of a source is enforced by the table', async () => {
  const key = '<key name="code"><keyfield xpath="@code"/></key>';
  expect(await publish(source('lot', 'autopk="true"', `${key}<attribute name="code"/>`))).toBe('');
  expect(await write('<lot xtkschema="cus:lot" _operation="insert" code="A"/>')).toBe('');
  expect(await write('<lot xtkschema="cus:lot" _operation="insert" code="A"/>')).toContain(
    'PGS-220000 PostgreSQL error: ERROR: duplicate key value',
  );
  expect(await rows('cus:lot', '@code')).toBe('<lot-collection><lot code="A"/></lot-collection>');
});

test('what the table cannot hold is refused by type and length', async () => {
  await publish(
    source(
      'typed',
      'autopk="true"',
      '<attribute name="short" length="3"/><attribute name="day" type="date"/>',
    ),
  );
  expect(await write('<typed xtkschema="cus:typed" short="four"/>')).toContain('character varying(3)');
  expect(await write('<typed xtkschema="cus:typed" day="soon"/>')).toContain('PGS-220000');
  expect(await write('<typed xtkschema="cus:typed" short="two" day="2024-02-29"/>')).toBe('');
  expect(await rows('cus:typed', '@short', '@day')).toContain('short="two" day="2024-02-29"');
});

test('a field stored in XML needs no column, is written to the body and read from it', async () => {
  await publish(
    source(
      'noted',
      'autopk="true"',
      '<attribute name="title"/><attribute name="mood" xml="true"/><element name="story" type="memo" xml="true"/>',
    ),
  );
  expect(await write('<noted xtkschema="cus:noted" title="T" mood="calm"><story>Once</story></noted>')).toBe(
    '',
  );
  expect(await rows('cus:noted', '@title', 'data')).toBe(
    '<noted-collection><noted title="T" mood="calm"><story>Once</story></noted></noted-collection>',
  );
  expect(
    await caller.query(
      '<queryDef schema="cus:noted"><where><condition expr="@mood = \'calm\'"/></where></queryDef>',
    ),
  ).toContain("Attribute 'mood' unknown");
});

test('a link makes a foreign key here, and the way back there', async () => {
  await publish(
    source(
      'part',
      'autopk="true"',
      '<attribute name="label"/><element name="lot" type="link" target="cus:lot" revIntegrity="own"/>',
    ),
  );
  expect(await write('<part xtkschema="cus:part" label="p"><lot code="A" _operation="none"/></part>')).toBe(
    '',
  );
  expect(await rows('cus:part', '@label', '[lot/@code]')).toContain('<lot code="A"/>');
  expect(
    await caller.query(
      '<queryDef schema="cus:lot" operation="get"><select><node expr="@code"/><node expr="part"><node expr="@label"/></node></select></queryDef>',
    ),
  ).toBe('<lot code="A"><part label="p"/></lot>');
  // Owned: it goes with its lot.
  expect(await write('<lot xtkschema="cus:lot" _operation="delete" code="A"/>')).toBe('');
  expect(await rows('cus:part', '@label')).toBe('<part-collection/>');
});

test.each([
  ['define', 'is used by 1 of schema', '<b-collection><b label="x"><a code="K"/></b></b-collection>'],
  ['normal', '', '<b-collection><b label="x"><a code=""/></b></b-collection>'],
  ['own', '', '<b-collection/>'],
] as const)(
  'integrity %s decides what becomes of rows that lead to a deleted one',
  async (integrity, fault, left) => {
    const [a, b] = [`a${integrity}`, `b${integrity}`];
    const key = '<key name="code"><keyfield xpath="@code"/></key>';
    await publish(source(a, 'autopk="true"', `${key}<attribute name="code"/>`));
    await publish(
      source(
        b,
        'autopk="true"',
        `<attribute name="label"/><element name="to" type="link" target="cus:${a}" revIntegrity="${integrity}"/>`,
      ),
    );
    await write(`<${b} xtkschema="cus:${b}" label="x"><to _operation="insert" code="K"/></${b}>`);
    const answer = await write(`<${a} xtkschema="cus:${a}" _operation="delete" code="K"/>`);
    if (fault === '') expect(answer).toBe('');
    else expect(answer).toContain(fault);
    expect(
      (await rows(`cus:${b}`, '@label', '[to/@code]')).replaceAll(b, 'b').replaceAll('<to ', '<a '),
    ).toBe(left);
  },
);

test('neutral integrity leaves a key that leads nowhere', async () => {
  const key = '<key name="code"><keyfield xpath="@code"/></key>';
  await publish(source('target', 'autopk="true"', `${key}<attribute name="code"/>`));
  await publish(
    source(
      'pointer',
      'autopk="true"',
      '<attribute name="label"/><element name="to" type="link" target="cus:target" revIntegrity="neutral"/>',
    ),
  );
  await write('<pointer xtkschema="cus:pointer" label="x"><to _operation="insert" code="K"/></pointer>');
  const before = await rows('cus:pointer', '[@to-id]');
  await write('<target xtkschema="cus:target" _operation="delete" code="K"/>');
  expect(await rows('cus:pointer', '[@to-id]')).toBe(before);
});

test('an extension adds, changes and takes away, and the table follows', async () => {
  await publish(source('base', 'autopk="true"', '<attribute name="a" label="A"/><attribute name="b"/>'));
  await write('<base xtkschema="cus:base" a="1" b="2"/>');
  expect(
    await publish(
      '<srcSchema xtkschema="xtk:srcSchema" namespace="ext" name="base" extendedSchema="cus:base"><element name="base">' +
        '<attribute name="a" label="Changed"/><attribute name="b" _operation="delete"/><attribute name="c" default="\'new\'"/></element></srcSchema>',
    ),
  ).toBe('');
  const schema = await compiled('cus:base');
  expect(schema).toMatch(/<attribute name="a" label="Changed"/);
  expect(schema).not.toContain('name="b"');
  expect(schema).toMatch(/name="c"[^>]*belongsTo="ext:base"/);
  expect(await rows('cus:base', '@a', '@c')).toBe('<base-collection><base a="1" c=""/></base-collection>');
  await write('<base xtkschema="cus:base" a="2"/>');
  expect(await rows('cus:base', '@a', '@c')).toContain('<base a="2" c="new"/>');
  expect(await write('<base xtkschema="cus:base" b="2"/>')).toContain("Attribute 'b' unknown");
});

// --- two databases ---

const visits = (more: string): string =>
  source(
    'stay',
    `autopk="true" autouuid="true" dataSource="nms:extAccount:ffda" ${more}`,
    '<attribute name="guest"/>',
  );
const ingest = (method: string, document: string): Promise<string> =>
  caller.run(`xtk:persist#${method}`, `<d>${document}</d>`);

test('a schema of the cloud gets identifiers that are UUIDs, and nothing is unique', async () => {
  expect(await publish(visits(''))).toBe('');
  await write('<stay xtkschema="cus:stay" _operation="insert" guest="Ann"/>');
  expect(await rows('cus:stay', '@id')).toMatch(/ id="[\da-f]{8}-[\da-f-]{27}"/);
  for (let i = 0; i < 2; i++)
    expect(await write('<stay xtkschema="cus:stay" _operation="insert" id="same" guest="Bob"/>')).toBe('');
  expect(await caller.query('<queryDef schema="cus:stay" operation="count"/>')).toBe('<stay count="3"/>');
  expect(await ingest('Ingest', '<stay xtkschema="cus:stay" guest="x"/>')).toContain('is no staging schema');
});

test('autoStg adds a local twin: what is ingested waits there until it is replicated', async () => {
  expect(await publish(visits('autoStg="true"'))).toBe('');
  expect(await compiled('cus:stayStg')).toMatch(/sqltable="CusStayStg"/);
  expect(
    await ingest('IngestExt', '<stayStg xtkschema="cus:stayStg" _key="@id" id="new" guest="Eve"/>'),
  ).toBe('');
  expect(
    await ingest('Ingest', '<stayStg xtkschema="cus:stayStg" _key="@id" id="new" guest="Eve"/>'),
  ).toContain('PGS-220000');
  expect(await rows('cus:stay', '@guest')).not.toContain('Eve');
  expect(await rows('cus:stayStg', '@guest')).toContain('Eve');
  expect(await caller.run('nms:replicationStrategy#StartReplicateStagingData', '<s>cus:stay</s>')).toBe('');
  expect(await rows('cus:stay', '@guest')).toContain('Eve');
  expect(await rows('cus:stayStg', '@guest')).toBe('<stayStg-collection/>');
});

test('a row that was written straight to the cloud is replaced by a staged one of its key', async () => {
  await write('<stay xtkschema="cus:stay" id="one" guest="Old"/>');
  await ingest('IngestExt', '<stayStg xtkschema="cus:stayStg" _key="@id" id="one" guest="New"/>');
  expect(await rows('cus:stay', '@guest')).toContain('guest="Old"');
  caller.sandbox.replicate();
  expect(await rows('cus:stay', '@guest')).not.toContain('guest="Old"');
  expect(await rows('cus:stay', '@guest')).toContain('guest="New"');
});

test('without autoStg the twin and its table go', async () => {
  expect(await publish(visits('autoStg="false"'))).toBe('');
  expect(await compiled('cus:stayStg')).toBe('');
  expect(await caller.query('<queryDef schema="cus:stayStg"/>')).toContain('XFR-180000');
  const exists = await caller.post('xtk:builder#CheckTableExists', '<d/><t>CusStayStg</t>');
  expect(contentOf(exists.text, 'pbExists')).toBe('false');
  expect(await rows('cus:stay', '@guest')).toContain('Eve');
});

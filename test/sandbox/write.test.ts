import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../../sandbox/campaign/sandbox.ts';
import { contentOf, openSandbox, type Caller } from './call.ts';
import { FakeClock, librarySeed } from './library.ts';

const clock = new FakeClock();
// Each test starts from the library as it was: nothing is left of the test before.
const opened: Caller<Sandbox>[] = [];
const current = (): Caller<Sandbox> => opened.at(-1)!;
beforeEach(async () => {
  const before = opened.pop();
  if (before !== undefined) await before.sandbox.stop();
  opened.push(await openSandbox({ seed: librarySeed, clock }));
});
afterAll(() => current().sandbox.stop());

const write = (document: string): Promise<string> =>
  current().run('xtk:persist#Write', `<domDoc>${document}</domDoc>`);
const writeAll = (documents: string): Promise<string> =>
  current().run(
    'xtk:persist#WriteCollection',
    `<domDoc><book-collection xtkschema="lib:book">${documents}</book-collection></domDoc>`,
  );

/** The books that meet a condition, with what the test looks at. */
const books = (where: string, ...exprs: string[]): Promise<string> =>
  current().query(
    `<queryDef schema="lib:book" operation="select"><select>${exprs.map((expr) => `<node expr="${expr}"/>`).join('')}</select>
     <where><condition expr="${where}"/></where><orderBy><node expr="@id"/></orderBy></queryDef>`,
  );
const count = (schema: string, where = '1 = 1'): Promise<string> =>
  current().query(
    `<queryDef schema="${schema}" operation="count"><where><condition expr="${where}"/></where></queryDef>`,
  );

const unable = (label: string): string => `XSV-350023 Unable to save document of type '${label}'.`;

// --- operations ---

test('a document is inserted with an id, defaults and fields of the server', async () => {
  expect(
    await write(
      '<book xtkschema="lib:book" isbn="N-1" title="New &amp; &lt;old&gt; é"><size pages="12"/></book>',
    ),
  ).toBe('');
  expect(
    await books("@isbn = 'N-1'", '@title', '[size/@pages]', '@inStock', '@added', '@kind', '@lastModified'),
  ).toBe(
    '<book-collection><book title="New &amp; &lt;old&gt; é" inStock="1" added="2024-08-15 12:00:00.000Z" kind="0" lastModified="2024-08-15 12:00:00.000Z"><size pages="12"/></book></book-collection>',
  );
  expect(await books("@isbn = 'N-1' AND @id > 1000", '@isbn')).toContain('N-1');
});

test('insertOrUpdate finds the row by the first key whose fields are there, and patches it', async () => {
  await write('<book xtkschema="lib:book" isbn="I-2" price="99"/>');
  expect(await books("@isbn = 'I-2'", '@id', '@title', '@price')).toBe(
    '<book-collection><book id="12" title="The Waves" price="99"/></book-collection>',
  );
  await write('<book xtkschema="lib:book" id="12" isbn="I-2b"/>');
  expect(await books('@id = 12', '@isbn', '@price')).toBe(
    '<book-collection><book isbn="I-2b" price="99"/></book-collection>',
  );
});

test('_key names the fields that find the row, links included', async () => {
  await write(
    '<book xtkschema="lib:book" _key="@title, [@author-id]" title="Orlando" author-id="1" price="1"/>',
  );
  await write(
    '<book xtkschema="lib:book" _key="@title,[author/@name]" title="The Waves" price="2"><author name="Woolf" _operation="none"/></book>',
  );
  expect(await books('@price IN (1, 2)', '@id')).toBe(
    '<book-collection><book id="11"/><book id="12"/></book-collection>',
  );
});

test('insert meets the unique index', async () => {
  const fault = await write('<book xtkschema="lib:book" _operation="insert" isbn="I-1"/>');
  expect(fault.split('\n').slice(1)).toEqual([
    'PGS-220000 PostgreSQL error: ERROR: duplicate key value violates unique constraint "LibBook_sIsbn"',
    unable('Books (lib:book)'),
  ]);
});

test('update of a missing row does nothing, none changes nothing', async () => {
  expect(await write('<book xtkschema="lib:book" _operation="update" isbn="missing" price="1"/>')).toBe('');
  expect(await write('<book xtkschema="lib:book" _operation="none" isbn="I-1" price="1"/>')).toBe('');
  expect(await count('lib:book', '@price = 1')).toBe('<book count="0"/>');
});

test('delete takes owned records along and resets the keys of others', async () => {
  await write('<author xtkschema="lib:author" _operation="delete" name="Woolf"/>');
  expect(await count('lib:author')).toBe('<author count="3"/>');
  expect(await books('1 = 1', '@isbn')).not.toMatch(/I-1"|I-2"/);
  expect(await count('lib:loan', '[@book-id] = 0')).toBe('<loan count="2"/>');
});

test('several documents are written in one transaction', async () => {
  expect(await writeAll('<book isbn="A-1" title="a"/><book isbn="I-1" _operation="delete"/>')).toBe('');
  expect(await count('lib:book')).toBe('<book count="5"/>');
  const fault = await writeAll('<book isbn="A-2" title="b"/><book isbn="A-1" _operation="insert"/>');
  expect(fault).toContain('PGS-220000');
  expect(await count('lib:book', "@isbn = 'A-2'")).toBe('<book count="0"/>');
});

test('an empty value is null again', async () => {
  await write('<book xtkschema="lib:book" id="11" title="" price="" added=""><summary/></book>');
  expect(await books('@title IS NULL AND @added IS NULL AND summary IS NULL AND @price = 0', '@id')).toBe(
    '<book-collection><book id="11"/></book-collection>',
  );
});

// --- links ---

test('a linked record is found, written or created', async () => {
  await write('<book xtkschema="lib:book" id="15"><author name="Calvino" _operation="none"/></book>');
  expect(await books('@id = 15', '[@author-id]')).toContain('author-id="2"');
  await write('<book xtkschema="lib:book" id="15"><author name="Calvino" prizes="9"/></book>');
  expect(await count('lib:author', "@name = 'Calvino' AND @prizes = 9")).toBe('<author count="1"/>');
  await write('<book xtkschema="lib:book" id="15"><author name="Pessoa" country="pt"/></book>');
  expect(await books('@id = 15', '[author/@name]', '[author/@country]')).toContain(
    '<author name="Pessoa" country="PT"/>',
  );
  const fault = await write(
    '<book xtkschema="lib:book" id="15"><author name="Nobody" _operation="none"/></book>',
  );
  expect(fault).toContain("The record of link 'author' cannot be found.");
});

test('children of a collection are added to those there are', async () => {
  await write(
    '<book xtkschema="lib:book" id="13"><loan reader="eve" days="3"/><loan reader="ann" days="8"/></book>',
  );
  expect(await count('lib:loan', '[@book-id] = 13')).toBe('<loan count="2"/>');
  expect(await count('lib:loan', "[@book-id] = 13 AND @reader = 'ann' AND @days = 8")).toBe(
    '<loan count="1"/>',
  );
});

// --- the XML body ---

const body = async (): Promise<string> => {
  const answer = await books('@id = 11', 'data');
  return contentOf(answer, 'book-collection')!;
};

test('containers of the body are merged, their collections replaced as a whole', async () => {
  await write(
    '<book xtkschema="lib:book" id="11" cover="soft"><notes><note id="9" text="only"/></notes></book>',
  );
  expect(await body()).toBe(
    '<book cover="soft"><notes lang="en"><intro><![CDATA[if (a < b && c) "x"]]></intro><note id="9" text="only"/></notes><extra deep="1"><any/></extra></book>',
  );
});

test('items that say what to do with them are merged one by one', async () => {
  await write(
    '<book xtkschema="lib:book" id="11"><notes><note _key="@id" id="2" text="changed"/><note _operation="delete" id="1"/><note _key="@id" id="3" text="third"/></notes></book>',
  );
  expect(await body()).toContain('</intro><note id="2" text="changed"/><note id="3" text="third"/></notes>');
});

test('code keeps its characters, even the end of a CDATA section', async () => {
  const code = 'if (a[b[0]]>1 && "<x>" != \'é\') {\n  return;\n}';
  const cdata = `<![CDATA[${code.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
  await write(`<book xtkschema="lib:book" id="11"><notes><intro>${cdata}</intro></notes></book>`);
  const sections = contentOf(await body(), 'intro')!;
  expect(sections.replaceAll(']]]]><![CDATA[>', ']]>')).toBe(`<![CDATA[${code}]]>`);
});

test('a part that can be anything is replaced', async () => {
  await write('<book xtkschema="lib:book" id="11"><extra><b x="1"/></extra></book>');
  expect(await body()).toContain('<extra><b x="1"/></extra>');
});

// --- fingerprints ---

test('md5 follows the content, lastModified the clock', async () => {
  const state = async (): Promise<RegExpMatchArray> =>
    /md5="([0-9A-F]{32})" lastModified="([^"]*)"/.exec(await books('@id = 12', '@md5', '@lastModified'))!;
  await write('<book xtkschema="lib:book" id="12" title="x"/>');
  const first = await state();
  clock.ms += 60_000;
  await write('<book xtkschema="lib:book" id="12" title="x" md5="mine" lastModified="2001-01-01"/>');
  const second = await state();
  await write('<book xtkschema="lib:book" id="12" title="y"/>');
  const third = await state();
  expect(second[1]).toBe(first[1]);
  expect(Date.parse(second[2]!) - Date.parse(first[2]!)).toBe(60_000);
  expect(third[1]).not.toBe(first[1]);
});

// --- what cannot be written ---

test.each([
  ['no schema', '<book isbn="x"/>', "no attribute 'xtkschema'"],
  ['unknown schema', '<book xtkschema="lib:nothing"/>', 'XFR-180000'],
  [
    'unknown attribute',
    '<book xtkschema="lib:book" titel="x"/>',
    "Attribute 'titel' unknown (see definition of schema 'Books (lib:book)').",
  ],
  ['unknown element', '<book xtkschema="lib:book"><sise/></book>', "Element 'sise' unknown"],
  [
    'unknown operation',
    '<book xtkschema="lib:book" _operation="upsert" id="1"/>',
    "operation 'upsert' is unknown",
  ],
  [
    'field of the key missing',
    '<book xtkschema="lib:book" _key="@isbn" title="x"/>',
    "'@isbn' of the key is missing",
  ],
  ['delete without key', '<book xtkschema="lib:book" _operation="delete" title="x"/>', 'has no key'],
  ['not a number', '<book xtkschema="lib:book" id="11" price="cheap"/>', 'PGS-220000'],
  ['too large', '<book xtkschema="lib:book" id="11"><size pages="40000"/></book>', 'out of range'],
  ['not a date', '<book xtkschema="lib:book" id="11" added="yesterday"/>', 'PGS-220000'],
  ['no such day', '<book xtkschema="lib:book" id="11" added="2024-02-31"/>', 'PGS-220000'],
  [
    'too long',
    '<author xtkschema="lib:author" name="x" country="PRT"/>',
    'value too long for type character varying(2)',
  ],
])('%s is refused, and nothing is changed', async (_name, document, reason) => {
  const before = await books('1 = 1', '@id', '@title', '@price', '[size/@pages]', '@added');
  expect(await write(document)).toContain(reason);
  expect(await books('1 = 1', '@id', '@title', '@price', '[size/@pages]', '@added')).toBe(before);
});

// --- the rest of the interface ---

test('DeleteCollection deletes what meets a condition, and refuses to delete everything', async () => {
  const remove = (where: string): Promise<string> =>
    current().run(
      'xtk:persist#DeleteCollection',
      `<s>lib:book</s><w><where>${where}</where></w><b>false</b>`,
    );
  expect(await remove('')).toContain('empty');
  expect(await remove('<condition expr="[author/@name] = \'Woolf\'"/>')).toBe('');
  expect(await count('lib:book')).toBe('<book count="3"/>');
});

const entityOf = async (action: string, parameters: string): Promise<string> =>
  contentOf((await current().post(action, parameters)).text, 'entity') ?? '';

test('NewInstance fills in defaults and an id, and saves nothing', async () => {
  const entity = await entityOf(
    'xtk:persist|lib:book#NewInstance',
    '<document><book xtkschema="lib:book" title="x"/></document>',
  );
  expect(entity).toMatch(
    /^<book xtkschema="lib:book" title="x" inStock="1" added="[^"]+" id="\d{4,}" _operation="insert"\/>$/,
  );
  expect(await count('lib:book')).toBe('<book count="5"/>');
});

test('Duplicate copies a record under a key of its own', async () => {
  const entity = await entityOf(
    'xtk:persist|lib:book#Duplicate',
    '<document><book xtkschema="lib:book"/></document><pk>lib:book|11</pk>',
  );
  expect(entity).toContain('title="Orlando"');
  expect(entity).toContain('<notes lang="en">');
  expect(entity).not.toMatch(/ (isbn|md5)="/);
  expect(entity).toMatch(/ id="\d{4,}"/);
});

test('DuplicateWithMappingId tells which key became which', async () => {
  const { text } = await current().post(
    'xtk:persist|lib:book#DuplicateWithMappingId',
    '<document><book xtkschema="lib:book"/></document><pk>lib:book|11</pk>',
  );
  const [, id] = / id="(\d{4,})"/.exec(contentOf(text, 'entity')!)!;
  expect(contentOf(text, 'pdomMapping')).toBe(
    `<mapping><map schema="lib:book" from="11" to="${id!}"/></mapping>`,
  );
});

test('ApplyDuplicateRules makes a document that was read one of its own', async () => {
  const entity = await entityOf(
    'xtk:persist|lib:book#ApplyDuplicateRules',
    '<document><book xtkschema="lib:book" id="11" isbn="I-1" title="Orlando" md5="A"/></document>',
  );
  expect(entity).toMatch(/ title="Orlando"/);
  expect(entity).toMatch(/ id="\d{4,}"/);
  expect(entity).not.toMatch(/ (isbn|md5)="/);
  expect(entity).toContain('_operation="insert"');
});

test('Load and LoadIfExists read a record by its key', async () => {
  const document = '<document><book xtkschema="lib:book"/></document>';
  expect(await entityOf('xtk:persist|lib:book#Load', `${document}<pk>lib:book|12</pk>`)).toContain(
    'title="The Waves"',
  );
  expect(await current().run('xtk:persist|lib:book#Load', `${document}<pk>lib:book|99</pk>`)).toContain(
    'XSV-350000',
  );
  const missing = await current().post(
    'xtk:persist|lib:book#LoadIfExists',
    `${document}<pk>lib:book|99</pk>`,
  );
  expect(contentOf(missing.text, 'pbExists')).toBe('false');
  expect(await current().run('xtk:persist|lib:loan#Load', `<d><loan/></d><pk>lib:loan|11|ann</pk>`)).toBe('');
});

test('Remove takes the key as text, Store the document', async () => {
  expect(await current().run('xtk:persist|lib:book#Remove', '<pk>lib:book|12</pk>')).toBe('');
  expect(await current().run('xtk:persist|lib:book#Store', '<d><book isbn="S-1"/></d>')).toBe('');
  expect(await count('lib:book', "@isbn = 'S-1' OR @id = 12")).toBe('<book count="1"/>');
});

import { expect, test } from 'vitest';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { ModelSearch } from '../../../server/language/modelSearch.ts';
import { generateSchemas } from '../../support/largeModel.ts';

const texts = {
  'nms:recipient': `<schema namespace="nms" name="recipient" label="Recipients">
  <enumeration name="gender" label="Gender"><value name="male" label="Male" value="1"/></enumeration>
  <element name="recipient" label="Recipients">
    <attribute name="email" label="Email"/>
    <attribute name="lastModified" label="Changed on"/>
    <element name="location" label="Location"><attribute name="zipCode" label="Zip/Postcode"/></element>
    <element name="folder" type="link" target="xtk:folder" label="Folder"/>
    <element name="delivery" type="link" target="nms:delivery" label="Deliveries" unbound="true"/>
  </element>
  <methods><method name="Subscribe" label="Subscribe a profile"/></methods>
</schema>`,
  'cus:client': `<schema namespace="cus" name="client" label="Clients">
  <element name="client"><attribute name="prenom" label="Prénom"/><attribute name="email" label="Courriel"/></element>
</schema>`,
};

function createSearch(): ModelSearch {
  const search = new ModelSearch();
  search.setList([
    { id: 'nms:recipient', label: 'Recipients' },
    { id: 'cus:client', label: 'Clients' },
    { id: 'xtk:folder', label: 'Folders' },
  ]);
  for (const xml of Object.values(texts)) addText(search, xml);
  return search;
}

function addText(search: ModelSearch, xml: string): void {
  search.add(parseSchema(xml).schema!);
}

/** One found item a line: kind, schema, path or name. */
function checkFound(query: string, expected: string, search = createSearch()): void {
  const { items } = search.find(query, 0, 200);
  const lines = items.map(({ kind, schemaId, name, path }) =>
    kind === 'schema'
      ? `schema ${name}`
      : `${kind} ${schemaId} ${kind === 'value' ? `${path}=${name}` : path}`,
  );
  expect(lines.join('\n')).toBe(expected.trim().replace(/\n\s+/g, '\n'));
}

test('an empty query finds the schemas, own ones first', () =>
  checkFound('', 'schema cus:client\nschema nms:recipient\nschema xtk:folder'));

test('a field is found by name, the own schema first', () =>
  checkFound(
    'email',
    `attribute cus:client @email
     attribute nms:recipient @email`,
  ));

test('the @ may be typed', () => checkFound('@zip', 'attribute nms:recipient location/@zipCode'));

test('a field is found by label, whatever the accents', () => {
  checkFound('prenom', 'attribute cus:client @prenom');
  checkFound('Courriél', 'attribute cus:client @email');
});

test('words may be those of the schema and of the field', () =>
  checkFound('recipient email', 'attribute nms:recipient @email'));

test('a word that is nowhere finds nothing', () => checkFound('email nowhere', ''));

test('the name of a schema comes before what is called like it', () =>
  checkFound(
    'folder',
    `schema xtk:folder
     link nms:recipient folder`,
  ));

test('a capital starts a word', () => checkFound('modified', 'attribute nms:recipient @lastModified'));

test('a nested field is found by its path', () =>
  checkFound('location/@zip', 'attribute nms:recipient location/@zipCode'));

test('links, collections, enumerations, their values and methods are told apart', () => {
  checkFound('deliver', 'collection nms:recipient delivery');
  checkFound('gender', 'enumeration nms:recipient gender\nvalue nms:recipient gender=male');
  checkFound('subscribe', 'method nms:recipient Subscribe');
});

test('letters in their order find a name when nothing has them together', () => {
  checkFound('lstmod', 'attribute nms:recipient @lastModified');
  checkFound('rcpt', 'schema nms:recipient');
  checkFound('tsal', '');
});

test('what has the word comes before what has its letters', () => {
  const search = createSearch();
  addText(
    search,
    '<schema namespace="cus" name="client"><element name="client"><attribute name="rate"/><attribute name="recreate"/></element></schema>',
  );
  checkFound('rate', 'attribute cus:client @rate\nattribute cus:client @recreate', search);
});

test.each([
  ['courriel', '<attribute name="email" label="Courriel"/>'],
  ['client', '<element name="client">'],
  ['male', '<value name="male" label="Male" value="1"/>'],
  ['gender', '<enumeration name="gender" label="Gender">'],
  ['subscribe', '<method name="Subscribe" label="Subscribe a profile"/>'],
])('%s knows where it is declared', (query, expected) => {
  const [item] = createSearch().find(query, 0, 1).items;
  const xml = texts[item!.schemaId as keyof typeof texts];
  expect(xml.slice(item!.start, item!.end)).toBe(expected);
});

test('a value knows what is stored', () => {
  const [item] = createSearch().find('male', 0, 1).items;
  expect(item).toMatchObject({ kind: 'value', name: 'male', value: '1', path: 'gender' });
});

test('a schema that is only listed has no place', () => {
  const [item] = createSearch().find('xtk:folder', 0, 1).items;
  expect(item).toEqual({
    kind: 'schema',
    schemaId: 'xtk:folder',
    schemaLabel: 'Folders',
    name: 'xtk:folder',
    label: 'Folders',
    path: '',
  });
});

test('what is no longer listed is no longer found', () => {
  const search = createSearch();
  search.setList([{ id: 'cus:client', label: 'Clients' }]);
  checkFound('email', 'attribute cus:client @email', search);
  expect(search.readCount).toBe(1);
  search.remove(['cus:client']);
  checkFound('email', '', search);
});

test('a label cannot break out of its line', () => {
  const search = new ModelSearch();
  addText(
    search,
    '<schema namespace="cus" name="x" label="one&#10;two&#9;three"><element name="x"><attribute name="a" label="tab&#9;line&#10;end"/></element></schema>',
  );
  checkFound('three', 'schema cus:x', search);
  expect(search.find('line end', 0, 1).items[0]).toMatchObject({ name: '@a', label: 'tab line end' });
});

test('two thousand schemas of sixty fields are found whole, page by page', () => {
  const search = new ModelSearch();
  for (const xml of generateSchemas({ schemas: 2_000, fields: 60 }).values()) addText(search, xml);
  expect(search.readCount).toBe(2_000);
  expect(search.find('field59', 0, 200)).toMatchObject({ total: 2_000 });
  const pages = [0, 200, 400, 1_800, 2_000].map((offset) => search.find('field59', offset, 200).items);
  expect(pages.map((items) => items.length)).toEqual([200, 200, 200, 200, 0]);
  expect(new Set(pages.flat().map(({ schemaId }) => schemaId)).size).toBe(800);
  expect(search.find('s1234 field59', 0, 200).items.map(({ path }) => path)).toEqual(['@field59']);
  expect(search.find('zzz', 0, 200)).toEqual({ items: [], total: 0 });
  // Schema, 63 attributes, 2 links, 1 enumeration with 2 values.
  expect(search.find('e', 0, 1).total).toBeGreaterThan(100_000);
});

import { expect, test } from 'vitest';
import { previewQuery } from '../../../client/query/buildQuery.ts';
import { describeColumns, pagingKeyOf, toColumns } from '../../../client/query/columns.ts';
import { prepareQuery, type PreparedQuery } from '../../../client/query/prepareQuery.ts';
import { kindOfType } from '../../../client/webview/fieldColumn.ts';
import type { FieldDescription, SchemaDescription } from '../../../core/protocol/messages.ts';

const attribute = (xpath: string, label: string, type: string, more: Partial<FieldDescription> = {}) =>
  ({ kind: 'attribute', name: xpath.split('/').at(-1)!, xpath, label, type, ...more }) as FieldDescription;

const schemas: Record<string, SchemaDescription> = {
  'nms:recipient': {
    id: 'nms:recipient',
    label: 'Recipients',
    fields: [
      attribute('@id', 'Primary key', 'long'),
      attribute('@email', 'E-mail', 'string', { description: 'Where to write.' }),
      attribute('@secret', '', 'memo', { xml: true }),
      attribute('@expert', 'Expert', 'string', { advanced: true }),
      {
        kind: 'element',
        name: 'location',
        xpath: 'location',
        label: 'Location',
        children: [attribute('location/@city', 'City', 'string')],
      },
      { kind: 'link', name: 'folder', xpath: 'folder', label: 'Folder', target: 'xtk:folder' },
    ],
    keys: [{ name: 'id', label: '', primary: true, xpaths: ['@id'] }],
    enumerations: [],
    methods: [],
  },
  'xtk:folder': {
    id: 'xtk:folder',
    label: 'Folders',
    fields: [
      attribute('@created', 'Created', 'datetime'),
      { kind: 'link', name: 'parent', xpath: 'parent', label: 'Parent', target: 'xtk:folder' },
    ],
    keys: [{ name: 'name', label: '', primary: true, xpaths: ['@namespace', '@name'] }],
    enumerations: [],
    methods: [],
  },
};

const describe = (id: string): Promise<SchemaDescription | null> => Promise.resolve(schemas[id] ?? null);

function queryOf(nodes: string, schema = 'nms:recipient'): PreparedQuery['query'] {
  const prepared = prepareQuery(`<queryDef schema="${schema}"><select>${nodes}</select></queryDef>`, 10);
  return (prepared as PreparedQuery).query;
}

/** `xpath: label (kind)` */
async function labels(xpaths: string[], nodes: string, schema?: string): Promise<string[]> {
  const columns = await describeColumns(xpaths, queryOf(nodes, schema), describe);
  return columns.map(({ xpath, label = '-', kind }) => `${xpath}: ${label} (${kind})`);
}

test('columns get label and type of their field, across elements and links', async () => {
  expect(
    await labels(['@id', '@email', 'location/@city', 'folder/parent/@created'], '<node expr="@email"/>'),
  ).toEqual([
    '@id: Primary key (number)',
    '@email: E-mail (text)',
    'location/@city: Location › City (text)',
    'folder/parent/@created: Folder › Parent › Created (date)',
  ]);
});

test('a value moved by an alias keeps the label of where it comes from', async () => {
  expect(await labels(['@since'], '<node expr="[folder/@created]" alias="@since"/>')).toEqual([
    '@since: Folder › Created (date)',
  ]);
});

test('what the query calls a column wins, at once', async () => {
  const nodes = '<node expr="@email" label="Address"/>';
  expect(toColumns(['@email'], queryOf(nodes))).toEqual([
    { xpath: '@email', kind: 'text', label: 'Address' },
  ]);
  expect(await labels(['@email'], nodes)).toEqual(['@email: Address (text)']);
});

test('counts and sums compare as numbers', async () => {
  expect(await labels(['@n'], '<node expr="Count(@id)" alias="@n"/>')).toEqual(['@n: - (number)']);
});

test('a column or schema the model does not know keeps its name', async () => {
  expect(await labels(['@_cs', 'nowhere/@x'], '')).toEqual(['@_cs: - (text)', 'nowhere/@x: - (text)']);
  expect(await labels(['@a'], '', 'no:schema')).toEqual(['@a: - (text)']);
});

test('a repeated element has the label of the element', async () => {
  expect(await labels(['location[2]/@city'], '')).toEqual(['location[2]/@city: Location › City (text)']);
});

test('types compare as what they are', () => {
  expect(['long', 'double', 'boolean', 'datetime', 'string', 'uuid', undefined].map(kindOfType)).toEqual([
    'number',
    'number',
    'boolean',
    'date',
    'text',
    'text',
    'text',
  ]);
});

test('pages go by the primary key when it is one field', () => {
  expect(pagingKeyOf(schemas['nms:recipient']!)).toEqual({ xpath: '@id', isNumber: true });
  expect(pagingKeyOf(schemas['xtk:folder']!)).toBeUndefined();
  expect(pagingKeyOf(null)).toBeUndefined();
});

test('a preview shows the key and the plain fields, ordered by the key', () => {
  expect(previewQuery(schemas['nms:recipient']!, 200)).toBe(
    `<queryDef schema="nms:recipient" operation="select" lineCount="200">
  <select>
    <node expr="@id"/>
    <node expr="@email"/>
    <node expr="[location/@city]"/>
  </select>
  <orderBy>
    <node expr="@id"/>
  </orderBy>
</queryDef>
`,
  );
});

test('values of an enumeration come with labels, from whichever schema declares it', async () => {
  const gender = {
    name: 'gender',
    label: 'Gender',
    values: [
      { name: 'male', value: '1', label: 'Male' },
      { name: 'other', value: 'other', label: 'other' },
    ],
  };
  const person: SchemaDescription = {
    ...schemas['xtk:folder']!,
    id: 'cus:person',
    fields: [attribute('@gender', 'Gender', 'byte', { enumeration: 'nms:base:gender' })],
  };
  const base: SchemaDescription = { ...person, id: 'nms:base', fields: [], enumerations: [gender] };
  const find = (id: string) =>
    Promise.resolve(id === 'cus:person' ? person : id === 'nms:base' ? base : null);
  const query = queryOf('<node expr="@gender"/>', 'cus:person');
  expect(await describeColumns(['@gender'], query, find)).toEqual([
    { xpath: '@gender', kind: 'text', label: 'Gender', type: 'byte', labels: { '1': 'Male' } },
  ]);
});

test('a computed value takes nothing but the type of what it sums up, whatever its alias is called', async () => {
  expect(await labels(['@email'], '<node expr="count(@id)" alias="@email"/>')).toEqual([
    '@email: - (number)',
  ]);
  expect(await labels(['@email'], '<node expr="max([folder/@created])" alias="@email"/>')).toEqual([
    '@email: - (date)',
  ]);
  expect(await labels(['@email'], '<node expr="Upper(@email)" alias="@email"/>')).toEqual([
    '@email: - (text)',
  ]);
});

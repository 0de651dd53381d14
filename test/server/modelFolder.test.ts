import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { SchemaText } from '../../server/dataModel.ts';
import { createModelFolder } from '../../server/modelFolder.ts';
import { createSchemaLocator } from '../../server/schemaLocation.ts';

const folder = new URL('../fixtures/sourceModel/', import.meta.url);

async function load(id: string): Promise<SchemaText> {
  const model = createModelFolder(fileURLToPath(folder), () => undefined);
  await model.list();
  return (await model.load(id))!;
}

test('lists compiled schemas and sources, and no extension, which has no table of its own', async () => {
  const logged: string[] = [];
  const model = createModelFolder(fileURLToPath(folder), (message) => logged.push(message));
  expect((await model.list())!.map(({ id, label }) => `${id} ${label}`)).toEqual([
    'cus:order Orders',
    'nms:recipient Recipients',
  ]);
  expect(await model.load('cus:recipient')).toBeNull();
  expect(logged).toEqual([]);
});

test('compiles a source: its key, and the foreign keys of its links', async () => {
  const { schema } = parseSchema((await load('cus:order')).xml);
  expect([...schema!.root!.attributes.keys()]).toEqual(expect.arrayContaining(['id', 'number', 'client-id']));
});

test('merges extensions and reverse links into what they extend', async () => {
  const { schema } = parseSchema((await load('nms:recipient')).xml);
  expect(schema!.root!.attributes.get('loyalty')?.belongsTo).toBe('cus:recipient');
  expect(schema!.root!.attributes.get('email')?.length).toBe(200);
  expect(schema!.root!.elements.get('orders')?.target).toBe('cus:order');
});

/** The file and line that declare the first node of that name. */
async function declaration(id: string, marker: string): Promise<string> {
  const text = await load(id);
  const start = text.xml.indexOf(marker);
  expect(start).toBeGreaterThan(0);
  const { uri, range } = createSchemaLocator(text)({ start, end: start + 1 });
  return `${uri.slice(folder.href.length)}:${range.start.line + 1}`;
}

test('leads to the file that declares a node, and for what compilation adds to what it is added to', async () => {
  expect(await declaration('cus:order', '<attribute name="number"')).toBe('sources/order.srcSchema.xml:4');
  expect(await declaration('cus:order', '<attribute name="client-id"')).toBe('sources/order.srcSchema.xml:3');
  expect(await declaration('nms:recipient', '<attribute name="loyalty"')).toBe(
    'sources/recipient.srcSchema.xml:4',
  );
  expect(await declaration('nms:recipient', '<attribute name="email"')).toBe('compiled/recipient.xml:6');
});

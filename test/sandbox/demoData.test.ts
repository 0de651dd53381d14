import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import { resolveEnumeration, resolvePath } from '../../core/schema/resolvePath.ts';
import {
  isLink,
  primaryKey,
  type Schema,
  type SchemaNode,
  type SchemaSource,
} from '../../core/schema/schema.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { attributeValue, childElements, descendantElements, textOf } from '../../core/xml/xmlTree.ts';
import { demoRows, type DemoRow, type DemoValue } from '../../sandbox/campaign/data/demoData.ts';
import { readModelFiles } from '../../sandbox/campaign/data/modelFiles.ts';
import { syntheticSchema, syntheticSchemaId } from '../../sandbox/campaign/data/syntheticSchemas.ts';

const now = new Date('2026-03-14T09:26:53.000Z');
const rows = [...demoRows({ rows: 800, now })];
const schemas = new Map<string, Schema>();
for (const [id, xml] of readModelFiles().schemas) schemas.set(id, parseSchema(xml).schema!);
const model: SchemaSource = { getSchema: (id) => schemas.get(id) ?? null };

const rowsOf = (schemaId: string): Record<string, DemoValue>[] =>
  rows.filter((row) => row.schemaId === schemaId).map(({ row }) => row);

function fieldOf(schemaId: string, xpath: string): SchemaNode | undefined {
  const root = schemas.get(schemaId)?.root;
  const result = root && resolvePath(model, root, xpath.split('/'));
  return result?.kind === 'found' ? result.node : undefined;
}

function hashOf(items: Iterable<DemoRow>): string {
  const hash = createHash('sha256');
  for (const item of items) hash.update(JSON.stringify(item));
  return hash.digest('hex');
}

/** Collects what is wrong, so that a failure names every offender and not only the first. */
function expectNone(offenders: Iterable<string>): void {
  expect([...new Set(offenders)]).toEqual([]);
}

test('the same options give the same rows', () => {
  const options = { rows: 300, now };
  expect(hashOf(demoRows(options))).toBe(hashOf(demoRows(options)));
});

test('the first recipients stay the same when there are more of them', () => {
  const recipients = (count: number): DemoRow[] =>
    [...demoRows({ rows: count, now })].filter(({ schemaId }) => schemaId === 'nms:recipient');
  expect(recipients(60).slice(0, 40)).toEqual(recipients(40));
});

test('dates move with the present', () => {
  const later = new Date(now.getTime() + 86_400_000);
  const lastModified = (present: Date): DemoValue =>
    [...demoRows({ rows: 0, now: present })].find(({ schemaId }) => schemaId === 'xtk:workflow')!.row[
      '@lastModified'
    ]!;
  expect(Date.parse(String(lastModified(later))) - Date.parse(String(lastModified(now)))).toBe(86_400_000);
});

test('there is enough of everything', () => {
  const counts = new Map<string, number>();
  for (const { schemaId } of rows) counts.set(schemaId, (counts.get(schemaId) ?? 0) + 1);
  const exact = Object.fromEntries(
    ['nms:recipient', 'nms:delivery', 'xtk:workflow', 'cus:store', 'cus:product', 'xtk:javascript'].map(
      (id) => [id, counts.get(id)],
    ),
  );
  expect(exact).toEqual({
    'nms:recipient': 800,
    'nms:delivery': 40,
    'xtk:workflow': 10,
    'cus:store': 24,
    'cus:product': 60,
    'xtk:javascript': 5,
  });
  const logsPerRecipient = (counts.get('nms:broadLogRcp')! + counts.get('nms:trackingLogRcp')!) / 800;
  expect(logsPerRecipient).toBeGreaterThan(1);
  expect(logsPerRecipient).toBeLessThan(2);
  expect(counts.get('cus:purchase')).toBeGreaterThan(300);
  expect(counts.get('nms:subscription')).toBeGreaterThan(200);
});

test('schemas are in files, and every other table of the model has rows', () => {
  const withRows = new Set(rows.map(({ schemaId }) => schemaId));
  const tables = [...schemas.values()].filter(({ root, view }) => root?.sqlTable !== undefined && !view);
  expect(tables.map(({ id }) => id).filter((id) => !withRows.has(id))).toEqual([
    'cus:purchaseStg',
    'xtk:schema',
    'xtk:srcSchema',
  ]);
});

test('every value belongs to a stored field and fits it', () => {
  const offenders: string[] = [];
  for (const { schemaId, row } of rows) {
    for (const [xpath, value] of Object.entries(row)) {
      // The XML body; in schemas without it, `data` would be an ordinary field.
      if (xpath === 'data') continue;
      const field = fieldOf(schemaId, xpath);
      if (field?.sqlName === undefined) offenders.push(`${schemaId} ${xpath}: not stored`);
      else if (value !== null && !fits(schemaId, field, value))
        offenders.push(`${schemaId} ${xpath}: ${value}`);
    }
  }
  expectNone(offenders);
});

function fits(schemaId: string, field: SchemaNode, value: string | number): boolean {
  if (field.enumeration !== undefined) {
    const result = resolveEnumeration(model, schemaId, field.enumeration);
    return (
      result.kind === 'found' && result.enumeration.values.some((entry) => entry.value === String(value))
    );
  }
  switch (field.type) {
    case 'boolean':
      return value === 0 || value === 1;
    case 'byte':
      return Number.isInteger(value) && Math.abs(Number(value)) < 128;
    case 'short':
    case 'long':
      return Number.isInteger(value) && Math.abs(Number(value)) < 2 ** 31;
    case 'double':
    case 'timespan':
      return typeof value === 'number' && Number.isFinite(value);
    case 'datetime':
      return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/.test(String(value));
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(String(value));
    case 'uuid':
      return /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/.test(String(value));
    default:
      return typeof value === 'string' && value.length <= (field.length ?? Infinity);
  }
}

test('keys are unique', () => {
  const offenders: string[] = [];
  for (const schema of schemas.values()) {
    for (const key of schema.root?.keys ?? []) {
      const values = rowsOf(schema.id).map((row) => key.fields.map(({ xpath }) => row[xpath!]).join('|'));
      if (new Set(values).size !== values.length) offenders.push(`${schema.id} ${key.name}`);
      if (values.includes('')) offenders.push(`${schema.id} ${key.name}: empty`);
    }
  }
  expectNone(offenders);
});

test('no row takes an id that every instance reserves', () => {
  const ids = rows.flatMap(({ row }) => (typeof row['@id'] === 'number' ? row['@id'] : []));
  expect(Math.min(...ids)).toBeGreaterThan(1000);
});

test('every link leads to a row, or nowhere where that is allowed', () => {
  const offenders: string[] = [];
  const valuesOf = new Map<string, Set<string>>();
  const valuesAt = (schemaId: string, xpaths: readonly string[]): Set<string> => {
    const cacheKey = `${schemaId}|${xpaths.join('|')}`;
    let values = valuesOf.get(cacheKey);
    if (values === undefined) {
      values = new Set(rowsOf(schemaId).map((row) => xpaths.map((xpath) => row[xpath]).join('|')));
      valuesOf.set(cacheKey, values);
    }
    return values;
  };
  let followed = 0;
  for (const { id: schemaId, root } of schemas.values()) {
    for (const link of root?.elements.values() ?? []) {
      if (!isLink(link) || link.unbound) continue;
      const isToId = link.joins.length === 1 && link.joins[0]!.destination === '@id';
      const isReverse = link.joins.every(({ source }) => source === '@id');
      if (isReverse) continue;
      const targets = valuesAt(
        link.target!,
        link.joins.map(({ destination }) => destination),
      );
      for (const row of rowsOf(schemaId)) {
        const values = link.joins.map(({ source }) => row[source]);
        // 0 is the record that stands for none; a missing column is 0 or null in the database.
        if (isToId && (values[0] === 0 || values[0] === undefined)) continue;
        if (values.some((value) => value === null)) continue;
        followed++;
        if (!targets.has(values.join('|')))
          offenders.push(`${schemaId} ${link.name}: ${values.join('|')} in ${link.target!}`);
      }
    }
  }
  expectNone(offenders);
  expect(followed).toBeGreaterThan(10_000);
});

test('every XML body is well formed and has the main element as root', () => {
  const offenders: string[] = [];
  for (const { schemaId, row } of rows) {
    const body = row['data'];
    if (body === undefined || body === null) continue;
    const { root, problems } = parseXml(String(body));
    if (problems.length > 0) offenders.push(`${schemaId}: ${problems[0]!.message}`);
    else if (root?.name !== schemaId.split(':')[1]) offenders.push(`${schemaId}: <${root?.name ?? ''}>`);
    if (String(body).includes('{id:')) offenders.push(`${schemaId}: an id was not filled in`);
  }
  expectNone(offenders);
});

test('a body holds only what its schema stores in XML', () => {
  const offenders: string[] = [];
  for (const { schemaId, row } of rows) {
    if (typeof row['data'] !== 'string') continue;
    const main = schemas.get(schemaId)!.root!;
    const body = parseXml(row['data']).root!;
    for (const { name } of body.attributes) {
      if (main.attributes.get(name)?.xml !== true) offenders.push(`${schemaId} @${name}`);
    }
    for (const { name } of childElements(body)) {
      const field = main.elements.get(name);
      const isCode = field?.sqlName === 'mData';
      if (field?.xml !== true && !isCode) offenders.push(`${schemaId} ${name}`);
    }
  }
  expectNone(offenders);
});

test('every script, condition, query and message of a workflow has a text', () => {
  const scripts = rowsOf('xtk:workflow').flatMap((row) => {
    const body = parseXml(String(row['data'])).root!;
    return [...descendantElements(body)]
      .filter(({ name }) => ['script', 'initScript', 'call', 'recall', 'message', 'condition'].includes(name))
      .map((element) => ({
        kind: element.name,
        where: `${String(row['@internalName'])} ${element.parent?.name ?? ''}`,
        text:
          textOf(element).trim() || attributeValue(element, 'expr') || attributeValue(element, 'setOperator'),
      }));
  });
  expect(scripts.filter(({ text }) => text === undefined || text === '')).toEqual([]);
  const kinds = new Set(scripts.map(({ kind }) => kind));
  expect([...kinds].sort()).toEqual(['call', 'condition', 'initScript', 'message', 'recall', 'script']);
  expect(scripts.length).toBeGreaterThan(40);
});

test('the scripts show what the tools have to cope with', () => {
  const all = rowsOf('xtk:workflow')
    .flatMap((row) => [...descendantElements(parseXml(String(row['data'])).root!)])
    .map(textOf)
    .join('\n');
  for (const sample of [
    '<queryDef schema="nms:recipient"',
    'NLWS.xtkQueryDef.create(',
    'task.postEvent(',
    'xtk.session.Write(',
    'for each (var',
    'loadLibrary("cus:purchase.js")',
    ']]>',
    '&&',
    'é',
    '.(@people > 100)',
  ]) {
    expect(all).toContain(sample);
  }
});

test('every activity a transition leads to exists', () => {
  const offenders: string[] = [];
  for (const row of rowsOf('xtk:workflow')) {
    const body = parseXml(String(row['data'])).root!;
    const activities = childElements(body, 'activities').flatMap((element) => childElements(element));
    const names = new Set(activities.map((activity) => attributeValue(activity, 'name')));
    const targets = activities.flatMap((activity) =>
      childElements(activity, 'transitions')
        .flatMap((transitions) => childElements(transitions))
        .map((transition) => attributeValue(transition, 'target')),
    );
    const dangling = targets.filter((target) => !names.has(target));
    offenders.push(...dangling.map((target) => `${String(row['@internalName'])}: ${target ?? ''}`));
    if (names.size !== activities.length) offenders.push(`${String(row['@internalName'])}: a name twice`);
  }
  expectNone(offenders);
});

test('every library that a script loads is there', () => {
  const libraries = new Set(
    rowsOf('xtk:javascript').map((row) => `${String(row['@namespace'])}:${String(row['@name'])}`),
  );
  const texts = rows.flatMap(({ row }) => (typeof row['data'] === 'string' ? row['data'] : []));
  const loaded = texts.flatMap((text) =>
    [...text.matchAll(/loadLibrary\("([^"]+)"\)/g)].map((match) => match[1]!),
  );
  expect(loaded.length).toBeGreaterThan(5);
  expectNone(loaded.filter((library) => !libraries.has(library)));
  const fromSchemas = [...schemas.values()].flatMap(({ methods }) =>
    [...methods.values()].flatMap(({ library }) => library ?? []),
  );
  expect(fromSchemas.length).toBeGreaterThan(0);
  expectNone(fromSchemas.filter((library) => !libraries.has(library)));
});

test('folders count their children and carry their path', () => {
  const folders = rowsOf('xtk:folder');
  for (const folder of folders) {
    const parent = folders.find((other) => other['@id'] === folder['@parent-id']);
    const path = parent === undefined ? '/' : String(parent['@fullName']);
    expect(folder['@fullName']).toBe(`${path}${String(folder['@label'])}/`);
    const children = folders.filter((other) => other['@parent-id'] === folder['@id']);
    expect(folder['@childCount']).toBe(children.length);
  }
});

test('the indicators of a delivery are what its logs say', () => {
  const logs = rowsOf('nms:broadLogRcp');
  const sent = rowsOf('nms:delivery').filter((row) => row['@state'] === 95);
  expect(sent.length).toBeGreaterThan(30);
  for (const delivery of sent) {
    const own = logs.filter((log) => log['@delivery-id'] === delivery['@id']);
    expect(delivery['indicators/@processed']).toBe(own.length);
    expect(delivery['indicators/@success']).toBe(own.filter((log) => log['@status'] === 1).length);
  }
});

test('prices and amounts have two decimals', () => {
  const amounts = [
    ...rowsOf('cus:product').map((row) => row['@price']),
    ...rowsOf('cus:purchase').map((row) => row['@amount']),
  ];
  expect(amounts.length).toBeGreaterThan(300);
  expectNone(amounts.map(String).filter((amount) => !/^\d+\.\d\d$/.test(amount)));
});

test('nothing happens after the present or before what it depends on', () => {
  const ids = new Map(rowsOf('nms:delivery').map((row) => [row['@id'], row]));
  for (const log of rowsOf('nms:broadLogRcp')) {
    expect(String(log['@eventDate']) <= now.toISOString()).toBe(true);
    const contact = ids.get(log['@delivery-id'])!['scheduling/@contactDate'];
    expect(String(log['@eventDate']) >= String(contact)).toBe(true);
  }
  for (const log of rowsOf('nms:trackingLogRcp'))
    expect(String(log['@logDate']) <= now.toISOString()).toBe(true);
});

test('people have names with accents, and addresses that reach nobody', () => {
  const recipients = rowsOf('nms:recipient');
  const emails = recipients.flatMap((row) => row['@email'] ?? []);
  expect(
    recipients.filter((row) => /[^\u0020-\u007e]/.test(String(row['@lastName']))).length,
  ).toBeGreaterThan(200);
  expectNone(
    emails.map(String).filter((email) => !/^[a-z.-]+\d+@([a-z]+\.)?example(\.\w+)?$|\.example$/.test(email)),
  );
  expect(emails.length - new Set(emails).size).toBeGreaterThan(0);
});

test('nothing secret is in the data', () => {
  const passwords = rows.flatMap(({ row }) =>
    Object.keys(row).filter((key) => /passw|secret|token/i.test(key)),
  );
  expect(passwords).toEqual([]);
});

test('synthetic schemas link to each other and to the recipients, and parse', () => {
  const offenders: string[] = [];
  const synthetic = new Map<string, Schema>();
  for (let index = 0; index < 200; index++) {
    const { schema, problems } = parseSchema(syntheticSchema(index));
    if (problems.length > 0 || schema?.id !== syntheticSchemaId(index))
      offenders.push(`${index}: not a schema`);
    else synthetic.set(schema.id, schema);
  }
  for (const { id, root } of synthetic.values()) {
    const columns = [...root!.attributes.values()].map(({ sqlName }) => sqlName!.toLowerCase());
    if (new Set(columns).size !== columns.length) offenders.push(`${id}: columns`);
    for (const link of [...root!.elements.values()].filter(isLink)) {
      const target = synthetic.get(link.target!) ?? schemas.get(link.target!);
      if (target === undefined) offenders.push(`${id} ${link.name}`);
    }
    if (root!.attributes.size + root!.elements.size !== 60) offenders.push(`${id}: ${root!.attributes.size}`);
    if (primaryKey(synthetic.get(id)!) === undefined) offenders.push(`${id}: key`);
  }
  expectNone(offenders);
  expect(synthetic.size).toBe(200);
  expect(syntheticSchema(7)).toBe(syntheticSchema(7));
});

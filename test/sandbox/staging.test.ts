import { afterAll, beforeEach, expect, test } from 'vitest';
import type { Sandbox } from '../../sandbox/campaign/sandbox.ts';
import { contentOf, openSandbox, type Caller } from './call.ts';
import { FakeClock, librarySeed } from './library.ts';

const clock = new FakeClock();
const opened: Caller<Sandbox>[] = [];
const current = (): Caller<Sandbox> => opened.at(-1)!;
beforeEach(async () => {
  const before = opened.pop();
  if (before !== undefined) await before.sandbox.stop();
  opened.push(
    await openSandbox({
      seed: librarySeed,
      clock,
      settings: { sessionTimeOutSec: 1e6, securityTimeOutSec: 1e6 },
    }),
  );
});
afterAll(() => current().sandbox.stop());

const row = (attributes: string): string =>
  `<domDoc><visitStg xtkschema="lib:visitStg" ${attributes}/></domDoc>`;
const ingest = async (attributes: string): Promise<string> => {
  const { text } = await current().post('xtk:persist#Ingest', row(attributes));
  return contentOf(text, 'pstrSUuids') ?? text;
};
const ingestFault = (attributes: string): Promise<string> =>
  current().run('xtk:persist#Ingest', row(attributes));
const ingestExt = (attributes: string): Promise<string> =>
  current().run('xtk:persist#IngestExt', row(attributes));
const visits = (schema: string): Promise<string> =>
  current().query(
    `<queryDef schema="${schema}" operation="select"><select><node expr="@id"/><node expr="@reader"/><node expr="@minutes"/></select><orderBy><node expr="@id"/></orderBy></queryDef>`,
  );
const staged = (): Promise<string> => visits('lib:visitStg');
const base = (): Promise<string> => visits('lib:visit');
const none = (name: string): string => `<${name}-collection/>`;

test('Ingest makes a key and returns it; the row waits in staging', async () => {
  const id = await ingest('reader="ann" minutes="5"');
  expect(id).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
  expect(await staged()).toBe(
    `<visitStg-collection><visitStg id="${id}" reader="ann" minutes="5"/></visitStg-collection>`,
  );
  expect(await base()).toBe(none('visit'));
});

test('Ingest keeps a key that is given and returns none; a second row of that key is refused', async () => {
  expect(await ingest('_key="@id" id="A" reader="ann"')).toBe('');
  expect(await ingestFault('_key="@id" id="A" reader="bob"')).toContain('PGS-220000');
  expect(await staged()).toContain('reader="ann"');
});

test('Ingest only inserts', async () => {
  expect(await ingestFault('_operation="delete" id="A"')).toContain('only inserts');
});

test('IngestExt inserts, then updates, within staging', async () => {
  expect(await ingestExt('_key="@id" id="A" reader="ann" minutes="1"')).toBe('');
  expect(await ingestExt('_key="@id" id="A" minutes="2"')).toBe('');
  expect(await staged()).toBe(
    '<visitStg-collection><visitStg id="A" reader="ann" minutes="2"/></visitStg-collection>',
  );
  expect(await ingestExt('reader="ann"')).toContain("needs '_key'");
});

test('replication moves rows to the base table: known keys are replaced, others added', async () => {
  await ingestExt('_key="@id" id="A" reader="ann" minutes="1"');
  expect(current().sandbox.replicate()).toBe(1);
  expect([await staged(), await base()]).toEqual([
    none('visitStg'),
    '<visit-collection><visit id="A" reader="ann" minutes="1"/></visit-collection>',
  ]);
  await ingestExt('_key="@id" id="A" reader="ann" minutes="7"');
  await ingestExt('_key="@id" id="B" reader="bob"');
  expect(current().sandbox.replicate()).toBe(2);
  expect(await base()).toBe(
    '<visit-collection><visit id="A" reader="ann" minutes="7"/><visit id="B" reader="bob" minutes="0"/></visit-collection>',
  );
});

test('rows are replicated each hour, unless the workflow is stopped or in error', async () => {
  await ingestExt('_key="@id" id="A"');
  clock.ms += 3_599_999;
  expect(await base()).toBe(none('visit'));
  clock.ms += 1;
  expect(await base()).toContain('id="A"');
  for (const replication of ['stopped', 'error'] as const) {
    current().sandbox.set({ replication });
    await ingestExt('_key="@id" id="B"');
    clock.ms += 7_200_000;
    expect(await base()).not.toContain('id="B"');
  }
  current().sandbox.set({ replication: 'hourly' });
  clock.ms += 3_600_000;
  expect(await base()).toContain('id="B"');
});

test('StartReplicateStagingData replicates one schema, named by its base', async () => {
  await ingestExt('_key="@id" id="A"');
  expect(
    await current().run('nms:replicationStrategy#StartReplicateStagingData', '<s>lib:book</s>'),
  ).toContain('no staging table');
  expect(await current().run('nms:replicationStrategy#StartReplicateStagingData', '<s>lib:visit</s>')).toBe(
    '',
  );
  expect(await base()).toContain('id="A"');
});

test('the cloud table enforces no uniqueness', async () => {
  const write = (): Promise<string> =>
    current().run('xtk:persist#Write', '<d><visit xtkschema="lib:visit" _operation="insert" id="A"/></d>');
  expect([await write(), await write()]).toEqual(['', '']);
  expect(await current().query('<queryDef schema="lib:visit" operation="count"/>')).toBe(
    '<visit count="2"/>',
  );
});

test('rows are ingested into staging schemas only, with the fields they have', async () => {
  const send = (document: string): Promise<string> =>
    current().run('xtk:persist#Ingest', `<d>${document}</d>`);
  expect(await send('<visit xtkschema="lib:visit"/>')).toContain('no staging schema');
  expect(await send('<book xtkschema="lib:book"/>')).toContain('no staging schema');
  expect(await send('<visitStg/>')).toContain("no attribute 'xtkschema'");
  expect(await send('<visitStg xtkschema="lib:visitStg" readr="x"/>')).toContain("Attribute 'readr' unknown");
  expect(await send('<visit xtkschema="lib:visitStg" reader="any name of the element will do"/>')).toBe('');
});

test('a server without FFDA, or before version 8, knows no staging', async () => {
  for (const settings of [{ ffda: false }, { ffda: true, release: '7.4.3' }]) {
    current().sandbox.set(settings);
    expect(await ingestFault('reader="x"')).toContain('SOP-330006');
  }
});

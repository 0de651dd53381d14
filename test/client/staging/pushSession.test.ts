import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { PushHeader } from '../../../client/staging/journal.ts';
import { JournalStore } from '../../../client/staging/journalStore.ts';
import { planPush, type PushPlan } from '../../../client/staging/planPush.ts';
import { PushSession, type PushTarget } from '../../../client/staging/pushSession.ts';
import { readRows } from '../../../client/staging/readRows.ts';
import type { PushActionId, PushProgress, ToPush } from '../../../core/protocol/pushMessages.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { createStagingSchema } from './stagingSchema.ts';

const cleanUps: (() => void)[] = [];
afterEach(() => {
  for (const cleanUp of cleanUps.splice(0)) cleanUp();
});

function createPlan(rowCount: number): PushPlan {
  const csv = `@id,@number\n${Array.from({ length: rowCount }, (_, i) => `r${i},${i}\n`).join('')}`;
  const { table } = readRows('orders.csv', new TextEncoder().encode(csv));
  const { plan } = planPush(table!, createStagingSchema(), { sendEmpty: false, mintId: () => 'never' });
  return plan!;
}

function createHeader(rowCount: number): PushHeader {
  return {
    version: 1,
    pushId: 'push-1',
    createdAt: '2026-01-01T10:00:00.000Z',
    connectionId: 'acme',
    connectionName: 'Acme',
    schemaId: 'cus:orderStg',
    fileName: 'orders.csv',
    columns: ['@id', '@number'],
    rowCount,
  };
}

interface World {
  folder: string;
  store: JournalStore;
  posted: ToPush[];
  reports: string[];
  sent: string[];
  isClosed: boolean;
  session: PushSession;
  act(id: PushActionId): void;
  /** The last progress, once there is one of the phase. */
  ended(): Promise<PushProgress>;
}

/** @param refuse decides by its text whether a document is refused. */
function createWorld(
  folder = mkdtempSync(join(tmpdir(), 'push-')),
  fail: (xml: string) => CampaignError | undefined = () => undefined,
): World {
  cleanUps.push(() => rmSync(folder, { recursive: true, force: true }));
  const sent: string[] = [];
  const soap = {
    async ingestExt(xml: string) {
      await Promise.resolve();
      const failure = fail(xml);
      if (failure !== undefined) throw failure;
      sent.push(xml);
    },
    ingest: () => Promise.reject(new Error('not called')),
    figures: { throttledCount: 0, allowedPerSecond: 20 },
  } as unknown as PushTarget['soap'];
  const posted: ToPush[] = [];
  const reports: string[] = [];
  const waiting: ((progress: PushProgress) => void)[] = [];
  const store = new JournalStore(folder);
  let clock = 0;
  const world: World = {
    folder,
    store,
    posted,
    reports,
    sent,
    isClosed: false,
    session: undefined as never,
    act: (id) => world.session.receive({ type: 'action', id }),
    ended: () => new Promise((resolve) => waiting.push(resolve)),
  };
  world.session = new PushSession({
    store,
    target: { name: 'Acme', tier: 'development', soap, concurrency: 2 },
    post: (message) => {
      posted.push(message);
      if (message.type === 'progress' && message.phase === 'ended') {
        for (const resolve of waiting.splice(0)) resolve(message);
      }
    },
    replan: () => undefined,
    openLine: () => undefined,
    saveReport: (csv) => reports.push(csv),
    copy: () => undefined,
    showLog: () => undefined,
    close: () => (world.isClosed = true),
    log: () => undefined,
    report: (error) => {
      throw error;
    },
    time: () => '10:05',
    now: () => (clock += 500),
  });
  cleanUps.unshift(() => world.session.dispose());
  return world;
}

function review(world: World, rowCount: number): void {
  world.session.review(createHeader(rowCount), createPlan(rowCount), ['A note.'], false, [
    { xpath: '@id', kind: 'text' },
    { xpath: '@number', kind: 'text' },
  ]);
}

test('the review shows every row as its document says, and writes nothing', () => {
  const world = createWorld();
  review(world, 3);
  const rows = world.posted.find((message) => message.type === 'rows')!;
  expect(rows.rows).toEqual([
    { line: 2, id: 'r0', values: ['r0', '0'] },
    { line: 3, id: 'r1', values: ['r1', '1'] },
    { line: 4, id: 'r2', values: ['r2', '2'] },
  ]);
  expect(readdirSync(world.folder)).toEqual([]);
});

test('a push sends what the review showed, and its end says when it is expected in the cloud', async () => {
  const world = createWorld();
  review(world, 5);
  world.act('start');
  const end = await world.ended();
  expect(end.counts).toMatchObject({ sent: 5, pending: 0 });
  expect(end.message).toBe('All 5 rows sent. Staged at 10:05; expected in the cloud within about an hour.');
  expect(world.sent.sort()).toEqual(createPlan(5).rows.map(({ xml }) => xml));
});

test('pressing twice pushes once', async () => {
  const world = createWorld();
  review(world, 5);
  world.act('start');
  world.act('start');
  await world.ended();
  expect(world.sent).toHaveLength(5);
});

test('a failed row is named with its code, can be retried, and is in the report', async () => {
  let isBroken = true;
  const world = createWorld(undefined, (xml) =>
    isBroken && xml.includes('"r1"')
      ? new CampaignError({
          code: 'fault',
          campaignCode: 'XTK-170036',
          explanation: 'Unknown field.',
          nextStep: '',
          outcome: 'refused',
        })
      : undefined,
  );
  review(world, 3);
  world.act('start');
  const end = await world.ended();
  expect(end).toMatchObject({ isFailure: true, counts: { sent: 2, failed: 1 } });
  expect(end.message).toMatch(/^2 sent, 1 failed\. Staged at 10:05/);
  world.act('saveReport');
  expect(world.reports[0]).toBe(
    '\uFEFFline,id,state,message\r\n2,r0,sent,\r\n3,r1,failed,XTK-170036: Unknown field.\r\n4,r2,sent,\r\n',
  );
  isBroken = false;
  world.act('retryFailed');
  expect((await world.ended()).counts).toMatchObject({ sent: 3, failed: 0 });
});

test('a stopped push is there after a restart, and goes on where it was', async () => {
  let isDown = true;
  const fail = (xml: string): CampaignError | undefined =>
    isDown && /"r[3-9]"/.test(xml)
      ? new CampaignError({ code: 'network', explanation: 'No answer.', nextStep: '', outcome: 'unknown' })
      : undefined;
  const before = createWorld(undefined, fail);
  review(before, 10);
  before.act('start');
  const stopped = await before.ended();
  expect(stopped).toMatchObject({ isFailure: true, counts: { sent: 3 } });
  before.session.dispose();

  isDown = false;
  const after = createWorld(before.folder, fail);
  const [listed] = await after.store.list();
  expect(listed!.header.fileName).toBe('orders.csv');
  const { journal, push } = (await after.store.reopen('push-1'))!;
  after.session.restore(journal, push, []);
  const shown = after.posted.at(-1) as PushProgress;
  expect(shown.message).toMatch(/^This push did not end\. 3 sent, 7 not sent yet\./);
  after.act('resume');
  expect((await after.ended()).counts).toMatchObject({ sent: 10, pending: 0 });
  expect([...before.sent, ...after.sent].sort()).toEqual(createPlan(10).rows.map(({ xml }) => xml));
});

test('dismissing deletes the rows from the disk', async () => {
  const world = createWorld();
  review(world, 2);
  world.act('start');
  await world.ended();
  expect(readdirSync(world.folder)).toEqual(['push-1.push.jsonl']);
  world.act('dismiss');
  while (!world.isClosed) await new Promise((resolve) => setImmediate(resolve));
  expect(readdirSync(world.folder)).toEqual([]);
});

test.skipIf(process.platform === 'win32')('the journal can be read by this user only', async () => {
  const world = createWorld();
  review(world, 1);
  world.act('start');
  await world.ended();
  expect(statSync(join(world.folder, 'push-1.push.jsonl')).mode & 0o077).toBe(0);
});

test('lines of the journal stay in order and whole, however many are written at once', async () => {
  const world = createWorld();
  const journal = await world.store.create(createHeader(1), createPlan(1));
  await Promise.all(Array.from({ length: 500 }, (_, i) => journal.append(`line ${i}\n`)));
  await journal.close();
  const lines = readFileSync(join(world.folder, 'push-1.push.jsonl'), 'utf8').split('\n').slice(2, -1);
  expect(lines).toEqual(Array.from({ length: 500 }, (_, i) => `line ${i}`));
});

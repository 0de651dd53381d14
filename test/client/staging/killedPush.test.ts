import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countStates } from '../../../client/staging/journal.ts';
import { JournalStore } from '../../../client/staging/journalStore.ts';
import type { PlannedRow } from '../../../client/staging/planPush.ts';
import { startSandbox, type Sandbox } from '../../../sandbox/campaign/sandbox.ts';
import { Caller } from '../../sandbox/call.ts';
import { librarySeed } from '../../sandbox/library.ts';

// A push in a process of its own, killed as hard as an operating system can, again and again.

const laneCount = 5;
const rowCount = 400;
const box = {} as { sandbox: Sandbox; folder: string };
beforeAll(async () => {
  box.sandbox = await startSandbox({ seed: librarySeed });
  box.folder = mkdtempSync(join(tmpdir(), 'killed-push-'));
});
afterAll(async () => {
  await box.sandbox.stop();
  rmSync(box.folder, { recursive: true, force: true });
});

function start(pushId: string): ChildProcess {
  const { url, login, password } = box.sandbox;
  return spawn(
    process.execPath,
    [join(import.meta.dirname, 'pushProcess.ts'), url, login, box.folder, pushId],
    {
      env: { ...process.env, CAMPAIGN_SANDBOX_PASSWORD: password },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

/** Runs the push to its end, killing it each time so many more rows have reached the server. @returns how many kills. */
async function pushWithKills(pushId: string, method: string, killEvery: number): Promise<number> {
  let kills = 0;
  for (;;) {
    const child = start(pushId);
    const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    const killAt = (kills + 1) * killEvery;
    const ended = new AbortController();
    void exited.then(() => ended.abort());
    while (!ended.signal.aborted) {
      if ((box.sandbox.stats().methods[method]?.calls ?? 0) >= killAt && kills < 5) child.kill('SIGKILL');
      await setTimeout(1);
    }
    const [code, signal] = await exited;
    if (signal !== 'SIGKILL') {
      expect([code, signal]).toEqual([0, null]);
      return kills;
    }
    kills++;
  }
}

test.each([
  ['without keys', false, 'xtk:persist#Ingest'],
  ['with keys', true, 'xtk:persist#IngestExt'],
] as const)(
  'killed five times, a push of rows %s loses none and doubles none',
  async (name, isKeyed, method) => {
    box.sandbox.resetStats();
    const reader = (i: number): string => `${name} ${i}`;
    const uuid = (i: number): string => `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    const rows = Array.from({ length: rowCount }, (_, i): PlannedRow => ({
      line: i + 2,
      id: isKeyed ? uuid(i) : '',
      xml: `<visitStg xtkschema="lib:visitStg" ${isKeyed ? `_key="@id" id="${uuid(i)}" ` : ''}reader="${reader(i)}"/>`,
      isKeyed,
    }));
    const store = new JournalStore(box.folder);
    const pushId = `push-${isKeyed}`;
    const journal = await store.create(
      {
        version: 1,
        pushId,
        createdAt: '2026-01-01T00:00:00.000Z',
        connectionId: 'box',
        connectionName: 'Box',
        schemaId: 'lib:visitStg',
        fileName: 'visits.csv',
        columns: ['@reader'],
        rowCount,
      },
      { schemaId: 'lib:visitStg', key: { kind: 'none' }, matches: [], rows },
    );
    await journal.close();

    const kills = await pushWithKills(pushId, method, 60);
    expect(kills).toBeGreaterThanOrEqual(3);

    const [push] = await store.list().then((all) => all.filter(({ header }) => header.pushId === pushId));
    const { states } = push!;
    const { sent, unknown } = countStates(states);
    expect(sent + unknown).toBe(rowCount);
    // Each kill leaves in doubt at most what was under way; what has a key is never in doubt.
    expect(unknown).toBeLessThanOrEqual(isKeyed ? 0 : kills * laneCount);

    const caller = new Caller(box.sandbox);
    await caller.logon();
    const answer = await caller.query(
      '<queryDef schema="lib:visitStg" operation="select" lineCount="9999"><select><node expr="@reader"/></select></queryDef>',
    );
    const counts = new Map<string, number>();
    for (const [, value] of answer.matchAll(/reader="([^"]*)"/g))
      counts.set(value!, (counts.get(value!) ?? 0) + 1);
    const stored = rows.map((_, i) => counts.get(reader(i)) ?? 0);
    expect(stored.filter((count) => count > 1)).toEqual([]);
    expect(states.filter(({ state }, i) => state === 'sent' && stored[i] !== 1)).toEqual([]);
  },
  60_000,
);

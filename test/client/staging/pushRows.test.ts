import { expect, test } from 'vitest';
import {
  continuation,
  countStates,
  journalLine,
  readJournal,
  startJournal,
  type RowState,
} from '../../../client/staging/journal.ts';
import type { PlannedRow, PushPlan } from '../../../client/staging/planPush.ts';
import { pushRows, type PushEnd } from '../../../client/staging/pushRows.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';

/** A staging table: rows by key are there once, rows without are added each time. */
class Server {
  readonly keyed = new Map<string, number>();
  readonly keyless: string[] = [];
  callCount = 0;
  /** Decides each call before and after the row is stored; throws to fail it. */
  before: (call: number, xml: string) => void = () => undefined;
  after: (call: number, xml: string) => void = () => undefined;

  async ingestExt(xml: string): Promise<void> {
    await Promise.resolve();
    const call = ++this.callCount;
    this.before(call, xml);
    const id = / id="([^"]*)"/.exec(xml)![1]!;
    this.keyed.set(id, (this.keyed.get(id) ?? 0) + 1);
    this.after(call, xml);
  }

  async ingest(xml: string): Promise<string> {
    await Promise.resolve();
    const call = ++this.callCount;
    this.before(call, xml);
    this.keyless.push(xml);
    this.after(call, xml);
    return `server-${this.keyless.length}`;
  }
}

class Crash extends Error {}

/** A journal in memory that dies on its nth line, which is then cut short. */
class MemoryJournal {
  text: string;
  #linesLeft: number;

  constructor(text: string, dieAfterLines = Infinity) {
    this.text = text;
    this.#linesLeft = dieAfterLines;
  }

  async append(line: string): Promise<void> {
    await Promise.resolve();
    if (this.#linesLeft <= 0) throw new Crash();
    this.#linesLeft--;
    this.text += this.#linesLeft === 0 ? line.slice(0, Math.floor(line.length / 2)) : line;
    if (this.#linesLeft === 0) throw new Crash();
  }
}

function createRows(count: number, isKeyed = true): PlannedRow[] {
  return Array.from({ length: count }, (_, i) => ({
    line: i + 2,
    id: isKeyed ? `r${i}` : '',
    xml: isKeyed ? `<orderStg _key="@id" id="r${i}"/>` : `<orderStg n="${i}"/>`,
    isKeyed,
  }));
}

function createJournalText(rows: readonly PlannedRow[]): string {
  return startJournal(
    {
      version: 1,
      pushId: 'p',
      createdAt: '2026-01-01T00:00:00.000Z',
      connectionId: 'c',
      connectionName: 'C',
      schemaId: 'cus:orderStg',
      fileName: 'orders.csv',
      columns: ['@id'],
      rowCount: rows.length,
    },
    { schemaId: 'cus:orderStg', key: { kind: 'none' }, matches: [], rows } satisfies PushPlan,
  );
}

interface Attempt {
  end?: PushEnd;
  journal: MemoryJournal;
  states: RowState[];
}

/** Goes on from a journal, as after a restart. */
async function attempt(
  server: Server,
  text: string,
  options: { concurrency?: number; dieAfterLines?: number; signal?: AbortSignal } = {},
): Promise<Attempt> {
  const { rows, states } = readJournal(text)!;
  const journal = new MemoryJournal(text + continuation(text), options.dieAfterLines);
  const running = pushRows({
    soap: server,
    journal,
    rows,
    states,
    signal: options.signal ?? new AbortController().signal,
    concurrency: options.concurrency ?? 3,
    onChange: () => undefined,
  });
  const end = await running.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
    return undefined;
  });
  return { ...(end === undefined ? {} : { end }), journal, states };
}

function failure(code: CampaignError['code'], more: Partial<CampaignError> = {}): CampaignError {
  return new CampaignError({ code, explanation: `It was ${code}.`, nextStep: '', ...more });
}

test('every row is sent once, and the journal says so', async () => {
  const server = new Server();
  const rows = createRows(50);
  const { end, journal } = await attempt(server, createJournalText(rows));
  expect(end).toEqual({ kind: 'done' });
  expect([...server.keyed.values()]).toEqual(Array<number>(50).fill(1));
  expect(countStates(readJournal(journal.text)!.states)).toMatchObject({ sent: 50, pending: 0 });
});

test('killed after any line of the journal, a push with keys goes on and loses and doubles nothing', async () => {
  const rows = createRows(8);
  const start = createJournalText(rows);
  // 8 rows write 16 lines: die at each of them, with a torn last line.
  for (let dieAfterLines = 1; dieAfterLines <= 16; dieAfterLines++) {
    const server = new Server();
    const killed = await attempt(server, start, { dieAfterLines });
    expect(killed.end).toBeUndefined();
    const { end, journal } = await attempt(server, killed.journal.text);
    expect(end).toEqual({ kind: 'done' });
    expect([...server.keyed.keys()].sort()).toEqual(rows.map(({ id }) => id));
    expect(countStates(readJournal(journal.text)!.states).sent).toBe(8);
  }
});

test('killed again and again, it still ends complete', async () => {
  const server = new Server();
  const rows = createRows(200);
  let text = createJournalText(rows);
  let restarts = 0;
  for (;;) {
    const { end, journal } = await attempt(server, text, { dieAfterLines: 37, concurrency: 5 });
    text = journal.text;
    if (end !== undefined) break;
    restarts++;
  }
  expect(restarts).toBeGreaterThan(5);
  expect(server.keyed.size).toBe(200);
  expect(countStates(readJournal(text)!.states).sent).toBe(200);
});

test('killed with rows without keys under way, those rows are unknown and are not sent again', async () => {
  const rows = createRows(6, false);
  for (let dieAfterLines = 1; dieAfterLines <= 12; dieAfterLines++) {
    const server = new Server();
    const killed = await attempt(server, createJournalText(rows), { dieAfterLines, concurrency: 2 });
    const { journal } = await attempt(server, killed.journal.text);
    const { states } = readJournal(journal.text)!;
    expect(new Set(server.keyless).size).toBe(server.keyless.length);
    const { sent, unknown, pending } = countStates(states);
    expect({ total: sent + unknown, pending }).toEqual({ total: 6, pending: 0 });
    expect(unknown).toBeLessThanOrEqual(2);
  }
});

test('a row the server refuses fails with its code, and the others go on', async () => {
  const server = new Server();
  server.before = (_call, xml) => {
    if (xml.includes('"r3"'))
      throw failure('fault', { campaignCode: 'XTK-170036', details: ['unknown field'] });
  };
  const { end, states } = await attempt(server, createJournalText(createRows(6)));
  expect(end).toEqual({ kind: 'done' });
  expect(countStates(states)).toMatchObject({ sent: 5, failed: 1 });
  expect(states[3]).toEqual({ state: 'failed', code: 'XTK-170036', message: 'It was fault.\nunknown field' });
});

test('a broken connection stops the push with the rest still pending, and going on completes it', async () => {
  const server = new Server();
  server.after = (call) => {
    if (call > 4) throw failure('network', { outcome: 'unknown' });
  };
  const first = await attempt(server, createJournalText(createRows(10)), { concurrency: 1 });
  expect(first.end).toMatchObject({ kind: 'stopped', error: { code: 'network' } });
  expect(countStates(first.states)).toMatchObject({ sent: 4, pending: 6 });
  server.after = () => undefined;
  const second = await attempt(server, first.journal.text);
  expect(second.end).toEqual({ kind: 'done' });
  expect(server.keyed.size).toBe(10);
});

test('an answer lost for a row without key leaves it unknown', async () => {
  const server = new Server();
  server.after = (call) => {
    if (call === 2) throw failure('network', { outcome: 'unknown' });
  };
  const { states } = await attempt(server, createJournalText(createRows(4, false)), { concurrency: 1 });
  expect(states.map(({ state }) => state)).toEqual(['sent', 'unknown', 'pending', 'pending']);
});

test('the id the server gives is kept', async () => {
  const { states } = await attempt(new Server(), createJournalText(createRows(1, false)));
  expect(states).toEqual([{ state: 'sent', id: 'server-1' }]);
});

test('cancelling leaves what was not sent pending', async () => {
  const server = new Server();
  const abort = new AbortController();
  server.after = (call) => {
    if (call === 3) abort.abort();
  };
  const { end, states } = await attempt(server, createJournalText(createRows(10)), {
    concurrency: 1,
    signal: abort.signal,
  });
  expect(end).toEqual({ kind: 'cancelled' });
  expect(countStates(states)).toMatchObject({ sent: 3, pending: 7, sending: 0 });
});

test('calls cancelled by somebody else stop the push too, to go on later', async () => {
  const server = new Server();
  server.before = (call) => {
    if (call === 4) throw failure('cancelled', { outcome: 'notSent' });
  };
  const { end, states } = await attempt(server, createJournalText(createRows(10)), { concurrency: 1 });
  expect(end).toMatchObject({ kind: 'stopped', error: { code: 'cancelled' } });
  expect(countStates(states)).toMatchObject({ sent: 3, pending: 7, sending: 0 });
});

test('the same refusal many times in a row stops the push before the whole file is refused', async () => {
  const server = new Server();
  server.before = () => {
    throw failure('fault', { campaignCode: 'XSV-350023', outcome: 'refused' });
  };
  const { end, states } = await attempt(server, createJournalText(createRows(500)), { concurrency: 2 });
  expect(end).toMatchObject({ kind: 'stopped', error: { campaignCode: 'XSV-350023' } });
  expect(countStates(states).failed).toBeLessThan(30);
  expect(countStates(states).pending).toBeGreaterThan(470);
});

test('an instance without the method stops at the first row, which stays pending', async () => {
  const server = new Server();
  server.before = () => {
    throw failure('fault', { campaignCode: 'SOP-330006', outcome: 'refused' });
  };
  const { end, states } = await attempt(server, createJournalText(createRows(20)), { concurrency: 1 });
  expect(end).toMatchObject({ kind: 'stopped' });
  expect({ calls: server.callCount, pending: countStates(states).pending }).toEqual({
    calls: 1,
    pending: 20,
  });
});

test('no more rows are under way than asked for', async () => {
  let underWay = 0;
  let most = 0;
  const soap = {
    async ingestExt() {
      most = Math.max(most, ++underWay);
      await Promise.resolve();
      await Promise.resolve();
      underWay--;
    },
    ingest: () => Promise.reject(new Error('not called')),
  };
  const { rows, states } = readJournal(createJournalText(createRows(40)))!;
  await pushRows({
    soap,
    journal: new MemoryJournal(''),
    rows,
    states,
    signal: new AbortController().signal,
    concurrency: 4,
    onChange: () => undefined,
  });
  expect(most).toBe(4);
});

test('a journal cut short before all its rows were written is none: nothing had been sent', () => {
  const text = createJournalText(createRows(3));
  expect(readJournal(text.slice(0, -25))).toBeUndefined();
  expect(readJournal('')).toBeUndefined();
  expect(readJournal('{"version":2}\n')).toBeUndefined();
});

test('a journal is read to the state written last', () => {
  const text =
    createJournalText(createRows(2)) +
    journalLine(0, { state: 'sending' }) +
    journalLine(0, { state: 'failed', code: 'X', message: 'no' }) +
    journalLine(0, { state: 'pending' }) +
    journalLine(1, { state: 'sent', id: 'u' });
  expect(readJournal(text)!.states).toEqual([{ state: 'pending' }, { state: 'sent', id: 'u' }]);
});

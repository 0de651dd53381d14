import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { startSandbox } from '../../sandbox/campaign/sandbox.ts';
import { Caller, contentOf } from './call.ts';
import { librarySeed } from './library.ts';
import { start } from './sandboxProcess.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const attributeOf = (text: string, name: string): string[] =>
  [...text.matchAll(new RegExp(` ${name}="([^"]*)"`, 'g'))].map(([, value]) => value!);

test('fifty clients that read and write at once lose nothing and double nothing', async () => {
  const sandbox = await startSandbox({ seed: librarySeed });
  const clients = Array.from({ length: 50 }, () => new Caller(sandbox));
  await Promise.all(clients.map((client) => client.logon()));
  const reserved: string[] = [];
  await Promise.all(
    clients.map(async (client, n) => {
      const write = (document: string): Promise<string> =>
        client.run('xtk:persist#Write', `<d>${document}</d>`);
      const writeAll = (documents: string): Promise<string> =>
        client.run('xtk:persist#WriteCollection', `<d><c xtkschema="lib:book">${documents}</c></d>`);
      for (let round = 0; round < 3; round++) {
        const isbn = `C-${n}-${round}`;
        expect(await write(`<book xtkschema="lib:book" _operation="insert" isbn="${isbn}" title="t"/>`)).toBe(
          '',
        );
        expect(
          await writeAll(
            `<book isbn="${isbn}-a" title="t"/><book isbn="${isbn}-b" title="t"><author name="Author ${n}"/></book>`,
          ),
        ).toBe('');
        // All or nothing: the second document of this one meets the unique index.
        expect(
          await writeAll(`<book isbn="${isbn}-c" title="t"/><book _operation="insert" isbn="${isbn}"/>`),
        ).toContain('PGS-220000');
        expect(await write(`<book xtkschema="lib:book" isbn="shared" title="${n}"/>`)).toBe('');
        expect(await write(`<book xtkschema="lib:book" isbn="${isbn}-a" _operation="delete"/>`)).toBe('');
        const own = await client.query(
          `<queryDef schema="lib:book" operation="count"><where><condition expr="@isbn LIKE 'C-${n}-%'"/></where></queryDef>`,
        );
        expect(own).toBe(`<book count="${2 * (round + 1)}"/>`);
        const { text } = await client.post('xtk:session#GetNewIds', '<n>5</n>');
        reserved.push(...contentOf(text, 'pstrIdList')!.split(','));
      }
    }),
  );
  const [client] = clients;
  const rows = await client!.query(
    '<queryDef schema="lib:book" lineCount="9999"><select><node expr="@id"/><node expr="@isbn"/></select><where><condition expr="@id > 1000"/></where></queryDef>',
  );
  const expected = Array.from({ length: 50 }, (_, n) =>
    [0, 1, 2].flatMap((round) => [`C-${n}-${round}`, `C-${n}-${round}-b`]),
  ).flat();
  expect(attributeOf(rows, 'isbn').sort()).toEqual([...expected, 'shared'].sort());
  const ids = [...attributeOf(rows, 'id'), ...reserved];
  expect(new Set(ids).size).toBe(ids.length);
  expect(await client!.query('<queryDef schema="lib:author" operation="count"/>')).toBe(
    '<author count="54"/>',
  );
  await sandbox.stop();
});

interface Address {
  url: string;
  login: string;
  password: string;
}

async function open(file: string): Promise<{ caller: Caller; kill: () => Promise<unknown> }> {
  const run = start('--port', '0', '--json', '--data', file);
  const caller = new Caller(JSON.parse(await run.firstLine) as Address);
  await caller.logon();
  const kill = (): Promise<unknown> => {
    run.end('SIGKILL');
    return run.code;
  };
  return { caller, kill };
}

const pair = (email: string): string =>
  `<d><c xtkschema="nms:recipient">${['a', 'b'].map((side) => `<recipient _operation="insert" origin="kill" firstName="${side}" email="${email}"/>`).join('')}</c></d>`;

test('a database in a file has every answered write, whole, after the process was killed', async () => {
  const file = join(folder, 'killed.db');
  const { caller, kill } = await open(file);
  const answered: string[] = [];
  const sent: string[] = [];
  let next = 0;
  const writer = async (): Promise<void> => {
    for (;;) {
      const email = `k${next++}@example.com`;
      sent.push(email);
      if ((await caller.run('xtk:persist#WriteCollection', pair(email))) !== '') throw new Error(email);
      answered.push(email);
      if (answered.length === 40) await kill();
    }
  };
  // Each ends with a connection that is gone.
  await Promise.allSettled(Array.from({ length: 6 }, writer));
  const again = await open(file);
  const rows = await again.caller.query(
    `<queryDef schema="nms:recipient" lineCount="9999"><select><node expr="@email"/></select><where><condition expr="@origin = 'kill'"/></where></queryDef>`,
  );
  const counts = new Map<string, number>();
  for (const email of attributeOf(rows, 'email')) counts.set(email, (counts.get(email) ?? 0) + 1);
  expect([...new Set(counts.values())]).toEqual([2]);
  expect(answered.filter((email) => !counts.has(email))).toEqual([]);
  expect([...counts.keys()].filter((email) => !sent.includes(email))).toEqual([]);
  await again.kill();
});

test('a process killed while it fills its database leaves nothing half filled', async () => {
  const file = join(folder, 'filling.db');
  const run = start('--port', '0', '--json', '--data', file);
  while (!existsSync(file)) await setTimeout(1);
  run.end('SIGKILL');
  await run.code;
  const { caller, kill } = await open(file);
  expect(await caller.query('<queryDef schema="nms:recipient" operation="count"/>')).toBe(
    '<recipient count="5"/>',
  );
  expect(await caller.query('<queryDef schema="xtk:workflow" operation="count"/>')).toBe(
    '<workflow count="10"/>',
  );
  await kill();
});

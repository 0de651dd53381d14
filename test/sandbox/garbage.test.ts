import { connect } from 'node:net';
import { afterAll, expect, test } from 'vitest';
import { openSandbox } from './call.ts';
import { librarySeed } from './library.ts';

const caller = await openSandbox({ seed: librarySeed });
afterAll(() => caller.sandbox.stop());

/** A generator of its own, so that a failure can be repeated. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const isAlive = async (): Promise<boolean> =>
  (await caller.post('xtk:session#TestCnx')).text.includes('TestCnxResponse');

test.each([
  '__proto__#constructor',
  'constructor#__proto__',
  'xtk:session#toString',
  'xtk:persist|__proto__#Write',
  '#',
  'a'.repeat(5000),
  'xtk:session#' + 'M'.repeat(3000),
  '""',
])('the action %.30s is answered with a fault', async (action) => {
  const answer = await caller.post(action, '<a/>');
  expect(answer.text).toContain('Fault>');
});

const query =
  '<queryDef schema="lib:book" operation="select"><select><node expr="[author/@name]" alias="@n"/><node expr="loan"><node expr="@days"/></node></select><where><condition expr="@id IN (11, 12) AND @title LIKE \'a%\'"/></where></queryDef>';
const write =
  '<book xtkschema="lib:book" _key="@isbn" isbn="Z"><notes><note _operation="delete" id="1"/></notes><author name="x" _operation="none"/></book>';

test('damaged documents get an answer, and the server goes on', async () => {
  const random = createRandom(7);
  for (let round = 0; round < 400; round++) {
    const isQuery = round % 2 === 0;
    const text = isQuery ? `<e>${query}</e>` : `<d>${write}</d>`;
    const at = Math.floor(random() * text.length);
    const length = Math.floor(random() * 12);
    const insert = ['', '<', '>', '"', '&', "'", '/', '@', '(', '[', '\u0000', ']]>', '../', '$('][
      Math.floor(random() * 14)
    ]!;
    const damaged = text.slice(0, at) + insert + text.slice(at + length);
    const answer = await caller.post(isQuery ? 'xtk:queryDef#ExecuteQuery' : 'xtk:persist#Write', damaged);
    expect(answer.status).toBe(200);
    expect(answer.text, damaged).toMatch(/Response>|Fault>/);
    // A fault tells what is wrong in Campaign's words, never in those of the program.
    expect(answer.text, damaged).not.toMatch(/TypeError|undefined|\.ts:/);
  }
  expect(await isAlive()).toBe(true);
});

test('deep and broken documents are refused', async () => {
  const deep = `<e>${'<condition>'.repeat(3000)}${'</condition>'.repeat(3000)}</e>`;
  expect((await caller.post('xtk:queryDef#ExecuteQuery', deep)).text).toContain(
    'The XML SOAP message is invalid',
  );
  expect((await caller.send('xtk:session#TestCnx', '')).text).toContain('Fault>');
  expect(
    (await caller.send('xtk:session#TestCnx', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')).text,
  ).toContain('Fault>');
  expect(await isAlive()).toBe(true);
});

test('a client that goes away in the middle harms nobody', async () => {
  const { port } = new URL(caller.sandbox.url);
  for (const text of [
    'POST /nl/jsp/soaprouter.jsp HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\n<half',
    'GARBAGE\r\n\r\n',
    '',
  ]) {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write(text, () => {
          socket.destroy();
          resolve();
        });
      });
      socket.on('error', () => {
        resolve();
      });
    });
  }
  expect(await isAlive()).toBe(true);
});

test('a request that is too large is refused', async () => {
  const answer = await caller
    .send('xtk:session#TestCnx', 'x'.repeat(65 * 1024 * 1024))
    .catch(() => ({ status: 413 }));
  expect(answer.status).toBe(413);
  expect(await isAlive()).toBe(true);
});

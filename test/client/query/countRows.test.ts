import { expect, test } from 'vitest';
import { createSignIn } from '../../../client/connection/credentials.ts';
import { resolveNetworkSettings } from '../../../client/connection/networkSettings.ts';
import { decodeText, nodeClock } from '../../../client/connection/nodeClock.ts';
import { createUndiciTransport } from '../../../client/connection/undiciTransport.ts';
import { countRows, toCountQuery } from '../../../client/query/countRows.ts';
import { createSoapClient } from '../../../core/soap/createSoapClient.ts';
import type { RowBatch } from '../../../core/soap/soapClient.ts';
import { startSandbox } from '../../../sandbox/campaign/sandbox.ts';

const xml =
  '<queryDef schema="nms:recipient" operation="select" lineCount="10" startLine="5"><select><node expr="@id"/></select><where><condition expr="@id > 1"/></where><orderBy><node expr="@id"/></orderBy></queryDef>';

test('a count asks for the same rows, without order or limit', () => {
  expect(toCountQuery({ xml })).toBe(
    '<queryDef schema="nms:recipient" operation="count"><select><node expr="@id"/></select><where><condition expr="@id > 1"/></where></queryDef>',
  );
});

async function* answer(...batches: Partial<RowBatch>[]) {
  yield* (await Promise.resolve(batches)) as RowBatch[];
}

test('the number is read from the answer', async () => {
  const sent: string[] = [];
  const soap = {
    executeQuery: (query: string) => {
      sent.push(query);
      return answer({ columns: ['@count'], rows: [['20000']] });
    },
  };
  expect(await countRows(soap as never, { xml }, new AbortController().signal)).toBe(20_000);
  expect(sent).toEqual([toCountQuery({ xml })]);
});

test('an answer without a number is an error, not a zero', async () => {
  const soap = { executeQuery: () => answer({ columns: ['@x'], rows: [['']] }) };
  await expect(countRows(soap as never, { xml }, new AbortController().signal)).rejects.toThrow(
    'did not say',
  );
});

test('the sandbox counts what a query would find, whatever its limit and order', async () => {
  const sandbox = await startSandbox({ rows: 300 });
  const network = resolveNetworkSettings({}, {});
  const transport = createUndiciTransport({ network: () => network });
  const soap = createSoapClient({
    url: sandbox.url,
    transport,
    clock: nodeClock,
    decode: decodeText,
    userAgent: 'test',
    signIn: createSignIn(
      {
        id: 'box',
        name: 'Box',
        url: sandbox.url,
        signIn: 'password',
        tier: 'development',
        login: sandbox.login,
      },
      () => Promise.resolve({ login: sandbox.login, password: sandbox.password }),
    ),
    readOnly: true,
  });
  try {
    const all = xml.replace(/<where>.*<\/where>/, '');
    expect(await countRows(soap, { xml: all }, new AbortController().signal)).toBe(300);
  } finally {
    soap.dispose();
    transport.close();
    await sandbox.stop();
  }
});

import { expect, test } from 'vitest';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import {
  createFakeClient,
  envelope,
  finish,
  password,
  responseOf,
  securityToken,
  sessionToken,
  type Answer,
} from './fakes.ts';

const query = '<queryDef schema="nms:recipient" operation="select"/>';
const call = { urn: 'cus:log', method: 'GetLog' } as const;

/** The error of an answer, read as an ordinary reply and as rows. */
async function errorsOf(answerFor: (method: string) => Answer): Promise<CampaignError[]> {
  const errors: CampaignError[] = [];
  for (const isRows of [false, true]) {
    const { client, clock } = createFakeClient(() => answerFor(isRows ? 'ExecuteQuery' : 'GetLog'));
    const read = async (): Promise<void> => {
      if (!isRows) {
        await client.call(call, { idempotent: false });
        return;
      }
      for await (const batch of client.executeQuery(query, { idempotent: false }))
        expect(batch.rows.length).toBe(batch.rowCount);
    };
    const error: unknown = await finish(
      clock,
      read().catch((reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(CampaignError);
    expect(client.figures).toMatchObject({ activeCount: 0, waitingCount: 0 });
    errors.push(error as CampaignError);
  }
  return errors;
}

/** Pieces without end, counted. */
function endless(head: string, piece: string): { body: string[]; count: () => number } {
  let count = 0;
  const body = {
    *[Symbol.iterator]() {
      yield head;
      for (;;) {
        count++;
        yield piece;
      }
    },
  };
  return { body: body as unknown as string[], count: () => count };
}

const row = (content: string): string => `<pdomOutput><r-collection>${content}</r-collection></pdomOutput>`;

test('an entity cannot be declared, so nothing expands', async () => {
  const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/passwd">]>`;
  const errors = await errorsOf((method) => ({
    body: responseOf(method, row('<r a="&b;&c;"/>')).replace('?>', `?>${bomb}`),
  }));
  for (const error of errors) {
    expect(error.code).toBe('badResponse');
    expect(error.message).toContain('declares a document type, which is refused');
  }
});

test('nesting is bounded, and nothing overflows on the way', async () => {
  for (const depth of [300, 200_000]) {
    const nested = '<a>'.repeat(depth) + '</a>'.repeat(depth);
    for (const error of await errorsOf((method) => ({ body: responseOf(method, row(`<r>${nested}</r>`)) }))) {
      expect(error.message).toMatch(/nested more than \d+ deep/);
    }
  }
});

test('a value of 100 MB stops at the limit, not at its end', async () => {
  const piece = 'x'.repeat(64 * 1024);
  for (const method of ['GetLog', 'ExecuteQuery']) {
    const [head] = responseOf(method, row('<r a="|')).split('|');
    const { body, count } = endless(head!, piece);
    const errors = await errorsOf(() => ({ body }));
    expect(errors.map(({ code }) => code)).toEqual(['badResponse', 'badResponse']);
    // 64 MB for a reply, 16 MB for a row, each in pieces of 64 KB; the rows read at most twice that.
    expect(count()).toBeLessThan(1024 + 520);
  }
}, 60_000);

test('an answer without end stops at the limit', async () => {
  for (const [head, piece] of [
    [responseOf('GetLog').split('<GetLogResponse')[0]!, ' '.repeat(65536)],
    ['<html><body>', '<p>hello</p>'.repeat(5000)],
    ['', 'x'.repeat(65536)],
    ['', '\n'.repeat(65536)],
  ] as const) {
    const { body, count } = endless(head, piece);
    for (const error of await errorsOf(() => ({ body }))) {
      expect(error.code).toBe('badResponse');
      expect(error.message.length).toBeLessThan(400);
    }
    expect(count()).toBeLessThan(1150);
  }
}, 60_000);

test('rows without end are handed on, as many as are asked for', async () => {
  const [head] = responseOf('ExecuteQuery', row('|')).split('|');
  const { body } = endless(head!, '<r a="1"/>'.repeat(1000));
  const { client, clock } = createFakeClient(() => ({ body }));
  const read = async (): Promise<number> => {
    let count = 0;
    for await (const batch of client.executeQuery(query)) if ((count += batch.rowCount) >= 100_000) break;
    return count;
  };
  expect(await finish(clock, read())).toBeGreaterThanOrEqual(100_000);
  expect(client.figures.activeCount).toBe(0);
});

test('an announced size beyond the limit is refused before it is read', async () => {
  const { client, clock, transport } = createFakeClient(() => ({
    headers: { 'content-length': String(10 ** 12) },
    body: endless('', 'x'.repeat(1000)).body,
  }));
  const error = await finish(
    clock,
    client.call(call).catch((reason: unknown) => reason),
  );
  expect((error as CampaignError).message).toBe(
    'The answer to cus:log#GetLog is larger than 64 MB. Ask for fewer rows or fewer fields.',
  );
  expect(client.figures.receivedBytes).toBeLessThan(10_000);
  expect(transport.requests).toHaveLength(2);
});

test('a foreign text in a message is one short line without the session', async () => {
  const title = `Blocked\n\n<b>${'very '.repeat(100)}${sessionToken} ${securityToken} ${password}`;
  for (const body of [`<html><title>${title}</title></html>`, title]) {
    for (const error of await errorsOf(() => ({ body }))) {
      expect(error.message).not.toContain('\n');
      expect(error.message.length).toBeLessThan(500);
      for (const secret of [sessionToken, securityToken, password])
        expect(error.message).not.toContain(secret);
    }
  }
});

test('a redirect to a place that echoes the session names the host only', async () => {
  const errors = await errorsOf(() => ({
    status: 307,
    headers: { location: `https://evil.example/?token=${sessionToken}` },
  }));
  for (const error of errors) {
    expect(error.explanation).toContain('redirects to evil.example;');
    expect(error.message).not.toContain(sessionToken);
  }
});

test('a fault of megabytes is cut', async () => {
  const detail = `XTK-170036 ${'x'.repeat(1_000_000)}`;
  const { client, clock } = createFakeClient(() => ({
    body: envelope(
      `<SOAP-ENV:Fault><faultcode>x</faultcode><faultstring>SOP-330011</faultstring><detail>${detail}</detail></SOAP-ENV:Fault>`,
    ),
  }));
  const error = (await finish(
    clock,
    client.call(call).catch((reason: unknown) => reason),
  )) as CampaignError;
  expect(error.campaignCode).toBe('XTK-170036');
  expect(error.message.length).toBeLessThan(3000);
  expect(error.details.join().length).toBeLessThan(5000);
});

test('the response of another method is refused', async () => {
  for (const error of await errorsOf(() => ({ body: responseOf('Logoff') }))) {
    expect(error.message).toMatch(/^The answer to .* is no SOAP answer: it begins with <LogoffResponse>\./);
  }
});

test('bytes that are no text at all', async () => {
  const noise = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256);
  for (const error of await errorsOf(() => ({ body: [noise] }))) {
    expect(error.code).toBe('badResponse');
    expect(error.message.length).toBeLessThan(500);
  }
});

test('input of the worst shape is read in linear time: many small pieces of one long value', async () => {
  const [head, tail] = responseOf('ExecuteQuery', row('<r a="|"/>')).split('|');
  const pieces = [head!, ...Array.from({ length: 50_000 }, () => 'xxxxxxxxxx'), tail!];
  const { client, clock } = createFakeClient(() => ({ body: pieces }));
  const read = async (): Promise<number> => {
    let length = 0;
    for await (const batch of client.executeQuery(query)) length += batch.rows[0]![0]!.length;
    return length;
  };
  expect(await finish(clock, read())).toBe(500_000);
});

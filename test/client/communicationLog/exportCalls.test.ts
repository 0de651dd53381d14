import { expect, test } from 'vitest';
import { toText } from '../../../client/communicationLog/callText.ts';
import { toHar, toJsonLines, type ExportedCall } from '../../../client/communicationLog/exportCalls.ts';
import type { CallLogEntry } from '../../../core/soap/callLog.ts';

const entry: CallLogEntry = {
  id: 7,
  sentAt: Date.UTC(2026, 0, 2, 3, 4, 5, 678),
  action: 'xtk:queryDef#ExecuteQuery',
  httpMethod: 'POST',
  url: 'https://acme.example/nl/jsp/soaprouter.jsp',
  attempt: 2,
  priority: 'interactive',
  waitedMs: 500,
  durationMs: 120,
  status: 200,
  sentBytes: 812,
  receivedBytes: 26_000,
  result: 'fault',
  campaignCode: 'XTK-170036',
};
const plain: ExportedCall = { connection: 'Acme', entry };
const whole: ExportedCall = { connection: 'Acme', entry: { ...entry, request: '<a/>', reply: '<b>\n</b>' } };

test('a call as text: a line, the address, the bodies', () => {
  expect(toText('Acme', entry)).toBe(
    `2026-01-02T03:04:05.678Z Acme: xtk:queryDef#ExecuteQuery 200 fault XTK-170036, 120 ms, waited 500 ms, attempt 2, 812 B sent, 26.0 kB received
POST https://acme.example/nl/jsp/soaprouter.jsp
`,
  );
  expect(toText('Acme', whole.entry).split('\n').slice(2)).toEqual(['', '<a/>', '', '<b>', '</b>', '']);
});

test('JSON Lines: an object a line, without what the call lacks', () => {
  const lines = toJsonLines([plain, whole]).trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  expect(JSON.parse(lines[0]!)).toEqual({
    time: '2026-01-02T03:04:05.678Z',
    connection: 'Acme',
    action: 'xtk:queryDef#ExecuteQuery',
    httpMethod: 'POST',
    url: 'https://acme.example/nl/jsp/soaprouter.jsp',
    attempt: 2,
    priority: 'interactive',
    waitedMs: 500,
    durationMs: 120,
    status: 200,
    sentBytes: 812,
    receivedBytes: 26_000,
    result: 'fault',
    campaignCode: 'XTK-170036',
  });
  expect(JSON.parse(lines[1]!)).toMatchObject({ request: '<a/>', reply: '<b>\n</b>' });
});

test('HAR: what the network tab of a browser needs, and no headers', () => {
  const { log } = JSON.parse(toHar([plain, whole], '0.1.0')) as { log: { entries: object[] } };
  expect(log).toMatchObject({
    version: '1.2',
    creator: { name: 'Campaign Developer Tools', version: '0.1.0' },
  });
  expect(log.entries[0]).toEqual({
    startedDateTime: '2026-01-02T03:04:05.178Z',
    time: 620,
    request: {
      method: 'POST',
      url: 'https://acme.example/nl/jsp/soaprouter.jsp?soapAction=xtk%3AqueryDef%23ExecuteQuery',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      queryString: [],
      headersSize: -1,
      bodySize: 812,
    },
    response: {
      status: 200,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: [],
      content: { size: 26_000, mimeType: 'text/xml' },
      redirectURL: '',
      headersSize: -1,
      bodySize: 26_000,
    },
    cache: {},
    timings: { blocked: 500, send: 0, wait: 120, receive: 0 },
    comment: 'Acme, xtk:queryDef#ExecuteQuery, fault, XTK-170036, attempt 2',
  });
  expect(log.entries[1]).toMatchObject({
    request: { postData: { text: '<a/>' } },
    response: { content: { text: '<b>\n</b>' } },
  });
});

import { expect, test } from 'vitest';
import {
  arrangeCalls,
  formatDuration,
  formatSize,
  formatStatus,
  isError,
  noFilter,
  sentOrder,
  type CallFilter,
  type CallOrder,
} from '../../../client/communicationLog/page/callFilter.ts';
import type { CallRow } from '../../../core/protocol/callLogMessages.ts';

function row(key: string, fields: Partial<CallRow> = {}): CallRow {
  return {
    key,
    connection: 'Acme',
    sentAt: Number(key),
    action: 'xtk:session#TestCnx',
    url: 'https://acme.example/nl/jsp/soaprouter.jsp',
    attempt: 1,
    priority: 'interactive',
    waitedMs: 0,
    sentBytes: 100,
    durationMs: 10,
    status: 200,
    receivedBytes: 1000,
    result: 'ok',
    ...fields,
  };
}

const underWay: CallRow = Object.fromEntries(
  Object.entries(row('6')).filter(
    ([name]) => !['durationMs', 'status', 'receivedBytes', 'result'].includes(name),
  ),
) as unknown as CallRow;
const rows: readonly CallRow[] = [
  row('1', { action: 'xtk:session#Logon', durationMs: 300 }),
  row('2', { result: 'fault', campaignCode: 'XTK-170036', durationMs: 40 }),
  row('3', { connection: 'Beta', result: 'busy', status: 429, priority: 'push' }),
  row('4', { result: 'cancelled', durationMs: 5 }),
  row('5', { action: 'xtk:queryDef#ExecuteQuery', receivedBytes: 50_000, waitedMs: 700 }),
  underWay,
];

function keys(filter: Partial<CallFilter> = {}, order: CallOrder = sentOrder): string {
  return arrangeCalls(rows, { ...noFilter, ...filter }, order)
    .map(({ key }) => key)
    .join(' ');
}

test.each<[string, Partial<CallFilter>, string]>([
  ['nothing', {}, '1 2 3 4 5 6'],
  ['errors: faults and refusals, not what was cancelled or is under way', { errorsOnly: true }, '2 3'],
  ['a connection', { connection: 'Beta' }, '3'],
  ['a method', { action: 'xtk:session#TestCnx' }, '2 3 4 6'],
  ['a word of the method, in any case', { text: 'EXECUTEquery' }, '5'],
  ['a code', { text: '170036' }, '2'],
  ['a status', { text: '429' }, '3'],
  ['all words', { text: 'beta push' }, '3'],
  ['words of different calls', { text: 'beta 170036' }, ''],
  ['several conditions', { errorsOnly: true, connection: 'Acme' }, '2'],
])('filters by %s', (_what, filter, expected) => expect(keys(filter)).toBe(expected));

test.each<[CallOrder, string]>([
  [{ column: 'sentAt', descending: true }, '6 5 4 3 2 1'],
  [{ column: 'durationMs', descending: true }, '1 2 3 5 4 6'],
  [{ column: 'waitedMs', descending: true }, '5 1 2 3 4 6'],
  [{ column: 'receivedBytes', descending: false }, '6 1 2 3 4 5'],
  [{ column: 'action', descending: false }, '5 1 2 3 4 6'],
])('orders by %o, equals as they were sent', (order, expected) => expect(keys({}, order)).toBe(expected));

test('the status says the HTTP status, and in a word what is not plain from it', () => {
  expect(rows.map(formatStatus)).toEqual(['200', '200 XTK-170036', '429', '200 cancelled', '200', '…']);
  expect(formatStatus({ ...underWay, result: 'network' })).toBe('network');
  expect(rows.map(isError)).toEqual([false, true, true, false, false, false]);
});

test('figures are short', () => {
  expect([undefined, 0, 12.4, 999.4, 1234].map(formatDuration)).toEqual([
    '',
    '0 ms',
    '12 ms',
    '999 ms',
    '1.23 s',
  ]);
  expect([undefined, 999, 1000, 999_949, 1_500_000].map(formatSize)).toEqual([
    '',
    '999 B',
    '1.0 kB',
    '999.9 kB',
    '1.5 MB',
  ]);
});

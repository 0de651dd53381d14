import { expect, test } from 'vitest';
import {
  historyLength,
  historyText,
  readHistory,
  remember,
  type PastQuery,
} from '../../../client/query/history.ts';

const query = (xml: string, more: Partial<PastQuery> = {}): PastQuery => ({
  xml,
  schemaId: 'nms:recipient',
  connectionId: 'acme',
  connectionName: 'Acme',
  endedAt: 0,
  outcome: 'done',
  rowCount: 1000,
  ...more,
});

test('the newest comes first, and the oldest goes', () => {
  let history: PastQuery[] = [];
  for (let i = 0; i < historyLength + 5; i++) history = remember(history, query(`<queryDef n="${i}"/>`));
  expect(history).toHaveLength(historyLength);
  expect(history[0]!.xml).toBe(`<queryDef n="${historyLength + 4}"/>`);
});

test('the same query on the same connection is there once, however it is laid out', () => {
  const first = remember([], query('<queryDef>\n  <select/>\n</queryDef>'));
  const again = remember(first, query('<queryDef><select/></queryDef>', { rowCount: 5 }));
  expect(again.map(({ rowCount }) => rowCount)).toEqual([5]);
  expect(remember(again, query('<queryDef><select/></queryDef>', { connectionId: 'other' }))).toHaveLength(2);
});

test('an entry tells schema, outcome, age, connection and the query itself', () => {
  const xml =
    '<queryDef schema="nms:recipient" operation="select">\n  <select><node expr="@id"/></select>\n</queryDef>';
  expect(historyText(query(xml), 5 * 60_000)).toEqual({
    label: 'nms:recipient',
    description: '1,000 rows · 5 min ago · Acme',
    detail: '<select><node expr="@id"/></select></queryDef>',
  });
  expect(historyText(query(xml, { outcome: 'failed' }), 0).description).toBe('failed · just now · Acme');
  expect(historyText(query(xml, { outcome: 'cancelled', rowCount: 1 }), 0).description).toContain(
    '1 row, cancelled',
  );
});

test('what another version stored does no harm', () => {
  expect(readHistory(undefined)).toEqual([]);
  expect(readHistory([{ xml: 1 }, query('<queryDef/>'), 'x'])).toEqual([query('<queryDef/>')]);
});

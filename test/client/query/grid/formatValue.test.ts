import { afterEach, beforeEach, expect, test } from 'vitest';
import { valueFormat } from '../../../../client/query/grid/formatValue.ts';
import type { GridColumn } from '../../../../core/protocol/gridMessages.ts';

const zoneBefore = process.env['TZ'];
beforeEach(() => {
  process.env['TZ'] = 'Europe/Paris';
});
afterEach(() => {
  // The text "undefined" would be what is assigned.
  if (zoneBefore === undefined) delete process.env['TZ'];
  else process.env['TZ'] = zoneBefore;
});

/** How a column of a type shows a value. */
function shown(kind: GridColumn['kind'], type: string | undefined, stored: string): string {
  const column = type === undefined ? { kind } : { kind, type };
  return valueFormat(column)?.(stored) ?? stored;
}

test.each([
  ['money', '12.5', '12.50'],
  ['money', '1234567.899', '1234567.90'],
  ['money', '-3', '-3.00'],
  ['double', '19.989999999999998', '19.99'],
  ['double', '100', '100'],
  ['double', '1200.50', '1200.5'],
  ['double', '1e-9', '1e-9'],
  ['double', '0', '0'],
  ['double', '12345678901234567.5', '12345678901234567.5'],
  ['percent', '33.333333', '33.33'],
  ['float', '0.1', '0.1'],
  ['money', '', ''],
  ['money', 'n/a', 'n/a'],
  ['long', '0042', '0042'],
  ['int64', '9007199254740993', '9007199254740993'],
])('a %s stored as “%s” reads “%s”', (type, stored, expected) => {
  expect(shown('number', type, stored)).toBe(expected);
});

test.each([
  ['date', '2026-11-23', '2026-11-23'],
  ['date', '2026-11-23T00:00:00.000Z', '2026-11-23'],
  ['date', '2026-11-23Z', '2026-11-23'],
  ['datetime', '2026-11-23T23:30:00.000Z', '2026-11-24 00:30:00'],
  ['datetime', '2026-07-01 10:00:00.250Z', '2026-07-01 12:00:00.250'],
  ['datetime', '2026-07-01T10:00:00+0200', '2026-07-01 10:00:00'],
  ['datetime', '2026-07-01T10:00:00', '2026-07-01 10:00:00'],
  ['datetimenotz', '2026-07-01T10:00:00.000Z', '2026-07-01 10:00:00'],
  ['datetime', 'soon', 'soon'],
  ['datetime', '', ''],
])('a %s stored as “%s” reads “%s”, where Paris is local', (type, stored, expected) => {
  expect(shown('date', type, stored)).toBe(expected);
});

test('booleans read true and false however they are written; texts as they are', () => {
  expect(['1', '0', 'true', 'false', ''].map((stored) => shown('boolean', 'boolean', stored))).toEqual([
    'true',
    'false',
    'true',
    'false',
    '',
  ]);
  expect(valueFormat({ kind: 'text', type: 'string' })).toBeUndefined();
});

test('values of an enumeration read as their labels, unknown ones as they are', () => {
  const format = valueFormat({ kind: 'text', type: 'byte', labels: { '1': 'Male', '2': 'Female' } })!;
  expect(['1', '2', '9', '', 'constructor'].map(format)).toEqual(['Male', 'Female', '9', '', 'constructor']);
});

test('where values have to be exact, labels stand behind them and nothing is rounded or moved', () => {
  const labelled = valueFormat({ kind: 'text', labels: { '1': 'Male' }, isExact: true })!;
  expect(['1', '9'].map(labelled)).toEqual(['1 · Male', '9']);
  expect(valueFormat({ kind: 'number', type: 'money', isExact: true })).toBeUndefined();
  expect(valueFormat({ kind: 'date', type: 'datetime', isExact: true })).toBeUndefined();
});

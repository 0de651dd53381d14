import { expect, test } from 'vitest';
import { GridModel, type GridFilter, type GridSort } from '../../../../client/query/grid/gridModel.ts';
import type { GridColumnKind } from '../../../../core/protocol/gridMessages.ts';

/** @param header `name` or `name:kind`, by spaces. @param lines rows, cells by spaces; `-` is empty. */
function createModel(header: string, lines: readonly string[] = []): GridModel {
  const model = new GridModel();
  model.setColumns(
    header.split(' ').map((text) => {
      const [xpath = '', kind = 'text'] = text.split(':');
      return { xpath, kind: kind as GridColumnKind };
    }),
  );
  model.append(toRows(lines));
  return model;
}

function toRows(lines: readonly string[]): string[][] {
  return lines.map((line) => line.split(' ').map((cell) => (cell === '-' ? '' : cell)));
}

/** The first visible column of every row on show. */
function shown(model: GridModel): string {
  const column = model.visibleColumns[0]!;
  return Array.from({ length: model.rowCount }, (_, row) => model.cell(row, column)).join(' ');
}

function checkSort(header: string, values: string, direction: GridSort['direction'], expected: string): void {
  const model = createModel(header, values.split(' '));
  model.setSort({ column: 0, direction });
  expect(shown(model).replaceAll('  ', ' ').trim()).toBe(expected);
}

test('numbers sort by value, in both directions', () => {
  checkSort('@n:number', '10 9 -1 2.5', 'ascending', '-1 2.5 9 10');
  checkSort('@n:number', '10 9 -1 2.5', 'descending', '10 9 2.5 -1');
});

test('texts sort without regard to letter case, digits in them by value', () => {
  checkSort('@s', 'b10 B2 a é e f', 'ascending', 'a B2 b10 é e f');
});

test('empty values come last in either direction', () => {
  checkSort('@n:number', '- 2 - 1', 'ascending', '1 2');
  checkSort('@n:number', '- 2 - 1', 'descending', '2 1');
});

test('booleans sort whichever way the server writes them', () => {
  checkSort('@b:boolean', 'true 0 1 false', 'ascending', '0 false true 1');
});

test('equal values keep the order of the answer in both directions', () => {
  const model = createModel('@id @n:number', ['a 1', 'b 1', 'c 0', 'd 1']);
  model.setSort({ column: 1, direction: 'ascending' });
  expect(shown(model)).toBe('c a b d');
  model.setSort({ column: 1, direction: 'descending' });
  expect(shown(model)).toBe('a b d c');
});

test('a column header cycles through ascending, descending and the order of the answer', () => {
  const model = createModel('@n:number', ['2', '3', '1']);
  const seen = [1, 2, 3].map(() => {
    model.toggleSort(0);
    return shown(model);
  });
  expect(seen).toEqual(['1 2 3', '3 2 1', '2 3 1']);
});

test('rows that arrive after sorting take their sorted place', () => {
  const model = createModel('@n:number', ['5', '1']);
  model.setSort({ column: 0, direction: 'ascending' });
  model.append(toRows(['4', '0', '9']));
  model.append(toRows(['2']));
  expect(shown(model)).toBe('0 1 2 4 5 9');
});

test('streaming in many pieces gives the same order as sorting at the end', () => {
  const lines = Array.from({ length: 3000 }, (_, i) => `${i} ${(i * 7919) % 97}`);
  const streamed = createModel('@id @n:number', []);
  streamed.setSort({ column: 1, direction: 'descending' });
  for (let i = 0; i < lines.length; i += 13) streamed.append(toRows(lines.slice(i, i + 13)));
  const atOnce = createModel('@id @n:number', lines);
  atOnce.setSort({ column: 1, direction: 'descending' });
  expect(shown(streamed)).toBe(shown(atOnce));
});

function checkFilter(filter: GridFilter, expected: string): void {
  const model = createModel('@id @name @city', ['1 Ann Paris', '2 Bob Pau', '3 Pat Rome']);
  model.setFilter(filter);
  expect(shown(model)).toBe(expected);
}

test('a filter looks into every column, or into one', () => {
  checkFilter({ text: 'pa' }, '1 2 3');
  checkFilter({ text: 'PA', column: 1 }, '3');
  checkFilter({ text: 'pa', column: 2 }, '1 2');
  checkFilter({ text: 'nowhere' }, '');
  checkFilter({ text: '' }, '1 2 3');
});

test('a filter does not find what only a hidden column holds', () => {
  const model = createModel('@id @name', ['1 Ann', '2 Bob']);
  model.setFilter({ text: 'bob' });
  model.setHidden(1, true);
  expect(model.rowCount).toBe(0);
  model.setHidden(1, false);
  expect(shown(model)).toBe('2');
});

test('rows that arrive later are filtered too', () => {
  const model = createModel('@id @name', ['1 Ann', '2 Bob']);
  model.setFilter({ text: 'an' });
  model.append(toRows(['3 Jan', '4 Tim']));
  expect(shown(model)).toBe('1 3');
  expect(model.totalCount).toBe(4);
});

test('a row shorter than the columns has empty cells', () => {
  const model = createModel('@a @b @c', ['1']);
  expect(model.cell(0, 2)).toBe('');
  expect(model.cell(7, 0)).toBe('');
});

test('the last column on show cannot be hidden', () => {
  const model = createModel('@a @b', ['1 2']);
  model.setHidden(0, true);
  model.setHidden(1, true);
  expect(model.visibleColumns).toEqual([1]);
});

test('a column found to be a number is sorted again as one', () => {
  const model = createModel('@n', ['-5', '-10', '3']);
  model.setSort({ column: 0, direction: 'ascending' });
  model.setColumns([{ xpath: '@n', kind: 'number' }]);
  expect(shown(model)).toBe('-10 -5 3');
});

/** A column of an enumeration, then one of moments. */
function createLabelled(stored: readonly string[]): GridModel {
  const model = new GridModel();
  model.setColumns([
    { xpath: '@gender', kind: 'text', labels: { '0': 'Unknown', '1': 'Male', '2': 'Female' } },
  ]);
  model.append(stored.map((value) => [value]));
  return model;
}

test('the values of an enumeration are shown and sorted by label, and kept as stored', () => {
  const model = createLabelled(['0', '1', '2', '']);
  model.setSort({ column: 0, direction: 'ascending' });
  const rows = [0, 1, 2, 3];
  expect(rows.map((row) => model.shown(row, 0))).toEqual(['Female', 'Male', 'Unknown', '']);
  expect(rows.map((row) => model.cell(row, 0))).toEqual(['2', '1', '0', '']);
});

test('a filter finds labels as well as what is stored', () => {
  const model = createLabelled(['0', '1', '2']);
  model.setFilter({ text: 'male' });
  expect(model.rowCount).toBe(2);
  model.setFilter({ text: '1', column: 0 });
  expect(shown(model)).toBe('1');
});

test('labels that arrive after the rows are filtered and sorted by at once', () => {
  const model = createModel('@gender:number', ['1', '2', '0']);
  model.setFilter({ text: 'female' });
  model.setSort({ column: 0, direction: 'descending' });
  expect(model.rowCount).toBe(0);
  model.setColumns([{ xpath: '@gender', kind: 'text', labels: { '1': 'Male', '2': 'Female' } }]);
  expect(shown(model)).toBe('2');
  model.setFilter({ text: '' });
  expect(shown(model)).toBe('1 2 0');
});

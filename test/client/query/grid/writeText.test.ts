import { expect, test } from 'vitest';
import { GridModel } from '../../../../client/query/grid/gridModel.ts';
import { toCsv, toJson, toTsv } from '../../../../client/query/grid/writeText.ts';

function createModel(rows: string[][]): GridModel {
  const model = new GridModel();
  model.setColumns([
    { xpath: '@id', kind: 'number', label: 'Id' },
    { xpath: 'folder/@label', kind: 'text' },
    { xpath: '@note', kind: 'text', label: 'Note' },
  ]);
  model.append(rows);
  return model;
}

test('copies the selected cells with tabs between them', () => {
  const model = createModel([
    ['1', 'A', 'x'],
    ['2', 'B', 'y'],
  ]);
  expect(toTsv(model, { top: 0, bottom: 1, left: 1, right: 2 }, { withHeader: false })).toBe('A\tx\nB\ty');
  expect(toTsv(model, { top: 1, bottom: 1, left: 0, right: 1 }, { withHeader: true })).toBe(
    'Id\tfolder/@label\n2\tB',
  );
});

test('quotes what would break cells apart when pasted', () => {
  const model = createModel([['1', 'a\tb', 'say "hi"\nbye']]);
  expect(toTsv(model, { top: 0, bottom: 0, left: 1, right: 2 }, { withHeader: false })).toBe(
    '"a\tb"\t"say ""hi""\nbye"',
  );
});

test('copy, CSV and JSON give what is on show: sorted, filtered, without hidden columns', () => {
  const model = createModel([
    ['1', 'A', 'keep'],
    ['2', 'B', 'drop'],
    ['3', 'C', 'keep'],
  ]);
  model.setSort({ column: 0, direction: 'descending' });
  model.setFilter({ text: 'keep' });
  model.setHidden(1, true);
  expect(toTsv(model, { top: 0, bottom: 99, left: 0, right: 9 }, { withHeader: false })).toBe(
    '3\tkeep\n1\tkeep',
  );
  expect(toCsv(model)).toBe('\uFEFF@id,@note\r\n3,keep\r\n1,keep\r\n');
  expect(JSON.parse(toJson(model))).toEqual([
    { '@id': '3', '@note': 'keep' },
    { '@id': '1', '@note': 'keep' },
  ]);
});

test('CSV quotes separators, quotes, line breaks and outer blanks', () => {
  expect(toCsv(createModel([[' 1', 'a,b', 'c"d\ne']]))).toBe(
    '\uFEFF@id,folder/@label,@note\r\n" 1","a,b","c""d\ne"\r\n',
  );
});

test('no rows are an empty JSON array', () => {
  expect(JSON.parse(toJson(createModel([])))).toEqual([]);
});

test('copies what is stored; what is shown when that is asked for', () => {
  const model = new GridModel();
  model.setColumns([
    { xpath: '@gender', kind: 'text', labels: { '1': 'Male' } },
    { xpath: '@amount', kind: 'number', type: 'money' },
  ]);
  model.append([['1', '12.5']]);
  const range = { top: 0, bottom: 0, left: 0, right: 1 };
  expect(toTsv(model, range, { withHeader: false })).toBe('1\t12.5');
  expect(toTsv(model, range, { withHeader: false, as: 'shown' })).toBe('Male\t12.50');
  expect(toCsv(model)).toContain('\r\n1,12.5\r\n');
});

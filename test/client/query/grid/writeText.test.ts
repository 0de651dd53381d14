import { expect, test } from 'vitest';
import { GridModel } from '../../../../client/query/grid/gridModel.ts';
import { toTsv } from '../../../../client/query/grid/writeText.ts';

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

test('copy and export give what is on show: sorted, filtered, without hidden columns', () => {
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
  const { xpaths, rowCount, part } = model.snapshot();
  expect([xpaths, rowCount]).toEqual([['@id', '@note'], 2]);
  model.setFilter({ text: '' });
  model.setHidden(0, true);
  expect([part(0, 1), part(1, 5), part(2, 5)]).toEqual([[['3', 'keep']], [['1', 'keep']], []]);
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
  expect(model.snapshot().part(0, 1)).toEqual([['1', '12.5']]);
});

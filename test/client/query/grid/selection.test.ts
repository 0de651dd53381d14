import { expect, test } from 'vitest';
import {
  contains,
  moveSelection,
  selectCell,
  toRange,
  type Selection,
} from '../../../../client/query/grid/selection.ts';

const extent = { rowCount: 100, columnCount: 5, pageRows: 10 };

/** @param keys by spaces: `Down`, `Shift+Right`, `Ctrl+End`. @returns `row,column` of the active cell. */
function press(from: Selection, keys: string): Selection {
  return keys.split(' ').reduce((selection, text) => {
    const parts = text.split('+');
    const key = parts.pop()!.replace(/^(Up|Down|Left|Right)$/, 'Arrow$1');
    const moved = moveSelection(
      selection,
      key,
      { isShift: parts.includes('Shift'), isControl: parts.includes('Ctrl') },
      extent,
    );
    return moved ?? selection;
  }, from);
}

function check(from: [number, number], keys: string, expected: [number, number]): void {
  const { active } = press(selectCell(...from), keys);
  expect([active.row, active.column]).toEqual(expected);
}

test('arrow keys move by one cell and stop at the edges', () => {
  check([5, 2], 'Down Right', [6, 3]);
  check([99, 4], 'Down Right', [99, 4]);
  check([3, 0], 'Left', [3, 0]);
});

test('the header is reached from the first row, and left again', () => {
  check([0, 2], 'Up', [-1, 2]);
  check([0, 2], 'Up Up', [-1, 2]);
  check([0, 2], 'Up Right Down', [0, 3]);
});

test('pages, Home and End go where the grid pattern says', () => {
  check([5, 2], 'PageDown', [15, 2]);
  check([5, 2], 'PageUp', [0, 2]);
  check([5, 2], 'Home', [5, 0]);
  check([5, 2], 'End', [5, 4]);
  check([5, 2], 'Ctrl+Home', [0, 0]);
  check([5, 2], 'Ctrl+End', [99, 4]);
  check([5, 2], 'Ctrl+Down', [99, 2]);
  check([5, 2], 'Ctrl+Up', [0, 2]);
});

test('Shift stretches the selection from where it began, without the header', () => {
  const selection = press(selectCell(1, 1), 'Shift+Down Shift+Right Shift+Up Shift+Up Shift+Up Shift+Up');
  expect(toRange(selection)).toEqual({ top: 0, left: 1, bottom: 1, right: 2 });
});

test('a range holds its corners and nothing outside', () => {
  const range = toRange({ active: { row: 2, column: 3 }, anchor: { row: 4, column: 1 } });
  expect(contains(range, 2, 1)).toBe(true);
  expect(contains(range, 4, 3)).toBe(true);
  expect(contains(range, 5, 3)).toBe(false);
  expect(contains(range, 4, 0)).toBe(false);
});

test('other keys do nothing', () => {
  expect(moveSelection(selectCell(0, 0), 'x', { isShift: false, isControl: false }, extent)).toBeUndefined();
});

import { expect, test } from 'vitest';
import {
  columnWindow,
  maxScrollHeight,
  rowWindow,
  scrollHeight,
  scrollTopFor,
} from '../../../../client/query/grid/virtualWindow.ts';

const rowHeight = 22;
const viewHeight = 500;

test.each([
  [10, 'fewer rows than fit'],
  [100_000, 'as many as a browser can lay out'],
  [5_000_000, 'more than a browser can lay out'],
])('the view is covered at every scroll position: %i rows, %s', (rowCount) => {
  const lastTop = Math.max(0, scrollHeight(rowCount, rowHeight) - viewHeight);
  for (let step = 0; step <= 1000; step++) {
    const { first, count, top } = rowWindow((lastTop * step) / 1000, viewHeight, rowCount, rowHeight);
    expect(top).toBeLessThanOrEqual(0);
    expect(first + count).toBeLessThanOrEqual(rowCount);
    const coveredTo = top + count * rowHeight;
    expect(coveredTo).toBeGreaterThanOrEqual(Math.min(viewHeight, rowCount * rowHeight));
    expect(count).toBeLessThanOrEqual(Math.ceil(viewHeight / rowHeight) + 1);
  }
});

test.each([100_000, 5_000_000])('the end of the scroll range shows the last row: %i rows', (rowCount) => {
  const lastTop = scrollHeight(rowCount, rowHeight) - viewHeight;
  const { first, count } = rowWindow(lastTop, viewHeight, rowCount, rowHeight);
  expect(first + count).toBe(rowCount);
});

test('the scrolled height stays within what browsers lay out', () => {
  expect(scrollHeight(100, rowHeight)).toBe(2200);
  expect(scrollHeight(50_000_000, rowHeight)).toBe(maxScrollHeight);
});

test('a scroll position past the end (rows were filtered away) shows the last rows', () => {
  const { first, count } = rowWindow(1_000_000, viewHeight, 100, rowHeight);
  expect(first + count).toBe(100);
});

test('no rows and no room draw nothing', () => {
  expect(rowWindow(0, viewHeight, 0, rowHeight).count).toBe(0);
  expect(rowWindow(0, 0, 100, rowHeight).count).toBe(0);
});

test.each([1000, 5_000_000])('revealing a row brings it wholly into view, of %i rows', (rowCount) => {
  let scrollTop = 0;
  for (const row of [0, 22, 23, 500, 499, 470, rowCount - 1, 3]) {
    scrollTop = scrollTopFor(row, scrollTop, viewHeight, rowCount, rowHeight);
    const { first, count, top } = rowWindow(scrollTop, viewHeight, rowCount, rowHeight);
    expect(row).toBeGreaterThanOrEqual(first);
    expect(row).toBeLessThan(first + count);
    const y = top + (row - first) * rowHeight;
    // A mapped range cannot express every pixel.
    expect(y).toBeGreaterThan(-rowHeight);
    expect(y).toBeLessThan(viewHeight);
  }
});

test('revealing a row already in view does not scroll', () => {
  expect(scrollTopFor(10, 100, viewHeight, 1000, rowHeight)).toBe(100);
});

test('only the columns in view are drawn', () => {
  const edges = [0, 100, 200, 300, 400, 500];
  expect(columnWindow(0, 250, edges)).toEqual({ first: 0, end: 3 });
  expect(columnWindow(150, 100, edges)).toEqual({ first: 1, end: 3 });
  expect(columnWindow(450, 1000, edges)).toEqual({ first: 4, end: 5 });
  expect(columnWindow(9999, 100, edges)).toEqual({ first: 4, end: 5 });
  expect(columnWindow(0, 100, [0])).toEqual({ first: 0, end: 0 });
});

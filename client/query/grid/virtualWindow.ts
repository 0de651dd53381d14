/**
 * Browsers stop laying out elements somewhere above 30 million pixels; a scroll range shorter than that is mapped onto the
 * rows instead of matching them pixel by pixel.
 */
export const maxScrollHeight = 15_000_000;

export interface RowWindow {
  /** First row to draw. */
  readonly first: number;
  /** How many rows to draw. */
  readonly count: number;
  /** Where the first row stands, in pixels from the top of the rows' area; zero or negative. */
  readonly top: number;
}

/** Height to give the scrolled element so that its scroll bar tells the truth. */
export function scrollHeight(rowCount: number, rowHeight: number): number {
  return Math.min(rowCount * rowHeight, maxScrollHeight);
}

/**
 * Which rows to draw for a scroll position.
 * @param viewHeight height of the rows' area in pixels.
 */
export function rowWindow(
  scrollTop: number,
  viewHeight: number,
  rowCount: number,
  rowHeight: number,
): RowWindow {
  if (rowCount === 0 || viewHeight <= 0) return { first: 0, count: 0, top: 0 };
  const fullHeight = rowCount * rowHeight;
  const maxTop = Math.max(0, fullHeight - viewHeight);
  const position = Math.min(Math.max(0, toRowPosition(scrollTop, viewHeight, fullHeight)), maxTop);
  const first = Math.floor(position / rowHeight);
  const last = Math.min(rowCount, Math.ceil((position + viewHeight) / rowHeight)) - 1;
  return { first, count: last - first + 1, top: first * rowHeight - position };
}

/** The scroll position nearest to the present one at which a row is wholly in view. */
export function scrollTopFor(
  row: number,
  scrollTop: number,
  viewHeight: number,
  rowCount: number,
  rowHeight: number,
): number {
  const fullHeight = rowCount * rowHeight;
  const position = toRowPosition(scrollTop, viewHeight, fullHeight);
  const rowTop = row * rowHeight;
  const rowBottom = rowTop + rowHeight;
  if (rowTop < position) return toScrollTop(rowTop, viewHeight, fullHeight);
  if (rowBottom > position + viewHeight) return toScrollTop(rowBottom - viewHeight, viewHeight, fullHeight);
  return scrollTop;
}

function toRowPosition(scrollTop: number, viewHeight: number, fullHeight: number): number {
  if (fullHeight <= maxScrollHeight) return scrollTop;
  return (scrollTop / Math.max(1, maxScrollHeight - viewHeight)) * (fullHeight - viewHeight);
}

function toScrollTop(position: number, viewHeight: number, fullHeight: number): number {
  if (fullHeight <= maxScrollHeight) return position;
  return (position / Math.max(1, fullHeight - viewHeight)) * (maxScrollHeight - viewHeight);
}

export interface ColumnWindow {
  /** First of the scrolling columns to draw, and one past the last. */
  readonly first: number;
  readonly end: number;
}

/**
 * Which columns to draw for a scroll position.
 * @param lefts left edge of each column, plus the right edge of the last one at the end.
 */
export function columnWindow(scrollLeft: number, viewWidth: number, lefts: readonly number[]): ColumnWindow {
  const columnCount = lefts.length - 1;
  if (columnCount <= 0 || viewWidth <= 0) return { first: 0, end: 0 };
  const first = Math.min(columnCount - 1, lastAtOrBefore(lefts, Math.max(0, scrollLeft)));
  let end = first + 1;
  while (end < columnCount && lefts[end]! < scrollLeft + viewWidth) end++;
  return { first, end };
}

/** Index of the last edge at or before a position; edges ascend and start at 0. */
function lastAtOrBefore(edges: readonly number[], position: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle]! <= position) low = middle;
    else high = middle - 1;
  }
  return low;
}

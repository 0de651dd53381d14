/** A cell, by position on show. Row -1 is the header. */
export interface CellPosition {
  readonly row: number;
  readonly column: number;
}

/** A rectangle of cells, both ends included. */
export interface CellRange {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Where the keyboard is, and from where a selection was stretched. Positions count visible columns. */
export interface Selection {
  readonly active: CellPosition;
  readonly anchor: CellPosition;
}

export interface GridExtent {
  readonly rowCount: number;
  readonly columnCount: number;
  /** Rows that fit in view: the step of PageUp and PageDown. */
  readonly pageRows: number;
}

export function selectCell(row: number, column: number): Selection {
  const cell = { row, column };
  return { active: cell, anchor: cell };
}

/** The selected cells; the header is never among them. */
export function toRange({ active, anchor }: Selection): CellRange {
  return {
    top: Math.max(0, Math.min(active.row, anchor.row)),
    left: Math.min(active.column, anchor.column),
    bottom: Math.max(active.row, anchor.row),
    right: Math.max(active.column, anchor.column),
  };
}

export function contains(range: CellRange, row: number, column: number): boolean {
  return row >= range.top && row <= range.bottom && column >= range.left && column <= range.right;
}

/**
 * Where a navigation key leads, as the grid pattern of WAI-ARIA describes it; `undefined` for any other key.
 * @param isControl Ctrl, or Command on macOS.
 */
export function moveSelection(
  selection: Selection,
  key: string,
  { isShift, isControl }: { isShift: boolean; isControl: boolean },
  extent: GridExtent,
): Selection | undefined {
  const { row, column } = selection.active;
  const lastRow = extent.rowCount - 1;
  const lastColumn = extent.columnCount - 1;
  const target = ((): CellPosition | undefined => {
    switch (key) {
      case 'ArrowUp':
        return { row: isControl ? Math.min(row, 0) : row - 1, column };
      case 'ArrowDown':
        return { row: isControl ? lastRow : row + 1, column };
      case 'ArrowLeft':
        return { row, column: isControl ? 0 : column - 1 };
      case 'ArrowRight':
        return { row, column: isControl ? lastColumn : column + 1 };
      case 'PageUp':
        // Leaving the rows for the header takes a deliberate arrow key.
        return { row: row < 0 ? row : Math.max(0, row - extent.pageRows), column };
      case 'PageDown':
        return { row: row + extent.pageRows, column };
      case 'Home':
        return { row: isControl ? Math.min(0, lastRow) : row, column: 0 };
      case 'End':
        return { row: isControl ? lastRow : row, column: lastColumn };
      default:
        return undefined;
    }
  })();
  if (target === undefined || lastColumn < 0) return undefined;
  const active = {
    row: Math.max(isShift ? Math.min(0, lastRow) : -1, Math.min(lastRow, target.row)),
    column: Math.max(0, Math.min(lastColumn, target.column)),
  };
  return { active, anchor: isShift ? selection.anchor : active };
}

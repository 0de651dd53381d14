import { createElement } from './dom.ts';

/** An element of the grid, with what it was last given: writing to the page what is there already costs time. */
export interface Cell {
  readonly element: HTMLElement;
  text: string;
  left: number;
  width: number;
  className: string;
  /** Position among the visible columns. */
  column: number;
}

/** Where a column is drawn. */
export interface DrawnColumn {
  /** Position among the visible columns. */
  readonly position: number;
  /** Of the model. */
  readonly column: number;
  readonly left: number;
  readonly width: number;
  readonly isFrozen: boolean;
}

export function createCell(role: string): Cell {
  return {
    element: createElement('div', { role }),
    text: '',
    left: NaN,
    width: NaN,
    className: '',
    column: -1,
  };
}

export function placeCell(cell: Cell, { left, width, position }: DrawnColumn): void {
  const { element } = cell;
  if (element.hidden) element.hidden = false;
  if (cell.left !== left) {
    cell.left = left;
    element.style.left = `${left}px`;
  }
  if (cell.width !== width) {
    cell.width = width;
    element.style.width = `${width}px`;
  }
  if (cell.column !== position) {
    cell.column = position;
    element.setAttribute('aria-colindex', String(position + 2));
  }
}

export function setClass(cell: Cell, className: string): void {
  if (cell.className === className) return;
  cell.className = className;
  cell.element.className = className;
}

/** The first `count` cells are drawn; the others wait until they are needed again. */
export function hideSurplus(cells: readonly Cell[], count: number): void {
  for (let i = count; i < cells.length; i++) {
    const { element } = cells[i]!;
    if (element.hidden) continue;
    element.hidden = true;
    // Ids are given by place; one left behind would be there twice.
    element.removeAttribute('id');
  }
}

/** The id of a cell's element: the grid names the active one by it. Row -1 is the header. */
export function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

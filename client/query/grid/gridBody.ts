import {
  cellId,
  createCell,
  hideSurplus,
  placeCell,
  setClass,
  type Cell,
  type DrawnColumn,
} from './cells.ts';
import { createElement } from './dom.ts';
import type { GridModel } from './gridModel.ts';
import { contains, toRange, type CellPosition, type Selection } from './selection.ts';
import type { RowWindow } from './virtualWindow.ts';

/** What the rows tell. */
export interface GridBodyHost {
  /** A cell was pressed, or the pointer was drawn over it with the button down. */
  select(cell: CellPosition, how: 'press' | 'extend'): void;
  open(cell: CellPosition): void;
  /** The tooltip of a cell whose text is cut or not what is stored; `''` for none. */
  titleOf(cell: CellPosition, isCut: boolean): string;
}

interface Row {
  readonly element: HTMLElement;
  readonly number: HTMLElement;
  readonly cells: Cell[];
  index: number;
}

/** Longer values are cut on show; copy, export and the value view give them whole. */
const shownLength = 400;

/** The rows in view. Elements are kept and given other rows while scrolling. */
export class GridBody {
  readonly element = createElement('div', { className: 'body', role: 'rowgroup' });
  readonly #rows: Row[] = [];
  readonly #host: GridBodyHost;
  #isDragging = false;

  constructor(host: GridBodyHost) {
    this.#host = host;
    const { element } = this;
    element.addEventListener('pointerdown', (event) => this.#onPointerDown(event));
    element.addEventListener('pointermove', (event) => {
      if (!this.#isDragging) return;
      const cell = this.#cellUnder(event);
      if (cell !== undefined) host.select(cell, 'extend');
    });
    element.addEventListener('pointerup', () => (this.#isDragging = false));
    element.addEventListener('pointercancel', () => (this.#isDragging = false));
    element.addEventListener('dblclick', (event) => {
      const cell = this.#cellUnder(event);
      if (cell !== undefined) host.open(cell);
    });
    element.addEventListener('mouseover', ({ target }) => {
      if (!(target instanceof HTMLElement) || !target.classList.contains('cell')) return;
      const at = this.#cellAt(target);
      if (at !== undefined) target.title = host.titleOf(at, target.scrollWidth > target.clientWidth);
    });
  }

  /** @param numberWidth of the column with the numbers of the rows, in pixels. */
  draw(
    model: GridModel,
    drawn: readonly DrawnColumn[],
    { first, count, top }: RowWindow,
    selection: Selection,
    numberWidth: number,
  ): void {
    const range = toRange(selection);
    const { active } = selection;
    const isRange = range.top !== range.bottom || range.left !== range.right;
    this.element.style.transform = `translateY(${top}px)`;
    for (let i = 0; i < count; i++) {
      const rowIndex = first + i;
      const row = this.#rowFor(i, rowIndex);
      row.number.style.width = `${numberWidth}px`;
      for (let j = 0; j < drawn.length; j++) {
        const at = drawn[j]!;
        let cell = row.cells[j];
        if (cell === undefined) {
          cell = createCell('gridcell');
          row.cells.push(cell);
          row.element.append(cell.element);
        }
        placeCell(cell, at);
        const isActive = active.row === rowIndex && active.column === at.position;
        const isSelected = isRange && contains(range, rowIndex, at.position);
        setClass(
          cell,
          `cell ${model.columns[at.column]!.kind}${at.isFrozen ? ' frozen' : ''}${isSelected ? ' selected' : ''}${isActive ? ' active' : ''}`,
        );
        const text = toOneLine(model.shown(rowIndex, at.column));
        if (cell.text !== text) {
          cell.text = text;
          cell.element.textContent = text;
        }
        const id = cellId(rowIndex, at.position);
        if (cell.element.id !== id) cell.element.id = id;
        const selected = isSelected || isActive ? 'true' : 'false';
        if (cell.element.getAttribute('aria-selected') !== selected) {
          cell.element.setAttribute('aria-selected', selected);
        }
      }
      hideSurplus(row.cells, drawn.length);
    }
    for (let i = count; i < this.#rows.length; i++) {
      const row = this.#rows[i]!;
      if (row.element.hidden) continue;
      row.element.hidden = true;
      hideSurplus(row.cells, 0);
    }
  }

  /** Whether a row has elements now. */
  isDrawn(row: number): boolean {
    return this.#rows.some(({ element, index }) => !element.hidden && index === row);
  }

  #rowFor(place: number, rowIndex: number): Row {
    let row = this.#rows[place];
    if (row === undefined) {
      row = createRow();
      this.#rows.push(row);
      this.element.append(row.element);
    }
    if (row.element.hidden) row.element.hidden = false;
    if (row.index !== rowIndex) {
      row.index = rowIndex;
      row.element.setAttribute('aria-rowindex', String(rowIndex + 2));
      row.element.classList.toggle('odd', rowIndex % 2 === 1);
      row.number.textContent = String(rowIndex + 1);
    }
    return row;
  }

  #onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const cell = this.#cellAt(event.target);
    if (cell === undefined) return;
    event.preventDefault();
    this.#isDragging = true;
    this.element.setPointerCapture(event.pointerId);
    this.#host.select(cell, event.shiftKey ? 'extend' : 'press');
  }

  /** Captured events name the body; what is under the pointer has to be looked up. */
  #cellUnder(event: MouseEvent): CellPosition | undefined {
    return this.#cellAt(document.elementFromPoint(event.clientX, event.clientY));
  }

  #cellAt(target: EventTarget | null): CellPosition | undefined {
    if (!(target instanceof HTMLElement)) return undefined;
    const row = this.#rows.find((candidate) => candidate.element.contains(target));
    if (row === undefined) return undefined;
    const cell = row.cells.find((candidate) => candidate.element.contains(target));
    return { row: row.index, column: cell?.column ?? 0 };
  }
}

function createRow(): Row {
  const number = createElement('div', {
    className: 'rownumber',
    role: 'rowheader',
    attributes: { 'aria-colindex': '1' },
  });
  return {
    element: createElement('div', { className: 'row', role: 'row' }, number),
    number,
    cells: [],
    index: -1,
  };
}

function toOneLine(value: string): string {
  const cut = value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  return /[\r\n\t]/.test(cut) ? cut.replaceAll(/\r?\n/g, ' ⏎ ').replaceAll(/[\r\t]/g, ' ') : cut;
}

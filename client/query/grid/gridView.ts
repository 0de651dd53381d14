import { ColumnLayout, widthOfTexts } from './columnLayout.ts';
import { createElement } from './dom.ts';
import type { GridModel } from './gridModel.ts';
import { contains, moveSelection, selectCell, toRange, type Selection } from './selection.ts';
import { columnWindow, rowWindow, scrollHeight, scrollTopFor } from './virtualWindow.ts';

export interface GridViewHost {
  /** Ctrl+C, with or without the header line. */
  copy(withHeader: boolean): void;
  /** The header menu of a column was asked for. */
  showColumnMenu(column: number, anchor: DOMRect): void;
  /** The whole value of the active cell was asked for. */
  showValue(row: number, column: number): void;
  /** Sorting changed. */
  changed(): void;
}

interface Cell {
  readonly element: HTMLElement;
  text: string;
  left: number;
  width: number;
  className: string;
  column: number;
}

interface Row {
  readonly element: HTMLElement;
  readonly number: HTMLElement;
  readonly cells: Cell[];
  index: number;
}

/** Longer values are cut on show; copy, export and the value view give them whole. */
const shownLength = 400;
const keyboardResizeStep = 16;

/**
 * Draws a {@link GridModel}: only the rows and columns in view have elements.
 *
 * The drawn part is a layer that sticks to the view while the (empty) extent under it scrolls. The browser scrolls ahead
 * of scripts; with rows inside the scrolled extent a fast fling would uncover nothing but background until the script caught
 * up. A layer that never leaves the view cannot go blank.
 */
export class GridView {
  readonly element: HTMLElement;
  readonly layout = new ColumnLayout();
  readonly #model: GridModel;
  readonly #host: GridViewHost;
  readonly #extent: HTMLElement;
  readonly #layer: HTMLElement;
  readonly #head: HTMLElement;
  readonly #body: HTMLElement;
  readonly #corner: HTMLElement;
  readonly #headCells: Cell[] = [];
  readonly #rows: Row[] = [];
  #selection: Selection = selectCell(0, 0);
  #rowHeight = 22;
  #headHeight = 40;
  #characterWidth = 7;
  #isMeasured = false;
  #frame = 0;
  #isDragging = false;

  constructor(model: GridModel, host: GridViewHost) {
    this.#model = model;
    this.#host = host;
    this.#corner = createElement('div', {
      className: 'corner',
      role: 'columnheader',
      attributes: { 'aria-colindex': '1', 'aria-label': 'Row' },
    });
    this.#head = createElement(
      'div',
      { className: 'head', role: 'row', attributes: { 'aria-rowindex': '1' } },
      this.#corner,
    );
    this.#body = createElement('div', { className: 'body', role: 'rowgroup' });
    this.#layer = createElement(
      'div',
      { className: 'layer', role: 'presentation' },
      createElement('div', { role: 'rowgroup' }, this.#head),
      this.#body,
    );
    this.#extent = createElement('div', { className: 'extent', role: 'presentation' }, this.#layer);
    this.element = createElement(
      'div',
      {
        className: 'grid',
        role: 'grid',
        attributes: { tabindex: '0', 'aria-label': 'Query results', 'aria-multiselectable': 'true' },
      },
      this.#extent,
    );
    this.#listen();
  }

  get selection(): Selection {
    return this.#selection;
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** Names of columns changed. */
  refreshColumns(): void {
    this.layout.forgetGuesses();
    this.refresh();
  }

  /** The model changed; drawn before the next frame, however often it is called. */
  refresh(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  selectAll(): void {
    const last = { row: this.#model.rowCount - 1, column: this.#model.visibleColumns.length - 1 };
    this.#selection = { active: last, anchor: { row: 0, column: 0 } };
    this.refresh();
  }

  /** @param column position among the visible columns. */
  fitColumn(column: number): void {
    const modelColumn = this.#model.visibleColumns[column];
    if (modelColumn === undefined) return;
    const { first, count } = this.#window();
    const texts = this.#headTexts(modelColumn);
    for (let row = first; row < first + count; row++) texts.push(this.#model.cell(row, modelColumn));
    this.layout.setWidth(modelColumn, widthOfTexts(texts, this.#characterWidth) + 12);
    this.refresh();
  }

  #listen(): void {
    const { element } = this;
    element.addEventListener('scroll', () => this.refresh(), { passive: true });
    element.addEventListener('keydown', (event) => this.#onKey(event));
    element.addEventListener('focus', () => this.refresh());
    element.addEventListener('blur', () => this.refresh());
    new ResizeObserver(() => {
      this.#measure();
      this.refresh();
    }).observe(element);
    this.#body.addEventListener('pointerdown', (event) => this.#onPointerDown(event));
    this.#body.addEventListener('pointermove', (event) => this.#onPointerMove(event));
    this.#body.addEventListener('pointerup', () => (this.#isDragging = false));
    this.#body.addEventListener('pointercancel', () => (this.#isDragging = false));
    this.#body.addEventListener('dblclick', (event) => {
      // The pointer was captured, so the event names the body.
      const cell = this.#cellAt(document.elementFromPoint(event.clientX, event.clientY));
      if (cell !== undefined) this.#host.showValue(cell.row, this.#model.visibleColumns[cell.column]!);
    });
    this.#body.addEventListener('mouseover', (event) => this.#showTitle(event.target));
    this.#head.addEventListener('pointerdown', (event) => this.#onHeadPointerDown(event));
    this.#head.addEventListener('click', (event) => this.#onHeadClick(event));
    this.#head.addEventListener('dblclick', (event) => {
      const column = this.#headColumn(event.target);
      if (column !== undefined && isHandle(event.target)) this.fitColumn(column);
    });
    this.#head.addEventListener('contextmenu', (event) => {
      const column = this.#headColumn(event.target);
      if (column === undefined) return;
      event.preventDefault();
      this.#host.showColumnMenu(column, new DOMRect(event.clientX, event.clientY, 0, 0));
    });
  }

  /** Sizes come from the style sheet, which follows the editor's font. */
  #measure(): void {
    if (!this.element.isConnected) return;
    this.#isMeasured = true;
    const probe = createElement('div', { className: 'row probe' });
    const text = createElement('span', { text: 'abcdefghijklmnopqrstuvwxyz0123456789' });
    probe.append(text);
    this.#layer.append(probe);
    this.#rowHeight = Math.max(16, Math.round(probe.getBoundingClientRect().height));
    this.#characterWidth = Math.max(4, text.getBoundingClientRect().width / 36);
    probe.remove();
    this.#headHeight = this.#head.offsetHeight;
  }

  #viewHeight(): number {
    return Math.max(0, this.element.clientHeight - this.#headHeight);
  }

  #window(): ReturnType<typeof rowWindow> {
    return rowWindow(this.element.scrollTop, this.#viewHeight(), this.#model.rowCount, this.#rowHeight);
  }

  #draw(): void {
    const model = this.#model;
    const { element } = this;
    if (!this.#isMeasured) this.#measure();
    const visible = model.visibleColumns;
    this.layout.setVisible(visible);
    for (const column of visible) if (!this.layout.hasGuess(column)) this.#guessWidth(column);
    this.#clampSelection();

    const rowCount = model.rowCount;
    const numberWidth = Math.max(36, Math.ceil(String(rowCount).length * this.#characterWidth) + 16);
    const frozen = this.layout.frozenEdges();
    const scrolling = this.layout.scrollingEdges();
    const fixedWidth = numberWidth + frozen.at(-1)!;
    this.#extent.style.height = `${this.#headHeight + scrollHeight(rowCount, this.#rowHeight)}px`;
    this.#extent.style.width = `${fixedWidth + scrolling.at(-1)!}px`;
    const viewWidth = element.clientWidth;
    this.#layer.style.width = `${viewWidth}px`;
    this.#layer.style.height = `${element.clientHeight}px`;
    this.#corner.style.width = `${numberWidth}px`;
    element.setAttribute('aria-rowcount', String(rowCount + 1));
    element.setAttribute('aria-colcount', String(visible.length + 1));

    const { scrollLeft } = element;
    const columns = columnWindow(scrollLeft, viewWidth - fixedWidth, scrolling);
    const drawn: { position: number; left: number; isFrozen: boolean }[] = [];
    for (let i = 0; i < this.layout.frozenCount; i++) {
      drawn.push({ position: i, left: numberWidth + frozen[i]!, isFrozen: true });
    }
    for (let i = columns.first; i < columns.end; i++) {
      const position = this.layout.frozenCount + i;
      drawn.push({ position, left: fixedWidth + scrolling[i]! - scrollLeft, isFrozen: false });
    }
    this.#drawHead(drawn, visible);
    this.#drawRows(drawn, visible, numberWidth);
    this.#markActive();
  }

  #drawHead(
    drawn: readonly { position: number; left: number; isFrozen: boolean }[],
    visible: readonly number[],
  ): void {
    const { sort, columns } = this.#model;
    const { active } = this.#selection;
    for (let i = 0; i < drawn.length; i++) {
      const { position, left, isFrozen } = drawn[i]!;
      const modelColumn = visible[position]!;
      const { xpath, label, kind } = columns[modelColumn]!;
      let cell = this.#headCells[i];
      if (cell === undefined) {
        cell = createCell('columnheader');
        cell.element.append(
          createElement('span', { className: 'label' }),
          createElement('span', { className: 'xpath' }),
          createElement('span', { className: 'handle', attributes: { 'aria-hidden': 'true' } }),
        );
        this.#headCells.push(cell);
        this.#head.append(cell.element);
      }
      const direction = sort?.column === modelColumn ? sort.direction : undefined;
      place(cell, left, this.layout.width(modelColumn), position);
      const isActive = active.row < 0 && active.column === position;
      setClass(
        cell,
        `headcell ${kind}${isFrozen ? ' frozen' : ''}${isActive ? ' active' : ''}${direction === undefined ? '' : ` ${direction}`}`,
      );
      const text = `${label ?? xpath}\n${label === undefined ? '' : xpath}\n${direction ?? ''}`;
      if (cell.text !== text) {
        cell.text = text;
        const [labelElement, xpathElement] = cell.element.children;
        labelElement!.textContent = label ?? xpath;
        xpathElement!.textContent = label === undefined ? '' : xpath;
        cell.element.title = this.#headTitle(modelColumn);
        cell.element.setAttribute('aria-sort', direction ?? 'none');
      }
      cell.element.id = `cell--1-${position}`;
    }
    hideSurplus(this.#headCells, drawn.length);
  }

  #drawRows(
    drawn: readonly { position: number; left: number; isFrozen: boolean }[],
    visible: readonly number[],
    numberWidth: number,
  ): void {
    const model = this.#model;
    const range = toRange(this.#selection);
    const { active } = this.#selection;
    const isRange = range.top !== range.bottom || range.left !== range.right;
    const { first, count, top } = this.#window();
    this.#body.style.transform = `translateY(${top}px)`;
    for (let i = 0; i < count; i++) {
      const rowIndex = first + i;
      let row = this.#rows[i];
      if (row === undefined) {
        row = createRow();
        this.#rows.push(row);
        this.#body.append(row.element);
      }
      if (row.element.hidden) row.element.hidden = false;
      if (row.index !== rowIndex) {
        row.index = rowIndex;
        row.element.setAttribute('aria-rowindex', String(rowIndex + 2));
        row.element.classList.toggle('odd', rowIndex % 2 === 1);
        row.number.textContent = String(rowIndex + 1);
      }
      row.number.style.width = `${numberWidth}px`;
      for (let j = 0; j < drawn.length; j++) {
        const { position, left, isFrozen } = drawn[j]!;
        const modelColumn = visible[position]!;
        let cell = row.cells[j];
        if (cell === undefined) {
          cell = createCell('gridcell');
          row.cells.push(cell);
          row.element.append(cell.element);
        }
        place(cell, left, this.layout.width(modelColumn), position);
        const isActive = active.row === rowIndex && active.column === position;
        const isSelected = isRange && contains(range, rowIndex, position);
        setClass(
          cell,
          `cell ${model.columns[modelColumn]!.kind}${isFrozen ? ' frozen' : ''}${isSelected ? ' selected' : ''}${isActive ? ' active' : ''}`,
        );
        const text = toShown(model.cell(rowIndex, modelColumn));
        if (cell.text !== text) {
          cell.text = text;
          cell.element.textContent = text;
        }
        const id = `cell-${rowIndex}-${position}`;
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

  /** The grid keeps the focus and names the active cell, because cells come and go while scrolling. */
  #markActive(): void {
    const { row, column } = this.#selection.active;
    const id = `cell-${row}-${column}`;
    const isDrawn =
      row < 0
        ? this.#headCells.some((cell) => !cell.element.hidden && cell.column === column)
        : this.#rows.some((drawnRow) => !drawnRow.element.hidden && drawnRow.index === row);
    if (isDrawn) this.element.setAttribute('aria-activedescendant', id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  #clampSelection(): void {
    const clamp = (cell: { row: number; column: number }): { row: number; column: number } => ({
      row: Math.min(cell.row, Math.max(0, this.#model.rowCount - 1)),
      column: Math.max(0, Math.min(cell.column, this.#model.visibleColumns.length - 1)),
    });
    this.#selection = { active: clamp(this.#selection.active), anchor: clamp(this.#selection.anchor) };
  }

  #guessWidth(column: number): void {
    const texts = this.#headTexts(column);
    for (let row = 0; row < Math.min(50, this.#model.rowCount); row++)
      texts.push(this.#model.cell(row, column));
    const width = widthOfTexts(texts, this.#characterWidth);
    // Before the first rows only the name is known; the width settles once there are values to measure.
    if (this.#model.rowCount > 0) this.layout.guessWidth(column, width);
  }

  #headTexts(column: number): string[] {
    const { label, xpath } = this.#model.columns[column]!;
    // Bold letters are wider, and the arrow of the sort order stands behind them.
    return [`${label ?? xpath}   `, xpath];
  }

  #headTitle(column: number): string {
    const { label, xpath, type, description } = this.#model.columns[column]!;
    return [label, type === undefined ? xpath : `${xpath} (${type})`, description]
      .filter((line) => line !== undefined)
      .join('\n');
  }

  #onKey(event: KeyboardEvent): void {
    const isControl = event.ctrlKey || event.metaKey;
    const { active } = this.#selection;
    const modelColumn = this.#model.visibleColumns[active.column];
    const key = event.key.toLowerCase();
    if (isControl && key === 'c') {
      event.preventDefault();
      this.#host.copy(event.shiftKey);
      return;
    }
    if (isControl && key === 'a') {
      event.preventDefault();
      this.selectAll();
      return;
    }
    if (event.altKey && (event.key === 'ArrowLeft' || event.key === 'ArrowRight')) {
      event.preventDefault();
      if (modelColumn === undefined) return;
      const step = event.key === 'ArrowRight' ? keyboardResizeStep : -keyboardResizeStep;
      this.layout.setWidth(modelColumn, this.layout.width(modelColumn) + step);
      this.refresh();
      return;
    }
    if (event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
      event.preventDefault();
      const head = this.#headCells.find((cell) => cell.column === active.column && !cell.element.hidden);
      this.#host.showColumnMenu(active.column, (head?.element ?? this.element).getBoundingClientRect());
      return;
    }
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (modelColumn === undefined) return;
      if (active.row < 0) this.#toggleSort(modelColumn);
      else if (active.row < this.#model.rowCount) this.#host.showValue(active.row, modelColumn);
      return;
    }
    const moved = moveSelection(
      this.#selection,
      event.key,
      { isShift: event.shiftKey, isControl },
      {
        rowCount: this.#model.rowCount,
        columnCount: this.#model.visibleColumns.length,
        pageRows: Math.max(1, Math.floor(this.#viewHeight() / this.#rowHeight) - 1),
      },
    );
    if (moved === undefined) return;
    event.preventDefault();
    this.#select(moved);
  }

  #select(selection: Selection): void {
    this.#selection = selection;
    this.#reveal();
    this.refresh();
  }

  #reveal(): void {
    const { row, column } = this.#selection.active;
    const { element } = this;
    if (row >= 0) {
      element.scrollTop = scrollTopFor(
        row,
        element.scrollTop,
        this.#viewHeight(),
        this.#model.rowCount,
        this.#rowHeight,
      );
    }
    const scrolling = column - this.layout.frozenCount;
    if (scrolling < 0) return;
    const edges = this.layout.scrollingEdges();
    const fixedWidth = this.#corner.offsetWidth + this.layout.frozenEdges().at(-1)!;
    const viewWidth = element.clientWidth - fixedWidth;
    const left = edges[scrolling] ?? 0;
    const right = edges[scrolling + 1] ?? left;
    if (left < element.scrollLeft) element.scrollLeft = left;
    else if (right > element.scrollLeft + viewWidth) {
      element.scrollLeft = Math.min(left, right - viewWidth);
    }
  }

  #toggleSort(modelColumn: number): void {
    this.#model.toggleSort(modelColumn);
    this.#host.changed();
    this.refresh();
  }

  #onPointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    const cell = this.#cellAt(event.target);
    if (cell === undefined) return;
    event.preventDefault();
    this.focus();
    this.#isDragging = true;
    this.#body.setPointerCapture(event.pointerId);
    this.#selection = { active: cell, anchor: event.shiftKey ? this.#selection.anchor : cell };
    this.refresh();
  }

  #onPointerMove(event: PointerEvent): void {
    if (!this.#isDragging) return;
    // Captured events name the body; what is under the pointer has to be looked up.
    const cell = this.#cellAt(document.elementFromPoint(event.clientX, event.clientY));
    if (cell !== undefined) this.#select({ active: cell, anchor: this.#selection.anchor });
  }

  #onHeadPointerDown(event: PointerEvent): void {
    const column = this.#headColumn(event.target);
    if (column === undefined || event.button !== 0 || !isHandle(event.target)) return;
    event.preventDefault();
    const modelColumn = this.#model.visibleColumns[column]!;
    const startWidth = this.layout.width(modelColumn);
    const startX = event.clientX;
    const handle = event.target as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent): void => {
      this.layout.setWidth(modelColumn, startWidth + move.clientX - startX);
      this.refresh();
    };
    handle.addEventListener('pointermove', onMove);
    const stop = (): void => handle.removeEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', stop, { once: true });
    handle.addEventListener('pointercancel', stop, { once: true });
  }

  #onHeadClick(event: MouseEvent): void {
    const column = this.#headColumn(event.target);
    if (column === undefined || isHandle(event.target)) return;
    this.focus();
    this.#selection = selectCell(-1, column);
    this.#toggleSort(this.#model.visibleColumns[column]!);
  }

  #showTitle(target: EventTarget | null): void {
    if (!(target instanceof HTMLElement) || !target.classList.contains('cell')) return;
    const at = this.#cellAt(target);
    if (at === undefined) return;
    const isCut = target.scrollWidth > target.clientWidth;
    const value = this.#model.cell(at.row, this.#model.visibleColumns[at.column]!);
    target.title = isCut ? value.slice(0, 2000) : '';
  }

  #cellAt(target: EventTarget | null): { row: number; column: number } | undefined {
    if (!(target instanceof HTMLElement)) return undefined;
    const row = this.#rows.find((candidate) => candidate.element.contains(target));
    if (row === undefined) return undefined;
    const cell = row.cells.find((candidate) => candidate.element.contains(target));
    return { row: row.index, column: cell?.column ?? 0 };
  }

  #headColumn(target: EventTarget | null): number | undefined {
    if (!(target instanceof HTMLElement)) return undefined;
    return this.#headCells.find((cell) => cell.element.contains(target))?.column;
  }
}

function createCell(role: string): Cell {
  return {
    element: createElement('div', { role }),
    text: '',
    left: NaN,
    width: NaN,
    className: '',
    column: -1,
  };
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

function place(cell: Cell, left: number, width: number, column: number): void {
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
  if (cell.column !== column) {
    cell.column = column;
    element.setAttribute('aria-colindex', String(column + 2));
  }
}

function setClass(cell: Cell, className: string): void {
  if (cell.className === className) return;
  cell.className = className;
  cell.element.className = className;
}

function hideSurplus(cells: readonly Cell[], count: number): void {
  for (let i = count; i < cells.length; i++) {
    const { element } = cells[i]!;
    if (element.hidden) continue;
    element.hidden = true;
    // Ids are given by place; one left behind would be there twice.
    element.removeAttribute('id');
  }
}

function isHandle(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.classList.contains('handle');
}

function toShown(value: string): string {
  const cut = value.length > shownLength ? `${value.slice(0, shownLength)}…` : value;
  return /[\r\n\t]/.test(cut) ? cut.replaceAll(/\r?\n/g, ' ⏎ ').replaceAll(/[\r\t]/g, ' ') : cut;
}

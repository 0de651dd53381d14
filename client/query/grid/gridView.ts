import { cellId, type DrawnColumn } from './cells.ts';
import { ColumnLayout, widthOfTexts } from './columnLayout.ts';
import { createElement } from './dom.ts';
import { GridBody } from './gridBody.ts';
import { GridHead } from './gridHead.ts';
import type { GridModel } from './gridModel.ts';
import { moveSelection, selectCell, type CellPosition, type Selection } from './selection.ts';
import { columnWindow, rowWindow, scrollHeight, scrollTopFor } from './virtualWindow.ts';

export interface GridViewHost {
  /** What the rows are, for who cannot see them. */
  label: string;
  /** Ctrl+C, with or without the header line. */
  copy(withHeader: boolean): void;
  /** The header menu of a column was asked for. */
  showColumnMenu(column: number, anchor: DOMRect): void;
  /** The whole value of the active cell was asked for. */
  showValue(row: number, column: number): void;
  /** Sorting changed. */
  changed(): void;
}

const keyboardResizeStep = 16;
const titleLength = 2000;

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
  readonly #head: GridHead;
  readonly #body: GridBody;
  readonly #extent: HTMLElement;
  readonly #layer: HTMLElement;
  #selection: Selection = selectCell(0, 0);
  #rowHeight = 22;
  #headHeight = 40;
  #characterWidth = 7;
  #isMeasured = false;
  #frame = 0;

  constructor(model: GridModel, host: GridViewHost) {
    this.#model = model;
    this.#host = host;
    this.#head = new GridHead({
      sort: (column) => {
        this.focus();
        this.#selection = selectCell(-1, column);
        this.#toggleSort(model.visibleColumns[column]!);
      },
      resize: (column, width) => this.#resize(model.visibleColumns[column], width),
      fit: (column) => this.fitColumn(column),
      showMenu: (column, anchor) => host.showColumnMenu(column, anchor),
      widthOf: (column) => this.layout.width(model.visibleColumns[column]!),
    });
    this.#body = new GridBody({
      select: (cell, how) => this.#selectByPointer(cell, how),
      open: ({ row, column }) => host.showValue(row, model.visibleColumns[column]!),
      titleOf: (cell, isCut) => this.#cellTitle(cell, isCut),
    });
    this.#layer = createElement(
      'div',
      { className: 'layer', role: 'presentation' },
      createElement('div', { role: 'rowgroup' }, this.#head.element),
      this.#body.element,
    );
    this.#extent = createElement('div', { className: 'extent', role: 'presentation' }, this.#layer);
    this.element = createElement(
      'div',
      {
        className: 'grid',
        role: 'grid',
        attributes: { tabindex: '0', 'aria-label': host.label, 'aria-multiselectable': 'true' },
      },
      this.#extent,
    );
    const { element } = this;
    element.addEventListener('scroll', () => this.refresh(), { passive: true });
    element.addEventListener('keydown', (event) => this.#onKey(event));
    element.addEventListener('focus', () => this.refresh());
    element.addEventListener('blur', () => this.refresh());
    new ResizeObserver(() => {
      this.#measure();
      this.refresh();
    }).observe(element);
  }

  get selection(): Selection {
    return this.#selection;
  }

  focus(): void {
    this.element.focus({ preventScroll: true });
  }

  /** Names of columns changed, or how their values read. */
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
    for (let row = first; row < first + count; row++) texts.push(this.#model.shown(row, modelColumn));
    this.#resize(modelColumn, widthOfTexts(texts, this.#characterWidth) + 12);
  }

  #resize(modelColumn: number | undefined, width: number): void {
    if (modelColumn === undefined) return;
    this.layout.setWidth(modelColumn, width);
    this.refresh();
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
    this.#headHeight = this.#head.element.offsetHeight;
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

    const { rowCount } = model;
    const numberWidth = Math.max(36, Math.ceil(String(rowCount).length * this.#characterWidth) + 16);
    const frozenEdges = this.layout.frozenEdges();
    const scrollingEdges = this.layout.scrollingEdges();
    const fixedWidth = numberWidth + frozenEdges.at(-1)!;
    this.#extent.style.height = `${this.#headHeight + scrollHeight(rowCount, this.#rowHeight)}px`;
    this.#extent.style.width = `${fixedWidth + scrollingEdges.at(-1)!}px`;
    this.#layer.style.width = `${element.clientWidth}px`;
    this.#layer.style.height = `${element.clientHeight}px`;
    this.#head.corner.style.width = `${numberWidth}px`;
    element.setAttribute('aria-rowcount', String(rowCount + 1));
    element.setAttribute('aria-colcount', String(visible.length + 1));

    const { scrollLeft } = element;
    const inView = columnWindow(scrollLeft, element.clientWidth - fixedWidth, scrollingEdges);
    const drawn: DrawnColumn[] = [];
    const add = (position: number, left: number, isFrozen: boolean): void => {
      const column = visible[position]!;
      drawn.push({ position, column, left, width: this.layout.width(column), isFrozen });
    };
    const { frozenCount } = this.layout;
    for (let i = 0; i < frozenCount; i++) add(i, numberWidth + frozenEdges[i]!, true);
    for (let i = inView.first; i < inView.end; i++) {
      add(frozenCount + i, fixedWidth + scrollingEdges[i]! - scrollLeft, false);
    }
    const { active } = this.#selection;
    this.#head.draw(model, drawn, active.row < 0 ? active.column : undefined);
    this.#body.draw(model, drawn, this.#window(), this.#selection, numberWidth);
    this.#markActive();
  }

  /** The grid keeps the focus and names the active cell, because cells come and go while scrolling. */
  #markActive(): void {
    const { row, column } = this.#selection.active;
    const isDrawn = row < 0 ? this.#head.find(column) !== undefined : this.#body.isDrawn(row);
    if (isDrawn) this.element.setAttribute('aria-activedescendant', cellId(row, column));
    else this.element.removeAttribute('aria-activedescendant');
  }

  #clampSelection(): void {
    const clamp = (cell: CellPosition): CellPosition => ({
      row: Math.min(cell.row, Math.max(0, this.#model.rowCount - 1)),
      column: Math.max(0, Math.min(cell.column, this.#model.visibleColumns.length - 1)),
    });
    this.#selection = { active: clamp(this.#selection.active), anchor: clamp(this.#selection.anchor) };
  }

  #guessWidth(column: number): void {
    // Before the first rows only the name is known; the width settles once there are values to measure.
    if (this.#model.rowCount === 0) return;
    const texts = this.#headTexts(column);
    for (let row = 0; row < Math.min(50, this.#model.rowCount); row++) {
      texts.push(this.#model.shown(row, column));
    }
    this.layout.guessWidth(column, widthOfTexts(texts, this.#characterWidth));
  }

  #headTexts(column: number): string[] {
    const { label, xpath } = this.#model.columns[column]!;
    // Bold letters are wider, and the arrow of the sort order stands behind them.
    return [`${label ?? xpath}   `, xpath];
  }

  #cellTitle({ row, column }: CellPosition, isCut: boolean): string {
    const modelColumn = this.#model.visibleColumns[column]!;
    const stored = this.#model.cell(row, modelColumn);
    const shown = this.#model.shown(row, modelColumn);
    if (shown === stored) return isCut ? stored.slice(0, titleLength) : '';
    return `${shown}\nStored: ${stored}`.slice(0, titleLength);
  }

  #onKey(event: KeyboardEvent): void {
    const isControl = event.ctrlKey || event.metaKey;
    const { active } = this.#selection;
    const modelColumn = this.#model.visibleColumns[active.column];
    const key = event.key.toLowerCase();
    const act = (): boolean => {
      if (isControl && key === 'c') this.#host.copy(event.shiftKey);
      else if (isControl && key === 'a') this.selectAll();
      else if (event.altKey && (key === 'arrowleft' || key === 'arrowright')) {
        const step = key === 'arrowright' ? keyboardResizeStep : -keyboardResizeStep;
        if (modelColumn !== undefined) this.#resize(modelColumn, this.layout.width(modelColumn) + step);
      } else if (key === 'contextmenu' || (event.shiftKey && key === 'f10')) {
        const anchor = this.#head.find(active.column) ?? this.element;
        this.#host.showColumnMenu(active.column, anchor.getBoundingClientRect());
      } else if (key === 'enter' || key === ' ') {
        if (modelColumn === undefined) return true;
        if (active.row < 0) this.#toggleSort(modelColumn);
        else if (active.row < this.#model.rowCount) this.#host.showValue(active.row, modelColumn);
      } else return this.#move(event, isControl);
      return true;
    };
    if (act()) event.preventDefault();
  }

  #move(event: KeyboardEvent, isControl: boolean): boolean {
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
    if (moved === undefined) return false;
    this.#selection = moved;
    this.#reveal();
    this.refresh();
    return true;
  }

  #selectByPointer(cell: CellPosition, how: 'press' | 'extend'): void {
    this.focus();
    this.#selection = { active: cell, anchor: how === 'extend' ? this.#selection.anchor : cell };
    if (how === 'extend') this.#reveal();
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
    const fixedWidth = this.#head.corner.offsetWidth + this.layout.frozenEdges().at(-1)!;
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
}

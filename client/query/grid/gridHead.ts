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

/** What the header asks for. Columns are positions among the visible ones. */
export interface GridHeadHost {
  sort(column: number): void;
  /** @param width in pixels. */
  resize(column: number, width: number): void;
  fit(column: number): void;
  showMenu(column: number, anchor: DOMRect): void;
  widthOf(column: number): number;
}

/** The line of column headers: sorted by a click, resized by their right edge. */
export class GridHead {
  readonly element: HTMLElement;
  /** Above the numbers of the rows. */
  readonly corner: HTMLElement;
  readonly #cells: Cell[] = [];
  /** What the tooltip of each cell is about. */
  readonly #titled: GridModel['columns'][number][] = [];
  readonly #host: GridHeadHost;

  constructor(host: GridHeadHost) {
    this.#host = host;
    this.corner = createElement('div', {
      className: 'corner',
      role: 'columnheader',
      attributes: { 'aria-colindex': '1', 'aria-label': 'Row' },
    });
    this.element = createElement(
      'div',
      { className: 'head', role: 'row', attributes: { 'aria-rowindex': '1' } },
      this.corner,
    );
    this.element.addEventListener('pointerdown', (event) => this.#onPointerDown(event));
    this.element.addEventListener('click', (event) => {
      const column = this.#columnAt(event.target);
      if (column !== undefined && !isHandle(event.target)) this.#host.sort(column);
    });
    this.element.addEventListener('dblclick', (event) => {
      const column = this.#columnAt(event.target);
      if (column !== undefined && isHandle(event.target)) this.#host.fit(column);
    });
    this.element.addEventListener('contextmenu', (event) => {
      const column = this.#columnAt(event.target);
      if (column === undefined) return;
      event.preventDefault();
      this.#host.showMenu(column, new DOMRect(event.clientX, event.clientY, 0, 0));
    });
  }

  /** @param active position of the active header, if the keyboard is there. */
  draw(model: GridModel, drawn: readonly DrawnColumn[], active: number | undefined): void {
    const { sort, columns } = model;
    for (let i = 0; i < drawn.length; i++) {
      const at = drawn[i]!;
      const column = columns[at.column]!;
      const { xpath, label, kind } = column;
      const cell = (this.#cells[i] ??= this.#addCell());
      const direction = sort?.column === at.column ? sort.direction : undefined;
      placeCell(cell, at);
      setClass(
        cell,
        `headcell ${kind}${at.isFrozen ? ' frozen' : ''}${active === at.position ? ' active' : ''}${direction === undefined ? '' : ` ${direction}`}`,
      );
      const text = `${label ?? xpath}\n${label === undefined ? '' : xpath}\n${direction ?? ''}`;
      if (cell.text !== text) {
        cell.text = text;
        const [labelElement, xpathElement] = cell.element.children;
        labelElement!.textContent = label ?? xpath;
        xpathElement!.textContent = label === undefined ? '' : xpath;
        cell.element.setAttribute('aria-sort', direction ?? 'none');
      }
      if (this.#titled[i] !== column) {
        this.#titled[i] = column;
        cell.element.title = headTitle(column);
      }
      cell.element.id = cellId(-1, at.position);
    }
    hideSurplus(this.#cells, drawn.length);
  }

  /** The header of a column, when it is drawn. */
  find(column: number): HTMLElement | undefined {
    return this.#cells.find((cell) => cell.column === column && !cell.element.hidden)?.element;
  }

  #addCell(): Cell {
    const cell = createCell('columnheader');
    cell.element.append(
      createElement('span', { className: 'label' }),
      createElement('span', { className: 'xpath' }),
      createElement('span', { className: 'handle', attributes: { 'aria-hidden': 'true' } }),
    );
    this.element.append(cell.element);
    return cell;
  }

  #onPointerDown(event: PointerEvent): void {
    const column = this.#columnAt(event.target);
    if (column === undefined || event.button !== 0 || !isHandle(event.target)) return;
    event.preventDefault();
    const startWidth = this.#host.widthOf(column);
    const startX = event.clientX;
    const handle = event.target as HTMLElement;
    handle.setPointerCapture(event.pointerId);
    const onMove = (move: PointerEvent): void =>
      this.#host.resize(column, startWidth + move.clientX - startX);
    handle.addEventListener('pointermove', onMove);
    const stop = (): void => handle.removeEventListener('pointermove', onMove);
    handle.addEventListener('pointerup', stop, { once: true });
    handle.addEventListener('pointercancel', stop, { once: true });
  }

  #columnAt(target: EventTarget | null): number | undefined {
    if (!(target instanceof HTMLElement)) return undefined;
    return this.#cells.find((cell) => cell.element.contains(target))?.column;
  }
}

function headTitle({ label, xpath, type, description, labels, kind }: GridModel['columns'][number]): string {
  const inLocalTime = kind === 'date' && (type === 'datetime' || type === 'datetimetz');
  return [
    label,
    type === undefined ? xpath : `${xpath} (${type})`,
    description,
    ...(labels === undefined ? [] : ['Shown by its labels; copied and exported as stored']),
    ...(inLocalTime ? ['Shown in local time; copied and exported as stored'] : []),
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function isHandle(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.classList.contains('handle');
}

import type { CallRow } from '../../../core/protocol/callLogMessages.ts';
import { createElement } from '../../query/grid/dom.ts';
import { rowWindow, scrollHeight, scrollTopFor } from '../../query/grid/virtualWindow.ts';
import {
  formatDuration,
  formatSize,
  formatStatus,
  formatTime,
  isError,
  type CallOrder,
  type SortColumn,
} from './callFilter.ts';

/** As in `calls.css`. */
const rowHeight = 22;

interface Column {
  readonly name: string;
  readonly label: string;
  readonly sort?: SortColumn;
  text(row: CallRow): string;
}

const columns: readonly Column[] = [
  { name: 'time', label: 'Time', sort: 'sentAt', text: (row) => formatTime(row.sentAt) },
  { name: 'action', label: 'Method', sort: 'action', text: (row) => row.action },
  { name: 'status', label: 'Status', sort: 'status', text: formatStatus },
  { name: 'duration', label: 'Duration', sort: 'durationMs', text: (row) => formatDuration(row.durationMs) },
  { name: 'waited', label: 'Waited', sort: 'waitedMs', text: (row) => formatDuration(row.waitedMs) },
  { name: 'attempt', label: 'Try', text: (row) => (row.attempt > 1 ? String(row.attempt) : '') },
  { name: 'sent', label: 'Sent', text: (row) => formatSize(row.sentBytes) },
  {
    name: 'received',
    label: 'Received',
    sort: 'receivedBytes',
    text: (row) => formatSize(row.receivedBytes),
  },
  { name: 'connection', label: 'Connection', text: (row) => row.connection },
];

export interface CallTableListener {
  selected(row: CallRow): void;
  ordered(order: CallOrder): void;
}

/** The list. Only the rows in view are elements; the keyboard moves the selection, as in VS Code's lists. */
export class CallTable {
  readonly element: HTMLElement;
  readonly #listener: CallTableListener;
  readonly #scroller: HTMLElement;
  readonly #extent = createElement('div', { className: 'extent' });
  readonly #layer = createElement('div', { className: 'layer' });
  readonly #heads: readonly { column: Column; element: HTMLElement }[];
  #rows: readonly CallRow[] = [];
  #order: CallOrder;
  #selectedKey: string | undefined;

  constructor(order: CallOrder, listener: CallTableListener) {
    this.#order = order;
    this.#listener = listener;
    this.#heads = columns.map((column) => ({ column, element: this.#head(column) }));
    const head = createElement(
      'div',
      { className: 'callhead call', role: 'row', attributes: { 'aria-rowindex': '1' } },
      ...this.#heads.map(({ element }) => element),
    );
    this.#extent.append(this.#layer);
    this.#scroller = createElement(
      'div',
      { className: 'scroller', role: 'rowgroup', attributes: { tabindex: '0', 'aria-label': 'Calls' } },
      this.#extent,
    );
    this.element = createElement(
      'div',
      { className: 'calls', role: 'grid', attributes: { 'aria-label': 'Calls' } },
      head,
      this.#scroller,
    );
    this.#scroller.addEventListener('scroll', () => this.#draw());
    this.#scroller.addEventListener('keydown', (event) => this.#onKey(event));
    this.#layer.addEventListener('mousedown', (event) => {
      const index = (event.target as HTMLElement).closest<HTMLElement>('[data-index]')?.dataset['index'];
      if (index !== undefined) this.#select(Number(index));
    });
    new ResizeObserver(() => this.#draw()).observe(this.#scroller);
    this.#showOrder();
  }

  get selectedKey(): string | undefined {
    return this.#selectedKey;
  }

  focus(): void {
    this.#scroller.focus();
  }

  /** Names the connection of each call, or not, when there is only one. */
  showConnections(isShown: boolean): void {
    this.element.classList.toggle('single', !isShown);
  }

  /** Shows rows; a list scrolled to its end stays there, so that new calls come into view. */
  show(rows: readonly CallRow[]): void {
    const scroller = this.#scroller;
    const isAtEnd = scroller.scrollTop + scroller.clientHeight >= this.#height() - rowHeight;
    this.#rows = rows;
    this.element.setAttribute('aria-rowcount', String(rows.length + 1));
    this.#extent.style.height = `${this.#height()}px`;
    if (isAtEnd && this.#order.column === 'sentAt' && !this.#order.descending) {
      scroller.scrollTop = this.#height();
    }
    this.#draw();
  }

  #height(): number {
    return scrollHeight(this.#rows.length, rowHeight);
  }

  #head(column: Column): HTMLElement {
    const element = createElement('div', { className: `cell ${column.name}`, role: 'columnheader' });
    const { sort } = column;
    if (sort === undefined) element.textContent = column.label;
    else {
      const button = createElement('button', { text: column.label, attributes: { type: 'button' } });
      button.addEventListener('click', () => this.#orderBy(sort));
      element.append(button);
    }
    return element;
  }

  #orderBy(column: SortColumn): void {
    const isSame = this.#order.column === column;
    // Of figures one wants the largest first.
    const descending = isSame ? !this.#order.descending : column !== 'sentAt' && column !== 'action';
    this.#order = { column, descending };
    this.#showOrder();
    this.#listener.ordered(this.#order);
  }

  #showOrder(): void {
    for (const { column, element } of this.#heads) {
      if (column.sort === undefined) continue;
      const isOrdered = column.sort === this.#order.column;
      const direction = this.#order.descending ? 'descending' : 'ascending';
      element.setAttribute('aria-sort', isOrdered ? direction : 'none');
    }
  }

  #draw(): void {
    const scroller = this.#scroller;
    const { first, count, top } = rowWindow(
      scroller.scrollTop,
      scroller.clientHeight,
      this.#rows.length,
      rowHeight,
    );
    const elements = this.#rows.slice(first, first + count).map((row, i) => this.#row(row, first + i));
    this.#layer.style.height = `${scroller.clientHeight}px`;
    this.#layer.replaceChildren(...elements);
    if (elements[0] !== undefined) elements[0].style.marginTop = `${top}px`;
    const active = this.#layer.querySelector('[aria-selected="true"]');
    if (active === null) scroller.removeAttribute('aria-activedescendant');
    else scroller.setAttribute('aria-activedescendant', active.id);
  }

  #row(row: CallRow, index: number): HTMLElement {
    const state = row.result === undefined ? ' active' : isError(row) ? ' failed' : '';
    return createElement(
      'div',
      {
        className: `call${state}`,
        role: 'row',
        attributes: {
          id: `call-${index}`,
          'data-index': String(index),
          'aria-rowindex': String(index + 2),
          'aria-selected': String(row.key === this.#selectedKey),
        },
      },
      ...columns.map((column) =>
        createElement('div', {
          className: `cell ${column.name}`,
          role: 'gridcell',
          text: column.text(row),
        }),
      ),
    );
  }

  #select(index: number): void {
    const row = this.#rows[Math.max(0, Math.min(this.#rows.length - 1, index))];
    if (row === undefined) return;
    this.#selectedKey = row.key;
    const scroller = this.#scroller;
    scroller.scrollTop = scrollTopFor(
      this.#rows.indexOf(row),
      scroller.scrollTop,
      scroller.clientHeight,
      this.#rows.length,
      rowHeight,
    );
    this.#draw();
    this.#listener.selected(row);
  }

  #onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = this.#rows.findIndex(({ key }) => key === this.#selectedKey);
    const page = Math.max(1, Math.floor(this.#scroller.clientHeight / rowHeight) - 1);
    const targets: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? this.#rows.length - 1 : at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: this.#rows.length - 1,
    };
    const target = targets[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.#select(target);
  }
}

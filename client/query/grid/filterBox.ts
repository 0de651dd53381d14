import { createElement } from './dom.ts';
import type { GridColumn } from '../../../core/protocol/gridMessages.ts';
import type { GridFilter } from './gridModel.ts';

const delayMs = 150;

export interface FilterBoxHost {
  /** The filter changed. */
  apply(filter: GridFilter): void;
  /** The rows are wanted: Enter or the arrow down. */
  leave(): void;
}

/** Where a filter is typed. Which column it looks in is asked beside it, once there is something to filter by. */
export class FilterBox {
  readonly element: HTMLElement;
  readonly #host: FilterBoxHost;
  readonly #text = createElement('input', {
    className: 'filter',
    attributes: {
      type: 'search',
      placeholder: 'Filter rows',
      'aria-label': 'Filter rows',
      spellcheck: 'false',
    },
  });
  readonly #column = createElement('select', {
    className: 'filter-column',
    attributes: { 'aria-label': 'Column to filter' },
  });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: FilterBoxHost) {
    this.#host = host;
    this.element = createElement('div', { className: 'filterbox' }, this.#text, this.#column);
    this.#text.addEventListener('input', () => {
      this.#showColumn();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#apply(), delayMs);
    });
    this.#text.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === 'ArrowDown') {
        event.preventDefault();
        this.#apply();
        host.leave();
      } else if (event.key === 'Escape' && this.#text.value !== '') {
        event.preventDefault();
        this.clear();
      }
    });
    this.#column.addEventListener('change', () => this.#apply());
    this.#showColumn();
  }

  focus(): void {
    this.#text.focus();
    this.#text.select();
  }

  /** Empties it; every row is shown. */
  clear(): void {
    this.#text.value = '';
    this.#column.value = '';
    this.#apply();
  }

  /** Looks in one column from now on, and waits for what to look for. */
  lookIn(column: number): void {
    this.#column.value = String(column);
    this.#apply();
    this.focus();
  }

  /** The chosen column stays chosen. */
  setColumns(columns: readonly GridColumn[]): void {
    const chosen = this.#column.value;
    const options = columns.map(({ label, xpath }, index) =>
      createElement('option', { text: label ?? xpath, attributes: { value: String(index) } }),
    );
    const all = createElement('option', { text: 'All columns', attributes: { value: '' } });
    this.#column.replaceChildren(all, ...options);
    this.#column.value = columns[Number(chosen)] === undefined ? '' : chosen;
  }

  /** Tells the filter again, to rows that have not heard of it. */
  reapply(): void {
    this.#apply();
  }

  #apply(): void {
    clearTimeout(this.#timer);
    this.#showColumn();
    const column = this.#column.value;
    this.#host.apply({
      text: this.#text.value.trim(),
      ...(column === '' ? {} : { column: Number(column) }),
    });
  }

  #showColumn(): void {
    this.#column.hidden = this.#text.value === '' && this.#column.value === '';
  }
}

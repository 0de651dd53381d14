import type { CallRow, FromCallList, ToCallList } from '../../../core/protocol/callLogMessages.ts';
import { createButton, createElement } from '../../query/grid/dom.ts';
import { CallDetails } from './callDetails.ts';
import {
  arrangeCalls,
  formatSize,
  isError,
  noFilter,
  sentOrder,
  type CallFilter,
  type CallOrder,
} from './callFilter.ts';
import { CallTable } from './callTable.ts';

/** What the page remembers while it is hidden. */
export interface PageState {
  readonly filter: CallFilter;
  readonly order: CallOrder;
}

/** As on the side of VS Code; what is beyond it is dropped here too. */
const rowLimit = 2000;

/** The list of calls: filter, table, details. */
export class CallsPage {
  readonly #post: (message: FromCallList) => void;
  readonly #keep: (state: PageState) => void;
  readonly #rows = new Map<string, CallRow>();
  readonly #table: CallTable;
  readonly #details: CallDetails;
  readonly #text: HTMLInputElement;
  readonly #connection = createElement('select', { attributes: { 'aria-label': 'Connection' } });
  readonly #action = createElement('select', { className: 'method', attributes: { 'aria-label': 'Method' } });
  readonly #errorsOnly = createElement('input', { attributes: { type: 'checkbox', id: 'errorsOnly' } });
  readonly #note = createElement('span', { className: 'note' });
  readonly #count = createElement('span', { className: 'summary', role: 'status' });
  readonly #empty = createElement('div', { className: 'placeholder' });
  #filter: CallFilter;
  #order: CallOrder;

  constructor(
    root: HTMLElement,
    post: (message: FromCallList) => void,
    state: PageState | undefined,
    keep: (state: PageState) => void,
  ) {
    this.#post = post;
    this.#keep = keep;
    this.#filter = state?.filter ?? noFilter;
    this.#order = state?.order ?? sentOrder;
    this.#text = createElement('input', {
      className: 'filter',
      attributes: { type: 'search', placeholder: 'Filter', 'aria-label': 'Filter', spellcheck: 'false' },
    });
    this.#text.value = this.#filter.text;
    this.#errorsOnly.checked = this.#filter.errorsOnly;
    this.#table = new CallTable(this.#order, {
      selected: (row) => this.#details.show(row),
      ordered: (order) => {
        this.#order = order;
        this.#changed();
      },
    });
    this.#details = new CallDetails(post, () => this.#close());
    this.#text.addEventListener('input', () => this.#filterBy({ text: this.#text.value }));
    this.#connection.addEventListener('change', () => this.#filterBy({ connection: this.#connection.value }));
    this.#action.addEventListener('change', () => this.#filterBy({ action: this.#action.value }));
    this.#errorsOnly.addEventListener('change', () =>
      this.#filterBy({ errorsOnly: this.#errorsOnly.checked }),
    );
    root.addEventListener('keydown', (event) => this.#onKey(event));
    root.replaceChildren(
      createElement(
        'div',
        { className: 'toolbar' },
        this.#text,
        this.#connection,
        this.#action,
        this.#errorsOnly,
        createElement('label', { text: 'Errors only', attributes: { for: 'errorsOnly' } }),
        createElement('span', { className: 'spacer' }),
        this.#note,
        this.#count,
      ),
      createElement('main', {}, this.#empty, this.#table.element, this.#details.element),
    );
    this.#show();
  }

  receive(message: ToCallList): void {
    switch (message.type) {
      case 'rows': {
        if (message.isWhole) this.#rows.clear();
        for (const row of message.rows) this.#rows.set(row.key, row);
        for (const key of this.#rows.keys()) {
          if (this.#rows.size <= rowLimit) break;
          this.#rows.delete(key);
        }
        this.#show();
        const selected = this.#table.selectedKey;
        const row = selected === undefined ? undefined : this.#rows.get(selected);
        if (!this.#details.element.hidden) this.#details.show(row);
        break;
      }
      case 'bodies':
        this.#details.showBodies(message);
        break;
      case 'state':
        this.#note.textContent = [
          ...(message.isPaused ? ['List paused'] : []),
          ...(message.recordsBodies ? ['Recording bodies'] : []),
        ].join(' · ');
        this.#details.showState(message.recordsBodies);
        break;
    }
  }

  #filterBy(part: Partial<CallFilter>): void {
    this.#filter = { ...this.#filter, ...part };
    this.#changed();
  }

  #changed(): void {
    this.#keep({ filter: this.#filter, order: this.#order });
    this.#show();
  }

  #show(): void {
    const all = [...this.#rows.values()];
    this.#fill(
      this.#connection,
      'All connections',
      all.map(({ connection }) => connection),
      this.#filter.connection,
    );
    this.#fill(
      this.#action,
      'All methods',
      all.map(({ action }) => action),
      this.#filter.action,
    );
    const rows = arrangeCalls(all, this.#filter, this.#order);
    this.#table.showConnections(!this.#connection.hidden);
    this.#table.element.hidden = rows.length === 0;
    this.#table.show(rows);
    this.#showEmpty(all.length, rows.length);
    const failed = rows.filter(isError).length;
    const received = rows.reduce((sum, { receivedBytes = 0 }) => sum + receivedBytes, 0);
    this.#count.textContent = [
      rows.length === all.length
        ? countOf(all.length, 'call')
        : `${rows.length} of ${countOf(all.length, 'call')}`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      `${formatSize(received)} received`,
    ].join(', ');
  }

  #showEmpty(all: number, shown: number): void {
    this.#empty.hidden = shown > 0;
    if (shown > 0) return;
    this.#empty.replaceChildren(
      createElement('p', {
        className: 'hint',
        text:
          all === 0
            ? 'No calls yet. Every request to an instance is listed here: what was called, how long it took and how it ended.'
            : 'No call passes the filter.',
      }),
      ...(all === 0
        ? []
        : [
            createButton('Clear the Filter', () => {
              this.#text.value = '';
              this.#errorsOnly.checked = false;
              this.#filterBy(noFilter);
            }),
          ]),
    );
  }

  /** A choice keeps what is chosen even when no call has it any more. */
  #fill(select: HTMLSelectElement, all: string, values: readonly string[], chosen: string): void {
    const options = [...new Set(chosen === '' ? values : [...values, chosen])].sort();
    const before = [...select.options].slice(1).map(({ value }) => value);
    if (select.options.length === 0 || before.join('\n') !== options.join('\n')) {
      select.replaceChildren(
        createElement('option', { text: all, attributes: { value: '' } }),
        ...options.map((value) => createElement('option', { text: value, attributes: { value } })),
      );
    }
    select.value = chosen;
    select.hidden = select === this.#connection && options.length < 2;
  }

  #onKey(event: KeyboardEvent): void {
    const isField = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
    const withCommand = event.ctrlKey || event.metaKey;
    if (event.key === 'Escape' && !this.#details.element.hidden) {
      event.preventDefault();
      this.#close();
    } else if (withCommand && event.key === 'f') {
      event.preventDefault();
      this.#text.focus();
      this.#text.select();
    } else if (withCommand && event.key === 'c' && !isField && String(window.getSelection()) === '') {
      const key = this.#table.selectedKey;
      if (key !== undefined) this.#post({ type: 'copy', key });
    }
  }

  #close(): void {
    this.#details.show(undefined);
    this.#table.focus();
  }
}

function countOf(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

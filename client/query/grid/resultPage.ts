import type {
  FromGrid,
  GridEnd,
  GridExportFormat,
  GridFailure,
  GridStart,
  GridTier,
  ToGrid,
} from '../../../core/protocol/gridMessages.ts';
import { createButton, createElement } from './dom.ts';
import { GridModel } from './gridModel.ts';
import { GridView } from './gridView.ts';
import { showMenu } from './popupMenu.ts';
import { toRange } from './selection.ts';
import { showValue } from './valueDialog.ts';
import { toCsv, toJson, toTsv } from './writeText.ts';

const tierLabels: Record<GridTier, string> = {
  development: 'Development',
  test: 'Test',
  staging: 'Staging',
  production: 'Production',
};

/** A screen reader that hears every batch hears nothing else. */
const announceEveryMs = 2000;
const filterDelayMs = 150;

/** The whole page: what runs where, how far it is, the tools, and the grid or what stands in its place. */
export class ResultPage {
  readonly #post: (message: FromGrid) => void;
  #model = new GridModel();
  #view: GridView;
  #run: GridStart | undefined;
  #end: GridEnd | undefined;
  #lastAnnounced = 0;
  #filterTimer: ReturnType<typeof setTimeout> | undefined;

  readonly #tier = createElement('span', { className: 'tier' });
  readonly #source = createElement('span', { className: 'source' });
  readonly #count = createElement('span', { className: 'count' });
  readonly #more = createButton('Get More Rows', () => this.#post({ type: 'action', id: 'moreRows' }), {
    className: 'link',
  });
  readonly #announcer = createElement('span', {
    className: 'visually-hidden',
    role: 'status',
    attributes: { 'aria-live': 'polite' },
  });
  readonly #progress = createElement('div', { className: 'progress', attributes: { 'aria-hidden': 'true' } });
  readonly #filter = createElement('input', {
    className: 'filter',
    attributes: {
      type: 'search',
      placeholder: 'Filter rows',
      'aria-label': 'Filter rows',
      spellcheck: 'false',
    },
  });
  readonly #filterColumn = createElement('select', {
    className: 'filter-column',
    attributes: { 'aria-label': 'Column to filter' },
  });
  readonly #cancel = createButton('Cancel', () => this.#requestCancel(), { className: 'cancel' });
  readonly #rerun = createButton('Run Again', () => this.#post({ type: 'action', id: 'rerun' }), {
    className: 'secondary',
  });
  readonly #columnsButton = createButton('Columns', () => this.#showColumns(), {
    className: 'secondary',
    attributes: { 'aria-haspopup': 'menu' },
  });
  readonly #exportButton = createButton('Export', () => this.#showExport(), {
    className: 'secondary',
    attributes: { 'aria-haspopup': 'menu' },
  });
  readonly #notice = createElement('div', { className: 'notice' });
  readonly #main = createElement('main');

  constructor(root: HTMLElement, post: (message: FromGrid) => void) {
    this.#post = post;
    this.#view = this.#createView();
    const toolbar = createElement(
      'header',
      { className: 'toolbar' },
      this.#tier,
      this.#source,
      this.#count,
      this.#more,
      createElement('span', { className: 'spacer' }),
      this.#filter,
      this.#filterColumn,
      this.#columnsButton,
      this.#exportButton,
      this.#rerun,
      this.#cancel,
    );
    root.append(toolbar, this.#progress, this.#notice, this.#main, this.#announcer);
    this.#filter.addEventListener('input', () => {
      clearTimeout(this.#filterTimer);
      this.#filterTimer = setTimeout(() => this.#applyFilter(), filterDelayMs);
    });
    this.#filter.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === 'ArrowDown') {
        event.preventDefault();
        this.#applyFilter();
        this.#view.focus();
      } else if (event.key === 'Escape' && this.#filter.value !== '') {
        event.preventDefault();
        this.#filter.value = '';
        this.#applyFilter();
      }
    });
    this.#filterColumn.addEventListener('change', () => this.#applyFilter());
    document.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
        event.preventDefault();
        this.#filter.focus();
        this.#filter.select();
      }
    });
    this.#update();
  }

  receive(message: ToGrid): void {
    if (message.type === 'start') {
      this.#start(message);
      return;
    }
    if (message.runId !== this.#run?.runId) return;
    switch (message.type) {
      case 'columns':
        this.#model.setColumns(message.columns);
        this.#updateFilterColumns();
        this.#view.refreshColumns();
        break;
      case 'rows':
        this.#model.append(message.rows);
        this.#post({ type: 'taken', runId: message.runId, rowCount: message.rows.length });
        this.#view.refresh();
        this.#updateCount();
        if (this.#main.firstChild !== this.#view.element) this.#update();
        break;
      case 'end':
        this.#end = message;
        this.#update();
        break;
    }
  }

  #createView(): GridView {
    return new GridView(this.#model, {
      copy: (withHeader) => this.#copy(withHeader),
      showColumnMenu: (column, anchor) => this.#showColumnMenu(column, anchor),
      showValue: (row, column) => {
        const { label, xpath } = this.#model.columns[column]!;
        showValue(`${label ?? xpath}, row ${row + 1}`, this.#model.cell(row, column), (text) =>
          this.#post({ type: 'copy', text, rowCount: 1, columnCount: 1 }),
        );
      },
      changed: () => this.#updateCount(),
    });
  }

  #start(message: GridStart): void {
    this.#run = message;
    this.#end = undefined;
    this.#model = new GridModel();
    this.#view = this.#createView();
    // A filter left over from another question would hide answers to this one.
    if (!message.isRerun) this.#filter.value = '';
    this.#filterColumn.replaceChildren();
    this.#lastAnnounced = 0;
    this.#applyFilter();
    this.#update();
  }

  /** Everything but the cells. */
  #update(): void {
    const run = this.#run;
    const end = this.#end;
    const isRunning = run !== undefined && end === undefined;
    const hasRows = this.#model.totalCount > 0;
    this.#tier.hidden = run === undefined;
    this.#tier.textContent = run === undefined ? '' : tierLabels[run.tier];
    this.#tier.className = `tier ${run?.tier ?? ''}`;
    this.#source.textContent =
      run === undefined ? '' : `${run.connection} · ${run.schemaLabel ?? run.schemaId}`;
    this.#source.title = run?.schemaId ?? '';
    this.#progress.classList.toggle('running', isRunning);
    this.#cancel.hidden = !isRunning;
    this.#cancel.disabled = false;
    this.#rerun.hidden = run === undefined || isRunning;
    this.#more.hidden = end?.limit === undefined;
    this.#more.title =
      end?.limit === undefined
        ? ''
        : `These are the first ${formatCount(end.limit)} rows, as the query asks. There may be more.`;
    for (const control of [this.#filter, this.#filterColumn, this.#columnsButton, this.#exportButton]) {
      control.hidden = !hasRows;
    }
    this.#notice.replaceChildren(...this.#notices(hasRows));
    if (hasRows) {
      if (this.#main.firstChild !== this.#view.element) {
        const hadFocus = document.activeElement === document.body;
        this.#main.replaceChildren(this.#view.element);
        if (hadFocus) this.#view.focus();
      }
      this.#view.refresh();
    } else this.#main.replaceChildren(this.#placeholder());
    this.#updateCount();
  }

  #notices(hasRows: boolean): Node[] {
    const end = this.#end;
    if (end === undefined || !hasRows) return [];
    if (end.failure !== undefined) return [this.#failure(end.failure)];
    return [];
  }

  #placeholder(): HTMLElement {
    const box = createElement('div', { className: 'placeholder' });
    const end = this.#end;
    if (this.#run === undefined) {
      box.append(
        createElement('p', { text: 'No query has run yet.' }),
        createElement('p', {
          className: 'hint',
          text: 'Put the cursor in a queryDef and choose “Run Query”, or preview a schema from the Campaign view.',
        }),
      );
    } else if (end === undefined) {
      box.append(createElement('p', { text: 'Waiting for the first rows…' }));
    } else if (end.failure !== undefined) box.append(this.#failure(end.failure));
    else if (end.outcome === 'cancelled') {
      box.append(createElement('p', { text: 'Cancelled before the first row arrived.' }));
    } else {
      box.append(
        createElement('p', { text: 'No rows match this query.' }),
        createElement('p', {
          className: 'hint',
          text: `${this.#run.connection} answered in ${formatSeconds(end.elapsedMs)}.`,
        }),
      );
    }
    return box;
  }

  #failure(failure: GridFailure): HTMLElement {
    const box = createElement(
      'div',
      { className: 'failure', role: 'alert' },
      createElement('p', { className: 'explanation', text: failure.explanation }),
    );
    if (failure.nextStep !== '') box.append(createElement('p', { text: failure.nextStep }));
    if (failure.details.length > 0) {
      box.append(
        createElement(
          'details',
          {},
          createElement('summary', { text: 'What the server said' }),
          createElement('pre', { text: failure.details.join('\n'), attributes: { tabindex: '0' } }),
        ),
      );
    }
    const buttons = failure.actions.map(({ id, label }, index) =>
      createButton(
        label,
        () => this.#post({ type: 'action', id }),
        index === 0 ? {} : { className: 'secondary' },
      ),
    );
    box.append(createElement('div', { className: 'buttons' }, ...buttons));
    return box;
  }

  #updateCount(): void {
    const text = this.#countText();
    this.#count.textContent = text;
    const now = Date.now();
    const isOver = this.#end !== undefined;
    if (!isOver && now - this.#lastAnnounced < announceEveryMs) return;
    this.#lastAnnounced = now;
    if (this.#announcer.textContent !== text) this.#announcer.textContent = text;
  }

  #countText(): string {
    if (this.#run === undefined) return '';
    const { totalCount, rowCount, filter } = this.#model;
    const rows =
      filter.text === '' ? formatRows(totalCount) : `${formatCount(rowCount)} of ${formatRows(totalCount)}`;
    if (this.#end === undefined) return totalCount === 0 ? 'Running…' : `${rows} so far`;
    const { outcome, elapsedMs } = this.#end;
    const note = outcome === 'cancelled' ? ', cancelled' : outcome === 'failed' ? ', failed' : '';
    const first = this.#end.limit !== undefined && filter.text === '' ? 'First ' : '';
    return `${first}${rows} in ${formatSeconds(elapsedMs)}${note}`;
  }

  #requestCancel(): void {
    if (this.#run === undefined) return;
    this.#cancel.disabled = true;
    this.#post({ type: 'cancel', runId: this.#run.runId });
  }

  #applyFilter(): void {
    clearTimeout(this.#filterTimer);
    const column = this.#filterColumn.value;
    this.#model.setFilter({
      text: this.#filter.value.trim(),
      ...(column === '' ? {} : { column: Number(column) }),
    });
    this.#view.refresh();
    this.#updateCount();
  }

  #updateFilterColumns(): void {
    const chosen = this.#filterColumn.value;
    const options = [createElement('option', { text: 'All columns', attributes: { value: '' } })];
    this.#model.columns.forEach(({ label, xpath }, index) => {
      options.push(createElement('option', { text: label ?? xpath, attributes: { value: String(index) } }));
    });
    this.#filterColumn.replaceChildren(...options);
    this.#filterColumn.value = chosen;
  }

  #copy(withHeader: boolean): void {
    const range = toRange(this.#view.selection);
    if (this.#model.rowCount === 0) return;
    this.#post({
      type: 'copy',
      text: toTsv(this.#model, range, { withHeader }),
      rowCount: range.bottom - range.top + 1,
      columnCount: range.right - range.left + 1,
    });
  }

  #export(format: GridExportFormat): void {
    const text = format === 'csv' ? toCsv(this.#model) : toJson(this.#model);
    this.#post({ type: 'export', format, text, rowCount: this.#model.rowCount });
  }

  #showExport(): void {
    showMenu(
      'Export',
      [
        { label: 'Save as CSV…', run: () => this.#export('csv') },
        { label: 'Save as JSON…', run: () => this.#export('json') },
        {
          label: 'Copy All with Header',
          run: () => {
            this.#view.selectAll();
            this.#copy(true);
          },
        },
      ],
      this.#exportButton.getBoundingClientRect(),
    );
  }

  #showColumns(): void {
    showMenu(
      'Columns',
      this.#model.columns.map(({ label, xpath }, column) => ({
        label: label === undefined ? xpath : `${label} (${xpath})`,
        checked: !this.#model.isHidden(column),
        run: () => {
          this.#model.setHidden(column, !this.#model.isHidden(column));
          this.#view.refresh();
        },
      })),
      this.#columnsButton.getBoundingClientRect(),
    );
  }

  /** @param column position among the visible columns. */
  #showColumnMenu(column: number, anchor: DOMRect): void {
    const modelColumn = this.#model.visibleColumns[column];
    if (modelColumn === undefined) return;
    const { label, xpath } = this.#model.columns[modelColumn]!;
    const sortBy = (direction: 'ascending' | 'descending' | undefined) => () => {
      this.#model.setSort(direction === undefined ? undefined : { column: modelColumn, direction });
      this.#view.refresh();
    };
    const { layout } = this.#view;
    showMenu(
      label ?? xpath,
      [
        { label: 'Sort Ascending', run: sortBy('ascending') },
        { label: 'Sort Descending', run: sortBy('descending') },
        { label: 'Order of the Answer', run: sortBy(undefined) },
        {
          label: 'Filter This Column',
          run: () => {
            this.#filterColumn.value = String(modelColumn);
            this.#applyFilter();
            this.#filter.focus();
          },
        },
        { label: 'Fit to Content', run: () => this.#view.fitColumn(column) },
        layout.frozenCount === column + 1
          ? {
              label: 'Unfreeze Columns',
              run: () => {
                layout.frozenCount = 0;
                this.#view.refresh();
              },
            }
          : {
              label: 'Freeze up to This Column',
              run: () => {
                layout.frozenCount = column + 1;
                this.#view.refresh();
              },
            },
        {
          label: 'Hide Column',
          run: () => {
            this.#model.setHidden(modelColumn, true);
            this.#view.refresh();
          },
        },
        {
          label: 'Copy XPath',
          run: () => this.#post({ type: 'copy', text: xpath, rowCount: 1, columnCount: 1 }),
        },
      ],
      anchor,
    );
  }
}

const countFormat = new Intl.NumberFormat('en');

function formatCount(count: number): string {
  return countFormat.format(count);
}

function formatRows(count: number): string {
  return count === 1 ? '1 row' : `${formatCount(count)} rows`;
}

function formatSeconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

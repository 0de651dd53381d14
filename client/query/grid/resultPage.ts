import type {
  FromGrid,
  GridEnd,
  GridExportFormat,
  GridFailure,
  GridStart,
  GridTier,
  ToGrid,
} from '../../../core/protocol/gridMessages.ts';
import { showColumnMenu } from './columnMenu.ts';
import { createButton, createElement } from './dom.ts';
import { createFailureBox } from './failureBox.ts';
import { FilterBox } from './filterBox.ts';
import { formatCount, formatRows, formatSeconds } from './formatNumbers.ts';
import { GridModel, type GridSnapshot } from './gridModel.ts';
import { GridView } from './gridView.ts';
import { showMenu } from './popupMenu.ts';
import { toRange } from './selection.ts';
import { showValue } from './valueDialog.ts';
import { toTsv, type CellText } from './writeText.ts';

const tierLabels: Record<GridTier, string> = {
  development: 'Development',
  test: 'Test',
  staging: 'Staging',
  production: 'Production',
};

/** A screen reader that hears every batch hears nothing else. */
const announceEveryMs = 2000;
const exportedAtOnce = 2000;

/** The whole page: what runs where, how far it is, the tools, and the grid or what stands in its place. */
export class ResultPage {
  readonly #post: (message: FromGrid) => void;
  #model = new GridModel();
  #view: GridView;
  #run: GridStart | undefined;
  #end: GridEnd | undefined;
  #lastAnnounced = 0;
  /** The export under way, and the row it has come to. */
  #exported: { readonly rows: GridSnapshot; next: number } | undefined;

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
  readonly #filter = new FilterBox({
    apply: (filter) => {
      this.#model.setFilter(filter);
      this.#view.refresh();
      this.#updateCount();
    },
    leave: () => this.#view.focus(),
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
      this.#filter.element,
      this.#columnsButton,
      this.#exportButton,
      this.#rerun,
      this.#cancel,
    );
    root.append(toolbar, this.#progress, this.#notice, this.#main, this.#announcer);
    document.addEventListener('keydown', (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
        event.preventDefault();
        this.#filter.focus();
      }
    });
    this.#update();
  }

  receive(message: ToGrid): void {
    if (message.type === 'start') {
      this.#start(message);
      return;
    }
    if (message.type === 'exportNext') {
      this.#exportNext();
      return;
    }
    if (message.runId !== this.#run?.runId) return;
    switch (message.type) {
      case 'columns':
        this.#model.setColumns(message.columns);
        this.#filter.setColumns(message.columns);
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
      label: 'Query results',
      copy: (withHeader) => this.#copy(withHeader),
      showColumnMenu: (column, anchor) => this.#showColumnMenu(column, anchor),
      showValue: (row, column) => {
        const { label, xpath } = this.#model.columns[column]!;
        const value = { stored: this.#model.cell(row, column), shown: this.#model.shown(row, column) };
        showValue(`${label ?? xpath}, row ${row + 1}`, value, (text) =>
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
    if (!message.isRerun) this.#filter.clear();
    this.#lastAnnounced = 0;
    this.#filter.reapply();
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
    for (const control of [this.#filter.element, this.#columnsButton, this.#exportButton]) {
      control.hidden = !hasRows;
    }
    const failure = hasRows ? end?.failure : undefined;
    this.#notice.replaceChildren(...(failure === undefined ? [] : [this.#failure(failure)]));
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
    return createFailureBox(failure, (id) => this.#post({ type: 'action', id }));
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

  #copy(withHeader: boolean, as: CellText = 'stored'): void {
    const range = toRange(this.#view.selection);
    if (this.#model.rowCount === 0) return;
    this.#post({
      type: 'copy',
      text: toTsv(this.#model, range, { withHeader, as }),
      rowCount: range.bottom - range.top + 1,
      columnCount: range.right - range.left + 1,
    });
  }

  #export(format: GridExportFormat): void {
    const rows = this.#model.snapshot();
    this.#exported = { rows, next: 0 };
    this.#post({
      type: 'export',
      format,
      schemaId: this.#run?.schemaId ?? '',
      columns: rows.xpaths,
      rowCount: rows.rowCount,
    });
  }

  #exportNext(): void {
    const exported = this.#exported;
    if (exported === undefined) return;
    const rows = exported.rows.part(exported.next, exportedAtOnce);
    exported.next += rows.length;
    const isLast = exported.next >= exported.rows.rowCount;
    if (isLast) this.#exported = undefined;
    this.#post({ type: 'exportRows', rows, isLast });
  }

  #showExport(): void {
    showMenu(
      'Export',
      [
        { label: 'Save as CSV…', run: () => this.#export('csv') },
        { label: 'Save as JSON…', run: () => this.#export('json') },
        { label: 'Save as XML…', run: () => this.#export('xml') },
        {
          label: 'Copy All with Header',
          run: () => {
            this.#view.selectAll();
            this.#copy(true);
          },
        },
        {
          label: 'Copy All as Shown, with Header',
          run: () => {
            this.#view.selectAll();
            this.#copy(true, 'shown');
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
    const copyXPath = (modelColumn: number) => (): void => {
      const text = this.#model.columns[modelColumn]!.xpath;
      this.#post({ type: 'copy', text, rowCount: 1, columnCount: 1 });
    };
    showColumnMenu(this.#model, this.#view, column, anchor, {
      unsorted: 'Order of the Answer',
      more: (modelColumn) => [
        { label: 'Filter This Column', run: () => this.#filter.lookIn(modelColumn) },
        {
          label: 'Hide Column',
          run: () => {
            this.#model.setHidden(modelColumn, true);
            this.#view.refresh();
          },
        },
        { label: 'Copy Selection', run: () => this.#copy(false) },
        { label: 'Copy Selection as Shown', run: () => this.#copy(false, 'shown') },
        { label: 'Copy XPath', run: copyXPath(modelColumn) },
      ],
    });
  }
}

import type { GridColumn } from '../../../core/protocol/gridMessages.ts';
import type {
  FromPush,
  PushActionId,
  PushCounts,
  PushProgress,
  PushRefused,
  PushReview,
  PushRowState,
  PushRows,
  ToPush,
} from '../../../core/protocol/pushMessages.ts';
import { showColumnMenu } from '../../query/grid/columnMenu.ts';
import { createButton, createElement } from '../../query/grid/dom.ts';
import { GridModel } from '../../query/grid/gridModel.ts';
import { GridView } from '../../query/grid/gridView.ts';
import { toRange } from '../../query/grid/selection.ts';
import { showValue } from '../../query/grid/valueDialog.ts';
import { toTsv } from '../../query/grid/writeText.ts';

const stateLabels: Record<PushRowState, string> = {
  pending: 'Not sent',
  sending: 'Sending…',
  sent: 'Sent',
  failed: 'Failed',
  unknown: 'Unknown',
};

/** Columns before those of the file. */
const ownColumns: readonly GridColumn[] = [
  { xpath: 'State', kind: 'text' },
  { xpath: 'Line', kind: 'number' },
  { xpath: 'Key', kind: 'text' },
  { xpath: 'Note', kind: 'text' },
];
const stateColumn = 0;
const noteColumn = 3;

const tierLabels = {
  development: 'Development',
  test: 'Test',
  staging: 'Staging',
  production: 'Production',
} as const;

/** The page of a push: what will be sent, how far it is, what became of each row. */
export class PushPage {
  readonly #root: HTMLElement;
  readonly #post: (message: FromPush) => void;
  #review: PushReview | undefined;
  #progress: PushProgress | undefined;
  #model = new GridModel();
  #view = this.#createView();

  readonly #heading = createElement('h1');
  readonly #tier = createElement('span', { className: 'tier' });
  readonly #facts = createElement('ul', { className: 'facts' });
  readonly #buttons = createElement('div', { className: 'buttons' });
  readonly #meter = createElement('div', {
    className: 'meter',
    role: 'progressbar',
    attributes: { 'aria-label': 'Rows sent', 'aria-valuemin': '0' },
  });
  readonly #bars: Readonly<Record<'sent' | 'failed' | 'unknown', HTMLElement>> = {
    sent: createElement('div', { className: 'bar sent' }),
    failed: createElement('div', { className: 'bar failed' }),
    unknown: createElement('div', { className: 'bar unknown' }),
  };
  readonly #counts = createElement('p', { className: 'counts' });
  readonly #message = createElement('p', { className: 'message', role: 'status' });
  readonly #main = createElement('main');
  /** Which buttons are there, so that the focus is not lost by making the same ones again. */
  #buttonIds = '';

  constructor(root: HTMLElement, post: (message: FromPush) => void) {
    this.#root = root;
    this.#post = post;
    this.#meter.append(this.#bars.sent, this.#bars.failed, this.#bars.unknown);
    this.#root.append(
      createElement(
        'header',
        { className: 'summary' },
        createElement('div', { className: 'title' }, this.#heading, this.#tier),
        this.#facts,
        this.#meter,
        this.#counts,
        this.#message,
        this.#buttons,
      ),
      this.#main,
    );
  }

  receive(message: ToPush): void {
    switch (message.type) {
      case 'refused':
        this.#showRefused(message);
        break;
      case 'review':
        this.#showReview(message);
        break;
      case 'rows':
        this.#addRows(message);
        break;
      case 'progress':
        this.#showProgress(message);
        break;
    }
  }

  #createView(): GridView {
    return new GridView(this.#model, {
      label: 'Rows to push',
      copy: (withHeader) =>
        this.#post({ type: 'copy', text: toTsv(this.#model, toRange(this.#view.selection), { withHeader }) }),
      showColumnMenu: (column, anchor) => this.#showColumnMenu(column, anchor),
      showValue: (row, column) => {
        const { label, xpath } = this.#model.columns[column]!;
        const value = { stored: this.#model.cell(row, column), shown: this.#model.shown(row, column) };
        showValue(`${label ?? xpath}, line ${this.#model.cell(row, 1)}`, value, (text) =>
          this.#post({ type: 'copy', text }),
        );
      },
      changed: () => undefined,
    });
  }

  #showRefused({ fileName, target, problems }: PushRefused): void {
    this.#heading.textContent = `${fileName} cannot be pushed to ${target} as it is`;
    this.#tier.hidden = true;
    this.#facts.replaceChildren();
    this.#meter.hidden = true;
    this.#counts.textContent = 'Nothing was sent.';
    this.#message.className = 'message';
    this.#message.textContent = '';
    this.#setButtons([['checkAgain', 'Check Again']]);
    const list = createElement('ul', { className: 'problems', role: 'list' });
    for (const { line, message } of problems) {
      const item = createElement('li', { text: `${message} ` });
      if (line !== undefined) {
        item.append(
          createButton('Open', () => this.#post({ type: 'openLine', line }), {
            className: 'link',
            attributes: { 'aria-label': `Open line ${line}` },
          }),
        );
      }
      list.append(item);
    }
    this.#main.replaceChildren(list);
  }

  #showReview(review: PushReview): void {
    this.#review = review;
    this.#heading.textContent = `Push ${review.fileName} to ${review.target} on ${review.connection}`;
    this.#tier.hidden = false;
    this.#tier.className = `tier ${review.tier}`;
    this.#tier.textContent = tierLabels[review.tier];
    this.#facts.replaceChildren(...review.notes.map((text) => createElement('li', { text })));
    if (review.sendEmpty !== undefined) this.#facts.append(this.#emptyChoice(review.sendEmpty));
    this.#meter.hidden = false;
    this.#model = new GridModel();
    this.#model.setColumns([...ownColumns, ...review.columns]);
    this.#view = this.#createView();
    this.#view.layout.frozenCount = 2;
    this.#main.replaceChildren(this.#view.element);
    this.#buttonIds = '';
  }

  #emptyChoice(sendEmpty: boolean): HTMLElement {
    const box = createElement('input', { attributes: { type: 'checkbox', id: 'sendEmpty' } });
    box.checked = sendEmpty;
    box.addEventListener('change', () => this.#post({ type: 'sendEmpty', value: box.checked }));
    const label = createElement('label', {
      text: 'Send empty cells as empty values (otherwise such fields are left as they are)',
      attributes: { for: 'sendEmpty' },
    });
    return createElement('li', { className: 'choice' }, box, label);
  }

  #addRows({ rows }: PushRows): void {
    this.#model.append(
      rows.map(({ line, id, values }) => [stateLabels.pending, String(line), id, '', ...values]),
    );
    this.#view.refreshColumns();
  }

  #showProgress(progress: PushProgress): void {
    this.#progress = progress;
    for (const { row, state, note } of progress.changes) {
      this.#model.setCell(row, stateColumn, stateLabels[state]);
      this.#model.setCell(row, noteColumn, note);
    }
    if (progress.changes.length > 0) this.#view.refresh();
    this.#showCounts(progress);
    this.#message.textContent = progress.message;
    this.#message.className = `message${progress.isFailure ? ' failed' : ''}`;
    for (const choice of this.#facts.querySelectorAll<HTMLElement>('.choice')) {
      choice.hidden = progress.phase !== 'review';
    }
    this.#setButtons(buttonsOf(progress, this.#review?.rowCount ?? 0));
  }

  #showCounts({ counts, rate, throttledCount, phase }: PushProgress): void {
    const total = Math.max(1, this.#review?.rowCount ?? 0);
    for (const state of ['sent', 'failed', 'unknown'] as const) {
      this.#bars[state].style.width = `${(counts[state] / total) * 100}%`;
    }
    this.#meter.setAttribute('aria-valuemax', String(total));
    this.#meter.setAttribute('aria-valuenow', String(counts.sent + counts.failed + counts.unknown));
    const parts = [
      phase === 'review'
        ? `${format(total)} ${total === 1 ? 'row' : 'rows'}, nothing sent yet`
        : countText(counts, total),
      ...(rate === undefined
        ? []
        : [`${rate.rowsPerSecond.toFixed(1)} rows a second (${rate.allowedPerSecond.toFixed(1)} allowed)`]),
      ...(throttledCount > 0
        ? [
            `asked to slow down ${throttledCount} ${throttledCount === 1 ? 'time' : 'times'} (429), and waited`,
          ]
        : []),
      ...(rate !== undefined && rate.rowsPerSecond > 0 && counts.pending > 0
        ? [`about ${formatDuration(counts.pending / rate.rowsPerSecond)} left`]
        : []),
    ];
    this.#counts.textContent = parts.join(' · ');
  }

  #setButtons(buttons: readonly (readonly [PushActionId, string])[]): void {
    const ids = buttons.map(([, label]) => label).join();
    if (ids === this.#buttonIds) return;
    this.#buttonIds = ids;
    const hadFocus = this.#buttons.contains(document.activeElement);
    this.#buttons.replaceChildren(
      ...buttons.map(([id, label], index) =>
        createButton(
          label,
          () => this.#post({ type: 'action', id }),
          index === 0 ? {} : { className: 'secondary' },
        ),
      ),
    );
    if (hadFocus) this.#buttons.querySelector('button')?.focus();
  }

  #showColumnMenu(column: number, anchor: DOMRect): void {
    const only = (text: string) => (): void => {
      this.#model.setFilter({ text, column: stateColumn });
      this.#view.refresh();
    };
    const { counts } = this.#progress ?? {};
    const present = (Object.keys(stateLabels) as PushRowState[]).filter(
      (state) => (counts?.[state] ?? 0) > 0,
    );
    showColumnMenu(this.#model, this.#view, column, anchor, {
      unsorted: 'Order of the File',
      more: (modelColumn) =>
        modelColumn !== stateColumn
          ? []
          : [
              { label: 'Show All', run: only('') },
              ...present.map((state) => ({
                label: `Show Only “${stateLabels[state]}”`,
                run: only(stateLabels[state]),
              })),
            ],
    });
  }
}

/** What one may do, likeliest first. */
function buttonsOf(
  { phase, counts, isFailure }: PushProgress,
  rowCount: number,
): readonly (readonly [PushActionId, string])[] {
  if (phase === 'running') return [['cancel', 'Stop']];
  if (phase === 'review') {
    return [
      ['start', `Push ${format(rowCount)} ${rowCount === 1 ? 'Row' : 'Rows'}`],
      ['dismiss', 'Cancel'],
    ];
  }
  const rest = counts.pending + counts.sending;
  return [
    ...(rest > 0 ? [['resume', `Resume (${format(rest)} Left)`] as const] : []),
    ...(counts.failed > 0 ? [['retryFailed', `Retry ${format(counts.failed)} Failed`] as const] : []),
    ...(counts.unknown > 0
      ? [
          ['acceptUnknown', 'Unknown Rows Are There'] as const,
          ['resendUnknown', 'Send Unknown Rows Again'] as const,
        ]
      : []),
    ['saveReport', 'Save Report…'],
    ...(isFailure ? [['showLog', 'Show Log'] as const] : []),
    ['dismiss', rest + counts.failed + counts.unknown > 0 ? 'Discard' : 'Done'],
  ];
}

function countText(counts: PushCounts, total: number): string {
  const parts = [`${format(counts.sent)} of ${format(total)} sent`];
  if (counts.failed > 0) parts.push(`${format(counts.failed)} failed`);
  if (counts.unknown > 0) parts.push(`${format(counts.unknown)} unknown`);
  return parts.join(', ');
}

const numbers = new Intl.NumberFormat('en');

function format(count: number): string {
  return numbers.format(count);
}

function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

import type { CallBodies, CallRow, FromCallList } from '../../../core/protocol/callLogMessages.ts';
import { createButton, createElement } from '../../query/grid/dom.ts';
import { formatDuration, formatSize, formatStatus, formatTime } from './callFilter.ts';

/** What is known of one call, beside the list. */
export class CallDetails {
  readonly element = createElement('section', {
    className: 'details',
    attributes: { 'aria-label': 'Details of the call' },
  });
  readonly #post: (message: FromCallList) => void;
  readonly #onClose: () => void;
  #row: CallRow | undefined;
  #bodies: CallBodies | undefined;
  #recordsBodies = false;

  constructor(post: (message: FromCallList) => void, onClose: () => void) {
    this.#post = post;
    this.#onClose = onClose;
    this.element.hidden = true;
  }

  /** Shows a call, and asks for its bodies once it is over; `undefined` closes. */
  show(row: CallRow | undefined): void {
    const isOther = row?.key !== this.#row?.key;
    const isOver = row?.result !== undefined && (isOther || this.#row?.result === undefined);
    this.#row = row;
    if (isOther) this.#bodies = undefined;
    if (row !== undefined && isOver) this.#post({ type: 'open', key: row.key });
    if (isOther || isOver) this.#draw();
  }

  showBodies(bodies: CallBodies): void {
    if (bodies.key !== this.#row?.key) return;
    this.#bodies = bodies;
    this.#draw();
  }

  showState(recordsBodies: boolean): void {
    if (recordsBodies === this.#recordsBodies) return;
    this.#recordsBodies = recordsBodies;
    this.#draw();
  }

  #draw(): void {
    const row = this.#row;
    this.element.hidden = row === undefined;
    if (row === undefined) {
      this.element.replaceChildren();
      return;
    }
    const facts: readonly (readonly [string, string])[] = [
      ['Status', row.result === undefined ? 'under way' : formatStatus(row)],
      ['Sent at', formatTime(row.sentAt)],
      ['Waited in the queue', `${formatDuration(row.waitedMs)}, as ${row.priority}`],
      ['Duration', formatDuration(row.durationMs)],
      ['Sent', formatSize(row.sentBytes)],
      ['Received', formatSize(row.receivedBytes)],
      ['Try', String(row.attempt)],
      ['Connection', row.connection],
      ['Address', row.url],
    ];
    this.element.replaceChildren(
      createElement(
        'header',
        {},
        createElement('h2', { text: row.action }),
        ...(row.result === undefined
          ? []
          : [
              createButton('Copy', () => this.#post({ type: 'copy', key: row.key }), {
                className: 'secondary',
                title: 'Copy this call as text, with its bodies if they were recorded. Secrets are masked.',
              }),
            ]),
        createButton('Close', this.#onClose, { className: 'secondary', title: 'Close the details (Esc)' }),
      ),
      createElement(
        'dl',
        {},
        ...facts
          .filter(([, text]) => text !== '')
          .map(([name, text]) =>
            createElement('div', {}, createElement('dt', { text: name }), createElement('dd', { text })),
          ),
      ),
      ...this.#bodyElements(row),
    );
  }

  #bodyElements(row: CallRow): HTMLElement[] {
    if (row.result === undefined || this.#bodies === undefined) return [];
    const { request, reply } = this.#bodies;
    if (request !== undefined || reply !== undefined) {
      return [toBody('Request', request ?? ''), toBody('Reply', reply ?? '')].flat();
    }
    const hint = createElement('p', {
      className: 'hint',
      text: this.#recordsBodies
        ? 'The bodies of this call were not recorded. Those of the next ones will be.'
        : 'Bodies are not recorded: they hold personal data. Tokens and passwords are masked in what is recorded, and it is kept in memory only. ',
    });
    if (!this.#recordsBodies) {
      hint.append(
        createButton('Record Bodies from Now On', () => this.#post({ type: 'recordBodies' }), {
          className: 'link',
        }),
      );
    }
    return [hint];
  }
}

function toBody(title: string, text: string): HTMLElement[] {
  return [
    createElement('h3', { text: title }),
    text === ''
      ? createElement('p', { className: 'hint', text: 'Empty.' })
      : createElement('pre', { text, attributes: { tabindex: '0', 'aria-label': title } }),
  ];
}

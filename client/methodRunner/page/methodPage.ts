import type {
  FromMethod,
  MethodField,
  MethodOpen,
  MethodResultValue,
  MethodState,
  ToMethod,
} from '../../../core/protocol/methodMessages.ts';
import { createButton, createElement } from '../../query/grid/dom.ts';

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

/** A method, what it takes, and what it gave back. */
export class MethodPage {
  readonly #root: HTMLElement;
  readonly #post: (message: FromMethod) => void;
  readonly #inputs = new Map<string, { readonly input: Input; readonly error: HTMLElement }>();
  readonly #run = createButton('Call', () => this.#submit());
  readonly #stop = createButton('Cancel', () => this.#post({ type: 'cancel' }), { className: 'secondary' });
  readonly #status = createElement('p', { className: 'status', role: 'status' });
  readonly #answer = createElement('section', {
    className: 'answer',
    attributes: { 'aria-label': 'Answer' },
  });

  constructor(root: HTMLElement, post: (message: FromMethod) => void) {
    this.#root = root;
    this.#post = post;
    root.addEventListener('keydown', (event) => {
      const isSubmit = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
      const isField = event.key === 'Enter' && event.target instanceof HTMLInputElement;
      if ((isSubmit || isField) && !this.#run.disabled) {
        event.preventDefault();
        this.#submit();
      } else if (event.key === 'Escape' && this.#run.disabled) this.#post({ type: 'cancel' });
    });
  }

  receive(message: ToMethod): void {
    if (message.type === 'open') this.#show(message);
    else this.#showState(message);
  }

  #show({ action, label, description, connection, tier, writes, fields }: MethodOpen): void {
    this.#stop.hidden = true;
    this.#root.replaceChildren(
      createElement(
        'main',
        { className: 'method' },
        createElement('h1', { text: action }),
        createElement('p', {
          className: 'hint',
          text: [label, description ?? ''].filter(Boolean).join(' · '),
        }),
        createElement(
          'p',
          {},
          createElement('span', { className: `tier ${tier}`, text: connection }),
          createElement('span', {
            className: 'hint',
            text: writes
              ? ' Counts as writing: it is not among the methods known only to read.'
              : ' Only reads.',
          }),
        ),
        ...fields.map((field) => this.#field(field)),
        createElement('div', { className: 'buttons' }, this.#run, this.#stop),
        this.#status,
        this.#answer,
      ),
    );
    const first = [...this.#inputs.values()][0]?.input;
    (first ?? this.#run).focus();
  }

  #field({ id, label, type, kind, isOptional, description, value }: MethodField): HTMLElement {
    const input = createInput(kind, isOptional);
    input.id = `field-${id}`;
    input.value = value;
    const error = createElement('span', { className: 'error', attributes: { id: `${input.id}-error` } });
    input.setAttribute('aria-describedby', error.id);
    this.#inputs.set(id, { input, error });
    return createElement(
      'div',
      { className: 'field' },
      createElement(
        'label',
        { attributes: { for: input.id } },
        createElement('span', { text: label }),
        createElement('span', { className: 'type', text: `${type}${isOptional ? ', optional' : ''}` }),
      ),
      input,
      ...(description === undefined ? [] : [createElement('span', { className: 'hint', text: description })]),
      error,
    );
  }

  #submit(): void {
    const values = Object.fromEntries([...this.#inputs].map(([id, { input }]) => [id, input.value]));
    this.#post({ type: 'run', values });
  }

  #showState({ isBusy, errors, failure, details, canAllowWrites, results, elapsedMs }: MethodState): void {
    this.#run.disabled = isBusy;
    this.#stop.hidden = !isBusy;
    for (const [id, { input, error }] of this.#inputs) {
      const message = errors.find((each) => each.id === id)?.message ?? '';
      error.textContent = message;
      input.setAttribute('aria-invalid', String(message !== ''));
    }
    const wrong = errors[0] === undefined ? undefined : this.#inputs.get(errors[0].id);
    wrong?.input.focus();
    this.#status.textContent = isBusy
      ? 'Calling…'
      : elapsedMs === undefined
        ? ''
        : `Answered in ${elapsedMs < 1000 ? `${Math.round(elapsedMs)} ms` : `${(elapsedMs / 1000).toFixed(2)} s`}.`;
    if (isBusy || errors.length > 0) {
      this.#answer.replaceChildren();
      return;
    }
    this.#answer.replaceChildren(
      ...(failure === undefined ? [] : [this.#failure(failure, details ?? [], canAllowWrites === true)]),
      ...(results === undefined ? [] : this.#results(results)),
    );
  }

  #failure(failure: string, details: readonly string[], canAllowWrites: boolean): HTMLElement {
    return createElement(
      'div',
      { className: 'failure', role: 'alert' },
      createElement('p', { className: 'explanation', text: failure }),
      ...(details.length === 0
        ? []
        : [createElement('pre', { text: details.join('\n'), attributes: { tabindex: '0' } })]),
      ...(canAllowWrites
        ? [
            createButton('Allow Writing…', () => this.#post({ type: 'allowWrites' }), {
              className: 'secondary',
            }),
          ]
        : []),
    );
  }

  #results(results: readonly MethodResultValue[]): HTMLElement[] {
    if (results.length === 0) {
      return [createElement('p', { className: 'hint', text: 'The method gives nothing back.' })];
    }
    return results.map(({ name, type, value, isXml }) =>
      createElement(
        'div',
        { className: 'result' },
        createElement(
          'header',
          {},
          createElement('h2', { text: name }),
          createElement('span', { className: 'type', text: type }),
          createButton('Copy', () => this.#post({ type: 'copy', text: value }), { className: 'secondary' }),
          ...(isXml && value !== ''
            ? [
                createButton('Open in Editor', () => this.#post({ type: 'openResult', name }), {
                  className: 'secondary',
                }),
              ]
            : []),
        ),
        value === ''
          ? createElement('p', { className: 'hint', text: 'Empty.' })
          : createElement('pre', { text: value, attributes: { tabindex: '0', 'aria-label': name } }),
      ),
    );
  }
}

function createInput(kind: MethodField['kind'], isOptional: boolean): Input {
  const plain = { spellcheck: 'false', autocomplete: 'off' };
  switch (kind) {
    case 'boolean':
      return createElement(
        'select',
        {},
        createElement('option', { text: 'false', attributes: { value: 'false' } }),
        createElement('option', { text: 'true', attributes: { value: 'true' } }),
      );
    case 'xml':
      return createElement('textarea', {
        attributes: { ...plain, rows: '6', ...(isOptional ? {} : { 'aria-required': 'true' }) },
      });
    case 'number':
      return createElement('input', { attributes: { ...plain, type: 'text', inputmode: 'decimal' } });
    case 'text':
      return createElement('input', { attributes: { ...plain, type: 'text' } });
  }
}

import type {
  FormError,
  FormOpen,
  FormPlace,
  FormState,
  FormValues,
  FromForm,
  ToForm,
} from '../../../core/protocol/connectionFormMessages.ts';
import { createButton, createElement } from '../../query/grid/dom.ts';

const tiers: readonly { readonly id: string; readonly label: string; readonly hint: string }[] = [
  { id: 'development', label: 'Development', hint: 'Reading and writing.' },
  { id: 'test', label: 'Test', hint: 'Reading and writing.' },
  { id: 'staging', label: 'Staging', hint: 'Reading and writing.' },
  {
    id: 'production',
    label: 'Production',
    hint: 'Read-only, until you allow writing for a time.',
  },
];

interface Control {
  readonly input: HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
  readonly error: HTMLElement;
  readonly row: HTMLElement;
}

/** The form of one connection. It checks nothing itself: what is wrong comes back from the test, to the field it is about. */
export class ConnectionForm {
  readonly #post: (message: FromForm) => void;
  readonly #root: HTMLElement;
  readonly #controls = new Map<string, Control>();
  readonly #credentials = createElement('div', { className: 'credentials' });
  readonly #tierHint = createElement('span', { className: 'hint', attributes: { id: 'tier-hint' } });
  readonly #status = createElement('p', { className: 'status', role: 'status' });
  readonly #formError = createElement('p', { className: 'error', role: 'alert' });
  readonly #test = createButton('Test Connection', () => this.#submit('test'), { className: 'secondary' });
  readonly #save = createButton('Save', () => this.#submit('save'));
  readonly #saveAnyway = createButton('Save without Testing', () => this.#submit('saveAnyway'), {
    className: 'secondary',
  });
  readonly #cancel = createButton('Cancel', () => this.#post({ type: 'cancel' }), { className: 'secondary' });
  #open: FormOpen | undefined;

  constructor(root: HTMLElement, post: (message: FromForm) => void) {
    this.#root = root;
    this.#post = post;
    root.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#post({ type: 'cancel' });
      const isText = event.target instanceof HTMLInputElement;
      if (event.key === 'Enter' && isText && !this.#save.disabled) {
        event.preventDefault();
        this.#submit('save');
      }
    });
  }

  receive(message: ToForm): void {
    if (message.type === 'open') this.#show(message);
    else this.#showState(message);
  }

  #show(open: FormOpen): void {
    this.#open = open;
    const { values, signIns } = open;
    this.#controls.clear();
    const signIn = this.#choice(
      'signIn',
      'Sign in with',
      signIns.map(({ id, label }) => ({ id, label })),
      values.signIn,
    );
    signIn.input.addEventListener('change', () => this.#showCredentials(signIn.input.value));
    const tier = this.#choice('tier', 'Tier', tiers, values.tier);
    tier.input.addEventListener('change', () => this.#showTierHint(tier.input.value));
    tier.input.setAttribute('aria-describedby', 'tier-hint tier-error');
    tier.row.insertBefore(this.#tierHint, tier.error);
    const advanced = createElement(
      'details',
      {},
      createElement('summary', { text: 'More settings' }),
      this.#text('requestsPerSecond', 'Requests per second', values.requestsPerSecond, {
        hint: 'When you know what the instance allows. Empty: found out by trying, starting low.',
        inputMode: 'decimal',
      }).row,
      this.#text('concurrency', 'Requests at once', values.concurrency, {
        hint: 'Empty: 4.',
        inputMode: 'numeric',
      }).row,
      this.#text('timeoutSeconds', 'Time limit', values.timeoutSeconds, {
        hint: 'Longest wait for an answer, in seconds. Empty: 60.',
        inputMode: 'decimal',
      }).row,
      this.#text('caFile', 'Certificate authority', values.caFile, {
        hint: 'PEM file of a private authority.',
      }).row,
    );
    advanced.open = [values.requestsPerSecond, values.concurrency, values.timeoutSeconds, values.caFile].some(
      (value) => value !== '',
    );
    this.#root.replaceChildren(
      createElement(
        'main',
        { className: 'form' },
        createElement('h1', { text: open.isNew ? 'Add a Campaign connection' : `Edit ${values.name}` }),
        this.#text('url', 'Address', values.url, {
          hint: 'As in the console or the browser, e.g. https://acme.campaign.adobe.com',
          inputMode: 'url',
        }).row,
        signIn.row,
        this.#credentials,
        this.#text('name', 'Name', values.name, { hint: 'Shown in the tree and the status bar.' }).row,
        tier.row,
        advanced,
        this.#formError,
        this.#status,
        createElement(
          'div',
          { className: 'buttons' },
          this.#save,
          this.#test,
          this.#saveAnyway,
          this.#cancel,
        ),
        createElement('p', {
          className: 'hint',
          text: 'Secrets are kept in the system’s secret store, never in settings, files or logs.',
        }),
      ),
    );
    this.#showCredentials(values.signIn);
    this.#showTierHint(values.tier);
    this.#showState({ type: 'state', busy: undefined, errors: [], canSaveAnyway: false });
    this.#controls.get('url')?.input.focus();
  }

  #showCredentials(signInId: string): void {
    const open = this.#open!;
    const signIn = open.signIns.find(({ id }) => id === signInId);
    const isStored = open.hasSecrets && signInId === open.values.signIn;
    const rows = (signIn?.fields ?? []).map(({ name, label, isSecret }) => {
      const control = this.#text(`credential-${name}`, label, open.values.credentials[name] ?? '', {
        isSecret,
        ...(isSecret && isStored ? { hint: 'Stored. Leave empty to keep it.' } : {}),
      });
      return control.row;
    });
    this.#credentials.replaceChildren(...rows);
  }

  #showTierHint(tier: string): void {
    this.#tierHint.textContent = tiers.find(({ id }) => id === tier)?.hint ?? '';
  }

  #showState({ busy, errors, success, canSaveAnyway }: FormState): void {
    const isBusy = busy !== undefined;
    this.#test.disabled = isBusy;
    this.#save.disabled = isBusy;
    this.#saveAnyway.hidden = !canSaveAnyway || isBusy;
    this.#cancel.textContent = isBusy ? 'Stop' : 'Cancel';
    this.#root.classList.toggle('busy', isBusy);
    this.#status.className = `status${success === undefined ? '' : ' success'}`;
    this.#status.textContent = isBusy ? 'Trying to sign in…' : (success ?? '');
    this.#formError.textContent = errors
      .filter(({ place }) => place === 'form')
      .map(({ message }) => message)
      .join(' ');
    for (const [name, { input, error }] of this.#controls) {
      const message = errorAt(errors, name);
      error.textContent = message;
      input.setAttribute('aria-invalid', String(message !== ''));
    }
    const first = [...this.#controls].find(([name]) => errorAt(errors, name) !== '');
    first?.[1].input.focus();
  }

  #submit(what: 'test' | 'save' | 'saveAnyway'): void {
    const values = this.#read();
    if (what === 'test') this.#post({ type: 'test', values });
    else this.#post({ type: 'save', values, anyway: what === 'saveAnyway' });
  }

  #read(): FormValues {
    const value = (name: string): string => this.#controls.get(name)?.input.value.trim() ?? '';
    const signIn = value('signIn');
    const fields = this.#open!.signIns.find(({ id }) => id === signIn)?.fields ?? [];
    return {
      name: value('name'),
      url: value('url'),
      tier: value('tier'),
      signIn,
      // A password may begin or end with a blank.
      credentials: Object.fromEntries(
        fields.map(({ name }) => [name, this.#controls.get(`credential-${name}`)?.input.value ?? '']),
      ),
      requestsPerSecond: value('requestsPerSecond'),
      concurrency: value('concurrency'),
      timeoutSeconds: value('timeoutSeconds'),
      caFile: value('caFile'),
    };
  }

  #text(
    name: string,
    label: string,
    value: string,
    options: { hint?: string; isSecret?: boolean; inputMode?: string } = {},
  ): Control {
    const input = createElement('input', {
      attributes: {
        type: options.isSecret === true ? 'password' : 'text',
        spellcheck: 'false',
        autocomplete: 'off',
        ...(options.inputMode === undefined ? {} : { inputmode: options.inputMode }),
      },
    });
    input.value = value;
    return this.#control(name, label, input, options.hint);
  }

  #choice(
    name: string,
    label: string,
    options: readonly { readonly id: string; readonly label: string }[],
    value: string,
  ): Control {
    const select = createElement(
      'select',
      {},
      ...options.map((option) =>
        createElement('option', { text: option.label, attributes: { value: option.id } }),
      ),
    );
    select.value = value;
    return this.#control(name, label, select);
  }

  #control(name: string, label: string, input: HTMLInputElement | HTMLSelectElement, hint?: string): Control {
    input.id = name;
    const error = createElement('span', { className: 'error', attributes: { id: `${name}-error` } });
    const hintElement =
      hint === undefined
        ? undefined
        : createElement('span', { className: 'hint', text: hint, attributes: { id: `${name}-hint` } });
    input.setAttribute(
      'aria-describedby',
      hintElement === undefined ? error.id : `${hintElement.id} ${error.id}`,
    );
    const row = createElement(
      'div',
      { className: 'field' },
      createElement('label', { text: label, attributes: { for: name } }),
      input,
      ...(hintElement === undefined ? [] : [hintElement]),
      error,
    );
    const control = { input, error, row };
    this.#controls.set(name, control);
    return control;
  }
}

/** Errors of the credentials stand at the last of their fields: the secret. */
function errorAt(errors: readonly FormError[], control: string): string {
  const place: FormPlace | undefined = control.startsWith('credential-')
    ? control === 'credential-login'
      ? undefined
      : 'credentials'
    : (control as FormPlace);
  return errors
    .filter((error) => error.place === place)
    .map(({ message }) => message)
    .join(' ');
}

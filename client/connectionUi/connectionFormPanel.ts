import * as vscode from 'vscode';
import type {
  FormError,
  FormSignIn,
  FormValues,
  FromForm,
  ToForm,
} from '../../core/protocol/connectionFormMessages.ts';
import { CampaignError } from '../../core/soap/campaignError.ts';
import { isCancellation, type Commands } from '../commands.ts';
import type { ConnectionSettings, SignInMode } from '../connection/connectionSettings.ts';
import type { Connection, Connections } from '../connection/connections.ts';
import { credentialFields, secretKey } from '../connection/credentials.ts';
import { createPagePanel, WebviewPage, type PageSource } from '../webview/webviewPage.ts';
import { fromFormValues, toFormError, toFormValues, toSuccess } from './formValues.ts';
import { idOf, SavedConnections } from './savedConnections.ts';

export interface ConnectionFormServices {
  readonly connections: Connections;
  readonly commands: Commands;
}

const signInLabels: Readonly<Record<SignInMode, string>> = {
  password: 'Login and password',
  imsClientCredentials: 'Adobe IMS: OAuth Server-to-Server credential',
  bearer: 'Adobe IMS: access token',
  bearerLogon: 'Adobe IMS: access token, exchanged for a session',
  session: 'Tokens of a session opened elsewhere',
  userPassword: 'Login and password in each call, without logon (Message Center)',
};

/** The form for a new connection, or for one to change; one at a time. */
export class ConnectionForms {
  readonly #context: vscode.ExtensionContext;
  readonly #services: ConnectionFormServices;
  #open: ConnectionForm | undefined;

  constructor(context: vscode.ExtensionContext, services: ConnectionFormServices) {
    this.#context = context;
    this.#services = services;
  }

  show(connection?: Connection): void {
    if (this.#open !== undefined && this.#open.connectionId === connection?.settings.id) {
      this.#open.reveal();
      return;
    }
    this.#open?.close();
    const form = new ConnectionForm(this.#context, this.#services, connection, () => {
      if (this.#open === form) this.#open = undefined;
    });
    this.#open = form;
  }
}

class ConnectionForm {
  readonly connectionId: string | undefined;
  readonly #context: vscode.ExtensionContext;
  readonly #services: ConnectionFormServices;
  readonly #connection: Connection | undefined;
  readonly #saved = new SavedConnections();
  readonly #panel: vscode.WebviewPanel;
  readonly #page: WebviewPage<ToForm, FromForm>;
  /** Of the test under way. */
  #abort: AbortController | undefined;

  constructor(
    context: vscode.ExtensionContext,
    services: ConnectionFormServices,
    connection: Connection | undefined,
    onClose: () => void,
  ) {
    this.#context = context;
    this.#services = services;
    this.#connection = connection;
    this.connectionId = connection?.settings.id;
    const source: PageSource = {
      extensionUri: context.extensionUri,
      bundle: 'form',
      title: connection === undefined ? 'Add Campaign Connection' : `Edit ${connection.settings.name}`,
    };
    this.#panel = createPagePanel('campaign.connection', source, vscode.ViewColumn.Active);
    this.#panel.onDidDispose(() => {
      this.#abort?.abort();
      onClose();
    });
    this.#page = new WebviewPage(this.#panel.webview, source, (message: FromForm) => this.#receive(message));
  }

  reveal(): void {
    this.#panel.reveal();
  }

  close(): void {
    this.#panel.dispose();
  }

  #receive(message: FromForm): void {
    const run = (work: Promise<void>): void => {
      work.catch((error: unknown) => {
        this.#services.commands.report(error, 'Connection form');
        this.#state({ errors: [] });
      });
    };
    switch (message.type) {
      case 'ready':
        run(this.#sendOpen());
        break;
      case 'test':
        run(this.#test(message.values));
        break;
      case 'save':
        run(this.#save(message.values, message.anyway));
        break;
      case 'cancel':
        if (this.#abort === undefined) this.close();
        else this.#abort.abort();
        break;
      case 'pageError':
        this.#services.commands.log(new Error(message.message), 'Connection form');
        break;
    }
  }

  #entry(): ReturnType<SavedConnections['all']>[number] | undefined {
    return this.#saved.all().find((entry) => idOf(entry) === this.connectionId);
  }

  async #sendOpen(): Promise<void> {
    const { settings } = this.#connection ?? {};
    const stored =
      settings === undefined
        ? undefined
        : await this.#context.secrets.get(secretKey(settings.id, settings.signIn));
    this.#post({
      type: 'open',
      isNew: settings === undefined,
      values: toFormValues(settings === undefined ? undefined : this.#entry()),
      signIns: signIns(),
      hasSecrets: stored !== undefined,
    });
  }

  async #test(values: FormValues): Promise<void> {
    const read = this.#read(values);
    if (read.entry === undefined) this.#state({ errors: read.errors });
    else await this.#tryOut(read.settings, values, 'test');
  }

  async #save(values: FormValues, anyway: boolean): Promise<void> {
    const read = this.#read(values);
    if (read.entry === undefined) {
      this.#state({ errors: read.errors });
      return;
    }
    const { entry, settings } = read;
    const isTested = anyway || this.#isSameInstance(settings, values);
    if (!isTested && !(await this.#tryOut(settings, values, 'save'))) return;
    const secrets = secretValues(settings, values);
    if (secrets !== undefined) {
      await this.#services.connections.storeCredentials(settings, secrets);
    }
    await this.#saved.save(entry, this.connectionId);
    this.close();
    const connection = await this.#appeared(settings);
    if (!anyway && connection?.state === 'disconnected')
      await this.#services.connections.connect(settings.id);
    else if (connection !== undefined) await this.#services.connections.setActive(settings.id);
  }

  #read(values: FormValues): ReturnType<typeof fromFormValues> {
    const takenIds = this.#saved
      .all()
      .map((entry) => idOf(entry))
      .filter((id) => id !== undefined && id !== this.connectionId) as string[];
    return fromFormValues(values, this.#connection === undefined ? undefined : this.#entry(), takenIds);
  }

  /** Nothing that signing in depends on changed, and no new secret was given: there is nothing to test. */
  #isSameInstance(settings: ConnectionSettings, values: FormValues): boolean {
    const before = this.#connection?.settings;
    return (
      before !== undefined &&
      secretValues(settings, values) === undefined &&
      before.url === settings.url &&
      before.login === settings.login &&
      before.signIn === settings.signIn &&
      before.caFile === settings.caFile
    );
  }

  /** Signs in with what the form holds, telling the page how it went. */
  async #tryOut(settings: ConnectionSettings, values: FormValues, busy: 'test' | 'save'): Promise<boolean> {
    const secrets = secretValues(settings, values);
    const isSame = this.#isSameInstance(settings, values);
    if (secrets === undefined && !isSame) {
      this.#state({
        errors: [{ place: 'credentials', message: missingSecret(settings, this.#connection !== undefined) }],
        // A connection without a stored secret asks when it connects.
        canSaveAnyway: busy === 'save',
      });
      return false;
    }
    const abort = new AbortController();
    this.#abort = abort;
    this.#post({ type: 'state', busy, errors: [], canSaveAnyway: false });
    try {
      const session =
        secrets === undefined
          ? await this.#connection!.soap.logon({ signal: abort.signal })
          : await this.#services.connections.test(settings, secrets, abort.signal);
      this.#state({ errors: [], success: toSuccess(session) });
      return true;
    } catch (error) {
      if (!(error instanceof CampaignError)) throw error;
      if (isCancellation(error)) this.#state({ errors: [] });
      else {
        this.#services.commands.log(error, `Test of ${settings.url}`);
        this.#state({
          errors: [toFormError(error)],
          canSaveAnyway: busy === 'save' && error.code !== 'signIn',
        });
      }
      return false;
    } finally {
      this.#abort = undefined;
    }
  }

  /** The service learns of the new entry from the settings, a moment later. */
  async #appeared(settings: ConnectionSettings): Promise<Connection | undefined> {
    const { connections } = this.#services;
    const find = (): Connection | undefined => {
      const connection = connections.get(settings.id);
      return connection?.settings.url === settings.url ? connection : undefined;
    };
    if (find() !== undefined) return find();
    return await new Promise((resolve) => {
      const finish = (): void => {
        stop();
        clearTimeout(timer);
        resolve(find());
      };
      const stop = connections.onDidChange(() => {
        if (find() !== undefined) finish();
      });
      const timer = setTimeout(finish, 5000);
    });
  }

  #state(state: { errors: readonly FormError[]; success?: string; canSaveAnyway?: boolean }): void {
    this.#post({ type: 'state', busy: undefined, canSaveAnyway: false, ...state });
  }

  #post(message: ToForm): void {
    this.#page.post(message);
  }
}

function signIns(): FormSignIn[] {
  return (Object.keys(signInLabels) as SignInMode[]).map((id) => ({
    id,
    label: signInLabels[id],
    fields: credentialFields[id].map(({ name, prompt, isSecret }) => ({ name, label: prompt, isSecret })),
  }));
}

/** The credentials of the form; `undefined` when a secret is left empty. */
function secretValues(
  { signIn }: ConnectionSettings,
  { credentials }: FormValues,
): Record<string, string> | undefined {
  const fields = credentialFields[signIn];
  const isComplete = fields.every(({ name }) => (credentials[name] ?? '') !== '');
  if (!isComplete) return undefined;
  return Object.fromEntries(
    fields.map(({ name, isSecret }) => {
      const value = credentials[name]!;
      return [name, isSecret ? value : value.trim()];
    }),
  );
}

function missingSecret({ signIn }: ConnectionSettings, isEdit: boolean): string {
  const what =
    signIn === 'password' || signIn === 'userPassword' ? 'login and password' : 'what the sign-in needs';
  return isEdit
    ? `Fill in ${what} again: a stored secret is not sent to another address or for another login.`
    : `Fill in ${what} to test the connection.`;
}

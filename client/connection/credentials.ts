import {
  createBearerLogonSignIn,
  createBearerSignIn,
  createImsTokens,
  createPastedSessionSignIn,
  createUserPasswordSignIn,
  defaultImsUrl,
  parseImsCredentials,
} from '../../core/soap/bearerSignIn.ts';
import { CampaignError, cancelledError } from '../../core/soap/campaignError.ts';
import type { CancelSignal } from '../../core/soap/cancelSignal.ts';
import { createPasswordSignIn, type SignIn } from '../../core/soap/signIn.ts';
import type { ConnectionSettings, SignInMode } from './connectionSettings.ts';

/** VS Code's SecretStorage, or something like it. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** One thing a person is asked for. */
export interface CredentialField {
  readonly name: string;
  readonly prompt: string;
  /** Not shown while it is typed. */
  readonly isSecret: boolean;
}

/** Asks a person for all fields. `undefined`: they backed out. */
export type AskCredentials = (
  settings: ConnectionSettings,
  fields: readonly CredentialField[],
  reason: 'missing' | 'refused',
  signal: CancelSignal,
) => Promise<CredentialValues | undefined>;

const secret = (name: string, prompt: string): CredentialField => ({ name, prompt, isSecret: true });

/** What each way to sign in needs. */
export const credentialFields: Readonly<Record<SignInMode, readonly CredentialField[]>> = {
  password: [{ name: 'login', prompt: 'Login', isSecret: false }, secret('password', 'Password')],
  imsClientCredentials: [
    secret(
      'credential',
      'JSON of the OAuth Server-to-Server credential, as the Adobe Developer Console offers it for download',
    ),
  ],
  bearer: [secret('token', 'IMS access token')],
  bearerLogon: [secret('token', 'IMS access token')],
  session: [
    secret('sessionToken', 'Session token (cookie __sessiontoken)'),
    secret('securityToken', 'Security token (header X-Security-Token)'),
  ],
  userPassword: [{ name: 'login', prompt: 'Login', isSecret: false }, secret('password', 'Password')],
};

/** What a person gives, by the names of the fields. */
export type CredentialValues = Readonly<Record<string, string>>;

/** The sign-in of a connection. `get` is asked anew for each; it may ask a person. */
export function createSignIn(
  settings: ConnectionSettings,
  get: (signal: CancelSignal) => Promise<CredentialValues>,
): SignIn {
  const value = async (signal: CancelSignal, name: string): Promise<string> =>
    (await get(signal))[name] ?? '';
  const loginAndPassword = async (signal: CancelSignal): Promise<{ login: string; password: string }> => {
    const { login = '', password = '' } = await get(signal);
    return { login, password };
  };
  switch (settings.signIn) {
    case 'password':
      return createPasswordSignIn(loginAndPassword);
    case 'userPassword':
      return createUserPasswordSignIn(loginAndPassword);
    case 'imsClientCredentials':
      return createBearerSignIn(
        createImsTokens(
          async (signal) => parseImsCredentials(await value(signal, 'credential')),
          settings.imsUrl,
        ),
      );
    case 'bearer':
      return createBearerSignIn(async ({ signal }) => ({ token: await value(signal, 'token') }));
    case 'bearerLogon':
      return createBearerLogonSignIn(async ({ signal }) => ({ token: await value(signal, 'token') }));
    case 'session':
      return createPastedSessionSignIn(async (signal) => {
        const { sessionToken = '', securityToken = '' } = await get(signal);
        return { sessionToken, securityToken };
      });
  }
}

/** Errors by which the server says that it is the credentials that are wrong, not the address or the network. */
function isRefusal(error: unknown): boolean {
  // A forbidden IP address is refused whatever the password.
  return error instanceof CampaignError && error.code === 'signIn' && error.campaignCode !== 'XSV-350013';
}

/**
 * The credentials of one connection, and the sign-in made of them. New ones are kept only after the server has accepted
 * them; refused ones are not used again without asking.
 */
export class Credentials {
  readonly signIn: SignIn;
  readonly #settings: ConnectionSettings;
  readonly #secrets: SecretStore;
  readonly #ask: AskCredentials;
  readonly #key: string;
  #isRefused = false;
  /** Asked for, not yet accepted. */
  #candidate: CredentialValues | undefined;

  constructor(settings: ConnectionSettings, secrets: SecretStore, ask: AskCredentials) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#ask = ask;
    this.#key = secretKey(settings.id, settings.signIn);
    this.signIn = this.#watch(createSignIn(settings, (signal) => this.#get(signal)));
  }

  /** The last ones used were refused. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  /** A sign-in is possible without asking anybody. */
  async isStored(): Promise<boolean> {
    return !this.#isRefused && (await this.#read()) !== undefined;
  }

  /** Deletes the secrets of every way to sign in. */
  async forget(): Promise<void> {
    this.#isRefused = false;
    this.#candidate = undefined;
    for (const key of secretKeys(this.#settings.id)) await this.#secrets.delete(key);
  }

  /** Learns from how a sign-in ends. */
  #watch(inner: SignIn): SignIn {
    return {
      open: async (context) => {
        try {
          const session = await inner.open(context);
          this.#isRefused = false;
          const candidate = this.#candidate;
          this.#candidate = undefined;
          if (candidate !== undefined) await storeCredentials(this.#settings, candidate, this.#secrets);
          return session;
        } catch (error) {
          if (isRefusal(error)) this.#isRefused = true;
          this.#candidate = undefined;
          throw error;
        }
      },
    };
  }

  async #get(signal: CancelSignal): Promise<CredentialValues> {
    const stored = this.#isRefused ? undefined : await this.#read();
    if (stored !== undefined) return stored;
    const { login } = this.#settings;
    const known = login === undefined ? {} : { login };
    const fields = credentialFields[this.#settings.signIn].filter(({ name }) => !(name in known));
    const answer = await this.#ask(this.#settings, fields, this.#isRefused ? 'refused' : 'missing', signal);
    if (answer === undefined) throw cancelledError(undefined, 'notSent');
    const trimmed = Object.entries(answer).map(([name, text]) => [
      name,
      name === 'password' ? text : text.trim(),
    ]);
    this.#candidate = { ...known, ...(Object.fromEntries(trimmed) as Record<string, string>) };
    return this.#candidate;
  }

  async #read(): Promise<CredentialValues | undefined> {
    const text = await this.#secrets.get(this.#key);
    if (text === undefined) return undefined;
    try {
      const { destination, values } = JSON.parse(text) as Partial<Stored>;
      if (destination !== destinationOf(this.#settings) || values === undefined) return undefined;
      const isWhole = credentialFields[this.#settings.signIn].every(
        ({ name }) => typeof values[name] === 'string',
      );
      // A login changed in the settings makes the stored password somebody else's.
      const isOurs =
        this.#settings.login === undefined ||
        !('login' in values) ||
        values['login'] === this.#settings.login;
      return isWhole && isOurs ? values : undefined;
    } catch {
      return undefined;
    }
  }
}

/** As kept in the secret store. */
interface Stored {
  readonly destination: string;
  readonly values: CredentialValues;
}

/**
 * Where the credentials of a connection are sent. Invariant: stored ones go nowhere else. The settings of a folder
 * somebody sent along could otherwise point a known id at another server, and get its password.
 */
function destinationOf(settings: ConnectionSettings): string {
  const { origin } = new URL(settings.url);
  return settings.signIn === 'imsClientCredentials'
    ? `${origin} ${settings.imsUrl ?? defaultImsUrl}`
    : origin;
}

/** Keeps the credentials of a connection for its address. */
export async function storeCredentials(
  settings: ConnectionSettings,
  values: CredentialValues,
  secrets: SecretStore,
): Promise<void> {
  const stored: Stored = { destination: destinationOf(settings), values };
  await secrets.store(secretKey(settings.id, settings.signIn), JSON.stringify(stored));
}

/** Where the secrets of a connection are kept; each way to sign in has its own. */
export function secretKey(connectionId: string, mode: SignInMode): string {
  return `campaign.${mode}:${connectionId}`;
}

function secretKeys(connectionId: string): string[] {
  return (Object.keys(credentialFields) as SignInMode[]).map((mode) => secretKey(connectionId, mode));
}

/** The error for work in the background that would have to ask for a password. */
export function notConnected(settings: ConnectionSettings): CampaignError {
  return new CampaignError({
    code: 'signIn',
    explanation: `Not connected to ${settings.name}.`,
    nextStep: 'Connect first (Campaign: Connect).',
    outcome: 'notSent',
  });
}

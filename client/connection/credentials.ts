import { CampaignError, cancelledError } from '../../core/soap/campaignError.ts';
import type { CancelSignal } from '../../core/soap/cancelSignal.ts';
import type { PasswordCredentials } from '../../core/soap/signIn.ts';
import type { ConnectionSettings } from './connectionSettings.ts';

/** VS Code's SecretStorage, or something like it. */
export interface SecretStore {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
}

/** Asks a person. `undefined`: they backed out. */
export type AskCredentials = (
  settings: ConnectionSettings,
  reason: 'missing' | 'refused',
  signal: CancelSignal,
) => Promise<{ login: string; password: string } | undefined>;

interface Stored {
  readonly login: string;
  readonly password: string;
}

/**
 * The password of one connection. A new one is kept only after the server has accepted it; a refused one is not used
 * again without asking.
 */
export class Credentials {
  readonly #settings: ConnectionSettings;
  readonly #secrets: SecretStore;
  readonly #ask: AskCredentials;
  readonly #key: string;
  #isRefused = false;
  /** Asked for, not yet accepted. */
  #candidate: Stored | undefined;

  constructor(settings: ConnectionSettings, secrets: SecretStore, ask: AskCredentials) {
    this.#settings = settings;
    this.#secrets = secrets;
    this.#ask = ask;
    this.#key = secretKey(settings.id, 'password');
  }

  /** A sign-in is possible without asking anybody. */
  async isStored(): Promise<boolean> {
    return !this.#isRefused && (await this.#read()) !== undefined;
  }

  async get(signal: CancelSignal): Promise<PasswordCredentials> {
    const stored = this.#isRefused ? undefined : await this.#read();
    if (stored !== undefined) return stored;
    const answer = await this.#ask(this.#settings, this.#isRefused ? 'refused' : 'missing', signal);
    if (answer === undefined) throw cancelledError('xtk:session#Logon', 'notSent');
    this.#candidate = answer;
    return answer;
  }

  async accepted(): Promise<void> {
    this.#isRefused = false;
    const candidate = this.#candidate;
    this.#candidate = undefined;
    if (candidate !== undefined) await this.#secrets.store(this.#key, JSON.stringify(candidate));
  }

  refused(): void {
    this.#isRefused = true;
    this.#candidate = undefined;
  }

  async forget(): Promise<void> {
    this.#isRefused = false;
    this.#candidate = undefined;
    await this.#secrets.delete(this.#key);
  }

  async #read(): Promise<Stored | undefined> {
    const text = await this.#secrets.get(this.#key);
    if (text === undefined) return undefined;
    try {
      const { login, password } = JSON.parse(text) as Partial<Stored>;
      if (typeof login !== 'string' || typeof password !== 'string') return undefined;
      // A login changed in the settings makes the stored password somebody else's.
      return this.#settings.login === undefined || this.#settings.login === login
        ? { login, password }
        : undefined;
    } catch {
      return undefined;
    }
  }
}

/** Where a secret of a connection is kept. */
export function secretKey(connectionId: string, kind: string): string {
  return `campaign.${kind}:${connectionId}`;
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

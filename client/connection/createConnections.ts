import { join } from 'node:path';
import type { OptionEntry } from '../../core/protocol/messages.ts';
import { CallLog } from '../../core/soap/callLog.ts';
import { CampaignError, cancelledError } from '../../core/soap/campaignError.ts';
import type { Clock } from '../../core/soap/clock.ts';
import { createSoapClient } from '../../core/soap/createSoapClient.ts';
import type { SignIn } from '../../core/soap/signIn.ts';
import type { SessionInfo, SoapClient } from '../../core/soap/soapClient.ts';
import type { Transport } from '../../core/soap/transport.ts';
import { parseConnectionSettings, type ConnectionSettings } from './connectionSettings.ts';
import type {
  Connection,
  Connections,
  ConnectionsChange,
  ConnectionState,
  ModelOptions,
  ModelState,
} from './connections.ts';
import {
  createSignIn,
  Credentials,
  notConnected,
  storeCredentials,
  type AskCredentials,
  type CredentialValues,
  type SecretStore,
} from './credentials.ts';
import { decodeText } from './nodeClock.ts';
import { InstanceContent } from './instanceContent.ts';
import { SchemaCache } from './schemaCache.ts';
import { SchemaModel } from './schemaModel.ts';

/** What the editor provides; everything of VS Code that this folder needs, so that the rest runs without it. */
export interface ConnectionsHost {
  /** The value of `campaign.connections`. */
  readSettings(): unknown;
  /** @returns a function that ends the subscription. */
  onDidChangeSettings(listener: () => void): () => void;
  /** Shows problems of the settings, one sentence each. */
  reportProblems(problems: readonly string[]): void;
  readonly secrets: SecretStore;
  readonly askCredentials: AskCredentials;
  /** Small values that outlive a restart. */
  readonly memory: {
    get(key: string): string | undefined;
    set(key: string, value: string | undefined): PromiseLike<void>;
  };
  /** Folder for the schema caches; need not exist. */
  readonly cacheFolder: string;
  readonly clock: Clock;
  readonly userAgent: string;
  createTransport(settings: ConnectionSettings): Transport & { close(): void };
}

const activeKey = 'campaign.activeConnection';

/** Makes the connections service. Reads the settings at once; connects to nothing. */
export function createConnections(host: ConnectionsHost): Connections {
  return new ConnectionsService(host);
}

class ManagedConnection implements Connection {
  readonly settings: ConnectionSettings;
  readonly soap: SoapClient;
  readonly credentials: Credentials;
  readonly model: SchemaModel;
  readonly content: InstanceContent;
  readonly cache: SchemaCache;
  readonly #transport: Transport & { close(): void };
  #isConnecting = false;
  /** A person disconnected: nothing in the background may sign in again. */
  #isLeft = false;

  constructor(settings: ConnectionSettings, host: ConnectionsHost, log: CallLog, onState: () => void) {
    this.settings = settings;
    this.credentials = new Credentials(settings, host.secrets, host.askCredentials);
    this.#transport = host.createTransport(settings);
    const { requestsPerSecond, methodLimits, concurrency, timeoutSeconds } = settings;
    const rateKey = `campaign.foundPerSecond:${settings.id}@${new URL(settings.url).host}`;
    const remembered = Number(host.memory.get(rateKey) ?? NaN);
    this.soap = createSoapClient({
      url: settings.url,
      transport: this.#transport,
      clock: host.clock,
      decode: decodeText,
      userAgent: host.userAgent,
      log,
      signIn: this.#createSignIn(onState),
      onSession: onState,
      readOnly: settings.tier === 'production',
      requestsPerSecond,
      ...(remembered > 0 ? { foundPerSecond: remembered } : {}),
      methodLimits,
      concurrency,
      ...(timeoutSeconds === undefined ? {} : { timeoutMs: timeoutSeconds * 1000 }),
    });
    let throttledCount = 0;
    this.soap.onDidChangeFigures((figures) => {
      if (figures.throttledCount === throttledCount) return;
      throttledCount = figures.throttledCount;
      if (figures.foundPerSecond !== undefined)
        void host.memory.set(rateKey, figures.foundPerSecond.toFixed(1));
    });
    // With the address, so that an id that moves to another instance does not bring the old one's model along.
    const folder = encodeURIComponent(`${settings.id}@${new URL(settings.url).host}`);
    this.cache = new SchemaCache(join(host.cacheFolder, folder));
    const assertReachable = async (): Promise<void> => {
      if (this.session !== undefined) return;
      if (this.#isLeft || !(await this.credentials.isStored())) throw notConnected(settings);
    };
    this.model = new SchemaModel(this.cache, this.soap, assertReachable);
    this.content = new InstanceContent(this.cache, this.soap, assertReachable);
  }

  get session(): SessionInfo | undefined {
    return this.soap.session;
  }

  get state(): ConnectionState {
    return this.session !== undefined ? 'connected' : this.#isConnecting ? 'connecting' : 'disconnected';
  }

  async leave(): Promise<void> {
    this.#isLeft = true;
    await this.soap.logoff();
  }

  async forget(): Promise<void> {
    this.#isLeft = true;
    await this.credentials.forget();
    await this.soap.forget();
  }

  dispose(): void {
    this.soap.dispose();
    this.#transport.close();
  }

  /** Tells the listeners that a sign-in is under way. */
  #createSignIn(onState: () => void): SignIn {
    return {
      open: async (context) => {
        this.#isConnecting = true;
        onState();
        try {
          const session = await this.credentials.signIn.open(context);
          this.#isLeft = false;
          this.#isConnecting = false; // Told by `onSession`, once the session is in place.
          return session;
        } catch (error) {
          this.#isConnecting = false;
          onState();
          throw error;
        }
      },
    };
  }
}

class ConnectionsService implements Connections {
  readonly #host: ConnectionsHost;
  readonly #connections = new Map<string, ManagedConnection>();
  readonly #listeners = new Set<(change: ConnectionsChange) => void>();
  readonly #lastState = new Map<string, ConnectionState>();
  readonly #unsubscribe: () => void;
  /** Timers that tell when writing ends. */
  readonly #cancelProtect = new Map<string, () => void>();
  #activeId: string | undefined;

  constructor(host: ConnectionsHost) {
    this.#host = host;
    this.#activeId = host.memory.get(activeKey);
    this.#readSettings();
    this.#unsubscribe = host.onDidChangeSettings(() => {
      const before = this.active;
      this.#readSettings();
      this.#announce({ kind: 'list' });
      if (this.active !== before) this.#announce({ kind: 'active' });
    });
  }

  get all(): readonly Connection[] {
    return [...this.#connections.values()];
  }

  /** A sole connection is active without being chosen. */
  get active(): ManagedConnection | undefined {
    const chosen = this.#activeId === undefined ? undefined : this.#connections.get(this.#activeId);
    return chosen ?? (this.#connections.size === 1 ? [...this.#connections.values()][0] : undefined);
  }

  get(id: string): Connection | undefined {
    return this.#connections.get(id);
  }

  onDidChange(listener: (change: ConnectionsChange) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  async setActive(id: string | undefined): Promise<void> {
    const before = this.active;
    if (id !== undefined) this.#find(id);
    this.#activeId = id;
    await this.#host.memory.set(activeKey, id);
    if (this.active !== before)
      this.#announce({ kind: 'active', ...(id === undefined ? {} : { connectionId: id }) });
  }

  async connect(id: string, signal?: AbortSignal): Promise<SessionInfo> {
    const connection = this.#find(id);
    for (;;) {
      try {
        const session = await connection.soap.logon({ signal });
        await this.setActive(id);
        return session;
      } catch (error) {
        // Refused credentials are asked for again, until they are right or the person backs out; each try is theirs.
        if (!connection.credentials.isRefused) throw error;
        if (signal?.aborted === true) throw cancelledError('xtk:session#Logon', 'notSent');
      }
    }
  }

  async test(
    settings: ConnectionSettings,
    credentials: CredentialValues,
    signal?: AbortSignal,
  ): Promise<SessionInfo> {
    const transport = this.#host.createTransport(settings);
    const soap = createSoapClient({
      url: settings.url,
      transport,
      clock: this.#host.clock,
      decode: decodeText,
      userAgent: this.#host.userAgent,
      signIn: createSignIn(settings, () => Promise.resolve(credentials)),
      readOnly: true,
    });
    try {
      const session = await soap.logon({ signal });
      await soap.logoff();
      return session;
    } finally {
      soap.dispose();
      transport.close();
    }
  }

  async storeCredentials(settings: ConnectionSettings, credentials: CredentialValues): Promise<void> {
    await storeCredentials(settings, credentials, this.#host.secrets);
  }

  async disconnect(id: string): Promise<void> {
    await this.#find(id).leave();
  }

  async forgetCredentials(id: string): Promise<void> {
    const connection = this.#find(id);
    await connection.forget();
  }

  allowWrites(id: string, durationMs: number): void {
    const { soap } = this.#find(id);
    this.#cancelProtect.get(id)?.();
    this.#cancelProtect.delete(id);
    const announce = (): void => this.#announce({ kind: 'access', connectionId: id });
    if (durationMs > 0) {
      soap.allowWrites(durationMs);
      this.#cancelProtect.set(id, this.#host.clock.schedule(durationMs, announce));
    } else soap.protect();
    announce();
  }

  holdTraffic(id: string, isHeld: boolean): void {
    const { soap } = this.#find(id);
    if (isHeld) soap.pause();
    else soap.resume();
    this.#announce({ kind: 'traffic', connectionId: id });
  }

  async listSchemas(
    options: ModelOptions & { refresh?: boolean; signal?: AbortSignal } = {},
  ): ReturnType<Connections['listSchemas']> {
    const connection = this.#choose(options);
    if (connection === undefined) return null;
    const { id } = connection.settings;
    if (options.refresh === true) await this.#refresh(connection, options.signal);
    const before = await connection.model.state();
    const schemas = [...(await connection.model.list())];
    if (before === undefined) this.#announce({ kind: 'checked', connectionId: id });
    return { connection: id, schemas };
  }

  async loadSchema(
    id: string,
    options: ModelOptions & { storedOnly?: boolean } = {},
  ): Promise<string | null> {
    const connection = this.#choose(options);
    if (connection === undefined) {
      throw new CampaignError({
        code: 'signIn',
        explanation: 'There is no active connection.',
        nextStep: 'Choose one (Campaign: Connect).',
        outcome: 'notSent',
      });
    }
    return options.storedOnly === true ? connection.model.loadStored(id) : connection.model.load(id);
  }

  async listOptions(): Promise<readonly OptionEntry[] | null> {
    return (await this.active?.content.options()) ?? null;
  }

  async loadLibrary(name: string): Promise<string | null> {
    return (await this.active?.content.library(name)) ?? null;
  }

  async refreshModel(signal?: AbortSignal, options: ModelOptions = {}): Promise<string[]> {
    const connection = this.#choose(options);
    return connection === undefined ? [] : this.#refresh(connection, signal);
  }

  async modelState(options: ModelOptions = {}): Promise<ModelState | undefined> {
    return await this.#choose(options)?.model.state();
  }

  dispose(): void {
    this.#unsubscribe();
    this.#listeners.clear();
    for (const cancel of this.#cancelProtect.values()) cancel();
    for (const connection of this.#connections.values()) connection.dispose();
    this.#connections.clear();
  }

  async #refresh(connection: ManagedConnection, signal: AbortSignal | undefined): Promise<string[]> {
    const changed = await connection.model.refresh(signal);
    connection.content.forget();
    this.#announce({ kind: 'checked', connectionId: connection.settings.id });
    if (changed.length > 0) {
      this.#announce({ kind: 'model', connectionId: connection.settings.id, schemaIds: changed });
    }
    return changed;
  }

  #choose({ connectionId }: ModelOptions): ManagedConnection | undefined {
    return connectionId === undefined ? this.active : this.#find(connectionId);
  }

  #find(id: string): ManagedConnection {
    const connection = this.#connections.get(id);
    if (connection !== undefined) return connection;
    throw new CampaignError({
      code: 'invalidCall',
      explanation: `There is no connection “${id}”.`,
      nextStep: 'Check campaign.connections in the settings.',
      outcome: 'notSent',
    });
  }

  /** Keeps the connections whose settings did not change, with their sessions. */
  #readSettings(): void {
    const { connections, problems } = parseConnectionSettings(this.#host.readSettings());
    const kept = new Map<string, ManagedConnection>();
    for (const settings of connections) {
      const existing = this.#connections.get(settings.id);
      const isSame = existing !== undefined && JSON.stringify(existing.settings) === JSON.stringify(settings);
      kept.set(settings.id, isSame ? existing : this.#create(settings));
    }
    for (const [id, connection] of this.#connections) {
      if (kept.get(id) !== connection) {
        connection.dispose();
        this.#lastState.delete(id);
      }
    }
    this.#connections.clear();
    for (const [id, connection] of kept) this.#connections.set(id, connection);
    if (problems.length > 0) this.#host.reportProblems(problems);
  }

  #create(settings: ConnectionSettings): ManagedConnection {
    const { id } = settings;
    // A change of settings makes a new client; what went over the wire before is still of interest.
    const before = this.#connections.get(id)?.soap;
    const log = before?.log ?? new CallLog();
    const connection: ManagedConnection = new ManagedConnection(settings, this.#host, log, () => {
      if (this.#connections.get(id) !== connection) return;
      const { state } = connection;
      if (state === (this.#lastState.get(id) ?? 'disconnected')) return;
      this.#lastState.set(id, state);
      this.#announce({ kind: 'state', connectionId: id });
    });
    // What a person held back does not start because a setting was changed.
    if (before?.figures.held === true) connection.soap.pause();
    return connection;
  }

  #announce(change: ConnectionsChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

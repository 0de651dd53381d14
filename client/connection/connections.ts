import type { OptionEntry, SchemaListEntry } from '../../core/protocol/messages.ts';
import type { SessionInfo, SoapClient } from '../../core/soap/soapClient.ts';
import type { ConnectionSettings } from './connectionSettings.ts';
import type { CredentialValues } from './credentials.ts';

export type ConnectionState = 'disconnected' | 'connecting' | 'connected';

/** One configured instance. The object stays the same while its settings do. */
export interface Connection {
  readonly settings: ConnectionSettings;
  readonly state: ConnectionState;
  /** What the instance said at logon. */
  readonly session: SessionInfo | undefined;
  /**
   * The connection's only SOAP client. Usable in any state: the first call signs in (asking for the password if none is
   * stored).
   */
  readonly soap: SoapClient;
}

export interface ModelOptions {
  /** Default: the active connection. */
  readonly connectionId?: string | undefined;
}

/** How old a model is, and how large. */
export interface ModelState {
  readonly schemaCount: number;
  /** When the list of schemas was last compared with the instance (ms since 1970). */
  readonly checkedAt: number;
}

export interface ConnectionsChange {
  /**
   * `checked`: the list of schemas was compared with the instance, whether or not it changed; `list`: settings changed; `active`: another connection is active (or none); `state`: signed in or out; `model`:
   * schemas changed; `access`: writing was allowed, or is no longer (see `Connection.soap.isReadOnly`); `traffic`: calls
   * are held back, or no longer (`Connection.soap.figures.held`).
   */
  readonly kind: 'checked' | 'list' | 'active' | 'state' | 'model' | 'access' | 'traffic';
  readonly connectionId?: string;
  /** For `model`: the schemas whose text changed; absent means all. */
  readonly schemaIds?: readonly string[];
}

/**
 * Owns the connections, their SOAP clients and the disk cache of schema XML.
 * Get it from `registerConnections(context)` in `registerConnections.ts`.
 */
export interface Connections {
  readonly all: readonly Connection[];
  /** The one the editor features use; remembered across restarts. */
  readonly active: Connection | undefined;
  get(id: string): Connection | undefined;
  /** @returns a function that ends the subscription. */
  onDidChange(listener: (change: ConnectionsChange) => void): () => void;

  /** Makes a connection the active one; does not sign in. */
  setActive(id: string | undefined): Promise<void>;
  /** Signs in and makes the connection active. Rejects with `CampaignError`; `cancelled` when the person backs out. */
  connect(id: string, signal?: AbortSignal): Promise<SessionInfo>;
  /**
   * Signs in and out again with settings that are not saved, asking nobody: for a form that tests before it saves.
   * Rejects with `CampaignError`; nothing is kept.
   * @param credentials by the names of the fields of the way to sign in (`login`, `password`; see `credentialFields`).
   */
  test(
    settings: ConnectionSettings,
    credentials: CredentialValues,
    signal?: AbortSignal,
  ): Promise<SessionInfo>;
  /** Keeps the credentials of a connection, which may be about to be added to the settings. */
  storeCredentials(settings: ConnectionSettings, credentials: CredentialValues): Promise<void>;
  /** Ends the session; keeps the stored password and the cache. */
  disconnect(id: string): Promise<void>;
  /** Ends the session and deletes the connection's secrets. */
  forgetCredentials(id: string): Promise<void>;

  /**
   * Lifts the protection of a production connection for a time (ms), or with 0 puts it back. Ask the person first. The
   * SOAP client enforces it: nothing that writes is sent before, or after.
   */
  allowWrites(id: string, durationMs: number): void;

  /** Holds back the calls of a connection that are not yet sent, or lets them go on. */
  holdTraffic(id: string, isHeld: boolean): void;

  /**
   * The schemas of a connection, from the disk cache when there is one; signs in only when `refresh` is asked or nothing
   * is cached. `null` when there is no active connection and none is named.
   */
  listSchemas(options?: ModelOptions & { refresh?: boolean; signal?: AbortSignal }): Promise<{
    connection: string;
    schemas: SchemaListEntry[];
  } | null>;
  /**
   * The XML of one compiled schema of a connection, from the disk cache when its hash is current.
   * `null`: the instance has no such schema. Concurrent requests for one schema are one. Rejects when it would have to
   * be fetched and cannot. With `storedOnly` nothing is fetched: what is not on disk, or not current there, is `null`.
   */
  loadSchema(id: string, options?: ModelOptions & { storedOnly?: boolean }): Promise<string | null>;
  /**
   * The options of the active connection, read when first asked for and after a refresh of the model; never their
   * values. `null` when there is no active connection. Rejects when they cannot be read and none are on disk.
   */
  listOptions(): Promise<readonly OptionEntry[] | null>;
  /**
   * The text of a library (`cus:common.js`) of the active connection; `null` when there is none of that name, or no
   * active connection. Rejects when it cannot be read.
   */
  loadLibrary(name: string): Promise<string | null>;
  /**
   * Compares hashes with the instance (one or two SOAP calls) and announces what changed (`model`).
   * @returns ids of schemas that were added, changed or removed.
   */
  refreshModel(signal?: AbortSignal, options?: ModelOptions): Promise<string[]>;
  /** What is stored of a connection's model; `undefined` for nothing, or without a connection. Asks the instance for nothing. */
  modelState(options?: ModelOptions): Promise<ModelState | undefined>;
  dispose(): void;
}

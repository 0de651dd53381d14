import {
  DidChangeConfigurationNotification,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';

/** What of the person's settings is kept, and how it is read. */
export interface SettingsSection<T> {
  /** As the editor calls it: `campaign.diagnostics`. */
  readonly name: string;
  /** What the `initialize` request said of it, for clients that have no settings to be asked for. */
  readonly initial: unknown;
  /** Makes sense of what the editor has; of anything, without an error. */
  read(value: unknown): T;
}

/**
 * Keeps a section of the settings: from the `initialize` request, then from the settings of clients that can be asked for
 * them, and from what the others send when theirs change.
 */
export class WatchedSettings<T> {
  private readonly connection: Connection;
  private readonly log: (message: string) => void;
  private readonly section: SettingsSection<T>;
  private readonly asks: boolean;
  private readonly registers: boolean;
  /** The settings as known now, or as soon as the client has answered. */
  private settings: Promise<T>;

  constructor(
    connection: Connection,
    { workspace }: ClientCapabilities,
    section: SettingsSection<T>,
    log: (message: string) => void,
  ) {
    this.connection = connection;
    this.log = log;
    this.section = section;
    this.asks = workspace?.configuration === true;
    this.registers = workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.settings = Promise.resolve(section.read(section.initial));
  }

  /** The settings that hold; a client that is being asked for them is waited for. */
  current(): Promise<T> {
    return this.settings;
  }

  /** The client takes requests now. */
  initialized(): void {
    if (this.asks) this.ask();
    if (!this.registers) return;
    this.connection.client
      .register(DidChangeConfigurationNotification.type, { section: this.section.name })
      .catch((error: unknown) => this.log(`Settings are not watched: ${String(error)}`));
  }

  /**
   * The settings have changed.
   * @param changed what the client sent along; clients that can be asked send nothing of use.
   */
  changed(changed: unknown): void {
    if (this.asks) this.ask();
    else this.settings = Promise.resolve(this.section.read(valueAt(changed, this.section.name)));
  }

  private ask(): void {
    const before = this.settings;
    this.settings = this.connection.workspace.getConfiguration(this.section.name).then(
      (value: unknown) => this.section.read(value),
      (error: unknown) => {
        this.log(`Settings could not be read: ${String(error)}`);
        return before;
      },
    );
  }
}

/** The value under a dotted name. */
function valueAt(settings: unknown, name: string): unknown {
  return name
    .split('.')
    .reduce(
      (value: unknown, key) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined,
      settings,
    );
}

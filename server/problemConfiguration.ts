import {
  DidChangeConfigurationNotification,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';
import { defaultProblemSettings, readSeverities, type ProblemSettings } from './language/problemSettings.ts';

/** What it takes of the `initialize` request. */
interface InitializeLike {
  capabilities: ClientCapabilities;
  initializationOptions?: unknown;
}

/** Our `initializationOptions` about problems; all optional. */
interface ProblemOptions {
  /** The setting `campaign.diagnostics`, for clients that have no settings to be asked for. */
  diagnostics?: unknown;
  /** Address the client opens the pages about the codes below, ending in `/`. Default: where the server has them. */
  problemPages?: unknown;
}

/** The section of the settings that is asked for. */
const section = 'campaign.diagnostics';

/**
 * Keeps what a person has chosen for the problems: from the `initialize` request, then from the settings of clients that
 * can be asked for them, and from what the others send when theirs change.
 */
export class ProblemConfiguration {
  private readonly connection: Connection;
  private readonly log: (message: string) => void;
  private readonly asks: boolean;
  private readonly registers: boolean;
  private readonly pages: string | undefined;
  /** The settings as known now, or as soon as the client has answered. */
  private settings: Promise<ProblemSettings>;

  /** @param ownPages address of the pages that came with the server, ending in `/`. */
  constructor(
    connection: Connection,
    { capabilities: { workspace }, initializationOptions }: InitializeLike,
    ownPages: string | undefined,
    log: (message: string) => void,
  ) {
    const options = (initializationOptions ?? {}) as ProblemOptions;
    this.connection = connection;
    this.log = log;
    this.asks = workspace?.configuration === true;
    this.registers = workspace?.didChangeConfiguration?.dynamicRegistration === true;
    this.pages = typeof options.problemPages === 'string' ? options.problemPages : ownPages;
    this.settings = Promise.resolve(this.read(options.diagnostics));
  }

  /** The settings that hold; a client that is being asked for them is waited for. */
  current(): Promise<ProblemSettings> {
    return this.settings;
  }

  /** The client takes requests now. */
  initialized(): void {
    if (this.asks) this.ask();
    if (!this.registers) return;
    this.connection.client
      .register(DidChangeConfigurationNotification.type, { section })
      .catch((error: unknown) => this.log(`Settings are not watched: ${String(error)}`));
  }

  /**
   * The settings have changed.
   * @param changed what the client sent along; clients that can be asked send nothing of use.
   */
  changed(changed: unknown): void {
    if (this.asks) this.ask();
    else {
      const settings = changed as { campaign?: { diagnostics?: unknown } } | null | undefined;
      this.settings = Promise.resolve(this.read(settings?.campaign?.diagnostics));
    }
  }

  private ask(): void {
    const before = this.settings;
    this.settings = this.connection.workspace.getConfiguration(section).then(
      (value: unknown) => this.read(value),
      (error: unknown) => {
        this.log(`Settings could not be read: ${String(error)}`);
        return before;
      },
    );
  }

  private read(diagnostics: unknown): ProblemSettings {
    const { severity } = (diagnostics ?? {}) as { severity?: unknown };
    const { severities, complaints } = readSeverities(severity);
    for (const complaint of complaints) this.log(`Setting ${section}.severity: ${complaint}`);
    return { ...defaultProblemSettings, severities, pages: this.pages };
  }
}

import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import { defaultProblemSettings, readSeverities, type ProblemSettings } from './language/problemSettings.ts';
import { WatchedSettings } from './watchedSettings.ts';

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

const section = 'campaign.diagnostics';

/**
 * Keeps what a person has chosen for the problems.
 * @param ownPages address of the pages that came with the server, ending in `/`.
 */
export function createProblemConfiguration(
  connection: Connection,
  { capabilities, initializationOptions }: InitializeLike,
  ownPages: string | undefined,
  log: (message: string) => void,
): WatchedSettings<ProblemSettings> {
  const options = (initializationOptions ?? {}) as ProblemOptions;
  const pages = typeof options.problemPages === 'string' ? options.problemPages : ownPages;
  return new WatchedSettings(
    connection,
    capabilities,
    {
      name: section,
      initial: options.diagnostics,
      read(value) {
        const { severity, checkTypes } = (value ?? {}) as { severity?: unknown; checkTypes?: unknown };
        const { severities, complaints } = readSeverities(severity);
        for (const complaint of complaints) log(`Setting ${section}.severity: ${complaint}`);
        return { ...defaultProblemSettings, severities, pages, checkTypes: checkTypes === true };
      },
    },
    log,
  );
}

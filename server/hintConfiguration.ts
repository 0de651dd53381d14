import type { ClientCapabilities, Connection } from 'vscode-languageserver';
import type { InlayHintOptions } from './language/queryDef/queryInlayHints.ts';
import { WatchedSettings } from './watchedSettings.ts';

/** What it takes of the `initialize` request. */
interface InitializeLike {
  capabilities: ClientCapabilities;
  /** `inlayHints` is the setting `campaign.inlayHints`, for clients that have no settings to be asked for. */
  initializationOptions?: unknown;
}

/** Keeps which inlay hints a person wants: what is not switched off is shown. */
export function createHintConfiguration(
  connection: Connection,
  { capabilities, initializationOptions }: InitializeLike,
  log: (message: string) => void,
): WatchedSettings<InlayHintOptions> {
  const { inlayHints } = (initializationOptions ?? {}) as { inlayHints?: unknown };
  return new WatchedSettings(
    connection,
    capabilities,
    {
      name: 'campaign.inlayHints',
      initial: inlayHints,
      read(value) {
        const { linkTargets, enumerationLabels } = (value ?? {}) as Record<string, unknown>;
        return { linkTargets: linkTargets !== false, enumerationLabels: enumerationLabels !== false };
      },
    },
    log,
  );
}

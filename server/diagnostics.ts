import type { Connection, Diagnostic } from 'vscode-languageserver';
import type { ClientSettings } from './clientSettings.ts';

/** What keeps the shown diagnostics up to date, whichever way the client wants them. */
export interface DiagnosticsPublisher {
  /** A document was opened or changed. */
  documentChanged(uri: string): void;
  documentClosed(uri: string): void;
  /** The model says something else now: what was computed for any document may no longer hold. */
  modelChanged(): void;
  /** Nothing is published any more. */
  dispose(): void;
}

/** How long a person has to pause before pushed diagnostics are computed. */
const pauseMs = 300;

/** A client that cannot take a notification is about to leave. */
const ignored = (): undefined => undefined;

/**
 * Clients that pull ask on their own after a change and only have to be told when the model has changed; to the others
 * diagnostics are pushed after a pause in typing.
 * @param compute the diagnostics of an open document; `undefined` when it is not open any more.
 */
export function createDiagnosticsPublisher(
  connection: Connection,
  settings: ClientSettings,
  openUris: () => readonly string[],
  compute: (uri: string) => Promise<Diagnostic[] | undefined>,
  log: (message: string) => void,
): DiagnosticsPublisher {
  if (settings.pullsDiagnostics) {
    return {
      documentChanged: () => undefined,
      documentClosed: () => undefined,
      modelChanged: () => {
        if (settings.refreshesDiagnostics) connection.languages.diagnostics.refresh().catch(ignored);
      },
      dispose: () => undefined,
    };
  }
  const pending = new Map<string, ReturnType<typeof setTimeout>>();
  const publish = async (uri: string): Promise<void> => {
    pending.delete(uri);
    try {
      const diagnostics = await compute(uri);
      // A change since then has scheduled another round, which will say what holds.
      if (diagnostics !== undefined && !pending.has(uri)) {
        await connection.sendDiagnostics({ uri, diagnostics });
      }
    } catch (error) {
      log(`diagnostics failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  };
  const schedule = (uri: string): void => {
    clearTimeout(pending.get(uri));
    pending.set(
      uri,
      setTimeout(() => void publish(uri), pauseMs),
    );
  };
  return {
    documentChanged: schedule,
    documentClosed: (uri) => {
      clearTimeout(pending.get(uri));
      pending.delete(uri);
      connection.sendDiagnostics({ uri, diagnostics: [] }).catch(ignored);
    },
    modelChanged: () => openUris().forEach(schedule),
    dispose: () => pending.forEach((timer) => clearTimeout(timer)),
  };
}

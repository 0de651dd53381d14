import { CampaignError } from '../../core/soap/campaignError.ts';

/** Loads under way at once; the SOAP client has limits of its own. */
const parallelLoads = 4;

export interface ReadSchemasOptions {
  /** `null`: there is no such schema any more. */
  readonly load: (id: string) => Promise<string | null>;
  readonly use: (id: string, xml: string) => Promise<void>;
  /** Called after each schema, whatever became of it. */
  readonly done: (id: string) => void;
  /** Ends it at once, without waiting for what is being loaded. */
  readonly signal: AbortSignal;
}

export interface ReadSchemasResult {
  /** Ids of schemas that are gone since they were listed. */
  gone: string[];
  /** What the instance refused, schema by schema. */
  failures: { id: string; error: Error }[];
  /** False when it was cancelled. */
  isComplete: boolean;
}

/**
 * Loads schemas one after the other, a few at once. What the instance refuses for one schema does not end it; that the
 * instance is not there does.
 */
export async function readSchemas(
  ids: readonly string[],
  { load, use, done, signal }: ReadSchemasOptions,
): Promise<ReadSchemasResult> {
  const gone: string[] = [];
  const failures: ReadSchemasResult['failures'] = [];
  const pending = ids.values();
  const cancelled = new Promise<'cancelled'>((resolve) => {
    if (signal.aborted) resolve('cancelled');
    signal.addEventListener('abort', () => resolve('cancelled'), { once: true });
  });
  let fatal: { error: unknown } | undefined;
  const work = async (): Promise<void> => {
    for (const id of pending) {
      if (signal.aborted) return;
      try {
        const loading = load(id);
        // Nobody may be left to hear of it.
        loading.catch(() => undefined);
        const xml = await Promise.race([cancelled, loading]);
        if (xml === 'cancelled' || fatal !== undefined) return;
        if (xml === null) gone.push(id);
        else await use(id, xml);
      } catch (error) {
        if (!(error instanceof CampaignError) || error.code !== 'fault') {
          fatal ??= { error };
          return;
        }
        failures.push({ id, error });
      }
      done(id);
      if (fatal !== undefined) return;
    }
  };
  await Promise.all(Array.from({ length: parallelLoads }, work));
  // TypeScript does not see the assignment inside `work`.
  const failed = fatal as { error: unknown } | undefined;
  if (failed !== undefined) throw failed.error;
  return { gone, failures, isComplete: !signal.aborted };
}

import type {
  IndexModelParams,
  IndexModelResult,
  ModelCoverage,
  SchemaListEntry,
  SearchModelParams,
  SearchModelResult,
} from '../core/protocol/messages.ts';
import { parseSchema } from '../core/schema/parseSchema.ts';
import type { DataModel, SchemaText } from './dataModel.ts';
import { ModelSearch } from './language/modelSearch.ts';

/** Most results of one answer. */
export const maxSearchResults = 200;
/** Reads under way at once; each parse keeps the process busy for a millisecond, and requests come between them. */
const parallelReads = 4;
/** So many failures in a row, and nobody is there to answer. */
const failuresToStop = 8;

/**
 * The search index of a model. Invariant: nothing is read before somebody searches, and what has changed is no longer
 * found. Texts are parsed for their lines and let go: the parsed schemas of `dataModel.ts` stay as few as they are.
 */
export class ModelIndex {
  private readonly model: DataModel;
  private readonly log: (message: string) => void;
  private search = new ModelSearch();
  /** Schemas that have no text, or one without a schema in it: reading them again would not help. */
  private unreadable = new Set<string>();
  /** Counts changes: what was read before one must not be added after it. */
  private generation = 0;
  private listed: readonly SchemaListEntry[] | undefined;

  constructor(model: DataModel, log: (message: string) => void) {
    this.model = model;
    this.log = log;
    model.onDidChange((schemaIds) => {
      this.generation++;
      this.search.remove(schemaIds);
      if (schemaIds === undefined) this.unreadable = new Set();
      else for (const id of schemaIds) this.unreadable.delete(id);
    });
  }

  async find({ query, offset = 0, limit = maxSearchResults }: SearchModelParams): Promise<SearchModelResult> {
    const entries = await this.list();
    if (entries === undefined) return null;
    const page = this.search.find(query, Math.max(0, offset), Math.min(Math.max(1, limit), maxSearchResults));
    return { ...page, coverage: this.coverage(entries) };
  }

  /** Reads what is not indexed; see `campaign/indexModel`. */
  async read({ from }: IndexModelParams, isCancelled: () => boolean): Promise<IndexModelResult> {
    const entries = await this.list();
    if (entries === undefined) return null;
    const { generation } = this;
    const pending = entries.filter(({ id }) => !this.search.has(id) && !this.unreadable.has(id)).values();
    let failures = 0;
    let problem: string | undefined;
    const readSome = async (): Promise<void> => {
      for (const { id } of pending) {
        if (isCancelled() || this.generation !== generation || failures >= failuresToStop) return;
        try {
          const text = await this.model.loadText(id, from === 'disk');
          if (this.generation !== generation) return;
          this.add(id, text, from);
          failures = 0;
        } catch (error) {
          failures++;
          problem = error instanceof Error ? error.message : String(error);
          this.log(`Schema ${id} is not indexed: ${problem}`);
        }
      }
    };
    await Promise.all(Array.from({ length: parallelReads }, readSome));
    return { coverage: this.coverage(entries), ...(problem !== undefined && { problem }) };
  }

  /** The schemas of the model, of which the index knows at least the names. */
  private async list(): Promise<readonly SchemaListEntry[] | undefined> {
    const entries = await this.model.loadList();
    if (entries !== undefined && entries !== this.listed) this.search.setList(entries);
    this.listed = entries;
    return entries;
  }

  private add(id: string, text: SchemaText | undefined, from: IndexModelParams['from']): void {
    const schema = text === undefined ? undefined : parseSchema(text.xml).schema;
    if (text !== undefined && schema?.id === id) {
      this.search.add(schema);
    } else if (text !== undefined || from === 'instance') {
      this.unreadable.add(id);
      this.log(
        `Schema ${id} is found by its name only: ${text === undefined ? 'there is no text' : 'it cannot be read'}.`,
      );
    }
  }

  private coverage(entries: readonly SchemaListEntry[]): ModelCoverage {
    return { listed: entries.length, indexed: this.search.readCount, unreadable: this.unreadable.size };
  }
}

import type { OptionEntry, SchemaListEntry } from '../core/protocol/messages.ts';
import { parseSchema } from '../core/schema/parseSchema.ts';
import { isTemporarySchema, type Schema } from '../core/schema/schema.ts';
import type { LanguageModel } from './language/model.ts';

/** The XML of a schema and where an editor can open it. */
export interface SchemaText {
  xml: string;
  uri: string;
  /** The files the text was compiled from, where it is not the text of `uri` itself; see `createSchemaLocator`. */
  origins?: readonly { uri: string; xml: string }[];
}

/** Somewhere schemas come from. */
export interface ModelSource {
  /** `null`: this source has no model. Rejects when it could not be asked. */
  list(): Promise<readonly SchemaListEntry[] | null>;
  /**
   * `null`: there is no such schema. Rejects when it could not be asked.
   * @param storedOnly takes what is on disk, and `null` when it is not. Default false.
   */
  load(schemaId: string, storedOnly?: boolean): Promise<SchemaText | null>;
  /** `null`: this source knows no options. Rejects when it could not be asked. */
  options?(): Promise<readonly OptionEntry[] | null>;
  /** `null`: there is no such library. Rejects when it could not be asked. */
  library?(name: string): Promise<string | null>;
}

/** The outcome of {@link DataModel.run}. */
export interface ModelRun<T> {
  value: T;
  /** Resolves when what was missing has arrived; absent when nothing was missing. */
  missing?: Promise<void>;
}

interface Entry {
  load: Promise<void>;
  /** `undefined` while loading. */
  schema: Schema | null | undefined;
}

/** Something else the source was asked for; `value` is `undefined` while it is loading. */
interface Extra {
  load: Promise<void>;
  value: unknown;
}

/** What is known of the list: the source it came from answers for the schemas, too. */
interface List {
  load: Promise<void>;
  settled: boolean;
  source: ModelSource | undefined;
  entries: readonly SchemaListEntry[] | undefined;
  ids: ReadonlySet<string>;
}

const defaultBoundMs = 2_000;

/**
 * The parsed schemas of the active model: each loaded once, on first use, and shared while in flight. The first source
 * that has a list is the model; the others are not asked further.
 *
 * Invariant: a load that fails is forgotten, so the next question asks again; a schema that does not exist is remembered.
 */
export class DataModel {
  private readonly sources: readonly ModelSource[];
  private readonly log: (message: string) => void;
  private readonly delay: (ms: number) => Promise<void>;
  private readonly listeners = new Set<(schemaIds?: readonly string[]) => void>();
  private list: List | undefined;
  private entries = new Map<string, Entry>();
  /** Options and libraries, by a key of their own. */
  private extras = new Map<string, Extra>();

  constructor(
    sources: readonly ModelSource[],
    log: (message: string) => void,
    delay: (ms: number) => Promise<void> = (ms) => new Promise((resolve) => setTimeout(resolve, ms).unref()),
  ) {
    this.sources = sources;
    this.log = log;
    this.delay = delay;
  }

  /** Calls `listener` whenever what was known may no longer hold, with the schemas concerned; none means all. */
  onDidChange(listener: (schemaIds?: readonly string[]) => void): void {
    this.listeners.add(listener);
  }

  /** Forgets the given schemas, or, without ids, the whole model and its list. */
  changed(schemaIds?: readonly string[]): void {
    this.list = undefined;
    this.extras = new Map();
    if (schemaIds === undefined) this.entries = new Map();
    else for (const id of schemaIds) this.entries.delete(id);
    for (const listener of this.listeners) listener(schemaIds);
  }

  /**
   * Runs a feature until it has all the schemas it asks for, or the bound is reached; then its last answer stands.
   * @param boundMs longest wait in all. Default 2,000; 0 never waits.
   * @param isCancelled stops the waiting, with the answer at hand.
   */
  async run<T>(
    feature: (model: LanguageModel) => T,
    boundMs = defaultBoundMs,
    isCancelled: () => boolean = () => false,
  ): Promise<ModelRun<T>> {
    const asked = new Set<string>();
    let deadline: Promise<'late'> | undefined;
    for (;;) {
      const view = new ModelView(this, asked);
      const value = feature(view);
      const missing = view.missing();
      if (missing === undefined) return { value };
      if (boundMs <= 0 || isCancelled()) return { value, missing };
      deadline ??= this.delay(boundMs).then(() => 'late' as const);
      if ((await Promise.race([missing, deadline])) === 'late') return { value, missing };
    }
  }

  /**
   * The text of a schema, asked for again: only parsed schemas are kept. `undefined` when there is none.
   * Rejects when the source could not be asked.
   * @param storedOnly takes what is on disk only. Default false.
   */
  async loadText(schemaId: string, storedOnly = false): Promise<SchemaText | undefined> {
    const list = this.listing();
    await list.load;
    return (await list.source?.load(schemaId, storedOnly)) ?? undefined;
  }

  /** Every schema of the model, asked for if need be; `undefined` when there is no model, or it could not be asked. */
  async loadList(): Promise<readonly SchemaListEntry[] | undefined> {
    const list = this.listing();
    await list.load;
    return list.entries;
  }

  /** The list if it has been asked for. */
  knownList(): List | undefined {
    return this.list;
  }

  /** The list, asked for if need be. */
  listing(): List {
    if (this.list === undefined) {
      const list: List = {
        load: Promise.resolve(),
        settled: false,
        source: undefined,
        entries: undefined,
        ids: new Set(),
      };
      this.list = list;
      list.load = this.fillList(list);
    }
    return this.list;
  }

  /** The schema if it has been asked for. */
  knownEntry(schemaId: string): Entry | undefined {
    return this.entries.get(schemaId);
  }

  /** A schema, asked for if need be; only to be called when the list is known. */
  entry(list: List, schemaId: string): Entry {
    let entry = this.entries.get(schemaId);
    if (entry === undefined) {
      entry = { load: Promise.resolve(), schema: undefined };
      this.entries.set(schemaId, entry);
      entry.load = this.fillEntry(entry, schemaId, list.source);
    }
    return entry;
  }

  /** The same if it has been asked for. */
  knownExtra(key: string): Extra | undefined {
    return this.extras.get(key);
  }

  /** The value of a question other than for a schema, asked if need be; only to be called when the list is known. */
  extra(key: string, ask: () => Promise<unknown>): Extra {
    let extra = this.extras.get(key);
    if (extra === undefined) {
      const asked: Extra = { load: Promise.resolve(), value: undefined };
      extra = asked;
      this.extras.set(key, asked);
      asked.load = ask().then(
        (value) => void (asked.value = value),
        // The client has said why; until it can be asked again there is nothing to say.
        () => {
          if (this.extras.get(key) === asked) this.extras.delete(key);
        },
      );
    }
    return extra;
  }

  private async fillList(list: List): Promise<void> {
    for (const source of this.sources) {
      try {
        const entries = await source.list();
        if (entries === null) continue;
        list.source = source;
        list.entries = entries;
        list.ids = new Set(entries.map((entry) => entry.id));
        break;
      } catch (error) {
        this.log(`The list of schemas could not be read: ${messageOf(error)}`);
        if (this.list === list) this.list = undefined;
      }
    }
    list.settled = true;
  }

  private async fillEntry(entry: Entry, schemaId: string, source: ModelSource | undefined): Promise<void> {
    try {
      const text = (await source?.load(schemaId)) ?? null;
      entry.schema = text === null ? null : (parseSchema(text.xml).schema ?? null);
    } catch (error) {
      this.log(`Schema ${schemaId} could not be read: ${messageOf(error)}`);
      if (this.entries.get(schemaId) === entry) this.entries.delete(schemaId);
    }
  }
}

/** What one run of a feature sees, and what it missed. */
class ModelView implements LanguageModel {
  private readonly model: DataModel;
  /** The ids this run has waited for, `''` for the list: a load that failed is not started again by the same run. */
  private readonly asked: Set<string>;
  private readonly loads: Promise<void>[] = [];

  constructor(model: DataModel, asked: Set<string>) {
    this.model = model;
    this.asked = asked;
  }

  listSchemas(): readonly SchemaListEntry[] | undefined {
    return this.list()?.entries;
  }

  getSchema(id: string): Schema | null | undefined {
    if (isTemporarySchema(id)) return undefined;
    const list = this.list();
    if (list?.entries === undefined) return undefined;
    if (!list.ids.has(id)) return null;
    const known = this.model.knownEntry(id);
    if (known?.schema !== undefined) return known.schema;
    if (this.asked.has(id)) return undefined;
    this.wait(id, this.model.entry(list, id).load);
    return undefined;
  }

  listOptions(): readonly OptionEntry[] | undefined {
    const found = this.extra('options', (source) => source.options?.());
    return (found as readonly OptionEntry[] | null | undefined) ?? undefined;
  }

  getLibrary(name: string): string | null | undefined {
    return this.extra(`library ${name}`, (source) => source.library?.(name)) as string | null | undefined;
  }

  missing(): Promise<void> | undefined {
    return this.loads.length === 0 ? undefined : Promise.all(this.loads).then(() => undefined);
  }

  private extra(key: string, ask: (source: ModelSource) => Promise<unknown> | undefined): unknown {
    const source = this.list()?.source;
    if (source === undefined) return undefined;
    // A question that failed is not asked again by the same run.
    if (this.asked.has(key)) return this.model.knownExtra(key)?.value;
    const extra = this.model.extra(key, () => ask(source) ?? Promise.resolve(null));
    if (extra.value === undefined) this.wait(key, extra.load);
    return extra.value;
  }

  private list(): List | undefined {
    const known = this.model.knownList();
    if (known?.settled === true) return known;
    if (!this.asked.has('')) this.wait('', this.model.listing().load);
    return undefined;
  }

  private wait(key: string, load: Promise<void>): void {
    this.asked.add(key);
    this.loads.push(load);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

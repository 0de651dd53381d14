import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OptionEntry, SchemaListEntry } from '../../core/protocol/messages.ts';

/** What is known of an instance's schemas without their text. */
export interface SchemaIndex {
  readonly schemas: readonly SchemaListEntry[];
  /** When the list was read (ms since 1970). */
  readonly refreshedAt: number;
}

const indexFile = 'index.json';
const optionsFile = 'options.json';
const indexVersion = 1;

/**
 * The schemas of one instance on disk: an index, and one file for each schema, named by its id and hash. A file is
 * complete once it has its name, and a name never changes its content, so several windows may share the folder.
 */
export class SchemaCache {
  readonly #folder: string;
  /** As on disk; another window may have written a newer one, which the next refresh evens out. */
  #index: Promise<SchemaIndex | undefined> | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** `undefined` when there is none, or none that can be read: the next refresh writes it anew. */
  readIndex(): Promise<SchemaIndex | undefined> {
    return (this.#index ??= this.#loadIndex());
  }

  async writeIndex(index: SchemaIndex): Promise<void> {
    await this.#write(indexFile, JSON.stringify({ version: indexVersion, ...index }));
    this.#index = Promise.resolve(index);
  }

  /** The text of a schema with this hash; `undefined` when it is not stored. */
  async read(id: string, md5: string): Promise<string | undefined> {
    return this.#readFile(fileName(id, md5));
  }

  /** The text of a schema whatever its hash, the newest one: better than nothing when the instance is out of reach. */
  async readAny(id: string): Promise<{ xml: string; md5: string } | undefined> {
    const prefix = `${encodeURIComponent(id)}-`;
    for (const name of await this.#names()) {
      if (!name.startsWith(prefix) || !name.endsWith('.xml')) continue;
      const xml = await this.#readFile(name);
      if (xml !== undefined) return { xml, md5: name.slice(prefix.length, -4) };
    }
    return undefined;
  }

  /** Stores a text and removes those of the same schema with other hashes. */
  async write(id: string, md5: string, xml: string): Promise<void> {
    const name = fileName(id, md5);
    await this.#write(name, xml);
    await this.remove(id, name);
  }

  /** Removes the texts of a schema, but for the file `except`. */
  async remove(id: string, except?: string): Promise<void> {
    const prefix = `${encodeURIComponent(id)}-`;
    const stale = (await this.#names()).filter((name) => name.startsWith(prefix) && name !== except);
    await Promise.all(stale.map((name) => rm(join(this.#folder, name), { force: true })));
  }

  /** The options of the instance as they were last read; `undefined` when there are none, or none that can be read. */
  async readOptions(): Promise<readonly OptionEntry[] | undefined> {
    const text = await this.#readFile(optionsFile);
    try {
      const { version, options } = JSON.parse(text ?? '{}') as { version?: unknown; options?: OptionEntry[] };
      return version === indexVersion && Array.isArray(options) ? options : undefined;
    } catch {
      return undefined;
    }
  }

  async writeOptions(options: readonly OptionEntry[]): Promise<void> {
    await this.#write(optionsFile, JSON.stringify({ version: indexVersion, options }));
  }

  async clear(): Promise<void> {
    this.#index = undefined;
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #loadIndex(): Promise<SchemaIndex | undefined> {
    const text = await this.#readFile(indexFile);
    if (text === undefined) return undefined;
    try {
      const { version, schemas, refreshedAt } = JSON.parse(text) as SchemaIndex & { version?: unknown };
      if (version !== indexVersion || !Array.isArray(schemas)) return undefined;
      return { schemas, refreshedAt };
    } catch {
      return undefined; // Half a file, from a crash of an older kind of writer or a full disk.
    }
  }

  async #names(): Promise<string[]> {
    return readdir(this.#folder).catch(() => []);
  }

  async #readFile(name: string): Promise<string | undefined> {
    return readFile(join(this.#folder, name), 'utf8').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
  }

  /** Under a name of its own first: nobody must see half a file. */
  async #write(name: string, text: string): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    const temporary = join(this.#folder, `.${name}.${process.pid}.${Math.random().toString(36).slice(2)}`);
    await writeFile(temporary, text, { encoding: 'utf8', mode: 0o600 });
    await rename(temporary, join(this.#folder, name));
  }
}

/** Percent-encoding keeps `:` out of file names and ids with `_` apart. */
function fileName(id: string, md5: string): string {
  return `${encodeURIComponent(id)}-${encodeURIComponent(md5)}.xml`;
}

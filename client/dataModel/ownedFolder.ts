import { isSchemaFile } from '../../core/schema/schemaFiles.ts';

/** The files of a folder; paths have `/` and start at the folder. */
export interface FolderFiles {
  /** `undefined` when there is no such file. */
  read(path: string): Promise<string | undefined>;
  /** Makes the folders above as needed. */
  write(path: string, text: string): Promise<void>;
  /** Does nothing when there is no such file. */
  remove(path: string): Promise<void>;
  isEmpty(): Promise<boolean>;
}

/** What the extension writes into folders: a file of that name marks a folder as its own. */
export interface FolderKind {
  markerFile: string;
  /** Extensions of the files it writes for a schema. */
  extensions: readonly string[];
}

/** Who may write into a folder without asking. */
export type FolderState =
  | { kind: 'empty' }
  /** Written by this extension, with files of that instance. */
  | { kind: 'own'; instance: string }
  /** It has files nobody knows about. */
  | { kind: 'foreign' };

/** How many files changed. */
export interface FolderChanges {
  written: number;
  unchanged: number;
  removed: number;
}

interface Marker {
  instance: string;
  files: string[];
}

const about =
  'Written by Campaign Developer Tools, which removes the files listed here when their schemas are gone.';

export async function folderState(files: FolderFiles, kind: FolderKind): Promise<FolderState> {
  const marker = await readMarker(files, kind);
  if (marker !== undefined) return { kind: 'own', instance: marker.instance };
  return { kind: (await files.isEmpty()) ? 'empty' : 'foreign' };
}

/**
 * One writing of a folder.
 *
 * Invariant: only files an earlier writing has listed are removed, and only those that can be files of schemas. The list is
 * on disk before the first file is, so that a writing that breaks off leaves nothing behind that nobody owns. What does
 * not change is not written, and the same content gives the same bytes.
 */
export class OwnedFolder {
  readonly changes: FolderChanges = { written: 0, unchanged: 0, removed: 0 };
  readonly #files: FolderFiles;
  readonly #kind: FolderKind;
  readonly #instance: string;
  readonly #planned: ReadonlySet<string>;
  readonly #owned: readonly string[];

  private constructor(
    files: FolderFiles,
    kind: FolderKind,
    instance: string,
    planned: ReadonlySet<string>,
    owned: readonly string[],
  ) {
    this.#files = files;
    this.#kind = kind;
    this.#instance = instance;
    this.#planned = planned;
    this.#owned = owned;
  }

  /** @param planned every file of a schema that belongs there now. */
  static async open(
    files: FolderFiles,
    kind: FolderKind,
    instance: string,
    planned: Iterable<string>,
  ): Promise<OwnedFolder> {
    const owned = (await readMarker(files, kind))?.files ?? [];
    const folder = new OwnedFolder(files, kind, instance, new Set(planned), owned);
    await folder.#writeMarker([...owned, ...folder.#planned]);
    return folder;
  }

  async put(path: string, text: string): Promise<void> {
    if ((await this.#files.read(path)) === text) this.changes.unchanged++;
    else {
      await this.#files.write(path, text);
      this.changes.written++;
    }
  }

  /** Removes the files of an earlier writing that do not belong there any more. */
  async finish(): Promise<void> {
    for (const path of this.#owned) {
      if (this.#planned.has(path)) continue;
      await this.#files.remove(path);
      this.changes.removed++;
    }
    await this.#writeMarker(this.#planned);
  }

  async #writeMarker(paths: Iterable<string>): Promise<void> {
    const files = [...new Set(paths)].sort();
    const text = `${JSON.stringify({ about, instance: this.#instance, files }, undefined, 2)}\n`;
    if ((await this.#files.read(this.#kind.markerFile)) !== text) {
      await this.#files.write(this.#kind.markerFile, text);
    }
  }
}

/** Anybody may have edited the marker: of its list, only what can be a file of a schema counts. */
async function readMarker(files: FolderFiles, kind: FolderKind): Promise<Marker | undefined> {
  const text = await files.read(kind.markerFile);
  if (text === undefined) return undefined;
  try {
    const { instance, files: listed } = JSON.parse(text) as Partial<Record<keyof Marker, unknown>>;
    if (typeof instance !== 'string' || !Array.isArray(listed)) return undefined;
    const isOurs = (path: unknown): path is string =>
      typeof path === 'string' && isSchemaFile(path, kind.extensions);
    return { instance, files: listed.filter(isOurs) };
  } catch {
    // Half a file, or a merge conflict: the folder counts as foreign, and the person is asked.
    return undefined;
  }
}

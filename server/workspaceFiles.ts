import { readdir, readFile, stat } from 'node:fs/promises';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ScriptLibrary } from './language/javascript/javaScriptService.ts';

/** A file of the workspace in a language of ours. */
export interface WorkspaceFile {
  path: string;
  uri: string;
  languageId: string;
}

/** Folders that hold what others wrote or what is made from the sources. */
const skippedFolders: ReadonlySet<string> = new Set(['node_modules', '.git', 'dist', 'out', '.vscode-test']);
/** A workspace with more files is somebody's home directory. */
const mostFiles = 20_000;
/** Nothing a person writes is longer; logs and exports are. */
const mostBytes = 2_000_000;
const parallelReads = 16;

/** The language of a file by its name, as the extension assigns it; `undefined` for none of ours. */
export function languageOfPath(path: string): string | undefined {
  const name = path.replaceAll('\\', '/');
  if (/\.queryDef\.xml$/i.test(name)) return 'campaign-querydef';
  if (/\.srcSchema\.xml$|\/xtk_srcSchema\/.*\.xml$/i.test(name)) return 'campaign-schema';
  if (/\.xml$/i.test(name)) return 'xml';
  if (/\.(jssp|jst)$/i.test(name)) return 'campaign-jssp';
  if (/\.campaign\.js$|\/xtk_(javascript|workflow)\/.*\.js$/i.test(name)) return 'campaign-javascript';
  return /\.js$/i.test(name) ? 'javascript' : undefined;
}

/**
 * The files of the workspace that are not open: listed once, when first needed, and again after {@link changed}.
 * What cannot be read is not there.
 */
export class WorkspaceFiles {
  private readonly folders: readonly string[];
  private scan: Promise<readonly WorkspaceFile[]> | undefined;
  /** By the name of a library in lower case, as soon as the files are listed. */
  private libraries: ReadonlyMap<string, readonly WorkspaceFile[]> | undefined;
  private readonly libraryTexts = new Map<string, { mtimeMs: number; text: string }>();

  /** @param folderUris addresses of the workspace folders; those that are not files are passed over. */
  constructor(folderUris: readonly string[]) {
    this.folders = folderUris.filter((uri) => uri.startsWith('file:')).map((uri) => fileURLToPath(uri));
  }

  /** A file was added, removed or renamed. */
  changed(): void {
    this.scan = undefined;
    this.libraries = undefined;
  }

  /** Every file of a language of ours. */
  list(): Promise<readonly WorkspaceFile[]> {
    this.scan ??= listFiles(this.folders).then((files) => {
      this.libraries = indexLibraries(files);
      return files;
    });
    return this.scan;
  }

  /** The files whose text contains a word, with that text. */
  async containing(
    word: string,
    isCancelled: () => boolean,
  ): Promise<{ file: WorkspaceFile; text: string }[]> {
    const files = await this.list();
    const found: { file: WorkspaceFile; text: string }[] = [];
    let next = 0;
    const readSome = async (): Promise<void> => {
      for (let file = files[next++]; file !== undefined && !isCancelled(); file = files[next++]) {
        const text = await readText(file.path);
        if (text?.includes(word) === true) found.push({ file, text });
      }
    };
    await Promise.all(Array.from({ length: parallelReads }, readSome));
    return found.sort((a, b) => (a.file.uri < b.file.uri ? -1 : 1));
  }

  /**
   * The library a script names, e.g. `cus:common.js`: a file of that name in a folder called like the namespace. Among
   * several the one that shares most of its path with the script. Until the files are listed nothing is found.
   */
  library(name: string, fromUri: string): ScriptLibrary | undefined {
    const candidates = this.libraries?.get(name.toLowerCase()) ?? [];
    const [best] = [...candidates].sort((a, b) => shared(b.uri, fromUri) - shared(a.uri, fromUri));
    return best && this.readLibrary(best);
  }

  private readLibrary({ path, uri }: WorkspaceFile): ScriptLibrary | undefined {
    try {
      const { mtimeMs, size } = statSync(path);
      let known = this.libraryTexts.get(path);
      if (known?.mtimeMs !== mtimeMs) {
        if (size > mostBytes) return undefined;
        known = { mtimeMs, text: readFileSync(path, 'utf8') };
        this.libraryTexts.set(path, known);
      }
      return { uri, version: String(mtimeMs), text: known.text };
    } catch {
      return undefined;
    }
  }
}

async function listFiles(folders: readonly string[]): Promise<WorkspaceFile[]> {
  const files: WorkspaceFile[] = [];
  const pending = [...folders];
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) {
        if (!skippedFolders.has(entry.name)) pending.push(path);
        continue;
      }
      const languageId = entry.isFile() ? languageOfPath(path) : undefined;
      if (languageId === undefined) continue;
      files.push({ path, uri: pathToFileURL(path).href, languageId });
      if (files.length >= mostFiles) return files;
    }
  }
  return files;
}

/** `…/cus/common.js` and `…/cus/common.campaign.js` are `cus:common.js`. */
function indexLibraries(files: readonly WorkspaceFile[]): Map<string, WorkspaceFile[]> {
  const byName = new Map<string, WorkspaceFile[]>();
  for (const file of files) {
    if (!file.path.endsWith('.js')) continue;
    const name = basename(file.path).replace(/(\.campaign)?\.js$/, '.js');
    const key = `${basename(dirname(file.path))}:${name}`.toLowerCase();
    byName.set(key, [...(byName.get(key) ?? []), file]);
  }
  return byName;
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > mostBytes ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

/** How many characters two addresses have in common at their beginning. */
function shared(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

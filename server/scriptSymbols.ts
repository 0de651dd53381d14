import { readFile, stat } from 'node:fs/promises';
import type { WorkspaceSymbol } from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DeclaredName } from './language/javascript/declaredNames.ts';
import { documentKind } from './language/regions.ts';
import type { WorkspaceFile } from './workspaceFiles.ts';

/** Reads the names of a script; `undefined` for a script that is none of ours. */
export type ReadNames = (languageId: string, text: string) => DeclaredName[] | undefined;

interface KnownScript {
  /** Changes with the text. */
  version: string;
  symbols: readonly WorkspaceSymbol[];
}

/** Nothing a person writes is longer; logs and exports are. */
const mostBytes = 2_000_000;
const parallelReads = 8;

/**
 * The functions of the scripts of the workspace, each script read once per version of its text.
 * Invariant: nothing is read before somebody asks.
 */
export class ScriptSymbols {
  private readonly known = new Map<string, KnownScript>();

  /** The names of files on disk and of open documents; those of an open document are as they stand in the editor. */
  async list(
    files: readonly WorkspaceFile[],
    open: readonly TextDocument[],
    readNames: ReadNames,
    isCancelled: () => boolean,
  ): Promise<WorkspaceSymbol[]> {
    const found: (readonly WorkspaceSymbol[])[] = open.map((document) =>
      this.read(document.uri, `open ${document.version}`, document.languageId, readNames, () =>
        document.getText(),
      ),
    );
    const openUris = new Set(open.map(({ uri }) => uri));
    const pending = files
      .filter(({ uri, languageId }) => !openUris.has(uri) && documentKind(languageId, '') === 'script')
      .values();
    const readSome = async (): Promise<void> => {
      for (const file of pending) {
        if (isCancelled()) return;
        found.push(await this.readFile(file, readNames));
      }
    };
    await Promise.all(Array.from({ length: parallelReads }, readSome));
    for (const uri of this.known.keys())
      if (!openUris.has(uri) && !files.some((file) => file.uri === uri)) this.known.delete(uri);
    return found.flat();
  }

  private async readFile(
    { path, uri, languageId }: WorkspaceFile,
    readNames: ReadNames,
  ): Promise<readonly WorkspaceSymbol[]> {
    try {
      const { mtimeMs, size } = await stat(path);
      if (size > mostBytes) return [];
      const version = String(mtimeMs);
      const known = this.known.get(uri);
      if (known?.version === version) return known.symbols;
      const text = await readFile(path, 'utf8');
      return this.read(uri, version, languageId, readNames, () => text);
    } catch {
      return [];
    }
  }

  private read(
    uri: string,
    version: string,
    languageId: string,
    readNames: ReadNames,
    getText: () => string,
  ): readonly WorkspaceSymbol[] {
    const known = this.known.get(uri);
    if (known?.version === version) return known.symbols;
    const text = getText();
    const document = TextDocument.create(uri, languageId, 0, text);
    const symbols = (readNames(languageId, text) ?? []).map(({ name, kind, start, end, container }) => ({
      name,
      kind,
      ...(container !== undefined && { containerName: container }),
      location: { uri, range: { start: document.positionAt(start), end: document.positionAt(end) } },
    }));
    this.known.set(uri, { version, symbols });
    return symbols;
  }
}

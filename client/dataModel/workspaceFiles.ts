import * as vscode from 'vscode';
import type { FolderFiles } from './ownedFolder.ts';

/** The files of a folder, on whatever disk VS Code works on. */
export function createFolderFiles(folder: vscode.Uri): FolderFiles {
  const { fs } = vscode.workspace;
  const uriOf = (path: string): vscode.Uri => vscode.Uri.joinPath(folder, ...path.split('/'));
  return {
    async read(path) {
      const bytes = await ifThere(fs.readFile(uriOf(path)));
      return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
    },
    async write(path, text) {
      // Makes the folders above.
      await fs.writeFile(uriOf(path), new TextEncoder().encode(text));
    },
    async remove(path) {
      await ifThere(fs.delete(uriOf(path)));
    },
    async isEmpty() {
      const entries = await ifThere(fs.readDirectory(folder));
      return entries === undefined || entries.length === 0;
    },
  };
}

async function ifThere<T>(work: Thenable<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
    throw error;
  }
}

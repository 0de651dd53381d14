import * as vscode from 'vscode';
import type { GridExportFormat } from '../../core/protocol/gridMessages.ts';
import { UserError } from '../commands.ts';
import { createRowWriter, type RowWriter } from './writeRows.ts';

const formats: Readonly<Record<GridExportFormat, string>> = { csv: 'CSV', json: 'JSON', xml: 'XML' };

/** Asks where to save rows. @returns `undefined` when the person backs out. */
export async function askForFile(
  name: string,
  offered: readonly GridExportFormat[],
): Promise<{ target: vscode.Uri; format: GridExportFormat } | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const fileName = `${name}.${offered[0]!}`;
  const target = await vscode.window.showSaveDialog({
    title: 'Save Rows',
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, fileName) }),
    filters: Object.fromEntries(offered.map((format) => [formats[format], [format]])),
  });
  if (target === undefined) return undefined;
  const extension = /\.(\w+)$/.exec(target.path)?.[1]?.toLowerCase();
  return { target, format: offered.find((format) => format === extension) ?? offered[0]! };
}

/** Rows on their way into a file. The file is written when all of them are there: cancelling leaves none behind. */
export class ExportedFile {
  readonly #target: vscode.Uri;
  readonly #writer: RowWriter;
  readonly #encoder = new TextEncoder();
  readonly #parts: Uint8Array[] = [];
  #rowCount = 0;

  constructor(target: vscode.Uri, format: GridExportFormat, schemaId: string) {
    this.#target = target;
    this.#writer = createRowWriter(format, schemaId);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  setColumns(xpaths: readonly string[]): void {
    this.#writer.setColumns(xpaths);
  }

  add(rows: readonly (readonly string[])[]): void {
    this.#parts.push(this.#encoder.encode(this.#writer.rows(rows)));
    this.#rowCount += rows.length;
  }

  async save(): Promise<void> {
    const { head, tail } = this.#writer.frame();
    const parts = [this.#encoder.encode(head), ...this.#parts, this.#encoder.encode(tail)];
    const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
    let offset = 0;
    for (const part of parts) {
      bytes.set(part, offset);
      offset += part.length;
    }
    try {
      await vscode.workspace.fs.writeFile(this.#target, bytes);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new UserError(`The rows could not be saved: ${reason} Choose another place.`);
    }
  }

  /** Tells that it is done, and opens it when asked to. */
  async tell(): Promise<void> {
    const open = 'Open';
    const rows = this.#rowCount === 1 ? '1 row' : `${this.#rowCount.toLocaleString('en')} rows`;
    const chosen = await vscode.window.showInformationMessage(
      `Saved ${rows} to ${vscode.workspace.asRelativePath(this.#target)}.`,
      open,
    );
    if (chosen === open) await vscode.commands.executeCommand('vscode.open', this.#target);
  }
}

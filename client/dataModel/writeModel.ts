import * as vscode from 'vscode';
import { planSchemaFiles } from '../../core/schema/schemaFiles.ts';
import { commandIds, signedInConnection, toSignal, UserError, type Commands } from '../commands.ts';
import type { Connection, Connections } from '../connection/connections.ts';
import { folderState, OwnedFolder, type FolderChanges, type FolderKind } from './ownedFolder.ts';
import { readSchemas } from './readSchemas.ts';
import { createFolderFiles } from './workspaceFiles.ts';

export interface ModelServices {
  readonly connections: Connections;
  readonly commands: Commands;
}

/** What to write of each schema, and at the end. */
export interface ModelWriter {
  readonly kind: FolderKind;
  /** What is written, for titles and messages: `snapshot`. */
  readonly noun: string;
  /** The files of one schema; none when its text cannot be read. */
  readonly schema: (id: string, xml: string, context: WriteContext) => WrittenFiles | Promise<WrittenFiles>;
  /** Files besides those of the schemas, once these are written. */
  readonly rest?: (context: WriteContext) => WrittenFiles;
}

export type WrittenFiles = readonly { readonly path: string; readonly text: string }[];

export interface WriteContext {
  readonly connection: Connection;
  /** Path without extension by schema id; see `planSchemaFiles`. */
  readonly paths: ReadonlyMap<string, string>;
  /** The text of any schema of the instance. */
  readonly load: (id: string) => Promise<string | null>;
}

export interface WriteResult {
  readonly changes: FolderChanges;
  /** Schemas without a file, one sentence each. */
  readonly problems: readonly string[];
  readonly schemaCount: number;
}

/** The connection, and the list of its schemas as it is now. */
export async function currentModel(
  connections: Connections,
): Promise<{ connection: Connection; ids: string[]; labels: ReadonlyMap<string, string> }> {
  const connection = await signedInConnection(connections);
  const list = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Reading the list of schemas of ${connection.settings.name}`,
      cancellable: true,
    },
    (_progress, token) => connections.listSchemas({ refresh: true, signal: toSignal(token) }),
  );
  const schemas = list?.schemas ?? [];
  if (schemas.length === 0) {
    throw new UserError(
      `${connection.settings.name} lists no schemas. Check that its operator may read xtk:schema.`,
    );
  }
  return {
    connection,
    ids: schemas.map(({ id }) => id),
    labels: new Map(schemas.map(({ id, label }) => [id, label])),
  };
}

/** Asks for the folder, and whether what is in it may be replaced. Backing out cancels the command. */
export async function pickFolder(
  title: string,
  writer: ModelWriter,
  connection: Connection,
): Promise<vscode.Uri> {
  const picked = await vscode.window.showOpenDialog({
    title,
    openLabel: 'Write Here',
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    ...defaultFolder(),
  });
  const folder = picked?.[0];
  if (folder === undefined) throw new vscode.CancellationError();
  await confirmFolder(folder, writer, connection);
  return folder;
}

/** Asks before a folder is written that has files of others, or those of another instance. */
export async function confirmFolder(
  folder: vscode.Uri,
  { kind, noun }: ModelWriter,
  connection: Connection,
): Promise<void> {
  const state = await folderState(createFolderFiles(folder), kind);
  const instance = instanceOf(connection);
  if (state.kind === 'empty' || (state.kind === 'own' && state.instance === instance)) return;
  const [question, detail] =
    state.kind === 'own'
      ? [
          `Replace the ${noun} of ${state.instance} by that of ${instance}?`,
          'Files of schemas that this instance does not have are removed.',
        ]
      : [
          `Write the ${noun} into a folder that is not empty?`,
          'Files of the same names are overwritten. Others stay as they are.',
        ];
  const go = 'Write';
  const answer = await vscode.window.showWarningMessage(question, { modal: true, detail }, go);
  if (answer !== go) throw new vscode.CancellationError();
}

/**
 * Writes files of schemas into a folder, with progress. Cancelling leaves what is written; nothing is removed then.
 * @throws CancellationError after saying how far it came.
 */
export async function writeModel(
  { connections, commands }: ModelServices,
  writer: ModelWriter,
  folder: vscode.Uri,
  connection: Connection,
  ids: readonly string[],
): Promise<WriteResult> {
  const { paths, refused } = planSchemaFiles(ids);
  const problems = refused.map(({ id, reason }) => `${id}: ${reason}`);
  const load = (id: string): Promise<string | null> => {
    // Texts come from the active connection; those of two must never meet in one folder.
    if (connections.active !== connection) {
      throw new UserError(
        `${connection.settings.name} is no longer the active connection. Make it active, and run the command again.`,
      );
    }
    return connections.loadSchema(id);
  };
  const context: WriteContext = { connection, paths, load };
  const planned = [...paths.values()].flatMap((path) =>
    writer.kind.extensions.map((extension) => `${path}.${extension}`),
  );
  const total = paths.size;
  let count = 0;
  const { owned, isComplete } = await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Writing the ${writer.noun} of ${connection.settings.name}`,
      cancellable: true,
    },
    async (progress, token) => {
      const files = await OwnedFolder.open(
        createFolderFiles(folder),
        writer.kind,
        instanceOf(connection),
        planned,
      );
      const result = await readSchemas([...paths.keys()], {
        load,
        signal: toSignal(token),
        use: async (id, xml) => {
          const written = await writer.schema(id, xml, context);
          if (written.length === 0) problems.push(`${id}: Its text cannot be read as a schema.`);
          for (const { path, text } of written) await files.put(path, text);
        },
        done: (id) => {
          count++;
          progress.report({ increment: 100 / total, message: `${count} of ${total}: ${id}` });
        },
      });
      for (const { id, error } of result.failures) {
        problems.push(`${id}: ${error.message}`);
        commands.log(error, `${writer.noun} of ${id}`);
      }
      for (const id of result.gone) problems.push(`${id}: It is gone since the list was read.`);
      if (result.isComplete) {
        for (const { path, text } of writer.rest?.(context) ?? []) await files.put(path, text);
        await files.finish();
      }
      return { owned: files, isComplete: result.isComplete };
    },
  );
  if (!isComplete) {
    void vscode.window.showWarningMessage(
      `The ${writer.noun} is not complete: cancelled after ${count} of ${total} schemas. Run the command again to finish it.`,
    );
    throw new vscode.CancellationError();
  }
  return { changes: owned.changes, problems: problems.sort(), schemaCount: total };
}

/** Tells what was written, with buttons; does not wait for the person. */
export function tellResult(
  { commands }: ModelServices,
  noun: string,
  folder: vscode.Uri,
  { changes, problems, schemaCount }: WriteResult,
  buttons: readonly { label: string; run: () => unknown }[],
): void {
  for (const problem of problems) commands.log(new UserError(problem), noun);
  const what = `${schemaCount} schemas in ${vscode.workspace.asRelativePath(folder)}`;
  const how = `${changes.written} files written, ${changes.unchanged} unchanged, ${changes.removed} removed`;
  const message = `${noun}: ${what} (${how}).`;
  const labels = buttons.map(({ label }) => label);
  const shown =
    problems.length === 0
      ? vscode.window.showInformationMessage(message, ...labels)
      : vscode.window.showWarningMessage(
          `${message} ${problems.length === 1 ? 'One schema has' : `${problems.length} schemas have`} no current file; see the log.`,
          'Show Log',
          ...labels,
        );
  void shown.then((chosen) => {
    if (chosen === 'Show Log') void vscode.commands.executeCommand(commandIds.showLog);
    const button = buttons.find(({ label }) => label === chosen);
    Promise.resolve(button?.run()).catch((error: unknown) => commands.report(error, noun));
  });
}

/** What identifies an instance in a folder: the same for everybody who works on it, whatever they call the connection. */
function instanceOf({ settings }: Connection): string {
  return new URL(settings.url).host;
}

function defaultFolder(): { defaultUri?: vscode.Uri } {
  const root = vscode.workspace.workspaceFolders?.[0]?.uri;
  return root === undefined ? {} : { defaultUri: root };
}

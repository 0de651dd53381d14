import * as vscode from 'vscode';
import type { SchemaDescription } from '../../core/protocol/messages.ts';
import type { GridColumn } from '../../core/protocol/gridMessages.ts';
import { commandIds, schemasOf, signedInConnection, UserError, type Commands } from '../commands.ts';
import type { Connection, Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { fieldColumn, valueLabels } from '../webview/fieldColumn.ts';
import { countStates, type JournaledPush, type PushHeader } from './journal.ts';
import { JournalStore } from './journalStore.ts';
import { planPush } from './planPush.ts';
import { PushPanel } from './pushPanel.ts';
import { PushSession } from './pushSession.ts';
import { readRows } from './readRows.ts';
import { reviewNotes, summary } from './reportText.ts';
import { stagingTargets, type StagingTarget } from './stagingTargets.ts';

export interface StagingServices {
  readonly connections: Connections;
  readonly language: LanguageServer;
  readonly commands: Commands;
  readonly log: vscode.LogOutputChannel;
}

/** Rows a push keeps under way for each request the connection allows at once: the throttle always has a next one. */
const rowsPerSlot = 3;
const defaultConcurrency = 4;
/** How long the report of a complete push can be looked up: a week. */
const keptMs = 7 * 24 * 3_600_000;

/** Pushing files into staging tables, and going on with pushes that did not end. */
export function registerStaging(context: vscode.ExtensionContext, services: StagingServices): void {
  const staging = new Staging(context, services);
  const { commands } = services;
  context.subscriptions.push(
    staging,
    commands.register(commandIds.pushFile, async (uri?: vscode.Uri) => staging.push(uri)),
    commands.register(commandIds.showPushes, async () => staging.choose()),
  );
  // After the start, and only a hint: a push cut short by the end of VS Code should not be forgotten.
  staging.tellUnfinished().catch((error: unknown) => commands.log(error, 'Pushes'));
}

class Staging implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #services: StagingServices;
  readonly #store: JournalStore;
  /** By push; a push is open once. */
  readonly #open = new Map<string, { panel: PushPanel; session: PushSession }>();

  constructor(context: vscode.ExtensionContext, services: StagingServices) {
    this.#extensionUri = context.extensionUri;
    this.#services = services;
    this.#store = new JournalStore(vscode.Uri.joinPath(context.globalStorageUri, 'pushes').fsPath);
  }

  dispose(): void {
    for (const { session } of this.#open.values()) session.dispose();
  }

  async push(chosen: vscode.Uri | undefined): Promise<void> {
    const uri = chosen ?? (await pickFile());
    const connection = await signedInConnection(this.#services.connections);
    const fileName = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    const target = await this.#pickTarget(connection, fileName);
    const description = await this.#services.language.describeSchema(target.stagingId);
    if (description === null) {
      throw new UserError(
        `The schema ${target.stagingId} could not be read. Refresh the data model and try again.`,
      );
    }
    const pushId = crypto.randomUUID();
    const review = async (sendEmpty: boolean): Promise<void> => {
      await this.#review({ uri, fileName, pushId, connection, description, sendEmpty });
    };
    const opened = this.#openPanel(pushId, fileName, connection, {
      replan: (sendEmpty) => {
        review(sendEmpty).catch((error: unknown) => this.#services.commands.report(error, 'Push'));
      },
      openLine: (line) => void openLine(uri, line),
    });
    this.#open.set(pushId, opened);
    await review(false);
  }

  /** Lists the pushes that are not dismissed, and opens one. */
  async choose(): Promise<void> {
    const pushes = await this.#store.list();
    if (pushes.length === 0) {
      void vscode.window.showInformationMessage(
        'There are no pushes. Push a CSV or JSON file from its context menu.',
      );
      return;
    }
    const picked = await vscode.window.showQuickPick(pushes.map(toPick), {
      title: 'Pushes',
      placeHolder: 'A push to look at or to go on with',
      matchOnDetail: true,
    });
    if (picked !== undefined) await this.#restore(picked.push.header);
  }

  async tellUnfinished(): Promise<void> {
    const pushes = await this.#store.list();
    const unfinished = pushes.filter(({ states }) => countStates(states).sent < states.length);
    // Rows are people's data: those of a push that ended well are not kept for ever.
    for (const push of pushes) {
      const isOld = Date.now() - Date.parse(push.header.createdAt) > keptMs;
      if (isOld && !unfinished.includes(push)) await this.#store.remove(push.header.pushId);
    }
    const newest = unfinished[0];
    if (newest === undefined) return;
    const { fileName, connectionName } = newest.header;
    const open = 'Open';
    const others = unfinished.length > 1 ? ` And ${unfinished.length - 1} more.` : '';
    const chosen = await vscode.window.showInformationMessage(
      `The push of ${fileName} to ${connectionName} did not end: ${summary(countStates(newest.states))}.${others}`,
      open,
    );
    if (chosen !== open) return;
    if (unfinished.length > 1) await this.choose();
    else await this.#restore(newest.header);
  }

  async #restore({ pushId, fileName, connectionId, connectionName }: PushHeader): Promise<void> {
    const existing = this.#open.get(pushId);
    if (existing !== undefined) {
      existing.panel.reveal();
      return;
    }
    const connection = this.#services.connections.get(connectionId);
    if (connection === undefined) {
      throw new UserError(
        `The connection “${connectionName}” of this push is gone. Add it again under the same id (${connectionId}).`,
      );
    }
    const reopened = await this.#store.reopen(pushId);
    if (reopened === undefined) throw new UserError('This push cannot be read any more.');
    const opened = this.#openPanel(pushId, fileName, connection, {
      replan: () => undefined,
      openLine: () => undefined,
    });
    this.#open.set(pushId, opened);
    const { journal, push } = reopened;
    opened.session.restore(
      journal,
      push,
      push.header.columns.map((xpath) => ({ xpath, kind: 'text' })),
    );
  }

  async #review(input: {
    uri: vscode.Uri;
    fileName: string;
    pushId: string;
    connection: Connection;
    description: SchemaDescription;
    sendEmpty: boolean;
  }): Promise<void> {
    const { uri, fileName, pushId, connection, description, sendEmpty } = input;
    const opened = this.#open.get(pushId);
    if (opened === undefined || opened.session.isRunning) return;
    const { table, problems } = readRows(fileName, await readFile(uri));
    if (table === undefined) {
      opened.panel.post({ type: 'refused', fileName, target: description.id, problems });
      return;
    }
    const { plan, problems: planProblems } = planPush(table, description, {
      sendEmpty,
      mintId: () => crypto.randomUUID(),
    });
    if (plan === undefined) {
      opened.panel.post({ type: 'refused', fileName, target: description.id, problems: planProblems });
      return;
    }
    const { language } = this.#services;
    const columns = await Promise.all(
      plan.matches.map(async ({ field }): Promise<GridColumn> => {
        const labels = await valueLabels(field.enumeration, description, (id) =>
          language.describeSchema(id).catch(() => null),
        );
        return { ...fieldColumn(field.xpath, field, field.label, labels), isExact: true };
      }),
    );
    if (this.#open.get(pushId)?.session.isRunning !== false) return;
    const header: PushHeader = {
      version: 1,
      pushId,
      createdAt: new Date().toISOString(),
      connectionId: connection.settings.id,
      connectionName: connection.settings.name,
      schemaId: plan.schemaId,
      fileName,
      columns: columns.map(({ xpath }) => xpath),
      rowCount: plan.rows.length,
    };
    const notes = reviewNotes(plan, table, connection.soap.isReadOnly);
    opened.session.review(header, plan, notes, sendEmpty, columns);
  }

  #openPanel(
    pushId: string,
    fileName: string,
    connection: Connection,
    host: { replan: (sendEmpty: boolean) => void; openLine: (line: number) => void },
  ): { panel: PushPanel; session: PushSession } {
    const { commands, log } = this.#services;
    const { settings } = connection;
    const panel = new PushPanel(this.#extensionUri, `Push ${fileName}`);
    const session = new PushSession({
      ...host,
      store: this.#store,
      target: {
        name: settings.name,
        tier: settings.tier,
        soap: connection.soap,
        concurrency: rowsPerSlot * (settings.concurrency ?? defaultConcurrency),
      },
      post: (message) => panel.post(message),
      saveReport: (csv) => {
        saveReport(fileName, csv).catch((error: unknown) => commands.report(error, 'Report'));
      },
      copy: (text) => void vscode.env.clipboard.writeText(text),
      showLog: () => log.show(),
      close: () => panel.close(),
      log: (message) => log.info(message),
      report: (error) => commands.report(error, 'Push'),
      now: () => performance.now(),
      time: () => new Date().toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }),
    });
    panel.listen(
      (message) => session.receive(message),
      () => {
        session.dispose();
        this.#open.delete(pushId);
      },
    );
    return { panel, session };
  }

  async #pickTarget(connection: Connection, fileName: string): Promise<StagingTarget> {
    const targets = stagingTargets(await schemasOf(this.#services.connections), fileName);
    if (targets.length === 0) {
      throw new UserError(
        `${connection.settings.name} has no staging schemas. Staging exists on Campaign v8 with the cloud database, for schemas with autoStg="true"; refresh the data model if one was added.`,
        [{ label: 'Refresh Data Model', command: commandIds.refreshModel }],
      );
    }
    const picked = await vscode.window.showQuickPick(
      targets.map((target) => ({
        label: target.schemaId,
        description: target.label,
        detail: `through ${target.stagingId}`,
        target,
      })),
      { title: `Push ${fileName} to`, placeHolder: 'Schema', matchOnDescription: true },
    );
    if (picked === undefined) throw new vscode.CancellationError();
    return picked.target;
  }
}

function toPick(push: JournaledPush): vscode.QuickPickItem & { push: JournaledPush } {
  const { header, states } = push;
  return {
    label: `${header.fileName} → ${header.schemaId}`,
    description: header.connectionName,
    detail: `${summary(countStates(states))}, ${new Date(header.createdAt).toLocaleString()}`,
    push,
  };
}

async function pickFile(): Promise<vscode.Uri> {
  const active = vscode.window.activeTextEditor?.document;
  if (active !== undefined && /\.(?:csv|tsv|json|jsonl|ndjson)$/i.test(active.uri.path)) return active.uri;
  const picked = await vscode.window.showOpenDialog({
    title: 'File to Push',
    openLabel: 'Push',
    filters: { 'CSV and JSON': ['csv', 'tsv', 'json', 'jsonl', 'ndjson'] },
  });
  if (picked?.[0] === undefined) throw new vscode.CancellationError();
  return picked[0];
}

/** What is in the editor counts, saved or not: it is what the person sees. */
async function readFile(uri: vscode.Uri): Promise<Uint8Array> {
  const edited = vscode.workspace.textDocuments.find(
    (document) => document.isDirty && document.uri.toString() === uri.toString(),
  );
  return edited === undefined
    ? await vscode.workspace.fs.readFile(uri)
    : new TextEncoder().encode(edited.getText());
}

async function openLine(uri: vscode.Uri, line: number): Promise<void> {
  const position = new vscode.Position(line - 1, 0);
  await vscode.window.showTextDocument(uri, {
    viewColumn: vscode.ViewColumn.Beside,
    selection: new vscode.Range(position, position),
  });
}

async function saveReport(fileName: string, csv: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = fileName.replace(/\.\w+$/, '');
  const uri = await vscode.window.showSaveDialog({
    ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `${name}-report.csv`) }),
    filters: { CSV: ['csv'] },
  });
  if (uri === undefined) return;
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(csv));
  await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.Beside });
}

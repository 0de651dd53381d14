import * as vscode from 'vscode';
import type { ModelSearchItem, SearchModelResult } from '../../core/protocol/messages.ts';
import { commandIds, isCancellation, UserError, type Commands } from '../commands.ts';
import type { Connections } from '../connection/connections.ts';
import type { LanguageServer } from '../languageClient/languageServer.ts';
import { copiedText, coverageText, insertedText, itemText } from './searchItems.ts';

export interface SearchServices {
  readonly connections: Connections;
  readonly language: LanguageServer;
  readonly commands: Commands;
}

/** Results of one page, and how often the list follows what is being read. */
const pageSize = 100;
const refreshMs = 700;

interface FoundItem extends vscode.QuickPickItem {
  readonly found?: ModelSearchItem;
  readonly act?: 'more' | 'connect' | 'log';
}

const copyButton: vscode.QuickInputButton = { iconPath: new vscode.ThemeIcon('copy'), tooltip: 'Copy' };
const insertButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('insert'),
  tooltip: 'Insert at Cursor',
};
const revealButton: vscode.QuickInputButton = {
  iconPath: new vscode.ThemeIcon('list-tree'),
  tooltip: 'Reveal in the Campaign View',
};

/** Finds what is in the model by name or label, and opens it. */
export function searchModel(services: SearchServices): void {
  new Search(services).show();
}

/** One search, from opening to closing. */
class Search {
  readonly #services: SearchServices;
  readonly #pick = vscode.window.createQuickPick<FoundItem>();
  /** The editor the person came from: the list takes the focus, not the place. */
  readonly #editor = vscode.window.activeTextEditor;
  readonly #closed = new vscode.CancellationTokenSource();
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Counts questions: an answer to an earlier one is not shown. */
  #asked = 0;
  #answered = 0;
  #shown: FoundItem[] = [];
  #isReading = false;
  #problem: string | undefined;

  constructor(services: SearchServices) {
    this.#services = services;
    const pick = this.#pick;
    pick.title = 'Search the Data Model';
    pick.placeholder = 'Name or label of a schema, field, link, enumeration, value or method';
    pick.busy = true;
    // The server has ordered the results. The property is in every VS Code, and nowhere in its published types.
    (pick as { sortByLabel?: boolean }).sortByLabel = false;
    pick.onDidChangeValue(() => this.#run(this.#search()));
    pick.onDidAccept(() => this.#run(this.#accept(pick.selectedItems[0])));
    pick.onDidTriggerItemButton(({ item, button }) => this.#run(this.#button(item, button)));
    pick.onDidHide(() => this.#close());
  }

  show(): void {
    this.#pick.show();
    this.#run(this.#search());
    this.#run(this.#read());
  }

  #close(): void {
    this.#closed.cancel();
    this.#closed.dispose();
    clearInterval(this.#timer);
    this.#pick.dispose();
  }

  /** Runs what an event started, and tells a failure like one of a command. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      // The list was closed meanwhile, and its requests with it.
      if (this.#closed.token.isCancellationRequested && isCancellation(error)) return;
      this.#pick.hide();
      this.#services.commands.report(error, commandIds.searchModel);
    });
  }

  /** Reads what is not searched yet, as long as the list is open: from the disk, then from the instance. */
  async #read(): Promise<void> {
    const { language, connections } = this.#services;
    const { token } = this.#closed;
    this.#isReading = true;
    this.#timer = setInterval(() => {
      if (this.#asked === this.#answered) this.#run(this.#search(true));
    }, refreshMs);
    try {
      const disk = await language.indexModel({ from: 'disk' }, token);
      if (disk !== null && connections.active?.state === 'connected') {
        this.#problem = (await language.indexModel({ from: 'instance' }, token))?.problem;
      }
    } catch (error) {
      if (token.isCancellationRequested) return;
      throw error;
    } finally {
      clearInterval(this.#timer);
      this.#isReading = false;
    }
    await this.#search(true);
  }

  /** @param keep keeps the item that is marked, and as many pages as there are. */
  async #search(keep = false): Promise<void> {
    const { value } = this.#pick;
    const question = ++this.#asked;
    this.#pick.busy = true;
    const result = await this.#find(value, keep ? Math.max(pageSize, this.#shown.length) : pageSize);
    if (question !== this.#asked || this.#closed.token.isCancellationRequested) return;
    this.#answered = question;
    if (result === null) {
      if (this.#isReading && keep) return;
      throw noModel(this.#services.connections);
    }
    this.#shown = result.items.map((item) => this.#toItem(item));
    this.#showItems(result, keep);
  }

  /** The first results, in as many requests as the server's page size takes. */
  async #find(query: string, count: number): Promise<SearchModelResult> {
    const { language } = this.#services;
    const result = await language.searchModel({ query, limit: count });
    while (result !== null && result.items.length < Math.min(count, result.total)) {
      const { length } = result.items;
      const next = await language.searchModel({ query, offset: length, limit: count - length });
      if (next === null || next.items.length === 0) break;
      result.items.push(...next.items);
    }
    return result;
  }

  /** The next page, below what is shown. */
  async #more(): Promise<void> {
    const { value } = this.#pick;
    const question = ++this.#asked;
    this.#pick.busy = true;
    const result = await this.#services.language.searchModel({
      query: value,
      offset: this.#shown.length,
      limit: pageSize,
    });
    if (question !== this.#asked || this.#closed.token.isCancellationRequested) return;
    this.#answered = question;
    if (result === null) return;
    const first = this.#shown.length;
    this.#shown.push(...result.items.map((item) => this.#toItem(item)));
    this.#showItems(result, false);
    const marked = this.#shown[first];
    if (marked !== undefined) this.#pick.activeItems = [marked];
  }

  #showItems({ total, coverage }: NonNullable<SearchModelResult>, keep: boolean): void {
    const pick = this.#pick;
    const marked = keep ? pick.activeItems[0] : undefined;
    const items: FoundItem[] = [...this.#shown];
    const rest = total - this.#shown.length;
    if (total === 0) items.push({ label: 'Nothing is called like that', alwaysShow: true });
    if (rest > 0) {
      items.push({ label: `$(ellipsis) Show more (${rest})`, alwaysShow: true, act: 'more' });
    }
    const note = coverageText(coverage, this.#isReading);
    if (note !== '') items.push(...this.#noteItems(note));
    pick.busy = this.#isReading;
    pick.keepScrollPosition = keep;
    pick.items = items;
    const same = marked && items.find((item) => itemKey(item) === itemKey(marked));
    if (same !== undefined) pick.activeItems = [same];
  }

  /** What is not searched, below the results: it explains why something may be missing. */
  #noteItems(note: string): FoundItem[] {
    const isOffline = this.#services.connections.active?.state === 'disconnected';
    const problem = this.#problem;
    return [
      { label: '', kind: vscode.QuickPickItemKind.Separator },
      {
        label: `$(info) ${note}`,
        ...(problem !== undefined && { detail: problem }),
        alwaysShow: true,
        act: isOffline ? 'connect' : 'log',
        ...(isOffline && { description: 'Choose this to connect and search them' }),
      },
    ];
  }

  #toItem(found: ModelSearchItem): FoundItem {
    const { icon, label, description } = itemText(found);
    return {
      label: `$(${icon}) ${label}`,
      description,
      // The server has matched it, in ways VS Code does not know.
      alwaysShow: true,
      buttons: [...(this.#editor === undefined ? [] : [insertButton]), copyButton, revealButton],
      found,
    };
  }

  async #accept(item: FoundItem | undefined): Promise<void> {
    if (item?.act === 'more') {
      await this.#more();
      return;
    }
    if (item?.act === 'connect') {
      this.#pick.hide();
      await vscode.commands.executeCommand(commandIds.connect);
      await vscode.commands.executeCommand(commandIds.searchModel);
      return;
    }
    if (item?.act === 'log') {
      this.#pick.hide();
      await vscode.commands.executeCommand(commandIds.showLog);
      return;
    }
    if (item?.found === undefined) return;
    const { schemaId, start, end } = item.found;
    this.#pick.hide();
    const location = await this.#services.language.locateSchema({
      schemaId,
      ...(start !== undefined && { start }),
      ...(end !== undefined && { end }),
    });
    if (location === null) {
      throw new UserError(`The text of ${schemaId} is not at hand. Connect, or refresh the data model.`);
    }
    await vscode.window.showTextDocument(location.uri, { selection: location.range });
  }

  async #button({ found }: FoundItem, button: vscode.QuickInputButton): Promise<void> {
    if (found === undefined) return;
    if (button === copyButton) {
      const text = copiedText(found);
      await vscode.env.clipboard.writeText(text);
      vscode.window.setStatusBarMessage(`Copied ${text}`, 3000);
    } else if (button === insertButton) {
      this.#pick.hide();
      await this.#insert(insertedText(found));
    } else {
      this.#pick.hide();
      await vscode.commands.executeCommand(commandIds.findSchema, {
        schemaId: found.schemaId,
        ...(isField(found) && { xpath: found.path }),
      });
    }
  }

  async #insert(text: string): Promise<void> {
    const editor = this.#editor;
    if (editor === undefined || editor.document.isClosed) {
      throw new UserError(
        'The editor to insert into is closed. Open a file and put the cursor where it belongs.',
      );
    }
    const shown = await vscode.window.showTextDocument(editor.document, editor.viewColumn);
    const isDone = await shown.edit((edit) => {
      for (const selection of shown.selections) edit.replace(selection, text);
    });
    if (!isDone)
      throw new UserError('This document cannot be edited. Open a file and put the cursor where it belongs.');
  }
}

function isField({ kind }: ModelSearchItem): boolean {
  return kind === 'attribute' || kind === 'element' || kind === 'link' || kind === 'collection';
}

function itemKey({ found, label }: FoundItem): string {
  return found === undefined ? label : [found.kind, found.schemaId, found.path, found.name].join('\n');
}

function noModel(connections: Connections): UserError {
  const { active } = connections;
  return active === undefined
    ? new UserError(
        'There is no data model to search. Add or choose a connection, or set campaign.model.folder.',
        [{ label: 'Choose a Connection', command: commandIds.selectConnection }],
      )
    : new UserError(`The data model of ${active.settings.name} is not at hand. Connect to read it.`, [
        { label: 'Connect', command: commandIds.connect },
        { label: 'Show Log', command: commandIds.showLog },
      ]);
}

import * as vscode from 'vscode';
import type {
  FromGrid,
  GridExport,
  GridExportRows,
  GridRunAction,
  ToGrid,
} from '../../core/protocol/gridMessages.ts';
import { createPagePanel, WebviewPage, type PageSource } from '../webview/webviewPage.ts';
import { askForFile, ExportedFile } from './exportedFile.ts';

/** Id of the view in `package.json`. */
export const resultsViewId = 'campaign.results';

export interface ResultsListener {
  taken(runId: number, rowCount: number): void;
  cancel(runId: number): void;
  action(action: GridRunAction): void;
  /** The page is gone: nobody takes rows any more. */
  closed(): void;
  pageError(message: string): void;
  /** Something the page asked for did not work. */
  failed(error: unknown): void;
}

type GridPage = WebviewPage<ToGrid, FromGrid>;

interface ResultsTab {
  readonly panel: vscode.WebviewPanel;
  readonly page: GridPage;
}

/** Where results are shown: in the panel below, or in an editor tab. */
export type ResultsPlace = 'panel' | 'tab';

/**
 * The page of results, wherever it is shown. Rows live in the page alone; the page keeps them while hidden, since the server
 * would have to be asked again otherwise.
 */
export class ResultsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #listener: ResultsListener;
  #view: { readonly view: vscode.WebviewView; readonly page: GridPage } | undefined;
  #tab: ResultsTab | undefined;
  /** The one the present run is shown in. */
  #page: GridPage | undefined;
  /** Takes the next rows of the export under way. */
  #takeExported:
    { readonly page: GridPage; readonly resolve: (rows: GridExportRows | undefined) => void } | undefined;
  /** Posted before the view was there. */
  #pending: ToGrid[] = [];

  constructor(extensionUri: vscode.Uri, listener: ResultsListener) {
    this.#extensionUri = extensionUri;
    this.#listener = listener;
  }

  dispose(): void {
    this.#tab?.panel.dispose();
  }

  /** Brings the place into view, for a run about to start. The keyboard stays where it is. */
  async open(place: ResultsPlace): Promise<void> {
    this.#pending = [];
    this.#page?.forgetWaiting();
    if (place === 'tab') {
      if (this.#tab === undefined) this.#tab = this.#openTab();
      else this.#tab.panel.reveal(undefined, true);
      this.#page = this.#tab.page;
    } else if (this.#view === undefined) {
      this.#page = undefined;
      await vscode.commands.executeCommand(`${resultsViewId}.focus`, { preserveFocus: true });
    } else {
      this.#page = this.#view.page;
      this.#view.view.show(true);
    }
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const page = this.#load(view.webview);
    this.#view = { view, page };
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#closed(page);
    });
    if (this.#page !== undefined) return;
    this.#page = page;
    for (const message of this.#pending.splice(0)) page.post(message);
  }

  post(message: ToGrid): void {
    if (this.#page === undefined) this.#pending.push(message);
    else this.#page.post(message);
  }

  #openTab(): ResultsTab {
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const panel = createPagePanel(resultsViewId, this.#source(), place);
    const page = this.#load(panel.webview);
    panel.onDidDispose(() => {
      this.#tab = undefined;
      this.#closed(page);
    });
    return { panel, page };
  }

  #load(webview: vscode.Webview): GridPage {
    const page: GridPage = new WebviewPage(webview, this.#source(), (message: FromGrid) =>
      this.#receive(page, message),
    );
    return page;
  }

  #source(): PageSource {
    return { extensionUri: this.#extensionUri, bundle: 'grid', title: 'Campaign Results' };
  }

  #closed(page: GridPage): void {
    if (this.#takeExported?.page === page) this.#takeExported.resolve(undefined);
    if (this.#page !== page) return;
    this.#page = undefined;
    this.#pending = [];
    this.#listener.closed();
  }

  #receive(page: GridPage, message: FromGrid): void {
    switch (message.type) {
      case 'ready':
        break;
      case 'taken':
        this.#listener.taken(message.runId, message.rowCount);
        break;
      case 'cancel':
        this.#listener.cancel(message.runId);
        break;
      case 'copy':
        void vscode.env.clipboard.writeText(message.text).then(() => {
          const cells = message.rowCount * message.columnCount;
          vscode.window.setStatusBarMessage(cells === 1 ? 'Copied' : `Copied ${cells} cells`, 3000);
        });
        break;
      case 'export':
        this.#save(page, message).catch((error: unknown) => this.#listener.failed(error));
        break;
      case 'exportRows':
        this.#takeExported?.resolve(message);
        break;
      case 'action':
        this.#listener.action(message);
        break;
      case 'pageError':
        this.#listener.pageError(message.message);
        break;
    }
  }

  /** Row by row from the page, so that a large result neither stands still nor cannot be stopped. */
  async #save(page: GridPage, { format, schemaId, columns, rowCount }: GridExport): Promise<void> {
    const chosen = await askForFile(schemaId.slice(schemaId.indexOf(':') + 1) || 'results', [format]);
    if (chosen === undefined) return;
    const file = new ExportedFile(chosen.target, format, schemaId);
    file.setColumns(columns);
    // One at a time: the page reads out the one begun last.
    this.#takeExported?.resolve(undefined);
    const title = `Saving ${rowCount.toLocaleString('en')} rows`;
    const isComplete = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      async (progress, token) => {
        while (!token.isCancellationRequested) {
          const part = new Promise<GridExportRows | undefined>((resolve) => {
            this.#takeExported = { page, resolve };
            token.onCancellationRequested(() => resolve(undefined));
          });
          page.post({ type: 'exportNext' });
          const received = await part;
          if (received === undefined) return false;
          file.add(received.rows);
          progress.report({ increment: (100 * received.rows.length) / Math.max(1, rowCount) });
          if (received.isLast) return true;
        }
        return false;
      },
    );
    if (!isComplete) return;
    await file.save();
    await file.tell();
  }
}

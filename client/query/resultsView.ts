import * as vscode from 'vscode';
import type { FromGrid, GridExport, GridRunAction, ToGrid } from '../../core/protocol/gridMessages.ts';
import { createPagePanel, WebviewPage, type PageSource } from '../webview/webviewPage.ts';

/** Id of the view in `package.json`. */
export const resultsViewId = 'campaign.results';

export interface ResultsListener {
  taken(runId: number, rowCount: number): void;
  cancel(runId: number): void;
  action(action: GridRunAction): void;
  /** The page is gone: nobody takes rows any more. */
  closed(): void;
  pageError(message: string): void;
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
    return new WebviewPage(webview, this.#source(), (message: FromGrid) => this.#receive(message));
  }

  #source(): PageSource {
    return { extensionUri: this.#extensionUri, bundle: 'grid', title: 'Campaign Results' };
  }

  #closed(page: GridPage): void {
    if (this.#page !== page) return;
    this.#page = undefined;
    this.#pending = [];
    this.#listener.closed();
  }

  #receive(message: FromGrid): void {
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
        void this.#save(message);
        break;
      case 'action':
        this.#listener.action(message);
        break;
      case 'pageError':
        this.#listener.pageError(message.message);
        break;
    }
  }

  async #save({ format, text, rowCount }: GridExport): Promise<void> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const target = await vscode.window.showSaveDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.joinPath(folder, `results.${format}`) }),
      filters: format === 'csv' ? { CSV: ['csv'] } : { JSON: ['json'] },
    });
    if (target === undefined) return;
    try {
      await vscode.workspace.fs.writeFile(target, new TextEncoder().encode(text));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`The results could not be saved: ${reason} Choose another place.`);
      return;
    }
    const open = 'Open';
    const chosen = await vscode.window.showInformationMessage(
      `Saved ${rowCount} rows to ${vscode.workspace.asRelativePath(target)}.`,
      open,
    );
    if (chosen === open) await vscode.window.showTextDocument(target);
  }
}

import * as vscode from 'vscode';
import type { FromGrid, GridExport, GridRunAction, ToGrid } from '../../core/protocol/gridMessages.ts';

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

/** Where results are shown: in the panel below, or in an editor tab. */
export type ResultsPlace = 'panel' | 'tab';

/**
 * The page of results, wherever it is shown. Rows live in the page alone; the page keeps them while hidden, since the server
 * would have to be asked again otherwise.
 */
export class ResultsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #listener: ResultsListener;
  #view: vscode.WebviewView | undefined;
  #tab: vscode.WebviewPanel | undefined;
  /** The one the present run is shown in. */
  #webview: vscode.Webview | undefined;
  /** Posted before the page was ready to listen. */
  #pending: ToGrid[] = [];
  readonly #ready = new WeakSet<vscode.Webview>();

  constructor(extensionUri: vscode.Uri, listener: ResultsListener) {
    this.#extensionUri = extensionUri;
    this.#listener = listener;
  }

  dispose(): void {
    this.#tab?.dispose();
  }

  /** Brings the place into view, for a run about to start. The keyboard stays where it is. */
  async open(place: ResultsPlace): Promise<void> {
    this.#pending = [];
    if (place === 'tab') {
      if (this.#tab === undefined) {
        this.#tab = vscode.window.createWebviewPanel(
          resultsViewId,
          'Campaign Results',
          { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
          { retainContextWhenHidden: true, ...this.#webviewOptions() },
        );
        this.#tab.onDidDispose(() => {
          this.#closed(this.#tab!.webview);
          this.#tab = undefined;
        });
        this.#attach(this.#tab.webview);
      } else this.#tab.reveal(undefined, true);
      this.#webview = this.#tab.webview;
      return;
    }
    if (this.#view === undefined) {
      this.#webview = undefined;
      await vscode.commands.executeCommand(`${resultsViewId}.focus`, { preserveFocus: true });
    } else {
      this.#webview = this.#view.webview;
      this.#view.show(true);
    }
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    view.webview.options = this.#webviewOptions();
    view.onDidDispose(() => {
      this.#closed(view.webview);
      this.#view = undefined;
    });
    this.#attach(view.webview);
    this.#webview ??= view.webview;
  }

  post(message: ToGrid): void {
    if (this.#webview !== undefined && this.#ready.has(this.#webview))
      void this.#webview.postMessage(message);
    else this.#pending.push(message);
  }

  #webviewOptions(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(this.#extensionUri, 'dist')] };
  }

  #closed(webview: vscode.Webview): void {
    if (this.#webview !== webview) return;
    this.#webview = undefined;
    this.#pending = [];
    this.#listener.closed();
  }

  #attach(webview: vscode.Webview): void {
    webview.onDidReceiveMessage((message: FromGrid) => this.#receive(webview, message));
    webview.html = this.#html(webview);
  }

  #receive(webview: vscode.Webview, message: FromGrid): void {
    switch (message.type) {
      case 'ready':
        this.#ready.add(webview);
        if (webview === this.#webview) {
          for (const pending of this.#pending.splice(0)) void webview.postMessage(pending);
        }
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

  /** Nothing inline, nothing remote: scripts and styles of this extension only. */
  #html(webview: vscode.Webview): string {
    const uri = (file: string): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, 'dist', file)).toString();
    const nonce = createNonce();
    return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';">
<link rel="stylesheet" href="${uri('grid.css')}">
<title>Campaign Results</title>
</head>
<body>
<script nonce="${nonce}" src="${uri('grid.js')}"></script>
</body>
</html>`;
  }
}

function createNonce(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return btoa(String.fromCharCode(...bytes)).replaceAll(/[+/=]/g, 'x');
}

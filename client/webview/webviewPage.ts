import * as vscode from 'vscode';
import { escapeXmlText } from '../../core/xml/entities.ts';

/** A page of this extension: a script and a style sheet in `dist`, and the title a screen reader reads out. */
export interface PageSource {
  readonly extensionUri: vscode.Uri;
  /** Of the bundles `dist/<bundle>.js` and `dist/<bundle>.css`. */
  readonly bundle: 'grid' | 'push' | 'form' | 'calls' | 'method';
  readonly title: string;
}

/** Shows a page in an editor tab. It is kept while hidden: what it shows would have to be asked for or typed again. */
export function createPagePanel(
  viewType: string,
  source: PageSource,
  showOptions: vscode.ViewColumn | { viewColumn: vscode.ViewColumn; preserveFocus?: boolean },
): vscode.WebviewPanel {
  return vscode.window.createWebviewPanel(viewType, source.title, showOptions, {
    retainContextWhenHidden: true,
    ...pageOptions(source),
  });
}

/**
 * Loads a page into a webview and speaks with it. Messages to it wait until it says that it is listening (`ready`), at
 * each loading.
 */
export class WebviewPage<To, From extends { readonly type: string }> {
  readonly #webview: vscode.Webview;
  #waiting: To[] | undefined = [];

  /** @param receive takes what the page says, its `ready` included. */
  constructor(webview: vscode.Webview, source: PageSource, receive: (message: From) => void) {
    this.#webview = webview;
    webview.options = pageOptions(source);
    webview.onDidReceiveMessage((message: From) => {
      if (message.type === 'ready') {
        const waiting = this.#waiting ?? [];
        this.#waiting = undefined;
        for (const early of waiting) void webview.postMessage(early);
      }
      receive(message);
    });
    webview.html = toHtml(webview, source);
  }

  post(message: To): void {
    if (this.#waiting === undefined) void this.#webview.postMessage(message);
    else this.#waiting.push(message);
  }

  /** Drops what the page has not been told yet. */
  forgetWaiting(): void {
    if (this.#waiting !== undefined) this.#waiting = [];
  }
}

function pageOptions({ extensionUri }: PageSource): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')] };
}

/** Nothing inline, nothing remote: the script and the style sheet of this extension only. */
function toHtml(webview: vscode.Webview, { extensionUri, bundle, title }: PageSource): string {
  const uri = (file: string): string =>
    webview.asWebviewUri(vscode.Uri.joinPath(extensionUri, 'dist', file)).toString();
  const nonce = crypto.randomUUID().replaceAll('-', '');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';">
<link rel="stylesheet" href="${uri(`${bundle}.css`)}">
<title>${escapeXmlText(title)}</title>
</head>
<body>
<script nonce="${nonce}" src="${uri(`${bundle}.js`)}"></script>
</body>
</html>`;
}

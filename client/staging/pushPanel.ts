import * as vscode from 'vscode';
import type { FromPush, ToPush } from '../../core/protocol/pushMessages.ts';

/** A push in an editor tab. Messages posted before the page is ready wait for it. */
export class PushPanel {
  readonly #panel: vscode.WebviewPanel;
  #pending: ToPush[] | undefined = [];

  constructor(extensionUri: vscode.Uri, title: string) {
    const dist = vscode.Uri.joinPath(extensionUri, 'dist');
    this.#panel = vscode.window.createWebviewPanel('campaign.push', title, vscode.ViewColumn.Active, {
      enableScripts: true,
      localResourceRoots: [dist],
      // The review of ten thousand rows should not be built again at each change of tabs.
      retainContextWhenHidden: true,
    });
    this.#panel.webview.html = toHtml(this.#panel.webview, dist);
  }

  listen(onMessage: (message: FromPush) => void, onClose: () => void): void {
    this.#panel.webview.onDidReceiveMessage((message: FromPush) => {
      if (message.type === 'ready') {
        const pending = this.#pending ?? [];
        this.#pending = undefined;
        for (const waiting of pending) void this.#panel.webview.postMessage(waiting);
      }
      onMessage(message);
    });
    this.#panel.onDidDispose(onClose);
  }

  post(message: ToPush): void {
    if (this.#pending === undefined) void this.#panel.webview.postMessage(message);
    else this.#pending.push(message);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  close(): void {
    this.#panel.dispose();
  }
}

/** Nothing inline, nothing remote: scripts and styles of this extension only. */
function toHtml(webview: vscode.Webview, dist: vscode.Uri): string {
  const uri = (file: string): string => webview.asWebviewUri(vscode.Uri.joinPath(dist, file)).toString();
  const nonce = crypto.randomUUID().replaceAll('-', '');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${webview.cspSource}; script-src 'nonce-${nonce}';">
<link rel="stylesheet" href="${uri('push.css')}">
<title>Push to Staging</title>
</head>
<body>
<script nonce="${nonce}" src="${uri('push.js')}"></script>
</body>
</html>`;
}

import * as vscode from 'vscode';
import type { FromPush, ToPush } from '../../core/protocol/pushMessages.ts';
import { createPagePanel, WebviewPage, type PageSource } from '../webview/webviewPage.ts';

/** A push in an editor tab. */
export class PushPanel {
  readonly #panel: vscode.WebviewPanel;
  readonly #page: WebviewPage<ToPush, FromPush>;
  #onMessage: (message: FromPush) => void = () => undefined;

  constructor(extensionUri: vscode.Uri, title: string) {
    const source: PageSource = { extensionUri, bundle: 'push', title };
    this.#panel = createPagePanel('campaign.push', source, vscode.ViewColumn.Active);
    this.#page = new WebviewPage(this.#panel.webview, source, (message: FromPush) =>
      this.#onMessage(message),
    );
  }

  listen(onMessage: (message: FromPush) => void, onClose: () => void): void {
    this.#onMessage = onMessage;
    this.#panel.onDidDispose(onClose);
  }

  post(message: ToPush): void {
    this.#page.post(message);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  close(): void {
    this.#panel.dispose();
  }
}

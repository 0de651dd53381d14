import * as vscode from 'vscode';
import type { CallRow, FromCallList, ToCallList } from '../../core/protocol/callLogMessages.ts';
import type { Connections } from '../connection/connections.ts';
import { WebviewPage } from '../webview/webviewPage.ts';
import { CallFeed } from './callFeed.ts';
import { toText } from './callText.ts';

/** Id of the view in `package.json`. */
export const callsViewId = 'campaign.calls';

export interface CallsListener {
  /** Paused or not, or bodies recorded or not. */
  stateChanged(): void;
  recordBodies(): void;
  pageError(message: string): void;
}

/** Rows go to the page together: a push makes dozens of calls a second. */
const flushMs = 100;

/** The list of calls in the panel. The page holds a copy of what it shows, and is told all of it when it opens. */
export class CallsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly feed: CallFeed;
  readonly #extensionUri: vscode.Uri;
  readonly #listener: CallsListener;
  #view: vscode.WebviewView | undefined;
  #page: WebviewPage<ToCallList, FromCallList> | undefined;
  #isPaused = false;
  #waiting = new Map<string, CallRow>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(extensionUri: vscode.Uri, connections: Connections, listener: CallsListener) {
    this.#extensionUri = extensionUri;
    this.#listener = listener;
    this.feed = new CallFeed(
      connections,
      (row) => this.#tell(row),
      () => this.#tellAll(),
    );
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** The list stands still; resuming it shows what was missed. */
  set isPaused(value: boolean) {
    this.#isPaused = value;
    if (!value) this.#tellAll();
    this.#tellState();
  }

  get recordsBodies(): boolean {
    return this.feed.recordsBodies;
  }

  set recordsBodies(value: boolean) {
    this.feed.recordsBodies = value;
    this.#tellState();
  }

  clear(): void {
    this.feed.clear();
    this.#tellAll(true);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.feed.dispose();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#page = new WebviewPage(
      view.webview,
      { extensionUri: this.#extensionUri, bundle: 'calls', title: 'Campaign Calls' },
      (message: FromCallList) => this.#receive(message),
    );
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#page = undefined;
    });
  }

  #receive(message: FromCallList): void {
    switch (message.type) {
      case 'ready':
        this.#tellAll(true);
        this.#tellState();
        break;
      case 'open': {
        const { request, reply } = this.feed.find(message.key)?.entry ?? {};
        this.#post({
          type: 'bodies',
          key: message.key,
          ...(request === undefined ? {} : { request }),
          ...(reply === undefined ? {} : { reply }),
        });
        break;
      }
      case 'copy': {
        const call = this.feed.find(message.key);
        if (call === undefined) break;
        void vscode.env.clipboard.writeText(toText(call.connection, call.entry)).then(() => {
          vscode.window.setStatusBarMessage('Copied', 3000);
        });
        break;
      }
      case 'recordBodies':
        this.#listener.recordBodies();
        break;
      case 'pageError':
        this.#listener.pageError(message.message);
        break;
    }
  }

  #tell(row: CallRow): void {
    if (this.#isPaused || this.#view?.visible !== true) return;
    this.#waiting.set(row.key, row);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const rows = [...this.#waiting.values()];
      this.#waiting.clear();
      if (rows.length > 0) this.#post({ type: 'rows', isWhole: false, rows });
    }, flushMs);
  }

  /** @param always also while the list stands still. */
  #tellAll(always = false): void {
    if (this.#isPaused && !always) return;
    this.#waiting.clear();
    this.#post({ type: 'rows', isWhole: true, rows: this.feed.rows });
  }

  #tellState(): void {
    this.#listener.stateChanged();
    this.#post({ type: 'state', isPaused: this.#isPaused, recordsBodies: this.feed.recordsBodies });
  }

  #post(message: ToCallList): void {
    this.#page?.post(message);
  }
}

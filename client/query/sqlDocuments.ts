import * as vscode from 'vscode';

/** Scheme of the documents with the SQL of queries. */
const scheme = 'campaign-sql';

/** The SQL of queries as read-only documents, one for each schema: nothing to save, and nobody asks to. */
export class SqlDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(scheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === scheme) this.#texts.delete(uri.path);
      }),
    );
  }

  /** Shows the SQL of a query beside what is edited, in place of that of the last query of the schema. */
  async show(schemaId: string, sql: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${schemaId.replace(':', ' ')}.sql` });
    this.#texts.set(uri.path, sql);
    this.#changed.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.languages.setTextDocumentLanguage(document, 'sql');
    await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
  }

  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.#texts.get(path) ?? '-- Run "Show SQL" on the query again.\n';
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

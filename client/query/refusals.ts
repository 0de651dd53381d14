import * as vscode from 'vscode';
import { problemPages } from '../languageClient/problemPages.ts';
import { isAboutQuery, refusalMessage } from './refusal.ts';
import { findRefusedPart } from './refusedPart.ts';

/** Where a query was taken from. */
export interface QueryOrigin {
  readonly uri: vscode.Uri;
  /** Version of the document at that time. */
  readonly version: number;
  readonly range: vscode.Range;
}

const code = 'query/server-refused';

/**
 * Shows in the document what a server refused in a query. It is true of the text that was sent, so it goes as soon as the
 * document changes or closes, or the query is sent again.
 */
export class Refusals implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('campaign-server');
  readonly #subscriptions: vscode.Disposable;

  constructor() {
    this.#subscriptions = vscode.Disposable.from(
      this.#collection,
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#collection.delete(document.uri);
      }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#collection.delete(uri)),
    );
  }

  /** Forgets what was said of a query: it is being sent again, or was taken. */
  clear({ uri, range }: QueryOrigin): void {
    const others = (this.#collection.get(uri) ?? []).filter((shown) => !range.contains(shown.range));
    this.#collection.set(uri, others);
  }

  /** Shows an error where it belongs, when the server refused the query itself and the document is still the same. */
  show(origin: QueryOrigin, error: unknown): void {
    const severity = chosenSeverity();
    if (severity === undefined || !isAboutQuery(error)) return;
    const document = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.toString() === origin.uri.toString(),
    );
    if (document?.version !== origin.version) return;
    this.clear(origin);
    const part = findRefusedPart(document.getText(origin.range), error.details);
    const start = document.offsetAt(origin.range.start);
    const range =
      part === undefined
        ? origin.range
        : new vscode.Range(document.positionAt(start + part.start), document.positionAt(start + part.end));
    const diagnostic = new vscode.Diagnostic(range, refusalMessage(error), severity);
    diagnostic.source = 'Campaign server';
    diagnostic.code = {
      value: code,
      target: vscode.Uri.parse(`${problemPages}${code.replace('/', '-')}.md`),
    };
    this.#collection.set(origin.uri, [...(this.#collection.get(origin.uri) ?? []), diagnostic]);
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }
}

const severities: Readonly<Record<string, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** As the setting has it for the other problems; `undefined` when it is off. */
function chosenSeverity(): vscode.DiagnosticSeverity | undefined {
  const chosen = vscode.workspace
    .getConfiguration('campaign.diagnostics')
    .get<Record<string, string>>('severity', {});
  const name = chosen[code] ?? chosen['query/*'] ?? 'error';
  return name === 'off' ? undefined : (severities[name] ?? vscode.DiagnosticSeverity.Error);
}

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MessageConnection } from 'vscode-jsonrpc/node';
import { DiagnosticSeverity, type Diagnostic, type DocumentDiagnosticReport } from 'vscode-languageserver';

/** Languages by the end of the file name; the first that fits. */
const languages: readonly (readonly [ending: string, languageId: string])[] = [
  ['.jssp', 'campaign-jssp'],
  ['.jst', 'campaign-jssp'],
  ['.js', 'campaign-javascript'],
  ['.querydef.xml', 'campaign-querydef'],
  ['.srcschema.xml', 'campaign-schema'],
  ['.xml', 'xml'],
];

/** One document and what there is to say against it. */
export interface CheckedDocument {
  /** From the folder, with `/`. */
  name: string;
  diagnostics: Diagnostic[];
}

/** What a client of {@link checkFolder} says it can do: it asks for diagnostics, and asks again when told to. */
export const checkingClient = {
  textDocument: { diagnostic: {} },
  workspace: { diagnostics: { refreshSupport: true } },
} as const;

/**
 * Opens every Campaign script and XML document below a folder in a language server, as any editor would, and asks for
 * its diagnostics. What arrives while the model is still loading is asked for again.
 * @param rpc a client that has said hello with {@link checkingClient}.
 */
export async function checkFolder(rpc: MessageConnection, folder: string): Promise<CheckedDocument[]> {
  let refreshes = 0;
  rpc.onRequest('workspace/diagnostic/refresh', () => {
    refreshes++;
    return null;
  });
  const names = (await readdir(folder, { recursive: true }))
    .map((name) => name.replaceAll(path.sep, '/'))
    .sort();
  const documents: CheckedDocument[] = [];
  for (const name of names) {
    const languageId = languageOf(name);
    if (languageId === undefined || name.includes('node_modules/')) continue;
    const file = path.join(folder, name);
    const uri = pathToFileURL(file).href;
    const text = await readFile(file, 'utf8');
    await rpc.sendNotification('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
    let asked: number;
    let report: DocumentDiagnosticReport;
    do {
      asked = refreshes;
      report = await rpc.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', {
        textDocument: { uri },
      });
    } while (asked !== refreshes);
    await rpc.sendNotification('textDocument/didClose', { textDocument: { uri } });
    documents.push({ name, diagnostics: report.kind === 'full' ? report.items : [] });
  }
  return documents;
}

function languageOf(name: string): string | undefined {
  const lower = name.toLowerCase();
  return languages.find(([ending]) => lower.endsWith(ending))?.[1];
}

/** Errors and warnings; information and hints are advice. */
const isProblem = ({ severity }: Diagnostic): boolean =>
  severity === DiagnosticSeverity.Error || severity === DiagnosticSeverity.Warning;

function firstLine(message: Diagnostic['message']): string {
  const text = typeof message === 'string' ? message : message.value;
  return text.split('\n')[0]!;
}

/** How many are clean, and the problems of the others, most frequent code first. */
export function describeCheck(documents: readonly CheckedDocument[]): string {
  const found = documents.flatMap(({ name, diagnostics }) =>
    diagnostics.filter(isProblem).map((diagnostic) => ({ name, diagnostic })),
  );
  const clean = documents.filter(({ diagnostics }) => !diagnostics.some(isProblem)).length;
  const byCode = new Map<string, typeof found>();
  for (const problem of found) {
    const code = String(problem.diagnostic.code ?? 'without a code');
    byCode.set(code, [...(byCode.get(code) ?? []), problem]);
  }
  const groups = [...byCode].sort((a, b) => b[1].length - a[1].length || (a[0] < b[0] ? -1 : 1));
  const lines = groups.flatMap(([code, problems]) => [
    '',
    `${code} (${problems.length})`,
    ...problems.map(({ name, diagnostic: { range, message } }) => {
      const place = `${name}:${range.start.line + 1}:${range.start.character + 1}`;
      return `  ${place}  ${firstLine(message)}`;
    }),
  ]);
  return [`${clean} of ${documents.length} documents have neither errors nor warnings.`, ...lines].join('\n');
}

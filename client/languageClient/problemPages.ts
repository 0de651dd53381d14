import * as vscode from 'vscode';

/**
 * Scheme of the pages about problem codes: the code of a diagnostic links to `campaign-problem:/query-contains.md`. The
 * manifest has VS Code open this scheme as a Markdown preview, which a link to the file itself would not do.
 */
const scheme = 'campaign-problem';

/** Address the pages are below, as the server is told it. */
export const problemPages = `${scheme}:/`;

/** Opens the list of all codes. */
export async function showProblemCodes(): Promise<void> {
  await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(`${problemPages}README.md`));
}

/** The pages that came with the extension, as read-only documents. */
export function registerProblemPages(extension: vscode.Uri): vscode.Disposable {
  return vscode.workspace.registerTextDocumentContentProvider(scheme, {
    async provideTextDocumentContent({ path }) {
      const page = /^\/([\w-]+\.md)$/.exec(path)?.[1];
      if (page === undefined) return `There is no page ${path}.\n`;
      const file = vscode.Uri.joinPath(extension, 'docs', 'problems', page);
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(file));
    },
  });
}

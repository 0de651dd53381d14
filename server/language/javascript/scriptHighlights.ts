import { DocumentHighlightKind, type DocumentHighlight } from 'vscode-languageserver-types';
import { literalAt } from './positions.ts';
import { scriptReferences, toLocation } from './scriptNavigation.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { anchorAt } from './symbolsAt.ts';

/** The uses of the name at an offset in its own script, and whether each reads or writes. */
export function scriptHighlights(project: ScriptProject, offset: number): DocumentHighlight[] {
  const { document, fileName, service } = project;
  if (literalAt(project.mask, offset) !== undefined) return [];
  if (anchorAt(project, offset)?.anchor.kind === 'node') {
    // A field is known by its place in the model, however it is written.
    return scriptReferences(project, offset)
      .filter(({ uri }) => uri === document.uri)
      .map(({ range }) => ({ range, kind: DocumentHighlightKind.Read }));
  }
  const files = service.getDocumentHighlights(fileName, offset, [fileName]) ?? [];
  return files.flatMap(({ highlightSpans }) =>
    highlightSpans.flatMap(({ textSpan, kind }) => {
      const range = toLocation(project, fileName, textSpan)?.range;
      if (range === undefined) return [];
      const isWritten = kind === project.ts.HighlightSpanKind.writtenReference;
      return [{ range, kind: isWritten ? DocumentHighlightKind.Write : DocumentHighlightKind.Read }];
    }),
  );
}

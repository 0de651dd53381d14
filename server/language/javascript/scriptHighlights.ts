import { DocumentHighlightKind, type DocumentHighlight } from 'vscode-languageserver-types';
import { modelReferenceAt, modelReferences } from './modelReferences.ts';
import { literalAt } from './positions.ts';
import { toLocation } from './scriptNavigation.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** The uses of the name at an offset in its own script, and whether each reads or writes. */
export function scriptHighlights(project: ScriptProject, offset: number): DocumentHighlight[] {
  const { fileName, service } = project;
  const target = modelReferenceAt(project, offset);
  if (target?.kind === 'node') {
    // A field is known by its place in the model, however it is written.
    return modelReferences(project, target).map(({ range }) => ({ range, kind: DocumentHighlightKind.Read }));
  }
  if (literalAt(project.mask, offset) !== undefined) return [];
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

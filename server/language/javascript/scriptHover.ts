import type * as ts from 'typescript';
import type { Hover } from 'vscode-languageserver-types';
import { escapeMarkdown, fieldDocumentation, schemaDocumentation } from '../queryDef/fieldDocumentation.ts';
import { literalAt } from './positions.ts';
import { documentationText } from './scriptCompletion.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { showType } from './showType.ts';
import { anchorAt } from './symbolsAt.ts';

/** What a name is: a field of the model, a function of the API, a variable and its type. */
export function hoverScript(project: ScriptProject, offset: number): Hover | undefined {
  if (literalAt(project.mask, offset) !== undefined) return undefined;
  const known = anchorAt(project, offset);
  const { document } = project;
  if (known !== undefined && known.anchor.kind !== 'method') {
    const range = { start: document.positionAt(known.start), end: document.positionAt(known.end) };
    const value = anchorDocumentation(project, known.anchor);
    if (value !== undefined) return { contents: { kind: 'markdown', value }, range };
  }
  const info = project.service.getQuickInfoAtPosition(project.fileName, offset);
  return info && toHover(project, info);
}

function anchorDocumentation(
  { model }: ScriptProject,
  anchor: NonNullable<ReturnType<typeof anchorAt>>['anchor'],
): string | undefined {
  switch (anchor.kind) {
    case 'node':
      return fieldDocumentation(model, anchor.node);
    case 'schema': {
      const schema = model.getSchema(anchor.schemaId);
      return schema ? schemaDocumentation(schema) : undefined;
    }
    case 'alias':
      return `Column of the query: \`${escapeMarkdown(anchor.expr)}\``;
    case 'method':
      return undefined;
  }
}

function toHover(project: ScriptProject, info: ts.QuickInfo): Hover | undefined {
  const signature = showType(project.ts.displayPartsToString(info.displayParts ?? []));
  if (signature === '') return undefined;
  const documentation = documentationText(project, info.documentation, info.tags);
  const value = ['```javascript\n' + signature + '\n```', documentation]
    .filter((part) => part !== '')
    .join('\n\n');
  const { start, length } = info.textSpan;
  const { document } = project;
  return {
    contents: { kind: 'markdown', value },
    range: { start: document.positionAt(start), end: document.positionAt(start + length) },
  };
}

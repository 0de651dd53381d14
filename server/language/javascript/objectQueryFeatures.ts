import type { CompletionItem, CompletionList, Diagnostic, Hover } from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { DocumentProblem } from '../problems.ts';
import { completeQuery } from '../queryDef/queryCompletion.ts';
import type { EditorFeatures } from '../queryDef/queryContext.ts';
import { queryDefinition } from '../queryDef/queryDefinition.ts';
import { checkQuery } from '../queryDef/queryDiagnostics.ts';
import { hoverQuery } from '../queryDef/queryHover.ts';
import type { DefinitionTarget } from './javaScriptService.ts';
import { objectQueries, objectQueryAt, type ObjectQuery } from './objectQuery.ts';
import { toObjectFix } from './objectQueryFixes.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** Completion inside a string of a query in its object form; `undefined` elsewhere. */
export function completeObjectQuery(
  project: ScriptProject,
  editor: EditorFeatures,
  offset: number,
): CompletionList | undefined {
  const query = objectQueryAt(project, offset);
  const at = query?.toXml(offset);
  if (query === undefined || at === undefined) return undefined;
  const { items, isIncomplete } = completeQuery(query.context, editor, at);
  return { items: items.flatMap((item) => toScriptItem(project, query, item)), isIncomplete };
}

function toScriptItem(project: ScriptProject, query: ObjectQuery, item: CompletionItem): CompletionItem[] {
  const edit = item.textEdit;
  if (edit === undefined || !('range' in edit)) return [item];
  const { document } = query.context;
  const inXml = { start: document.offsetAt(edit.range.start), end: document.offsetAt(edit.range.end) };
  const range = query.toScript(inXml);
  if (range === undefined) return [];
  const newText = query.toString(edit.newText, inXml.start);
  return [{ ...item, textEdit: { range: lspRange(project, range), newText } }];
}

function lspRange({ document }: ScriptProject, { start, end }: TextRange): Diagnostic['range'] {
  return { start: document.positionAt(start), end: document.positionAt(end) };
}

/** Hover inside a string of a query in its object form. */
export function hoverObjectQuery(project: ScriptProject, offset: number): Hover | undefined {
  const query = objectQueryAt(project, offset);
  const at = query?.toXml(offset);
  const hover = query === undefined || at === undefined ? undefined : hoverQuery(query.context, at);
  if (query === undefined || hover?.range === undefined) return hover;
  const { document } = query.context;
  const range = query.toScript({
    start: document.offsetAt(hover.range.start),
    end: document.offsetAt(hover.range.end),
  });
  return range === undefined
    ? { contents: hover.contents }
    : { contents: hover.contents, range: lspRange(project, range) };
}

/** What the names in such a string lead to. */
export function objectQueryDefinition(project: ScriptProject, offset: number): DefinitionTarget[] {
  const query = objectQueryAt(project, offset);
  const at = query?.toXml(offset);
  if (query === undefined || at === undefined) return [];
  return queryDefinition(query.context, at).map((target) => ({ kind: 'schema', target }));
}

/** What there is to say against the queries of a script in their object form. */
export function checkObjectQueries(project: ScriptProject): DocumentProblem[] {
  return objectQueries(project).flatMap((query) =>
    checkQuery(query.context).flatMap((problem) => {
      const range = query.toScript(problem);
      const fixes = problem.fixes.flatMap((fix) => toObjectFix(project.text, query, fix) ?? []);
      return range === undefined ? [] : [{ ...problem, ...range, fixes }];
    }),
  );
}

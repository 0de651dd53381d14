import type { CompletionList } from 'vscode-languageserver-types';
import { completeSchemaIds } from '../queryDef/schemaCompletion.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { nameAt, treeOf } from './symbolsAt.ts';

/** Parameters that take a schema id, by their names in the API table and in schemas. */
const schemaParameters: ReadonlySet<string> = new Set(['schemaId', 'schema', 'targetSchema']);

/** Schema ids in the strings of calls that take one: `application.getSchema("…")`; `undefined` elsewhere. */
export function completeSchemaString(project: ScriptProject, offset: number): CompletionList | undefined {
  const { ts } = project;
  const tree = treeOf(project);
  const string = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || string === undefined || !ts.isStringLiteral(string)) return undefined;
  const start = string.getStart(tree.file) + 1;
  if (offset < start || !ts.isCallExpression(string.parent)) return undefined;
  const index = string.parent.arguments.indexOf(string);
  const signature = tree.checker.getResolvedSignature(string.parent);
  if (!schemaParameters.has(signature?.parameters[index]?.name ?? '')) return undefined;
  const isClosed =
    project.text.charAt(string.end - 1) === project.text.charAt(start - 1) && string.end > start;
  const range = { start, end: isClosed ? string.end - 1 : string.end };
  return completeSchemaIds(project, project.text.slice(start, offset), range);
}

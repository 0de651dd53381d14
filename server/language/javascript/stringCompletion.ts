import type { CompletionList } from 'vscode-languageserver-types';
import { completeSchemaIds } from '../queryDef/schemaCompletion.ts';
import { callStringAt } from './callStrings.ts';
import { completeOption } from './optionStrings.ts';
import { completePath } from './pathStrings.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** Parameters that take a schema id, by their names in the API table and in schemas. */
const schemaParameters: ReadonlySet<string> = new Set(['schemaId', 'schema', 'targetSchema']);

/** What a string that is an argument may say: a schema id, an option, a path; `undefined` elsewhere. */
export function completeString(project: ScriptProject, offset: number): CompletionList | undefined {
  return (
    completeSchemaString(project, offset) ?? completeOption(project, offset) ?? completePath(project, offset)
  );
}

/** Schema ids in the strings of calls that take one: `application.getSchema("…")`; `undefined` elsewhere. */
function completeSchemaString(project: ScriptProject, offset: number): CompletionList | undefined {
  const string = callStringAt(project, offset);
  if (string === undefined || !schemaParameters.has(string.parameter)) return undefined;
  return completeSchemaIds(project, project.text.slice(string.start, offset), string);
}

import { libraryDocumentScheme } from '../../../core/protocol/messages.ts';
import type { LanguageModel } from '../model.ts';
import type { ScriptLibrary } from './javaScriptService.ts';

/** How libraries of the database are named; others are files of the server, which nobody can read from outside. */
const libraryName = /^([A-Za-z][\w-]*):([\w./-]+?)(?:\.js)?$/;

/** A library as it is on the instance; `undefined` when it has none of that name, or cannot be asked now. */
export function remoteLibrary(model: LanguageModel, name: string): ScriptLibrary | undefined {
  const [, namespace, path] = libraryName.exec(name) ?? [];
  if (namespace === undefined || path === undefined) return undefined;
  const text = model.getLibrary?.(name);
  if (typeof text !== 'string') return undefined;
  const uri = `${libraryDocumentScheme}:/${namespace}/${path}.campaign.js`;
  // The instance tells no version with it; comparing the same string with itself costs nothing.
  return { uri, version: text, text, name, isRemote: true };
}

import type * as ts from 'typescript';
import type { Location, WorkspaceEdit } from 'vscode-languageserver-types';
import { literalAt } from './positions.ts';
import { toLocation } from './scriptNavigation.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { nameAt, treeOf } from './symbolsAt.ts';

/** Something other scripts see when they load the library it is declared in. */
export interface SharedSymbol {
  name: string;
  /** Of the library. */
  uri: string;
  /** Of the name where it is declared, in the text of the library. */
  offset: number;
}

/**
 * What the name at an offset stands for, if it is declared in a library the script loads, or in the script itself where
 * those that load it would see it.
 */
export function sharedSymbolAt(project: ScriptProject, offset: number): SharedSymbol | undefined {
  if (literalAt(project.mask, offset) !== undefined) return undefined;
  for (const { fileName, textSpan } of project.service.getDefinitionAtPosition(project.fileName, offset) ??
    []) {
    const { start, length } = textSpan;
    const library = project.libraryOf(fileName);
    const text = library?.text ?? project.text;
    const found = {
      name: text.slice(start, start + length),
      uri: library?.uri ?? project.document.uri,
      offset: start,
    };
    if (library !== undefined) return found;
    if (fileName === project.fileName && isSeenOutside(project, start)) return found;
  }
  return undefined;
}

/** Is the name declared at an offset a global of whoever runs the script, or a member of one? */
function isSeenOutside(project: ScriptProject, offset: number): boolean {
  const { ts } = project;
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (name === undefined) return false;
  const { parent } = name;
  const isMember =
    ts.isPropertyAssignment(parent) ||
    ts.isPropertyAccessExpression(parent) ||
    ts.isMethodDeclaration(parent);
  if (isMember) return true;
  // The name of a function belongs to what is around the function.
  let at: ts.Node = ts.isFunctionDeclaration(parent) ? parent.parent : parent;
  for (; !ts.isSourceFile(at); at = at.parent) {
    if (ts.isFunctionLike(at) || ts.isCatchClause(at)) return false;
  }
  return true;
}

/** The uses of a symbol in another script and in the libraries that one loads; none when it does not load the symbol's. */
export function sharedReferences(project: ScriptProject, symbol: SharedSymbol): Location[] {
  const fileName = project.libraryFile(symbol.uri);
  if (fileName === undefined) return [];
  const entries = project.service.getReferencesAtPosition(fileName, symbol.offset) ?? [];
  return entries.flatMap((entry) => toLocation(project, entry.fileName, entry.textSpan) ?? []);
}

/** What a rename changes in another script, and in the libraries that one loads. */
export function renameShared(project: ScriptProject, symbol: SharedSymbol, newName: string): WorkspaceEdit {
  const fileName = project.libraryFile(symbol.uri);
  if (fileName === undefined) return {};
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  for (const found of project.service.findRenameLocations(fileName, symbol.offset, false, false, {}) ?? []) {
    const place = toLocation(project, found.fileName, found.textSpan);
    if (place === undefined) continue;
    const newText = `${found.prefixText ?? ''}${newName}${found.suffixText ?? ''}`;
    (changes[place.uri] ??= []).push({ range: place.range, newText });
  }
  return { changes };
}

/** Locations without those that are there twice: two scripts load the same library. */
export function distinctLocations(locations: readonly Location[]): Location[] {
  return [...new Map(locations.map((location) => [keyOf(location), location])).values()];
}

/** Edits of several scripts as one, without those that are there twice. */
export function mergeEdits(edits: readonly WorkspaceEdit[]): WorkspaceEdit {
  const changes: NonNullable<WorkspaceEdit['changes']> = {};
  const seen = new Set<string>();
  for (const edit of edits) {
    for (const [uri, list] of Object.entries(edit.changes ?? {})) {
      for (const change of list) {
        const key = keyOf({ uri, range: change.range });
        if (seen.has(key)) continue;
        seen.add(key);
        (changes[uri] ??= []).push(change);
      }
    }
  }
  return { changes };
}

function keyOf({ uri, range }: Location): string {
  return `${uri}#${range.start.line}:${range.start.character}`;
}

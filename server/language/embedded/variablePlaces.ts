import type { WorkspaceEdit } from 'vscode-languageserver-types';
import { locateXml } from '../../../core/xml/locateXml.ts';
import type { TextRange, XmlElement } from '../../../core/xml/xmlTree.ts';
import type { RenameCheck } from '../javascript/javaScriptService.ts';
import type { LanguageDocument } from '../languageService.ts';
import { toLspRange } from '../queryDef/queryRanges.ts';
import { embeddedAt } from './embedDocuments.ts';
import { nameOf } from './scriptElements.ts';
import {
  platformVariables,
  variableUses,
  type VariableScope,
  type VariableUse,
} from './workflowVariables.ts';

/** A variable of a workflow at a place of the document. */
export interface VariablePlace extends TextRange {
  scope: VariableScope;
  name: string;
  /** The workflow it is a variable of. */
  workflow: XmlElement;
  /** Of any variable of the workflow. */
  uses: readonly VariableUse[];
  /** Of this one, the place itself included. */
  same: readonly VariableUse[];
}

/** How far from a variable's name the word is that makes it one. */
const nearby = 200;

/**
 * The variable named at an offset of a document: in a script of a workflow, in `$(vars/@x)` of one of its filters, or
 * among the values kept with it.
 */
export function variableAtOffset(file: LanguageDocument, offset: number): VariablePlace | undefined {
  const around = file.document.getText().slice(Math.max(0, offset - nearby), offset + nearby);
  if (!/vars|<variables/.test(around)) return undefined;
  const workflow = workflowAt(file, offset);
  if (workflow === undefined) return undefined;
  const uses = variableUses(file, workflow);
  const found = uses.find(({ start, end }) => offset >= start && offset <= end);
  if (found === undefined) return undefined;
  const { scope, name, start, end } = found;
  return { scope, name, start, end, workflow, uses, same: usesOf(uses, scope, name) };
}

/** The uses of one variable. */
export function usesOf(uses: readonly VariableUse[], scope: VariableScope, name: string): VariableUse[] {
  return uses.filter((use) => use.scope === scope && use.name === name);
}

/** Can the variable be renamed, and from what? What the platform sets keeps its name. */
export function checkVariableRename({ document }: LanguageDocument, place: VariablePlace): RenameCheck {
  if (isOfPlatform(place.scope, place.name)) {
    return {
      refused: `${shown(place.scope, place.name)} is set by the platform, which knows it by this name.`,
    };
  }
  return { range: toLspRange({ document }, place), placeholder: place.name };
}

/**
 * Renames a variable in all scripts, templates and filters of its workflow.
 * @returns a sentence when the new name is none, or is that of another variable.
 */
export function renameVariable(
  { document }: LanguageDocument,
  place: VariablePlace,
  newName: string,
): WorkspaceEdit | { refused: string } {
  const { scope, name, same, uses, workflow } = place;
  if (isOfPlatform(scope, name)) {
    return { refused: `${shown(scope, name)} is set by the platform, which knows it by this name.` };
  }
  if (!/^[A-Za-z_]\w*$/.test(newName)) {
    return {
      refused: `"${newName}" cannot be a variable of a workflow: use letters, digits and _, and begin with no digit.`,
    };
  }
  if (isOfPlatform(scope, newName)) {
    return { refused: `${shown(scope, newName)} is set by the platform: the two would be one variable.` };
  }
  if (newName !== name && usesOf(uses, scope, newName).length > 0) {
    return {
      refused: `The workflow ${nameOf(workflow)} has a variable ${shown(scope, newName)} already: the two would be one.`,
    };
  }
  const edits = same.map((use) => ({ range: toLspRange({ document }, use), newText: newName }));
  return { changes: { [document.uri]: edits } };
}

function workflowAt({ regions }: LanguageDocument, offset: number): XmlElement | undefined {
  const { entity, embedded = [] } = regions;
  if (entity === undefined) return undefined;
  const host = embeddedAt(embedded, offset)?.inner.host;
  if (host !== undefined) return host.localName === 'workflow' ? host : undefined;
  for (let at = locateXml(entity, offset).element; at !== undefined; at = at.parent) {
    const isEntity = at.parent === undefined || at.parent.localName === 'entities';
    if (at.localName === 'workflow' && isEntity) return at;
  }
  return undefined;
}

function isOfPlatform(scope: VariableScope, name: string): boolean {
  return scope === 'event' && platformVariables.has(name);
}

function shown(scope: VariableScope, name: string): string {
  return scope === 'event' ? `vars.${name}` : `${scope}.vars.${name}`;
}

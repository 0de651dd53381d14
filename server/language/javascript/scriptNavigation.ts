import type * as ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Location, TextEdit, WorkspaceEdit } from 'vscode-languageserver-types';
import type { DefinitionTarget, RenameCheck } from './javaScriptService.ts';
import { literalAt } from './positions.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { anchorAt, nameAt, nodeAround, treeOf } from './symbolsAt.ts';

/** Where the name at an offset is defined: in the script, in a library it loads, or in the XML of a schema. */
export function scriptDefinition(project: ScriptProject, offset: number): DefinitionTarget[] {
  if (literalAt(project.mask, offset) !== undefined) return [];
  const known = anchorAt(project, offset)?.anchor;
  switch (known?.kind) {
    case 'node':
      return [schemaTarget(known.node.schemaId, known.node.start, known.node.end)];
    case 'method':
      return [schemaTarget(known.schemaId, known.method.start, known.method.end)];
    case 'schema':
      return schemaDefinition(project, known.schemaId);
    default:
  }
  const named = stringAt(project, offset);
  if (named !== undefined && /^[A-Za-z][\w-]*:[\w-]+$/.test(named)) {
    const found = schemaDefinition(project, named);
    if (found.length > 0) return found;
  }
  const definitions = project.service.getDefinitionAtPosition(project.fileName, offset) ?? [];
  return definitions.flatMap(({ fileName, textSpan }) => {
    const location = toLocation(project, fileName, textSpan);
    return location === undefined ? [] : [{ kind: 'script', location }];
  });
}

function schemaTarget(schemaId: string, start: number, end: number): DefinitionTarget {
  return { kind: 'schema', target: { schemaId, start, end } };
}

/** Where a schema is declared; nothing when it is not at hand. */
export function schemaDefinition({ model }: ScriptProject, schemaId: string): DefinitionTarget[] {
  const schema = model.getSchema(schemaId);
  if (!schema) return [];
  return [schemaTarget(schemaId, schema.root?.start ?? 0, schema.root?.end ?? 0)];
}

/** The text of the string an offset is in. */
export function stringAt(project: ScriptProject, offset: number): string | undefined {
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  return name !== undefined && project.ts.isStringLiteralLike(name) ? name.text : undefined;
}

/** A place of the program as one of a document; `undefined` for places in generated declarations. */
export function toLocation(
  project: ScriptProject,
  fileName: string,
  span: ts.TextSpan,
): Location | undefined {
  const library = project.libraryOf(fileName);
  if (fileName !== project.fileName && library === undefined) return undefined;
  const document =
    library === undefined
      ? project.document
      : TextDocument.create(library.uri, 'campaign-javascript', 0, library.text);
  if (span.start > document.getText().length) return undefined;
  return {
    uri: document.uri,
    range: { start: document.positionAt(span.start), end: document.positionAt(span.start + span.length) },
  };
}

/** Every use of a name of scripts, in the script and the libraries it loads; see `modelReferences` for those of the model. */
export function scriptReferences(project: ScriptProject, offset: number): Location[] {
  if (literalAt(project.mask, offset) !== undefined) return [];
  const entries = project.service.getReferencesAtPosition(project.fileName, offset) ?? [];
  return entries.flatMap(({ fileName, textSpan }) => {
    const location = toLocation(project, fileName, textSpan);
    return location === undefined ? [] : [location];
  });
}

/** Whether the name at an offset can be renamed, and what it is now; `undefined` where there is no name. */
export function checkRename(project: ScriptProject, offset: number): RenameCheck | undefined {
  if (literalAt(project.mask, offset) !== undefined) return undefined;
  const known = anchorAt(project, offset);
  if (known !== undefined)
    return { refused: 'This name belongs to the data model; it is changed in its schema.' };
  const variable = workflowVariable(project, offset);
  if (variable !== undefined) {
    return {
      refused:
        variable === 'platform'
          ? 'This name is part of the Campaign API.'
          : 'Other scripts of the workflow may use this variable, too; rename it in the document of the workflow.',
    };
  }
  if (isXmlName(project, offset)) {
    return {
      refused: 'This is the name of an XML element or attribute, which other places may hold as text.',
    };
  }
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (name === undefined || !project.ts.isIdentifier(name)) return undefined;
  const info = project.service.getRenameInfo(project.fileName, offset, {});
  if (!info.canRename) return undefined;
  const locations = project.service.findRenameLocations(project.fileName, offset, false, false, {}) ?? [];
  if (locations.some(({ fileName }) => fileName.endsWith('.d.ts'))) {
    return { refused: 'This name is part of the Campaign API.' };
  }
  const remote = locations
    .map(({ fileName }) => project.libraryOf(fileName))
    .find((library) => library?.isRemote === true);
  if (remote !== undefined) {
    return {
      refused: `${info.displayName} is used in ${remote.name ?? remote.uri}, which is only on the instance; save that library in the workspace to rename it there, too.`,
    };
  }
  const method = implementedMethod(project, info.displayName);
  if (method !== undefined) {
    return {
      refused: `${info.displayName} implements the method ${method.name} of ${method.schemaId}, which finds it by this name; rename the method in the schema first.`,
    };
  }
  const shadowed = locations.find((location) => isFilterMember(project, location));
  if (shadowed !== undefined) {
    return {
      refused: `Inside a filter .(…) the name ${info.displayName} may mean an element of the filtered records; rename it there by hand.`,
    };
  }
  const { start, length } = info.triggerSpan;
  const { document } = project;
  return {
    range: { start: document.positionAt(start), end: document.positionAt(start + length) },
    placeholder: project.text.slice(start, start + length),
  };
}

/**
 * The method a library function implements, by its name: `cus_loyalty_Award` is `Award` of `cus:loyalty`.
 * Source: JSAPI documentation, "SOAP methods in JavaScript".
 */
function implementedMethod(
  { model }: ScriptProject,
  functionName: string,
): { schemaId: string; name: string } | undefined {
  const [, namespace, schemaName, name] =
    /^([A-Za-z]\w*?)_(\w+)_([A-Za-z][A-Za-z0-9]*)$/.exec(functionName) ?? [];
  if (namespace === undefined || schemaName === undefined || name === undefined) return undefined;
  const schemaId = `${namespace}:${schemaName}`;
  return model.getSchema(schemaId)?.methods.has(name) === true ? { schemaId, name } : undefined;
}

/** Who gave a variable of a workflow its name: those of the platform are declared with the API. */
function workflowVariable(project: ScriptProject, offset: number): 'platform' | 'script' | undefined {
  const { ts, text } = project;
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || name === undefined || !ts.isPropertyAccessExpression(name.parent))
    return undefined;
  const { expression } = name.parent;
  const owner = text.slice(expression.getStart(tree.file), expression.end).replace(/\s+/g, '');
  if (name.parent.name !== name || !/^(?:(?:instance|task|event)\.)?vars$/.test(owner)) return undefined;
  const declarations = tree.checker.getSymbolAtLocation(name)?.declarations ?? [];
  const isPlatform = declarations.some((at) => at.getSourceFile().fileName.startsWith('/runtime/'));
  return isPlatform ? 'platform' : 'script';
}

/** A member of an E4X value: nothing but text connects it to what it names. */
function isXmlName(project: ScriptProject, offset: number): boolean {
  const { ts } = project;
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || name === undefined) return false;
  if (/^[@ꙩ]/.test(project.mask.text.charAt(name.getStart(tree.file)))) return true;
  if (!ts.isPropertyAccessExpression(name.parent) || name.parent.name !== name) return false;
  const type = tree.checker.getTypeAtLocation(name.parent.expression);
  return type.getProperty('toXMLString') !== undefined;
}

/** A bare name inside a filter whose records have an element of that name. */
function isFilterMember(project: ScriptProject, location: ts.RenameLocation): boolean {
  if (location.fileName !== project.fileName) return false;
  const { start } = location.textSpan;
  const filter = project.mask.filters.find((range) => range.start < start && start < range.end);
  const tree = treeOf(project);
  if (filter === undefined || tree === undefined) return false;
  const { ts } = project;
  const name = project.text.slice(start, start + location.textSpan.length);
  for (let node = nodeAround(project, tree.file, start); !ts.isSourceFile(node); node = node.parent) {
    if (ts.isCallExpression(node) && node.expression.end <= filter.start && node.end === filter.end) {
      return tree.checker.getTypeAtLocation(node.expression).getProperty(name) !== undefined;
    }
  }
  return false;
}

/** Renames the name at an offset everywhere; a sentence when it cannot be. */
export function renameInScript(
  project: ScriptProject,
  offset: number,
  newName: string,
): WorkspaceEdit | { refused: string } | undefined {
  const check = checkRename(project, offset);
  if (check === undefined || 'refused' in check) return check;
  if (!/^[A-Za-z_$][\w$]*$/.test(newName)) {
    return { refused: `"${newName}" is not a name: use letters, digits, _ and $, and begin with no digit.` };
  }
  const changes: Record<string, TextEdit[]> = {};
  for (const location of project.service.findRenameLocations(project.fileName, offset, false, false, {}) ??
    []) {
    const place = toLocation(project, location.fileName, location.textSpan);
    if (place === undefined) continue;
    const newText = `${location.prefixText ?? ''}${newName}${location.suffixText ?? ''}`;
    (changes[place.uri] ??= []).push({ range: place.range, newText });
  }
  return { changes };
}

import type * as ts from 'typescript';
import type { DefinitionTarget } from './javaScriptService.ts';
import { literalAt } from './positions.ts';
import { schemaDefinition } from './scriptNavigation.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { anchorAt, anchorOfSymbol, nameAt, treeOf } from './symbolsAt.ts';

/** A list of rows is of the schema of its rows; more levels than this no declaration of ours has. */
const deepest = 4;

/**
 * The schemas that what is at an offset is of: a row or result of a query, an entity, a link. A name of something else
 * leads to where the script declares its type, which is its constructor.
 */
export function scriptTypeDefinition(project: ScriptProject, offset: number): DefinitionTarget[] {
  if (literalAt(project.mask, offset) !== undefined) return [];
  const anchor = anchorAt(project, offset)?.anchor;
  if (anchor?.kind === 'schema') return schemaDefinition(project, anchor.schemaId);
  if (anchor?.kind === 'node') {
    const { node } = anchor;
    const target = node.kind === 'element' ? node.target : undefined;
    return schemaDefinition(project, target ?? node.schemaId);
  }
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || name === undefined || !project.ts.isIdentifier(name)) return [];
  const ids = new Set<string>();
  collectSchemas(project, tree.checker, tree.checker.getTypeAtLocation(name), ids, deepest);
  return [...ids].flatMap((id) => schemaDefinition(project, id));
}

function collectSchemas(
  project: ScriptProject,
  checker: ts.TypeChecker,
  type: ts.Type,
  ids: Set<string>,
  depth: number,
): void {
  if (depth === 0) return;
  const inner = (next: ts.Type): void => collectSchemas(project, checker, next, ids, depth - 1);
  if (type.isUnionOrIntersection()) type.types.forEach(inner);
  for (const declaration of type.getSymbol()?.declarations ?? []) {
    const schemaId = project.schemaOfFile(declaration.getSourceFile().fileName);
    if (schemaId !== undefined) ids.add(schemaId);
  }
  if (ids.size > 0) return;
  if (type.isClassOrInterface()) checker.getBaseTypes(type).forEach(inner);
  if (ids.size > 0) return;
  // The list of a query has the rows as its only member that is of the model; an array of elements has its items.
  if (checker.isArrayType(type)) checker.getTypeArguments(type as ts.TypeReference).forEach(inner);
  for (const member of type.getProperties()) {
    const anchor = anchorOfSymbol(project, member);
    if (anchor?.kind === 'schema') ids.add(anchor.schemaId);
  }
}

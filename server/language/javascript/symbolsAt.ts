import type * as ts from 'typescript';
import type { TypingAnchor } from '../api/schemaTypings.ts';
import { maskName } from './maskCharacters.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** The syntax tree of a project's script and the types of the program it is in. */
export interface ScriptTree {
  file: ts.SourceFile;
  checker: ts.TypeChecker;
}

/** Cheap when nothing has changed: the program is kept by the service. */
export function treeOf(project: ScriptProject): ScriptTree | undefined {
  const program = project.service.getProgram();
  const file = program?.getSourceFile(project.fileName);
  return program === undefined || file === undefined
    ? undefined
    : { file, checker: program.getTypeChecker() };
}

/** The innermost node whose text, leading space excluded, an offset is in or just behind. */
export function nodeAround(project: ScriptProject, file: ts.SourceFile, offset: number): ts.Node {
  const { ts } = project;
  let found: ts.Node = file;
  for (;;) {
    const child: ts.Node | undefined = ts.forEachChild(found, (node) =>
      node.getStart(file) <= offset && offset <= node.end && node.kind !== ts.SyntaxKind.EndOfFileToken
        ? node
        : undefined,
    );
    if (child === undefined) return found;
    found = child;
  }
}

/** The identifier or string an offset touches; a name just before the offset counts. */
export function nameAt(project: ScriptProject, file: ts.SourceFile, offset: number): ts.Node | undefined {
  const { ts } = project;
  let found: ts.Node | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > offset || node.end < offset) return;
    const isName = ts.isIdentifier(node) || ts.isStringLiteralLike(node);
    if (isName && node.getStart(file) <= offset && offset <= node.end) found ??= node;
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The anchor of a symbol of the model; a symbol of the script or of the runtime has none. */
export function anchorOfSymbol(
  project: ScriptProject,
  symbol: ts.Symbol | undefined,
): TypingAnchor | undefined {
  for (const declaration of symbol?.declarations ?? []) {
    const anchor = project.anchorOf(declaration);
    if (anchor !== undefined) return anchor;
  }
  return undefined;
}

/** What the model says about the name at an offset. */
export function anchorAt(
  project: ScriptProject,
  offset: number,
): { anchor: TypingAnchor; start: number; end: number } | undefined {
  const tree = treeOf(project);
  const name = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || name === undefined) return undefined;
  const anchor = anchorOfSymbol(project, symbolOf(project, tree.checker, name));
  return anchor && { anchor, start: name.getStart(tree.file), end: name.end };
}

/** What a name stands for; a bare name inside a filter may be a member of the filtered records. */
export function symbolOf(
  project: ScriptProject,
  checker: ts.TypeChecker,
  name: ts.Node,
): ts.Symbol | undefined {
  const { ts } = project;
  const { parent } = name;
  if (ts.isStringLiteralLike(name)) {
    // `row["@email"]`: the key of an element access is a name, too.
    if (!ts.isElementAccessExpression(parent)) return undefined;
    return checker.getPropertyOfType(checker.getTypeAtLocation(parent.expression), maskName(name.text));
  }
  const symbol = checker.getSymbolAtLocation(name);
  if (symbol !== undefined || !ts.isIdentifier(name)) return symbol;
  return filteredTypeAt(project, checker, name, name.end)?.getProperty(name.text);
}

/**
 * The type whose members a filter `x.(…)` around an offset brings into scope.
 * @param inner the innermost node there.
 */
export function filteredTypeAt(
  project: ScriptProject,
  checker: ts.TypeChecker,
  inner: ts.Node,
  offset: number,
): ts.Type | undefined {
  const { ts } = project;
  for (let node = inner; !ts.isSourceFile(node); node = node.parent) {
    if (!ts.isCallExpression(node) || offset <= node.expression.end) continue;
    const open = project.text.indexOf('(', node.expression.end);
    if (open >= 0 && open < offset && project.text.slice(node.expression.end, open).includes('.')) {
      return checker.getTypeAtLocation(node.expression);
    }
  }
  return undefined;
}

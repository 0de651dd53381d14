import type * as ts from 'typescript';
import { parseXml } from '../../../../core/xml/parseXml.ts';
import type { XmlElement } from '../../../../core/xml/xmlTree.ts';
import type { DocumentProblem } from '../../problems.ts';
import { literalMark } from '../maskCharacters.ts';
import type { E4xLiteral } from '../maskedScript.ts';
import type { ScriptProject } from '../scriptWorkspace.ts';
import { treeOf } from '../symbolsAt.ts';
import { literalChecks, nodeChecks } from './allChecks.ts';
import type { CheckedScript, NodeCheck } from './scriptCheck.ts';

/** What the checks find in a script, and how much work it was; tests hold the counts. */
export interface ScriptCheckResult {
  problems: DocumentProblem[];
  /** Nodes of the tree that were visited: each once, however many checks there are. */
  visitCount: number;
  /** How often a type was asked for. */
  typeCount: number;
}

/**
 * Looks for mistakes of the language and of the platform that compile: every check in `allChecks.ts`, in one walk over
 * the tree. Types are asked of the few nodes that look like a mistake; nothing is type-checked as a whole.
 * Never throws on broken text.
 */
export function checkScript(project: ScriptProject): ScriptCheckResult {
  const tree = treeOf(project);
  if (tree === undefined) return { problems: [], visitCount: 0, typeCount: 0 };
  const { ts, text } = project;
  const { file, checker } = tree;
  const problems: DocumentProblem[] = [];
  const ancestors: ts.Node[] = [];
  const roots = new Map<E4xLiteral, XmlElement | undefined>();
  const literals = new Map(project.mask.literals.map((literal) => [literal.start, literal]));
  let visitCount = 0;
  let typeCount = 0;
  const script: CheckedScript = {
    project,
    ts,
    file,
    text,
    ancestors,
    typeAt(node) {
      typeCount++;
      return checker.getTypeAtLocation(node);
    },
    symbolAt(node) {
      typeCount++;
      return checker.getSymbolAtLocation(node);
    },
    xmlOf(literal) {
      if (!roots.has(literal)) roots.set(literal, parseXml(text, literal).root);
      return roots.get(literal);
    },
    literalAt(node) {
      const isLiteral =
        ts.isCallExpression(node) &&
        ts.isIdentifier(node.expression) &&
        node.expression.text.startsWith(literalMark);
      return isLiteral ? literals.get(node.getStart(file)) : undefined;
    },
    rangeOf: (node) => ({ start: node.getStart(file), end: node.end }),
    sourceOf: (node) => text.slice(node.getStart(file), node.end),
  };

  for (const literal of project.mask.literals)
    for (const check of literalChecks) problems.push(...check(script, literal));

  const checksOf = checksByKind(ts);
  // A long sum is a deep tree, so the walk keeps its own stack; `undefined` is the way back to the parent.
  const pending: (ts.Node | undefined)[] = [file];
  while (pending.length > 0) {
    const node = pending.pop();
    if (node === undefined) {
      ancestors.pop();
      continue;
    }
    // Behind the text the project has a line of its own.
    if (node.pos >= text.length && node !== file) continue;
    visitCount++;
    for (const one of checksOf.get(node.kind) ?? []) problems.push(...one.check(script, node));
    const children: ts.Node[] = [];
    ts.forEachChild(node, (child) => {
      children.push(child);
    });
    ancestors.push(node);
    pending.push(undefined, ...children.reverse());
  }
  return { problems, visitCount, typeCount };
}

function checksByKind(typescript: ScriptProject['ts']): Map<ts.SyntaxKind, NodeCheck[]> {
  const found = new Map<ts.SyntaxKind, NodeCheck[]>();
  for (const check of nodeChecks) {
    for (const name of check.kinds) {
      const kind = typescript.SyntaxKind[name];
      const known = found.get(kind);
      if (known === undefined) found.set(kind, [check]);
      else known.push(check);
    }
  }
  return found;
}

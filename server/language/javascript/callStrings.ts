import type * as ts from 'typescript';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { nameAt, treeOf } from './symbolsAt.ts';

/** A string that is an argument of a call, and what is known of the parameter it is for. */
export interface CallString extends TextRange {
  /** Between the quotes, as far as they are there. `start` and `end` are offsets of it. */
  text: string;
  call: ts.CallExpression;
  /** Name of the function: `getOption` of `getOption("…")`, `getValue` of `element.getValue("…")`. */
  functionName: string;
  /** Name of the parameter, as declared; `''` when the function is not known. */
  parameter: string;
  checker: ts.TypeChecker;
}

/** The string an offset is in, when it is an argument of a call; `undefined` elsewhere. */
export function callStringAt(project: ScriptProject, offset: number): CallString | undefined {
  const { ts } = project;
  const tree = treeOf(project);
  const string = tree && nameAt(project, tree.file, offset);
  if (tree === undefined || string === undefined || !ts.isStringLiteral(string)) return undefined;
  const call = string.parent;
  const start = string.getStart(tree.file) + 1;
  if (offset < start || !ts.isCallExpression(call)) return undefined;
  const isClosed =
    string.end > start && project.text.charAt(string.end - 1) === project.text.charAt(start - 1);
  const end = isClosed ? string.end - 1 : string.end;
  if (offset > end) return undefined;
  const callee = call.expression;
  const functionName = ts.isPropertyAccessExpression(callee)
    ? callee.name.text
    : ts.isIdentifier(callee)
      ? callee.text
      : '';
  const signature = tree.checker.getResolvedSignature(call);
  const parameter = signature?.parameters[call.arguments.indexOf(string)]?.name ?? '';
  return {
    start,
    end,
    text: project.text.slice(start, end),
    call,
    functionName,
    parameter,
    checker: tree.checker,
  };
}

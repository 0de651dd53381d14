import type * as ts from 'typescript';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { unmask } from './maskCharacters.ts';
import { scriptProblem, type ScriptProblem } from './scriptProblem.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** Errors of TypeScript about what the engine accepts: octal numbers and octal escapes. */
const allowedCodes: ReadonlySet<number> = new Set([1121, 1487]);

/**
 * Errors of syntax and of E4X, and syntax the server's engine does not have. Types are not checked: a script may know
 * more of them than we do.
 */
export function scriptDiagnostics(project: ScriptProject): ScriptProblem[] {
  const { mask, service, text } = project;
  const found = mask.problems.map((problem) =>
    scriptProblem(`script/${problem.code}`, within(project, problem.start, problem.end), problem.message),
  );
  const unclosed = mask.problems
    .filter((problem) => problem.code === 'literal-unclosed')
    .map(({ start }) => start);
  for (const diagnostic of service.getSyntacticDiagnostics(project.fileName)) {
    if (allowedCodes.has(diagnostic.code)) continue;
    // What follows an unclosed literal is guessed, so it is not judged until the literal is closed.
    if (diagnostic.start > text.length || unclosed.some((start) => diagnostic.start >= start)) continue;
    const range = within(project, diagnostic.start, diagnostic.start + diagnostic.length);
    const message = unmask(project.ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    found.push(scriptProblem('script/syntax', range, message));
  }
  found.push(...laterSyntax(project));
  return found;
}

/** Nothing is reported past the end of the text, where the project has a line of its own. */
function within({ text }: ScriptProject, start: number, end: number): TextRange {
  const last = Math.min(Math.max(end, start), text.length);
  return { start: Math.min(start, last), end: last };
}

/**
 * Syntax of ECMAScript 2015 and later, which the server refuses to compile.
 * [I] The engine is ECMAScript 5 with E4X by all that is known of its globals; Adobe names no version. `const` works.
 */
function laterSyntax(project: ScriptProject): ScriptProblem[] {
  const { ts } = project;
  const file = project.service.getProgram()?.getSourceFile(project.fileName);
  if (file === undefined) return [];
  const loops = new Set(project.mask.forEachLoops);
  const found: ScriptProblem[] = [];
  const visit = (node: ts.Node): void => {
    const what = nameOfLaterSyntax(project, node, loops, file);
    if (what !== undefined && node.getStart(file) < project.text.length) {
      const start = node.getStart(file);
      const range = within(project, start, Math.min(node.end, start + what.length));
      const message = `The JavaScript engine of Campaign has no ${what.name}; ${what.instead}.`;
      found.push(scriptProblem('script/later-syntax', range, message));
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(file, visit);
  return found;
}

interface LaterSyntax {
  name: string;
  /** How many characters to underline. */
  length: number;
  instead: string;
}

function nameOfLaterSyntax(
  { ts, text }: ScriptProject,
  node: ts.Node,
  forEachLoops: ReadonlySet<number>,
  file: ts.SourceFile,
): LaterSyntax | undefined {
  const later = (name: string, length: number, instead: string): LaterSyntax => ({ name, length, instead });
  if (ts.isArrowFunction(node))
    return later('arrow functions', node.end - node.getStart(file), 'write function (…) { … }');
  if (ts.isClassLike(node)) return later('classes', 5, 'use a function and its prototype');
  if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    return later('template strings', node.end - node.getStart(file), 'join strings with +');
  }
  if (ts.isForOfStatement(node) && !forEachLoops.has(node.getStart(file))) {
    return later('for…of', 3, 'use for each (… in …)');
  }
  if (ts.isSpreadElement(node) || ts.isSpreadAssignment(node))
    return later('spread', 3, 'use concat or apply');
  if (ts.isParameter(node) && node.dotDotDotToken !== undefined)
    return later('rest parameters', 3, 'use arguments');
  if (ts.isParameter(node) && node.initializer !== undefined) {
    return later(
      'default parameters',
      node.end - node.getStart(file),
      'test for undefined inside the function',
    );
  }
  const isAsync =
    ts.canHaveModifiers(node) &&
    ts.getModifiers(node)?.some(({ kind }) => kind === ts.SyntaxKind.AsyncKeyword);
  if (isAsync === true) return later('async functions', 5, 'call in sequence');
  const isLet = ts.isVariableDeclarationList(node) && text.startsWith('let', node.getStart(file));
  return isLet ? later('let', 3, 'use var') : undefined;
}

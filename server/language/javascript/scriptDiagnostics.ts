import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { unmask } from './maskCharacters.ts';
import { scriptProblem, type ScriptProblem } from './scriptProblem.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** Errors of TypeScript about what the engine accepts: octal numbers and octal escapes. */
const allowedCodes: ReadonlySet<number> = new Set([1121, 1487]);

/** Errors of syntax and of E4X. Types are not checked: a script may know more of them than we do. */
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
    if (mask.tolerated.some(({ start, end }) => diagnostic.start >= start && diagnostic.start < end))
      continue;
    // What follows an unclosed literal is guessed, so it is not judged until the literal is closed.
    if (diagnostic.start > text.length || unclosed.some((start) => diagnostic.start >= start)) continue;
    const range = within(project, diagnostic.start, diagnostic.start + diagnostic.length);
    const message = unmask(project.ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    found.push(scriptProblem('script/syntax', range, message));
  }
  return found;
}

/** Nothing is reported past the end of the text, where the project has a line of its own. */
function within({ text }: ScriptProject, start: number, end: number): TextRange {
  const last = Math.min(Math.max(end, start), text.length);
  return { start: Math.min(start, last), end: last };
}

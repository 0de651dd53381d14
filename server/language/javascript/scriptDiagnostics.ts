import type { TextRange } from '../../../core/xml/xmlTree.ts';
import { malformedLiteralFixes, malformedLiterals } from './malformedLiterals.ts';
import { unmask } from './maskCharacters.ts';
import { unclosedTag } from './scriptDocument.ts';
import { scriptProblem, type ScriptProblem } from './scriptProblem.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { unfinishedPart, unterminatedString } from './unfinishedScript.ts';

/** Errors of TypeScript about what the engine accepts: octal numbers and octal escapes. */
const allowedCodes: ReadonlySet<number> = new Set([1121, 1487]);

/** Messages of TypeScript that speak of its own language, by their numbers. */
const ownMessages: ReadonlyMap<number, string> = new Map([
  [8017, 'The body of this function is missing: write { … } behind its parameters.'],
]);

/** TypeScript's number of a string without its closing quote; it reports the end of the string. */
const unterminatedStringCode = 1002;

/** Errors of syntax and of E4X. Types are not checked: a script may know more of them than we do. */
export function scriptDiagnostics(project: ScriptProject): ScriptProblem[] {
  const { mask, service, text } = project;
  const found = mask.problems.map((problem) =>
    scriptProblem(`script/${problem.code}`, within(project, problem.start, problem.end), problem.message),
  );
  for (const problem of malformedLiterals(text, mask.literals)) {
    const fixes = malformedLiteralFixes(text, problem);
    found.push(scriptProblem('script/literal-malformed', problem, problem.message, ...fixes));
  }
  const unclosed = mask.problems
    .filter((problem) => problem.code === 'literal-unclosed')
    .map(({ start }) => start);
  const openTag = unclosedTag(project.document.languageId, text);
  if (openTag !== undefined) {
    unclosed.push(openTag.start);
    found.push(scriptProblem('script/syntax', openTag, 'This <% is never closed: %> is missing.'));
  }
  let isUnfinished = false;
  for (const diagnostic of service.getSyntacticDiagnostics(project.fileName)) {
    if (allowedCodes.has(diagnostic.code)) continue;
    if (mask.tolerated.some(({ start, end }) => diagnostic.start >= start && diagnostic.start < end))
      continue;
    // What follows an unclosed literal is guessed, so it is not judged until the literal is closed.
    if (unclosed.some((start) => diagnostic.start >= start)) continue;
    if (diagnostic.start > text.length) {
      // What is missing at the end is missed on the line of the project's own again and again.
      if (!isUnfinished) {
        const { message, ...range } = unfinishedPart(project, diagnostic.code);
        found.push(scriptProblem('script/syntax', range, message));
      }
      isUnfinished = true;
      continue;
    }
    const string =
      diagnostic.code === unterminatedStringCode ? unterminatedString(project, diagnostic.start) : undefined;
    // The closing brackets on its line are taken to be in the string.
    if (string !== undefined && string.end >= text.trimEnd().length) isUnfinished = true;
    const range = string ?? within(project, diagnostic.start, diagnostic.start + diagnostic.length);
    const message =
      ownMessages.get(diagnostic.code) ??
      unmask(project.ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
    found.push(scriptProblem('script/syntax', range, message));
  }
  return found;
}

/** Nothing is reported past the end of the text, where the project has a line of its own. */
function within({ text }: ScriptProject, start: number, end: number): TextRange {
  const last = Math.min(Math.max(end, start), text.length);
  return { start: Math.min(start, last), end: last };
}

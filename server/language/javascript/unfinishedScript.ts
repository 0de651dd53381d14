import type * as ts from 'typescript';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { treeOf } from './symbolsAt.ts';

/** Why a script cannot end where it ends; the range is what was begun and never finished. */
export interface UnfinishedPart extends TextRange {
  message: string;
}

const unterminatedTemplate = 1160;
const unterminatedComment = 1010;

/**
 * What a script begins and never finishes, for an error TypeScript finds behind its end: the innermost bracket without its
 * partner, a comment, a template string; failing that, its last character.
 * @param errorCode TypeScript's number of that error.
 */
export function unfinishedPart(project: ScriptProject, errorCode: number): UnfinishedPart {
  const { text } = project;
  if (errorCode === unterminatedComment) {
    const start = text.indexOf('/*', text.lastIndexOf('*/') + 1);
    if (start >= 0) return part(start, 2, 'This comment is never closed: */ is missing.');
  }
  const last = text.trimEnd().length - 1;
  const tree = treeOf(project);
  const open = tree && last >= 0 ? openAt(project, tree.file, last) : undefined;
  if (errorCode === unterminatedTemplate && open?.text === '`') {
    return part(open.start, 1, 'This template string is never closed: ` is missing.');
  }
  if (open !== undefined) {
    return part(
      open.start,
      open.text.length,
      `This ${open.text} is never closed: ${partners.get(open.text) ?? ''} is missing.`,
    );
  }
  return part(Math.max(0, last), 1, 'The script ends here, in the middle of a statement.');
}

/** The string an error of TypeScript is at the end of, from its quote on; `undefined` when there is none. */
export function unterminatedString(project: ScriptProject, end: number): TextRange | undefined {
  const tree = treeOf(project);
  let found: TextRange | undefined;
  const visit = (node: ts.Node): void => {
    if (node.pos > end || node.end < end) return;
    if (project.ts.isStringLiteral(node) && node.end === end) found = { start: node.getStart(), end };
    project.ts.forEachChild(node, visit);
  };
  if (tree !== undefined) visit(tree.file);
  return found;
}

function part(start: number, length: number, message: string): UnfinishedPart {
  return { start, end: start + length, message };
}

const partners: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['(', ')'],
  ['[', ']'],
  ['${', '}'],
]);
const closers: ReadonlySet<string> = new Set(partners.values());

/** The innermost bracket around an offset, or before it on the way there, that has no partner. */
function openAt(
  { ts, text }: ScriptProject,
  file: ts.SourceFile,
  offset: number,
): { start: number; text: string } | undefined {
  let found: { start: number; text: string } | undefined;
  let node: ts.Node | undefined = file;
  while (node !== undefined) {
    let next: ts.Node | undefined;
    const open: { start: number; text: string }[] = [];
    if (ts.isTemplateSpan(node) && node.literal.getStart(file) === node.literal.end)
      open.push({ start: node.pos - 2, text: '${' });
    for (const child of node.getChildren(file)) {
      const start = child.getStart(file);
      if (start > offset) break;
      next = child;
      const written = text.slice(start, child.end);
      if (child.end > start && partners.has(written)) open.push({ start, text: written });
      else if (child.end > start && closers.has(written)) open.pop();
      else if (isUnfinishedTemplate(ts, child)) open.push({ start, text: '`' });
    }
    found = open.at(-1) ?? found;
    node = next;
  }
  return found;
}

function isUnfinishedTemplate(typescript: typeof ts, node: ts.Node): boolean {
  const isTemplate = typescript.isNoSubstitutionTemplateLiteral(node) || typescript.isTemplateTail(node);
  return isTemplate && node.isUnterminated === true;
}

import { CompletionItemKind, type CompletionItem } from 'vscode-languageserver-types';
import { attributeValue, childElements, type TextRange, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { maskDocument } from '../javascript/scriptDocument.ts';
import type { LanguageDocument } from '../languageService.ts';
import type { EmbeddedDocument } from './embedDocuments.ts';
import { nameOf } from './scriptElements.ts';

/** Whose variables they are: those of the event that started the task, of the workflow, or of the task. */
export type VariableScope = 'event' | 'instance' | 'task';

/** A place a workflow variable is named. Offsets are those of the document. */
export interface VariableUse extends TextRange {
  scope: VariableScope;
  name: string;
  /** It is given a value here. */
  isWrite: boolean;
  /** The activity, or the workflow itself. */
  owner: XmlElement;
}

/** A variable a script names, at an index of the script. */
export interface VariableAccess extends TextRange {
  scope: VariableScope;
  /** As far as it is written. */
  name: string;
}

/** `vars.x`, `instance.vars.x`, `task.vars["x"]`; `ctx.vars` of a web application is something else. */
const access =
  /(?<![\w$.])(?:(instance|task|event)\s*\.\s*)?vars\s*(?:\.\s*([A-Za-z_$][\w$]*)|\[\s*(["'])([\w$-]+)\3\s*\])/;
/** What a script only says: comments, strings, regular expressions where an operand may stand. Bounded, to stay linear. */
const spoken =
  /\/\/[^\n]*|\/\*[^]*?(?:\*\/|$)|"(?:\\[^]|[^"\\\n])*"?|'(?:\\[^]|[^'\\\n])*'?|(?<=[(=,:;!&|?{}[+*%<>~^-]\s{0,9})\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n]){0,99}\]|[^/\\\n[]){1,99}\//;
const accessOrSpoken = new RegExp(`${access.source}|${spoken.source}`, 'g');
const assignment = /^\s*(?:(?:[-+*/%&|^]|<<|>>>?)?=(?!=)|\+\+|--)/;
const accessBefore = /(?<![\w$.])(?:(instance|task|event)\s*\.\s*)?vars\s*\.\s*([\w$]*)$/;
/** In expressions of queries: `$(vars/@x)`, `$long(instance/vars/@x)`. */
const macro = /\$\w*\(\s*\/?(?:(instance|task|event)\/)?vars\/@([\w-]+)\s*\)/g;

/**
 * Variables that activities of the platform set: the members of `WorkflowVars` in the API table, which is only loaded
 * with the JavaScript side.
 */
export const platformVariables: ReadonlySet<string> = new Set([
  'targetSchema',
  'tableName',
  'recCount',
  'filename',
  'filesCount',
  'deliveryId',
  'lastError',
]);

const toScope = (word: string | undefined): VariableScope =>
  word === 'instance' || word === 'task' ? word : 'event';

/** The variable being written or read at an index of a script. */
export function variableAt(script: string, index: number): VariableAccess | undefined {
  let end = index;
  while (end < script.length && /[\w$]/.test(script.charAt(end))) end++;
  // Far enough for the longest name anybody gives.
  const from = Math.max(0, index - 200);
  const found = accessBefore.exec(script.slice(from, index));
  if (found === null) return undefined;
  const start = index - found[2]!.length;
  return { scope: toScope(found[1]), name: script.slice(start, end), start, end };
}

/**
 * Every use of a variable in the workflow a script belongs to: in its scripts, in `$(vars/@x)` of its filters, and, as
 * values kept with the workflow, in its `<variables>`.
 * [I] Which variables an event carries depends on the way it took; all of the workflow's are taken to be there.
 */
export function variableUses(file: LanguageDocument, workflow: XmlElement): VariableUse[] {
  const uses: VariableUse[] = [];
  const source = file.document.getText();
  for (const inner of file.regions.embedded ?? []) {
    if (inner.host !== workflow) continue;
    uses.push(...usesInScript(inner));
  }
  const markup = source.slice(workflow.start, workflow.end);
  for (const match of markup.matchAll(macro)) {
    const name = match[2]!;
    const start = workflow.start + match.index + match[0].lastIndexOf(`@${name}`) + 1;
    const end = start + name.length;
    uses.push({ scope: toScope(match[1]), name, isWrite: false, start, end, owner: workflow });
  }
  for (const variables of childElements(workflow, 'variables')) {
    for (const { name, start, nameEnd } of variables.attributes) {
      uses.push({ scope: 'instance', name, isWrite: true, start, end: nameEnd, owner: workflow });
    }
  }
  return uses.sort((a, b) => a.start - b.start);
}

function usesInScript({ file, text, owner }: EmbeddedDocument): VariableUse[] {
  const { document } = file;
  if (!document.getText().includes('vars')) return [];
  // The text of a page and the markup of a literal name no variables; in masked text both are gone.
  const script = maskDocument(document.languageId, document.getText()).text;
  return [...script.matchAll(accessOrSpoken)].flatMap((match) => {
    const name = match[2] ?? match[4];
    if (name === undefined) return [];
    const end = match.index + match[0].length;
    const start = match.index + match[0].lastIndexOf(name);
    const isWrite = assignment.test(script.slice(end, end + 20));
    const place = text.toRange({ start, end: start + name.length });
    return [{ scope: toScope(match[1]), name, isWrite, owner, ...place }];
  });
}

/**
 * The variables of a workflow as completion items, those of other activities included.
 * @param items what is offered without them.
 * @param typed where the name being typed stands in the document.
 */
export function completeVariables(
  items: readonly CompletionItem[],
  uses: readonly VariableUse[],
  scope: VariableScope,
  typed: TextRange,
): CompletionItem[] {
  const byName = new Map<string, VariableUse[]>();
  for (const use of uses) {
    // What is being typed is no reason to offer it.
    if (use.scope !== scope || (use.start >= typed.start && use.end <= typed.end)) continue;
    byName.set(use.name, [...(byName.get(use.name) ?? []), use]);
  }
  const elsewhere = new Set(uses.map(({ name }) => name));
  const known = items.flatMap((item) => {
    const places = byName.get(item.label);
    byName.delete(item.label);
    if (places !== undefined) return [{ ...item, labelDetails: { description: sourceOf(places) } }];
    // The script's own names are offered in every scope, and while they are being typed.
    return elsewhere.has(item.label) && !platformVariables.has(item.label) ? [] : [item];
  });
  const others = [...byName].map(([name, places]): CompletionItem => ({
    label: name,
    kind: CompletionItemKind.Property,
    labelDetails: { description: sourceOf(places) },
    sortText: `0${name}`,
    documentation: { kind: 'markdown', value: describeUses(places) },
  }));
  return [...others, ...known];
}

/** Where a variable comes from, in Markdown: the activities that set it, and those that read it. */
export function describeUses(uses: readonly VariableUse[]): string {
  const list = (wanted: readonly VariableUse[]): string =>
    [...new Set(wanted.map(({ owner }) => `\`${describeOwner(owner)}\``))].join(', ');
  const writes = uses.filter(({ isWrite }) => isWrite);
  const reads = uses.filter(({ isWrite }) => !isWrite);
  return [
    writes.length > 0 ? `Set in ${list(writes)}.` : '',
    reads.length > 0 ? `Read in ${list(reads)}.` : '',
  ]
    .filter((line) => line !== '')
    .join(' ');
}

function sourceOf(uses: readonly VariableUse[]): string {
  const from = uses.find(({ isWrite }) => isWrite) ?? uses[0]!;
  return `${from.isWrite ? 'set' : 'read'} in ${nameOf(from.owner)}`;
}

function describeOwner(owner: XmlElement): string {
  const label = attributeValue(owner, 'label') ?? '';
  const name = nameOf(owner);
  return (label === '' || label === name ? name : `${name} (${label})`).replaceAll('`', "'");
}

import {
  CompletionItemKind,
  type CompletionItem,
  type CompletionList,
  type Hover,
} from 'vscode-languageserver-types';
import { isCollection, isLink, type SchemaElement, type SchemaNode } from '../../../core/schema/schema.ts';
import { addressOf, fieldDocumentation, typeText } from '../queryDef/fieldDocumentation.ts';
import { callStringAt } from './callStrings.ts';
import type { DefinitionTarget } from './javaScriptService.ts';
import { innerElement, schemaElementOf } from './schemaOfType.ts';
import type { ScriptProject } from './scriptWorkspace.ts';

/** What the first argument of a method of an XML element names. */
type PathKind = 'xpath' | 'attribute' | 'element' | 'member';

/**
 * Methods of DOM and E4X elements that take a name as text. SQL and messages are text, too, and are left alone.
 * Source: the JSAPI documentation of `DOMElement`; ECMA-357 13.4.4.
 */
const pathMethods: ReadonlyMap<string, PathKind> = new Map<string, PathKind>([
  ['getValue', 'xpath'],
  ['getNumberValue', 'xpath'],
  ['getBooleanValue', 'xpath'],
  ['getDateValue', 'xpath'],
  ['getAttribute', 'attribute'],
  ['setAttribute', 'attribute'],
  ['hasAttribute', 'attribute'],
  ['removeAttribute', 'attribute'],
  ['attribute', 'attribute'],
  ['getElements', 'element'],
  ['getFirstElement', 'element'],
  ['hasElement', 'element'],
  ['child', 'element'],
  ['elements', 'element'],
  ['hasOwnProperty', 'member'],
]);

interface PathString {
  kind: PathKind;
  element: SchemaElement;
  text: string;
  /** Offset of the text. */
  start: number;
}

function pathStringAt(project: ScriptProject, offset: number): PathString | undefined {
  const { ts } = project;
  const string = callStringAt(project, offset);
  const kind = string && pathMethods.get(string.functionName);
  if (string === undefined || kind === undefined) return undefined;
  const { call, checker, start, text } = string;
  const callee = call.expression;
  const isFirst = call.arguments[0]?.getStart() === start - 1;
  if (!isFirst || !ts.isPropertyAccessExpression(callee)) return undefined;
  const element = schemaElementOf(project, checker, checker.getTypeAtLocation(callee.expression));
  return element && { kind, element, text, start };
}

/** The elements on the way to the step an index of a path is in; the last is what that step is looked up in. */
function scopeAt(
  { model }: ScriptProject,
  { element, kind }: PathString,
  before: string,
): SchemaElement | undefined {
  if (kind !== 'xpath') return element;
  let scope: SchemaElement | undefined = element;
  for (const step of before.split('/').slice(0, -1)) {
    const wanted = step.replace(/\[\d+\]$/, '');
    scope = scope && innerElement(model, scope, ({ name }) => name === wanted);
  }
  return scope;
}

/** Fields of the model in the strings of `getValue("…")` and its like; `undefined` elsewhere. */
export function completePath(project: ScriptProject, offset: number): CompletionList | undefined {
  const string = pathStringAt(project, offset);
  if (string === undefined) return undefined;
  const { kind, start, text } = string;
  const before = text.slice(0, offset - start);
  const scope = scopeAt(project, string, before);
  const stepStart = kind === 'xpath' ? before.lastIndexOf('/') + 1 : 0;
  const stepLength = /^[^/]*/.exec(text.slice(stepStart))![0].length;
  const { document } = project;
  const range = {
    start: document.positionAt(start + stepStart),
    end: document.positionAt(start + stepStart + stepLength),
  };
  const nodes: SchemaNode[] = [
    ...(kind === 'element' ? [] : (scope?.attributes.values() ?? [])),
    ...(kind === 'attribute' ? [] : (scope?.elements.values() ?? [])),
  ];
  const items = nodes.map((node): CompletionItem => {
    const name = node.kind === 'attribute' && kind !== 'attribute' ? `@${node.name}` : node.name;
    return {
      label: name,
      labelDetails: { description: node.label },
      detail: typeText(node),
      kind: kindOf(node),
      sortText: `${rank(node)}${name}`,
      textEdit: { range, newText: name },
      data: { kind: 'field', ...addressOf(node) },
    };
  });
  return { items, isIncomplete: false };
}

function kindOf(node: SchemaNode): CompletionItemKind {
  if (node.kind === 'attribute') return CompletionItemKind.Field;
  return isLink(node) ? CompletionItemKind.Reference : CompletionItemKind.Module;
}

function rank(node: SchemaNode): number {
  if (node.advanced) return 5;
  if (node.kind === 'attribute') return 1;
  if (isCollection(node)) return 4;
  return isLink(node) ? 3 : 2;
}

/** A field named in a string; the range is that of the name. */
export interface NodeAtString {
  node: SchemaNode;
  start: number;
  end: number;
}

/** The field the step at an offset of such a string is. */
export function pathNodeAt(project: ScriptProject, offset: number): NodeAtString | undefined {
  const string = pathStringAt(project, offset);
  if (string === undefined) return undefined;
  const { kind, start, text } = string;
  const at = offset - start;
  const stepStart = kind === 'xpath' ? text.lastIndexOf('/', at - 1) + 1 : 0;
  const step = /^[^/]*/.exec(text.slice(stepStart))![0];
  const name = step.replace(/^@/, '').replace(/\[\d+\]$/, '');
  const scope = scopeAt(project, string, text.slice(0, stepStart));
  const isAttribute = kind === 'attribute' || step.startsWith('@');
  const node = isAttribute ? scope?.attributes.get(name) : scope?.elements.get(name);
  return node && { node, start: start + stepStart, end: start + stepStart + step.length };
}

/** What a field named in such a string is. */
export function hoverPath(project: ScriptProject, offset: number): Hover | undefined {
  const found = pathNodeAt(project, offset);
  const value = found && fieldDocumentation(project.model, found.node);
  if (found === undefined || value === undefined) return undefined;
  const { document } = project;
  return {
    contents: { kind: 'markdown', value },
    range: { start: document.positionAt(found.start), end: document.positionAt(found.end) },
  };
}

/** Where a field named in such a string is declared. */
export function pathDefinition(project: ScriptProject, offset: number): DefinitionTarget[] {
  const node = pathNodeAt(project, offset)?.node;
  if (node === undefined) return [];
  return [{ kind: 'schema', target: { schemaId: node.schemaId, start: node.start, end: node.end } }];
}

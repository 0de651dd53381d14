import type * as ts from 'typescript';
import { CompletionItemKind, type CompletionItem, type CompletionList } from 'vscode-languageserver-types';
import { kindOfNode, rankOfNode } from '../nodeItem.ts';
import type { TypingAnchor } from '../api/schemaTypings.ts';
import { addressOf, typeText } from '../queryDef/fieldDocumentation.ts';
import { attributeMark, literalMark, unmask } from './maskCharacters.ts';
import { literalAt, memberAccessAt, type MemberAccess } from './positions.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { showType } from './showType.ts';
import { anchorOfSymbol, filteredTypeAt, nodeAround, treeOf } from './symbolsAt.ts';

/** What travels with an item of the script side until its documentation is asked for. */
export interface ScriptCompletionData {
  kind: 'script';
  uri: string;
  offset: number;
  /** The masked name. */
  name: string;
}

/** Words of the language the server runs; TypeScript would offer those of later editions, too. */
const keywords: ReadonlySet<string> = new Set(
  (
    'break case catch const continue default delete do else false finally for function if in instanceof new null ' +
    'return switch this throw true try typeof undefined var void while with arguments'
  ).split(' '),
);

/** Globals that only serve the declarations. */
const hiddenGlobals: ReadonlySet<string> = new Set(['Symbol', 'globalThis', 'exports', 'module', 'require']);

const preferences: ts.GetCompletionsAtPositionOptions = {
  includeSymbol: true,
  includeCompletionsWithInsertText: true,
  includeCompletionsForModuleExports: false,
  includeCompletionsForImportStatements: false,
  includeCompletionsWithSnippetText: false,
};

/** What can be typed at an offset outside of literal XML. */
export function completeScript(project: ScriptProject, offset: number): CompletionList {
  if (literalAt(project.mask, offset) !== undefined) return list([]);
  const access = memberAccessAt(project.text, offset);
  if (access.at !== undefined && access.dot === undefined)
    return list(completeFilterAttributes(project, offset, access));
  const info = project.service.getCompletionsAtPosition(project.fileName, offset, preferences);
  if (info === undefined) return list([]);
  const isMember = access.dot !== undefined;
  const entries = info.entries.filter((entry) => isOffered(project, entry, access));
  const isXml = isMember && entries.some(({ symbol }) => ownerOf(symbol) === 'XML');
  const items: CompletionItem[] = [];
  for (const entry of entries) {
    if (isXml && ownerOf(entry.symbol) === 'Function') continue;
    items.push(toItem(project, entry, offset, access));
  }
  if (!isMember) items.push(...completeFilterNames(project, offset, access));
  return list(items);
}

const list = (items: CompletionItem[]): CompletionList => ({ items, isIncomplete: false });

function isOffered(project: ScriptProject, entry: ts.CompletionEntry, access: MemberAccess): boolean {
  const { name, kind } = entry;
  const { ScriptElementKind } = project.ts;
  // Guesses from other words of the script.
  if (kind === ScriptElementKind.warning) return false;
  if (name.startsWith(literalMark)) return false;
  const isAttribute = name.startsWith(attributeMark);
  if (access.at !== undefined) return isAttribute;
  if (access.isDescendant) return anchorOfSymbol(project, entry.symbol) !== undefined;
  if (access.dot !== undefined) return true;
  if (kind === ScriptElementKind.keyword) return keywords.has(name);
  return !isAttribute && !hiddenGlobals.has(name);
}

/** Name of the interface a member is declared in. */
function ownerOf(symbol: ts.Symbol | undefined): string | undefined {
  const parent = symbol?.declarations?.[0]?.parent as { name?: { text?: string } } | undefined;
  return parent?.name?.text;
}

function toItem(
  project: ScriptProject,
  entry: ts.CompletionEntry,
  offset: number,
  access: MemberAccess,
): CompletionItem {
  const anchor = anchorOfSymbol(project, entry.symbol);
  const label = unmask(entry.name);
  const item: CompletionItem = { label, kind: kindOf(project, entry), sortText: entry.sortText };
  if (anchor !== undefined) describe(item, anchor, isSelected(entry.symbol));
  else if (access.dot !== undefined && ownerOf(entry.symbol) !== undefined)
    item.sortText = `6${entry.sortText}`;
  if (item.data === undefined) {
    item.data = {
      kind: 'script',
      uri: project.document.uri,
      offset,
      name: entry.name,
    } satisfies ScriptCompletionData;
  }
  // Constants of console libraries: many, and seldom loaded.
  else if (item.kind === CompletionItemKind.Constant && isDeclared(entry.symbol))
    item.sortText = `7${entry.sortText}`;
  if (entry.kindModifiers?.includes('deprecated') === true) {
    item.tags = [1];
    item.sortText = `8${item.sortText ?? ''}`;
  }
  const edit = memberEdit(project, entry.name, access);
  if (edit !== undefined) Object.assign(item, edit);
  return item;
}

/** Comes the name from declarations, not from the script? */
function isDeclared(symbol: ts.Symbol | undefined): boolean {
  return symbol?.declarations?.some((declaration) => declaration.getSourceFile().isDeclarationFile) === true;
}

/** A selected column is declared with the literal of its query, other fields with their schema. */
function isSelected(symbol: ts.Symbol | undefined): boolean {
  return (
    symbol?.declarations?.some((declaration) =>
      declaration.getSourceFile().fileName.endsWith('/literals.d.ts'),
    ) === true
  );
}

/** Fills in what the model says about an item. */
function describe(item: CompletionItem, anchor: TypingAnchor, selected: boolean): void {
  switch (anchor.kind) {
    case 'node':
      item.labelDetails = { description: selected ? `${anchor.node.label} · selected` : anchor.node.label };
      item.detail = typeText(anchor.node);
      item.kind = kindOfNode(anchor.node);
      item.sortText = `${selected ? '0' : rankOfNode(anchor.node)}${item.label}`;
      item.data = { kind: 'field', ...addressOf(anchor.node) };
      break;
    case 'alias':
      item.labelDetails = { description: 'selected' };
      item.detail = anchor.expr;
      item.kind = CompletionItemKind.Field;
      item.sortText = `0${item.label}`;
      break;
    case 'schema':
      item.kind = CompletionItemKind.Class;
      item.detail = anchor.schemaId;
      item.sortText = `1${item.label}`;
      item.data = { kind: 'schema', schemaId: anchor.schemaId };
      break;
    case 'method':
      item.kind = CompletionItemKind.Method;
      item.sortText = `5${item.label}`;
      if (anchor.method.label !== anchor.method.name)
        item.labelDetails = { description: anchor.method.label };
  }
}

function kindOf(project: ScriptProject, entry: ts.CompletionEntry): CompletionItemKind {
  const kinds = project.ts.ScriptElementKind;
  switch (entry.kind) {
    case kinds.keyword:
      return CompletionItemKind.Keyword;
    case kinds.functionElement:
    case kinds.localFunctionElement:
      return CompletionItemKind.Function;
    case kinds.memberFunctionElement:
    case kinds.constructSignatureElement:
    case kinds.callSignatureElement:
      return CompletionItemKind.Method;
    case kinds.memberVariableElement:
    case kinds.memberGetAccessorElement:
    case kinds.memberSetAccessorElement:
      return CompletionItemKind.Property;
    case kinds.constElement:
      return CompletionItemKind.Constant;
    case kinds.classElement:
    case kinds.localClassElement:
      return CompletionItemKind.Class;
    case kinds.interfaceElement:
      return CompletionItemKind.Interface;
    case kinds.string:
      return CompletionItemKind.Value;
    default:
      return CompletionItemKind.Variable;
  }
}

/**
 * How a member is written that is no plain name: `@email`, `@["folder-id"]`, `["sub-element"]`. The bracket of an element
 * takes the place of the dot.
 */
function memberEdit(
  project: ScriptProject,
  maskedName: string,
  access: MemberAccess,
): Pick<CompletionItem, 'textEdit' | 'filterText'> | undefined {
  if (access.dot === undefined) return undefined;
  const name = unmask(maskedName);
  const isAttribute = name.startsWith('@');
  const bare = isAttribute ? name.slice(1) : name;
  const isPlain = /^[A-Za-z_$][\w$]*$/.test(bare);
  if (isPlain && !isAttribute) return undefined;
  const newText = isPlain ? name : `${isAttribute ? '@' : ''}[${JSON.stringify(bare)}]`;
  const start = isAttribute ? (access.at ?? access.nameStart) : access.dot;
  const { document, text } = project;
  return {
    filterText: isAttribute ? name : text.slice(access.dot, access.nameStart) + name,
    textEdit: {
      range: { start: document.positionAt(start), end: document.positionAt(access.nameEnd) },
      newText,
    },
  };
}

/** A bare `@name` inside a filter: the attributes of the filtered elements. */
function completeFilterAttributes(
  project: ScriptProject,
  offset: number,
  access: MemberAccess,
): CompletionItem[] {
  return filterItems(project, offset, access, (name) => name.startsWith(attributeMark));
}

/** Inside a filter, names may be those of the filtered elements as well as variables. */
function completeFilterNames(project: ScriptProject, offset: number, access: MemberAccess): CompletionItem[] {
  if (!project.text.slice(0, offset).includes('.(') && project.mask.filters.length === 0) return [];
  return filterItems(project, offset, access, () => true);
}

function filterItems(
  project: ScriptProject,
  offset: number,
  access: MemberAccess,
  accepts: (name: string) => boolean,
): CompletionItem[] {
  const tree = treeOf(project);
  const inner = tree && nodeAround(project, tree.file, offset);
  const type = tree && inner && filteredTypeAt(project, tree.checker, inner, offset);
  const start = project.document.positionAt(access.at ?? access.nameStart);
  const range = { start, end: project.document.positionAt(access.nameEnd) };
  return (type?.getProperties() ?? []).flatMap((symbol) => {
    const anchor = anchorOfSymbol(project, symbol);
    if (anchor === undefined || !accepts(symbol.name)) return [];
    const label = unmask(symbol.name);
    if (!/^@?[A-Za-z_$][\w$]*$/.test(label)) return [];
    const item: CompletionItem = { label, filterText: label, textEdit: { range, newText: label } };
    describe(item, anchor, isSelected(symbol));
    return [item];
  });
}

/** Adds documentation to an item of the script side. */
export function resolveScriptItem(
  project: ScriptProject,
  item: CompletionItem,
  data: ScriptCompletionData,
): CompletionItem {
  const details = project.service.getCompletionEntryDetails(
    project.fileName,
    data.offset,
    data.name,
    undefined,
    undefined,
    undefined,
    undefined,
  );
  if (details === undefined) return item;
  const detail = showType(project.ts.displayPartsToString(details.displayParts));
  const value = documentationText(project, details.documentation, details.tags);
  return { ...item, detail, ...(value !== '' && { documentation: { kind: 'markdown', value } }) };
}

/** Documentation and tags of a symbol as Markdown. */
export function documentationText(
  project: ScriptProject,
  documentation: readonly ts.SymbolDisplayPart[] | undefined,
  tags: readonly ts.JSDocTagInfo[] | undefined,
): string {
  const { ts } = project;
  const parts = [ts.displayPartsToString([...(documentation ?? [])])];
  for (const tag of tags ?? []) {
    const text = ts.displayPartsToString(tag.text ?? []);
    if (tag.name === 'param') parts.push(text.replace(/^(\S+)\s*(?:-\s*)?/, '`$1` — '));
    else if (tag.name === 'deprecated') parts.push(`*Deprecated.* ${text}`);
    else parts.push(`*${tag.name}* ${text}`);
  }
  return unmask(parts.filter((part) => part.trim() !== '').join('\n\n'));
}

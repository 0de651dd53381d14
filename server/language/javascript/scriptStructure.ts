import type * as ts from 'typescript';
import {
  SymbolKind,
  type DocumentSymbol,
  type FoldingRange,
  type Range,
  type SelectionRange,
} from 'vscode-languageserver-types';
import { semanticTokenLegend, type ScriptToken } from './javaScriptService.ts';
import { unmask } from './maskCharacters.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { nodeAround, treeOf } from './symbolsAt.ts';

function toRange({ document, text }: ScriptProject, span: ts.TextSpan): Range {
  const end = Math.min(span.start + span.length, text.length);
  return { start: document.positionAt(Math.min(span.start, end)), end: document.positionAt(end) };
}

/** The outline: functions, variables and what they contain. */
export function scriptSymbols(project: ScriptProject): DocumentSymbol[] {
  const tree = project.service.getNavigationTree(project.fileName);
  return (tree.childItems ?? []).flatMap((item) => toSymbols(project, item));
}

function toSymbols(project: ScriptProject, item: ts.NavigationTree): DocumentSymbol[] {
  const [span] = item.spans;
  const children = (item.childItems ?? []).flatMap((child) => toSymbols(project, child));
  const name = unmask(item.text).trim();
  if (span === undefined || span.start >= project.text.length || name === '' || name.startsWith('ᐸ'))
    return children;
  const range = toRange(project, span);
  const nameRange = item.nameSpan === undefined ? range : toRange(project, item.nameSpan);
  const kind = symbolKind(project, item.kind);
  return [{ name, kind, range, selectionRange: nameRange, ...(children.length > 0 && { children }) }];
}

function symbolKind(project: ScriptProject, kind: ts.ScriptElementKind): SymbolKind {
  const kinds = project.ts.ScriptElementKind;
  switch (kind) {
    case kinds.functionElement:
    case kinds.localFunctionElement:
      return SymbolKind.Function;
    case kinds.memberFunctionElement:
      return SymbolKind.Method;
    case kinds.classElement:
    case kinds.localClassElement:
      return SymbolKind.Class;
    case kinds.constructorImplementationElement:
      return SymbolKind.Constructor;
    case kinds.memberVariableElement:
    case kinds.memberGetAccessorElement:
    case kinds.memberSetAccessorElement:
      return SymbolKind.Property;
    case kinds.constElement:
      return SymbolKind.Constant;
    default:
      return SymbolKind.Variable;
  }
}

/** Blocks, comments and literals of more than one line. */
export function scriptFolding(project: ScriptProject): FoldingRange[] {
  const { document, mask, service, text } = project;
  const spans = service
    .getOutliningSpans(project.fileName)
    .filter(({ textSpan }) => textSpan.start < text.length);
  const ranges = spans.map((span): FoldingRange => {
    const { start, end } = toRange(project, span.textSpan);
    // The closing brace stays in sight.
    const endsWithBracket = /[}\])]/.test(text.charAt(span.textSpan.start + span.textSpan.length - 1));
    const endLine = endsWithBracket && end.line > start.line ? end.line - 1 : end.line;
    const isComment = span.kind === project.ts.OutliningSpanKind.Comment;
    return { startLine: start.line, endLine, ...(isComment && { kind: 'comment' }) };
  });
  for (const { start, end } of mask.literals) {
    const startLine = document.positionAt(start).line;
    ranges.push({ startLine, endLine: document.positionAt(end).line - 1 });
  }
  const seen = new Set<number>();
  return ranges.filter(
    ({ startLine, endLine }) => endLine > startLine && !seen.has(startLine) && seen.add(startLine),
  );
}

/** What to select next, and next after that, around an offset. */
export function scriptSelection(project: ScriptProject, offset: number): SelectionRange {
  const convert = (selection: ts.SelectionRange): SelectionRange => {
    const range = toRange(project, selection.textSpan);
    return selection.parent === undefined ? { range } : { range, parent: convert(selection.parent) };
  };
  try {
    try {
      return convert(project.service.getSmartSelectionRange(project.fileName, offset));
    } catch {
      // TypeScript fails on trees whose nodes end before they begin, as half-written scripts have them.
      return { range: toRange(project, { start: offset, length: 0 }) };
    }
  } catch {
    // TypeScript throws on some half-written texts; what the tree says is near enough there.
    return selectionOfTree(project, offset);
  }
}

/** The nodes around an offset, each wider than the one before. */
function selectionOfTree(project: ScriptProject, offset: number): SelectionRange {
  const tree = treeOf(project);
  const ranges: Range[] = [];
  let node = tree && nodeAround(project, tree.file, offset);
  for (; tree !== undefined && node !== undefined && !project.ts.isSourceFile(node); node = node.parent) {
    const start = node.getStart(tree.file);
    ranges.unshift(toRange(project, { start, length: Math.max(0, node.end - start) }));
  }
  const whole: SelectionRange = { range: toRange(project, { start: 0, length: project.text.length }) };
  return ranges.reduce((parent, range): SelectionRange => ({ range, parent }), whole);
}

/** TypeScript's token types of its 2020 format, by their number. */
const tokenTypes = [
  'class',
  'enum',
  'interface',
  'namespace',
  'typeParameter',
  'type',
  'parameter',
  'variable',
  'enumMember',
  'property',
  'function',
  'method',
] as const;
/** Bits of TypeScript's modifiers. */
const modifierBits = { declaration: 1 << 0, readonly: 1 << 3, defaultLibrary: 1 << 4 };

/** Names coloured by what they are, in the order of the document. */
export function scriptTokens(project: ScriptProject): ScriptToken[] {
  const { mask, service, text } = project;
  const { spans } = service.getEncodedSemanticClassifications(
    project.fileName,
    { start: 0, length: text.length },
    project.ts.SemanticClassificationFormat.TwentyTwenty,
  );
  const tokens: ScriptToken[] = [];
  for (let at = 0; at + 2 < spans.length; at += 3) {
    const start = spans[at]!;
    const length = spans[at + 1]!;
    const classification = spans[at + 2]!;
    const type = semanticTokenLegend.tokenTypes.indexOf(
      tokenTypes[(classification >> 8) - 1] as (typeof semanticTokenLegend.tokenTypes)[number],
    );
    if (type < 0 || mask.text.charAt(start) === 'ᐸ') continue;
    let modifiers = 0;
    for (const [bit, name] of semanticTokenLegend.tokenModifiers.entries()) {
      if ((classification & modifierBits[name]) !== 0) modifiers |= 1 << bit;
    }
    tokens.push({ start, length, type, modifiers });
  }
  return tokens;
}

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentSymbol,
  FoldingRange,
  FormattingOptions,
  Hover,
  Location,
  SelectionRange,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { QueryAtReply } from '../../core/protocol/messages.ts';
import type { TextRange } from '../../core/xml/xmlTree.ts';
import { formatXml, smallestEdit } from './formatXml.ts';
import type {
  DefinitionTarget,
  JavaScriptService,
  RenameCheck,
  ScriptToken,
} from './javascript/javaScriptService.ts';
import type { LanguageModel } from './model.ts';
import { queryCodeActions, toDiagnostic } from './queryDef/queryCodeActions.ts';
import { completeQuery, resolveQueryCompletion } from './queryDef/queryCompletion.ts';
import type { EditorFeatures, QueryContext } from './queryDef/queryContext.ts';
import { queryDefinition } from './queryDef/queryDefinition.ts';
import { checkQuery } from './queryDef/queryDiagnostics.ts';
import { hoverQuery } from './queryDef/queryHover.ts';
import { querySelection } from './queryDef/querySelection.ts';
import { querySignature } from './queryDef/querySignature.ts';
import { queryFolding, querySymbols } from './queryDef/querySymbols.ts';
import { runnableQueries, toRunnableQuery, type RunnableQuery } from './queryDef/runnableQuery.ts';
import { queryAt, type DocumentRegions } from './regions.ts';

/** One version of a document, its regions found. */
export interface LanguageDocument {
  document: TextDocument;
  version: number;
  regions: DocumentRegions;
}

const noItems: CompletionList = { items: [], isIncomplete: false };

/** Does answering at this offset take the JavaScript side? Inside a queryDef literal it does not. */
export function needsScripts({ regions }: LanguageDocument, offset: number): boolean {
  return regions.kind === 'script' && queryAt(regions, offset) === undefined;
}

/** The features of a document as a whole, and at an offset of it; see {@link createLanguageService}. */
export type LanguageService = ReturnType<typeof createLanguageService>;

/**
 * The language service: every feature is a function over (model, document, offset) that finds out which language the
 * offset is in and asks the side that knows it. It imports no connection, file or clock, never throws on broken text,
 * and answers empty where the model says nothing.
 * @param scripts the JavaScript side; without it, scripts have only the features of their queryDef literals.
 */
export function createLanguageService(scripts: JavaScriptService | undefined) {
  /** The side an offset belongs to; `undefined` for documents of no language of ours. */
  const sideAt = (
    model: LanguageModel,
    { document, regions }: LanguageDocument,
    offset: number,
  ): { query: QueryContext } | { script: JavaScriptService } | undefined => {
    const region = queryAt(regions, offset);
    if (region !== undefined) return { query: { model, document, region } };
    return regions.kind === 'script' && scripts !== undefined ? { script: scripts } : undefined;
  };
  const queriesOf = (model: LanguageModel, { document, regions }: LanguageDocument): QueryContext[] =>
    regions.queries.map((region) => ({ model, document, region }));
  const scriptOf = ({ regions }: LanguageDocument): JavaScriptService | undefined =>
    regions.kind === 'script' ? scripts : undefined;

  return {
    complete(
      model: LanguageModel,
      document: LanguageDocument,
      offset: number,
      editor: EditorFeatures,
    ): CompletionList {
      const side = sideAt(model, document, offset);
      if (side === undefined) return noItems;
      return 'query' in side
        ? completeQuery(side.query, editor, offset)
        : side.script.completion(model, document.document, offset);
    },

    resolveCompletion(model: LanguageModel, item: CompletionItem): CompletionItem {
      const resolved = resolveQueryCompletion(model, item);
      return resolved !== item || scripts === undefined ? resolved : scripts.resolveCompletion(model, item);
    },

    hover(model: LanguageModel, document: LanguageDocument, offset: number): Hover | undefined {
      const side = sideAt(model, document, offset);
      if (side === undefined) return undefined;
      return 'query' in side
        ? hoverQuery(side.query, offset)
        : side.script.hover(model, document.document, offset);
    },

    signatureHelp(
      model: LanguageModel,
      document: LanguageDocument,
      offset: number,
    ): SignatureHelp | undefined {
      const side = sideAt(model, document, offset);
      if (side === undefined) return undefined;
      return 'query' in side
        ? querySignature(side.query, offset)
        : side.script.signatureHelp(model, document.document, offset);
    },

    definition(model: LanguageModel, document: LanguageDocument, offset: number): DefinitionTarget[] {
      const side = sideAt(model, document, offset);
      if (side === undefined) return [];
      return 'query' in side
        ? queryDefinition(side.query, offset).map((target) => ({ kind: 'schema', target }))
        : side.script.definition(model, document.document, offset);
    },

    references(model: LanguageModel, document: LanguageDocument, offset: number): Location[] {
      const side = sideAt(model, document, offset);
      return side !== undefined && 'script' in side
        ? side.script.references(model, document.document, offset)
        : [];
    },

    prepareRename(model: LanguageModel, document: LanguageDocument, offset: number): RenameCheck | undefined {
      const side = sideAt(model, document, offset);
      return side !== undefined && 'script' in side
        ? side.script.prepareRename(model, document.document, offset)
        : undefined;
    },

    rename(
      model: LanguageModel,
      document: LanguageDocument,
      offset: number,
      newName: string,
    ): WorkspaceEdit | { refused: string } | undefined {
      const side = sideAt(model, document, offset);
      return side !== undefined && 'script' in side
        ? side.script.rename(model, document.document, offset, newName)
        : undefined;
    },

    selectionRange(document: LanguageDocument, offset: number): SelectionRange | undefined {
      const region = queryAt(document.regions, offset);
      const outer = scriptOf(document)?.selectionRange(document.document, offset);
      return region === undefined ? outer : querySelection(document.document, region, offset, outer);
    },

    semanticTokens: (model: LanguageModel, document: LanguageDocument): ScriptToken[] =>
      scriptOf(document)?.semanticTokens(model, document.document) ?? [],

    documentSymbols(model: LanguageModel, document: LanguageDocument): DocumentSymbol[] {
      const own = scriptOf(document)?.documentSymbols(document.document) ?? [];
      // In a script the queries are details of the functions they are in; its outline is that of the script.
      return document.regions.kind === 'script' && scripts !== undefined
        ? own
        : queriesOf(model, document).flatMap(querySymbols);
    },

    foldingRanges: (model: LanguageModel, document: LanguageDocument): FoldingRange[] => [
      ...(scriptOf(document)?.foldingRanges(document.document) ?? []),
      ...queriesOf(model, document).flatMap(queryFolding),
    ],

    diagnostics: (model: LanguageModel, document: LanguageDocument): Diagnostic[] => [
      ...(scriptOf(document)?.diagnostics(document.document) ?? []),
      ...queriesOf(model, document).flatMap((context) =>
        checkQuery(context).map((problem) => toDiagnostic(context, problem)),
      ),
    ],

    codeActions: (model: LanguageModel, document: LanguageDocument, range: TextRange): CodeAction[] =>
      queriesOf(model, document)
        .filter(({ region }) => region.start <= range.end && region.end >= range.start)
        .flatMap((context) => queryCodeActions(context, range)),

    /** Formats XML documents; a script is somebody else's to format. */
    format({ document, regions }: LanguageDocument, options: FormattingOptions): TextEdit[] {
      if (regions.kind !== 'queryDef' && regions.kind !== 'srcSchema') return [];
      const text = document.getText();
      const indent = options.insertSpaces ? ' '.repeat(options.tabSize) : '\t';
      const formatted = formatXml(text, { indent });
      const edit = formatted === undefined ? undefined : smallestEdit(text, formatted);
      if (edit === undefined) return [];
      const range = { start: document.positionAt(edit.start), end: document.positionAt(edit.end) };
      return [{ range, newText: edit.newText }];
    },

    /** The query around an offset, ready to send; `null` when there is none. */
    queryAt({ document, regions }: LanguageDocument, offset: number): QueryAtReply {
      // Inside a `{…}` and on its edges the query is still the one around.
      const region = regions.queries.findLast(({ start, end }) => offset >= start && offset <= end);
      return region === undefined ? null : toRunnableQuery(document, region, offset);
    },

    /** The queries of a document that can be run as they stand. */
    runnableQueries: ({ document, regions }: LanguageDocument): RunnableQuery[] =>
      regions.queries.flatMap((region) => runnableQueries(document, region)),
  };
}

import type * as ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CompletionItem,
  CompletionList,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  Hover,
  Location,
  Range,
  SelectionRange,
  SignatureHelp,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
import type { LanguageModel, SchemaTarget } from '../model.ts';
import type { DocumentProblem } from '../problems.ts';
import { declaredNames, type DeclaredName } from './declaredNames.ts';
import {
  checkObjectQueries,
  completeObjectQuery,
  hoverObjectQuery,
  objectQueryDefinition,
} from './objectQueryFeatures.ts';
import { checkScript } from './checks/checkScript.ts';
import { completeDocument, documentDefinition, hoverDocument } from './documentLiteralFeatures.ts';
import { hoverOption } from './optionStrings.ts';
import { hoverPath, pathDefinition } from './pathStrings.ts';
import { completeString } from './stringCompletion.ts';
import { completeScript, resolveScriptItem, type ScriptCompletionData } from './scriptCompletion.ts';
import { scriptDiagnostics } from './scriptDiagnostics.ts';
import { scriptHighlights } from './scriptHighlights.ts';
import { hoverScript } from './scriptHover.ts';
import { checkRename, renameInScript, scriptDefinition, scriptReferences } from './scriptNavigation.ts';
import { mayReferTo, modelReferenceAt, modelReferences } from './modelReferences.ts';
import type { ReferenceTarget } from '../queryDef/queryReferences.ts';
import { literalTags } from './literalTags.ts';
import { loadedLibraries } from './loadedLibraries.ts';
import { scriptSignature } from './scriptSignature.ts';
import { scriptFolding, scriptSelection, scriptSymbols, scriptTokens } from './scriptStructure.ts';
import { ScriptWorkspace, type ScriptProject } from './scriptWorkspace.ts';
import {
  distinctLocations,
  mergeEdits,
  renameShared,
  sharedReferences,
  sharedSymbolAt,
} from './sharedSymbols.ts';
import { syntaxTokens } from './syntaxTokens.ts';
import { scriptTypeDefinition } from './typeDefinition.ts';
import { asksForTypes, typeProblems } from './typeProblems.ts';

/** TypeScript's API. Loading it takes 0.2 s, so the caller decides when: `await import('typescript')`. */
export type TypeScript = typeof ts;

/** A script another one loads. */
export interface ScriptLibrary {
  uri: string;
  /** Any value that changes with the text. */
  version: string;
  text: string;
  /** How scripts name it, where it is known. */
  name?: string;
  /** It is only on the instance, so it can be read and not changed. */
  isRemote?: boolean;
}

/** What the service needs from its surroundings. */
export interface JavaScriptHost {
  typescript: TypeScript;
  /** The library a script names in `loadLibrary("ns:name.js")`; `undefined` when it is not at hand. */
  findLibrary?(name: string, fromUri: string): ScriptLibrary | undefined;
  /** Whether the editor understands snippets in completion items. */
  snippets?: boolean;
}

/** A place a definition leads to: another script, or the XML of a schema. */
export type DefinitionTarget =
  { kind: 'script'; location: Location } | { kind: 'schema'; target: SchemaTarget };

/** The outcome of asking for a rename: `refused` is a sentence for the person who asked. */
export type RenameCheck = { range: Range; placeholder: string } | { refused: string };

/** Semantic tokens in the order of the document; `type` and `modifiers` index {@link semanticTokenLegend}. */
export interface ScriptToken {
  start: number;
  length: number;
  type: number;
  /** Bit set. */
  modifiers: number;
}

/** The token types and modifiers {@link JavaScriptService.semanticTokens} speaks of. */
export const semanticTokenLegend = {
  tokenTypes: [
    'class',
    'namespace',
    'type',
    'interface',
    'parameter',
    'variable',
    'property',
    'function',
    'method',
    'comment',
    'keyword',
    'number',
    'operator',
    'string',
    'tag',
    'tagDelimiter',
    'attribute',
  ],
  tokenModifiers: ['declaration', 'readonly', 'defaultLibrary'],
} as const;

/**
 * The JavaScript side of the language service. Every feature is a function over (model, document, offset): it never
 * waits, and a schema that is not at hand is asked of the model and left out of the answer, so the caller runs the
 * feature again once it has arrived (see `LanguageModel`).
 *
 * Positions inside the XML of a literal belong to the queryDef service; everything else, and the inside of `{…}`, is
 * asked here. At a position inside literal XML every feature answers with nothing.
 *
 * Invariant: no character of the mask shows in an answer, and no answer points into generated declarations.
 */
export interface JavaScriptService {
  completion(model: LanguageModel, document: TextDocument, offset: number): CompletionList;
  /** Adds the documentation of an item made by {@link completion}; any other item is returned as it is. */
  resolveCompletion(model: LanguageModel, item: CompletionItem): CompletionItem;
  hover(model: LanguageModel, document: TextDocument, offset: number): Hover | undefined;
  signatureHelp(model: LanguageModel, document: TextDocument, offset: number): SignatureHelp | undefined;
  definition(model: LanguageModel, document: TextDocument, offset: number): DefinitionTarget[];
  typeDefinition(model: LanguageModel, document: TextDocument, offset: number): DefinitionTarget[];
  highlights(model: LanguageModel, document: TextDocument, offset: number): DocumentHighlight[];
  /** The names in the start tag and the end tag of the element of a literal an offset is in. */
  linkedTags(document: TextDocument, offset: number): [TextRange, TextRange] | undefined;
  /** The name of what is at an offset, if other scripts may use it, too: those without it need not be looked through. */
  sharedName(model: LanguageModel, document: TextDocument, offset: number): string | undefined;
  /** The field or schema of the model that is named at an offset, outside of query literals. */
  referenceTarget(model: LanguageModel, document: TextDocument, offset: number): ReferenceTarget | undefined;
  /** The uses of a field or schema in scripts, those in query literals excluded. */
  modelReferences(
    model: LanguageModel,
    documents: readonly TextDocument[],
    target: ReferenceTarget,
  ): Location[];
  /** @param others scripts to look through besides those the script itself loads. Default: none. */
  references(
    model: LanguageModel,
    document: TextDocument,
    offset: number,
    others?: readonly TextDocument[],
  ): Location[];
  prepareRename(model: LanguageModel, document: TextDocument, offset: number): RenameCheck | undefined;
  rename(
    model: LanguageModel,
    document: TextDocument,
    offset: number,
    newName: string,
    others?: readonly TextDocument[],
  ): WorkspaceEdit | { refused: string } | undefined;
  documentSymbols(document: TextDocument): DocumentSymbol[];
  /** The functions a script declares for others; see {@link DeclaredName}. Keeps nothing of the script. */
  declaredNames(languageId: string, text: string): DeclaredName[];
  /** What is wrong with a script, its queries in object form included; those in its literals are the query service's. */
  /** @param types whether the use of types is checked, too; a script may ask for it itself. Default false. */
  problems(model: LanguageModel, document: TextDocument, types?: boolean): DocumentProblem[];
  foldingRanges(document: TextDocument): FoldingRange[];
  selectionRange(document: TextDocument, offset: number): SelectionRange;
  /** Names coloured by what they are, in the order of the document. */
  semanticTokens(model: LanguageModel, document: TextDocument): ScriptToken[];
  /** Everything else that has a colour, where no grammar gives it one. In order; a token may have several lines. */
  syntaxTokens(document: TextDocument): ScriptToken[];
  /** Forgets a document. */
  close(uri: string): void;
}

/** Creates the JavaScript side of the language service. It keeps a project per open script until {@link JavaScriptService.close}. */
export function createJavaScriptService(host: JavaScriptHost): JavaScriptService {
  const workspace = new ScriptWorkspace(host);
  const editor = { snippets: host.snippets ?? false };
  const open = (model: LanguageModel, document: TextDocument): ScriptProject =>
    workspace.open(model, document);
  // Features of syntax alone need no model; the one used last stays, so that asking does not unload it.
  const reopen = (document: TextDocument): ScriptProject => workspace.reopen(document);
  const visitLoading = <T>(
    model: LanguageModel,
    documents: readonly TextDocument[],
    use: (project: ScriptProject) => T,
  ): T[] =>
    documents
      .filter((document) => loadedLibraries(document.getText()).size > 0)
      .map((document) => workspace.visit(model, document, use));
  return {
    completion(model, document, offset) {
      const project = open(model, asMember(document, offset));
      return (
        completeObjectQuery(project, editor, offset) ??
        completeDocument(project, editor, offset) ??
        completeString(project, offset) ??
        completeScript(project, offset)
      );
    },
    resolveCompletion(_model, item) {
      const data = item.data as ScriptCompletionData | undefined;
      if (data?.kind !== 'script') return item;
      const project = workspace.find(data.uri);
      return project === undefined ? item : resolveScriptItem(project, item, data);
    },
    hover(model, document, offset) {
      const project = open(model, document);
      return (
        hoverObjectQuery(project, offset) ??
        hoverDocument(project, offset) ??
        hoverOption(project, offset) ??
        hoverPath(project, offset) ??
        hoverScript(project, offset)
      );
    },
    signatureHelp: (model, document, offset) => scriptSignature(open(model, document), offset),
    definition(model, document, offset) {
      const project = open(model, document);
      const found = [
        ...objectQueryDefinition(project, offset),
        ...documentDefinition(project, offset),
        ...pathDefinition(project, offset),
      ];
      return found.length > 0 ? found : scriptDefinition(project, offset);
    },
    typeDefinition: (model, document, offset) => scriptTypeDefinition(open(model, document), offset),
    highlights: (model, document, offset) => scriptHighlights(open(model, document), offset),
    linkedTags: (document, offset) => literalTags(reopen(document), offset),
    sharedName: (model, document, offset) => sharedSymbolAt(open(model, document), offset)?.name,
    referenceTarget: (model, document, offset) => modelReferenceAt(open(model, document), offset),
    modelReferences: (model, documents, target) =>
      documents
        .filter((document) => mayReferTo(document.getText(), target))
        .flatMap((document) =>
          workspace.visit(model, document, (project) => modelReferences(project, target), model),
        ),
    references(model, document, offset, others = []) {
      const project = open(model, document);
      const symbol = sharedSymbolAt(project, offset);
      const own = scriptReferences(project, offset);
      if (symbol === undefined) return own;
      const found = visitLoading(model, others, (other) => sharedReferences(other, symbol));
      return distinctLocations([...own, ...found.flat()]);
    },
    prepareRename: (model, document, offset) => checkRename(open(model, document), offset),
    rename(model, document, offset, newName, others = []) {
      const project = open(model, document);
      const symbol = sharedSymbolAt(project, offset);
      const own = renameInScript(project, offset, newName);
      if (symbol === undefined || own === undefined || 'refused' in own) return own;
      return mergeEdits([
        own,
        ...visitLoading(model, others, (other) => renameShared(other, symbol, newName)),
      ]);
    },
    documentSymbols: (document) => scriptSymbols(reopen(document)),
    declaredNames: (languageId, text) => declaredNames(host.typescript, languageId, text),
    problems(model, document, types = false) {
      const project = open(model, document);
      return [
        ...scriptDiagnostics(project),
        ...checkScript(project).problems,
        ...checkObjectQueries(project),
        ...(types || asksForTypes(project.text) ? typeProblems(project) : []),
      ];
    },
    foldingRanges: (document) => scriptFolding(reopen(document)),
    selectionRange: (document, offset) => scriptSelection(reopen(document), offset),
    semanticTokens: (model, document) => scriptTokens(open(model, document)),
    syntaxTokens: (document) => syntaxTokens(reopen(document)),
    close: (uri) => workspace.close(uri),
  };
}

/**
 * A document as completion reads it. `file.(…)` is a filter of E4X; with the cursor behind its dot it is the call of a
 * method whose name is missing, so the bracket goes: the names to offer are those of the value.
 */
function asMember(document: TextDocument, offset: number): TextDocument {
  const text = document.getText();
  if (text.charAt(offset - 1) !== '.' || text.charAt(offset) !== '(') return document;
  const read = `${text.slice(0, offset)} ${text.slice(offset + 1)}`;
  return TextDocument.create(document.uri, document.languageId, document.version, read);
}

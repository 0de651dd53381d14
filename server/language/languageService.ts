import type { TextDocument } from 'vscode-languageserver-textdocument';
import type {
  CodeAction,
  CompletionItem,
  CompletionList,
  Diagnostic,
  DocumentHighlight,
  DocumentSymbol,
  FoldingRange,
  FormattingOptions,
  Hover,
  InlayHint,
  Location,
  SelectionRange,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-types';
import type { QueryAtReply } from '../../core/protocol/messages.ts';
import { locateXml } from '../../core/xml/locateXml.ts';
import type { TextRange } from '../../core/xml/xmlTree.ts';
import {
  checkForms,
  completeForm,
  formDefinition,
  formReferenceSource,
  formReferenceTarget,
  hoverForm,
} from './embedded/formFeatures.ts';
import { formExpressionAt, formExpressions, type FormContext } from './embedded/formPaths.ts';
import { checkRawMarkup } from './embedded/rawMarkup.ts';
import { checkWellFormed } from './embedded/wellFormed.ts';
import { formatXmlEdits } from './formatXml.ts';
import { ignoreActions } from './ignoreActions.ts';
import { linkedTags } from './linkedTags.ts';
import {
  semanticTokenLegend,
  type DefinitionTarget,
  type JavaScriptService,
  type RenameCheck,
  type ScriptToken,
} from './javascript/javaScriptService.ts';
import type { LanguageModel, SchemaTarget } from './model.ts';
import { applyProblemSettings, defaultProblemSettings, type ProblemSettings } from './problemSettings.ts';
import { toCodeActions, toDiagnostic, type DocumentProblem } from './problems.ts';
import { expressionAt, queryExpressions, type ExpressionSite } from './queryDef/expressionAt.ts';
import { aliasDefinition } from './queryDef/queryAliases.ts';
import { completeQuery, resolveQueryCompletion } from './queryDef/queryCompletion.ts';
import type { EditorFeatures, QueryContext } from './queryDef/queryContext.ts';
import { queryDefinition } from './queryDef/queryDefinition.ts';
import { checkQuery } from './queryDef/queryDiagnostics.ts';
import { hoverQuery } from './queryDef/queryHover.ts';
import { formatExpressionActions } from './queryDef/formatExpression.ts';
import { expressionInlayHints, type InlayHintOptions } from './queryDef/queryInlayHints.ts';
import { toLspRange } from './queryDef/queryRanges.ts';
import {
  aliasReferences,
  findReferences,
  queryReferenceSource,
  queryReferenceTarget,
  type ReferenceSource,
  type ReferenceTarget,
} from './queryDef/queryReferences.ts';
import { prepareQueryRename, renameQueryAlias } from './queryDef/queryRename.ts';
import { querySignature } from './queryDef/querySignature.ts';
import { describeQueryElement } from './queryDef/querySymbols.ts';
import { expressionTokens, expressionTokenTypes } from './queryDef/queryTokens.ts';
import { runnableQueries, toRunnableQuery, type RunnableQuery } from './queryDef/runnableQuery.ts';
import { documentKind, queryAt, type DocumentRegions } from './regions.ts';
import { checkSchemaSource } from './srcSchema/schemaChecks.ts';
import { checkTaste } from './srcSchema/tasteChecks.ts';
import { completeSchemaSource } from './srcSchema/schemaCompletion.ts';
import { createSchemaContext, type SchemaContext } from './srcSchema/schemaContext.ts';
import { schemaExpressionAt, schemaExpressions } from './srcSchema/schemaExpression.ts';
import { hoverSchemaSource } from './srcSchema/schemaHover.ts';
import { schemaDefinition, schemaSignature } from './srcSchema/schemaNavigation.ts';
import { schemaReferenceSource, schemaReferenceTarget } from './srcSchema/schemaReferences.ts';
import { describeSchemaElement } from './srcSchema/schemaSymbols.ts';
import { xmlFolding, xmlSelection, xmlSymbols } from './xmlStructure.ts';

/** One version of a document, its regions found. */
export interface LanguageDocument {
  document: TextDocument;
  version: number;
  regions: DocumentRegions;
}

/** The types and modifiers of semantic tokens: those of scripts first, then what expressions have besides. */
export const tokenLegend: {
  readonly tokenTypes: readonly string[];
  readonly tokenModifiers: readonly string[];
} = {
  tokenTypes: [...new Set([...semanticTokenLegend.tokenTypes, ...expressionTokenTypes])],
  tokenModifiers: semanticTokenLegend.tokenModifiers,
};

const noItems: CompletionList = { items: [], isIncomplete: false };

/** Does answering at this offset take the JavaScript side? Inside a queryDef literal it does not. */
export function needsScripts({ regions }: LanguageDocument, offset: number): boolean {
  return regions.kind === 'script' && queryAt(regions, offset) === undefined;
}

/** The features of a document as a whole, and at an offset of it; see {@link createLanguageService}. */
export type LanguageService = ReturnType<typeof createLanguageService>;

/** The side an offset belongs to. */
type Side =
  | { kind: 'query'; context: QueryContext }
  | { kind: 'schema'; context: SchemaContext }
  | { kind: 'form'; context: FormContext }
  | { kind: 'script'; scripts: JavaScriptService };

/**
 * The language service: every feature is a function over (model, document, offset) that finds out which language the
 * offset is in and asks the side that knows it. It imports no connection, file or clock, never throws on broken text,
 * and answers empty where the model says nothing.
 * @param scripts the JavaScript side; without it, scripts have only the features of their queryDef literals.
 */
export function createLanguageService(scripts: JavaScriptService | undefined) {
  const schemaOf = (
    model: LanguageModel,
    { document, regions }: LanguageDocument,
  ): SchemaContext | undefined => regions.schema && createSchemaContext(model, document, regions.schema);
  const scriptOf = ({ regions }: LanguageDocument): JavaScriptService | undefined =>
    regions.kind === 'script' ? scripts : undefined;
  const formsOf = (model: LanguageModel, { document, regions }: LanguageDocument): FormContext | undefined =>
    regions.entity && { model, document, xml: regions.entity };
  const queriesOf = (model: LanguageModel, { document, regions }: LanguageDocument): QueryContext[] =>
    regions.queries.map((region) => ({ model, document, region }));

  /** `undefined` for documents of no language of ours. */
  const sideAt = (model: LanguageModel, file: LanguageDocument, offset: number): Side | undefined => {
    const { document, regions } = file;
    const region = queryAt(regions, offset);
    if (region !== undefined) return { kind: 'query', context: { model, document, region } };
    const schema = schemaOf(model, file);
    if (schema !== undefined) return { kind: 'schema', context: schema };
    const forms = formsOf(model, file);
    if (forms !== undefined) return { kind: 'form', context: forms };
    const script = scriptOf(file);
    return script && { kind: 'script', scripts: script };
  };

  /** The expressions of a document, in its order. */
  function* expressionsOf(model: LanguageModel, file: LanguageDocument): Generator<ExpressionSite> {
    const schema = schemaOf(model, file);
    if (schema !== undefined) yield* schemaExpressions(schema);
    const forms = formsOf(model, file);
    if (forms !== undefined) yield* formExpressions(forms);
    for (const context of queriesOf(model, file)) yield* queryExpressions(context);
  }

  const expressionSite = (side: Side, offset: number): ExpressionSite | undefined => {
    switch (side.kind) {
      case 'query':
        return expressionAt(side.context, offset);
      case 'schema':
        return schemaExpressionAt(side.context, offset);
      case 'form':
        return formExpressionAt(side.context, offset);
      case 'script':
        return undefined;
    }
  };

  const referenceTarget = (
    model: LanguageModel,
    { document }: LanguageDocument,
    side: Side,
    offset: number,
  ): ReferenceTarget | undefined => {
    switch (side.kind) {
      case 'query':
        return queryReferenceTarget(side.context, offset);
      case 'schema':
        return schemaReferenceTarget(side.context, offset);
      case 'form':
        return formReferenceTarget(side.context, offset);
      case 'script':
        return side.scripts.referenceTarget(model, document, offset);
    }
  };

  /** What a document gets wrong. */
  const problemsOf = (
    model: LanguageModel,
    file: LanguageDocument,
    { checkTypes }: ProblemSettings,
  ): DocumentProblem[] => {
    const schema = schemaOf(model, file);
    if (schema !== undefined) return [...checkSchemaSource(schema), ...checkTaste(schema)];
    const forms = formsOf(model, file);
    return [
      ...(scriptOf(file)?.problems(model, file.document, checkTypes) ?? []),
      ...queriesOf(model, file).flatMap(checkQuery),
      ...checkWellFormed(file),
      ...checkRawMarkup(file),
      ...(forms === undefined ? [] : checkForms(forms)),
    ];
  };

  /** Those of them a person wants to see, the way they want to see them. */
  const shownProblems = (
    model: LanguageModel,
    file: LanguageDocument,
    settings: ProblemSettings,
  ): DocumentProblem[] =>
    // What is somebody else's document has no problems of ours, those of comments included.
    file.regions.kind === 'other'
      ? []
      : applyProblemSettings(file.document.getText(), problemsOf(model, file, settings), settings);

  return {
    /** @param trigger the character whose typing asks for the completion; absent when the person asks. */
    complete(
      model: LanguageModel,
      file: LanguageDocument,
      offset: number,
      editor: EditorFeatures,
      trigger?: string,
    ): CompletionList {
      const side = sideAt(model, file, offset);
      if (side === undefined || !isAskedBy(side, offset, trigger)) return noItems;
      switch (side.kind) {
        case 'query':
          return completeQuery(side.context, editor, offset);
        case 'schema':
          return completeSchemaSource(side.context, editor, offset);
        case 'form':
          return completeForm(side.context, editor, offset);
        case 'script':
          return side.scripts.completion(model, file.document, offset);
      }
    },

    resolveCompletion(model: LanguageModel, item: CompletionItem): CompletionItem {
      const resolved = resolveQueryCompletion(model, item);
      return resolved !== item || scripts === undefined ? resolved : scripts.resolveCompletion(model, item);
    },

    hover(model: LanguageModel, file: LanguageDocument, offset: number): Hover | undefined {
      const side = sideAt(model, file, offset);
      switch (side?.kind) {
        case 'query':
          return hoverQuery(side.context, offset);
        case 'schema':
          return hoverSchemaSource(side.context, offset);
        case 'form':
          return hoverForm(side.context, offset);
        case 'script':
          return side.scripts.hover(model, file.document, offset);
        case undefined:
          return undefined;
      }
    },

    signatureHelp(model: LanguageModel, file: LanguageDocument, offset: number): SignatureHelp | undefined {
      const side = sideAt(model, file, offset);
      switch (side?.kind) {
        case 'query':
          return querySignature(side.context, offset);
        case 'schema':
          return schemaSignature(side.context, offset);
        case 'form':
          return undefined;
        case 'script':
          return side.scripts.signatureHelp(model, file.document, offset);
        case undefined:
          return undefined;
      }
    },

    definition(model: LanguageModel, file: LanguageDocument, offset: number): DefinitionTarget[] {
      const side = sideAt(model, file, offset);
      switch (side?.kind) {
        case 'query': {
          const alias = aliasDefinition(side.context, offset);
          return alias === undefined
            ? queryDefinition(side.context, offset).map(inModel)
            : [inDocument(file.document, alias)];
        }
        case 'schema': {
          const { own } = side.context;
          // What is being written is where it is written, whatever the instance has under that name.
          return schemaDefinition(side.context, offset).map((target) =>
            target.schemaId === own?.id ? inDocument(file.document, target) : inModel(target),
          );
        }
        case 'form':
          return formDefinition(side.context, offset).map(inModel);
        case 'script':
          return side.scripts.definition(model, file.document, offset);
        case undefined:
          return [];
      }
    },

    /** The schemas that what is at an offset is of; only scripts have variables. */
    typeDefinition(model: LanguageModel, file: LanguageDocument, offset: number): DefinitionTarget[] {
      const side = sideAt(model, file, offset);
      return side?.kind === 'script' ? side.scripts.typeDefinition(model, file.document, offset) : [];
    },

    /** The other uses, in the document, of what is at an offset. */
    highlights(model: LanguageModel, file: LanguageDocument, offset: number): DocumentHighlight[] {
      const side = sideAt(model, file, offset);
      if (side?.kind === 'script') return side.scripts.highlights(model, file.document, offset);
      const tags = this.linkedTags(file, offset);
      if (tags !== undefined) return tags.map((range) => ({ range: toLspRange(file, range) }));
      return this.references(model, file, offset, [])
        .filter(({ uri }) => uri === file.document.uri)
        .map(({ range }) => ({ range }));
    },

    /** The names in both tags of the element whose tag an offset is in. */
    linkedTags(file: LanguageDocument, offset: number): [TextRange, TextRange] | undefined {
      const { document, regions } = file;
      const xml = queryAt(regions, offset)?.xml ?? regions.schema;
      if (xml !== undefined) return linkedTags(document.getText(), xml, offset);
      return scriptOf(file)?.linkedTags(document, offset);
    },

    /**
     * A word every reference to what is at an offset contains: the documents without it need not be read. `undefined`
     * when references are not looked for in other documents.
     */
    referenceWord(model: LanguageModel, file: LanguageDocument, offset: number): string | undefined {
      const side = sideAt(model, file, offset);
      const target = side === undefined ? undefined : referenceTarget(model, file, side, offset);
      if (target !== undefined) {
        return target.kind === 'schema' ? target.schemaId : target.steps.at(-1)?.replace(/^@/, '');
      }
      return side?.kind === 'script' ? side.scripts.sharedName(model, file.document, offset) : undefined;
    },

    /** @param others documents to look for references in, besides the document itself. */
    references(
      model: LanguageModel,
      file: LanguageDocument,
      offset: number,
      others: readonly LanguageDocument[],
    ): Location[] {
      const side = sideAt(model, file, offset);
      if (side === undefined) return [];
      const alias = side.kind === 'query' ? aliasReferences(side.context, offset) : undefined;
      if (alias !== undefined) return alias;
      const target = referenceTarget(model, file, side, offset);
      if (target === undefined) {
        return side.kind === 'script'
          ? side.scripts.references(model, file.document, offset, scriptsOf(others))
          : [];
      }
      const sources = [file, ...others].flatMap((other): ReferenceSource[] => {
        const schema = schemaOf(model, other);
        if (schema !== undefined) return [schemaReferenceSource(schema)];
        const forms = formsOf(model, other);
        return [
          ...queriesOf(model, other).map(queryReferenceSource),
          ...(forms === undefined ? [] : [formReferenceSource(forms)]),
        ];
      });
      const inScripts = scripts?.modelReferences(model, scriptsOf([file, ...others]), target) ?? [];
      return [...findReferences(target, sources), ...inScripts];
    },

    prepareRename(model: LanguageModel, file: LanguageDocument, offset: number): RenameCheck | undefined {
      const side = sideAt(model, file, offset);
      if (side?.kind === 'query') return prepareQueryRename(side.context, offset);
      return side?.kind === 'script' ? side.scripts.prepareRename(model, file.document, offset) : undefined;
    },

    rename(
      model: LanguageModel,
      file: LanguageDocument,
      offset: number,
      newName: string,
      others: readonly LanguageDocument[] = [],
    ): WorkspaceEdit | { refused: string } | undefined {
      const side = sideAt(model, file, offset);
      if (side?.kind === 'query') return renameQueryAlias(side.context, offset, newName);
      if (side?.kind !== 'script') return undefined;
      return side.scripts.rename(model, file.document, offset, newName, scriptsOf(others));
    },

    selectionRange(model: LanguageModel, file: LanguageDocument, offset: number): SelectionRange | undefined {
      const { document } = file;
      const side = sideAt(model, file, offset);
      switch (side?.kind) {
        case 'query': {
          const outer = scriptOf(file)?.selectionRange(document, offset);
          return xmlSelection(
            document,
            side.context.region.xml,
            offset,
            expressionSite(side, offset)?.expression,
            outer,
          );
        }
        case 'schema':
          return xmlSelection(
            document,
            side.context.xml,
            offset,
            expressionSite(side, offset)?.expression,
            undefined,
          );
        case 'form':
          return xmlSelection(
            document,
            side.context.xml,
            offset,
            expressionSite(side, offset)?.expression,
            undefined,
          );
        case 'script':
          return side.scripts.selectionRange(document, offset);
        case undefined:
          return undefined;
      }
    },

    /** In the order of the document; types and modifiers index {@link tokenLegend}. */
    semanticTokens(model: LanguageModel, file: LanguageDocument): ScriptToken[] {
      const text = file.document.getText();
      const own = expressionTokens(text, expressionsOf(model, file)).map(({ start, length, type }) => ({
        start,
        length,
        type: tokenLegend.tokenTypes.indexOf(type),
        modifiers: 0,
      }));
      const script = scriptOf(file)?.semanticTokens(model, file.document) ?? [];
      return [...script, ...own].sort((a, b) => a.start - b.start);
    },

    /** What colours the rest of a script whose grammar takes it for text. */
    syntaxTokens: (file: LanguageDocument): ScriptToken[] =>
      scriptOf(file)?.syntaxTokens(file.document) ?? [],

    inlayHints: (
      model: LanguageModel,
      file: LanguageDocument,
      range: TextRange,
      options?: InlayHintOptions,
    ): InlayHint[] =>
      expressionInlayHints({ model, document: file.document }, expressionsOf(model, file), range, options),

    documentSymbols(file: LanguageDocument): DocumentSymbol[] {
      const { document, regions } = file;
      // In a script the queries are details of the functions they are in; its outline is that of the script.
      const script = scriptOf(file);
      if (script !== undefined) return script.documentSymbols(document);
      if (regions.schema !== undefined) return xmlSymbols(document, regions.schema, describeSchemaElement);
      return regions.queries.flatMap((region) => xmlSymbols(document, region.xml, describeQueryElement));
    },

    foldingRanges(file: LanguageDocument): FoldingRange[] {
      const { document, regions } = file;
      const end = document.getText().length;
      return [
        ...(scriptOf(file)?.foldingRanges(document) ?? []),
        ...(regions.schema === undefined ? [] : xmlFolding(document, regions.schema, { start: 0, end })),
        ...regions.queries.flatMap((region) => xmlFolding(document, region.xml, region)),
      ];
    },

    diagnostics: (
      model: LanguageModel,
      file: LanguageDocument,
      settings = defaultProblemSettings,
    ): Diagnostic[] =>
      shownProblems(model, file, settings).map((problem) =>
        toDiagnostic(file.document, problem, settings.pages),
      ),

    /** Fixes of the problems a range touches, and what can be done with the expression it is in. */
    codeActions(
      model: LanguageModel,
      file: LanguageDocument,
      range: TextRange,
      settings = defaultProblemSettings,
    ): CodeAction[] {
      const { document } = file;
      const side = sideAt(model, file, range.start);
      const site = side && expressionSite(side, range.start);
      const problems = shownProblems(model, file, settings);
      return [
        ...toCodeActions(document, problems, range, settings.pages),
        ...formatExpressionActions({ model, document }, site, range),
        ...ignoreActions(file, problems, range, settings.pages),
      ];
    },

    /**
     * Formats XML documents; a script is somebody else's to format.
     * @param range formats only the lines it touches. Default: the whole document.
     */
    format(
      { document, regions }: LanguageDocument,
      options: FormattingOptions,
      range?: TextRange,
    ): TextEdit[] {
      if (regions.kind !== 'queryDef' && regions.kind !== 'srcSchema') return [];
      const { insertSpaces, tabSize } = options;
      const indent = insertSpaces ? ' '.repeat(tabSize) : '\t';
      return formatXmlEdits(document.getText(), { indent, tabSize }, range).map((edit) => ({
        range: toLspRange({ document }, edit),
        newText: edit.newText,
      }));
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

/** What is typed in the course of any script or text; suggestions that pop up there would be in the way. */
const scriptTriggers: ReadonlySet<string> = new Set(['.', '@', '"', "'", '/', ':']);

function isAskedBy(side: Side, offset: number, trigger: string | undefined): boolean {
  if (trigger === undefined) return true;
  if (side.kind === 'script') return scriptTriggers.has(trigger);
  if (trigger !== ' ') return true;
  const xml = side.kind === 'query' ? side.context.region.xml : side.context.xml;
  return locateXml(xml, offset).kind !== 'content';
}

/** Of the documents those that are scripts, whatever their language is called. */
function scriptsOf(documents: readonly LanguageDocument[]): TextDocument[] {
  return documents.flatMap(({ document }) =>
    documentKind(document.languageId, '') === 'script' ? [document] : [],
  );
}

const inModel = (target: SchemaTarget): DefinitionTarget => ({ kind: 'schema', target });

function inDocument(document: TextDocument, target: TextRange): DefinitionTarget {
  return { kind: 'script', location: { uri: document.uri, range: toLspRange({ document }, target) } };
}

import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, CompletionList, Hover } from 'vscode-languageserver-types';
import type { QueryAtReply } from '../../core/protocol/messages.ts';
import type { LanguageModel } from './model.ts';
import { completeQuery, resolveQueryCompletion } from './queryDef/queryCompletion.ts';
import type { EditorFeatures, QueryContext } from './queryDef/queryContext.ts';
import { hoverQuery } from './queryDef/queryHover.ts';
import { runnableQueries, toRunnableQuery, type RunnableQuery } from './queryDef/runnableQuery.ts';
import { queryAt, type DocumentRegions } from './regions.ts';

/** One version of a document, its regions found. */
export interface LanguageDocument {
  document: TextDocument;
  version: number;
  regions: DocumentRegions;
}

/**
 * Features of queryDef documents and literals, as functions over (model, document, offset). They import no connection,
 * file or clock, never throw on broken text, and answer empty where the model says nothing.
 */
export const queryLanguage = {
  /** Is the offset inside a queryDef, or a piece of one, and not inside one of its `{…}`? */
  covers: ({ regions }: LanguageDocument, offset: number): boolean => queryAt(regions, offset) !== undefined,

  complete(
    model: LanguageModel,
    document: LanguageDocument,
    offset: number,
    editor: EditorFeatures,
  ): CompletionList {
    const context = toContext(model, document, offset);
    return context === undefined
      ? { items: [], isIncomplete: false }
      : completeQuery(context, editor, offset);
  },

  resolveCompletion: (model: LanguageModel, item: CompletionItem): CompletionItem =>
    resolveQueryCompletion(model, item),

  hover(model: LanguageModel, document: LanguageDocument, offset: number): Hover | undefined {
    const context = toContext(model, document, offset);
    return context === undefined ? undefined : hoverQuery(context, offset);
  },

  /** The query around an offset, ready to send; `null` when there is none. */
  queryAt({ document, regions }: LanguageDocument, offset: number): QueryAtReply {
    const region =
      queryAt(regions, offset) ?? regions.queries.find((q) => offset >= q.start && offset <= q.end);
    return region === undefined ? null : toRunnableQuery(document, region, offset);
  },

  /** The queries of a document that can be run as they stand. */
  runnableQueries: ({ document, regions }: LanguageDocument): RunnableQuery[] =>
    regions.queries.flatMap((region) => runnableQueries(document, region)),
} as const;

function toContext(
  model: LanguageModel,
  { document, regions }: LanguageDocument,
  offset: number,
): QueryContext | undefined {
  const region = queryAt(regions, offset);
  return region === undefined ? undefined : { model, document, region };
}

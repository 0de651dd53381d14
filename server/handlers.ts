import {
  ResponseError,
  SemanticTokensBuilder,
  type CodeAction,
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
  type Connection,
  type InlayHint,
  type InlayHintParams,
  type Position,
  type Range,
} from 'vscode-languageserver';
import {
  countRowsCommand,
  describeSchemaRequest,
  indexModelRequest,
  listFolderRequest,
  locateSchemaRequest,
  queryAtRequest,
  runQueryCommand,
  searchModelRequest,
  type DescribeSchemaParams,
  type IndexModelParams,
  type ListFolderResult,
  type LocateSchemaParams,
  type LocateSchemaResult,
  type QueryAtParams,
  type SearchModelParams,
} from '../core/protocol/messages.ts';
import type { TextRange } from '../core/xml/xmlTree.ts';
import { describeSchema } from './language/describeSchema.ts';
import type { LanguageDocument } from './language/languageService.ts';
import { handlerAt, handlerOf, type DocumentParams } from './places.ts';
import { safely } from './requests.ts';
import { createSchemaLocator } from './schemaLocation.ts';
import type { Session } from './session.ts';
import { flattenSymbols } from './symbols.ts';

/** A completion that waits longer is answered with what there is, and asked again at the next key. */
const completionBoundMs = 1_500;
const describeBoundMs = 30_000;

const noCompletion: CompletionList = { items: [], isIncomplete: false };

/** Answers the requests of the editor: each handler finds the document and asks the language service. */
export function registerHandlers(connection: Connection, session: Session): void {
  const { log } = session;

  connection.onCompletion(
    safely(
      log,
      'completion',
      noCompletion,
      async ({ textDocument, position, context }: CompletionParams, token) => {
        const document = session.documents.get(textDocument.uri);
        if (document === undefined) return noCompletion;
        const offset = document.document.offsetAt(position);
        const service = await session.serviceFor(document, offset);
        const { value, missing } = await session.run(
          (view) =>
            service.complete(view, document, offset, session.settings.editor, context?.triggerCharacter),
          token,
          completionBoundMs,
        );
        return missing === undefined ? value : { ...value, isIncomplete: true };
      },
    ),
  );

  connection.onCompletionResolve(async (item: CompletionItem, token) => {
    const resolve = safely(log, 'completion details', item, async () => {
      const service = await session.loadedService();
      return (await session.run((view) => service.resolveCompletion(view, item), token)).value;
    });
    const resolved = await resolve(item, token);
    return resolved instanceof ResponseError ? item : resolved;
  });

  connection.onHover(
    handlerAt(
      session,
      'hover',
      null,
      ({ service, view, document, offset }) => service.hover(view, document, offset) ?? null,
    ),
  );
  connection.onSignatureHelp(
    handlerAt(
      session,
      'signature help',
      null,
      ({ service, view, document, offset }) => service.signatureHelp(view, document, offset) ?? null,
    ),
  );

  connection.onDocumentSymbol(
    handlerOf(session, 'document symbols', [], ({ service, document }) => {
      const symbols = service.documentSymbols(document);
      return session.settings.nestsSymbols ? symbols : flattenSymbols(document.document.uri, symbols);
    }),
  );
  connection.onFoldingRanges(
    handlerOf(session, 'folding', null, ({ service, document }) =>
      isOurs(document) ? service.foldingRanges(document) : null,
    ),
  );
  connection.onSelectionRanges(
    handlerOf(
      session,
      'selection',
      null,
      ({ service, view, document }, { positions }: DocumentParams & { positions: Position[] }) =>
        positions.map(
          (position) =>
            service.selectionRange(view, document, document.document.offsetAt(position)) ?? {
              range: { start: position, end: position },
            },
        ),
    ),
  );
  connection.languages.semanticTokens.on(
    handlerOf(session, 'semantic tokens', null, ({ service, view, document }) => {
      if (!isOurs(document)) return null;
      const builder = new SemanticTokensBuilder();
      for (const token of service.semanticTokens(view, document)) {
        const { line, character } = document.document.positionAt(token.start);
        builder.push(line, character, token.length, token.type, token.modifiers);
      }
      return builder.build();
    }),
  );

  connection.languages.inlayHint.on(async (params, token) => {
    const wanted = await session.hints.current();
    const hints = handlerOf<InlayHintParams, InlayHint[]>(
      session,
      'inlay hints',
      [],
      ({ service, view, document }, { range }) =>
        service.inlayHints(view, document, offsetsOf(document, range), wanted),
    );
    return await hints(params, token);
  });

  connection.onDocumentFormatting(
    safely(log, 'formatting', [], ({ textDocument, options }) => {
      const document = session.documents.get(textDocument.uri);
      return document === undefined ? [] : session.queryService.format(document, options);
    }),
  );
  connection.onDocumentRangeFormatting(
    safely(log, 'range formatting', [], ({ textDocument, options, range }) => {
      const document = session.documents.get(textDocument.uri);
      if (document === undefined) return [];
      return session.queryService.format(document, options, offsetsOf(document, range));
    }),
  );
  connection.onCodeAction(
    safely<DocumentParams & { range: Range }, CodeAction[]>(
      log,
      'code actions',
      [],
      async (params, token) => {
        const document = session.documents.get(params.textDocument.uri);
        if (document === undefined) return [];
        const service = await session.serviceFor(document);
        const settings = await session.problems.current();
        const range = offsetsOf(document, params.range);
        return (await session.run((view) => service.codeActions(view, document, range, settings), token))
          .value;
      },
    ),
  );
  connection.onCodeLens(
    safely<DocumentParams, CodeLens[]>(log, 'code lens', [], ({ textDocument: { uri } }) => {
      const document = session.documents.get(uri);
      const queries = document === undefined ? [] : session.queryService.runnableQueries(document);
      return queries.flatMap(({ range }) => [
        { range, command: { title: 'Run query', command: runQueryCommand, arguments: [uri, range.start] } },
        { range, command: { title: 'Count rows', command: countRowsCommand, arguments: [uri, range.start] } },
      ]);
    }),
  );

  connection.onRequest(
    queryAtRequest,
    safely(log, queryAtRequest, null, ({ textDocument, position }: QueryAtParams) => {
      const document = session.documents.get(textDocument.uri);
      return document === undefined
        ? null
        : session.queryService.queryAt(document, document.document.offsetAt(position));
    }),
  );
  connection.onRequest(
    describeSchemaRequest,
    safely(log, describeSchemaRequest, null, async ({ schemaId, model }: DescribeSchemaParams, token) => {
      const { value } = await session.modelOf(model).run(
        (view) => {
          const schema = view.getSchema(schemaId);
          return schema && describeSchema(schema, view);
        },
        describeBoundMs,
        () => token.isCancellationRequested,
      );
      return value ?? null;
    }),
  );
  connection.onRequest(
    listFolderRequest,
    safely(log, listFolderRequest, null, async (): Promise<ListFolderResult> => {
      if (session.settings.modelFolder === undefined) return null;
      return [...((await session.modelOf({ folder: true }).loadList()) ?? [])];
    }),
  );
  connection.onRequest(
    searchModelRequest,
    safely(log, searchModelRequest, null, (params: SearchModelParams) => session.index.find(params)),
  );
  connection.onRequest(
    locateSchemaRequest,
    safely(
      log,
      locateSchemaRequest,
      null,
      async (params: LocateSchemaParams): Promise<LocateSchemaResult> => {
        const { schemaId, start = 0, end = start, model } = params;
        const text = await session.modelOf(model).loadText(schemaId);
        const location = text && createSchemaLocator(text)({ start, end });
        return location === undefined || location.uri === '' ? null : location;
      },
    ),
  );
  connection.onRequest(
    indexModelRequest,
    safely(log, indexModelRequest, null, (params: IndexModelParams, token) =>
      session.index.read(params, () => token.isCancellationRequested),
    ),
  );
}

/**
 * Of what is not ours nothing is known, which is not the same as having no folds or no colours: an empty answer would
 * keep an editor from asking others.
 */
function isOurs({ regions }: LanguageDocument): boolean {
  return regions.kind !== 'other';
}

function offsetsOf({ document }: LanguageDocument, range: Range): TextRange {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

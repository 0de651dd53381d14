import {
  ErrorCodes,
  ResponseError,
  SemanticTokensBuilder,
  type CancellationToken,
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  type CompletionParams,
  type Connection,
  type Location,
  type Position,
  type Range,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  describeSchemaRequest,
  indexModelRequest,
  locateSchemaRequest,
  queryAtRequest,
  runQueryCommand,
  searchModelRequest,
  type DescribeSchemaParams,
  type IndexModelParams,
  type LocateSchemaParams,
  type LocateSchemaResult,
  type QueryAtParams,
  type SearchModelParams,
} from '../core/protocol/messages.ts';
import { parseDocument } from './documents.ts';
import type { TextRange } from '../core/xml/xmlTree.ts';
import { describeSchema } from './language/describeSchema.ts';
import type { DefinitionTarget } from './language/javascript/javaScriptService.ts';
import type { LanguageDocument, LanguageService } from './language/languageService.ts';
import type { LanguageModel } from './language/model.ts';
import { safely } from './requests.ts';
import { createSchemaLocator } from './schemaLocation.ts';
import type { Session } from './session.ts';
import { flattenSymbols } from './symbols.ts';

/** A completion that waits longer is answered with what there is, and asked again at the next key. */
const completionBoundMs = 1_500;
const describeBoundMs = 30_000;

const noCompletion: CompletionList = { items: [], isIncomplete: false };

interface DocumentParams {
  textDocument: { uri: string };
}

interface PositionParams extends DocumentParams {
  position: Position;
}

/** Where a request is asked, and of whom. */
interface Place {
  service: LanguageService;
  view: LanguageModel;
  document: LanguageDocument;
  offset: number;
}

/** Answers the requests of the editor: each handler finds the document and asks the language service. */
export function registerHandlers(connection: Connection, session: Session): void {
  const { log } = session;

  /** The handler of a request at a position. */
  const at = <Params extends PositionParams, Result>(
    name: string,
    empty: Result,
    ask: (place: Place, params: Params) => Result,
  ) =>
    safely<Params, Result>(log, name, empty, async (params, token) => {
      const document = session.documents.get(params.textDocument.uri);
      if (document === undefined) return empty;
      const offset = document.document.offsetAt(params.position);
      const service = await session.serviceFor(document, offset);
      return (await session.run((view) => ask({ service, view, document, offset }, params), token)).value;
    });

  /** The handler of a request for a document as a whole. */
  const of = <Params extends DocumentParams, Result>(
    name: string,
    empty: Result,
    ask: (place: Omit<Place, 'offset'>, params: Params) => Result,
  ) =>
    safely<Params, Result>(log, name, empty, async (params, token) => {
      const document = session.documents.get(params.textDocument.uri);
      if (document === undefined) return empty;
      const service = await session.serviceFor(document);
      return (await session.run((view) => ask({ service, view, document }, params), token)).value;
    });

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
    at('hover', null, ({ service, view, document, offset }) => service.hover(view, document, offset) ?? null),
  );
  connection.onSignatureHelp(
    at(
      'signature help',
      null,
      ({ service, view, document, offset }) => service.signatureHelp(view, document, offset) ?? null,
    ),
  );

  const findDefinitions = at<PositionParams, DefinitionTarget[]>(
    'definition',
    [],
    ({ service, view, document, offset }) => service.definition(view, document, offset),
  );
  connection.onDefinition(
    safely<PositionParams, Location[]>(log, 'definition', [], async (params, token) => {
      const targets = await findDefinitions(params, token);
      if (targets instanceof ResponseError) return [];
      const locations = await Promise.all(targets.map((target) => toLocation(session, target)));
      return locations.filter((location) => location !== undefined);
    }),
  );

  connection.onReferences(
    safely<PositionParams, Location[]>(log, 'references', [], async ({ textDocument, position }, token) => {
      const document = session.documents.get(textDocument.uri);
      if (document === undefined) return [];
      const offset = document.document.offsetAt(position);
      const service = await session.serviceFor(document, offset);
      const { value: word } = await session.run(
        (view) => service.referenceWord(view, document, offset),
        token,
      );
      const others = word === undefined ? [] : await documentsContaining(session, word, document, token);
      return (await session.run((view) => service.references(view, document, offset, others), token)).value;
    }),
  );
  connection.onPrepareRename(
    at('prepare rename', null, ({ service, view, document, offset }) =>
      orRefusal(service.prepareRename(view, document, offset)),
    ),
  );
  connection.onRenameRequest(
    at(
      'rename',
      null,
      ({ service, view, document, offset }, { newName }: PositionParams & { newName: string }) =>
        orRefusal(service.rename(view, document, offset, newName)),
    ),
  );

  connection.onDocumentSymbol(
    of('document symbols', [], ({ service, document }) => {
      const symbols = service.documentSymbols(document);
      return session.settings.nestsSymbols ? symbols : flattenSymbols(document.document.uri, symbols);
    }),
  );
  connection.onFoldingRanges(of('folding', [], ({ service, document }) => service.foldingRanges(document)));
  connection.onSelectionRanges(
    of(
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
    of('semantic tokens', { data: [] as number[] }, ({ service, view, document }) => {
      const builder = new SemanticTokensBuilder();
      for (const token of service.semanticTokens(view, document)) {
        const { line, character } = document.document.positionAt(token.start);
        builder.push(line, character, token.length, token.type, token.modifiers);
      }
      return builder.build();
    }),
  );

  connection.languages.inlayHint.on(
    of('inlay hints', [], ({ service, view, document }, { range }: DocumentParams & { range: Range }) =>
      service.inlayHints(view, document, offsetsOf(document, range)),
    ),
  );

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
    of('code actions', [], ({ service, view, document }, { range }: DocumentParams & { range: Range }) =>
      service.codeActions(view, document, offsetsOf(document, range)),
    ),
  );
  connection.onCodeLens(
    safely<DocumentParams, CodeLens[]>(log, 'code lens', [], ({ textDocument: { uri } }) => {
      const document = session.documents.get(uri);
      const queries = document === undefined ? [] : session.queryService.runnableQueries(document);
      return queries.map(({ range }) => ({
        range,
        command: { title: 'Run query', command: runQueryCommand, arguments: [uri, range.start] },
      }));
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
    safely(log, describeSchemaRequest, null, async ({ schemaId }: DescribeSchemaParams, token) => {
      const { value } = await session.run((view) => view.getSchema(schemaId), token, describeBoundMs);
      return value ? describeSchema(value) : null;
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
        const { schemaId, start = 0, end = start } = params;
        const location = await toLocation(session, { kind: 'schema', target: { schemaId, start, end } });
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

function offsetsOf({ document }: LanguageDocument, range: Range): TextRange {
  return { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
}

/** The other documents of the workspace that contain a word: as they stand in the editor, or else on disk. */
async function documentsContaining(
  session: Session,
  word: string,
  { document }: LanguageDocument,
  token: CancellationToken,
): Promise<LanguageDocument[]> {
  const open = session.documents.open().filter((other) => other.document.getText().includes(word));
  const openUris = new Set(session.documents.open().map((other) => other.document.uri));
  const files = await session.files.containing(word, () => token.isCancellationRequested);
  const closed = files
    .filter(({ file }) => !openUris.has(file.uri))
    .map(({ file, text }) => parseDocument(TextDocument.create(file.uri, file.languageId, 0, text)));
  return [...open, ...closed].filter((other) => other.document.uri !== document.uri);
}

async function toLocation(session: Session, definition: DefinitionTarget): Promise<Location | undefined> {
  if (definition.kind === 'script') return definition.location;
  const { schemaId, start, end } = definition.target;
  const text = await session.model.loadText(schemaId);
  return text && createSchemaLocator(text)({ start, end });
}

/** A refusal reaches the person as the message of the failed request. */
function orRefusal<T extends object>(answer: T | { refused: string } | undefined): T | ResponseError | null {
  if (answer === undefined) return null;
  return 'refused' in answer ? new ResponseError(ErrorCodes.InvalidRequest, answer.refused) : answer;
}

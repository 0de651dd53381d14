import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  ResponseError,
  SemanticTokensBuilder,
  TextDocuments,
  TextDocumentSyncKind,
  type CancellationToken,
  type CompletionItem,
  type CompletionList,
  type Connection,
  type Diagnostic,
  type InitializeParams,
  type InitializeResult,
  type Location,
  type Position,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  describeSchemaRequest,
  modelChangedNotification,
  queryAtRequest,
  runQueryCommand,
  type DescribeSchemaParams,
  type ModelChangedParams,
  type QueryAtParams,
} from '../core/protocol/messages.ts';
import { createClientModel } from './clientModel.ts';
import { readClientSettings, type ClientSettings } from './clientSettings.ts';
import { DataModel } from './dataModel.ts';
import { createDiagnosticsPublisher, type DiagnosticsPublisher } from './diagnostics.ts';
import { ParsedDocuments } from './documents.ts';
import { describeSchema } from './language/describeSchema.ts';
import {
  createLanguageService,
  needsScripts,
  type LanguageDocument,
  type LanguageService,
} from './language/languageService.ts';
import {
  semanticTokenLegend,
  type DefinitionTarget,
  type JavaScriptService,
} from './language/javascript/javaScriptService.ts';
import type { LanguageModel } from './language/model.ts';
import { createModelFolder } from './modelFolder.ts';
import { safely } from './requests.ts';
import { flattenSymbols } from './symbols.ts';

/** A completion that waits longer is answered with what there is, and asked again at the next key. */
const completionBoundMs = 1_500;
const featureBoundMs = 5_000;
const describeBoundMs = 30_000;

const noCompletion: CompletionList = { items: [], isIncomplete: false };

/** What a server is started with besides its connection. */
export interface ServerOptions {
  /**
   * Loads the JavaScript side, TypeScript included. Called once, when the first script needs it; a load that fails is
   * tried again. Without it, scripts have the features of their queryDef literals only.
   */
  loadScripts?: (host: { snippets: boolean }) => Promise<JavaScriptService>;
}

/** A position of a document, in the parameters of most requests. */
interface PositionParams {
  textDocument: { uri: string };
  position: Position;
}

interface DocumentParams {
  textDocument: { uri: string };
}

/** Serves one editor over a connection until it closes. */
export function startServer(connection: Connection, options: ServerOptions = {}): void {
  const log = (message: string): void => connection.console.error(message);
  const documents = new TextDocuments(TextDocument);
  const parsed = new ParsedDocuments((uri) => documents.get(uri));
  const queriesOnly = createLanguageService(undefined);
  let settings: ClientSettings = readClientSettings({ capabilities: {} });
  let model = new DataModel([], log);
  let publisher: DiagnosticsPublisher | undefined;
  let scripts: Promise<JavaScriptService> | undefined;
  let withScripts: Promise<LanguageService> | undefined;

  const scriptService = (): Promise<LanguageService> => {
    if (options.loadScripts === undefined) return Promise.resolve(queriesOnly);
    withScripts ??= (scripts = options.loadScripts({ snippets: settings.editor.snippets })).then(
      createLanguageService,
    );
    withScripts.catch(() => (withScripts = scripts = undefined));
    return withScripts;
  };
  /** TypeScript is slow to load, so it waits for the first request that only it can answer. */
  const serviceFor = (document: LanguageDocument, offset?: number): Promise<LanguageService> => {
    const needs = offset === undefined ? document.regions.kind === 'script' : needsScripts(document, offset);
    return needs ? scriptService() : Promise.resolve(queriesOnly);
  };

  /** Registers nothing: makes the handler of a request at a position. */
  const atPosition = <Params extends PositionParams, Result>(
    name: string,
    empty: Result,
    ask: (
      service: LanguageService,
      view: LanguageModel,
      document: LanguageDocument,
      offset: number,
      params: Params,
    ) => Result,
  ) =>
    safely<Params, Result>(log, name, empty, async (params, token) => {
      const document = parsed.get(params.textDocument.uri);
      if (document === undefined) return empty;
      const offset = document.document.offsetAt(params.position);
      const service = await serviceFor(document, offset);
      const isCancelled = (): boolean => token.isCancellationRequested;
      const { value } = await model.run(
        (view) => ask(service, view, document, offset, params),
        featureBoundMs,
        isCancelled,
      );
      return value;
    });

  /** The same for a document as a whole. */
  const ofDocument = <Params extends DocumentParams, Result>(
    name: string,
    empty: Result,
    ask: (
      service: LanguageService,
      view: LanguageModel,
      document: LanguageDocument,
      params: Params,
    ) => Result,
  ) =>
    safely<Params, Result>(log, name, empty, async (params, token) => {
      const document = parsed.get(params.textDocument.uri);
      if (document === undefined) return empty;
      const service = await serviceFor(document);
      const isCancelled = (): boolean => token.isCancellationRequested;
      const { value } = await model.run(
        (view) => ask(service, view, document, params),
        featureBoundMs,
        isCancelled,
      );
      return value;
    });

  /** @returns `undefined` when the document is not open. */
  const diagnose = async (uri: string, token?: CancellationToken): Promise<Diagnostic[] | undefined> => {
    const document = parsed.get(uri);
    if (document === undefined) return undefined;
    const service = await serviceFor(document);
    const { value, missing } = await model.run(
      (view) => service.diagnostics(view, document),
      featureBoundMs,
      () => token?.isCancellationRequested === true,
    );
    // Schemas that come late change the answer; then everything is said again.
    void missing?.then(() => publisher?.modelChanged());
    return value;
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    settings = readClientSettings(params);
    const sources = [createClientModel(connection)];
    if (settings.modelFolder !== undefined) sources.push(createModelFolder(settings.modelFolder));
    model = new DataModel(sources, log);
    const openUris = (): string[] => documents.keys();
    publisher = createDiagnosticsPublisher(connection, settings, openUris, diagnose, log);
    model.onDidChange(() => publisher?.modelChanged());
    return {
      serverInfo: { name: 'Campaign Developer Tools' },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: {
          triggerCharacters: ['<', '"', "'", '@', '/', '[', ':', '.', '(', ' '],
          resolveProvider: true,
        },
        hoverProvider: true,
        signatureHelpProvider: { triggerCharacters: ['(', ','] },
        definitionProvider: true,
        documentSymbolProvider: true,
        foldingRangeProvider: true,
        selectionRangeProvider: true,
        documentFormattingProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
        codeLensProvider: {},
        ...(settings.pullsDiagnostics && {
          diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false },
        }),
        ...(options.loadScripts !== undefined && {
          referencesProvider: true,
          renameProvider: settings.preparesRename ? { prepareProvider: true } : true,
          semanticTokensProvider: {
            legend: {
              tokenTypes: [...semanticTokenLegend.tokenTypes],
              tokenModifiers: [...semanticTokenLegend.tokenModifiers],
            },
            full: true,
          },
        }),
      },
    };
  });

  connection.onInitialized(() => {
    if (settings.modelFolderGlob === undefined) return;
    const watchers = [{ globPattern: settings.modelFolderGlob }];
    connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers })
      .catch((error: unknown) => log(`The model folder is not watched: ${String(error)}`));
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => settings.isInModelFolder(uri))) model.changed();
  });
  connection.onNotification(modelChangedNotification, (params: ModelChangedParams | undefined) =>
    model.changed(params?.schemaIds),
  );

  documents.onDidOpen(({ document }) => {
    // Warm up while the person is still reading.
    if (parsed.get(document.uri)?.regions.kind === 'script') {
      scriptService().catch((error: unknown) => log(`The JavaScript service did not load: ${String(error)}`));
    }
  });
  documents.onDidChangeContent(({ document }) => publisher?.documentChanged(document.uri));
  documents.onDidClose(({ document }) => {
    parsed.close(document.uri);
    publisher?.documentClosed(document.uri);
    scripts?.then((service) => service.close(document.uri)).catch(() => undefined);
  });

  connection.onCompletion(
    safely(log, 'completion', noCompletion, async ({ textDocument, position }: PositionParams, token) => {
      const document = parsed.get(textDocument.uri);
      if (document === undefined) return noCompletion;
      const offset = document.document.offsetAt(position);
      const service = await serviceFor(document, offset);
      const { value, missing } = await model.run(
        (view) => service.complete(view, document, offset, settings.editor),
        completionBoundMs,
        () => token.isCancellationRequested,
      );
      return missing === undefined ? value : { ...value, isIncomplete: true };
    }),
  );

  connection.onCompletionResolve(async (item: CompletionItem, token): Promise<CompletionItem> => {
    const resolve = safely(log, 'completion details', item, async () => {
      const service = (await withScripts?.catch(() => undefined)) ?? queriesOnly;
      return (await model.run((view) => service.resolveCompletion(view, item))).value;
    });
    const resolved = await resolve(item, token);
    return resolved instanceof ResponseError ? item : resolved;
  });

  connection.onHover(
    atPosition(
      'hover',
      null,
      (service, view, document, offset) => service.hover(view, document, offset) ?? null,
    ),
  );

  connection.onSignatureHelp(
    atPosition(
      'signature help',
      null,
      (service, view, document, offset) => service.signatureHelp(view, document, offset) ?? null,
    ),
  );

  const findDefinitions = atPosition<PositionParams, DefinitionTarget[]>(
    'definition',
    [],
    (service, view, document, offset) => service.definition(view, document, offset),
  );
  connection.onDefinition(
    safely<PositionParams, Location[]>(log, 'definition', [], async (params, token) => {
      const targets = await findDefinitions(params, token);
      if (targets instanceof ResponseError) return [];
      const locations = await Promise.all(targets.map((target) => toLocation(target)));
      return locations.filter((location) => location !== undefined);
    }),
  );

  const toLocation = async (definition: DefinitionTarget): Promise<Location | undefined> => {
    if (definition.kind === 'script') return definition.location;
    const { schemaId, start, end } = definition.target;
    const text = await model.loadText(schemaId);
    if (text === undefined) return undefined;
    const document = TextDocument.create(text.uri, 'xml', 0, text.xml);
    return {
      uri: text.uri,
      range: { start: document.positionAt(start), end: document.positionAt(end) },
    };
  };

  connection.onReferences(
    atPosition<PositionParams, Location[]>('references', [], (service, view, document, offset) =>
      service.references(view, document, offset),
    ),
  );

  connection.onPrepareRename(
    atPosition('prepare rename', null, (service, view, document, offset) => {
      const check = service.prepareRename(view, document, offset);
      return check === undefined ? null : orRefusal(check);
    }),
  );

  connection.onRenameRequest(
    atPosition(
      'rename',
      null,
      (service, view, document, offset, { newName }: PositionParams & { newName: string }) => {
        const edit = service.rename(view, document, offset, newName);
        return edit === undefined ? null : orRefusal(edit);
      },
    ),
  );

  connection.onDocumentSymbol(
    ofDocument('document symbols', [], (service, view, document) => {
      const symbols = service.documentSymbols(view, document);
      return settings.nestsSymbols ? symbols : flattenSymbols(document.document.uri, symbols);
    }),
  );

  connection.onFoldingRanges(
    ofDocument('folding', [], (service, view, document) => service.foldingRanges(view, document)),
  );

  connection.onSelectionRanges(
    ofDocument(
      'selection',
      null,
      (service, _view, document, { positions }: DocumentParams & { positions: Position[] }) =>
        positions.map(
          (position) =>
            service.selectionRange(document, document.document.offsetAt(position)) ?? {
              range: { start: position, end: position },
            },
        ),
    ),
  );

  connection.onDocumentFormatting(
    safely(log, 'formatting', [], ({ textDocument, options: formatting }) => {
      const document = parsed.get(textDocument.uri);
      return document === undefined ? [] : queriesOnly.format(document, formatting);
    }),
  );

  connection.onCodeAction(
    ofDocument(
      'code actions',
      [],
      (service, view, document, { range }: DocumentParams & { range: Diagnostic['range'] }) =>
        service.codeActions(view, document, {
          start: document.document.offsetAt(range.start),
          end: document.document.offsetAt(range.end),
        }),
    ),
  );

  connection.onCodeLens(
    safely(log, 'code lens', [], ({ textDocument }: DocumentParams) => {
      const document = parsed.get(textDocument.uri);
      if (document === undefined) return [];
      return queriesOnly.runnableQueries(document).map(({ range }) => ({
        range,
        command: {
          title: 'Run query',
          command: runQueryCommand,
          arguments: [textDocument.uri, range.start],
        },
      }));
    }),
  );

  connection.languages.semanticTokens.on(
    ofDocument('semantic tokens', { data: [] as number[] }, (service, view, document) => {
      const builder = new SemanticTokensBuilder();
      for (const token of service.semanticTokens(view, document)) {
        const { line, character } = document.document.positionAt(token.start);
        builder.push(line, character, token.length, token.type, token.modifiers);
      }
      return builder.build();
    }),
  );

  connection.languages.diagnostics.on(
    safely(
      log,
      'diagnostics',
      { kind: 'full' as const, items: [] as Diagnostic[] },
      async (params, token) => ({
        kind: 'full' as const,
        items: (await diagnose(params.textDocument.uri, token)) ?? [],
      }),
    ),
  );

  connection.onRequest(
    queryAtRequest,
    safely(log, queryAtRequest, null, ({ textDocument, position }: QueryAtParams) => {
      const document = parsed.get(textDocument.uri);
      return document === undefined
        ? null
        : queriesOnly.queryAt(document, document.document.offsetAt(position));
    }),
  );

  connection.onRequest(
    describeSchemaRequest,
    safely(log, describeSchemaRequest, null, async ({ schemaId }: DescribeSchemaParams) => {
      const { value } = await model.run((view) => view.getSchema(schemaId), describeBoundMs);
      return value ? describeSchema(value) : null;
    }),
  );

  documents.listen(connection);
  connection.listen();
}

/** A refusal reaches the person as the message of the failed request. */
function orRefusal<T extends object>(answer: T | { refused: string }): T | ResponseError {
  return 'refused' in answer ? new ResponseError(ErrorCodes.InvalidRequest, answer.refused) : answer;
}

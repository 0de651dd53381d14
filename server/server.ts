import {
  DidChangeWatchedFilesNotification,
  TextDocuments,
  TextDocumentSyncKind,
  type CodeLens,
  type CompletionItem,
  type CompletionList,
  type Connection,
  type Hover,
  type InitializeParams,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  describeSchemaRequest,
  modelChangedNotification,
  queryAtRequest,
  runQueryCommand,
  type DescribeSchemaParams,
  type DescribeSchemaResult,
  type ModelChangedParams,
  type QueryAtParams,
  type QueryAtReply,
} from '../core/protocol/messages.ts';
import { createClientModel } from './clientModel.ts';
import { DataModel } from './dataModel.ts';
import { ParsedDocuments } from './documents.ts';
import { describeSchema } from './language/describeSchema.ts';
import { queryLanguage, type LanguageDocument } from './language/languageService.ts';
import { createModelFolder } from './modelFolder.ts';
import { safely } from './requests.ts';
import { readClientSettings, type ClientSettings } from './clientSettings.ts';

/** A completion that waits longer is answered with what there is, and asked again at the next key. */
const completionBoundMs = 1_500;
const describeBoundMs = 30_000;

const noCompletion: CompletionList = { items: [], isIncomplete: false };

/** Serves one editor over a connection until it closes. */
export function startServer(connection: Connection): void {
  const log = (message: string): void => connection.console.error(message);
  const documents = new TextDocuments(TextDocument);
  const parsed = new ParsedDocuments((uri) => documents.get(uri));
  let settings: ClientSettings = readClientSettings({ capabilities: {} });
  let model = new DataModel([], log);

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    settings = readClientSettings(params);
    const sources = [createClientModel(connection)];
    if (settings.modelFolder !== undefined) sources.push(createModelFolder(settings.modelFolder));
    model = new DataModel(sources, log);
    return {
      serverInfo: { name: 'Campaign Developer Tools' },
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        completionProvider: {
          triggerCharacters: ['<', '"', "'", '@', '/', '[', ':', '.', '(', ' '],
          resolveProvider: true,
        },
        hoverProvider: true,
        codeLensProvider: {},
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
  documents.onDidClose(({ document }) => parsed.close(document.uri));

  const at = (
    uri: string,
    position: { line: number; character: number },
  ): { document: LanguageDocument; offset: number } | undefined => {
    const document = parsed.get(uri);
    return document && { document, offset: document.document.offsetAt(position) };
  };

  connection.onCompletion(
    safely(log, 'completion', noCompletion, async ({ textDocument, position }, token) => {
      const place = at(textDocument.uri, position);
      if (place === undefined) return noCompletion;
      const { value, missing } = await model.run(
        (view) => queryLanguage.complete(view, place.document, place.offset, settings.editor),
        completionBoundMs,
        () => token.isCancellationRequested,
      );
      return missing === undefined ? value : { ...value, isIncomplete: true };
    }),
  );

  connection.onCompletionResolve(async (item: CompletionItem): Promise<CompletionItem> => {
    try {
      return (await model.run((view) => queryLanguage.resolveCompletion(view, item))).value;
    } catch (error) {
      log(`completion details failed: ${String(error)}`);
      return item;
    }
  });

  connection.onHover(
    safely<{ textDocument: { uri: string }; position: { line: number; character: number } }, Hover | null>(
      log,
      'hover',
      null,
      async ({ textDocument, position }) => {
        const place = at(textDocument.uri, position);
        if (place === undefined) return null;
        const { value } = await model.run((view) => queryLanguage.hover(view, place.document, place.offset));
        return value ?? null;
      },
    ),
  );

  connection.onCodeLens(
    safely<{ textDocument: { uri: string } }, CodeLens[]>(log, 'code lens', [], ({ textDocument }) => {
      const document = parsed.get(textDocument.uri);
      if (document === undefined) return [];
      return queryLanguage.runnableQueries(document).map(({ range }) => ({
        range,
        command: {
          title: 'Run query',
          command: runQueryCommand,
          arguments: [textDocument.uri, range.start],
        },
      }));
    }),
  );

  connection.onRequest(
    queryAtRequest,
    safely<QueryAtParams, QueryAtReply>(log, queryAtRequest, null, ({ textDocument, position }) => {
      const place = at(textDocument.uri, position);
      return place === undefined ? null : queryLanguage.queryAt(place.document, place.offset);
    }),
  );

  connection.onRequest(
    describeSchemaRequest,
    safely<DescribeSchemaParams, DescribeSchemaResult>(
      log,
      describeSchemaRequest,
      null,
      async ({ schemaId }) => {
        const { value } = await model.run((view) => view.getSchema(schemaId), describeBoundMs);
        return value ? describeSchema(value) : null;
      },
    ),
  );

  documents.listen(connection);
  connection.listen();
}

import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  FileChangeType,
  TextDocuments,
  TextDocumentSyncKind,
  WatchKind,
  type Connection,
  type FileSystemWatcher,
  type ServerCapabilities,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { modelChangedNotification, type ModelChangedParams } from '../core/protocol/messages.ts';
import { createDiagnosticsPublisher, type DiagnosticsPublisher } from './diagnostics.ts';
import { ParsedDocuments } from './documents.ts';
import { FormattingRegistrations } from './formatting.ts';
import { registerHandlers } from './handlers.ts';
import { asksScripts } from './language/embedded/embeddedService.ts';
import { tokenLegend } from './language/languageService.ts';
import { registerNavigation } from './navigation.ts';
import { safely } from './requests.ts';
import { Session, type ServerOptions } from './session.ts';
import { registerWorkspaceSymbols } from './workspaceSymbols.ts';

export type { ServerOptions } from './session.ts';

/** Serves one editor over a connection until it closes. */
export function startServer(connection: Connection, options: ServerOptions = {}): void {
  const documents = new TextDocuments(TextDocument);
  const session = new Session(connection, new ParsedDocuments(documents), options);
  const formatting = new FormattingRegistrations(connection, session.log);
  let publisher: DiagnosticsPublisher | undefined;
  const sayAgain = (): void => publisher?.modelChanged();

  connection.onInitialize((params) => {
    session.initialize(params);
    session.model.onDidChange(sayAgain);
    publisher = createDiagnosticsPublisher(
      connection,
      session.settings,
      () => documents.keys(),
      (uri) => session.diagnose(uri, sayAgain),
      session.log,
    );
    return { serverInfo: { name: 'Campaign Developer Tools' }, capabilities: capabilitiesOf(session) };
  });

  connection.onInitialized(() => {
    session.problems.initialized();
    session.hints.initialized();
    if (session.settings.registersFormatting) formatting.start();
    const { modelFolderGlob, watchesFiles } = session.settings;
    if (!watchesFiles) return;
    const watchers: FileSystemWatcher[] = [
      { globPattern: '**/*.{js,jssp,jst,xml}', kind: WatchKind.Create | WatchKind.Delete },
    ];
    if (modelFolderGlob !== undefined) watchers.push({ globPattern: modelFolderGlob });
    connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers })
      .catch((error: unknown) => session.log(`Files are not watched: ${String(error)}`));
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    session.problems.changed(settings);
    session.hintsChanged(settings);
    sayAgain();
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ type }) => type !== FileChangeType.Changed)) session.files.changed();
    if (changes.some(({ uri }) => session.settings.isInModelFolder(uri))) session.modelFolderChanged();
  });
  connection.onNotification(modelChangedNotification, (params: ModelChangedParams | undefined) =>
    session.modelChanged(params ?? {}),
  );

  documents.onDidOpen(({ document }) => {
    // The person is still reading when the service has loaded.
    const opened = session.documents.get(document.uri);
    if (opened === undefined) return;
    if (asksScripts(opened)) session.warmUp();
    if (session.settings.registersFormatting) formatting.opened(opened);
  });
  documents.onDidChangeContent(({ document }) => publisher?.documentChanged(document.uri));
  documents.onDidClose(({ document }) => {
    session.closeDocument(document.uri);
    formatting.closed(document.uri);
    publisher?.documentClosed(document.uri);
  });

  connection.onShutdown(() => publisher?.dispose());

  connection.languages.diagnostics.on(
    safely(session.log, 'diagnostics', { kind: 'full', items: [] }, async ({ textDocument }, token) => ({
      kind: 'full',
      items: (await session.diagnose(textDocument.uri, sayAgain, token)) ?? [],
    })),
  );
  registerHandlers(connection, session);
  registerNavigation(connection, session);
  registerWorkspaceSymbols(connection, session);
  documents.listen(connection);
  connection.listen();
}

function capabilitiesOf({ settings }: Session): ServerCapabilities {
  const { tokenTypes, tokenModifiers } = tokenLegend;
  return {
    textDocumentSync: TextDocumentSyncKind.Incremental,
    completionProvider: {
      triggerCharacters: ['<', '"', "'", '@', '/', '[', ':', '.', '(', ' '],
      resolveProvider: true,
    },
    hoverProvider: true,
    signatureHelpProvider: { triggerCharacters: ['(', ','] },
    definitionProvider: true,
    typeDefinitionProvider: true,
    documentHighlightProvider: true,
    linkedEditingRangeProvider: true,
    documentSymbolProvider: true,
    workspaceSymbolProvider: settings.resolvesSymbols ? { resolveProvider: true } : true,
    foldingRangeProvider: true,
    selectionRangeProvider: true,
    documentFormattingProvider: !settings.registersFormatting,
    documentRangeFormattingProvider: !settings.registersFormatting,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite] },
    codeLensProvider: {},
    ...(settings.pullsDiagnostics && {
      diagnosticProvider: { interFileDependencies: true, workspaceDiagnostics: false },
    }),
    referencesProvider: true,
    renameProvider: settings.preparesRename ? { prepareProvider: true } : true,
    semanticTokensProvider: {
      legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
      full: true,
    },
    inlayHintProvider: true,
  };
}

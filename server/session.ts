import type { CancellationToken, Connection, Diagnostic, InitializeParams } from 'vscode-languageserver';
import type { ModelChangedParams, ModelChoice } from '../core/protocol/messages.ts';
import { createClientModel } from './clientModel.ts';
import { readClientSettings, type ClientSettings } from './clientSettings.ts';
import { DataModel, type ModelRun } from './dataModel.ts';
import type { ParsedDocuments } from './documents.ts';
import type {
  JavaScriptHost,
  JavaScriptService,
  ScriptLibrary,
} from './language/javascript/javaScriptService.ts';
import { asksScripts, withEmbeddedDocuments } from './language/embedded/embeddedService.ts';
import { withTemporarySchemas } from './language/javascript/temporarySchemas.ts';
import {
  createLanguageService,
  type LanguageDocument,
  type LanguageService,
} from './language/languageService.ts';
import type { LanguageModel } from './language/model.ts';
import { createModelFolder } from './modelFolder.ts';
import { ModelIndex } from './modelIndex.ts';
import { createHintConfiguration } from './hintConfiguration.ts';
import type { ProblemSettings } from './language/problemSettings.ts';
import type { InlayHintOptions } from './language/queryDef/queryInlayHints.ts';
import { createProblemConfiguration } from './problemConfiguration.ts';
import type { WatchedSettings } from './watchedSettings.ts';
import type { ReadNames } from './scriptSymbols.ts';
import { WorkspaceFiles } from './workspaceFiles.ts';

/** What a server is started with besides its connection. */
export interface ServerOptions {
  /**
   * Loads the JavaScript side, TypeScript included. Called once, when the first script needs it; a load that fails is
   * tried again. Without it, scripts have the features of their queryDef literals only.
   */
  loadScripts?: (host: Omit<JavaScriptHost, 'typescript'>) => Promise<JavaScriptService>;
  /** Address of the pages about problem codes, ending in `/`; absent when they did not come with the server. */
  problemPages?: string | undefined;
}

/** Longest wait of a request for schemas; then what is known is answered. */
const featureBoundMs = 5_000;

/** What lasts as long as the connection: the settings of the client, the model, the language service. */
export class Session {
  readonly log: (message: string) => void;
  readonly documents: ParsedDocuments;
  settings: ClientSettings = readClientSettings({ capabilities: {} });
  model: DataModel;
  index: ModelIndex;
  files = new WorkspaceFiles([]);
  problems: WatchedSettings<ProblemSettings>;
  hints: WatchedSettings<InlayHintOptions>;
  /** Models that are looked at without being the active one, by connection; `''` for the folder. */
  private readonly otherModels = new Map<string, DataModel>();
  private readonly connection: Connection;
  private readonly options: ServerOptions;
  private readonly queries = withEmbeddedDocuments(withTemporarySchemas(createLanguageService(undefined)));
  private scripts: Promise<JavaScriptService> | undefined;
  private withScripts: Promise<LanguageService> | undefined;
  /** Requests being answered, and what waits until there are none. */
  private answering = 0;
  private idle: (() => void)[] = [];

  constructor(connection: Connection, documents: ParsedDocuments, options: ServerOptions) {
    this.connection = connection;
    this.documents = documents;
    this.options = options;
    this.log = (message) => {
      try {
        connection.console.error(message);
      } catch {
        // The editor has gone; nobody reads the log any more.
      }
    };
    this.model = new DataModel([], this.log);
    this.index = new ModelIndex(this.model, this.log);
    this.problems = createProblemConfiguration(connection, { capabilities: {} }, undefined, this.log);
    this.hints = createHintConfiguration(connection, { capabilities: {} }, this.log);
  }

  /** The client has said who it is. */
  initialize(params: InitializeParams): void {
    this.settings = readClientSettings(params);
    const { problemPages } = this.options;
    this.problems = createProblemConfiguration(this.connection, params, problemPages, this.log);
    this.hints = createHintConfiguration(this.connection, params, this.log);
    const sources = [createClientModel(this.connection)];
    const { modelFolder } = this.settings;
    if (modelFolder !== undefined) sources.push(createModelFolder(modelFolder, this.log));
    this.model = new DataModel(sources, this.log);
    this.index = new ModelIndex(this.model, this.log);
    this.files = new WorkspaceFiles(this.settings.workspaceFolders);
  }

  /** The model a question is about. */
  modelOf(choice: ModelChoice | undefined): DataModel {
    if (choice === undefined) return this.model;
    const key = 'folder' in choice ? '' : choice.connectionId;
    let model = this.otherModels.get(key);
    if (model === undefined) {
      const { modelFolder } = this.settings;
      const source =
        key !== ''
          ? createClientModel(this.connection, key)
          : modelFolder === undefined
            ? undefined
            : createModelFolder(modelFolder, this.log);
      model = new DataModel(source === undefined ? [] : [source], this.log);
      this.otherModels.set(key, model);
    }
    return model;
  }

  /** The settings have changed: editors that can be told ask again for the hints they show. */
  hintsChanged(settings: unknown): void {
    this.hints.changed(settings);
    if (!this.settings.refreshesHints) return;
    this.connection.languages.inlayHint
      .refresh()
      .catch((error: unknown) => this.log(`Hints are not shown again: ${String(error)}`));
  }

  /** Schemas changed; see `campaign/modelChanged`. */
  modelChanged({ schemaIds, connectionId }: ModelChangedParams): void {
    if (connectionId !== undefined) this.otherModels.get(connectionId)?.changed(schemaIds);
    else {
      // Another connection is active, or all may have changed: what was known of the others may no longer hold, either.
      if (schemaIds === undefined) this.otherModels.clear();
      this.model.changed(schemaIds);
    }
  }

  /** Files of the folder of schema files changed. */
  modelFolderChanged(): void {
    this.otherModels.get('')?.changed();
    this.model.changed();
  }

  /** The service for what takes no JavaScript side. */
  get queryService(): LanguageService {
    return this.queries;
  }

  /**
   * The service for a document, or for an offset of it. TypeScript is slow to load, so it waits for the first request
   * that only it can answer.
   */
  serviceFor(document: LanguageDocument, offset?: number): Promise<LanguageService> {
    return asksScripts(document, offset) ? this.scriptService() : Promise.resolve(this.queries);
  }

  /** The fullest service that is loaded already. */
  async loadedService(): Promise<LanguageService> {
    return (await this.withScripts?.catch(() => undefined)) ?? this.queries;
  }

  /** Reads the names scripts declare; `undefined` when there is no JavaScript side. */
  async nameReader(): Promise<ReadNames | undefined> {
    await this.scriptService();
    const scripts = await this.scripts;
    return scripts?.declaredNames.bind(scripts);
  }

  /** Loads the JavaScript side and the list of schemas ahead of the first request, and lists the libraries scripts may load. */
  warmUp(): void {
    void this.model.loadList();
    void this.files.list();
    this.scriptService().catch((error: unknown) =>
      this.log(
        `The JavaScript service did not load: ${error instanceof Error ? error.message : String(error)}`,
      ),
    );
  }

  closeDocument(uri: string): void {
    const inside = this.documents.close(uri)?.regions.embedded ?? [];
    const uris = [uri, ...inside.map(({ file }) => file.document.uri)];
    this.scripts?.then((service) => uris.forEach((each) => service.close(each))).catch(() => undefined);
  }

  /** Runs a feature that somebody waits for over the model; see {@link DataModel.run}. */
  async run<T>(
    feature: (view: LanguageModel) => T,
    token?: CancellationToken,
    boundMs = featureBoundMs,
  ): Promise<ModelRun<T>> {
    this.answering++;
    try {
      return await this.runInTurn(feature, token, boundMs);
    } finally {
      if (--this.answering === 0) for (const resume of this.idle.splice(0)) resume();
    }
  }

  /**
   * The diagnostics of a document; `undefined` when it is not open. They take longest and nobody types against them:
   * they wait until what was asked meanwhile is answered.
   * @param onLate called when schemas arrive after all, which may change the answer.
   */
  async diagnose(
    uri: string,
    onLate: () => void,
    token?: CancellationToken,
  ): Promise<Diagnostic[] | undefined> {
    const document = this.documents.get(uri);
    if (document === undefined) return undefined;
    const service = await this.serviceFor(document);
    const settings = await this.problems.current();
    while (this.answering > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
    if (token?.isCancellationRequested === true) return undefined;
    const { value, missing } = await this.runInTurn(
      (view) => service.diagnostics(view, document, settings),
      token,
      featureBoundMs,
    );
    void missing?.then(onLate);
    return value;
  }

  private runInTurn<T>(
    feature: (view: LanguageModel) => T,
    token: CancellationToken | undefined,
    boundMs: number,
  ): Promise<ModelRun<T>> {
    return this.model.run(feature, boundMs, () => token?.isCancellationRequested === true);
  }

  /** A library as it stands in the editor, or on disk. */
  private findLibrary(name: string, fromUri: string): ScriptLibrary | undefined {
    const library = this.files.library(name, fromUri);
    const open = library && this.documents.get(library.uri)?.document;
    return open === undefined
      ? library
      : { uri: open.uri, version: `open ${open.version}`, text: open.getText() };
  }

  private scriptService(): Promise<LanguageService> {
    const { loadScripts } = this.options;
    if (loadScripts === undefined) return Promise.resolve(this.queries);
    if (this.withScripts === undefined) {
      this.scripts = loadScripts({
        snippets: this.settings.editor.snippets,
        findLibrary: (name, fromUri) => this.findLibrary(name, fromUri),
      });
      this.withScripts = this.scripts.then((scripts) =>
        withEmbeddedDocuments(withTemporarySchemas(createLanguageService(scripts))),
      );
      this.withScripts.catch(() => (this.withScripts = this.scripts = undefined));
    }
    return this.withScripts;
  }
}

import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { ClientCapabilities, GlobPattern } from 'vscode-languageserver';
import type { EditorFeatures } from './language/queryDef/queryContext.ts';

/** What the server takes from the `initialize` request. */
export interface ClientSettings {
  editor: EditorFeatures;
  /** Folder of schema files, as a path. */
  modelFolder: string | undefined;
  /** What to watch for changes of that folder; absent when the client cannot watch. */
  modelFolderGlob: GlobPattern | undefined;
  /** Is the file at this address in the model folder? */
  isInModelFolder: (uri: string) => boolean;
  /** The client asks for diagnostics itself. */
  pullsDiagnostics: boolean;
  /** The client can be told to ask again. */
  refreshesDiagnostics: boolean;
  refreshesHints: boolean;
  /** The client can be told file by file what is formatted here. */
  registersFormatting: boolean;
  /** The client asks first whether a name can be changed. */
  preparesRename: boolean;
  /** Outlines may have levels. */
  nestsSymbols: boolean;
  /** The client asks for the place of a symbol it shows. */
  resolvesSymbols: boolean;
  /** Addresses of the workspace folders. */
  workspaceFolders: readonly string[];
  /** The client can say when files come and go. */
  watchesFiles: boolean;
}

/** Our `initializationOptions`; all optional, so that any LSP client can start the server. */
interface InitializationOptions {
  /** Folder whose `*.xml` are the data model when the client has none: a path or a `file:` address. */
  modelFolder?: unknown;
  /** Command of the editor that opens the suggestions again after an insertion, e.g. after `expr=""`. */
  suggestCommand?: unknown;
}

/** Reads what a client can do and asks for; options of the wrong type count as absent. */
export function readClientSettings(params: {
  capabilities: ClientCapabilities;
  initializationOptions?: unknown;
  workspaceFolders?: readonly { uri: string }[] | null;
  rootUri?: string | null;
}): ClientSettings {
  const { textDocument, workspace } = params.capabilities;
  const options = (params.initializationOptions ?? {}) as InitializationOptions;
  const modelFolder = toPath(options.modelFolder);
  const watched = workspace?.didChangeWatchedFiles;
  return {
    editor: {
      snippets: textDocument?.completion?.completionItem?.snippetSupport === true,
      ...(typeof options.suggestCommand === 'string' && { suggestCommand: options.suggestCommand }),
    },
    modelFolder,
    modelFolderGlob:
      modelFolder === undefined || watched?.dynamicRegistration !== true
        ? undefined
        : toGlob(modelFolder, watched.relativePatternSupport === true),
    isInModelFolder: (uri) =>
      modelFolder !== undefined && uri.startsWith(`${pathToFileURL(modelFolder).href}/`),
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    refreshesDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    registersFormatting:
      textDocument?.formatting?.dynamicRegistration === true &&
      textDocument.rangeFormatting?.dynamicRegistration === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    nestsSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    resolvesSymbols: workspace?.symbol?.resolveSupport?.properties.includes('location.range') === true,
    workspaceFolders:
      params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []),
    watchesFiles: watched?.dynamicRegistration === true,
  };
}

function toPath(folder: unknown): string | undefined {
  if (typeof folder !== 'string' || folder === '') return undefined;
  return resolve(folder.startsWith('file:') ? fileURLToPath(folder) : folder);
}

/** Clients without relative patterns watch every XML file of the workspace. */
function toGlob(folder: string, isRelative: boolean): GlobPattern {
  return isRelative ? { baseUri: pathToFileURL(folder).href, pattern: '**/*.xml' } : '**/*.xml';
}

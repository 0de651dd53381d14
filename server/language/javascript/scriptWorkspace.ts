import type * as ts from 'typescript';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Schema } from '../../../core/schema/schema.ts';
import { runtimeDeclarations } from '../api/declarations.ts';
import type { ScriptContext } from '../api/jsApi.ts';
import { modelTypings } from '../api/modelTypings.ts';
import { schemaTypings, type SchemaTypings, type TypingAnchor, type Typings } from '../api/schemaTypings.ts';
import { emptyModel, type LanguageModel } from '../model.ts';
import type { JavaScriptHost, ScriptLibrary, TypeScript } from './javaScriptService.ts';
import { literalTypings, schemasOfLiterals } from './literalTypings.ts';
import { loadedLibraries } from './loadedLibraries.ts';
import { ProjectCache } from './projectCache.ts';
import { remoteLibrary } from './remoteLibrary.ts';
import type { MaskedScript } from './maskedScript.ts';
import { scriptContext } from './scriptContext.ts';
import { maskDocument } from './scriptDocument.ts';
import type { ScriptModel } from './temporarySchemas.ts';
import { TextSnapshot } from './textSnapshot.ts';
import { schemaNames, wantedSchemas, wordsOf, type SchemaNames } from './wantedSchemas.ts';

const mostLibraries = 40;

/** Text behind the end moves nothing, and makes the script a scope of its own: two scripts may both have a `query`. */
const isolation = '\nexport{};';

/** Where the declarations of schemas are in a program. */
export const schemaFolder = '/schema/';

/** One file of a project. */
interface ProjectFile {
  version: string;
  snapshot: TextSnapshot;
  typings?: Typings;
  /** A script: the library's own address, and the length of its text. */
  library?: ScriptLibrary;
}

/** The declarations of the names of a model. */
interface ModelFile {
  file: ProjectFile;
  names: SchemaNames;
}

/** Stands for the list of a model that is not known. */
const noList: object = Object.freeze({});

/** A document with everything TypeScript needs to know about it, at one version of text and model. */
export interface ScriptProject {
  readonly ts: TypeScript;
  readonly document: TextDocument;
  readonly text: string;
  readonly mask: MaskedScript;
  readonly model: LanguageModel;
  /** The document's name in the program. */
  readonly fileName: string;
  readonly service: ts.LanguageService;
  /** What a generated declaration stands for. */
  anchorOf(declaration: ts.Declaration): TypingAnchor | undefined;
  /** The library a file of the program is; `undefined` for the document and for declarations. */
  libraryOf(fileName: string): ScriptLibrary | undefined;
  /** The file of the program that is the library at an address; `undefined` when the script does not load it. */
  libraryFile(uri: string): string | undefined;
  /** The schema a file of the program declares. */
  schemaOfFile(fileName: string): string | undefined;
}

/** Owns the projects of the open scripts and the declarations they share. */
export class ScriptWorkspace {
  private readonly host: JavaScriptHost;
  private readonly registry: ts.DocumentRegistry;
  private readonly projects: ProjectCache<Project>;
  private readonly runtimeFiles = new Map<ScriptContext | undefined, ProjectFile>();
  private readonly schemaFiles = new WeakMap<Schema, { typings: SchemaTypings; file: ProjectFile }>();
  /** By the list of the schemas. */
  private readonly modelFiles = new WeakMap<object, ModelFile>();
  private count = 0;

  constructor(host: JavaScriptHost) {
    this.host = host;
    this.registry = host.typescript.createDocumentRegistry(true, '/');
    this.projects = new ProjectCache(
      () => new Project(host.typescript, this.registry, `/script${this.nextVersion()}`),
    );
  }

  /** The project of a document, brought up to date. */
  open(model: LanguageModel, document: TextDocument): ScriptProject {
    const project = this.projects.use(document.uri);
    project.setDocument(document);
    this.update(model, document, project);
    return project.view(model, document);
  }

  /**
   * Uses the project of a document that need not be open; one that is not leaves nothing behind.
   * @param unopened the model of a document that is not open. Default: none, which is enough for names of scripts.
   */
  visit<T>(
    model: LanguageModel,
    document: TextDocument,
    use: (project: ScriptProject) => T,
    unopened: LanguageModel = emptyModel,
  ): T {
    if (this.projects.find(document.uri) !== undefined) return use(this.open(model, document));
    const project = this.projects.create();
    try {
      project.setDocument(document);
      this.update(unopened, document, project);
      return use(project.view(unopened, document));
    } finally {
      project.dispose();
    }
  }

  /** The project of a document for features that need no model: the one it was opened with last stays. */
  reopen(document: TextDocument): ScriptProject {
    return this.open(this.projects.find(document.uri)?.last?.model ?? emptyModel, document);
  }

  /** The project of a document as it was last opened. */
  find(uri: string): ScriptProject | undefined {
    return this.projects.find(uri)?.last;
  }

  close(uri: string): void {
    this.projects.close(uri);
  }

  private nextVersion(): string {
    return String(++this.count);
  }

  private newFile(text: string, typings?: Typings): ProjectFile {
    return {
      version: this.nextVersion(),
      snapshot: new TextSnapshot(text),
      ...(typings !== undefined && { typings }),
    };
  }

  private update(model: LanguageModel, document: TextDocument, project: Project): void {
    const { mask, text } = project;
    const files = new Map<string, ProjectFile>();
    const context = scriptContext(document.uri, document.languageId);
    files.set(`/runtime/${context ?? 'any'}.d.ts`, this.runtimeFile(context));
    const { file: modelFile, names } = this.namesFile(model);
    files.set('/model.d.ts', modelFile);
    const literalIds = schemasOfLiterals(model, text, mask.literals);
    const libraries = this.librariesOf(model, project, document);
    const ids = wantedSchemas(model, names, project.allText(libraries), project.words, literalIds);
    const schemas: Schema[] = [];
    for (const id of ids) {
      const schema = model.getSchema(id);
      if (!schema) continue;
      schemas.push(schema);
      files.set(`${schemaFolder}${encodeURIComponent(id)}.d.ts`, this.schemaFile(model, schema));
    }
    files.set(
      `${project.folder}/literals.d.ts`,
      project.literalFile(model, schemas, (typings) => this.newFile(typings.text, typings)),
    );
    for (const [name, library] of libraries)
      files.set(`${project.folder}/library/${encodeURIComponent(name)}.js`, library);
    project.setFiles(files);
  }

  private runtimeFile(context: ScriptContext | undefined): ProjectFile {
    const known = this.runtimeFiles.get(context) ?? this.newFile(runtimeDeclarations(context));
    this.runtimeFiles.set(context, known);
    return known;
  }

  private namesFile(model: LanguageModel): ModelFile {
    // With the schemas of a script itself the list would be another with every key.
    const list = ('base' in model ? (model as ScriptModel).base : model).listSchemas();
    const key = list ?? noList;
    let known = this.modelFiles.get(key);
    if (known === undefined) {
      const typings = modelTypings(list);
      const names = schemaNames((list ?? []).map(({ id }) => id));
      known = { file: this.newFile(typings.text, typings), names };
      this.modelFiles.set(key, known);
    }
    return known;
  }

  private schemaFile(model: LanguageModel, schema: Schema): ProjectFile {
    const known = this.schemaFiles.get(schema);
    const isComplete = known?.typings.pending.every((id) => model.getSchema(id) === undefined) === true;
    if (known !== undefined && isComplete) return known.file;
    const typings = schemaTypings(model, schema);
    const file = this.newFile(typings.text, typings);
    this.schemaFiles.set(schema, { typings, file });
    return file;
  }

  /** The libraries a script loads, and those these load: from the workspace, or else from the instance. */
  private librariesOf(
    model: LanguageModel,
    project: Project,
    document: TextDocument,
  ): Map<string, ProjectFile> {
    const found = new Map<string, ProjectFile>();
    const waiting = loadedLibraries(project.text);
    for (const name of waiting) {
      if (found.size >= mostLibraries) break;
      if (found.has(name)) continue;
      const library = this.host.findLibrary?.(name, document.uri) ?? remoteLibrary(model, name);
      if (library === undefined || library.uri === document.uri) continue;
      found.set(
        name,
        project.libraryFile(library, () => this.nextVersion()),
      );
      for (const next of loadedLibraries(library.text)) waiting.add(next);
    }
    return found;
  }
}

/** The state of one open script. */
class Project {
  readonly folder: string;
  readonly fileName: string;
  text = '';
  mask: MaskedScript = {
    text: '',
    literals: [],
    filters: [],
    forEachLoops: [],
    problems: [],
    tolerated: [],
    rereadCount: 0,
  };
  words: ReadonlySet<string> = new Set();
  last: ScriptProject | undefined;
  private readonly ts: TypeScript;
  private readonly service: ts.LanguageService;
  private documentVersion: number | undefined;
  private script: ProjectFile = { version: '0', snapshot: new TextSnapshot('') };
  private files: ReadonlyMap<string, ProjectFile> = new Map();
  private names: string[] = [];
  private projectVersion = 0;
  private literals:
    { mask: MaskedScript; text: string; schemas: readonly Schema[]; file: ProjectFile } | undefined;
  private readonly libraries = new Map<string, ProjectFile>();

  constructor(typescript: TypeScript, registry: ts.DocumentRegistry, folder: string) {
    this.ts = typescript;
    this.folder = folder;
    this.fileName = `${folder}/script.js`;
    this.service = typescript.createLanguageService(this.createHost(), registry);
  }

  setDocument(document: TextDocument): void {
    if (this.documentVersion === document.version && this.text === document.getText()) return;
    this.documentVersion = document.version;
    this.text = document.getText();
    this.mask = maskDocument(document.languageId, this.text);
    this.words = wordsOf(this.text);
    this.projectVersion++;
    this.script = {
      version: String(this.projectVersion),
      snapshot: new TextSnapshot(this.mask.text + isolation),
    };
  }

  /** The script and its libraries: what may name a schema. */
  allText(libraries: ReadonlyMap<string, ProjectFile>): string {
    return [this.text, ...[...libraries.values()].map(({ library }) => library?.text ?? '')].join('\n');
  }

  /** The declarations of the literals; kept while neither they nor the schemas they build on have changed. */
  literalFile(
    model: LanguageModel,
    schemas: readonly Schema[],
    create: (typings: Typings) => ProjectFile,
  ): ProjectFile {
    const { literals, mask, text } = this;
    const isSame =
      literals !== undefined &&
      sameItems(literals.schemas, schemas) &&
      (literals.mask === mask || sameItems(namesOf(literals.mask, literals.text), namesOf(mask, text)));
    if (isSame) return literals.file;
    const file = create(literalTypings(model, this.text, mask.literals));
    this.literals = { mask, text, schemas, file };
    return file;
  }

  libraryFile(library: ScriptLibrary, nextVersion: () => string): ProjectFile {
    const known = this.libraries.get(library.uri);
    if (known?.library?.version === library.version) return known;
    const { text } = maskDocument('campaign-javascript', library.text);
    const file = { version: nextVersion(), snapshot: new TextSnapshot(text), library };
    this.libraries.set(library.uri, file);
    return file;
  }

  setFiles(files: ReadonlyMap<string, ProjectFile>): void {
    const isSame =
      files.size === this.files.size && [...files].every(([name, file]) => this.files.get(name) === file);
    if (isSame) return;
    this.files = files;
    this.names = [...files.keys(), this.fileName];
    this.projectVersion++;
  }

  view(model: LanguageModel, document: TextDocument): ScriptProject {
    const { files } = this;
    this.last = {
      ts: this.ts,
      document,
      text: this.text,
      mask: this.mask,
      model,
      fileName: this.fileName,
      service: this.service,
      anchorOf: (declaration) => {
        const file = declaration.getSourceFile();
        const name = this.ts.getNameOfDeclaration(declaration);
        return name === undefined
          ? undefined
          : files.get(file.fileName)?.typings?.anchors.get(name.getStart(file));
      },
      libraryOf: (fileName) => files.get(fileName)?.library,
      libraryFile: (uri) => [...files].find(([, { library }]) => library?.uri === uri)?.[0],
      schemaOfFile: (fileName) => {
        const name = fileName.startsWith(schemaFolder) ? fileName.slice(schemaFolder.length) : undefined;
        return name === undefined ? undefined : decodeURIComponent(name.replace(/\.d\.ts$/, ''));
      },
    };
    return this.last;
  }

  dispose(): void {
    this.service.dispose();
  }

  private createHost(): ts.LanguageServiceHost {
    const { ts } = this;
    const fileOf = (name: string): ProjectFile | undefined =>
      name === this.fileName ? this.script : this.files.get(name);
    const options: ts.CompilerOptions = {
      allowJs: true,
      // Only those who ask for them get the errors of types; see `typeProblems.ts`.
      checkJs: true,
      noLib: true,
      noResolve: true,
      strict: false,
      types: [],
      target: ts.ScriptTarget.ESNext,
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      moduleDetection: ts.ModuleDetectionKind.Legacy,
      disableSizeLimit: true,
    };
    return {
      getCompilationSettings: () => options,
      getProjectVersion: () => String(this.projectVersion),
      getScriptFileNames: () => this.names,
      getScriptVersion: (name) => fileOf(name)?.version ?? '',
      getScriptSnapshot: (name) => fileOf(name)?.snapshot,
      getCurrentDirectory: () => '/',
      getDefaultLibFileName: () => '/lib.d.ts',
      fileExists: (name) => fileOf(name) !== undefined,
      readFile: () => undefined,
      useCaseSensitiveFileNames: () => true,
    };
  }
}

/** What a script's own declarations are made of: the functions of its literals, and its workflow variables. */
function namesOf(mask: MaskedScript, text: string): string[] {
  return [...mask.literals.map(({ callee }) => callee), ...(text.match(/\bvars\.[A-Za-z_$][\w$]*/g) ?? [])];
}

function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

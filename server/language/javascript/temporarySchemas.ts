import type { SchemaListEntry } from '../../../core/protocol/messages.ts';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { isTemporarySchema, type Schema } from '../../../core/schema/schema.ts';
import type { LanguageDocument, LanguageService } from '../languageService.ts';
import type { LanguageModel } from '../model.ts';
import type { ScriptLiteral } from '../regions.ts';
import type { DefinitionTarget } from './javaScriptService.ts';

/** A schema a script writes as a literal. */
export interface TemporarySchema {
  schema: Schema;
  /** Of the literal; the offsets of the schema are counted from it. */
  start: number;
}

/**
 * The temporary schemas a script writes as literals to register them: `<schema namespace="temp" name="scores">…`. They
 * exist while the workflow runs, so no model has them.
 */
export function temporarySchemas(text: string, literals: readonly ScriptLiteral[]): TemporarySchema[] {
  const found = new Map<string, TemporarySchema>();
  for (const { rootName, start, end } of literals) {
    if (rootName !== 'schema' && rootName !== 'srcSchema') continue;
    const { schema } = parseSchema(text.slice(start, end));
    if (schema !== undefined && isTemporarySchema(schema.id)) found.set(schema.id, { schema, start });
  }
  return [...found.values()];
}

/** A model with the temporary schemas of one script. */
export interface ScriptModel extends LanguageModel {
  /** The model without them: what does not change with every key. */
  base: LanguageModel;
}

/** The model as a document sees it. */
export function modelSeenBy({ regions }: LanguageDocument, model: LanguageModel): LanguageModel {
  const { temporary = [] } = regions;
  if (temporary.length === 0) return model;
  const own = new Map(temporary.map(({ schema }) => [schema.id, schema]));
  const entries = [...own.values()].map(({ id, label }): SchemaListEntry => ({ id, label }));
  const seen: ScriptModel = {
    base: model,
    getSchema: (id) => own.get(id) ?? model.getSchema(id),
    listSchemas: () => [...entries, ...(model.listSchemas() ?? [])],
    listOptions: () => model.listOptions?.(),
    getLibrary: (name) => model.getLibrary?.(name),
  };
  return seen;
}

/** A place of a schema that the document itself writes is a place of the document. */
function toOwn({ document, regions }: LanguageDocument, found: DefinitionTarget): DefinitionTarget {
  const own =
    found.kind === 'schema' && regions.temporary?.find(({ schema }) => schema.id === found.target.schemaId);
  if (found.kind !== 'schema' || own === false || own === undefined) return found;
  const { start, end } = found.target;
  const range = {
    start: document.positionAt(own.start + start),
    end: document.positionAt(own.start + end),
  };
  return { kind: 'script', location: { uri: document.uri, range } };
}

/** Answers with the temporary schemas of the script that is asked about. */
export function withTemporarySchemas(service: LanguageService): LanguageService {
  return {
    ...service,
    complete: (model, file, ...rest) => service.complete(modelSeenBy(file, model), file, ...rest),
    hover: (model, file, offset) => service.hover(modelSeenBy(file, model), file, offset),
    signatureHelp: (model, file, offset) => service.signatureHelp(modelSeenBy(file, model), file, offset),
    definition: (model, file, offset) =>
      service.definition(modelSeenBy(file, model), file, offset).map((found) => toOwn(file, found)),
    typeDefinition: (model, file, offset) =>
      service.typeDefinition(modelSeenBy(file, model), file, offset).map((found) => toOwn(file, found)),
    references: (model, file, ...rest) => service.references(modelSeenBy(file, model), file, ...rest),
    semanticTokens: (model, file) => service.semanticTokens(modelSeenBy(file, model), file),
    inlayHints: (model, file, range, options) =>
      service.inlayHints(modelSeenBy(file, model), file, range, options),
    diagnostics: (model, file, ...rest) => service.diagnostics(modelSeenBy(file, model), file, ...rest),
    codeActions: (model, file, ...rest) => service.codeActions(modelSeenBy(file, model), file, ...rest),
    prepareRename: (model, file, offset) => service.prepareRename(modelSeenBy(file, model), file, offset),
    rename: (model, file, ...rest) => service.rename(modelSeenBy(file, model), file, ...rest),
    highlights: (model, file, offset) => service.highlights(modelSeenBy(file, model), file, offset),
  };
}

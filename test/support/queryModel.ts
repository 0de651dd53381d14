import { readdirSync, readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseSchema } from '../../core/schema/parseSchema.ts';
import type { Schema } from '../../core/schema/schema.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import { findRegions, queryAt } from '../../server/language/regions.ts';
import type { EditorFeatures, QueryContext } from '../../server/language/queryDef/queryContext.ts';

/** Where the schemas of these tests are. */
export const schemaFolder = new URL('../fixtures/schemas/server/', import.meta.url);

/** Texts of the test schemas by id. */
export const schemaTexts: ReadonlyMap<string, string> = new Map(
  readdirSync(schemaFolder).map((name) => {
    const xml = readFileSync(new URL(name, schemaFolder), 'utf8');
    return [parseSchema(xml).schema!.id, xml];
  }),
);

/** A model that has everything at hand. */
export function createModel(texts: ReadonlyMap<string, string> = schemaTexts): LanguageModel {
  const schemas = new Map<string, Schema>();
  for (const xml of texts.values()) {
    const { schema } = parseSchema(xml);
    if (schema !== undefined) schemas.set(schema.id, schema);
  }
  // One list, as in the server: what is derived from it is kept as long as it is.
  const list = [...schemas.values()].map(({ id, label }) => ({ id, label }));
  return {
    getSchema: (id) => schemas.get(id) ?? null,
    listSchemas: () => list,
  };
}

/** The model of most tests. */
export const testModel = createModel();

/** An editor that can do everything. */
export const fullEditor: EditorFeatures = { snippets: true, suggestCommand: 'suggest' };

/** The query of a text that is one queryDef document. */
export function queryContext(text: string, model: LanguageModel = testModel): QueryContext {
  const document = TextDocument.create('file:///test.queryDef.xml', 'campaign-querydef', 1, text);
  const region = queryAt(findRegions('campaign-querydef', text), 0)!;
  return { model, document, region };
}

import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseXml } from '../../core/xml/parseXml.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import { createSchemaContext, type SchemaContext } from '../../server/language/srcSchema/schemaContext.ts';
import { testModel } from './queryModel.ts';

/** The context of a text that is one schema source. */
export function schemaContext(text: string, model: LanguageModel = testModel): SchemaContext {
  const document = TextDocument.create('file:///test.srcSchema.xml', 'campaign-schema', 1, text);
  return createSchemaContext(model, document, parseXml(text));
}

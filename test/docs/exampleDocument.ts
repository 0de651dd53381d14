import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseDocument } from '../../server/documents.ts';
import { withEmbeddedDocuments } from '../../server/language/embedded/embeddedService.ts';
import { createLanguageService } from '../../server/language/languageService.ts';
import { documentKind } from '../../server/language/regions.ts';
import { codesOffAtFirst } from '../../server/language/problemCatalog.ts';
import { defaultProblemSettings, type ProblemSettings } from '../../server/language/problemSettings.ts';
import { demoModel } from '../corpus/demoModel.ts';
import { scripts } from '../support/scripts.ts';
import type { Example } from './problemPages.ts';

/** What the examples are asked: the language service as the server has it. */
export const exampleService = withEmbeddedDocuments(createLanguageService(scripts));

/** An example of a page as a document of its own. */
export interface ExampleDocument {
  uri: string;
  languageId: string;
  text: string;
}

/**
 * The document an example of a page is, or is a piece of: nodes go into the select clause of a query, conditions into
 * its where clause, fields, keys and links into a table, enumerations and methods beside it. What is put around a piece
 * is right, so everything reported is about the piece.
 */
export function exampleDocument(code: string, { language, text }: Example): ExampleDocument {
  // Which kind of script a file is, its folder tells.
  const uri = code.includes('/rule-') ? 'file:///nms_typologyRule/example' : 'file:///example';
  // A workflow, a form, a package: a document of its own.
  if (documentKind('xml', text) === 'entity') return { uri, languageId: 'xml', text };
  if (language === 'js') return { uri, languageId: 'campaign-javascript', text };
  const isSchema = /^(?:schema|lint)\//.test(code) || /^<(?:srcSchema|attribute|element)\b/.test(text);
  return isSchema
    ? { uri, languageId: 'campaign-schema', text: schemaAround(repeated(text)) }
    : { uri, languageId: 'campaign-querydef', text: queryAround(text) };
}

function queryAround(text: string): string {
  if (!/^<(?:node|condition)\b/.test(text)) return text;
  const clauses = text.startsWith('<node')
    ? `<select>${text}</select>`
    : `<select><node expr="@id"/></select><where>${text}</where>`;
  return `<queryDef schema="nms:recipient" operation="select" lineCount="10">${clauses}</queryDef>`;
}

function schemaAround(text: string): string {
  if (/^<(?:\?xml|!--|srcSchema)/.test(text)) return text;
  const isBeside = /^<(?:enumeration|methods|interface)\b/.test(text);
  return `<srcSchema namespace="cus" name="order" label="Orders">
${isBeside ? text : ''}
<element name="order" label="Orders" autopk="true" autouuid="true" dataSource="nms:extAccount:ffda">
<key name="number"><keyfield xpath="@number"/></key>
<attribute name="number" label="Number" type="string" length="32"/>
${isBeside ? '' : text}
</element>
</srcSchema>`;
}

/** `<!-- and 100 more -->` repeats the line before it, with a number after its name. */
function repeated(text: string): string {
  return text.replace(
    /^(.*name="[^"]+)(".*)\n *<!-- and (\d+) more -->$/gm,
    (_, head: string, tail: string, count: string) =>
      Array.from(
        { length: Number(count) + 1 },
        (_, index) => `${head}${index === 0 ? '' : index}${tail}`,
      ).join('\n'),
  );
}

/** The settings under which a code is reported: with the check of types, and rules of taste by their own code. */
export function settingsFor(code: string): ProblemSettings {
  const settings = { ...defaultProblemSettings, checkTypes: true };
  return codesOffAtFirst.has(code)
    ? { ...settings, severities: new Map([[code, 'hint'] as const]) }
    : settings;
}

/** The codes of everything that is reported about an example, in the order of its text. */
export function problemsOfExample(code: string, example: Example): string[] {
  const { uri, languageId, text } = exampleDocument(code, example);
  scripts.close(uri);
  const document = TextDocument.create(uri, languageId, 1, text);
  const diagnostics = exampleService.diagnostics(demoModel, parseDocument(document), settingsFor(code));
  return diagnostics.map((diagnostic) => String(diagnostic.code));
}

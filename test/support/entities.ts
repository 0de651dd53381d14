import { TextDocument } from 'vscode-languageserver-textdocument';
import type { CompletionItem, TextEdit } from 'vscode-languageserver-types';
import { parseDocument } from '../../server/documents.ts';
import { withEmbeddedDocuments } from '../../server/language/embedded/embeddedService.ts';
import { createLanguageService, type LanguageDocument } from '../../server/language/languageService.ts';
import { takeCursor } from './cursor.ts';
import { fullEditor } from './queryModel.ts';
import { scriptModel } from './scriptModel.ts';
import { scripts } from './scripts.ts';

/** The language service as the server runs it. */
export const service = withEmbeddedDocuments(createLanguageService(scripts));

export const entityUri = 'file:///work/entity.xml';

/** An XML document as the server reads it. Each call is a document of its own. */
export function readEntity(text: string, before?: LanguageDocument): LanguageDocument {
  const document = TextDocument.create(entityUri, 'xml', (before?.version ?? 0) + 1, text);
  const file = parseDocument(document, before);
  if (before === undefined) {
    for (const inner of file.regions.embedded ?? []) scripts.close(inner.file.document.uri);
  }
  return file;
}

/** An XML document with its cursor. */
export function openEntity(marked: string): { file: LanguageDocument; offset: number; text: string } {
  const { text, offset } = takeCursor(marked);
  return { file: readEntity(text), offset, text };
}

/** A workflow of one JavaScript activity. @param markup what stands in its `<script>`, as it is written. */
export function workflow(markup: string, activities = ''): string {
  return `<?xml version="1.0"?>
<workflow internalName="WKF1" label="Test" schema="nms:recipient">
  <activities>
    <start name="start"><transitions><initial name="initial" target="js"/></transitions></start>
    <js name="js" label="Count">
      <script>${markup}</script>
    </js>
    ${activities}
  </activities>
</workflow>`;
}

/** Script text as it is written in a document, one way and the other. */
export const writtenForms: readonly [name: string, write: (script: string) => string][] = [
  ['CDATA', (script) => `<![CDATA[${script}]]>`],
  [
    'escaped text',
    (script) => script.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
  ],
];

/** What is offered at the `$0`. */
export function entityItems(marked: string): CompletionItem[] {
  const { file, offset } = openEntity(marked);
  return service.complete(scriptModel, file, offset, fullEditor).items;
}

/** The document after the item of that label is taken at the `$0`. */
export function acceptItem(marked: string, label: string): string {
  const { file, text } = openEntity(marked);
  const items = entityItems(marked);
  const item = items.find((candidate) => candidate.label === label);
  if (item === undefined)
    throw new Error(`${label} is not among ${items.map((each) => each.label).join(' ')}`);
  const document = TextDocument.create(file.document.uri, 'xml', 1, text);
  return TextDocument.applyEdits(document, [item.textEdit as TextEdit, ...(item.additionalTextEdits ?? [])]);
}

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { XmlAttribute, XmlDocument, XmlElement } from '../../../core/xml/xmlTree.ts';
import { maskDocument } from '../javascript/scriptDocument.ts';
import type { LanguageDocument } from '../languageService.ts';
import { findRegions } from '../regions.ts';
import { EmbeddedText } from './embeddedText.ts';
import { nameOf, placeOf, schemaSources, scriptAttributes, scriptElements } from './scriptElements.ts';

/** A document inside a document: a script of an entity, decoded, or a schema source of a package. */
export interface EmbeddedDocument {
  /** Its text, read like a document of its own; its address is that of the document with a fragment. */
  file: LanguageDocument;
  /** The way between its offsets and those of the document. */
  text: EmbeddedText;
  /** The element it is in, of the document's tree. */
  element: XmlElement;
  /** The attribute of that element it is the value of; absent for its text. */
  attribute?: XmlAttribute;
  /** The entity it is in, and the activity of that entity, or the entity itself. */
  host: XmlElement;
  owner: XmlElement;
}

/**
 * Finds the documents inside a document. Each is decoded once; one whose text has not changed since the last version is
 * taken over as it was, so that what is known of it stays known.
 * @param before those of the last version.
 */
export function embedDocuments(
  document: TextDocument,
  xml: XmlDocument,
  before: readonly EmbeddedDocument[] = [],
): EmbeddedDocument[] {
  if (xml.root === undefined) return [];
  const source = document.getText();
  const known = new Map(before.map(({ file }) => [file.document.uri, file]));
  const used = new Map<string, number>();
  const found: EmbeddedDocument[] = [];
  const add = (languageId: string, name: string, place: Omit<EmbeddedDocument, 'file'>): void => {
    const { text } = place.text;
    const count = (used.get(name) ?? 0) + 1;
    used.set(name, count);
    const uri = `${document.uri}#${name}${count === 1 ? '' : `~${count}`}`;
    const last = known.get(uri);
    const isSame = last?.document.languageId === languageId && last.document.getText() === text;
    const file = isSame ? last : readEmbedded(uri, languageId, document.version, text);
    found.push({ ...place, file });
  };
  for (const script of scriptElements(xml.root)) {
    const text = EmbeddedText.of(source, script.element);
    if (text === undefined) continue;
    const { owner, path } = placeOf(script);
    const name = [script.context, nameOf(script.host), ...path].map(encodeURIComponent).join('/');
    add(script.languageId, name, { text, element: script.element, host: script.host, owner });
  }
  for (const script of scriptAttributes(xml.root)) {
    const { attribute, element, host } = script;
    const { owner, path } = placeOf(script);
    const name = [script.context, nameOf(host), ...path, `@${attribute.name}`]
      .map(encodeURIComponent)
      .join('/');
    const text = EmbeddedText.ofAttribute(source, attribute);
    add(script.languageId, name, { text, element, attribute, host, owner });
  }
  for (const element of schemaSources(xml.root)) {
    const name = `schema/${encodeURIComponent(nameOf(element))}`;
    const text = EmbeddedText.verbatim(source, element);
    add('campaign-schema', name, { text, element, host: element, owner: element });
  }
  return found.sort((a, b) => a.text.start - b.text.start);
}

function readEmbedded(uri: string, languageId: string, version: number, text: string): LanguageDocument {
  const document = TextDocument.create(uri, languageId, version, text);
  const literals = languageId === 'campaign-schema' ? [] : maskDocument(languageId, text).literals;
  return { document, version, regions: findRegions(languageId, text, literals) };
}

/** The embedded document an offset is in, and where in it. */
export function embeddedAt(
  embedded: readonly EmbeddedDocument[],
  offset: number,
): { inner: EmbeddedDocument; index: number } | undefined {
  for (const inner of embedded) {
    if (offset < inner.text.start) break;
    if (offset > inner.text.end) continue;
    const index = inner.text.indexAt(offset);
    if (index !== undefined) return { inner, index };
  }
  return undefined;
}

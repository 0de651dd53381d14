import type { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDocument } from './language/javascript/scriptDocument.ts';
import type { LanguageDocument } from './language/languageService.ts';
import { documentKind, findRegions } from './language/regions.ts';

/** Reads a document: what it is, and where its queries are. */
export function parseDocument(document: TextDocument): LanguageDocument {
  const text = document.getText();
  const { languageId, version } = document;
  const isScript = documentKind(languageId, text) === 'script';
  const literals = isScript ? maskDocument(languageId, text).literals : [];
  return { document, version, regions: findRegions(languageId, text, literals) };
}

/** What the editor has open. */
export interface OpenDocuments {
  get(uri: string): TextDocument | undefined;
  keys(): string[];
}

/** The open documents with their regions: each version is read once, on first use. */
export class ParsedDocuments {
  private readonly source: OpenDocuments;
  private readonly parsed = new Map<string, LanguageDocument>();

  constructor(source: OpenDocuments) {
    this.source = source;
  }

  /** Every open document. */
  open(): LanguageDocument[] {
    return this.source.keys().flatMap((uri) => this.get(uri) ?? []);
  }

  /** The current version of a document; `undefined` when it is not open. */
  get(uri: string): LanguageDocument | undefined {
    const document = this.source.get(uri);
    if (document === undefined) return undefined;
    const known = this.parsed.get(uri);
    // A document is changed in place, so its version is part of what was read, not of the object.
    if (known !== undefined && known.version === document.version) return known;
    const read = parseDocument(document);
    this.parsed.set(uri, read);
    return read;
  }

  close(uri: string): void {
    this.parsed.delete(uri);
  }
}

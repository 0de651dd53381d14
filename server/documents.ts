import type { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDocument } from './language/javascript/scriptDocument.ts';
import { embedDocuments } from './language/embedded/embedDocuments.ts';
import type { LanguageDocument } from './language/languageService.ts';
import { documentKind, findRegions } from './language/regions.ts';

/**
 * Reads a document: what it is, where its queries are, and what is inside it.
 * @param before the same document at an earlier version.
 */
export function parseDocument(document: TextDocument, before?: LanguageDocument): LanguageDocument {
  const text = document.getText();
  const { languageId, version } = document;
  const isScript = documentKind(languageId, text) === 'script';
  const literals = isScript ? maskDocument(languageId, text).literals : [];
  const regions = findRegions(languageId, text, literals);
  if (regions.entity === undefined) return { document, version, regions };
  const embedded = embedDocuments(document, regions.entity, before?.regions.embedded);
  return { document, version, regions: { ...regions, embedded } };
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
    const read = parseDocument(document, known);
    this.parsed.set(uri, read);
    return read;
  }

  /** Forgets a document. @returns what it was last. */
  close(uri: string): LanguageDocument | undefined {
    const last = this.parsed.get(uri);
    this.parsed.delete(uri);
    return last;
  }
}

import type { TextDocument } from 'vscode-languageserver-textdocument';
import { maskDocument } from './language/javascript/scriptDocument.ts';
import type { LanguageDocument } from './language/languageService.ts';
import { documentKind, findRegions } from './language/regions.ts';

/** The open documents with their regions: each version is read once, on first use. */
export class ParsedDocuments {
  private readonly find: (uri: string) => TextDocument | undefined;
  private readonly parsed = new Map<string, LanguageDocument>();

  constructor(find: (uri: string) => TextDocument | undefined) {
    this.find = find;
  }

  /** The current version of a document; `undefined` when it is not open. */
  get(uri: string): LanguageDocument | undefined {
    const document = this.find(uri);
    if (document === undefined) return undefined;
    const known = this.parsed.get(uri);
    // A document is changed in place, so its version is part of what was read, not of the object.
    if (known !== undefined && known.version === document.version) return known;
    const text = document.getText();
    const { languageId, version } = document;
    const literals =
      documentKind(languageId, text) === 'script' ? maskDocument(languageId, text).literals : [];
    const read = { document, version, regions: findRegions(languageId, text, literals) };
    this.parsed.set(uri, read);
    return read;
  }

  close(uri: string): void {
    this.parsed.delete(uri);
  }
}

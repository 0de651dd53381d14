import {
  DocumentFormattingRequest,
  DocumentRangeFormattingRequest,
  type Connection,
  type Disposable,
  type DocumentSelector,
} from 'vscode-languageserver';
import type { LanguageDocument } from './language/languageService.ts';

/** Languages of ours that are formatted; scripts have formatters enough. */
const formattedLanguages: DocumentSelector = [
  { language: 'campaign-querydef' },
  { language: 'campaign-schema' },
];

/**
 * Says which documents are formatted here. An editor that hears of a second formatter for XML asks the person to choose
 * one, so plain XML is claimed file by file: only those that are queries and schema sources, and only while they are open.
 */
export class FormattingRegistrations {
  private readonly connection: Connection;
  private readonly log: (message: string) => void;
  private readonly files = new Map<string, Promise<Disposable[]>>();

  constructor(connection: Connection, log: (message: string) => void) {
    this.connection = connection;
    this.log = log;
  }

  /** The client can be told. */
  start(): void {
    void this.register(formattedLanguages);
  }

  opened({ document, regions }: LanguageDocument): void {
    const isOurs = regions.kind === 'queryDef' || regions.kind === 'srcSchema';
    if (document.languageId !== 'xml' || !isOurs || this.files.has(document.uri)) return;
    const pattern = globOf(document.uri);
    if (pattern === undefined) return;
    this.files.set(document.uri, this.register([{ language: 'xml', ...pattern }]));
  }

  closed(uri: string): void {
    const registered = this.files.get(uri);
    this.files.delete(uri);
    void registered?.then((all) => all.forEach((each) => each.dispose()));
  }

  private async register(documentSelector: DocumentSelector): Promise<Disposable[]> {
    try {
      return await Promise.all([
        this.connection.client.register(DocumentFormattingRequest.type, { documentSelector }),
        this.connection.client.register(DocumentRangeFormattingRequest.type, { documentSelector }),
      ]);
    } catch (error) {
      this.log(`Formatting is not offered: ${String(error)}`);
      return [];
    }
  }
}

/** A pattern that one document fits, and no other; `undefined` for an address that is none. */
function globOf(uri: string): { scheme: string; pattern: string } | undefined {
  if (!URL.canParse(uri)) return undefined;
  const { protocol, pathname } = new URL(uri);
  const path = decodeURIComponent(pathname).replace(/^\/(?=[A-Za-z]:)/, '');
  return { scheme: protocol.slice(0, -1), pattern: path.replace(/[*?[\]{}]/g, '[$&]') };
}

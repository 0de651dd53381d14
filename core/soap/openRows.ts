import { CampaignError, type CampaignErrorCode } from './campaignError.ts';
import type { CancelSignal } from './cancelSignal.ts';
import {
  judgeText,
  looksLikeWebPage,
  receiveReply,
  toTruncated,
  xmlError,
  type ReceiveContext,
  type Received,
} from './receiveReply.ts';
import { CharsetError, decodeBinary, ReplyDecoder, type Charset } from './replyText.ts';
import { RowReader } from './rowReader.ts';
import { RowSplitter } from './rowSplitter.ts';
import type { RowBatch } from './soapClient.ts';
import { TransportError, type HttpReply } from './transport.ts';
import { XmlReader, XmlReadError } from './xmlReader.ts';

/** Rows of an answer that is still arriving. */
export interface OpenRows {
  /** The next batch; `undefined` after the last. Rejects with `CampaignError`. */
  next(): Promise<RowBatch | undefined>;
  /** Lets go of the answer, read or not. */
  close(): Promise<void>;
}

export interface OpenRowsOptions {
  readonly columns?: readonly string[];
  readonly batchRows?: number;
  /** Longest row, in bytes. Default 16 Mi. */
  readonly maxRowLength?: number;
  /** Fires when the answer must be dropped at once, even while the consumer does not ask. */
  readonly signal: CancelSignal;
  /** Begins and ends each wait for the network: the time a consumer takes does not count. */
  onWait(isWaiting: boolean): void;
  /** Called once, when the network is no longer needed. */
  onEnd(ending: 'ok' | CampaignErrorCode): void;
  toError(error: TransportError): CampaignError;
}

type NotRows = Exclude<Received, { kind: 'outputs' }>;

/** What comes before the first row is short; a longer text without one is something else. */
const maxHeadBytes = 256 * 1024;

/**
 * Reads an answer up to its result element, so that faults, web pages and expired sessions are seen before the first
 * row is promised. Throws only what the transport throws.
 */
export async function openRows(
  reply: HttpReply,
  context: ReceiveContext,
  options: OpenRowsOptions,
): Promise<NotRows | { readonly kind: 'opened'; readonly value: OpenRows }> {
  // Only a 200 can hold rows; every other status is short and judged as a whole.
  if (reply.status !== 200) {
    const received = await receiveReply(reply, context);
    return received.kind === 'outputs'
      ? xmlError(new XmlReadError('malformed', 'It has rows, but says it failed.'), context, reply.status)
      : received;
  }
  const stream = new RowStream(reply, context, options);
  return (await stream.readHead()) ?? { kind: 'opened', value: stream };
}

/** Enough of an answer to tell an envelope from a web page and from a line of text. */
function isTelling(head: string): boolean {
  const start = head.trimStart().replace(/^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*/, '');
  return head.length > 4096 || (start.length >= 16 && !/^<(?:\?|!--)/.test(start));
}

/**
 * The bytes are looked at as they are (`binary`): the markup of XML is ASCII, so rows can be told apart without
 * decoding, and only the values somebody reads are decoded.
 */
class RowStream implements OpenRows {
  readonly #reply: HttpReply;
  readonly #context: ReceiveContext;
  readonly #options: OpenRowsOptions;
  readonly #pieces: AsyncIterator<Uint8Array>;
  /** Reads what is around the rows. */
  readonly #envelope: XmlReader;
  readonly #splitter: RowSplitter;
  readonly #batchRows: number;
  #rowReader: RowReader | undefined;
  #state: 'head' | 'rows' | 'tail' | 'done' = 'head';
  /** Of the head, in case it is something else than an envelope. */
  #headBytes: Uint8Array[] = [];
  #isReceived = false;
  #isEnded = false;

  constructor(reply: HttpReply, context: ReceiveContext, options: OpenRowsOptions) {
    this.#reply = reply;
    this.#context = context;
    this.#options = options;
    this.#pieces = reply.body[Symbol.asyncIterator]();
    this.#envelope = new XmlReader({ maxDepth: context.maxDepth, maxTokenLength: maxHeadBytes });
    this.#splitter = new RowSplitter(options.maxRowLength ?? 16 * 1024 * 1024);
    this.#batchRows = Math.max(1, options.batchRows ?? 500);
    options.signal.addEventListener('abort', () => this.#end('cancelled'));
  }

  /** `undefined`: the rows come next. */
  async readHead(): Promise<NotRows | undefined> {
    const { method } = this.#context;
    const envelope = this.#envelope;
    try {
      let head = '';
      while (!isTelling(head) && !this.#isReceived) head += await this.#receive();
      const start = head.replace(/^\u00ef\u00bb\u00bf/, '').trimStart();
      if (!start.startsWith('<') || looksLikeWebPage(start)) return await this.#judgeWhole();
      envelope.feed(start);
      for (;;) {
        const token = envelope.next();
        if (token === 'start') {
          const { depth, localName } = envelope;
          if (depth === 1 && localName !== 'Envelope') return await this.#judgeWhole();
          // A fault too is short, and judged as a whole.
          if (depth === 3 && localName !== `${method}Response`) return await this.#judgeWhole();
          if (depth === 5) {
            this.#startRows();
            return undefined;
          }
        } else if (token === 'end' && envelope.depth === 2) {
          // The end of the response without a result: no rows.
          this.#state = 'tail';
          this.#headBytes = [];
          return undefined;
        } else if (token === 'more') {
          if (this.#headLength() > maxHeadBytes) return await this.#judgeWhole();
          envelope.feed(await this.#receive());
          if (this.#isReceived) envelope.finish();
        } else if (token === 'done') return await this.#judgeWhole();
      }
    } catch (error) {
      const failure = this.#toReceived(error);
      if (failure === undefined) throw error;
      return failure;
    }
  }

  async next(): Promise<RowBatch | undefined> {
    try {
      while (this.#state === 'rows') {
        const found = this.#splitter.take(this.#batchRows);
        if (found !== undefined) {
          return new LazyBatch(found.text, found.count, this.#rowReader!, (error) =>
            this.#toCampaignError(error),
          );
        }
        if (this.#splitter.isOver) {
          this.#state = 'tail';
          this.#envelope.feed(this.#splitter.rest());
        } else if (this.#splitter.isFinished) {
          throw new XmlReadError('truncated', 'The answer ends inside its rows.');
        } else {
          this.#splitter.feed(await this.#receive());
          if (this.#isReceived) this.#splitter.finish();
        }
      }
      while (this.#state === 'tail') {
        const token = this.#envelope.next();
        if (token === 'done') {
          this.#state = 'done';
          this.#end('ok');
        } else if (token === 'more') {
          this.#envelope.feed(await this.#receive());
          if (this.#isReceived) this.#envelope.finish();
        }
      }
      return undefined;
    } catch (error) {
      const told = this.#toCampaignError(error);
      this.#end(told instanceof CampaignError ? told.code : 'badResponse');
      await this.close();
      throw told;
    }
  }

  async close(): Promise<void> {
    this.#state = 'done';
    if (!this.#isReceived) {
      this.#isReceived = true;
      await this.#pieces.return?.();
    }
    // Left before its end: what was asked for did arrive.
    this.#end('ok');
  }

  /** The reader stands at the start tag of the result: a collection of rows, or (`get`, `count`) a single one. */
  #startRows(): void {
    const envelope = this.#envelope;
    const charset = this.#findCharset();
    const { decode, maxDepth } = this.#context;
    this.#headBytes = [];
    this.#rowReader = new RowReader({
      maxDepth,
      decode: (raw) => decodeBinary(raw, charset, decode),
      ...(this.#options.columns === undefined ? {} : { columns: this.#options.columns }),
    });
    const isCollection = envelope.localName.endsWith('-collection');
    if (isCollection && envelope.isEmpty) {
      this.#state = 'tail';
      return;
    }
    this.#state = 'rows';
    this.#splitter.feed(isCollection ? envelope.takeRest() : envelope.takeElement());
  }

  #findCharset(): Charset {
    const decoder = new ReplyDecoder(this.#reply.headers['content-type'], this.#context.decode);
    for (const bytes of this.#headBytes) decoder.push(bytes);
    decoder.finish();
    return decoder.charset ?? 'utf-8';
  }

  /** Waits for the next piece. @returns it, undecoded; `''` at the end. */
  async #receive(): Promise<string> {
    if (this.#options.signal.aborted) {
      throw new TransportError('cancelled', 'The request was cancelled.', { unsent: false });
    }
    this.#options.onWait(true);
    let piece: IteratorResult<Uint8Array>;
    try {
      piece = await this.#pieces.next();
    } finally {
      this.#options.onWait(false);
    }
    if (piece.done === true) {
      this.#isReceived = true;
      return '';
    }
    this.#context.onPiece(piece.value);
    if (this.#state === 'head') this.#headBytes.push(piece.value);
    return this.#context.decode(piece.value, 'binary');
  }

  #headLength(): number {
    return this.#headBytes.reduce((length, bytes) => length + bytes.length, 0);
  }

  /** Not rows: judged like any other answer, without reading more of it than an error needs. */
  async #judgeWhole(): Promise<NotRows> {
    while (!this.#isReceived && this.#headLength() < maxHeadBytes) await this.#receive();
    const isCut = !this.#isReceived;
    if (isCut) await this.#pieces.return?.();
    const decoder = new ReplyDecoder(this.#reply.headers['content-type'], this.#context.decode);
    const text = this.#headBytes.map((bytes) => decoder.push(bytes)).join('') + decoder.finish();
    if (isCut && text.trimStart().startsWith('<') && !looksLikeWebPage(text.trimStart())) {
      const error = new XmlReadError('limit', 'It goes on without coming to a result.');
      return xmlError(error, this.#context, this.#reply.status);
    }
    const received = judgeText(text, this.#reply.status, this.#context);
    return received.kind === 'outputs'
      ? xmlError(
          new XmlReadError('malformed', 'It has an unexpected shape.'),
          this.#context,
          this.#reply.status,
        )
      : received;
  }

  #end(ending: 'ok' | CampaignErrorCode): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.onEnd(ending);
  }

  #toReceived(error: unknown): (Received & { kind: 'error' }) | undefined {
    if (error instanceof CharsetError) {
      return xmlError(new XmlReadError('malformed', error.message), this.#context, this.#reply.status);
    }
    if (!(error instanceof XmlReadError)) return undefined;
    if (error.kind === 'truncated') throw toTruncated(error);
    return xmlError(error, this.#context, this.#reply.status);
  }

  #toCampaignError(error: unknown): unknown {
    if (error instanceof TransportError) return this.#options.toError(error);
    if (error instanceof XmlReadError && error.kind === 'truncated')
      return this.#options.toError(toTruncated(error));
    return this.#toReceived(error)?.error ?? error;
  }
}

/** Rows as text until somebody asks. */
class LazyBatch implements RowBatch {
  readonly rowCount: number;
  readonly #reader: RowReader;
  readonly #toError: (error: unknown) => unknown;
  #text: string;
  #rows: readonly (readonly string[])[] | undefined;

  constructor(text: string, rowCount: number, reader: RowReader, toError: (error: unknown) => unknown) {
    this.#text = text;
    this.rowCount = rowCount;
    this.#reader = reader;
    this.#toError = toError;
  }

  get columns(): readonly string[] {
    this.#parse();
    return this.#reader.columns;
  }

  get rows(): readonly (readonly string[])[] {
    return this.#parse();
  }

  #parse(): readonly (readonly string[])[] {
    if (this.#rows !== undefined) return this.#rows;
    try {
      this.#rows = this.#reader.read(this.#text, this.rowCount);
    } catch (error) {
      throw this.#toError(error);
    }
    this.#text = '';
    return this.#rows;
  }
}

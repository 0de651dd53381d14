import type { CampaignError } from './campaignError.ts';
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
import { readFault } from './replyXml.ts';
import { CharsetError, ReplyDecoder } from './replyText.ts';
import { RowReader } from './rowReader.ts';
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
  readonly maxValueLength?: number;
  /** Fires when the answer must be dropped at once, even while the consumer does not ask. */
  readonly signal: CancelSignal;
  /** Begins and ends each wait for the network: the time a consumer takes does not count. */
  onWait(isWaiting: boolean): void;
  /** Called once, when the network is no longer needed. */
  onEnd(isOk: boolean): void;
  toError(error: TransportError): CampaignError;
}

/** An answer larger than this without a result element is not one. */
const maxHeadLength = 64 * 1024;

/**
 * Reads an answer up to its result element, so that faults, web pages and expired sessions are seen before the first row
 * is promised. Throws only what the transport throws.
 */
export async function openRows(
  reply: HttpReply,
  context: ReceiveContext,
  options: OpenRowsOptions,
): Promise<Exclude<Received, { kind: 'outputs' }> | { readonly kind: 'opened'; readonly value: OpenRows }> {
  // Only a 200 can hold rows; every other status is short and judged as a whole.
  if (reply.status !== 200) {
    const received = await receiveReply(reply, context);
    return received.kind === 'outputs'
      ? {
          kind: 'error',
          error: xmlError(
            new XmlReadError('malformed', 'It has rows, but says it failed.'),
            context,
            reply.status,
          ).error,
        }
      : received;
  }
  const stream = new RowStream(reply, context, options);
  const head = await stream.readHead();
  return head ?? { kind: 'opened', value: stream };
}

/** Enough of an answer to tell an envelope from a web page and from a line of text. */
function isTelling(head: string): boolean {
  const start = head.trimStart().replace(/^(?:<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*)*/, '');
  return head.length > 4096 || (start.length >= 16 && !/^<(?:\?|!--)/.test(start));
}

class RowStream implements OpenRows {
  readonly #reply: HttpReply;
  readonly #context: ReceiveContext;
  readonly #options: OpenRowsOptions;
  readonly #pieces: AsyncIterator<Uint8Array>;
  readonly #reader: XmlReader;
  readonly #rows: RowReader;
  #decoder: ReplyDecoder | undefined;
  #isReceived = false;
  #isDone = false;
  #isEnded = false;

  constructor(reply: HttpReply, context: ReceiveContext, options: OpenRowsOptions) {
    this.#reply = reply;
    this.#context = context;
    this.#options = options;
    this.#pieces = reply.body[Symbol.asyncIterator]();
    this.#reader = new XmlReader({
      maxDepth: context.maxDepth,
      ...(options.maxValueLength === undefined ? {} : { maxTokenLength: options.maxValueLength }),
    });
    this.#rows = new RowReader(this.#reader, 4, options);
    options.signal.addEventListener('abort', () => this.#end(false));
  }

  /** `undefined`: the reader stands at the result element. */
  async readHead(): Promise<Exclude<Received, { kind: 'outputs' }> | undefined> {
    let head = '';
    const reader = this.#reader;
    try {
      this.#decoder = new ReplyDecoder(this.#reply.headers['content-type'], this.#context.decode);
      // The first characters tell an envelope from a line of text and from a web page.
      while (!isTelling(head) && !this.#isReceived) head += await this.#receive();
      const start = head.trimStart();
      if (!start.startsWith('<') || looksLikeWebPage(start)) return await this.#judgeAsText(head);
      for (;;) {
        const token = reader.next();
        if (token === 'start') {
          const { depth, localName } = reader;
          const isExpected =
            depth === 1
              ? localName === 'Envelope'
              : depth === 3
                ? localName === `${this.#context.method}Response`
                : true;
          if (depth === 3 && localName === 'Fault') return { kind: 'fault', fault: await this.#readFault() };
          if (!isExpected) return await this.#judgeAsText(head);
          if (depth === 3) return undefined;
        } else if (token === 'more') {
          if (head.length > maxHeadLength) return await this.#judgeAsText(head);
          head += await this.#receive();
        } else if (token === 'done') return await this.#judgeAsText(head);
      }
    } catch (error) {
      const failure = this.#toReceived(error);
      if (failure === undefined) throw error;
      return failure;
    }
  }

  async next(): Promise<RowBatch | undefined> {
    try {
      while (!this.#isDone) {
        const { state, batch } = this.#rows.read();
        if (state === 'done') {
          this.#isDone = true;
          this.#end(true);
        }
        if (batch !== undefined) return batch;
        if (state === 'more') await this.#receive();
      }
      return undefined;
    } catch (error) {
      await this.close();
      if (error instanceof TransportError) throw this.#options.toError(error);
      if (error instanceof XmlReadError && error.kind === 'truncated') {
        throw this.#options.toError(toTruncated(error));
      }
      const failure = this.#toReceived(error);
      throw failure?.kind === 'error' ? failure.error : error;
    }
  }

  async close(): Promise<void> {
    this.#isDone = true;
    if (!this.#isReceived) {
      this.#isReceived = true;
      await this.#pieces.return?.();
    }
    this.#end(false);
  }

  #end(isOk: boolean): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#options.onEnd(isOk);
  }

  /** Waits for the next piece and feeds it. @returns its text. */
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
    let text: string;
    if (piece.done === true) {
      this.#isReceived = true;
      text = this.#decoder!.finish();
      this.#reader.feed(text);
      this.#reader.finish();
    } else {
      this.#context.onBytes(piece.value.length);
      text = this.#decoder!.push(piece.value);
      this.#reader.feed(text);
    }
    return text;
  }

  async #readFault(): Promise<ReturnType<typeof readFault>> {
    // A fault is short: receive all of it, then read it in one go.
    await this.#receiveRest();
    this.#reader.finish();
    return readFault(this.#reader);
  }

  async #receiveRest(): Promise<string> {
    let text = '';
    while (!this.#isReceived && text.length < maxHeadLength * 4) text += await this.#receive();
    return text;
  }

  /** Not an envelope: judged like any other answer, without reading more of it than an error needs. */
  async #judgeAsText(head: string): Promise<Exclude<Received, { kind: 'outputs' }>> {
    const text = head + (await this.#receiveRest());
    await this.#pieces.return?.();
    const received = judgeText(text, this.#reply.status, this.#context);
    return received.kind === 'outputs'
      ? xmlError(
          new XmlReadError('malformed', 'It has an unexpected shape.'),
          this.#context,
          this.#reply.status,
        )
      : received;
  }

  #toReceived(error: unknown): (Received & { kind: 'error' }) | undefined {
    if (error instanceof XmlReadError && error.kind === 'truncated') throw toTruncated(error);
    if (error instanceof XmlReadError) return xmlError(error, this.#context, this.#reply.status);
    if (error instanceof CharsetError) {
      return xmlError(new XmlReadError('malformed', error.message), this.#context, this.#reply.status);
    }
    return undefined;
  }
}

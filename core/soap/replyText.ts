import type { DecodeText } from './transport.ts';

/** What an answer's values are decoded with. */
export type Charset = Exclude<Parameters<DecodeText>[1], 'binary'>;

/** A reply in a character set other than UTF-8 and ISO-8859-1 (which Campaign never sends). */
export class CharsetError extends Error {
  override readonly name = 'CharsetError';
}

function resolveCharset(label: string): Charset {
  const name = label.trim().toLowerCase();
  if (name === 'utf-8' || name === 'utf8' || name === 'us-ascii') return 'utf-8';
  if (/^(?:iso-?8859-?15?|latin-?1|windows-1252|cp1252)$/.test(name)) return 'windows-1252';
  throw new CharsetError(
    `The answer is in the character set “${label.slice(0, 40)}”, which Campaign does not use.`,
  );
}

/** How many bytes at the end of `bytes` belong to a UTF-8 character that is not complete yet. */
function unfinishedLength(bytes: Uint8Array): number {
  const last = bytes.length - 1;
  for (let back = 0; back < 3 && back <= last; back++) {
    const byte = bytes[last - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return back + 1 < length ? back + 1 : 0;
    }
  }
  return 0;
}

function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

/**
 * Turns the bytes of an XML reply into text, piece by piece. The character set is the one of the `Content-Type` header,
 * else of the XML declaration, else UTF-8. A byte-order mark is dropped.
 */
export class ReplyDecoder {
  readonly #decode: DecodeText;
  #charset: Charset | undefined;
  #kept: Uint8Array = new Uint8Array(0);
  #atStart = true;

  /** Throws {@link CharsetError}, as `push` does. */
  constructor(contentType: string | undefined, decode: DecodeText) {
    this.#decode = decode;
    const label = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType ?? '')?.[1];
    if (label !== undefined) this.#charset = resolveCharset(label);
  }

  /** Known once enough was pushed to tell. */
  get charset(): Charset | undefined {
    return this.#charset;
  }

  push(bytes: Uint8Array): string {
    let input = this.#kept.length === 0 ? bytes : concat(this.#kept, bytes);
    if (this.#charset === undefined) {
      const declared = this.#findDeclared(input, false);
      if (declared === undefined) {
        this.#kept = input.slice();
        return '';
      }
      this.#charset = declared;
    }
    const rest = this.#charset === 'utf-8' ? unfinishedLength(input) : 0;
    this.#kept = input.slice(input.length - rest);
    if (rest > 0) input = input.subarray(0, input.length - rest);
    return this.#emit(input, this.#charset);
  }

  /** The rest, after the last piece. */
  finish(): string {
    if (this.#kept.length === 0) return '';
    this.#charset ??= this.#findDeclared(this.#kept, true) ?? 'utf-8';
    const text = this.#emit(this.#kept, this.#charset);
    this.#kept = new Uint8Array(0);
    return text;
  }

  #emit(bytes: Uint8Array, charset: Charset): string {
    if (bytes.length === 0) return '';
    const text = this.#decode(bytes, charset);
    if (!this.#atStart) return text;
    this.#atStart = false;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }

  /** The declared set; UTF-8 when the text cannot be or does not have a declaration; `undefined` to wait for more. */
  #findDeclared(bytes: Uint8Array, isLast: boolean): Charset | undefined {
    const head = String.fromCharCode(...bytes.subarray(0, 200));
    if (head.startsWith('\u00ff\u00fe') || head.startsWith('\u00fe\u00ff')) {
      throw new CharsetError('The answer is in UTF-16, which Campaign does not use.');
    }
    const text = head.startsWith('\u00ef\u00bb\u00bf') ? head.slice(3) : head;
    if (!'<?xml'.startsWith(text.slice(0, 5))) return 'utf-8';
    const end = text.indexOf('?>');
    if (end < 0 && bytes.length < 200 && !isLast) return undefined;
    const label = /encoding\s*=\s*["']([^"']+)["']/.exec(end < 0 ? text : text.slice(0, end))?.[1];
    return label === undefined ? 'utf-8' : resolveCharset(label);
  }
}

// eslint-disable-next-line no-control-regex
const notAscii = /[^\x00-\x7f]/;

/** True for text that is the same in every character set of Campaign. */
export function isAscii(text: string): boolean {
  return !notAscii.test(text);
}

/** Decodes text that was read as `binary`. */
export function decodeBinary(text: string, charset: Charset, decode: DecodeText): string {
  if (isAscii(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < bytes.length; i++) bytes[i] = text.charCodeAt(i);
  return decode(bytes, charset);
}

import { decodeXml } from '../xml/entities.ts';

/** Why a text is not the XML expected. Turned into a `CampaignError` by whoever knows the call. */
export class XmlReadError extends Error {
  override readonly name = 'XmlReadError';
  readonly kind: 'malformed' | 'truncated' | 'limit';
  constructor(kind: XmlReadError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** Bounds for XML from outside. */
export interface XmlLimits {
  /** Nesting. Default 256. */
  readonly maxDepth?: number;
  /** Longest tag, text, comment or CDATA section, in UTF-16 units. Default 16 Mi. */
  readonly maxTokenLength?: number;
}

/**
 * `start`: a start tag, see `name` and `values`; an empty element is followed by an `end` of its own · `end`: see
 * `name` · `text`: see `text` (decoded; CDATA too; white space too) · `more`: feed the next piece · `done`: the root
 * element has ended and the input as well.
 */
export type XmlToken = 'start' | 'end' | 'text' | 'more' | 'done';

const noNames: readonly string[] = [];
const noValues: readonly string[] = [];

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
const isNameEnd = (code: number): boolean =>
  code === 62 ||
  code === 47 ||
  code === 61 ||
  code === 34 ||
  code === 39 ||
  code === 60 ||
  code !== code ||
  isSpace(code);

/**
 * Reads strict XML in pieces: feed text, ask for tokens, feed more. Made for replies, where half a document is an error
 * and the next row should be out before the last one has arrived.
 *
 * No document types (so no entity can be declared), bounded depth and token length, no recursion, linear in the input
 * whatever the pieces. Names keep their prefix. White space and line ends are kept as sent.
 *
 * Speed: the rows of an answer look alike, so for each depth the reader remembers the last tag and attribute names and
 * compares in place before it cuts a new string. `names` is then the same array object as for the row before, which
 * lets a caller keep whatever it derived from it.
 */
export class XmlReader {
  /** Name of the element of the last `start` or `end`. */
  name = '';
  /** Attribute names of the last `start`; the same array as before when the names did not change. */
  names: readonly string[] = noNames;
  /** Attribute values of the last `start`, by the index of `names`. A new array for each element. */
  values: readonly string[] | string[] = noValues;
  /** Of the last `text`. */
  text = '';
  /** The last `start` was an empty element: its `end` comes next. */
  get isEmpty(): boolean {
    return this.#pendingEnd;
  }

  /** Open elements, the one just started included. */
  depth = 0;
  /** Offsets of the last token into everything fed so far. */
  tokenStart = 0;
  tokenEnd = 0;

  /**
   * Applied to values and texts before references are resolved: for input whose bytes were not decoded yet. May be set
   * between tokens.
   */
  decode: ((raw: string) => string) | undefined;

  readonly #maxDepth: number;
  readonly #maxTokenLength: number;
  #buffer = '';
  #pos = 0;
  /** Offset of `#buffer[0]` in the whole input. */
  #base = 0;
  /**
   * Pieces not yet joined to the buffer: joined when they are as long as the unfinished token, so growth stays linear.
   */
  #pending: string[] = [];
  #pendingLength = 0;
  #wanted = 0;
  #ended = false;
  #sawRoot = false;
  #pendingEnd = false;
  readonly #open: string[] = [];
  /** By depth: the last element's attribute names. */
  readonly #lastNames: (readonly string[])[] = [];
  readonly #lastName: string[] = [];
  /** Where the next `&` is, at or after `#pos`; `-1` unknown, `Infinity` none. Saves a search per value. */
  #ampersand = -1;

  constructor(limits: XmlLimits = {}) {
    this.#maxDepth = limits.maxDepth ?? 256;
    this.#maxTokenLength = limits.maxTokenLength ?? 16 * 1024 * 1024;
  }

  /** Adds a piece of the document. */
  feed(text: string): void {
    if (text === '') return;
    this.#pending.push(text);
    this.#pendingLength += text.length;
  }

  /** Takes back what was not read yet; the reader goes on with what is fed next, inside the elements now open. */
  takeRest(): string {
    const rest = this.#buffer.slice(this.#pos) + this.#pending.join('');
    this.#base += this.#buffer.length;
    this.#buffer = '';
    this.#pos = 0;
    this.#pending = [];
    this.#pendingLength = this.#wanted = 0;
    return rest;
  }

  /** Undoes the `start` just read and takes back everything from its tag on. */
  takeElement(): string {
    this.#pendingEnd = false;
    this.depth--;
    this.#pos = this.tokenStart - this.#base;
    return this.takeRest();
  }

  /** Says that no more pieces will come. */
  finish(): void {
    this.#ended = true;
  }

  /** The name without its prefix. */
  get localName(): string {
    const colon = this.name.indexOf(':');
    return colon < 0 ? this.name : this.name.slice(colon + 1);
  }

  /** The value of an attribute of the last `start`, by its local name. */
  attribute(localName: string): string | undefined {
    for (let i = 0; i < this.names.length; i++) {
      const name = this.names[i]!;
      if (name === localName || name.endsWith(`:${localName}`)) return this.values[i];
    }
    return undefined;
  }

  /** @throws XmlReadError */
  next(): XmlToken {
    if (this.#pendingEnd) {
      this.#pendingEnd = false;
      return this.#endElement();
    }
    for (;;) {
      if (this.#pos >= this.#buffer.length && !this.#refill()) return this.#atEnd();
      const start = this.#pos;
      const token = this.#buffer.charCodeAt(start) === 60 /* < */ ? this.#readMarkup() : this.#readText();
      if (token === 'more') {
        this.#pos = start;
        if (this.#buffer.length - start > this.#maxTokenLength) this.#tooLong();
        this.#wanted = this.#buffer.length - start;
        if (!this.#refill()) return this.#atEnd();
        continue;
      }
      if (token === 'skip') continue;
      this.tokenStart = this.#base + start;
      this.tokenEnd = this.#base + this.#pos;
      return token;
    }
  }

  #tooLong(): never {
    throw new XmlReadError(
      'limit',
      `A single value of the answer is longer than ${this.#maxTokenLength} characters.`,
    );
  }

  /** Joins pending pieces; false when there is nothing worth joining yet. */
  #refill(): boolean {
    if (this.#pendingLength === 0) return false;
    if (
      this.#pendingLength < this.#wanted &&
      !this.#ended &&
      this.#wanted + this.#pendingLength <= this.#maxTokenLength
    )
      return false;
    const rest = this.#buffer.length - this.#pos;
    this.#base += this.#pos;
    this.#buffer =
      rest === 0 && this.#pending.length === 1
        ? this.#pending[0]!
        : this.#buffer.slice(this.#pos) + this.#pending.join('');
    this.#pos = 0;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#wanted = 0;
    this.#ampersand = -1;
    return true;
  }

  #atEnd(): XmlToken {
    if (!this.#ended) return 'more';
    if (this.#pos < this.#buffer.length || this.depth > 0 || !this.#sawRoot) {
      throw new XmlReadError(
        'truncated',
        this.depth > 0
          ? `The answer ends inside <${this.#open.at(-1) ?? ''}>.`
          : 'The answer ends too early.',
      );
    }
    return 'done';
  }

  #malformed(message: string): never {
    throw new XmlReadError('malformed', message);
  }

  #readText(): XmlToken | 'skip' {
    const buffer = this.#buffer;
    const start = this.#pos;
    let end = buffer.indexOf('<', start);
    if (end < 0) {
      if (!this.#ended || this.#pendingLength > 0) {
        // Text may be cut in the middle of a reference; white space between elements need not wait.
        return 'more';
      }
      end = buffer.length;
    }
    this.#pos = end;
    const raw = buffer.slice(start, end);
    if (this.depth === 0) {
      if (/[^\s\ufeff]/.test(raw)) this.#malformed('There is text outside the root element.');
      return 'skip';
    }
    this.text = decodeXml(this.decode === undefined ? raw : this.decode(raw));
    return 'text';
  }

  #readMarkup(): XmlToken | 'skip' {
    const buffer = this.#buffer;
    const start = this.#pos;
    const next = buffer.charCodeAt(start + 1);
    if (next !== next) return 'more';
    if (next === 47 /* / */) return this.#readEndTag();
    if (next === 63 /* ? */) return this.#skipTo('?>', 2);
    if (next !== 33 /* ! */) return this.#readStartTag();
    if (buffer.length - start < 9) {
      const head = buffer.slice(start);
      if ('<![CDATA['.startsWith(head) || ('<!--'.startsWith(head) && head.length < 4)) return 'more';
    }
    if (buffer.startsWith('<!--', start)) return this.#skipTo('-->', 4);
    if (buffer.startsWith('<![CDATA[', start)) {
      if (this.depth === 0) this.#malformed('There is text outside the root element.');
      if (this.#skipTo(']]>', 9) === 'more') return 'more';
      const raw = buffer.slice(start + 9, this.#pos - 3);
      this.text = this.decode === undefined ? raw : this.decode(raw);
      return 'text';
    }
    if (
      buffer.length - start < 9 &&
      '<!DOCTYPE'.startsWith(buffer.slice(start).toUpperCase()) &&
      !this.#ended
    ) {
      return 'more';
    }
    return this.#malformed('The answer declares a document type, which is refused.');
  }

  #skipTo(close: string, openLength: number): 'more' | 'skip' {
    const at = this.#buffer.indexOf(close, this.#pos + openLength);
    if (at < 0) return 'more';
    this.#pos = at + close.length;
    return 'skip';
  }

  #readEndTag(): XmlToken {
    const buffer = this.#buffer;
    const start = this.#pos + 2;
    const end = buffer.indexOf('>', start);
    if (end < 0) return 'more';
    const expected = this.#open[this.depth - 1];
    if (expected === undefined) this.#malformed('An element ends that never began.');
    if (!(end - start === expected.length && buffer.startsWith(expected, start))) {
      const name = buffer.slice(start, end).trimEnd();
      if (name !== expected) this.#malformed(`<${expected}> is ended by </${name.slice(0, 60)}>.`);
    }
    this.#pos = end + 1;
    return this.#endElement();
  }

  #endElement(): XmlToken {
    this.depth--;
    this.name = this.#open[this.depth]!;
    return 'end';
  }

  #readStartTag(): XmlToken {
    const buffer = this.#buffer;
    const depth = this.depth;
    if (depth === 0 && this.#sawRoot) this.#malformed('There is a second root element.');
    let pos = this.#pos + 1;

    let name = this.#lastName[depth];
    const afterGuess = name === undefined ? NaN : buffer.charCodeAt(pos + name.length);
    if (
      name !== undefined &&
      isNameEnd(afterGuess) &&
      buffer.startsWith(name, pos) &&
      afterGuess === afterGuess
    ) {
      pos += name.length;
    } else {
      const nameStart = pos;
      while (!isNameEnd(buffer.charCodeAt(pos))) pos++;
      if (pos >= buffer.length) return 'more';
      name = buffer.slice(nameStart, pos);
      if (name === '') this.#malformed('A < is not followed by a name.');
    }

    const guess = this.#lastNames[depth] ?? noNames;
    // As long as last time: an array that grows reserves half as much again.
    const values = new Array<string>(guess.length);
    let names: string[] | undefined;
    let count = 0;
    let isEmpty = false;
    for (;;) {
      let code = buffer.charCodeAt(pos);
      const hadSpace = isSpace(code);
      while (isSpace(code)) code = buffer.charCodeAt(++pos);
      if (code === 62 /* > */) {
        pos++;
        break;
      }
      if (code === 47 /* / */) {
        const close = buffer.charCodeAt(pos + 1);
        if (close !== close) return 'more';
        if (close !== 62) this.#malformed(`<${name}> contains a stray /.`);
        pos += 2;
        isEmpty = true;
        break;
      }
      if (code !== code) return 'more';
      if (!hadSpace) this.#malformed(`The attributes of <${name}> are not separated.`);

      let attribute = guess[count];
      if (
        attribute !== undefined &&
        buffer.charCodeAt(pos + attribute.length) === 61 /* = */ &&
        buffer.startsWith(attribute, pos)
      ) {
        pos += attribute.length;
      } else {
        const nameStart = pos;
        while (!isNameEnd(buffer.charCodeAt(pos))) pos++;
        if (pos >= buffer.length) return 'more';
        attribute = buffer.slice(nameStart, pos);
        if (attribute === '') this.#malformed(`<${name}> has an attribute without a name.`);
        while (isSpace(buffer.charCodeAt(pos))) pos++;
        if (pos >= buffer.length) return 'more';
        if (buffer.charCodeAt(pos) !== 61)
          this.#malformed(`Attribute ${attribute.slice(0, 60)} has no value.`);
        names ??= guess.slice(0, count);
      }
      names?.push(attribute);
      code = buffer.charCodeAt(++pos);
      while (isSpace(code)) code = buffer.charCodeAt(++pos);
      if (code !== code) return 'more';
      if (code !== 34 && code !== 39)
        this.#malformed(`The value of ${attribute.slice(0, 60)} is not quoted.`);
      const valueStart = ++pos;
      pos = buffer.indexOf(code === 34 ? '"' : "'", pos);
      if (pos < 0) return 'more';
      let raw = buffer.slice(valueStart, pos);
      if (this.decode !== undefined) raw = this.decode(raw);
      if (this.#ampersand < valueStart) {
        const at = buffer.indexOf('&', valueStart);
        this.#ampersand = at < 0 ? Infinity : at;
      }
      values[count] = this.#ampersand < pos ? decodeXml(raw) : raw;
      pos++;
      count++;
    }

    if (count < values.length) values.length = count;
    if (names === undefined) names = (count === guess.length ? guess : guess.slice(0, count)) as string[];
    if (depth >= this.#maxDepth) {
      throw new XmlReadError(
        'limit',
        `The elements of the answer are nested more than ${this.#maxDepth} deep.`,
      );
    }
    this.#pos = pos;
    this.#sawRoot = true;
    this.#lastName[depth] = name;
    this.#lastNames[depth] = names;
    this.#open[depth] = name;
    this.depth = depth + 1;
    this.name = name;
    this.names = names;
    this.values = values;
    this.#pendingEnd = isEmpty;
    return 'start';
  }
}

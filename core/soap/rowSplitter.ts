import { XmlReadError } from './xmlReader.ts';

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;

/**
 * Cuts the inside of a collection element into its child elements, while it arrives, without reading what is in them: a
 * large answer is split at the speed of a text search, and only the rows somebody looks at are parsed.
 *
 * Why two searches are enough for most tags: between one `<` and the next there is exactly one tag, because a value
 * cannot hold a `<`. If its first `>` is followed by nothing but white space, then it is the only `>` there, hence the
 * end of the tag. Only a tag followed by text, or with a `>` in a value, is walked through quote by quote.
 */
export class RowSplitter {
  readonly #maxRowLength: number;
  #text = '';
  #pending: string[] = [];
  #pendingLength = 0;
  /** Where to look next. */
  #pos = 0;
  /** Where the row now open began; `-1` between rows. */
  #rowStart = -1;
  #depth = 0;
  /**
   * Length of the unfinished row when it was last looked at: pieces are joined when they double it, so growth stays
   * linear.
   */
  #wanted = 0;
  #isOver = false;
  #isFinished = false;

  /** @param maxRowLength longest row, in characters. */
  constructor(maxRowLength: number) {
    this.#maxRowLength = maxRowLength;
  }

  feed(text: string): void {
    if (text === '') return;
    this.#pending.push(text);
    this.#pendingLength += text.length;
  }

  /** Says that no more will be fed. */
  finish(): void {
    this.#isFinished = true;
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  /** The end tag of the collection was met; {@link rest} begins with it. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** What was fed and not taken. */
  rest(): string {
    return this.#text.slice(this.#pos) + this.#pending.join('');
  }

  /**
   * The next whole rows.
   * @returns the text of `count` neighbouring elements (1 to `maxRows`); `undefined` when there is none yet, or no more.
   * Throws `XmlReadError` when the text cannot be rows.
   */
  take(maxRows: number): { text: string; count: number } | undefined {
    this.#join();
    let count = 0;
    let first = -1;
    let end = -1;
    while (count < maxRows && !this.#isOver) {
      const step = this.#step();
      if (step === 'more') break;
      if (step !== 'row') continue;
      count++;
      if (first < 0) first = this.#rowStart;
      end = this.#pos;
      this.#rowStart = -1;
    }
    const kept = this.#text.length - (this.#rowStart < 0 ? this.#pos : this.#rowStart);
    if (kept + this.#pendingLength > this.#maxRowLength && count === 0) {
      throw new XmlReadError(
        'limit',
        `A single row of the answer is longer than ${this.#maxRowLength} characters.`,
      );
    }
    this.#wanted = count > 0 ? 0 : kept;
    return count === 0 ? undefined : { text: this.#text.slice(first, end), count };
  }

  /** Appends what was fed to what is left. */
  #join(): void {
    if (this.#pendingLength === 0) return;
    if (this.#pendingLength < this.#wanted && !this.#isFinished) return;
    const start = this.#rowStart < 0 ? this.#pos : this.#rowStart;
    this.#text =
      start === this.#text.length && this.#pending.length === 1
        ? this.#pending[0]!
        : this.#text.slice(start) + this.#pending.join('');
    this.#pos -= start;
    if (this.#rowStart >= 0) this.#rowStart = 0;
    this.#pending = [];
    this.#pendingLength = 0;
    this.#wanted = 0;
  }

  /** One piece of markup. `row`: it ended a row; `#rowStart` is still where that began. */
  #step(): 'row' | 'part' | 'more' {
    const text = this.#text;
    const start = text.indexOf('<', this.#pos);
    if (start < 0) {
      // Text, or the space between rows; in a row it is kept anyway.
      this.#pos = text.length;
      return 'more';
    }
    this.#pos = start;
    const next = text.charCodeAt(start + 1);
    if (next === 47 /* / */) {
      if (this.#depth === 0) {
        this.#isOver = true;
        return 'part';
      }
      if (!this.#moveTo(text.indexOf('>', start), 1)) return 'more';
      return --this.#depth === 0 ? 'row' : 'part';
    }
    if (next === 33 /* ! */) return this.#passSection(start);
    if (next === 63 /* ? */) return this.#moveTo(text.indexOf('?>', start), 2) ? 'part' : 'more';
    if (next !== next) return 'more';
    const end = this.#findTagEnd(start);
    if (end < 0) return 'more';
    if (this.#depth === 0) this.#rowStart = start;
    this.#pos = end + 1;
    if (text.charCodeAt(end - 1) === 47) return this.#depth === 0 ? 'row' : 'part';
    this.#depth++;
    return 'part';
  }

  /** Moves past a mark that was found at `at`. */
  #moveTo(at: number, length: number): boolean {
    if (at < 0) return false;
    this.#pos = at + length;
    return true;
  }

  #passSection(start: number): 'part' | 'more' {
    const text = this.#text;
    if (text.startsWith('<!--', start))
      return this.#moveTo(text.indexOf('-->', start + 4), 3) ? 'part' : 'more';
    if (text.startsWith('<![CDATA[', start)) {
      return this.#moveTo(text.indexOf(']]>', start + 9), 3) ? 'part' : 'more';
    }
    const head = text.slice(start, start + 9);
    if (head.length < 9 && ('<![CDATA['.startsWith(head) || '<!--'.startsWith(head))) return 'more';
    throw new XmlReadError('malformed', 'The rows contain a declaration.');
  }

  /** Where the start tag at `start` has its `>`; `-1` when it is not there yet. */
  #findTagEnd(start: number): number {
    const text = this.#text;
    const end = text.indexOf('>', start);
    if (end < 0) return -1;
    const next = text.indexOf('<', start + 1);
    if (next >= 0 && next < end) throw new XmlReadError('malformed', 'A tag of the answer has no end.');
    let pos = end + 1;
    while (isSpace(text.charCodeAt(pos))) pos++;
    if (pos === next) return end;
    return this.#walkTag(start);
  }

  #walkTag(start: number): number {
    const text = this.#text;
    for (let pos = start; ; pos++) {
      const code = text.charCodeAt(pos);
      if (code === 62 /* > */) return pos;
      if (code === 34 || code === 39) {
        pos = text.indexOf(code === 34 ? '"' : "'", pos + 1);
        if (pos < 0) return -1;
      } else if (code !== code) return -1;
    }
  }
}

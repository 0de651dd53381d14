import { code, isLineBreak, isSpace, isXmlNamePart, isXmlNameStart } from './characterClasses.ts';
import { writeCall, type Edit } from './literalCall.ts';
import type { E4xHole, E4xLiteral } from './maskedScript.ts';

/** A line in element content that looks like a statement. Only asked where a literal is known to be broken. */
const statementInContent =
  /[ \t]*(?:default[ \t]+xml[ \t]+namespace\b|(?:delete|new)[ \t]+[\w$]+[.[(]|\(function\b|(?:var|const|let|function)[ \t]+[\w$]|(?:if|for|while|switch|catch)[ \t]*\(|for[ \t]+each\b|(?:return|break|continue|throw)\b[^<>\n]*;|(?:try|do|else|finally)[ \t]*\{|[})\]]|(?![\w:.-]+=["'{][^\n]*>[ \t]*$)[\w$]+(?:\.[\w$@]+|\[[^\]\n]*\])*(?:\(|[ \t]*[-+*]?=[^>])|\/[/*])/my;
/** The same inside a start tag, where `name="…"` and `name={…}` are attributes. */
const statementInTag =
  /[ \t]*(?:default[ \t]+xml[ \t]+namespace\b|(?:delete|new)[ \t]+[\w$]+[.[(]|\(function\b|(?:var|const|let|function)[ \t]+[\w$]|(?:if|for|while|switch|catch)[ \t]*\(|for[ \t]+each\b|(?:return|break|continue|throw)\b[^<>\n=]*;|(?:try|do|else|finally)[ \t]*\{|[})\]]|[\w$]+(?:\.[\w$@]+|\[[^\]\n]*\])*\(|[\w$]+(?:\.[\w$@]+)+(?:[ \t]+=|=(?!["'{]|$)|=[^\n]*;[ \t]*$)|[\w$]+[ \t]*=[ \t]*[^\s"'{=>]|[\w$]+(?:[ \t]+=|=[ \t])[^\n]*;[ \t]*$|\/[/*])/my;
const longestStatementStart = 200;
/** What follows the last end tag of a literal and no other: `);`, `;`, `).ExecuteQuery()`. */
const statementEnd = /[ \t]*(?:[)\]]|\}*;)/y;
const closersOnly = /[)\];,}\s]*(?:\/\/[^\n]*)?$/my;

/** The script around a literal, as its reader sees it. */
export interface LiteralHost {
  readonly source: string;
  /** Where reading is. */
  readonly offset: number;
  moveTo(offset: number): void;
  /** As the `indexOf` of the source, without reading a stretch twice for needles that are looked for again and again. */
  indexOf(needle: string, from: number): number;
  /** So many characters were looked through and then not taken. */
  countReread(count: number): void;
  beginLiteral(literal: E4xLiteral): void;
  addUnclosed(literal: E4xLiteral): void;
  /** Replaces a stretch of markup. @returns the edit, whose text may be set until the script is done. */
  addMarkupEdit(start: number, end: number): Edit;
  /**
   * Reads the hole at the offset. @returns its range, braces included; `undefined` when it is unclosed and the literal
   * is being read strictly. An unclosed hole ends at the end of its tag or its line.
   */
  readHole(limit: number, strict: boolean): E4xHole | undefined;
  /** False where literals are nested so deep that none gets a function of its own. */
  readonly canGetCallee: boolean;
}

/** Reads one literal: strictly, or so that a broken one ends where the script seems to go on. */
export class LiteralReader {
  private readonly host: LiteralHost;
  private readonly text: string;
  private readonly limit: number;
  private readonly strict: boolean;
  private readonly literal: E4xLiteral;
  /** Names of the open elements; `undefined` for a computed name. */
  private readonly open: (string | undefined)[] = [];
  /** How many of them have which name; only kept while recovering, so that no end tag is looked for in vain. */
  private readonly openCounts: Map<string, number> | undefined;
  /** The stretches of markup between the holes. */
  private readonly edits: Edit[] = [];
  private stretchStart: number;
  private isDone = false;

  constructor(host: LiteralHost, limit: number, strict: boolean) {
    this.host = host;
    this.text = host.source;
    this.limit = limit;
    this.strict = strict;
    this.openCounts = strict ? undefined : new Map();
    const start = host.offset;
    this.stretchStart = start;
    this.literal = { start, end: start, rootName: '', holes: [], callee: '', closed: true };
  }

  /** @returns false when read strictly and broken. */
  read(): boolean {
    this.host.beginLiteral(this.literal);
    if (!this.readMarkup()) return false;
    while (!this.isDone && this.open.length > 0) {
      if (this.host.offset >= this.limit) {
        if (this.strict) return false;
        this.giveUp(this.limit);
      } else if (!this.readContent()) return false;
    }
    this.finish();
    return true;
  }

  private giveUp(end: number): true {
    this.host.moveTo(Math.max(end, this.literal.start + 1));
    this.literal.closed = false;
    this.isDone = true;
    return true;
  }

  /**
   * At a line break before a line that looks like a statement. Where that is the rest of the one around the literal,
   * `);` below what is being typed, its indentation is of the literal still: the next element is typed there.
   */
  private giveUpBeforeLine(lineBreak: number): true {
    const first = this.skipBlanks(lineBreak + 1);
    const c = this.text.charCodeAt(first);
    const isCloser = c === code.parenRight || c === code.bracketRight || c === code.braceRight;
    return this.giveUp(isCloser ? first : lineBreak);
  }

  private finish(): void {
    const { literal, host } = this;
    literal.end = host.offset;
    this.edits.push(host.addMarkupEdit(this.stretchStart, literal.end));
    writeCall(this.text, this.edits, literal, host.canGetCallee);
    if (!literal.closed) host.addUnclosed(literal);
  }

  private readHole(): boolean {
    const { host } = this;
    const start = host.offset;
    const edit = host.addMarkupEdit(this.stretchStart, start + 1);
    const hole = host.readHole(this.limit, this.strict);
    if (hole === undefined) return false;
    this.edits.push(edit);
    this.literal.holes.push(hole);
    this.stretchStart = hole.closed ? hole.end - 1 : hole.end;
    return true;
  }

  /** One piece of element content. */
  private readContent(): boolean {
    const { text, host, limit } = this;
    let at = host.offset;
    for (; at < limit; at++) {
      const c = text.charCodeAt(at);
      if (c === code.less || c === code.braceLeft) break;
      if (c === code.lineFeed && !this.strict && this.startsStatement(statementInContent, at + 1))
        return this.giveUpBeforeLine(at);
    }
    host.moveTo(at);
    if (at >= limit) return true;
    return text.charCodeAt(at) === code.braceLeft ? this.readHole() : this.readMarkup();
  }

  private startsStatement(pattern: RegExp, lineStart: number): boolean {
    const line = this.text.slice(lineStart, Math.min(this.limit, lineStart + longestStatementStart));
    pattern.lastIndex = 0;
    return pattern.test(line);
  }

  /** At `<`. */
  private readMarkup(): boolean {
    const { text, host } = this;
    const start = host.offset;
    const c = text.charCodeAt(start + 1);
    if (c === code.exclamation) {
      if (text.startsWith('<!--', start)) return this.readSection('<!--', '-->', start);
      if (text.startsWith('<![CDATA[', start)) return this.readSection('<![CDATA[', ']]>', start);
    }
    if (c === code.question) return this.readSection('<?', '?>', start);
    if (c === code.slash) return this.readEndTag();
    if (isXmlNameStart(c) || c === code.greater || c === code.braceLeft) return this.readStartTag();
    if (this.open.length === 0) return this.strict ? false : this.giveUp(this.lineEnd(start));
    // A bare `<` in text is not well formed, but its meaning is plain.
    host.moveTo(start + 1);
    return true;
  }

  /** A comment, character data or a processing instruction. */
  private readSection(open: string, close: string, start: number): boolean {
    const { host, limit } = this;
    const from = start + open.length;
    const at = host.indexOf(close, from);
    const isFound = at >= 0 && at + close.length <= limit;
    if (isFound && !this.isEndOfAnother(open, from, at)) {
      host.moveTo(at + close.length);
      return true;
    }
    if (this.strict) return false;
    const end = this.lineEnd(from);
    return this.open.length === 0 ? this.giveUp(end) : (host.moveTo(end), true);
  }

  /**
   * Was a section never closed, so that the end found for it is that of a later one, or no end at all? In an element that
   * is whole it may contain what it likes; but nobody assigns a comment of half a script.
   */
  private isEndOfAnother(open: string, from: number, end: number): boolean {
    const isData = open === '<![CDATA[';
    const containsOpen = this.isBetween(open, from, end);
    // Only character data may contain its own beginning; scripts are kept in it, too.
    if (isData)
      return containsOpen && (!this.strict || (this.open.length === 0 && this.containsCode(from, end)));
    return containsOpen || ((!this.strict || this.open.length === 0) && this.containsCode(from, end));
  }

  private containsCode(start: number, end: number): boolean {
    for (let at = this.host.indexOf('\n', start); at >= 0 && at < end; at = this.host.indexOf('\n', at + 1)) {
      if (this.startsStatement(statementInContent, at + 1)) {
        this.host.countReread(at - start);
        return true;
      }
    }
    return false;
  }

  private isBetween(needle: string, from: number, end: number): boolean {
    const at = this.host.indexOf(needle, from);
    return at >= 0 && at < end;
  }

  private lineEnd(from: number): number {
    let at = from;
    while (at < this.limit && !isLineBreak(this.text.charCodeAt(at))) at++;
    return at;
  }

  private skipSpace(from: number): number {
    let at = from;
    while (at < this.limit && isSpace(this.text.charCodeAt(at))) at++;
    return at;
  }

  /** As {@link skipSpace}, on the line. */
  private skipBlanks(from: number): number {
    let at = from;
    while (at < this.limit && isSpace(this.text.charCodeAt(at)) && !isLineBreak(this.text.charCodeAt(at)))
      at++;
    return at;
  }

  private nameEnd(from: number): number {
    let at = from;
    while (at < this.limit && isXmlNamePart(this.text.charCodeAt(at))) at++;
    return at;
  }

  private readEndTag(): boolean {
    const { text, host } = this;
    // What is on the next line is no name of an end tag that is being typed.
    const tagStart = host.offset + 2;
    const nameStart = this.strict ? this.skipSpace(tagStart) : this.skipBlanks(tagStart);
    let name: string | undefined;
    let at = nameStart;
    if (text.charCodeAt(at) === code.braceLeft) {
      host.moveTo(at);
      if (!this.readHole()) return false;
      at = host.offset;
    } else {
      at = this.nameEnd(nameStart);
      name = text.slice(nameStart, at);
    }
    const close = this.skipSpace(at);
    const isClosed = text.charCodeAt(close) === code.greater;
    if (isClosed) at = close + 1;
    const expected = this.open.at(-1);
    const matches = name === undefined || expected === undefined || expected === name;
    if (this.strict) {
      if (!matches || !isClosed) return false;
      this.open.pop();
    } else if (name === '' && !isClosed) {
      // Only the `</` is typed yet.
      host.moveTo(tagStart);
      return true;
    } else if (matches) {
      this.closeElement();
      // The last one without its `>`: there is more to type.
      if (!isClosed && this.open.length === 0) return this.giveUp(at);
    } else if ((this.openCounts?.get(name ?? '') ?? 0) > 0) while (this.closeElement() !== name);
    else if (this.endsStatement(at)) return this.giveUp(at);
    host.moveTo(at);
    return true;
  }

  private openElement(name: string | undefined): void {
    this.open.push(name);
    if (name !== undefined) this.openCounts?.set(name, (this.openCounts.get(name) ?? 0) + 1);
  }

  private closeElement(): string | undefined {
    const name = this.open.pop();
    if (name !== undefined) this.openCounts?.set(name, (this.openCounts.get(name) ?? 1) - 1);
    return name;
  }

  /** Does a statement end here? Then the end tag before it, which no element has, is that of the literal. */
  private endsStatement(at: number): boolean {
    statementEnd.lastIndex = 0;
    return statementEnd.test(this.text.slice(at, Math.min(this.limit, at + longestStatementStart)));
  }

  private readStartTag(): boolean {
    const { text, host, limit } = this;
    const start = host.offset;
    const isRoot = this.open.length === 0;
    let name: string | undefined;
    if (text.charCodeAt(start + 1) === code.braceLeft) {
      host.moveTo(start + 1);
      if (!this.readHole()) return false;
    } else {
      host.moveTo(this.nameEnd(start + 1));
      name = text.slice(start + 1, host.offset);
    }
    if (isRoot) this.literal.rootName = name ?? '';
    for (;;) {
      let at = host.offset;
      for (; at < limit && isSpace(text.charCodeAt(at)); at++) {
        if (
          !this.strict &&
          text.charCodeAt(at) === code.lineFeed &&
          this.startsStatement(statementInTag, at + 1)
        ) {
          return this.giveUpBeforeLine(at);
        }
      }
      host.moveTo(at);
      if (at >= limit) return this.strict ? false : this.giveUp(limit);
      const c = text.charCodeAt(at);
      if (c === code.greater) {
        this.openElement(name);
        host.moveTo(at + 1);
        return true;
      }
      if (c === code.slash && text.charCodeAt(at + 1) === code.greater) {
        host.moveTo(at + 2);
        return true;
      }
      if (c === code.braceLeft) {
        if (!this.readHole()) return false;
        const equals = this.skipSpace(host.offset);
        if (text.charCodeAt(equals) === code.equals) {
          host.moveTo(equals + 1);
          if (!this.readValue()) return false;
        }
      } else if (isXmlNameStart(c)) {
        const nameEnd = this.nameEnd(at);
        const equals = this.skipSpace(nameEnd);
        const hasValue = text.charCodeAt(equals) === code.equals;
        if (!hasValue && this.strict) return false;
        host.moveTo(hasValue ? equals + 1 : nameEnd);
        if (hasValue && !this.readValue()) return false;
      } else {
        if (this.strict) return false;
        if (c === code.less) {
          this.openElement(name);
          return true;
        }
        if (c === code.parenRight || c === code.semicolon) {
          closersOnly.lastIndex = at;
          if (closersOnly.test(text.slice(0, Math.min(limit, at + longestStatementStart))))
            return this.giveUp(at);
        }
        host.moveTo(at + 1);
      }
    }
  }

  /** Behind the `=` of an attribute. */
  private readValue(): boolean {
    const { text, host, limit } = this;
    const start = this.skipSpace(host.offset);
    const quote = text.charCodeAt(start);
    if (quote === code.braceLeft) {
      host.moveTo(start);
      return this.readHole();
    }
    if (quote !== code.quotation && quote !== code.apostrophe) {
      if (this.strict) return false;
      // Nothing typed yet, or a value without quotes.
      if (start > host.offset) return true;
      let at = start;
      while (at < limit && !isSpace(text.charCodeAt(at)) && text.charCodeAt(at) !== code.greater) at++;
      if (text.charCodeAt(at) === code.greater && text.charCodeAt(at - 1) === code.slash && at - 1 >= start)
        at--;
      host.moveTo(at);
      return true;
    }
    const close = text.indexOf(text.charAt(start), start + 1);
    const isFound = close >= 0 && close < limit;
    if (isFound && this.isValueEnd(close + 1)) {
      if (this.strict || !this.runsIntoCode(start + 1, close)) {
        host.moveTo(close + 1);
        return true;
      }
    } else if (this.strict) return false;
    return this.closeValueAtLineEnd(start, isFound ? close : limit);
  }

  /** What may follow a closing quote. Anything else means that the quote opened the next value. */
  private isValueEnd(at: number): boolean {
    const c = this.text.charCodeAt(at);
    return at >= this.limit || isSpace(c) || c === code.slash || c === code.greater || c === code.question;
  }

  /** A later line of the value begins with `<`, or looks like a statement: the quote was never closed. */
  private runsIntoCode(start: number, end: number): boolean {
    for (let at = this.text.indexOf('\n', start); at >= 0 && at < end; at = this.text.indexOf('\n', at + 1)) {
      const first = this.skipSpace(at + 1);
      if (this.text.charCodeAt(first) === code.less || this.startsStatement(statementInTag, at + 1))
        return true;
    }
    return false;
  }

  private closeValueAtLineEnd(start: number, lookedTo: number): true {
    const { text, host } = this;
    const lineEnd = this.lineEnd(start + 1);
    if (lookedTo > lineEnd) host.countReread(lookedTo - lineEnd);
    else {
      // The quote is on this line and something is glued to it.
      host.moveTo(lookedTo + 1);
      return true;
    }
    let end = lineEnd;
    while (end > start + 1 && isSpace(text.charCodeAt(end - 1))) end--;
    const tagEnd = /\/?>[)\];,]*$/.exec(text.slice(Math.max(start + 1, end - 40), end));
    host.moveTo(tagEnd === null ? lineEnd : end - tagEnd[0].length);
    return true;
  }
}

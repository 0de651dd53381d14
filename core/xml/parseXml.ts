import { decodeXml } from './entities.ts';
import type {
  TextRange,
  XmlAttribute,
  XmlDocument,
  XmlElement,
  XmlProblem,
  XmlProblemCode,
} from './xmlTree.ts';

/** Options of {@link parseXml}. */
export interface ParseXmlOptions {
  /** First offset to read. Default 0. */
  start?: number;
  /** Offset to stop at. Default the length of the text. */
  end?: number;
  /** E4X: the embedded expressions `{…}` of the literal, braces included, in order. Default none. */
  holes?: readonly TextRange[];
}

/** Deeper elements are kept as siblings; no Campaign document comes near, and nothing that walks the tree overflows. */
const maxDepth = 512;

const isSpace = (code: number): boolean => code === 32 || code === 10 || code === 13 || code === 9;
const isNameStart = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code === 58 || code > 127;
const isName = (code: number): boolean =>
  isNameStart(code) || (code >= 48 && code <= 57) || code === 45 || code === 46;

/**
 * Reads XML as a person types it: half-written tags, quotes and elements give a tree and problems, never an exception.
 * Linear in the length of the text. Document types are skipped, so no entity can be declared.
 *
 * Recovery: an attribute value without its closing quote ends with its line when a later line starts with `<`; a start
 * tag that runs into `<` ends there; an end tag closes the nearest open element of its name.
 */
export function parseXml(text: string, options: ParseXmlOptions = {}): XmlDocument {
  return new XmlParser(text, options).parse();
}

class XmlParser {
  private readonly text: string;
  private readonly end: number;
  private readonly holes: readonly TextRange[];
  private readonly problems: XmlProblem[] = [];
  private readonly document: XmlDocument = { root: undefined, nodes: [], problems: this.problems };
  private readonly open: XmlElement[] = [];
  private pos: number;
  private nextHole = 0;

  constructor(text: string, options: ParseXmlOptions) {
    this.text = text;
    this.pos = options.start ?? 0;
    this.end = Math.min(options.end ?? text.length, text.length);
    this.holes = options.holes ?? [];
  }

  parse(): XmlDocument {
    while (this.pos < this.end) {
      const hole = this.holeAt(this.pos);
      if (hole !== undefined) {
        this.addText(hole.start, hole.end, '', false, true);
        this.pos = hole.end;
      } else if (this.text.charCodeAt(this.pos) === 60 /* < */) this.parseMarkup();
      else this.parseText();
    }
    for (const element of this.open) {
      element.end = this.end;
      this.problem('element-unclosed', element.start, element.nameEnd, `<${element.name}> has no end tag.`);
    }
    const roots = this.document.nodes.filter((node) => node.kind === 'element');
    const extra = roots[1];
    if (extra !== undefined) {
      this.problem('not-one-root', extra.start, extra.nameEnd, 'A document has one root element.');
    }
    this.document.root = roots[0];
    return this.document;
  }

  /** The hole that starts at `offset`. Holes are asked for in rising order only, so one cursor is enough. */
  private holeAt(offset: number): TextRange | undefined {
    while (this.nextHole < this.holes.length && this.holes[this.nextHole]!.start < offset) this.nextHole++;
    const hole = this.holes[this.nextHole];
    return hole?.start === offset && hole.end > offset ? hole : undefined;
  }

  private problem(code: XmlProblemCode, start: number, end: number, message: string): void {
    this.problems.push({ code, start, end, message });
  }

  private parseText(): void {
    const start = this.pos;
    let stop = this.text.indexOf('<', start);
    if (stop < 0 || stop > this.end) stop = this.end;
    this.holeAt(start);
    const hole = this.holes[this.nextHole];
    if (hole !== undefined && hole.start < stop) stop = hole.start;
    this.pos = stop;
    this.addText(start, stop, decodeXml(this.text.slice(start, stop)), false, false);
  }

  private addText(start: number, end: number, value: string, cdata: boolean, hole: boolean): void {
    const parent = this.open.at(-1);
    (parent?.children ?? this.document.nodes).push({ kind: 'text', start, end, value, cdata, hole, parent });
  }

  private parseMarkup(): void {
    const { text, pos } = this;
    const next = text.charCodeAt(pos + 1);
    if (next === 47 /* / */) this.parseEndTag();
    else if (next === 33 /* ! */) {
      if (text.startsWith('<!--', pos)) this.skipSection('-->', 4);
      else if (text.startsWith('<![CDATA[', pos)) {
        const close = this.skipSection(']]>', 9);
        this.addText(pos, this.pos, text.slice(pos + 9, close), true, false);
      } else this.skipDeclaration();
    } else if (next === 63 /* ? */) this.skipSection('?>', 2);
    else this.parseStartTag();
  }

  /** Moves past a section and returns where its closing mark begins. */
  private skipSection(close: string, openLength: number): number {
    const at = this.text.indexOf(close, this.pos + openLength);
    if (at >= 0 && at + close.length <= this.end) {
      this.pos = at + close.length;
      return at;
    }
    this.problem('section-unclosed', this.pos, this.pos + openLength, `This section has no ${close}`);
    this.pos = this.end;
    return this.end;
  }

  /** `<!DOCTYPE …>`, with its internal subset, is passed over unread. */
  private skipDeclaration(): void {
    let depth = 0;
    for (let i = this.pos + 2; i < this.end; i++) {
      const code = this.text.charCodeAt(i);
      if (code === 91 /* [ */) depth++;
      else if (code === 93 /* ] */) depth--;
      else if (code === 62 /* > */ && depth <= 0) {
        this.pos = i + 1;
        return;
      }
    }
    this.problem('section-unclosed', this.pos, this.pos + 2, 'This declaration has no >');
    this.pos = this.end;
  }

  private readName(): string {
    const start = this.pos;
    while (this.pos < this.end && isName(this.text.charCodeAt(this.pos))) this.pos++;
    return this.text.slice(start, this.pos);
  }

  private skipSpace(): void {
    while (this.pos < this.end && isSpace(this.text.charCodeAt(this.pos))) this.pos++;
  }

  private parseEndTag(): void {
    const start = this.pos;
    this.pos += 2;
    const hole = this.holeAt(this.pos);
    let name: string | undefined;
    if (hole !== undefined) this.pos = hole.end;
    else name = this.readName();
    this.skipSpace();
    const closed = this.text.charCodeAt(this.pos) === 62 && this.pos < this.end;
    if (closed) this.pos++;
    else this.problem('tag-unclosed', start, this.pos, 'This end tag has no >');
    // `</` and `</{expr}>` close whatever is open.
    const anything = name === undefined || (name === '' && !closed);
    let index = this.open.length - 1;
    if (!anything)
      while (index >= 0 && this.open[index]!.name !== name && this.open[index]!.name !== '') index--;
    if (index < 0) {
      this.problem('end-tag-unexpected', start, this.pos, `There is no open <${name ?? ''}> to close.`);
      return;
    }
    for (const skipped of this.open.splice(index + 1)) {
      skipped.end = start;
      this.problem('element-unclosed', skipped.start, skipped.nameEnd, `<${skipped.name}> has no end tag.`);
    }
    const element = this.open.pop()!;
    element.closeStart = start;
    element.end = this.pos;
  }

  private parseStartTag(): void {
    const start = this.pos;
    this.pos++;
    const nameStart = this.pos;
    const hole = this.holeAt(nameStart);
    if (hole !== undefined) this.pos = hole.end;
    const name = hole === undefined ? this.readName() : '';
    const nameEnd = this.pos;
    const isList = this.text.charCodeAt(this.pos) === 62;
    if (name === '' && hole === undefined && !isList && !this.looksLikeTag(start)) {
      // A bare `<` in text, as half-typed or careless documents have it.
      this.addText(start, this.pos, '<', false, false);
      this.problem('tag-unclosed', start, this.pos, 'A < begins a tag; write &lt; for the character.');
      return;
    }
    this.closeForgottenSibling(name);
    const parent = this.open.at(-1);
    const element: XmlElement = {
      kind: 'element',
      name,
      localName: name.slice(name.indexOf(':') + 1),
      start,
      nameStart,
      nameEnd,
      end: nameEnd,
      openEnd: nameEnd,
      closeStart: -1,
      selfClosing: false,
      openTagClosed: false,
      attributes: [],
      children: [],
      parent,
    };
    (parent?.children ?? this.document.nodes).push(element);
    this.parseAttributes(element);
    element.openEnd = element.end = this.pos;
    if (element.selfClosing) return;
    if (this.open.length < maxDepth) this.open.push(element);
    else this.problem('too-deep', start, nameEnd, `Elements are nested more than ${maxDepth} deep.`);
  }

  /** `<` followed by white space, an end, or another tag is something a person is about to write. */
  private looksLikeTag(start: number): boolean {
    const next = this.text.charCodeAt(start + 1);
    return start + 1 >= this.end || next === 10 || next === 13 || next === 60;
  }

  /** `<node expr="a"` followed by `<node …`: the first was meant to be a sibling, not a parent. */
  private closeForgottenSibling(name: string): void {
    const last = this.open.at(-1);
    if (last !== undefined && !last.openTagClosed && last.name === name && name !== '') this.open.pop();
  }

  private parseAttributes(element: XmlElement): void {
    const seen = new Set<string>();
    for (;;) {
      this.skipSpace();
      if (this.pos >= this.end) break;
      const code = this.text.charCodeAt(this.pos);
      if (code === 62 /* > */) {
        this.pos++;
        element.openTagClosed = true;
        return;
      }
      if (code === 47 /* / */) {
        this.pos++;
        if (this.text.charCodeAt(this.pos) === 62 && this.pos < this.end) {
          this.pos++;
          element.openTagClosed = element.selfClosing = true;
          return;
        }
        continue;
      }
      if (code === 60 /* < */) break;
      const hole = this.holeAt(this.pos);
      if (hole === undefined && !isNameStart(code)) {
        this.pos++;
        continue;
      }
      this.parseAttribute(element, hole, seen);
    }
    this.problem('tag-unclosed', element.start, element.nameEnd, `<${element.name}> has no >`);
  }

  private parseAttribute(element: XmlElement, nameHole: TextRange | undefined, seen: Set<string>): void {
    const start = this.pos;
    if (nameHole !== undefined) this.pos = nameHole.end;
    const name = nameHole === undefined ? this.readName() : '';
    const nameEnd = this.pos;
    const attribute: XmlAttribute = {
      name,
      start,
      end: nameEnd,
      nameEnd,
      valueStart: nameEnd,
      valueEnd: nameEnd,
      value: '',
      hasValue: false,
      closed: false,
      hole: nameHole !== undefined,
      parent: element,
    };
    element.attributes.push(attribute);
    if (name !== '' && seen.has(name)) {
      this.problem('attribute-duplicate', start, nameEnd, `Attribute ${name} is given twice.`);
    }
    seen.add(name);
    this.skipSpace();
    if (this.text.charCodeAt(this.pos) !== 61 /* = */ || this.pos >= this.end) {
      if (nameHole === undefined) {
        this.problem('attribute-no-value', start, nameEnd, `Attribute ${name} has no value.`);
      }
      return;
    }
    this.pos++;
    attribute.end = attribute.valueStart = attribute.valueEnd = this.pos;
    this.skipSpace();
    const valueHole = this.holeAt(this.pos);
    const quote = this.text.charCodeAt(this.pos);
    if (valueHole !== undefined) {
      attribute.valueStart = valueHole.start;
      attribute.valueEnd = attribute.end = this.pos = valueHole.end;
      attribute.hasValue = attribute.closed = attribute.hole = true;
    } else if ((quote === 34 || quote === 39) && this.pos < this.end) this.parseQuoted(attribute, quote);
    else this.parseUnquoted(attribute);
  }

  private parseQuoted(attribute: XmlAttribute, quote: number): void {
    const open = this.pos;
    const { text, end } = this;
    let close = text.indexOf(String.fromCharCode(quote), open + 1);
    if (close >= end) close = -1;
    const lineEnd = this.lineEnd(open);
    const runsIntoMarkup = close < 0 || (close > lineEnd && this.hasMarkupLine(lineEnd, close));
    if (!runsIntoMarkup) {
      attribute.closed = true;
      attribute.valueEnd = close;
      this.pos = close + 1;
    } else {
      // Leave the tag's own `>` or `/>` outside the value. Without one, spaces at the end were typed for what comes next.
      const lineStop = Math.min(text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd, end);
      let stop = lineStop;
      while (stop > open + 1 && isSpace(text.charCodeAt(stop - 1))) stop--;
      const endsTag = text.charCodeAt(stop - 1) === 62 && stop > open + 1;
      if (endsTag) stop--;
      if (text.charCodeAt(stop - 1) === 47 && text.charCodeAt(stop) === 62) stop--;
      if (!endsTag) stop = Math.max(open + 1, lineStop);
      const markup = text.indexOf('<', open + 1);
      if (markup >= 0 && markup < stop && close < 0)
        stop = Math.max(open + 1, this.trimEnd(open + 1, markup));
      attribute.valueEnd = stop;
      this.pos = stop;
      this.problem(
        'attribute-unclosed',
        attribute.start,
        stop,
        `The value of ${attribute.name} has no closing quote.`,
      );
    }
    attribute.valueStart = open + 1;
    attribute.hasValue = true;
    attribute.end = this.pos;
    attribute.value = decodeXml(text.slice(attribute.valueStart, attribute.valueEnd));
  }

  private parseUnquoted(attribute: XmlAttribute): void {
    const start = this.pos;
    while (this.pos < this.end) {
      const code = this.text.charCodeAt(this.pos);
      if (isSpace(code) || code === 62 || code === 60) break;
      if (code === 47 && this.text.charCodeAt(this.pos + 1) === 62) break;
      this.pos++;
    }
    if (this.pos === start) {
      this.problem(
        'attribute-no-value',
        attribute.start,
        this.pos,
        `Attribute ${attribute.name} has no value.`,
      );
      return;
    }
    attribute.valueStart = start;
    attribute.valueEnd = attribute.end = this.pos;
    attribute.hasValue = attribute.closed = true;
    attribute.value = decodeXml(this.text.slice(start, this.pos));
    this.problem('attribute-unquoted', start, this.pos, `The value of ${attribute.name} needs quotes.`);
  }

  private trimEnd(start: number, stop: number): number {
    let at = stop;
    while (at > start && isSpace(this.text.charCodeAt(at - 1))) at--;
    return at;
  }

  private lineEnd(offset: number): number {
    const at = this.text.indexOf('\n', offset);
    return at < 0 || at > this.end ? this.end : at;
  }

  /** Does a line between the two offsets begin with `<`? A person's value never does; a forgotten quote always will. */
  private hasMarkupLine(from: number, to: number): boolean {
    for (let line = from; line < to; line = this.lineEnd(line + 1)) {
      let at = line;
      while (at < to && isSpace(this.text.charCodeAt(at))) at++;
      if (at < to && this.text.charCodeAt(at) === 60) return true;
      if (at > line + 1) line = at - 1;
    }
    return false;
  }
}

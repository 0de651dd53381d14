import { parseXml } from '../../core/xml/parseXml.ts';
import {
  attributeValue,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
} from '../../core/xml/xmlTree.ts';

/** How a document is indented. */
export interface FormatOptions {
  /** One level: spaces or a tab. */
  indent: string;
  /** Columns a tab takes. Default 4; it only matters for how long a line is. */
  tabSize?: number;
  /** Longest line, in columns, before the attributes of a tag go on lines of their own. Default 100. */
  width?: number;
}

/** A replacement; offsets are those of the text before any edit. */
export interface XmlEdit extends TextRange {
  newText: string;
}

/** Comments, processing instructions and declarations are in the text but not in the tree. */
const betweenNodes = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<![^[>]*(?:\[[\s\S]*?\]\s*)?>/g;
/** What XML calls white space. A no-break space is text. */
const space = /[ \t\r\n]/;
const isBlank = (text: string): boolean => /^[ \t\r\n]*$/.test(text);

/**
 * Formats an XML document: an element a line, children indented. Attribute values, text, CDATA and comments keep every
 * character; one blank line between elements survives, and so does a comment behind an element.
 * @returns the new text, or `undefined` when the document is not well-formed and nothing should be touched.
 */
export function formatXml(text: string, options: FormatOptions): string | undefined {
  const mark = text.startsWith('\uFEFF') ? '\uFEFF' : '';
  const body = text.slice(mark.length);
  const document = parseXml(body);
  if (document.problems.length > 0 || document.root === undefined) return undefined;
  const writer = new XmlFormatter(body, options);
  writer.writeNodes(document.nodes, { start: 0, end: body.length }, 0);
  const formatted = mark + writer.finish();
  // Invariant: formatting changes white space only. Better no formatting than a lost character.
  return withoutSpace(formatted) === withoutSpace(text) ? formatted : undefined;
}

/**
 * The same as edits of the white space between what stays, so that the cursor and folded parts stay where they are.
 * @param range formats only the lines it touches, the way they would look in the whole document.
 * @returns no edits when there is nothing to change, or the document is not well-formed.
 */
export function formatXmlEdits(text: string, options: FormatOptions, range?: TextRange): XmlEdit[] {
  const formatted = formatXml(text, options);
  if (formatted === undefined) return [];
  const edits = spaceEdits(text, formatted);
  if (range === undefined) return edits;
  const start = text.lastIndexOf('\n', range.start - 1) + 1;
  const lineEnd = text.indexOf('\n', range.end);
  const end = lineEnd < 0 ? text.length : lineEnd;
  return edits.filter((edit) => edit.end >= start && edit.start < end);
}

const withoutSpace = (text: string): string => text.replace(/[ \t\r\n]+/g, '');

/** Both texts differ in white space only. */
function spaceEdits(before: string, after: string): XmlEdit[] {
  const edits: XmlEdit[] = [];
  let at = 0;
  let other = 0;
  while (at < before.length || other < after.length) {
    const start = at;
    const otherStart = other;
    while (at < before.length && space.test(before[at]!)) at++;
    while (other < after.length && space.test(after[other]!)) other++;
    const newText = after.slice(otherStart, other);
    if (before.slice(start, at) !== newText) edits.push({ start, end: at, newText });
    while (at < before.length && other < after.length) {
      if (space.test(before[at]!) || space.test(after[other]!)) break;
      at++;
      other++;
    }
  }
  return edits;
}

class XmlFormatter {
  private readonly text: string;
  private readonly options: FormatOptions;
  private readonly newline: string;
  private readonly lines: string[] = [];

  constructor(text: string, options: FormatOptions) {
    this.text = text;
    this.newline = text.includes('\r\n') ? '\r\n' : '\n';
    this.options = options;
  }

  finish(): string {
    while (this.lines.at(-1) === '') this.lines.pop();
    const end = /\n[ \t\r\n]*$/.test(this.text) ? this.newline : '';
    return this.lines.join(this.newline) + end;
  }

  /** Writes what is between two offsets: elements, and the comments in the gaps the tree leaves. */
  writeNodes(nodes: readonly XmlNode[], range: TextRange, depth: number): void {
    let at = range.start;
    for (const node of nodes) {
      this.writeGap(at, node.start, depth);
      if (node.kind === 'element') this.writeElement(node, depth);
      else if (isBlank(this.text.slice(node.start, node.end))) this.keepBlankLine(node);
      else this.push(this.text.slice(node.start, node.end), depth);
      at = node.end;
    }
    this.writeGap(at, range.end, depth);
  }

  private writeGap(start: number, end: number, depth: number): void {
    for (const match of this.text.slice(start, end).matchAll(betweenNodes)) {
      if (this.isRemark(start + match.index, match[0])) this.lines.push(`${this.lines.pop()!} ${match[0]}`);
      else this.push(match[0], depth);
    }
  }

  /** A comment that ends a line says something about what stands before it on the line. */
  private isRemark(offset: number, markup: string): boolean {
    const last = this.lines.at(-1) ?? '';
    if (!markup.startsWith('<!--') || last === '' || last.endsWith('?>')) return false;
    let before = offset - 1;
    while (this.text[before] === ' ' || this.text[before] === '\t') before--;
    let after = offset + markup.length;
    while (this.text[after] === ' ' || this.text[after] === '\t') after++;
    const endsLine = after >= this.text.length || this.text[after] === '\n' || this.text[after] === '\r';
    return endsLine && this.text[before] === '>';
  }

  /** A person's empty line, but neither the first nor the last of its parent. */
  private keepBlankLine(node: TextRange): void {
    const isEmptyLine = (this.text.slice(node.start, node.end).match(/\n/g)?.length ?? 0) > 1;
    if (isEmptyLine && this.lines.length > 0 && this.lines.at(-1) !== '') this.lines.push('');
  }

  private push(text: string, depth: number): void {
    this.lines.push(this.options.indent.repeat(depth) + text);
  }

  private writeElement(element: XmlElement, depth: number): void {
    const inside = { start: element.openEnd, end: element.closeStart };
    const tag = this.startTag(element, depth);
    const content = element.selfClosing ? '' : this.text.slice(inside.start, inside.end);
    if (element.selfClosing) {
      this.push(`${tag}/>`, depth);
    } else if (isText(element) || (isBlank(content) && !content.includes('\n'))) {
      this.push(`${tag}>${content}</${element.name}>`, depth);
    } else if (isBlank(content)) {
      this.push(`${tag}></${element.name}>`, depth);
    } else {
      this.push(`${tag}>`, depth);
      const first = this.lines.length;
      this.writeNodes(element.children, inside, depth + 1);
      if (this.lines[first] === '') this.lines.splice(first, 1);
      if (this.lines.at(-1) === '') this.lines.pop();
      this.push(`</${element.name}>`, depth);
    }
  }

  /** The start tag without its end, on one line if that fits. */
  private startTag(element: XmlElement, depth: number): string {
    const { indent, tabSize = 4, width = 100 } = this.options;
    const attributes = element.attributes.map((attribute) => this.attributeText(attribute));
    const line = [`<${element.name}`, ...attributes].join(' ');
    const columns = depth * indent.replaceAll('\t', ' '.repeat(tabSize)).length + line.length;
    const endLength = element.selfClosing ? 2 : 1;
    if (columns + endLength <= width || attributes.length < 2) return line;
    return [`<${element.name}`, ...attributes].join(this.newline + indent.repeat(depth + 2));
  }

  private attributeText({ name, valueStart, valueEnd }: XmlAttribute): string {
    const quote = this.text.charAt(valueStart - 1);
    return `${name}=${quote}${this.text.slice(valueStart, valueEnd)}${quote}`;
  }
}

/** An element with text in it: white space may be part of what it says. */
function isText(element: XmlElement): boolean {
  if (attributeValue(element, 'xml:space') === 'preserve') return true;
  return element.children.some((child) => child.kind === 'text' && (child.cdata || !isBlank(child.value)));
}

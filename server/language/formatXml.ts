import { parseXml } from '../../core/xml/parseXml.ts';
import type { TextRange, XmlAttribute, XmlElement, XmlNode } from '../../core/xml/xmlTree.ts';

/** How a document is indented. */
export interface FormatOptions {
  /** One level: spaces or a tab. */
  indent: string;
  /** Longest line before the attributes of a tag go on lines of their own. Default 120. */
  width?: number;
}

/** Comments and processing instructions are in the text but not in the tree. */
const betweenNodes = /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<![^>]*>/g;

/**
 * Formats an XML document: an element a line, children indented. Attribute values, text, CDATA and comments keep every
 * character; one blank line between elements survives.
 * @returns the new text, or `undefined` when the document is not well-formed and nothing should be touched.
 */
export function formatXml(text: string, options: FormatOptions): string | undefined {
  const document = parseXml(text);
  if (document.problems.length > 0 || document.root === undefined) return undefined;
  const writer = new XmlFormatter(text, options);
  writer.writeNodes(document.nodes, { start: 0, end: text.length }, 0);
  return writer.finish();
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
    const end = /\n\s*$/.test(this.text) ? this.newline : '';
    return this.lines.join(this.newline) + end;
  }

  /** Writes what is between two offsets: elements, and the comments in the gaps the tree leaves. */
  writeNodes(nodes: readonly XmlNode[], range: TextRange, depth: number): void {
    let at = range.start;
    for (const node of nodes) {
      this.writeGap(at, node.start, depth);
      if (node.kind === 'element') this.writeElement(node, depth);
      else if (node.value.trim() === '') this.keepBlankLine(node);
      else this.push(this.text.slice(node.start, node.end).trim(), depth);
      at = node.end;
    }
    this.writeGap(at, range.end, depth);
  }

  private writeGap(start: number, end: number, depth: number): void {
    for (const match of this.text.slice(start, end).matchAll(betweenNodes)) this.push(match[0], depth);
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
    if (element.selfClosing) {
      this.push(`${tag}/>`, depth);
    } else if (isText(element)) {
      this.push(`${tag}>${this.text.slice(inside.start, element.end)}`, depth);
    } else if (this.text.slice(inside.start, inside.end).trim() === '') {
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
    const attributes = element.attributes.map((attribute) => this.attributeText(attribute));
    const line = [`<${element.name}`, ...attributes].join(' ');
    const room = (this.options.width ?? 120) - this.options.indent.length * depth - 2;
    if (line.length <= room || attributes.length < 2) return line;
    return [`<${element.name}`, ...attributes].join(this.newline + this.options.indent.repeat(depth + 2));
  }

  private attributeText({ name, valueStart, valueEnd }: XmlAttribute): string {
    const quote = this.text.charAt(valueStart - 1);
    return `${name}=${quote}${this.text.slice(valueStart, valueEnd)}${quote}`;
  }
}

/** An element with text in it: white space may be part of what it says. */
function isText(element: XmlElement): boolean {
  return element.children.some(
    (child) => child.kind === 'text' && (child.cdata || child.value.trim() !== ''),
  );
}

/** The smallest replacement that turns one text into another; `undefined` when they are equal. */
export function smallestEdit(before: string, after: string): (TextRange & { newText: string }) | undefined {
  if (before === after) return undefined;
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return { start, end: before.length - tail, newText: after.slice(start, after.length - tail) };
}

/**
 * The XML tree the editor works on. All offsets are zero-based UTF-16 units into the text that was parsed; `end` is
 * exclusive. The tree of a half-typed document has the same shape: what is missing is marked, never absent.
 */

/** A stretch of text. */
export interface TextRange {
  start: number;
  end: number;
}

export interface XmlAttribute extends TextRange {
  /** As written, prefix included. */
  name: string;
  nameEnd: number;
  /** Between the quotes; equal offsets when there is no value yet. */
  valueStart: number;
  valueEnd: number;
  /** Decoded value; `''` when there is none. A hole of E4X contributes nothing. */
  value: string;
  /** False for `name` alone. */
  hasValue: boolean;
  /** The closing quote is there. */
  closed: boolean;
  /** The value, or part of it, is an embedded JavaScript expression and cannot be known. */
  hole: boolean;
  parent: XmlElement;
}

export interface XmlText extends TextRange {
  kind: 'text';
  /** Decoded. */
  value: string;
  cdata: boolean;
  /** An embedded JavaScript expression of E4X. */
  hole: boolean;
  parent: XmlElement | undefined;
}

export interface XmlElement extends TextRange {
  kind: 'element';
  /** As written, prefix included; `''` for `<` alone and for the anonymous tag of an E4X list. */
  name: string;
  /** Without prefix: what Campaign looks at. */
  localName: string;
  nameStart: number;
  nameEnd: number;
  /** After the `>` or `/>` of the start tag, or where the tag was given up. */
  openEnd: number;
  /** Offset of `</`; `-1` when there is no end tag. */
  closeStart: number;
  selfClosing: boolean;
  /** The start tag has its `>`. */
  openTagClosed: boolean;
  attributes: XmlAttribute[];
  children: XmlNode[];
  parent: XmlElement | undefined;
}

export type XmlNode = XmlElement | XmlText;

export type XmlProblemCode =
  | 'tag-unclosed'
  | 'element-unclosed'
  | 'end-tag-unexpected'
  | 'attribute-no-value'
  | 'attribute-unclosed'
  | 'attribute-unquoted'
  | 'attribute-duplicate'
  | 'section-unclosed'
  | 'too-deep'
  | 'not-one-root';

export interface XmlProblem extends TextRange {
  code: XmlProblemCode;
  message: string;
}

export interface XmlDocument {
  /** The first top-level element. */
  root: XmlElement | undefined;
  /** Top-level nodes, in order. */
  nodes: XmlNode[];
  problems: XmlProblem[];
}

/** The attribute of that local name, or `undefined`. */
export function attributeOf(element: XmlElement, name: string): XmlAttribute | undefined {
  return element.attributes.find((attribute) => attribute.name === name);
}

/** The decoded value of an attribute; `undefined` when the attribute is absent or holds an embedded expression. */
export function attributeValue(element: XmlElement, name: string): string | undefined {
  const attribute = attributeOf(element, name);
  return attribute?.hasValue === true && !attribute.hole ? attribute.value : undefined;
}

/** Child elements, optionally of one local name. */
export function childElements(element: XmlElement, localName?: string): XmlElement[] {
  return element.children.filter(
    (node): node is XmlElement =>
      node.kind === 'element' && (localName === undefined || node.localName === localName),
  );
}

/** The text directly inside an element, CDATA included. */
export function textOf(element: XmlElement): string {
  return element.children.reduce((text, node) => (node.kind === 'text' ? text + node.value : text), '');
}

/** The element and all elements below it, in document order. */
export function* descendantElements(element: XmlElement): Generator<XmlElement> {
  const pending: XmlElement[] = [element];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    yield next;
    for (let i = next.children.length - 1; i >= 0; i--) {
      const child = next.children[i]!;
      if (child.kind === 'element') pending.push(child);
    }
  }
}

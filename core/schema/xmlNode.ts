import { escapeXmlAttribute, escapeXmlText, toCdata } from '../xml/entities.ts';
import type { XmlElement } from '../xml/xmlTree.ts';

/** An XML element that can be changed: what compilation works on. Order of attributes and children is kept. */
export interface XmlNode {
  name: string;
  attributes: Map<string, string>;
  children: XmlNode[];
  /** Text directly inside, CDATA included. */
  text: string;
  cdata: boolean;
}

/** Copies a parsed element, without prefixes and `xmlns` declarations. */
export function toXmlNode(element: XmlElement): XmlNode {
  const node = createXmlNode(element.localName);
  for (const attribute of element.attributes) {
    if (!/^xmlns(:|$)/.test(attribute.name)) node.attributes.set(attribute.name, attribute.value);
  }
  for (const child of element.children) {
    if (child.kind === 'element') node.children.push(toXmlNode(child));
    else {
      node.text += child.value;
      node.cdata ||= child.cdata;
    }
  }
  return node;
}

/** A new element. */
export function createXmlNode(name: string, attributes: Record<string, string | undefined> = {}): XmlNode {
  const given = Object.entries(attributes).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { name, attributes: new Map(given), children: [], text: '', cdata: false };
}

/** A deep copy. */
export function cloneXmlNode(node: XmlNode): XmlNode {
  return { ...node, attributes: new Map(node.attributes), children: node.children.map(cloneXmlNode) };
}

/** The first child of that element name and, when given, that `name` attribute. */
export function findChild(node: XmlNode, element: string, name?: string): XmlNode | undefined {
  return node.children.find(
    (child) => child.name === element && (name === undefined || child.attributes.get('name') === name),
  );
}

/** Serialises with two-space indentation; the same tree always gives the same text. */
export function serializeXmlNode(node: XmlNode, indent = ''): string {
  const attributes = [...node.attributes]
    .map(([name, value]) => ` ${name}="${escapeXmlAttribute(value)}"`)
    .join('');
  const text = node.cdata ? toCdata(node.text) : escapeXmlText(node.text.trim());
  if (node.children.length === 0) {
    return text === ''
      ? `${indent}<${node.name}${attributes}/>\n`
      : `${indent}<${node.name}${attributes}>${text}</${node.name}>\n`;
  }
  const children = node.children.map((child) => serializeXmlNode(child, `${indent}  `)).join('');
  const ownText = text === '' ? '' : `${indent}  ${text}\n`;
  return `${indent}<${node.name}${attributes}>\n${ownText}${children}${indent}</${node.name}>\n`;
}

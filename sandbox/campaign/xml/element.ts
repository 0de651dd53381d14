import { decodeXml, escapeXmlAttribute, escapeXmlText, toCdata } from '../../../core/xml/entities.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';
import type { XmlElement } from '../../../core/xml/xmlTree.ts';

/**
 * The documents the sandbox works on: trees that can be changed. Namespaces and prefixes are gone after reading, as the
 * server dispatches and stores by local name.
 */
export interface Element {
  name: string;
  attributes: Map<string, string>;
  children: Node[];
}

export interface Text {
  text: string;
  cdata: boolean;
}

export type Node = Element | Text;

export const isElement = (node: Node): node is Element => 'name' in node;

export function createElement(
  name: string,
  attributes: Readonly<Record<string, string | number | boolean | undefined>> = {},
  children: Node[] = [],
): Element {
  const map = new Map<string, string>();
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) map.set(key, String(value));
  return { name, attributes: map, children };
}

/** Thrown for text that is not one well-formed document; `fragment` is where it broke. */
export class NotWellFormed extends Error {
  readonly fragment: string;
  constructor(message: string, fragment: string) {
    super(message);
    this.fragment = fragment;
  }
}

/** Reads one document strictly. Invariant: text of a request is either read whole or refused, never repaired. */
export function parseElement(text: string): Element {
  const document = parseXml(text);
  const problem = document.problems[0];
  const stray = document.nodes.find(
    (node) => node.kind === 'text' && (node.cdata || node.value.trim() !== ''),
  );
  if (problem !== undefined || stray !== undefined || document.root === undefined) {
    const at = problem?.start ?? stray?.start ?? 0;
    const message = problem?.message ?? 'There is no root element.';
    throw new NotWellFormed(message, text.slice(at, at + 80));
  }
  return fromTree(text, document.root);
}

function fromTree(text: string, source: XmlElement): Element {
  const element: Element = { name: source.localName, attributes: new Map(), children: [] };
  for (const attribute of source.attributes) {
    if (/^xmlns(:|$)/.test(attribute.name)) continue;
    // Line breaks inside a value become spaces (XML 1.0, 3.3.3): the reason why code is never an attribute.
    const raw = text.slice(attribute.valueStart, attribute.valueEnd).replace(/\r\n|[\r\n\t]/g, ' ');
    element.attributes.set(attribute.name.slice(attribute.name.indexOf(':') + 1), decodeXml(raw));
  }
  for (const child of source.children) {
    if (child.kind === 'element') element.children.push(fromTree(text, child));
    else element.children.push({ text: child.value.replace(/\r\n/g, '\n'), cdata: child.cdata });
  }
  return element;
}

export function writeElement(element: Element): string {
  const parts: string[] = [];
  write(element, parts);
  return parts.join('');
}

function write(element: Element, parts: string[]): void {
  parts.push('<', element.name);
  for (const [name, value] of element.attributes) parts.push(' ', name, '="', escapeXmlAttribute(value), '"');
  if (element.children.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of element.children) {
    if (isElement(child)) write(child, parts);
    else parts.push(child.cdata ? toCdata(child.text) : escapeXmlText(child.text));
  }
  parts.push('</', element.name, '>');
}

export const attribute = (element: Element, name: string): string => element.attributes.get(name) ?? '';

/** XTK reads `1`, `true` and any other whole number but zero as true. */
export function isTrue(value: string | undefined): boolean {
  if (value === undefined || value === '') return false;
  return /^true$/i.test(value) || (/^[+-]?\d+$/.test(value) && !/^[+-]?0+$/.test(value));
}

export const flag = (element: Element, name: string): boolean => isTrue(element.attributes.get(name));

export const elements = (element: Element, name?: string): Element[] =>
  element.children.filter(
    (child): child is Element => isElement(child) && (name === undefined || child.name === name),
  );

export const firstElement = (element: Element, name?: string): Element | undefined =>
  element.children.find(
    (child): child is Element => isElement(child) && (name === undefined || child.name === name),
  );

export const textOf = (element: Element): string =>
  element.children.reduce((text, child) => (isElement(child) ? text : text + child.text), '');

export function setText(element: Element, text: string, cdata = false): void {
  element.children = element.children.filter(isElement);
  if (text !== '') element.children.push({ text, cdata });
}

export function cloneElement(element: Element): Element {
  return {
    name: element.name,
    attributes: new Map(element.attributes),
    children: element.children.map((child) => (isElement(child) ? cloneElement(child) : { ...child })),
  };
}

/** Follows `a/b` through child elements. */
export function findPath(element: Element, path: string): Element | undefined {
  let current: Element | undefined = element;
  for (const step of path.split('/').filter((part) => part !== '' && part !== '.')) {
    if (current === undefined) return undefined;
    current = firstElement(current, step);
  }
  return current;
}

/** Follows `a/b`, creating what is missing. */
export function ensurePath(element: Element, path: string): Element {
  let current = element;
  for (const step of path.split('/').filter((part) => part !== '' && part !== '.')) {
    let next = firstElement(current, step);
    if (next === undefined) {
      next = createElement(step);
      current.children.push(next);
    }
    current = next;
  }
  return current;
}

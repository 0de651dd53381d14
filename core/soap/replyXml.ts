import { parseXml } from '../xml/parseXml.ts';
import { descendantElements } from '../xml/xmlTree.ts';
import type { Fault } from './fault.ts';
import { fromXsiType, readValue } from './soapTypes.ts';
import type { SoapOutput } from './soapValue.ts';
import { XmlReader, XmlReadError, type XmlLimits } from './xmlReader.ts';

/** What an answer in XML says. `notSoap`: some other document, e.g. a web page; `rootName` tells. */
export type ReplyContent =
  | { readonly kind: 'outputs'; readonly outputs: readonly SoapOutput[] }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'notSoap'; readonly rootName: string };

/**
 * Reads a whole reply. Elements are told by their local names: builds differ in prefixes and default namespaces.
 * @param method the answer must be `<method>Response`; anything else is `notSoap`.
 * Throws `XmlReadError` for XML that is broken, cut off, nested too deep, or declares a document type.
 */
export function readReply(text: string, method: string, limits: XmlLimits = {}): ReplyContent {
  const reader = new XmlReader({ maxTokenLength: Infinity, ...limits });
  reader.feed(text);
  reader.finish();
  const root = nextStart(reader);
  if (root !== 'Envelope') return { kind: 'notSoap', rootName: root };
  let content: ReplyContent | undefined;
  for (let token = reader.next(); token !== 'done'; token = reader.next()) {
    if (token !== 'start') continue;
    if (reader.depth === 2 && reader.localName !== 'Body') skipElement(reader);
    else if (reader.depth === 3 && content === undefined) content = readBodyChild(reader, text, method);
    else if (reader.depth === 3) skipElement(reader);
  }
  return content ?? { kind: 'notSoap', rootName: 'Envelope without a body' };
}

function nextStart(reader: XmlReader): string {
  for (;;) {
    const token = reader.next();
    if (token === 'start') return reader.localName;
    if (token === 'done' || token === 'more') throw new XmlReadError('truncated', 'The answer is empty.');
  }
}

/** Reads to the end of the element just started. */
function skipElement(reader: XmlReader): void {
  const depth = reader.depth;
  while (reader.next() !== 'end' || reader.depth >= depth);
}

/** The text of the element just started and of all below it. */
function readAllText(reader: XmlReader): string {
  const depth = reader.depth;
  let text = '';
  for (let token = reader.next(); token !== 'end' || reader.depth >= depth; token = reader.next()) {
    if (token === 'text') text += reader.text;
  }
  return text;
}

function readBodyChild(reader: XmlReader, text: string, method: string): ReplyContent {
  const name = reader.localName;
  if (name === 'Fault') return { kind: 'fault', fault: readFault(reader) };
  if (name !== `${method}Response`) {
    skipElement(reader);
    return { kind: 'notSoap', rootName: name };
  }
  const depth = reader.depth;
  const outputs: SoapOutput[] = [];
  for (let token = reader.next(); token !== 'end' || reader.depth >= depth; token = reader.next()) {
    if (token === 'start') outputs.push(readOutput(reader, text));
  }
  return { kind: 'outputs', outputs };
}

/**
 * Reads the rest of a `Fault` just started (`detail` may hold elements of its own; SOAP 1.2 spellings are taken too).
 */
export function readFault(reader: XmlReader): Fault {
  const fault = { faultCode: '', faultString: '', detail: '' };
  const depth = reader.depth;
  for (let token = reader.next(); token !== 'end' || reader.depth >= depth; token = reader.next()) {
    if (token !== 'start') continue;
    const name = reader.localName.toLowerCase();
    const text = readAllText(reader).trim();
    if (name === 'faultcode' || name === 'code') fault.faultCode = text;
    else if (name === 'faultstring' || name === 'reason') fault.faultString = text;
    else if (name === 'detail') fault.detail = text;
  }
  return fault;
}

function readOutput(reader: XmlReader, source: string): SoapOutput {
  const name = reader.localName;
  const xsiType = reader.attribute('type');
  const depth = reader.depth;
  let xmlStart = -1;
  let xmlEnd = -1;
  let text = '';
  for (let token = reader.next(); token !== 'end' || reader.depth >= depth; token = reader.next()) {
    if (token === 'text') text += reader.text;
    else if (token === 'start' && xmlStart < 0) xmlStart = reader.tokenStart;
    else if (token === 'end') xmlEnd = reader.tokenEnd;
  }
  if (xmlStart >= 0)
    return { name, type: 'element', value: stripWireNamespaces(source.slice(xmlStart, xmlEnd)) };
  // Without content the type decides; an XML parameter that is empty is an element without children.
  const type = fromXsiType(xsiType) ?? (/^p?(?:dom|elem)[A-Z]|^entity$/.test(name) ? 'element' : 'string');
  return { name, type, value: type === 'element' || type === 'document' ? '' : readValue(type, text) };
}

/**
 * Removes from a result what only the envelope gave it: default namespaces (`urn:xtk:queryDef`, `urn:wpp:default`), and
 * prefixes and attributes whose declaration stayed outside. Everything else is left to the character: the text may be
 * saved, compared and sent back.
 * @param xml well-formed elements.
 */
export function stripWireNamespaces(xml: string): string {
  if (!/[\s</][\w.-]+:[\w.-]|\sxmlns\s*=/.test(xml)) return xml;
  const cuts: [number, number][] = [];
  for (const node of parseXml(xml).nodes) {
    if (node.kind !== 'element') continue;
    const declared = new Set(['xml']);
    for (const element of descendantElements(node)) {
      for (const { name } of element.attributes) if (name.startsWith('xmlns:')) declared.add(name.slice(6));
    }
    const isForeign = (name: string): boolean =>
      name === 'xmlns' ||
      (name.includes(':') && !name.startsWith('xmlns:') && !declared.has(name.slice(0, name.indexOf(':'))));
    for (const element of descendantElements(node)) {
      const prefixLength = element.name.length - element.localName.length;
      if (prefixLength > 0 && isForeign(element.name)) {
        cuts.push([element.nameStart, element.nameStart + prefixLength]);
        if (element.closeStart >= 0)
          cuts.push([element.closeStart + 2, element.closeStart + 2 + prefixLength]);
      }
      let from = element.nameEnd;
      for (const attribute of element.attributes) {
        if (isForeign(attribute.name)) cuts.push([from, attribute.end]);
        from = attribute.end;
      }
    }
  }
  let result = '';
  let at = 0;
  for (const [start, end] of cuts.sort((a, b) => a[0] - b[0])) {
    result += xml.slice(at, start);
    at = end;
  }
  return result + xml.slice(at);
}

import { escapeXmlText } from '../../../core/xml/entities.ts';
import {
  elements,
  firstElement,
  isElement,
  parseElement,
  writeElement,
  type Element,
} from '../xml/element.ts';
import type { SoapFault } from './fault.ts';
import type { Answer, Method, OutValue, ParameterType } from './method.ts';

/** The arguments of a call as they came: child elements of the method element, session token first. */
export interface Request {
  arguments: Element[];
}

/** @throws NotWellFormed, or an Error when the document is no SOAP message. */
export function readRequest(text: string): Request {
  const envelope = parseElement(text);
  const body = envelope.name === 'Envelope' ? firstElement(envelope, 'Body') : undefined;
  const methodElement = body && firstElement(body);
  if (methodElement === undefined) throw new Error('The message has no Body with a method element.');
  return { arguments: elements(methodElement) };
}

const encoding = 'http://schemas.xmlsoap.org/soap/encoding/';
const literalXml = 'http://xml.apache.org/xml-soap/literalxml';

// The server's own declaration: single quotes and no encoding, hence UTF-8.
const opening = (namespace: string): string =>
  `<?xml version='1.0'?>\n<SOAP-ENV:Envelope xmlns:xsd='http://www.w3.org/2001/XMLSchema' ` +
  `xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:ns='${namespace}' ` +
  `xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body>`;
const closing = '</SOAP-ENV:Body></SOAP-ENV:Envelope>\n';

const xsiTypes: Readonly<Record<ParameterType, string>> = {
  string: 'xsd:string',
  boolean: 'xsd:boolean',
  byte: 'xsd:byte',
  short: 'xsd:short',
  long: 'xsd:int',
  int64: 'xsd:long',
  double: 'xsd:double',
  datetime: 'xsd:dateTime',
  date: 'xsd:date',
  primarykey: 'xsd:primarykey',
  DOMElement: 'ns:Element',
  DOMDocument: 'ns:Element',
  sessionUserInfo: 'ns:Element',
};

export const isXmlType = (type: ParameterType): boolean => xsiTypes[type] === 'ns:Element';

/** The answer in pieces. `service` is the namespace's part after `urn:`. */
export function* writeResponse(method: Method, service: string, answer: Answer): Generator<string> {
  const namespace = `urn:${service}`;
  yield `${opening(namespace)}<${method.name}Response xmlns='${namespace}' SOAP-ENV:encodingStyle='${encoding}'>`;
  if (method.kind === 'document' && answer.entity !== undefined) {
    yield* writeXmlValue('entity', answer.entity);
  }
  const outputs = method.parameters.filter((parameter) => parameter.direction === 'out');
  for (const [index, output] of outputs.entries()) {
    const { name } = output;
    const value = answer.values?.[index];
    if (isXmlType(output.type)) yield* writeXmlValue(name, value);
    else
      yield `<${name} xsi:type='${xsiTypes[output.type]}'>${escapeXmlText(writeValue(value, output.type))}</${name}>`;
  }
  yield `</${method.name}Response>${closing}`;
}

function* writeXmlValue(name: string, value: OutValue): Generator<string> {
  yield `<${name} xsi:type='ns:Element' SOAP-ENV:encodingStyle='${literalXml}'>`;
  if (typeof value === 'object' && 'chunks' in value) yield* value.chunks;
  else if (typeof value === 'object' && !(value instanceof Date) && isElement(value))
    yield writeElement(value);
  yield `</${name}>`;
}

function writeValue(value: OutValue, type: ParameterType): string {
  if (value instanceof Date) return type === 'date' ? value.toISOString().slice(0, 10) : value.toISOString();
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

export function writeFault(fault: SoapFault): string {
  const detail =
    fault.detail === '' ? '' : `<detail xsi:type='xsd:string'>${escapeXmlText(fault.detail)}</detail>`;
  return (
    `${opening('urn:wpp:default')}<SOAP-ENV:Fault><faultcode>SOAP-ENV:${fault.code}</faultcode>` +
    `<faultstring xsi:type='xsd:string'>${escapeXmlText(fault.message)}</faultstring>${detail}</SOAP-ENV:Fault>${closing}`
  );
}

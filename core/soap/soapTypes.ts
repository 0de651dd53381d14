import { escapeXmlText } from '../xml/entities.ts';
import { CampaignError } from './campaignError.ts';
import type { SoapParameter, SoapType, SoapValue } from './soapValue.ts';

const xmlType = ' xsi:type="ns:Element" SOAP-ENV:encodingStyle="http://xml.apache.org/xml-soap/literalxml"';
const documentType = ' xsi:type="" SOAP-ENV:encodingStyle="http://xml.apache.org/xml-soap/literalxml"';

/** The attributes that state a type in a request. Source: Adobe's SDK and generated WSDLs. */
const requestAttributes: Readonly<Record<SoapType, string>> = {
  string: ' xsi:type="xsd:string"',
  boolean: ' xsi:type="xsd:boolean"',
  byte: ' xsi:type="xsd:byte"',
  short: ' xsi:type="xsd:short"',
  long: ' xsi:type="xsd:int"',
  int64: ' xsi:type="xsd:long"',
  float: ' xsi:type="xsd:float"',
  double: ' xsi:type="xsd:double"',
  datetime: ' xsi:type="xsd:dateTime"',
  date: ' xsi:type="xsd:date"',
  primarykey: ' xsi:type="xsd:string"',
  element: xmlType,
  document: documentType,
};

/** Local names of `xsi:type` in replies. `xsd:int` is Campaign's long, `xsd:long` its int64. */
const replyTypes: Readonly<Record<string, SoapType>> = {
  string: 'string',
  boolean: 'boolean',
  byte: 'byte',
  short: 'short',
  int: 'long',
  long: 'int64',
  float: 'float',
  double: 'double',
  datetime: 'datetime',
  date: 'date',
  primarykey: 'primarykey',
  element: 'element',
};

/** The type that an `xsi:type` names; `undefined` for none, the empty one (a document) and unknown ones. */
export function fromXsiType(xsiType: string | undefined): SoapType | undefined {
  if (xsiType === undefined) return undefined;
  return replyTypes[xsiType.slice(xsiType.indexOf(':') + 1).toLowerCase()];
}

/** Whole-number ranges; the server would cut silently. */
const ranges: Partial<Record<SoapType, readonly [number, number]>> = {
  byte: [-128, 127],
  short: [-32768, 32767],
  long: [-2147483648, 2147483647],
};

/** One parameter as it stands in a request. `value` of XML types must have been checked. Throws `invalidCall`. */
export function writeParameter(parameter: SoapParameter, method: string): string {
  const { name, type, value } = parameter;
  const open = `<${name}${requestAttributes[type]}`;
  const text =
    type === 'element' || type === 'document' ? String(value) : escapeXmlText(toWireText(parameter, method));
  return text === '' ? `${open}/>` : `${open}>${text}</${name}>`;
}

function toWireText({ name, type, value }: SoapParameter, method: string): string {
  const refuse = (expected: string): never => {
    throw new CampaignError({
      code: 'invalidCall',
      explanation: `Parameter ${name} of ${method} must be ${expected}.`,
      nextStep: 'Correct the value and call again.',
      method,
      outcome: 'notSent',
    });
  };
  switch (type) {
    case 'boolean':
      if (typeof value === 'boolean') return String(value);
      return value === 'true' || value === '1' || value === 1
        ? 'true'
        : value === 'false' || value === '0' || value === 0 || value === ''
          ? 'false'
          : refuse('true or false');
    case 'byte':
    case 'short':
    case 'long': {
      if (typeof value === 'boolean') return value ? '1' : '0';
      const number = value === '' ? 0 : Number(value);
      const [low, high] = ranges[type]!;
      return Number.isInteger(number) && number >= low && number <= high
        ? String(number)
        : refuse(`a whole number from ${low} to ${high}`);
    }
    case 'int64': {
      const text = String(value).trim();
      if (typeof value === 'number' && !Number.isSafeInteger(value))
        return refuse('a whole number; give large ones as text');
      return text === '' ? '0' : /^[+-]?\d{1,19}$/.test(text) ? text : refuse('a whole number');
    }
    case 'float':
    case 'double': {
      const number = value === '' ? 0 : Number(value);
      return Number.isFinite(number) ? String(number) : refuse('a number');
    }
    default:
      return String(value);
  }
}

/** The value of a result of a simple type. Missing numbers are 0, missing booleans false, as everywhere in Campaign. */
export function readValue(type: SoapType, text: string): SoapValue {
  switch (type) {
    case 'boolean': {
      const word = text.trim();
      return word === 'true' || word === '1';
    }
    case 'byte':
    case 'short':
    case 'long':
    case 'float':
    case 'double': {
      const number = Number(text.trim());
      return Number.isNaN(number) ? text : number;
    }
    case 'int64':
    case 'datetime':
    case 'date':
      return text.trim();
    default:
      return text;
  }
}

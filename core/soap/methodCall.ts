import type { SchemaMethod, SchemaParameter } from '../schema/schema.ts';
import { CampaignError } from './campaignError.ts';
import { toSoapAction } from './envelope.ts';
import type { SoapCall } from './soapClient.ts';
import { readValue } from './soapTypes.ts';
import type { SoapOutput, SoapParameter, SoapType, SoapValue } from './soapValue.ts';
import { XmlReader, XmlReadError } from './xmlReader.ts';

/** What is passed to a method, by the names of its declaration. */
export interface MethodArguments {
  /** The document a method that is not static works on: the XML of one element of its schema. */
  readonly entity?: string;
  /** The key that stands in for the document where only that is asked for (`pkonly`). */
  readonly key?: string;
  readonly values?: Readonly<Record<string, SoapValue>>;
}

/** What a method gave back. */
export interface MethodResult {
  /** The changed document, of a method that is neither static nor const. */
  readonly entity: string | undefined;
  /** By the names of the declaration. */
  readonly values: Readonly<Record<string, SoapValue>>;
}

/** Declared types that are texts on the wire, or close to it. */
const types: Readonly<Record<string, SoapType>> = {
  string: 'string',
  any: 'string',
  memo: 'string',
  html: 'string',
  cdata: 'string',
  mntoken: 'string',
  uuid: 'string',
  link: 'string',
  bin: 'string',
  blob: 'string',
  time: 'string',
  timespan: 'string',
  boolean: 'boolean',
  byte: 'byte',
  enum: 'byte',
  short: 'short',
  long: 'long',
  int: 'long',
  int64: 'int64',
  float: 'float',
  double: 'double',
  percent: 'double',
  datetime: 'datetime',
  datetimetz: 'datetime',
  datetimenotz: 'datetime',
  date: 'date',
  primarykey: 'primarykey',
  primarykeylist: 'string',
  domelement: 'element',
  domdocument: 'document',
};

/** The type a declared one has on the wire. A type that the schema itself defines (`sessionUserInfo`) is a document. */
export function toSoapType(declared: string): SoapType {
  return declared === '' ? 'string' : (types[declared.toLowerCase()] ?? 'element');
}

/** The letters the console puts before a parameter's name. The server reads by position; they are for people. */
const prefixes: Readonly<Record<SoapType, string>> = {
  string: 'str',
  boolean: 'b',
  byte: 'bt',
  short: 's',
  long: 'l',
  int64: 'l',
  float: 'f',
  double: 'd',
  datetime: 'tm',
  date: 'tm',
  primarykey: 'pk',
  element: 'elem',
  document: 'dom',
};

/**
 * How a method is addressed: by the schema that declares it; by the interface (`xtk:persist`) if it belongs to one,
 * together with the schema it is to work on (`xtk:persist|nms:delivery`) when that is another.
 * @param declaredIn id of the schema with the declaration. A method of an extension belongs to the schema extended.
 */
export function toUrn(declaredIn: string, method: SchemaMethod, worksOn: string = declaredIn): string {
  if (method.interfaceName === undefined) return declaredIn;
  const urn = `${declaredIn.slice(0, declaredIn.indexOf(':'))}:${method.interfaceName}`;
  return worksOn === declaredIn ? urn : `${urn}|${worksOn}`;
}

/**
 * The call of a declared method. Throws `invalidCall` for arguments that the method does not have, for required ones
 * that are missing, and for a missing or superfluous document.
 */
export function toSoapCall(
  urn: string,
  schemaId: string,
  method: SchemaMethod,
  { entity, key, values = {} }: MethodArguments,
): SoapCall {
  const action = toSoapAction({ urn, method: method.name });
  const inputs = method.parameters.filter(({ direction }) => direction !== 'out');
  const names = inputs.map(({ name }) => name);
  const unknown = Object.keys(values).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    const known = names.length === 0 ? 'It has none.' : `It has ${names.join(', ')}.`;
    throw invalid(action, `${action} has no parameter ${unknown}.`, known);
  }
  const parameters: SoapParameter[] = [];
  if (method.isStatic) {
    if (entity !== undefined || key !== undefined) {
      throw invalid(action, `${action} is static: it works on no document.`, 'Leave the document out.');
    }
  } else if (method.keyOnly) {
    if (key === undefined) throw invalid(action, `${action} needs the key of a record.`, 'Give its key.');
    parameters.push({ name: 'pk', type: 'primarykey', value: key });
  } else {
    if (entity === undefined) {
      throw invalid(action, `${action} needs the document it works on.`, 'Give its XML.');
    }
    parameters.push({ name: 'entity', type: 'element', value: withSchema(entity, schemaId) });
  }
  for (const input of inputs) parameters.push(toParameter(input, values[input.name], action));
  return { urn, method: method.name, parameters };
}

function toParameter(input: SchemaParameter, value: SoapValue | undefined, action: string): SoapParameter {
  const type = toSoapType(input.type);
  if (value === undefined && !input.optional && type !== 'element' && type !== 'document') {
    throw invalid(action, `${action} needs ${input.name} (${input.type}).`, 'Give a value; it may be empty.');
  }
  const prefix = prefixes[type];
  // Declarations of some schemas carry the letters already.
  const isPrefixed = input.name.startsWith(prefix) && /^[A-Z]/.test(input.name.slice(prefix.length));
  const name = isPrefixed
    ? input.name
    : `${prefix}${input.name.slice(0, 1).toUpperCase()}${input.name.slice(1)}`;
  return { name, type, value: value ?? '' };
}

/** The root needs `xtkschema` for the server to know the document's schema; it is added where it is missing. */
function withSchema(entity: string, schemaId: string): string {
  const reader = new XmlReader({ maxTokenLength: Infinity });
  reader.feed(entity);
  reader.finish();
  try {
    while (reader.next() !== 'start');
  } catch (error) {
    if (error instanceof XmlReadError) return entity; // Told when the envelope is written.
    throw error;
  }
  if (reader.attribute('xtkschema') !== undefined) return entity;
  const at = reader.tokenStart + 1 + reader.name.length;
  return `${entity.slice(0, at)} xtkschema="${schemaId}"${entity.slice(at)}`;
}

/**
 * Reads the results of a declared method, by position: names on the wire carry prefixes, or not when the method is
 * JavaScript. A result that is missing is what Campaign means by nothing: `''`, 0 or false.
 */
export function readMethodResult(method: SchemaMethod, outputs: readonly SoapOutput[]): MethodResult {
  const returnsEntity = !method.isStatic && !method.isConst;
  const entity = returnsEntity ? String(outputs[0]?.value ?? '') : undefined;
  const rest = returnsEntity ? outputs.slice(1) : outputs;
  const values: Record<string, SoapValue> = {};
  method.parameters
    .filter(({ direction }) => direction !== 'in')
    .forEach(({ name, type }, index) => {
      const output = rest[index];
      const wanted = toSoapType(type);
      // The declaration knows better than the wire, which calls some numbers strings.
      values[name] =
        output === undefined
          ? readValue(wanted, '')
          : typeof output.value === 'string'
            ? readValue(wanted, output.value)
            : output.value;
    });
  return { entity, values };
}

function invalid(method: string, explanation: string, nextStep: string): CampaignError {
  return new CampaignError({ code: 'invalidCall', explanation, nextStep, method, outcome: 'notSent' });
}

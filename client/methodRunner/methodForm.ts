import type { MethodField, MethodFieldError, MethodResultValue } from '../../core/protocol/methodMessages.ts';
import type { SchemaMethod } from '../../core/schema/schema.ts';
import { toSoapType, type MethodArguments, type MethodResult } from '../../core/soap/methodCall.ts';
import type { SoapType, SoapValue } from '../../core/soap/soapValue.ts';

/** Fields that are no parameters; no parameter can be named so. */
export const entityField = '#entity';
export const keyField = '#key';
export const schemaField = '#schema';

const kinds: Partial<Record<SoapType, MethodField['kind']>> = {
  boolean: 'boolean',
  byte: 'number',
  short: 'number',
  long: 'number',
  float: 'number',
  double: 'number',
  element: 'xml',
  document: 'xml',
};

/** Whole numbers, with the bounds their types have on the wire. */
const bounds: Partial<Record<SoapType, number>> = { byte: 2 ** 7, short: 2 ** 15, long: 2 ** 31 };

/** What a method needs to be called, in the order of its declaration. */
export function toFields(schemaId: string, method: SchemaMethod): MethodField[] {
  const fields: MethodField[] = [];
  if (method.interfaceName !== undefined) {
    fields.push({
      id: schemaField,
      label: 'Schema',
      type: 'string',
      kind: 'text',
      isOptional: true,
      description: 'The schema the method of the interface is to work on.',
      value: schemaId,
    });
  }
  if (!method.isStatic) fields.push(method.keyOnly ? keyOf() : entityOf(schemaId));
  for (const { name, type, direction, optional, description } of method.parameters) {
    if (direction === 'out') continue;
    fields.push({
      id: name,
      label: name,
      type: type === '' ? 'string' : type,
      kind: kinds[toSoapType(type)] ?? 'text',
      isOptional: optional,
      ...(description === undefined || description === '' ? {} : { description }),
      value: kinds[toSoapType(type)] === 'boolean' ? 'false' : '',
    });
  }
  return fields;
}

function entityOf(schemaId: string): MethodField {
  const name = schemaId.slice(schemaId.indexOf(':') + 1);
  return {
    id: entityField,
    label: 'Document',
    type: schemaId,
    kind: 'xml',
    isOptional: false,
    description: 'What the method works on: one element of the schema.',
    value: `<${name} xtkschema="${schemaId}"/>`,
  };
}

function keyOf(): MethodField {
  return {
    id: keyField,
    label: 'Key',
    type: 'primarykey',
    kind: 'text',
    isOptional: false,
    description: 'The key of the record the method works on.',
    value: '',
  };
}

/** Reads what was filled in. */
export function toArguments(
  method: SchemaMethod,
  filled: Readonly<Record<string, string>>,
): { readonly args: MethodArguments; readonly errors: readonly MethodFieldError[] } {
  const errors: MethodFieldError[] = [];
  const values: Record<string, SoapValue> = {};
  for (const { name, type, direction, optional } of method.parameters) {
    if (direction === 'out') continue;
    const text = filled[name] ?? '';
    const soapType = toSoapType(type);
    if (kinds[soapType] === 'number') {
      if (text.trim() === '' && optional) continue;
      const number = Number(text.trim() === '' ? NaN : text);
      const bound = bounds[soapType];
      const isRight =
        Number.isFinite(number) &&
        (bound === undefined || (Number.isInteger(number) && number >= -bound && number < bound));
      if (isRight) values[name] = number;
      else
        errors.push({ id: name, message: bound === undefined ? 'Write a number.' : 'Write a whole number.' });
    } else if (soapType === 'boolean') values[name] = text === 'true';
    else if (text !== '' || !optional) values[name] = text;
  }
  const entity = filled[entityField];
  const key = filled[keyField];
  if (!method.isStatic) {
    const id = method.keyOnly ? keyField : entityField;
    if ((filled[id] ?? '').trim() === '') {
      errors.push({ id, message: method.keyOnly ? 'Write a key.' : 'Write the document.' });
    }
  }
  const args: MethodArguments = {
    ...(method.isStatic || method.keyOnly || entity === undefined ? {} : { entity }),
    ...(method.isStatic || !method.keyOnly || key === undefined ? {} : { key }),
    values,
  };
  return { args, errors };
}

/** What came back, in the order of the declaration. */
export function toResults(method: SchemaMethod, { entity, values }: MethodResult): MethodResultValue[] {
  const results = method.parameters
    .filter(({ direction }) => direction !== 'in')
    .map(({ name, type }): MethodResultValue => {
      const soapType = toSoapType(type);
      return {
        name,
        type: type === '' ? 'string' : type,
        value: String(values[name] ?? ''),
        isXml: kinds[soapType] === 'xml',
      };
    });
  return entity === undefined
    ? results
    : [{ name: 'document', type: 'DOMElement', value: entity, isXml: true }, ...results];
}

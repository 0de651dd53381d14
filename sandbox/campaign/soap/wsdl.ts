import type { Schema, SchemaMethod } from '../../../core/schema/schema.ts';
import { escapeXmlAttribute } from '../../../core/xml/entities.ts';
import { writeElement, createElement, type Element } from '../xml/element.ts';

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** XML Schema types of parameters; those that hold a document are `tns:Element`. */
const types: Readonly<Record<string, string>> = {
  string: 'xsd:string',
  memo: 'xsd:string',
  boolean: 'xsd:boolean',
  byte: 'xsd:byte',
  short: 'xsd:short',
  long: 'xsd:int',
  int: 'xsd:int',
  int64: 'xsd:long',
  float: 'xsd:float',
  double: 'xsd:double',
  datetime: 'xsd:dateTime',
  date: 'xsd:date',
  primarykey: 'xsd:string',
};

interface Operation {
  method: SchemaMethod;
  /** The whole SOAPAction. */
  action: string;
}

/**
 * The WSDL of a schema's methods: document/literal, one operation per method, those of an implemented interface under the
 * name of the interface.
 * @param methods what the schema declares, then what its interface does.
 * @param address of the router.
 */
export function writeWsdl(schema: Schema, inherited: readonly SchemaMethod[], address: string): string {
  const service = capital(schema.namespace) + capital(schema.name);
  const portType = `${schema.name}MethodsSoap`;
  const own = [...schema.methods.values()].map((method) => ({
    method,
    action: `${method.interfaceName === undefined ? schema.id : `${schema.namespace}:${method.interfaceName}`}#${method.name}`,
  }));
  const names = new Set(own.map(({ method }) => method.name));
  const operations: Operation[] = [
    ...own,
    ...inherited
      .filter(({ name }) => !names.has(name))
      .map((method) => ({ method, action: `${schema.implementedInterface ?? ''}#${method.name}` })),
  ];
  const types = createElement('types', {}, [
    createElement(
      'schema',
      {
        xmlns: 'http://www.w3.org/2001/XMLSchema',
        elementFormDefault: 'qualified',
        targetNamespace: `urn:${schema.id}`,
      },
      [anyElementType(), ...operations.flatMap(messageTypes)],
    ),
  ]);
  const definitions = createElement('definitions', {}, [
    types,
    ...operations.flatMap(({ method }) => ['In', 'Out'].map((way) => message(method.name, way))),
    createElement('portType', { name: portType }, operations.map(portOperation)),
    createElement('binding', { name: portType, type: `tns:${portType}` }, [
      createElement('soap:binding', { style: 'document', transport: 'http://schemas.xmlsoap.org/soap/http' }),
      ...operations.map(boundOperation),
    ]),
    createElement('service', { name: service }, [
      createElement('port', { name: portType, binding: `tns:${portType}` }, [
        createElement('soap:address', { location: address }),
      ]),
    ]),
  ]);
  const inner = definitions.children.map((child) => ('name' in child ? writeElement(child) : '')).join('');
  return (
    `<?xml version='1.0'?>\n<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" ` +
    `xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:tns="urn:${escapeXmlAttribute(schema.id)}" ` +
    `targetNamespace="urn:${escapeXmlAttribute(schema.id)}">${inner}</definitions>\n`
  );
}

function anyElementType(): Element {
  const any = createElement('any', { processContents: 'lax' });
  return createElement('complexType', { name: 'Element', mixed: true }, [
    createElement('sequence', {}, [any]),
  ]);
}

function messageTypes({ method }: Operation): Element[] {
  const isIn = (direction: string): boolean => direction !== 'out';
  const inputs = method.parameters.filter((parameter) => isIn(parameter.direction));
  const outputs = method.parameters.filter((parameter) => parameter.direction !== 'in');
  const documentIn = method.isStatic ? [] : [field('entity', method.keyOnly ? 'xsd:string' : 'tns:Element')];
  const documentOut =
    method.isStatic || method.isConst || method.keyOnly ? [] : [field('entity', 'tns:Element')];
  return [
    structure(method.name, [
      field('sessiontoken', 'xsd:string'),
      ...documentIn,
      ...inputs.map(({ name, type }) => field(name, types[type] ?? 'tns:Element')),
    ]),
    structure(`${method.name}Response`, [
      ...documentOut,
      ...outputs.map(({ name, type }) => field(name, types[type] ?? 'tns:Element')),
    ]),
  ];
}

const field = (name: string, type: string): Element =>
  createElement('element', { minOccurs: 1, maxOccurs: 1, name, type });

const structure = (name: string, fields: Element[]): Element =>
  createElement('element', { name }, [
    createElement('complexType', {}, [createElement('sequence', {}, fields)]),
  ]);

const message = (name: string, way: string): Element =>
  createElement('message', { name: `${name}${way}` }, [
    createElement('part', {
      element: `tns:${name}${way === 'In' ? '' : 'Response'}`,
      name: 'parameters',
    }),
  ]);

const portOperation = ({ method: { name } }: Operation): Element =>
  createElement('operation', { name }, [
    createElement('input', { message: `tns:${name}In` }),
    createElement('output', { message: `tns:${name}Out` }),
  ]);

const boundOperation = ({ method: { name }, action }: Operation): Element => {
  const body = (): Element[] => [createElement('soap:body', { use: 'literal' })];
  return createElement('operation', { name }, [
    createElement('soap:operation', { soapAction: action, style: 'document' }),
    createElement('input', {}, body()),
    createElement('output', {}, body()),
  ]);
};

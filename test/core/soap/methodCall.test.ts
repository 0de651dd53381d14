import { expect, test } from 'vitest';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import type { SchemaMethod } from '../../../core/schema/schema.ts';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import {
  readMethodResult,
  toSoapCall,
  toSoapType,
  toUrn,
  type MethodArguments,
} from '../../../core/soap/methodCall.ts';
import type { SoapOutput } from '../../../core/soap/soapValue.ts';

// Shapes of declarations: Campaign Classic documentation, "method" element; generated WSDLs.
const { schema } = parseSchema(`<schema namespace="cus" name="demo">
  <element name="demo"/>
  <interface name="iface"><method name="Shared"><parameters/></method></interface>
  <methods>
    <method name="GetOption" static="true"><parameters>
      <param name="name" type="string"/><param name="value" type="string" inout="out"/><param name="type" type="byte" inout="out"/>
    </parameters></method>
    <method name="Run" const="true"><parameters><param name="output" type="DOMDocument" inout="out"/></parameters></method>
    <method name="Change"><parameters>
      <param name="count" type="long" inout="inout"/><param name="id" type="int64" inout="out"/><param name="note" type="memo" optional="true"/>
    </parameters></method>
    <method name="Drop" pkonly="true" const="true"/>
    <method name="Who" static="true"><parameters><param name="userInfo" type="sessionUserInfo" inout="out"/></parameters></method>
  </methods>
</schema>`);

function methodOf(name: string): SchemaMethod {
  const method = schema!.methods.get(name);
  if (method === undefined) throw new Error(`No method ${name}: ${[...schema!.methods.keys()].join(', ')}`);
  return method;
}

function checkCall(name: string, args: MethodArguments, ...expected: string[]): void {
  const { parameters = [] } = toSoapCall('cus:demo', 'cus:demo', methodOf(name), args);
  expect(
    parameters.map((parameter) => `${parameter.name} ${parameter.type} ${String(parameter.value)}`),
  ).toEqual(expected);
}

function checkRefused(name: string, args: MethodArguments, message: string): void {
  let error: unknown;
  try {
    toSoapCall('cus:demo', 'cus:demo', methodOf(name), args);
  } catch (caught) {
    error = caught;
  }
  expect(error).toBeInstanceOf(CampaignError);
  expect((error as CampaignError).message).toBe(message);
}

test('a name that carries the letters of its type already gets no others', () => {
  const { schema: built } = parseSchema(
    '<schema namespace="a" name="b"><methods><method name="M" static="true"><parameters><param name="strName" type="string"/><param name="string" type="string"/></parameters></method></methods></schema>',
  );
  const call = toSoapCall('a:b', 'a:b', built!.methods.get('M')!, { values: { strName: '', string: '' } });
  expect(call.parameters!.map(({ name }) => name)).toEqual(['strName', 'strString']);
});

test('a static method takes its in-parameters only', () =>
  checkCall('GetOption', { values: { name: 'X' } }, 'strName string X'));

test('other methods take the document first, marked with its schema', () => {
  checkCall('Run', { entity: '<demo id="1"/>' }, 'entity element <demo xtkschema="cus:demo" id="1"/>');
  checkCall(
    'Run',
    { entity: '<?xml version="1.0"?><demo xtkschema="cus:other"/>' },
    'entity element <?xml version="1.0"?><demo xtkschema="cus:other"/>',
  );
});

test('inout parameters are sent, optional ones may be left out', () =>
  checkCall(
    'Change',
    { entity: '<demo/>', values: { count: 3 } },
    'entity element <demo xtkschema="cus:demo"/>',
    'lCount long 3',
    'strNote string ',
  ));

test('a key-only method takes the key', () =>
  checkCall('Drop', { key: 'cus:demo|12' }, 'pk primarykey cus:demo|12'));

test('arguments that do not fit are refused', () => {
  checkRefused(
    'GetOption',
    { values: { nme: 'X' } },
    'cus:demo#GetOption has no parameter nme. It has name.',
  );
  checkRefused('GetOption', {}, 'cus:demo#GetOption needs name (string). Give a value; it may be empty.');
  checkRefused(
    'GetOption',
    { entity: '<a/>', values: { name: '' } },
    'cus:demo#GetOption is static: it works on no document. Leave the document out.',
  );
  checkRefused('Run', {}, 'cus:demo#Run needs the document it works on. Give its XML.');
  checkRefused('Drop', {}, 'cus:demo#Drop needs the key of a record. Give its key.');
});

test('results are read by position, whatever their names', () => {
  const outputs: SoapOutput[] = [
    { name: 'this', type: 'element', value: '<demo/>' },
    { name: 'count', type: 'string', value: '7' },
    { name: 'plId', type: 'int64', value: '72057594037935966' },
  ];
  expect(readMethodResult(methodOf('Change'), outputs)).toEqual({
    entity: '<demo/>',
    values: { count: 7, id: '72057594037935966' },
  });
});

test('a const method returns no document; missing results are nothing', () => {
  expect(readMethodResult(methodOf('Run'), [])).toEqual({ entity: undefined, values: { output: '' } });
  expect(readMethodResult(methodOf('GetOption'), [{ name: 'pstrValue', type: 'string', value: '' }])).toEqual(
    {
      entity: undefined,
      values: { value: '', type: 0 },
    },
  );
});

test('a type of the schema itself is a document', () => {
  expect(toSoapType('sessionUserInfo')).toBe('element');
  expect(toSoapType('')).toBe('string');
});

test('a method is addressed by its schema, or by its interface and the schema it works on', () => {
  expect(toUrn('cus:demo', methodOf('Run'))).toBe('cus:demo');
  const shared: SchemaMethod = { ...methodOf('Run'), interfaceName: 'persist' };
  expect(toUrn('xtk:session', shared)).toBe('xtk:persist');
  expect(toUrn('xtk:session', shared, 'nms:delivery')).toBe('xtk:persist|nms:delivery');
});

import { expect, test } from 'vitest';
import { CampaignError } from '../../../core/soap/campaignError.ts';
import { writeEnvelope } from '../../../core/soap/envelope.ts';
import type { SoapCall } from '../../../core/soap/soapClient.ts';

// Shape: Campaign Classic documentation, "Web service calls", and generated WSDLs.
const head =
  '<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"' +
  ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"' +
  ' xmlns:ns="http://xml.apache.org/xml-soap"><SOAP-ENV:Body>';
const tail = '</SOAP-ENV:Body></SOAP-ENV:Envelope>';
const style = 'SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"';
const literal = 'SOAP-ENV:encodingStyle="http://xml.apache.org/xml-soap/literalxml"';

function checkBody(call: SoapCall, expected: string, sessionToken?: string): void {
  expect(writeEnvelope(call, sessionToken)).toBe(head + expected + tail);
}

function checkRefused(call: SoapCall, pattern: RegExp): void {
  let caught: unknown;
  try {
    writeEnvelope(call);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(CampaignError);
  expect((caught as CampaignError).code).toBe('invalidCall');
  expect((caught as CampaignError).outcome).toBe('notSent');
  expect((caught as CampaignError).message).toMatch(pattern);
}

test('writes a static method with its parameters in order, the session token first and empty', () =>
  checkBody(
    {
      urn: 'xtk:persist',
      method: 'GetEntityIfMoreRecent',
      parameters: [
        { name: 'strPk', type: 'string', value: 'xtk:schema|nms:recipient' },
        { name: 'strMd5', type: 'string', value: '' },
        { name: 'bMustExist', type: 'boolean', value: false },
      ],
    },
    `<GetEntityIfMoreRecent xmlns="urn:xtk:persist" ${style}><sessiontoken xsi:type="xsd:string"/>` +
      '<strPk xsi:type="xsd:string">xtk:schema|nms:recipient</strPk><strMd5 xsi:type="xsd:string"/>' +
      '<bMustExist xsi:type="xsd:boolean">false</bMustExist></GetEntityIfMoreRecent>',
  ));

test('writes an entity as its element, without declaration and surroundings', () =>
  checkBody(
    {
      urn: 'xtk:queryDef',
      method: 'ExecuteQuery',
      parameters: [
        {
          name: 'entity',
          type: 'element',
          value: '<?xml version="1.0"?>\n<!-- q --><queryDef schema="nms:recipient"/>\n',
        },
      ],
    },
    `<ExecuteQuery xmlns="urn:xtk:queryDef" ${style}><sessiontoken xsi:type="xsd:string"/>` +
      `<entity xsi:type="ns:Element" ${literal}><queryDef schema="nms:recipient"/></entity></ExecuteQuery>`,
  ));

test('writes a document as literal XML with the empty type', () =>
  checkBody(
    {
      urn: 'xtk:persist',
      method: 'Write',
      parameters: [
        {
          name: 'domDoc',
          type: 'document',
          value: '<recipient xtkschema="nms:recipient"><![CDATA[a<b]]></recipient>',
        },
      ],
    },
    `<Write xmlns="urn:xtk:persist" ${style}><sessiontoken xsi:type="xsd:string"/>` +
      `<domDoc xsi:type="" ${literal}><recipient xtkschema="nms:recipient"><![CDATA[a<b]]></recipient></domDoc></Write>`,
  ));

test('escapes a bare < or & in an attribute, and nothing else', () =>
  checkBody(
    {
      urn: 'xtk:queryDef',
      method: 'ExecuteQuery',
      parameters: [
        {
          name: 'entity',
          type: 'element',
          value: `<queryDef><where><condition expr="@a < 5 & @b &lt;= 'x&amp;y'"/><data><![CDATA[a < b & c]]> &lt;</data></where></queryDef>`,
        },
      ],
    },
    `<ExecuteQuery xmlns="urn:xtk:queryDef" ${style}><sessiontoken xsi:type="xsd:string"/>` +
      `<entity xsi:type="ns:Element" ${literal}><queryDef><where><condition expr="@a &lt; 5 &amp; @b &lt;= 'x&amp;y'"/>` +
      `<data><![CDATA[a < b & c]]> &lt;</data></where></queryDef></entity></ExecuteQuery>`,
  ));

test('addresses a method of an interface on a schema', () =>
  checkBody(
    { urn: 'xtk:persist|nms:delivery', method: 'NewInstance' },
    `<NewInstance xmlns="urn:xtk:persist|nms:delivery" ${style}><sessiontoken xsi:type="xsd:string"/></NewInstance>`,
  ));

test('puts a login/password token into the first parameter', () =>
  checkBody(
    { urn: 'nms:rtEvent', method: 'PushEvent' },
    `<PushEvent xmlns="urn:nms:rtEvent" ${style}><sessiontoken xsi:type="xsd:string">mc/a&lt;b</sessiontoken></PushEvent>`,
    'mc/a<b',
  ));

test.each([
  ['boolean', '1', 'xsd:boolean', 'true'],
  ['boolean', '', 'xsd:boolean', 'false'],
  ['byte', 7, 'xsd:byte', '7'],
  ['short', '-3', 'xsd:short', '-3'],
  ['long', 2147483647, 'xsd:int', '2147483647'],
  ['int64', '72057594037935966', 'xsd:long', '72057594037935966'],
  ['double', 0.5, 'xsd:double', '0.5'],
  ['float', '', 'xsd:float', '0'],
  ['datetime', '2020-12-31T12:34:56.789Z', 'xsd:dateTime', '2020-12-31T12:34:56.789Z'],
  ['date', '2020-12-31', 'xsd:date', '2020-12-31'],
  ['primarykey', 'nms:recipient|12', 'xsd:string', 'nms:recipient|12'],
  ['string', 'a & "b" <c>\r\n', 'xsd:string', 'a &amp; "b" &lt;c&gt;&#13;\n'],
] as const)('states %s %j as %s', (type, value, xsi, text) =>
  checkBody(
    { urn: 'cus:x', method: 'M', parameters: [{ name: 'p', type, value }] },
    `<M xmlns="urn:cus:x" ${style}><sessiontoken xsi:type="xsd:string"/><p xsi:type="${xsi}">${text}</p></M>`,
  ),
);

test.each([
  ['long', 2147483648],
  ['long', 1.5],
  ['long', 'many'],
  ['byte', 200],
  ['int64', 2 ** 60],
  ['double', 'x'],
  ['boolean', 'maybe'],
] as const)('refuses %s %j before anything is sent', (type, value) =>
  checkRefused(
    { urn: 'cus:x', method: 'M', parameters: [{ name: 'p', type, value }] },
    /^Parameter p of cus:x#M must be/,
  ),
);

test.each([
  ['</domDoc><evil/><domDoc>', /not well formed/],
  ['<a><b></a>', /not well formed: <b> is ended by <\/a>/],
  ['<a/><b/>', /second root element/],
  ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', /declares a document type/],
  ['<a', /not well formed/],
  ['text', /not well formed/],
])('refuses %j as a document', (value, pattern) =>
  checkRefused(
    { urn: 'xtk:persist', method: 'Write', parameters: [{ name: 'domDoc', type: 'document', value }] },
    pattern,
  ),
);

test.each([
  ['xtk:session\r\nX-Evil: 1', 'Logon'],
  ['xtk:session', 'Logon>'],
  ['session', 'Logon'],
])('refuses %j#%j as a method', (urn, method) => checkRefused({ urn, method }, /does not name a method/));

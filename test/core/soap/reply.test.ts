import { expect, test } from 'vitest';
import { campaignCodes, findCodes, resolveCode } from '../../../core/soap/campaignCodes.ts';
import { judgeFault } from '../../../core/soap/fault.ts';
import { readReply, stripWireNamespaces } from '../../../core/soap/replyXml.ts';

/** Text in, `name type value` out. */
function checkReply(xml: string, method: string, ...expected: string[]): void {
  const content = readReply(xml, method);
  if (content.kind === 'outputs') {
    expect(content.outputs.map(({ name, type, value }) => `${name} ${type} ${String(value)}`)).toEqual(
      expected,
    );
  } else if (content.kind === 'fault') {
    const { faultCode, faultString, detail } = content.fault;
    expect([`fault ${faultCode}`, faultString, detail]).toEqual(expected);
  } else expect([`not SOAP: ${content.rootName}`]).toEqual(expected);
}

const open = `<?xml version='1.0'?><SOAP-ENV:Envelope xmlns:xsd='http://www.w3.org/2001/XMLSchema' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' xmlns:ns='urn:x' xmlns:SOAP-ENV='http://schemas.xmlsoap.org/soap/envelope/'><SOAP-ENV:Body>`;
const close = `</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const literal = `xsi:type='ns:Element' SOAP-ENV:encodingStyle='http://xml.apache.org/xml-soap/literalxml'`;

// Shapes: Campaign documentation and generated WSDLs, rewritten.
test('simple results have their types', () =>
  checkReply(
    `${open}<GetOptionResponse xmlns='urn:xtk:session'><pstrValue xsi:type='xsd:string'> uFE80 </pstrValue><pbtType xsi:type='xsd:byte'>6</pbtType></GetOptionResponse>${close}`,
    'GetOption',
    'pstrValue string  uFE80 ',
    'pbtType byte 6',
  ));

test('64 bits stay text, 32 become numbers, dates and booleans are read', () =>
  checkReply(
    `${open}<XResponse><plId xsi:type='xsd:long'>72057594037935966</plId><plN xsi:type='xsd:int'>-5</plN><pbOk xsi:type='xsd:boolean'>1</pbOk><ptmA xsi:type='xsd:dateTime'>2024-05-01T10:00:00.000Z</ptmA><pd xsi:type='xsd:double'>1.5</pd><ppk xsi:type='xsd:primarykey'>nms:recipient|1</ppk></XResponse>${close}`,
    'X',
    'plId int64 72057594037935966',
    'plN long -5',
    'pbOk boolean true',
    'ptmA datetime 2024-05-01T10:00:00.000Z',
    'pd double 1.5',
    'ppk primarykey nms:recipient|1',
  ));

test('a document is its text, without the namespaces of the envelope', () =>
  checkReply(
    `${open}<ExecuteQueryResponse xmlns='urn:xtk:queryDef'><pdomOutput ${literal}>\n<recipient-collection>\n  <recipient id="1" xmlns="urn:xtk:queryDef"><!-- kept --><data><![CDATA[a<b]]></data></recipient></recipient-collection>\n</pdomOutput></ExecuteQueryResponse>${close}`,
    'ExecuteQuery',
    'pdomOutput element <recipient-collection>\n  <recipient id="1"><!-- kept --><data><![CDATA[a<b]]></data></recipient></recipient-collection>',
  ));

test('an empty document, with and without its type', () => {
  checkReply(`${open}<MResponse><pdomDoc ${literal}></pdomDoc></MResponse>${close}`, 'M', 'pdomDoc element ');
  checkReply(`${open}<MResponse><pdomDoc/></MResponse>${close}`, 'M', 'pdomDoc element ');
  checkReply(`${open}<MResponse><entity xsi:type=''/></MResponse>${close}`, 'M', 'entity element ');
});

test('a method without results', () => {
  checkReply(`${open}<WriteResponse xmlns='urn:wpp:default'></WriteResponse>${close}`, 'Write');
  checkReply(`${open}<TestCnxResponse xmlns='urn:xtk:session'/>${close}`, 'TestCnx');
});

test('prefixes do not matter', () =>
  checkReply(
    `<soapenv:Envelope xmlns:soapenv="x"><soapenv:Header><a><b/></a></soapenv:Header><soapenv:Body><urn:PushEventResponse xmlns:urn="urn:nms:rtEvent"><urn:plId xsi:type="xsd:long">12</urn:plId></urn:PushEventResponse></soapenv:Body></soapenv:Envelope>`,
    'PushEvent',
    'plId int64 12',
  ));

test('results of JavaScript methods have no types and no prefixes', () =>
  checkReply(
    `${open}<RunResponse><resp>text</resp><result><a/></result></RunResponse>${close}`,
    'Run',
    'resp string text',
    'result element <a/>',
  ));

test('a fault, with CDATA or elements in its detail', () => {
  checkReply(
    `${open}<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>SOP-330011 Error</faultstring><detail><![CDATA[line 1\nline 2]]></detail></SOAP-ENV:Fault>${close}`,
    'X',
    'fault SOAP-ENV:Server',
    'SOP-330011 Error',
    'line 1\nline 2',
  );
  checkReply(
    `${open}<s:Fault xmlns:s="y"><s:faultcode>-53</s:faultcode><s:faultstring/><s:detail><e>deep <i>text</i></e></s:detail></s:Fault>${close}`,
    'X',
    'fault -53',
    '',
    'deep text',
  );
});

test('other documents are told apart', () => {
  checkReply('<redir/>', 'X', 'not SOAP: redir');
  checkReply(`${open}<LogonResponse/>${close}`, 'X', 'not SOAP: LogonResponse');
  checkReply(`${open}${close}`, 'X', 'not SOAP: Envelope without a body');
});

test.each([
  [`<a xmlns="urn:x"><b xmlns=''/></a>`, '<a><b/></a>'],
  [`<a  xmlns='urn:wpp:default'  b="1" />`, `<a  b="1" />`],
  ['<q:a q:b="1"><q:c/></q:a>', '<a><c/></a>'],
  ['<a xsi:type="x" SOAP-ENV:encodingStyle="y" z="1"/>', '<a z="1"/>'],
  [
    '<cache xmlns:xtk="urn:xtk"><xtk:schema><entityCache pk="a"/></xtk:schema></cache>',
    '<cache xmlns:xtk="urn:xtk"><xtk:schema><entityCache pk="a"/></xtk:schema></cache>',
  ],
  ['<a xml:space="preserve"> </a>', '<a xml:space="preserve"> </a>'],
  ['<a t="12:30"/>', '<a t="12:30"/>'],
  [
    '<a><![CDATA[<x xmlns="no">]]> &lt;y xmlns="no"&gt;</a>',
    '<a><![CDATA[<x xmlns="no">]]> &lt;y xmlns="no"&gt;</a>',
  ],
  ['<a/><b xmlns="x"/>', '<a/><b/>'],
])('removes what only the envelope gave: %s', (xml, expected) =>
  expect(stripWireNamespaces(xml)).toBe(expected),
);

// -- Faults -----------------------------------------------------------------------------------------------------------

function checkJudgement(faultString: string, detail: string, expected: string): void {
  const { action, campaignCode } = judgeFault({ faultCode: '', faultString, detail });
  expect(`${campaignCode ?? '-'} ${action}`).toBe(expected);
}

test.each([
  ['SOP-330011 Error while executing', "XTK-170036 Unable to parse expression 'x'.", 'XTK-170036 show'],
  ['SOP-330011 Error', 'PGS-220000 duplicate key\nXSV-350023 Unable to save', 'PGS-220000 show'],
  ['SOP-330011 Error', 'PGS-220000 PostgreSQL error: ERROR: deadlock detected', 'PGS-220000 retry'],
  ['SOP-330011 Error', 'ODB-240000 ODBC error: … SQLState: 40001', 'ODB-240000 retry'],
  ['SOP-330011 Error', 'XTK-170006 contains the word deadlock', 'XTK-170006 show'],
  ['SOP-330011 Error', 'XSV-350023 Unable to save document', 'XSV-350023 show'],
  ['SOP-330011 Error', '', 'SOP-330011 show'],
  ['SOP-330024 Unspecified function library', '', 'SOP-330024 never'],
  ['XSV-350008 Session has expired or is invalid.', '', 'XSV-350008 relogon'],
  ['Session has expired or is invalid. Please reconnect.', '', 'XSV-350008 relogon'],
  ['Invalid login or password. Connection denied.', '', 'XSV-350012 never'],
  ["Attribute 'x' unknown (see definition of schema 'Recipients (nms:recipient)')", '', 'XTK-170036 show'],
  ['SOP-330999 Something new', '', 'SOP-330999 never'],
  ['ABC-123456 Something else', '', 'ABC-123456 show'],
  ['No code at all', '', '- show'],
])('%s / %s', checkJudgement);

test('codes are found anywhere, and nothing else', () => {
  expect(findCodes('a XTK-170036 b (SOP-330011), WDB-200011.')).toEqual([
    'XTK-170036',
    'SOP-330011',
    'WDB-200011',
  ]);
  expect(findCodes('XTK-17003 AXSV-3500089 x-350008 ISO-8859-1')).toEqual([]);
});

test('each code of the table is explained in whole sentences', () => {
  expect(new Set(campaignCodes.map(({ code }) => code)).size).toBe(campaignCodes.length);
  for (const { code, explanation, nextStep } of campaignCodes) {
    expect(findCodes(code)).toEqual([code]);
    expect(explanation).toMatch(/^[A-Z].*[.]$/);
    if (nextStep !== '') expect(nextStep).toMatch(/^[A-Z].*[.]$/);
    expect(resolveCode(code)).toMatchObject({ code, explanation });
  }
});

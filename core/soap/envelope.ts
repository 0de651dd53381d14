import { escapeXmlText } from '../xml/entities.ts';
import { CampaignError } from './campaignError.ts';
import type { SoapCall } from './soapClient.ts';
import { writeParameter } from './soapTypes.ts';
import { XmlReader, XmlReadError } from './xmlReader.ts';

/** `urn#Method`: the `SOAPAction`, by which alone the server finds the method. */
export function toSoapAction(call: SoapCall): string {
  return `${call.urn}#${call.method}`;
}

const namePattern = /^[A-Za-z_][\w.-]*$/;
const urnPattern = /^[A-Za-z_][\w-]*:[\w.-]+(\|[A-Za-z_][\w-]*:[\w:.-]+)?$/;

/**
 * Writes a request in the form the documentation and the generated WSDLs show: SOAP 1.1, the session token as first
 * parameter (empty under cookie and bearer sign-in), then the parameters in their order. Throws `invalidCall` for names
 * that are none and for XML values that are not one well-formed element: such a value could otherwise close its
 * parameter and smuggle in another.
 */
export function writeEnvelope(call: SoapCall, sessionToken = ''): string {
  const action = toSoapAction(call);
  if (!urnPattern.test(call.urn) || !namePattern.test(call.method)) {
    throw invalidCall(action, `“${action}” does not name a method.`, 'Write it as namespace:schema#Method.');
  }
  const parts = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"',
    ' xmlns:ns="http://xml.apache.org/xml-soap"><SOAP-ENV:Body>',
    `<${call.method} xmlns="urn:${call.urn}" SOAP-ENV:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/">`,
    sessionToken === ''
      ? '<sessiontoken xsi:type="xsd:string"/>'
      : `<sessiontoken xsi:type="xsd:string">${escapeXmlText(sessionToken)}</sessiontoken>`,
  ];
  for (const parameter of call.parameters ?? []) {
    if (!namePattern.test(parameter.name)) {
      throw invalidCall(action, `“${parameter.name}” is not a parameter name.`, 'Use letters, digits and _.');
    }
    const isXml = parameter.type === 'element' || parameter.type === 'document';
    const checked = isXml
      ? { ...parameter, value: toXmlArgument(String(parameter.value), action, parameter.name) }
      : parameter;
    parts.push(writeParameter(checked, action));
  }
  parts.push(`</${call.method}></SOAP-ENV:Body></SOAP-ENV:Envelope>`);
  return parts.join('');
}

/**
 * The element of a document, without XML declaration and what surrounds it; checked to be well formed. A bare `<` or `&`
 * in an attribute, as people write it in expressions and E4X allows, is escaped: the server's parser would refuse it.
 */
function toXmlArgument(xml: string, action: string, name: string): string {
  if (xml.trim() === '') return '';
  const reader = new XmlReader({ maxTokenLength: Infinity });
  reader.feed(xml);
  reader.finish();
  const parts: string[] = [];
  let at = -1;
  let end = -1;
  try {
    for (let token = reader.next(); token !== 'done'; token = reader.next()) {
      if (token === 'end') end = reader.tokenEnd;
      if (token !== 'start') continue;
      const { tokenStart, tokenEnd } = reader;
      if (at < 0) at = tokenStart;
      const tag = xml.slice(tokenStart + 1, tokenEnd);
      if (!bareMarkup.test(tag)) continue;
      const escaped = tag.replaceAll('<', '&lt;').replaceAll(new RegExp(bareAmpersand, 'g'), '&amp;');
      parts.push(xml.slice(at, tokenStart), '<', escaped);
      at = tokenEnd;
    }
  } catch (error) {
    if (!(error instanceof XmlReadError)) throw error;
    const message = error.message.replace('The answer', 'The document');
    throw invalidCall(
      action,
      `The XML for ${name} of ${action} is not well formed: ${message}`,
      'Correct the XML.',
    );
  }
  return parts.join('') + xml.slice(at, end);
}

const bareAmpersand = /&(?!#\d+;|#x[0-9a-fA-F]+;|[A-Za-z][\w.-]*;)/;
const bareMarkup = new RegExp(`<|${bareAmpersand.source}`);

function invalidCall(method: string, explanation: string, nextStep: string): CampaignError {
  return new CampaignError({ code: 'invalidCall', explanation, nextStep, method, outcome: 'notSent' });
}

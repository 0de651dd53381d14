import { toCdata, decodeXml } from '../../../core/xml/entities.ts';
import { wholeBody, type Reply } from '../http/reply.ts';

const code = /\b[A-Z]{2,4}-\d{6} /g;

/** Latin-1 has 256 characters; all others are written as references, which a CDATA section cannot hold. */
function toLatin1(xml: string): Buffer {
  const parts = xml.split(/(<!\[CDATA\[[\s\S]*?\]\]>)/);
  const reference = (c: string): string => `&#${c.codePointAt(0)};`;
  const text = parts.map((part) =>
    part.startsWith('<![CDATA[')
      ? part.replace(/[^\0-\xff]/gu, (c) => `]]>${reference(c)}<![CDATA[`)
      : part.replace(/[^\0-\xff]/gu, reference),
  );
  return Buffer.from(text.join(''), 'latin1');
}

/**
 * The same answer as older builds print it: ISO-8859-1 by declaration, the element of the method with a prefix, faults
 * without codes and their detail in a CDATA section. Source: the exchanges printed in Adobe's documentation.
 */
export function toOldForm(reply: Reply): Reply {
  const text = wholeBody(reply.body).toString('utf8');
  if (!text.startsWith('<')) return { ...reply, body: text.replace(code, '') };
  const isFault = text.includes('<SOAP-ENV:Fault>');
  const declared = text.replace(/^<\?xml[^>]*\?>/, "<?xml version='1.0' encoding='ISO-8859-1'?>");
  const formed = isFault
    ? declared
        .replace(
          /(<faultstring[^>]*>)([^<]*)/,
          (_all, tag: string, line: string) => tag + line.replace(code, ''),
        )
        .replace(
          /(<detail[^>]*>)([^<]*)/,
          (_all, tag: string, lines: string) => tag + toCdata(decodeXml(lines).replace(code, '')),
        )
    : declared
        .replace(/<(\w+Response) xmlns='/, "<urn:$1 xmlns:urn='")
        .replace(/<\/(\w+Response)>(<\/SOAP-ENV:Body>)/, '</urn:$1>$2');
  return { ...reply, headers: { 'Content-Type': 'text/xml' }, body: toLatin1(formed) };
}

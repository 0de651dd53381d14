/**
 * Character references. Only the five predefined entities and numeric references exist: documents from outside cannot
 * define any, so nothing can expand.
 */

const predefined: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const reference = /&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));/g;

function decodeReference(whole: string, hex?: string, decimal?: string, name?: string): string {
  if (name !== undefined) return predefined[name] ?? whole;
  const code = hex !== undefined ? parseInt(hex, 16) : parseInt(decimal ?? '', 10);
  const isCharacter = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : whole;
}

/** Replaces character references by what they stand for; anything else that starts with `&` stays as it is. */
export function decodeXml(raw: string): string {
  return raw.includes('&') ? raw.replace(reference, decodeReference) : raw;
}

/** The way between a text with references and what it stands for; indexes are zero-based UTF-16 units. */
export interface ReferenceMap {
  /** Where the character at an index of the decoded text begins in the raw one; past the end, the end. */
  toSource(decodedIndex: number): number;
  /** The inverse of `toSource`: an index inside a reference counts as its start. */
  toDecoded(index: number): number;
}

/** A reference: where it stands, and where what it stands for does. */
interface MappedReference {
  source: number;
  sourceEnd: number;
  decoded: number;
  decodedEnd: number;
}

/** Finds the references of a text once, for many questions about `decodeXml(raw)`. */
export function mapReferences(raw: string): ReferenceMap {
  const references: MappedReference[] = [];
  let shift = 0;
  for (const match of raw.includes('&') ? raw.matchAll(reference) : []) {
    const { length } = decodeReference(match[0], match[1], match[2], match[3]);
    const decoded = match.index - shift;
    const sourceEnd = match.index + match[0].length;
    references.push({ source: match.index, sourceEnd, decoded, decodedEnd: decoded + length });
    shift = sourceEnd - decoded - length;
  }
  /** The last reference that begins before an index of either text. */
  const before = (index: number, side: 'source' | 'decoded'): MappedReference | undefined => {
    let low = 0;
    let high = references.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (references[middle]![side] < index) low = middle + 1;
      else high = middle;
    }
    return references[low - 1];
  };
  return {
    toSource(decodedIndex) {
      const last = before(decodedIndex, 'decoded');
      if (last === undefined) return Math.min(decodedIndex, raw.length);
      if (decodedIndex < last.decodedEnd) return last.source;
      return Math.min(last.sourceEnd + decodedIndex - last.decodedEnd, raw.length);
    },
    toDecoded(index) {
      const at = Math.min(index, raw.length);
      const last = before(at, 'source');
      if (last === undefined) return at;
      return at < last.sourceEnd ? last.decoded : last.decodedEnd + at - last.sourceEnd;
    },
  };
}

/** Characters that XML 1.0 cannot carry, not even as a reference. */
// eslint-disable-next-line no-control-regex
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

/** Escapes text content. Characters that XML cannot carry are dropped. */
export function escapeXmlText(text: string): string {
  return text
    .replace(impossible, '')
    .replace(/[&<>\r]/g, (c) => (c === '&' ? '&amp;' : c === '<' ? '&lt;' : c === '>' ? '&gt;' : '&#13;'));
}

/** Escapes an attribute value for either quote; line breaks and tabs survive as references. */
export function escapeXmlAttribute(text: string): string {
  return text.replace(impossible, '').replace(/[&<>"'\r\n\t]/g, (c) => {
    switch (c) {
      case '&':
        return '&amp;';
      case '<':
        return '&lt;';
      case '>':
        return '&gt;';
      case '"':
        return '&quot;';
      case "'":
        return '&apos;';
      default:
        return `&#${c.charCodeAt(0)};`;
    }
  });
}

/** Wraps text in CDATA, split where the text itself contains `]]>`. */
export function toCdata(text: string): string {
  return `<![CDATA[${text.replace(impossible, '').replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

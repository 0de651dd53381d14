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

/**
 * Where the character at `decodedIndex` of `decodeXml(raw)` begins in `raw` (both zero-based UTF-16 units). An index at
 * or past the end gives `raw.length`.
 */
export function sourceIndex(raw: string, decodedIndex: number): number {
  if (!raw.includes('&')) return Math.min(decodedIndex, raw.length);
  let decoded = 0;
  let source = 0;
  for (const match of raw.matchAll(reference)) {
    const plain = match.index - source;
    if (decodedIndex <= decoded + plain) return source + (decodedIndex - decoded);
    const replacement = decodeReference(match[0], match[1], match[2], match[3]);
    decoded += plain;
    source = match.index;
    if (decodedIndex < decoded + replacement.length) return source;
    decoded += replacement.length;
    source += match[0].length;
  }
  return Math.min(source + (decodedIndex - decoded), raw.length);
}

/** The inverse of {@link sourceIndex}: an index inside a reference counts as its start. */
export function decodedIndex(raw: string, index: number): number {
  if (!raw.includes('&')) return Math.min(index, raw.length);
  let decoded = 0;
  let source = 0;
  for (const match of raw.matchAll(reference)) {
    if (index <= match.index) break;
    const replacement = decodeReference(match[0], match[1], match[2], match[3]);
    decoded += match.index - source;
    if (index < match.index + match[0].length) return decoded;
    decoded += replacement.length;
    source = match.index + match[0].length;
  }
  return decoded + Math.min(index, raw.length) - source;
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

import type { TextRange, XmlElement } from '../../../core/xml/xmlTree.ts';

/**
 * The text of an element whose script was typed as it is, although it stands neither in a CDATA section nor escaped:
 * from the start tag to the first end tag of that name. `undefined` for text that XML reads as it is meant, and for
 * elements that have other elements inside and no text.
 */
export function rawText(source: string, element: XmlElement): TextRange | undefined {
  if (element.selfClosing || !element.openTagClosed) return undefined;
  const texts = element.children.filter((node) => node.kind === 'text');
  if (texts.some(({ cdata }) => cdata) || texts.every(({ value }) => value.trim() === '')) return undefined;
  const isStray = element.children.some(
    (node) => node.kind === 'element' || source.slice(node.start, node.end).includes('<'),
  );
  if (!isStray) return undefined;
  const close = source.indexOf(`</${element.name}`, element.openEnd);
  return { start: element.openEnd, end: close < 0 ? element.end : close };
}

import { locateXml } from '../../core/xml/locateXml.ts';
import type { TextRange, XmlDocument, XmlElement } from '../../core/xml/xmlTree.ts';

/** What the name of an element is made of, as the editor checks what is typed into both its tags. */
export const tagNamePattern = '[A-Za-z_][\\w.:-]*';

/**
 * The names in the start tag and the end tag of the element whose tag an offset is in, start tag first; `undefined`
 * where there is no such pair: an empty element, a computed name, a tag without its end.
 * @param text the text the XML was parsed from.
 */
export function linkedTags(
  text: string,
  xml: XmlDocument,
  offset: number,
): [TextRange, TextRange] | undefined {
  const at = locateXml(xml, offset);
  if (at.kind !== 'tagName' && at.kind !== 'endTag') return undefined;
  const pair = tagNames(text, at.element);
  return pair?.some(({ start, end }) => offset >= start && offset <= end) === true ? pair : undefined;
}

function tagNames(text: string, element: XmlElement): [TextRange, TextRange] | undefined {
  const { name, nameStart, nameEnd, closeStart } = element;
  if (name === '' || closeStart < 0) return undefined;
  const start = closeStart + '</'.length;
  const end = start + name.length;
  const isWhole = text.startsWith(name, start) && !/[\w.:-]/.test(text.charAt(end));
  return isWhole
    ? [
        { start: nameStart, end: nameEnd },
        { start, end },
      ]
    : undefined;
}

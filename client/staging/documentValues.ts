import { attributeValue, childElements, textOf, type XmlElement } from '../../core/xml/xmlTree.ts';
import { parseXml } from '../../core/xml/parseXml.ts';

/**
 * The values of a document by xpath, for the review: read from what is sent, so that it cannot show anything else.
 * A value that is not there is `''`.
 */
export function documentValues(xml: string, xpaths: readonly string[]): string[] {
  const { root } = parseXml(xml);
  return xpaths.map((xpath) => (root === undefined ? '' : valueAt(root, xpath)));
}

function valueAt(root: XmlElement, xpath: string): string {
  let element: XmlElement | undefined = root;
  for (const step of xpath.split('/')) {
    if (step.startsWith('@')) return attributeValue(element, step.slice(1)) ?? '';
    element = childElements(element, step)[0];
    if (element === undefined) return '';
  }
  return textOf(element);
}

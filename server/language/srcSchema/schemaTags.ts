import { isTrue } from '../../../core/schema/parseSchema.ts';
import { attributeValue, type XmlElement } from '../../../core/xml/xmlTree.ts';

/** The cloud database of v8 (FFDA). */
export const cloudDataSource = 'nms:extAccount:ffda';

/** Is the table of a main element in the cloud database? */
export function isCloudTable(main: XmlElement): boolean {
  return attributeValue(main, 'dataSource') === cloudDataSource;
}

/** Does an attribute say yes? */
export function says(element: XmlElement, name: string): boolean {
  return isTrue(attributeValue(element, name));
}

/** Does the element declare a link? */
export function isLinkTag(element: XmlElement): boolean {
  return element.localName === 'element' && attributeValue(element, 'type') === 'link';
}

/** The element right below the root that an element is in, or is. */
export function definitionTag(element: XmlElement): XmlElement {
  let at = element;
  while (at.parent?.parent !== undefined) at = at.parent;
  return at;
}

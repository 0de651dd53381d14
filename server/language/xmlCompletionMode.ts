import type { XmlAttribute, XmlElement } from '../../core/xml/xmlTree.ts';

/**
 * How the name of an element is written. `tag`: after `<`, nothing else of the element is there, so the item brings the
 * rest; `name`: an element that is there gets another name; `content`: between tags, the item brings its own `<`.
 */
export type ElementNameMode = 'tag' | 'name' | 'content';

/** The mode on the name of a start tag. */
export function tagNameMode(text: string, element: XmlElement): ElementNameMode {
  // Only the name is there: what follows does not belong to the tag being typed.
  const isBare =
    element.attributes.length === 0 && !element.openTagClosed && !/^\s*=/.test(text.slice(element.nameEnd));
  return isBare ? 'tag' : 'name';
}

/** The mode between tags. A `<` that stands alone is a tag whose name was deleted, or is about to be typed. */
export function contentMode(text: string, offset: number): ElementNameMode {
  if (text.charAt(offset - 1) !== '<') return 'content';
  return /^\s+[\w:.-]+\s*=/.test(text.slice(offset, offset + 200)) ? 'name' : 'tag';
}

/** Is the value of the attribute named at an offset there already? Its name was deleted, or is being changed. */
export function isBeforeValue(text: string, offset: number, attribute: XmlAttribute | undefined): boolean {
  return attribute?.hasValue ?? /^\s*=\s*["'{]/.test(text.slice(offset, offset + 50));
}

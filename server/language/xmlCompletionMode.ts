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

const sections = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;

/** Between tags, is an offset inside a comment, a CDATA section or an instruction? Nothing is offered there. */
export function isInSection(text: string, start: number, offset: number): boolean {
  return sections.some(([open, close]) => {
    // A section begins before the offset; a mark that is only half before it is still being typed.
    const from = text.lastIndexOf(open, offset - 1);
    if (from < start || from + 2 > offset) return false;
    const to = text.indexOf(close, from + open.length);
    return to < 0 || to + close.length > offset;
  });
}

/** May the name of an attribute begin at an offset of a start tag? Only behind a space: not behind `=`, a quote or `/`. */
export function canBeginAttribute(text: string, offset: number): boolean {
  return /\s/.test(text.charAt(offset - 1));
}

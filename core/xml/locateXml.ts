import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from './xmlTree.ts';

/** What an offset stands on. */
export type XmlLocation =
  /** Between tags; `element` is the innermost open element. */
  | { kind: 'content'; element: XmlElement | undefined }
  /** On the name of a start tag, or just after `<`. */
  | { kind: 'tagName'; element: XmlElement }
  /** In an end tag. */
  | { kind: 'endTag'; element: XmlElement }
  /** In a start tag where an attribute may begin; `attribute` when on a name. */
  | { kind: 'attributeName'; element: XmlElement; attribute: XmlAttribute | undefined }
  /** Inside a value, its quotes excluded, both ends included. */
  | { kind: 'attributeValue'; element: XmlElement; attribute: XmlAttribute };

/**
 * What is at an offset, with the end of a name or value counting as inside it: a cursor stands after what it typed.
 * Never throws; an offset outside gives `content` with no element.
 */
export function locateXml(document: XmlDocument, offset: number): XmlLocation {
  const element = innermostElement(document.nodes, offset);
  if (element === undefined) return { kind: 'content', element: undefined };
  if (offset <= element.start) return { kind: 'content', element: element.parent };
  if (offset <= element.nameEnd) return { kind: 'tagName', element };
  const inOpenTag = offset < element.openEnd || (offset === element.openEnd && !element.openTagClosed);
  if (inOpenTag) {
    const attribute = element.attributes.find(
      (candidate) => offset >= candidate.start && offset <= candidate.end,
    );
    if (attribute === undefined || offset <= attribute.nameEnd) {
      return { kind: 'attributeName', element, attribute };
    }
    if (offset >= attribute.valueStart && offset <= attribute.valueEnd) {
      return { kind: 'attributeValue', element, attribute };
    }
    return { kind: 'attributeName', element, attribute: undefined };
  }
  if (element.closeStart >= 0 && offset > element.closeStart) return { kind: 'endTag', element };
  return { kind: 'content', element };
}

function innermostElement(nodes: readonly XmlNode[], offset: number): XmlElement | undefined {
  let found: XmlElement | undefined;
  let candidates: readonly XmlNode[] = nodes;
  for (;;) {
    const next = lastStartingBefore(candidates, offset);
    if (next === undefined) return found;
    found = next;
    candidates = next.children;
  }
}

/** Siblings are in order and do not overlap, so the last one that starts before the offset is the only candidate. */
function lastStartingBefore(nodes: readonly XmlNode[], offset: number): XmlElement | undefined {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nodes[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  const node = nodes[low - 1];
  if (node?.kind !== 'element') return undefined;
  const isOpenEnded = !node.openTagClosed || (node.closeStart < 0 && !node.selfClosing);
  return offset < node.end || (offset === node.end && isOpenEnded) ? node : undefined;
}

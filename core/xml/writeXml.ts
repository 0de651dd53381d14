import { escapeXmlAttribute, escapeXmlText, toCdata } from './entities.ts';
import type { XmlElement } from './xmlTree.ts';

/** Options of {@link writeXml}. */
export interface WriteXmlOptions {
  /** Leave out `xmlns` declarations, which the wire adds and no Campaign document needs. Default false. */
  stripNamespaces?: boolean;
}

/** Writes an element and what is below it as XML, attributes in their order, text and CDATA as they were. */
export function writeXml(element: XmlElement, options: WriteXmlOptions = {}): string {
  const parts: string[] = [];
  writeElement(element, options, parts);
  return parts.join('');
}

function writeElement(element: XmlElement, options: WriteXmlOptions, parts: string[]): void {
  const name = options.stripNamespaces === true ? element.localName : element.name;
  parts.push('<', name);
  for (const attribute of element.attributes) {
    if (options.stripNamespaces === true && /^xmlns(:|$)/.test(attribute.name)) continue;
    parts.push(' ', attribute.name, '="', escapeXmlAttribute(attribute.value), '"');
  }
  if (element.children.length === 0) {
    parts.push('/>');
    return;
  }
  parts.push('>');
  for (const child of element.children) {
    if (child.kind === 'element') writeElement(child, options, parts);
    else parts.push(child.cdata ? toCdata(child.value) : escapeXmlText(child.value));
  }
  parts.push('</', name, '>');
}

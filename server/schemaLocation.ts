import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Location } from 'vscode-languageserver';
import { parseXml } from '../core/xml/parseXml.ts';
import {
  attributeValue,
  childElements,
  descendantElements,
  type TextRange,
  type XmlElement,
} from '../core/xml/xmlTree.ts';
import type { SchemaText } from './dataModel.ts';

/** What leads to an element of a schema from its root: element and `name` of each step. */
type DeclarationPath = { element: string; name: string | undefined }[];

/** Finds where the places of a schema's text can be opened; see {@link createSchemaLocator}. */
export type SchemaLocator = (range: TextRange) => Location;

/** Places of a text are in the text itself, or, when it was compiled here, in the files that declare what is there. */
export function createSchemaLocator(text: SchemaText): SchemaLocator {
  if (text.origins === undefined || text.origins.length === 0) {
    const document = TextDocument.create(text.uri, 'xml', 0, text.xml);
    return (range) => toLocation(document, range);
  }
  const { root } = parseXml(text.xml);
  const elements = root === undefined ? [] : [...descendantElements(root)];
  const origins = text.origins.map(({ uri, xml }) => ({
    document: TextDocument.create(uri, 'xml', 0, xml),
    root: parseXml(xml).root,
  }));
  return ({ start }) => {
    const target = elements.findLast((element) => element.start <= start && start <= element.openEnd);
    let path = target === undefined ? [] : pathOf(target);
    // What compilation has added stands nowhere: its parent does.
    for (; path.length > 0; path = path.slice(0, -1)) {
      for (const origin of origins) {
        const found = findDeclaration(origin.root, path);
        if (found !== undefined) return toLocation(origin.document, startTag(found));
      }
    }
    const [first] = origins;
    const range = first?.root === undefined ? { start: 0, end: 0 } : startTag(first.root);
    return toLocation(first!.document, range);
  };
}

function toLocation(document: TextDocument, { start, end }: TextRange): Location {
  return {
    uri: document.uri,
    range: { start: document.positionAt(start), end: document.positionAt(end) },
  };
}

const startTag = (element: XmlElement): TextRange => ({ start: element.start, end: element.openEnd });

function pathOf(target: XmlElement): DeclarationPath {
  const path: DeclarationPath = [];
  for (let at: XmlElement = target; at.parent !== undefined; at = at.parent) {
    path.unshift({ element: at.localName, name: attributeValue(at, 'name') });
  }
  return path;
}

function findDeclaration(root: XmlElement | undefined, path: DeclarationPath): XmlElement | undefined {
  let at = root;
  for (const [index, { element, name }] of path.entries()) {
    if (at === undefined) return undefined;
    const children = childElements(at, element);
    const found = children.find((child) => attributeValue(child, 'name') === name);
    // An extension may call its main element after itself.
    const own = index === 0 ? children.find((child) => isMainOf(child, root)) : undefined;
    at = found ?? own;
  }
  return at;
}

function isMainOf(element: XmlElement, root: XmlElement | undefined): boolean {
  return (
    root !== undefined &&
    attributeValue(root, 'extendedSchema') !== undefined &&
    attributeValue(element, 'name') === attributeValue(root, 'name')
  );
}

import { parseXml } from '../xml/parseXml.ts';
import { serializeXmlNode, toXmlNode } from './xmlNode.ts';

/** Attributes of the root that change without the schema changing. Source: Campaign Classic, schema `xtk:srcSchema`. */
const volatileAttributes: ReadonlySet<string> = new Set([
  'md5',
  'created',
  'createdBy-id',
  'lastModified',
  'modifiedBy-id',
]);

/** Children of the root that say who edited it: only an instance knows these operators. */
const volatileElements: ReadonlySet<string> = new Set(['createdBy', 'modifiedBy']);

/**
 * The text of a schema as it is kept under version control: two-space indentation, one element a line, attributes in the
 * order received, without what changes by itself. The same schema always gives the same text, and the text of a snapshot
 * gives itself. Comments and declarations of namespaces are not part of it.
 * @returns `undefined` when the text is not the XML of a schema.
 */
export function toSnapshotText(xml: string): string | undefined {
  const { root, problems } = parseXml(xml);
  if (root === undefined || problems.length > 0) return undefined;
  if (root.localName !== 'schema' && root.localName !== 'srcSchema') return undefined;
  const node = toXmlNode(root);
  for (const name of node.attributes.keys()) {
    // Prefixed attributes are those of the SOAP answer the schema came in.
    if (volatileAttributes.has(name) || name.includes(':')) node.attributes.delete(name);
  }
  node.children = node.children.filter((child) => !volatileElements.has(child.name));
  return serializeXmlNode(node);
}

import { splitSchemaId } from '../../../core/schema/schema.ts';
import {
  attributeOf,
  attributeValue,
  childElements,
  descendantElements,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { SchemaContext } from './schemaContext.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { isLinkTag, says } from './schemaTags.ts';
import { tagRange, valueRange } from './structureChecks.ts';

const rootOrder = ['enumeration', 'attribute', 'element', 'interface', 'methods'];
const mainOrder = [
  'compute-string',
  'dbindex',
  'key',
  'sysFilter',
  'attribute',
  'container',
  'link',
  'aggregate',
];

/**
 * Rules that some teams have and others do not; shown only where the setting names their codes (`schemaRulesOfTaste`).
 * Source: Campaign documentation, "Data model best practices" (links); the order is that of its samples.
 */
export function checkTaste({ xml }: SchemaContext): SchemaSourceProblem[] {
  const { root } = xml;
  if (root?.localName !== 'srcSchema') return [];
  const problems: SchemaSourceProblem[] = [];
  for (const element of descendantElements(root)) {
    if (!isLinkTag(element) || attributeValue(element, '_operation') === 'delete') continue;
    checkImplicitJoin(element, problems);
    checkTargetName(element, problems);
  }
  checkOrders(root, problems);
  return problems;
}

function checkImplicitJoin(link: XmlElement, problems: SchemaSourceProblem[]): void {
  if (childElements(link, 'join').length > 0 || says(link, 'unbound')) return;
  // Without a target it changes a link that is declared elsewhere.
  if (attributeOf(link, 'target') === undefined) return;
  const message =
    'The columns of this link are those the server chooses: say them in a <join>, so that whoever reads the schema sees them.';
  problems.push(schemaProblem('lint/implicit-join', valueRange(link, 'name'), message));
}

/** `buyer` says nothing of `nms:recipient`; `mainRecipient` does. */
function checkTargetName(link: XmlElement, problems: SchemaSourceProblem[]): void {
  const name = attributeValue(link, 'name') ?? '';
  const target = splitSchemaId((attributeValue(link, 'target') ?? '').split('/')[0]!).name;
  const [here, there] = [name.toLowerCase(), target.toLowerCase()];
  if (here.includes(there) || there.includes(here)) return;
  const message = `The name does not say where the link leads: make ${target} a part of it.`;
  problems.push(schemaProblem('lint/link-name-target', valueRange(link, 'name'), message));
}

/** Lists of values, main element, methods; in the main element the table, then fields, containers, links, audit trail. */
function checkOrders(root: XmlElement, problems: SchemaSourceProblem[]): void {
  checkOrder(root, rootOrder, (child) => child.localName, problems);
  const name = attributeValue(root, 'name');
  const main = childElements(root, 'element').find((element) => attributeValue(element, 'name') === name);
  if (main !== undefined) checkOrder(main, mainOrder, placeOf, problems);
}

function placeOf(child: XmlElement): string {
  if (child.localName !== 'element') return child.localName;
  if (attributeOf(child, 'aggregate') !== undefined) return 'aggregate';
  return isLinkTag(child) ? 'link' : 'container';
}

function checkOrder(
  parent: XmlElement,
  order: readonly string[],
  place: (child: XmlElement) => string,
  problems: SchemaSourceProblem[],
): void {
  let last: string | undefined;
  for (const child of childElements(parent)) {
    const here = place(child);
    if (!order.includes(here)) continue;
    if (last !== undefined && order.indexOf(here) < order.indexOf(last)) {
      const message = `People look for this before what is above it: the usual order is ${order.join(', ')}.`;
      problems.push(schemaProblem('lint/element-order', tagRange(child), message));
    } else last = here;
  }
}

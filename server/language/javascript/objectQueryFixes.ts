import { parseXml } from '../../../core/xml/parseXml.ts';
import {
  childElements,
  descendantElements,
  type TextRange,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import type { QueryFix } from '../queryDef/queryProblem.ts';
import type { ObjectQuery } from './objectQuery.ts';

type Edit = QueryFix['edits'][number];

/**
 * A fix of a query as XML, for the same query as an object: what is inside a string or a name stays where it is; an
 * attribute that is added becomes a property, an element that is replaced an object, one that is removed goes with its
 * comma. `undefined` where an edit has no counterpart.
 * @param text the script.
 */
export function toObjectFix(text: string, query: ObjectQuery, fix: QueryFix): QueryFix | undefined {
  const edits: Edit[] = [];
  for (const edit of fix.edits) {
    // An object has no end tags.
    if (elements(query).some(({ closeStart }) => closeStart >= 0 && edit.start === closeStart + 2)) continue;
    const mapped = elementEdit(text, query, edit) ?? attributeEdit(query, edit) ?? textEdit(query, edit);
    if (mapped === undefined) return undefined;
    edits.push(mapped);
  }
  return edits.length === 0 ? undefined : { title: fix.title, edits };
}

function elements({ context }: ObjectQuery): XmlElement[] {
  const { root } = context.region;
  return root === undefined ? [] : [...descendantElements(root)];
}

/** A whole element is replaced or removed. */
function elementEdit(text: string, query: ObjectQuery, edit: Edit): Edit | undefined {
  const element = elements(query).find(({ start, end }) => start === edit.start && end === edit.end);
  const object = element && query.objectOf(element);
  if (object === undefined) return undefined;
  if (edit.newText !== '') {
    const { root } = parseXml(edit.newText);
    return root && { start: object.start, end: object.end, newText: objectText(root) };
  }
  // The only one, or the value of a property of its own, leaves nothing to be taken out of.
  const after = /^\s*,\s*/.exec(text.slice(object.end));
  const before = /,\s*$/.exec(text.slice(0, object.start));
  if (!object.isItem || (after === null && before === null)) return undefined;
  return after === null
    ? { start: object.start - before![0].length, end: object.end, newText: '' }
    : { start: object.start, end: object.end + after[0].length, newText: '' };
}

/** ` alias="@total"` in a start tag → `, alias: "@total"` in the object. */
function attributeEdit(query: ObjectQuery, edit: Edit): Edit | undefined {
  const match = edit.start === edit.end ? /^ ([\w-]+)="([^"]*)"$/.exec(edit.newText) : null;
  if (match === null) return undefined;
  const element = elements(query).find(({ start, openEnd }) => edit.start > start && edit.start <= openEnd);
  const object = element && query.objectOf(element);
  const { root } = parseXml(`<x${edit.newText}/>`);
  const [attribute] = root?.attributes ?? [];
  if (object === undefined || attribute === undefined) return undefined;
  const property = propertyText(attribute.name, attribute.value);
  const at = object.lastAttribute ?? object.start + 1;
  const newText = object.lastAttribute === undefined ? ` ${property},` : `, ${property}`;
  return { start: at, end: at, newText };
}

/** Inside a string, or a name. */
function textEdit(query: ObjectQuery, edit: Edit): Edit | undefined {
  const range: TextRange | undefined = query.toScript(edit);
  if (range === undefined) return undefined;
  const isName = elements(query).some(
    ({ nameStart, attributes }) =>
      nameStart === edit.start || attributes.some((attribute) => attribute.start === edit.start),
  );
  // What is put behind a name in XML would become a part of it here.
  if (isName && (edit.start === edit.end || !/^[A-Za-z_]\w*$/.test(edit.newText))) return undefined;
  const isInString = query.toXml(range.start) === edit.start;
  if (!isName && !isInString) return undefined;
  return { ...range, newText: isName ? edit.newText : query.toString(edit.newText, edit.start) };
}

function propertyText(name: string, value: string): string {
  const key = /^[A-Za-z_]\w*$/.test(name) ? name : JSON.stringify(name);
  return `${key}: ${/^(?:\d+|true|false)$/.test(value) ? value : JSON.stringify(value)}`;
}

/** An element as the object it stands for; children of one name become an array. */
function objectText(element: XmlElement): string {
  const properties = element.attributes.map(({ name, value }) => propertyText(name, value));
  const names = new Set(childElements(element).map(({ name }) => name));
  for (const name of names) {
    const items = childElements(element, name).map(objectText);
    properties.push(`${name}: ${items.length === 1 ? items[0]! : `[${items.join(', ')}]`}`);
  }
  return `{ ${properties.join(', ')} }`;
}

import type { SchemaElement, SchemaSource } from '../../../core/schema/schema.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import { attribute, cloneElement, elements, firstElement, isElement, type Element } from '../xml/element.ts';

/** Attributes that say what to do with an element; they are never stored. */
export const isInstruction = (name: string): boolean => name.startsWith('_') || name === 'xtkschema';

/**
 * Writes a part of a document into the XML body. Containers are merged; a collection is replaced as a whole by what is
 * sent, unless its items say what to do with them (`_operation`, `_key`).
 * @param definition what the schema says of `sent`; `undefined` where it says nothing.
 */
export function mergeIntoBody(
  model: SchemaSource,
  parent: Element,
  sent: readonly Element[],
  definition: SchemaElement | undefined,
): void {
  const [first] = sent;
  if (first === undefined) return;
  if (definition?.unbound === true || sent.length > 1) {
    mergeCollection(model, parent, sent, definition);
    return;
  }
  const existing = firstElement(parent, first.name);
  if (attribute(first, '_operation') === 'delete') {
    if (existing !== undefined) parent.children.splice(parent.children.indexOf(existing), 1);
    return;
  }
  if (existing === undefined) {
    parent.children.push(stripInstructions(first));
    return;
  }
  const inner = definition === undefined ? undefined : enter(model, definition);
  if (inner === undefined || inner.type === 'ANY' || isLeaf(inner) || isListContainer(inner, first)) {
    parent.children.splice(parent.children.indexOf(existing), 1, stripInstructions(first));
    return;
  }
  mergeElement(model, existing, first, inner);
}

/**
 * Replaces the elements of a name by those that are sent, whatever they hold: in the source of a schema `_operation` says
 * what an extension does to its base, not what a write does to the document.
 */
export function replaceInBody(parent: Element, sent: readonly Element[]): void {
  const name = sent[0]?.name;
  const isOld = (child: Element['children'][number]): boolean => isElement(child) && child.name === name;
  const at = parent.children.findIndex(isOld);
  const others = parent.children.filter((child) => !isOld(child));
  others.splice(at < 0 ? others.length : Math.min(at, others.length), 0, ...sent.map(cloneElement));
  parent.children = others;
}

function enter(model: SchemaSource, definition: SchemaElement): SchemaElement | undefined {
  const scope = enterElement(model, definition);
  return scope.kind === 'found' ? scope.element : undefined;
}

const isLeaf = (element: SchemaElement): boolean =>
  element.attributes.size === 0 && element.elements.size === 0;

/** An element that only holds collections, such as `activities`, is one collection itself. */
function isListContainer(definition: SchemaElement, sent: Element): boolean {
  if (definition.attributes.size > 0) return false;
  if (![...definition.elements.values()].every((child) => child.unbound)) return false;
  return !hasInstructions(sent);
}

const hasInstructions = (element: Element): boolean =>
  elements(element).some((child) => child.attributes.has('_operation') || child.attributes.has('_key'));

function mergeElement(
  model: SchemaSource,
  existing: Element,
  sent: Element,
  definition: SchemaElement,
): void {
  for (const [name, value] of sent.attributes) if (!isInstruction(name)) existing.attributes.set(name, value);
  const text = sent.children.filter(
    (child) => !isElement(child) && (child.cdata || child.text.trim() !== ''),
  );
  if (text.length > 0) existing.children = [...text, ...existing.children.filter(isElement)];
  for (const [name, group] of groupByName(sent)) {
    mergeIntoBody(model, existing, group, definition.elements.get(name));
  }
}

export function groupByName(element: Element): Map<string, Element[]> {
  const groups = new Map<string, Element[]>();
  for (const child of elements(element)) groups.set(child.name, [...(groups.get(child.name) ?? []), child]);
  return groups;
}

function mergeCollection(
  model: SchemaSource,
  parent: Element,
  sent: readonly Element[],
  definition: SchemaElement | undefined,
): void {
  const isMerge = sent.some((item) => item.attributes.has('_operation') || item.attributes.has('_key'));
  const name = sent[0]!.name;
  if (!isMerge) {
    const at = parent.children.findIndex((child) => isElement(child) && child.name === name);
    const others = parent.children.filter((child) => !isElement(child) || child.name !== name);
    others.splice(at < 0 ? others.length : Math.min(at, others.length), 0, ...sent.map(stripInstructions));
    parent.children = others;
    return;
  }
  const inner = definition === undefined ? undefined : enter(model, definition);
  for (const item of sent) mergeItem(model, parent, item, inner);
}

function mergeItem(
  model: SchemaSource,
  parent: Element,
  item: Element,
  definition: SchemaElement | undefined,
): void {
  const keys = itemKey(item, definition);
  const existing = elements(parent, item.name).find((other) =>
    keys.every((key) => attribute(other, key) === attribute(item, key)),
  );
  const operation = attribute(item, '_operation') || 'insertOrUpdate';
  if (operation === 'none') return;
  if (operation === 'delete') {
    if (existing !== undefined) parent.children.splice(parent.children.indexOf(existing), 1);
  } else if (existing === undefined) {
    if (operation !== 'update') parent.children.push(stripInstructions(item));
  } else if (definition === undefined) {
    parent.children.splice(parent.children.indexOf(existing), 1, stripInstructions(item));
  } else mergeElement(model, existing, item, definition);
}

/** Names of the attributes that tell items of a collection apart. */
function itemKey(item: Element, definition: SchemaElement | undefined): string[] {
  const given = attribute(item, '_key');
  const xpaths =
    given === ''
      ? (definition?.keys[0]?.fields.map((field) => field.xpath ?? '') ?? ['@name'])
      : given.split(',').map((part) => part.trim().replace(/^\[|\]$/g, ''));
  return xpaths.filter((xpath) => xpath.startsWith('@')).map((xpath) => xpath.slice(1));
}

/** A copy without the instructions of the call. */
export function stripInstructions(element: Element): Element {
  const copy = cloneElement(element);
  const walk = (at: Element): void => {
    for (const name of [...at.attributes.keys()]) if (isInstruction(name)) at.attributes.delete(name);
    for (const child of elements(at)) walk(child);
  };
  walk(copy);
  return copy;
}

import { escapeXmlAttribute, escapeXmlText, toCdata } from '../../../core/xml/entities.ts';
import { isNumber } from '../model/columns.ts';
import {
  cloneElement,
  createElement,
  ensurePath,
  findPath,
  isElement,
  parseElement,
  writeElement,
  type Element,
} from '../xml/element.ts';

/** A value of a row as SQLite gives it. */
export type Cell = string | number | bigint | null | Uint8Array;

/** Where one column of the SQL result goes. */
export interface ValueSlot {
  column: number;
  type: string;
  /** Turns the stored value into another text, e.g. the label of an enumeration value. */
  translate?: ReadonlyMap<string, string>;
}

/** An element of the answer and where its parts come from. */
export interface LayoutElement {
  name: string;
  attributes: Map<string, ValueSlot>;
  text?: ValueSlot;
  children: Map<string, LayoutElement>;
}

/** Something taken out of the XML body of a row. */
export interface MemoSlot {
  /** Column that holds the body. */
  column: number;
  /** Steps from the root of the body; none is the whole body. */
  steps: readonly string[];
  /** Where it goes, as steps of elements and perhaps an attribute. */
  target: readonly string[];
  mode: 'body' | 'tree' | 'value' | 'empty';
}

/** Rows of a 1-N link, fetched for each row. */
export interface SubList {
  target: readonly string[];
  name: string;
  layout: RowLayout;
  /** Columns of the outer row that find the inner ones. */
  keys: readonly number[];
  fetch(keys: readonly Cell[]): Cell[][];
}

/** How rows become elements. */
export interface RowLayout {
  root: LayoutElement;
  memos: MemoSlot[];
  lists: SubList[];
}

export const createLayout = (name: string): RowLayout => ({
  root: createLayoutElement(name),
  memos: [],
  lists: [],
});

const createLayoutElement = (name: string): LayoutElement => ({
  name,
  attributes: new Map(),
  children: new Map(),
});

/** Puts a value at `a/b/@c` or, without an attribute, into the text of an element. */
export function place(layout: RowLayout, steps: readonly string[], slot: ValueSlot): void {
  let element = layout.root;
  for (const step of steps) {
    if (step.startsWith('@')) {
      element.attributes.set(step.slice(1), slot);
      return;
    }
    let next = element.children.get(step);
    if (next === undefined) {
      next = createLayoutElement(step);
      element.children.set(step, next);
    }
    element = next;
  }
  element.text = slot;
}

/** Text of a value as documents carry it. Numbers are never null. */
export function cellText(value: Cell | undefined, type: string): string {
  if (value === null || value === undefined) return isNumber(type) ? '0' : '';
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return String(value);
}

function slotText(row: readonly Cell[], slot: ValueSlot): string {
  const text = cellText(row[slot.column], slot.type);
  return slot.translate === undefined ? text : (slot.translate.get(text) ?? '');
}

/** Writes one row. Rows without XML parts are written straight to text: this is the path of large answers. */
export function writeRow(layout: RowLayout, row: readonly Cell[]): string {
  if (layout.memos.length > 0 || layout.lists.length > 0) return writeElement(buildRow(layout, row));
  return writeLayout(layout.root, row);
}

function writeLayout(element: LayoutElement, row: readonly Cell[]): string {
  let xml = `<${element.name}`;
  for (const [name, slot] of element.attributes)
    xml += ` ${name}="${escapeXmlAttribute(slotText(row, slot))}"`;
  const text = element.text === undefined ? '' : slotText(row, element.text);
  if (text === '' && element.children.size === 0) return `${xml}/>`;
  xml += `>${element.text?.type === 'CDATA' || element.text?.type === 'html' ? toCdata(text) : escapeXmlText(text)}`;
  for (const child of element.children.values()) xml += writeLayout(child, row);
  return `${xml}</${element.name}>`;
}

/** The row as a tree. */
export function buildRow(layout: RowLayout, row: readonly Cell[]): Element {
  const element = buildLayout(layout.root, row);
  const bodies = new Map<number, Element | undefined>();
  for (const memo of layout.memos) {
    if (!bodies.has(memo.column)) bodies.set(memo.column, readBody(row[memo.column]));
    applyMemo(element, memo, bodies.get(memo.column));
  }
  for (const list of layout.lists) {
    const keys = list.keys.map((column) => row[column] ?? null);
    const parent = ensurePath(element, list.target.join('/'));
    for (const inner of list.fetch(keys))
      parent.children.push({ ...buildRow(list.layout, inner), name: list.name });
  }
  return element;
}

function buildLayout(layout: LayoutElement, row: readonly Cell[]): Element {
  const element = createElement(layout.name);
  for (const [name, slot] of layout.attributes) element.attributes.set(name, slotText(row, slot));
  if (layout.text !== undefined) {
    const text = slotText(row, layout.text);
    const cdata = layout.text.type === 'CDATA' || layout.text.type === 'html';
    if (text !== '') element.children.push({ text, cdata });
  }
  for (const child of layout.children.values()) element.children.push(buildLayout(child, row));
  return element;
}

function readBody(cell: Cell | undefined): Element | undefined {
  if (typeof cell !== 'string' || cell === '') return undefined;
  try {
    return parseElement(cell);
  } catch {
    return undefined;
  }
}

function applyMemo(element: Element, memo: MemoSlot, body: Element | undefined): void {
  const containers = memo.target.filter((step) => !step.startsWith('@')).join('/');
  if (memo.mode === 'empty') {
    ensurePath(element, containers);
    return;
  }
  if (memo.mode === 'body') {
    if (body !== undefined) mergeBody(element, body);
    return;
  }
  const attributeStep = memo.steps.at(-1)?.startsWith('@') === true ? memo.steps.at(-1)!.slice(1) : undefined;
  const path = memo.steps.filter((step) => !step.startsWith('@')).join('/');
  const source = body === undefined ? undefined : findPath(body, path);
  if (attributeStep !== undefined) {
    const value = source?.attributes.get(attributeStep) ?? '';
    const name = memo.target.at(-1)?.startsWith('@') === true ? memo.target.at(-1)!.slice(1) : undefined;
    const holder = ensurePath(element, containers);
    if (name !== undefined) holder.attributes.set(name, value);
    else if (value !== '') holder.children.push({ text: value, cdata: false });
    return;
  }
  const holder = ensurePath(element, containers);
  if (source === undefined) return;
  const copy = cloneElement(source);
  if (memo.mode === 'tree') {
    for (const [name, value] of copy.attributes) holder.attributes.set(name, value);
    holder.children.push(...copy.children);
  } else {
    const text = copy.children.filter((child) => !isElement(child));
    const name = memo.target.at(-1)?.startsWith('@') === true ? memo.target.at(-1)!.slice(1) : undefined;
    if (name === undefined) holder.children.push(...text);
    else holder.attributes.set(name, text.map((child) => (isElement(child) ? '' : child.text)).join(''));
  }
}

/** The body's attributes and children join those of the row; what the row already has wins. */
function mergeBody(element: Element, body: Element): void {
  for (const [name, value] of body.attributes)
    if (!element.attributes.has(name)) element.attributes.set(name, value);
  for (const child of body.children)
    element.children.push(isElement(child) ? cloneElement(child) : { ...child });
}

import { ungroup, walkExpression, type ExpressionNode } from '../expression/expressionTree.ts';
import { findFunction } from '../expression/functions.ts';
import { quoteXtk } from '../expression/literals.ts';
import { parseExpression } from '../expression/parseExpression.ts';
import { printPath } from '../expression/printExpression.ts';
import { escapeXmlAttribute } from '../xml/entities.ts';
import { attributeOf, childElements, type XmlElement } from '../xml/xmlTree.ts';
import type { QueryDef, QueryNode } from './queryDef.ts';
import { resultColumns } from './resultColumns.ts';

/** The single field that identifies a row: the primary key of the start schema. */
export interface PagingKey {
  /** From the main element: `@id`, `@internal-name`. */
  readonly xpath: string;
  /** Compared as a number; false: as text. */
  readonly isNumber: boolean;
}

export interface PagingOptions {
  /** Rows per page, at least 1. */
  readonly pageSize: number;
  /** Absent when the schema has no key or one of several fields: pages then go by row number. */
  readonly key?: PagingKey;
}

/** How the rows of a query are fetched in pages. */
export interface QueryPages {
  /**
   * `keyset`: each page starts behind the last key of the one before; rows that come or go meanwhile neither repeat nor
   * hide others. `offset`: by row number (`startLine`). `single`: one answer, no pages (`get`, `count`).
   */
  readonly kind: 'keyset' | 'offset' | 'single';
  /** False when nothing gives the rows a total order, so that pages may overlap. */
  readonly isStable: boolean;
  /** Where a row carries its key, as in `ResultColumn.path`; `undefined` when pages do not go by key. */
  readonly keyPath: readonly string[] | undefined;
  /** The key was added to the select: `keyPath` is not a column the user asked for. */
  readonly isKeyAdded: boolean;
  readonly first: QueryPage;
}

/** One query to send. */
export interface QueryPage {
  /** The queryDef of this page. */
  readonly xml: string;
  /** Rows asked for; fewer in the answer means that there are no more. */
  readonly lineCount: number;
  /** Rows in the pages before this one. */
  readonly rowsBefore: number;
}

/** What came back for a page. */
export interface PageAnswer {
  readonly rowCount: number;
  /** Key of the last row; needed when pages go by key. */
  readonly lastKey?: string;
}

/** Alias of a key that the query does not select itself. */
const keyAlias = '@_pageKey';

/**
 * Splits a query into pages. The `lineCount` of the query stays the limit for all pages together, its `startLine` the
 * number of rows to skip.
 * @param text the text `query` was read from, without problems and without embedded expressions.
 * @throws RangeError when `pageSize` is not a whole number of at least 1.
 */
export function planPages(text: string, query: QueryDef, options: PagingOptions): QueryPages {
  if (!Number.isInteger(options.pageSize) || options.pageSize < 1)
    throw new RangeError(`pageSize must be a whole number of at least 1, not ${options.pageSize}.`);
  const plan = toPlan(query, options);
  return {
    kind: plan.kind,
    isStable: plan.kind === 'single' || plan.order !== 'none',
    keyPath: plan.keyPath,
    isKeyAdded: plan.isKeyAdded,
    first: {
      xml: plan.kind === 'single' ? sourceOf(text, query) : writePage(text, query, plan, 0, undefined),
      lineCount: plan.kind === 'single' ? 1 : pageSizeAt(query, plan, 0),
      rowsBefore: 0,
    },
  };
}

/**
 * The page after one that was answered.
 * @returns `undefined` when there are no more rows: the answer was short, or the limit of the query is reached. Where a
 * page by key came back without its last key, the next one goes on by row number; the order is the same.
 */
export function nextPage(
  text: string,
  query: QueryDef,
  options: PagingOptions,
  page: QueryPage,
  answer: PageAnswer,
): QueryPage | undefined {
  const plan = toPlan(query, options);
  if (plan.kind === 'single' || answer.rowCount < page.lineCount) return undefined;
  const rowsBefore = page.rowsBefore + answer.rowCount;
  const lineCount = pageSizeAt(query, plan, rowsBefore);
  if (lineCount < 1) return undefined;
  const after = plan.kind === 'keyset' ? keyLiteral(answer.lastKey, plan.key) : undefined;
  return { xml: writePage(text, query, plan, rowsBefore, after), lineCount, rowsBefore };
}

interface Plan {
  readonly kind: QueryPages['kind'];
  readonly key: PagingKey | undefined;
  readonly keyPath: readonly string[] | undefined;
  readonly isKeyAdded: boolean;
  readonly pageSize: number;
  /** `own`: the query's orderBy is total already; `addKey`: the key completes or makes the order; `none`: no order. */
  readonly order: 'own' | 'addKey' | 'none';
}

function toPlan(query: QueryDef, { pageSize, key }: PagingOptions): Plan {
  const base = { key, keyPath: undefined, isKeyAdded: false, pageSize };
  if (query.operation !== 'select') return { ...base, kind: 'single', order: 'own' };
  const orderNodes = query.orderBy?.nodes ?? [];
  const ordersSelect = (query.select?.nodes ?? []).some((node) => sortsItself(node));
  // Rows of a grouped query are not rows of the schema: the key cannot be added to them.
  if (key === undefined || isAggregated(query))
    return { ...base, kind: 'offset', order: orderNodes.length > 0 || ordersSelect ? 'own' : 'none' };
  const first = orderNodes[0];
  const isOrderedByKey = first !== undefined && isKeyNode(first, key) && !first.isDescending;
  const isFree = orderNodes.length === 0 && !ordersSelect;
  if (!isFree && !isOrderedByKey) return { ...base, kind: 'offset', order: 'addKey' };
  const order = isOrderedByKey ? 'own' : 'addKey';
  // A select that is not there stays so: with a node of ours it would no longer be the default selection.
  if ((query.startLine ?? 0) > 0 || (query.select?.nodes ?? []).length === 0)
    return { ...base, kind: 'offset', order };
  const selected = resultColumns(query).find(
    (column) => column.node.nodes.length === 0 && isKeyNode(column.node, key) && column.path !== undefined,
  );
  return {
    ...base,
    kind: 'keyset',
    order,
    keyPath: selected?.path ?? [keyAlias],
    isKeyAdded: selected === undefined,
  };
}

/** Do the rows stand for groups, or for distinct combinations of values? */
function isAggregated(query: QueryDef): boolean {
  const nodes = query.select?.nodes ?? [];
  return (
    query.isDistinct ||
    query.groupBy !== undefined ||
    query.having !== undefined ||
    nodes.some((node) => node.isGrouped || node.sql !== undefined || usesAggregate(node))
  );
}

/** An aggregate over a collection, with its own conditions or an alias outside of the row, counts too: be careful. */
function usesAggregate(node: QueryNode): boolean {
  if (node.expr === undefined) return false;
  let found = false;
  walkExpression(parseExpression(node.expr.text).tree, (at: ExpressionNode) => {
    if (at.kind === 'call' && findFunction(at.name)?.group === 'aggregate') found = true;
  });
  return found;
}

function sortsItself(node: QueryNode): boolean {
  return attributeOf(node.element, 'sort') !== undefined;
}

function isKeyNode(node: QueryNode, key: PagingKey): boolean {
  if (node.expr === undefined || node.expr.hasHole) return false;
  const tree = ungroup(parseExpression(node.expr.text).tree);
  return tree.kind === 'path' && printPath(tree) === key.xpath;
}

function keyExpression(key: PagingKey): string {
  return /^@?\w+$/.test(key.xpath) ? key.xpath : `[${key.xpath}]`;
}

/** The last key as a literal of the language; `undefined` when it is missing or not what the key says it is. */
function keyLiteral(value: string | undefined, key: PagingKey | undefined): string | undefined {
  if (value === undefined || key === undefined) return undefined;
  if (!key.isNumber) return quoteXtk(value);
  return /^-?\d+$/.test(value.trim()) ? value.trim() : undefined;
}

function pageSizeAt(query: QueryDef, plan: Plan, rowsBefore: number): number {
  const left = query.lineCount === undefined ? Infinity : query.lineCount - rowsBefore;
  return Math.min(plan.pageSize, left);
}

function sourceOf(text: string, query: QueryDef): string {
  return text.slice(query.element.start, query.element.end);
}

function writePage(
  text: string,
  query: QueryDef,
  plan: Plan,
  rowsBefore: number,
  after: string | undefined,
): string {
  const edits = new XmlEdits(text);
  const { element } = query;
  edits.setAttribute(element, 'lineCount', String(pageSizeAt(query, plan, rowsBefore)));
  // A keyset page starts by its condition; without a key to start from, and for offsets, by row number.
  const skip = (query.startLine ?? 0) + (after === undefined ? rowsBefore : 0);
  if (skip > 0 || attributeOf(element, 'startLine') !== undefined)
    edits.setAttribute(element, 'startLine', String(skip));
  if (plan.key !== undefined) {
    const expr = keyExpression(plan.key);
    if (plan.isKeyAdded) edits.addNode(element, 'select', `expr="${expr}" alias="${keyAlias}"`);
    if (plan.order === 'addKey') edits.addNode(element, 'orderBy', `expr="${expr}"`);
    if (after !== undefined) edits.addCondition(element, `${expr} > ${after}`);
  }
  return edits.apply(element);
}

/** Changes to the text of one element; everything that is not changed stays as it was written. */
class XmlEdits {
  private readonly text: string;
  private readonly edits: { start: number; end: number; text: string }[] = [];
  private readonly appended = new Map<XmlElement, string>();

  constructor(text: string) {
    this.text = text;
  }

  setAttribute(element: XmlElement, name: string, value: string): void {
    const attribute = attributeOf(element, name);
    if (attribute === undefined) this.insert(element.nameEnd, ` ${name}="${value}"`);
    else this.edits.push({ start: attribute.start, end: attribute.end, text: `${name}="${value}"` });
  }

  addNode(query: XmlElement, clause: 'select' | 'orderBy', attributes: string): void {
    const prefix = prefixOf(query);
    const node = `<${prefix}node ${attributes}/>`;
    const parent = childElements(query, clause)[0];
    if (parent === undefined) this.append(query, `<${prefix}${clause}>${node}</${prefix}${clause}>`);
    else this.append(parent, node);
  }

  /** Adds a condition that must hold besides the ones there, which go into a pair of brackets of their own. */
  addCondition(query: XmlElement, expr: string): void {
    const prefix = prefixOf(query);
    const condition = `<${prefix}condition expr="${escapeXmlAttribute(expr)}"/>`;
    const where = childElements(query, 'where')[0];
    if (where === undefined) this.append(query, `<${prefix}where>${condition}</${prefix}where>`);
    else if (childElements(where).length === 0) this.append(where, condition);
    else {
      this.insert(where.openEnd, `${condition}<${prefix}condition>`);
      this.append(where, `</${prefix}condition>`);
    }
  }

  apply(element: XmlElement): string {
    for (const [parent, xml] of this.appended) {
      if (!parent.selfClosing) this.insert(parent.closeStart, xml);
      else
        this.edits.push({ start: parent.openEnd - 2, end: parent.openEnd, text: `>${xml}</${parent.name}>` });
    }
    this.edits.sort((a, b) => a.start - b.start);
    let result = '';
    let at = element.start;
    for (const edit of this.edits) {
      result += this.text.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return result + this.text.slice(at, element.end);
  }

  private insert(offset: number, text: string): void {
    this.edits.push({ start: offset, end: offset, text });
  }

  private append(parent: XmlElement, xml: string): void {
    this.appended.set(parent, (this.appended.get(parent) ?? '') + xml);
  }
}

function prefixOf(element: XmlElement): string {
  return element.name.slice(0, element.name.length - element.localName.length);
}

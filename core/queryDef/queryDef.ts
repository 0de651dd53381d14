import {
  attributeOf,
  attributeValue,
  childElements,
  type XmlAttribute,
  type XmlElement,
} from '../xml/xmlTree.ts';
import type { QueryClause } from './grammar.ts';

/**
 * A queryDef, or a sub-query, as programs want to see it; `element` leads back to the text. What is missing in a
 * half-written document is `undefined` or empty, never an error.
 * Source: Campaign documentation of queryDef. A repeated clause counts once: the first.
 */
export interface QueryDef {
  readonly element: XmlElement;
  /** `namespace:name`; `undefined` when absent or an embedded expression. */
  readonly schemaId: string | undefined;
  /** As written; `select` when absent, `undefined` when an embedded expression. */
  readonly operation: string | undefined;
  /** Most rows to return; `undefined` when absent or not a whole number. */
  readonly lineCount: number | undefined;
  /** Rows to skip, from 0; `undefined` when absent or not a whole number. */
  readonly startLine: number | undefined;
  readonly isDistinct: boolean;
  readonly select: QueryNodes | undefined;
  readonly where: QueryConditions | undefined;
  readonly groupBy: QueryNodes | undefined;
  readonly having: QueryConditions | undefined;
  readonly orderBy: QueryNodes | undefined;
  readonly sysFilters: readonly QueryConditions[];
}

/** A `select`, `orderBy` or `groupBy`. */
export interface QueryNodes {
  readonly element: XmlElement;
  readonly nodes: readonly QueryNode[];
}

/** A `where`, `having` or `sysFilter`. */
export interface QueryConditions {
  readonly element: XmlElement;
  readonly conditions: readonly QueryCondition[];
}

export interface QueryNode {
  readonly element: XmlElement;
  readonly clause: QueryClause;
  readonly expr: QueryExpression | undefined;
  /** Native SQL in place of an expression. */
  readonly sql: string | undefined;
  /** Place in the answer, an xpath; `undefined` when absent or an embedded expression. */
  readonly alias: string | undefined;
  readonly label: string | undefined;
  readonly isGrouped: boolean;
  readonly isDescending: boolean;
  /** Nodes inside: the columns of a collection. */
  readonly nodes: readonly QueryNode[];
  readonly where: QueryConditions | undefined;
  readonly orderBy: QueryNodes | undefined;
  readonly groupBy: QueryNodes | undefined;
}

export interface QueryCondition {
  readonly element: XmlElement;
  /** `undefined` for a pair of brackets around the conditions inside. */
  readonly expr: QueryExpression | undefined;
  readonly sql: string | undefined;
  /** How the next sibling is joined to this one; the older spelling `bool-operator` counts too. */
  readonly boolOperator: 'AND' | 'OR';
  readonly setOperator: string | undefined;
  /** Tested before the query is built: the condition is left out when false. */
  readonly enabledIf: QueryExpression | undefined;
  readonly isIgnored: boolean;
  readonly conditions: readonly QueryCondition[];
  readonly subQuery: QueryDef | undefined;
}

/** The text of an attribute that holds an expression, XML escaping removed. */
export interface QueryExpression {
  readonly attribute: XmlAttribute;
  readonly text: string;
  /** The text, or part of it, is an embedded JavaScript expression: `text` is not what the server will see. */
  readonly hasHole: boolean;
}

/**
 * Reads a `queryDef` or `subQuery` element. Elements and attributes that are not part of the language are passed over.
 * Never throws; nesting is bounded by the XML reader.
 */
export function toQueryDef(element: XmlElement): QueryDef {
  return {
    element,
    schemaId: attributeValue(element, 'schema'),
    operation:
      attributeOf(element, 'operation') === undefined ? 'select' : attributeValue(element, 'operation'),
    lineCount: wholeNumber(element, 'lineCount'),
    startLine: wholeNumber(element, 'startLine'),
    isDistinct: isTrue(element, 'distinct'),
    select: nodesIn(element, 'select'),
    where: conditionsIn(element, 'where'),
    groupBy: nodesIn(element, 'groupBy'),
    having: conditionsIn(element, 'having'),
    orderBy: nodesIn(element, 'orderBy'),
    sysFilters: childElements(element, 'sysFilter').map(toConditions),
  };
}

/** Every node of a query's select, orderBy and groupBy clauses, nodes of collections included. */
export function allNodes(query: QueryDef): QueryNode[] {
  const found: QueryNode[] = [];
  const collect = (nodes: readonly QueryNode[] | undefined): void => {
    for (const node of nodes ?? []) {
      found.push(node);
      collect(node.nodes);
      collect(node.orderBy?.nodes);
      collect(node.groupBy?.nodes);
    }
  };
  collect(query.select?.nodes);
  collect(query.groupBy?.nodes);
  collect(query.orderBy?.nodes);
  return found;
}

/** Is the attribute there and true? Source: casting of booleans in Adobe's SDK. */
export function isTrue(element: XmlElement, name: string): boolean {
  const value = attributeValue(element, name)?.trim() ?? '';
  return value === 'true' || (/^[+-]?\d+$/.test(value) && Number(value) !== 0);
}

function nodesIn(parent: XmlElement, clause: QueryClause): QueryNodes | undefined {
  const element = childElements(parent, clause)[0];
  if (element === undefined) return undefined;
  return { element, nodes: childElements(element, 'node').map((node) => toNode(node, clause)) };
}

function toNode(element: XmlElement, clause: QueryClause): QueryNode {
  return {
    element,
    clause,
    expr: expressionOf(element, 'expr'),
    sql: attributeValue(element, 'sql'),
    alias: attributeValue(element, 'alias'),
    label: attributeValue(element, 'label'),
    isGrouped: isTrue(element, 'groupBy'),
    // Navigation trees write `desc` for `sortDesc`.
    isDescending: isTrue(element, 'sortDesc') || isTrue(element, 'desc'),
    nodes: childElements(element, 'node').map((node) => toNode(node, clause)),
    where: conditionsIn(element, 'where'),
    orderBy: nodesIn(element, 'orderBy'),
    groupBy: nodesIn(element, 'groupBy'),
  };
}

function conditionsIn(parent: XmlElement, clause: 'where' | 'having'): QueryConditions | undefined {
  const element = childElements(parent, clause)[0];
  return element && toConditions(element);
}

function toConditions(element: XmlElement): QueryConditions {
  return { element, conditions: childElements(element, 'condition').map(toCondition) };
}

function toCondition(element: XmlElement): QueryCondition {
  const subQuery = childElements(element, 'subQuery')[0];
  const bool = attributeValue(element, 'boolOperator') ?? attributeValue(element, 'bool-operator');
  return {
    element,
    expr: expressionOf(element, 'expr'),
    sql: attributeValue(element, 'sql'),
    boolOperator: bool?.trim().toUpperCase() === 'OR' ? 'OR' : 'AND',
    setOperator: attributeValue(element, 'setOperator'),
    enabledIf: expressionOf(element, 'enabledIf'),
    isIgnored: isTrue(element, 'ignore'),
    conditions: childElements(element, 'condition').map(toCondition),
    subQuery: subQuery && toQueryDef(subQuery),
  };
}

function expressionOf(element: XmlElement, name: string): QueryExpression | undefined {
  const attribute = attributeOf(element, name);
  if (attribute?.hasValue !== true) return undefined;
  return { attribute, text: attribute.value, hasHole: attribute.hole };
}

function wholeNumber(element: XmlElement, name: string): number | undefined {
  const value = attributeValue(element, name)?.trim() ?? '';
  return /^\d{1,15}$/.test(value) ? Number(value) : undefined;
}

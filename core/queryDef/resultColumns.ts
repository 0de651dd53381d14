import { ungroup } from '../expression/expressionTree.ts';
import { parseExpression, parseXPath } from '../expression/parseExpression.ts';
import { stepTexts } from '../expression/printExpression.ts';
import type { QueryDef, QueryNode } from './queryDef.ts';

/** One column of a query's answer. */
export interface ResultColumn {
  readonly node: QueryNode;
  /** The node's `label`, else its alias or expression. */
  readonly title: string;
  /**
   * Where the value is in the element of a row: `['folder', '@label']`. A path without an attribute stands for an
   * element: its text for a memo, its `_cs` for a link. `undefined` where the documentation does not say: an expression
   * without alias, and places outside of the row (`../@x`, `/@x`).
   */
  readonly path: readonly string[] | undefined;
  /** The columns inside, when the node selects a collection: one element per linked row at `path`. */
  readonly columns: readonly ResultColumn[];
}

/**
 * The columns a query asks for, in the order they were asked for; the answer itself has no order.
 * Source: Campaign documentation of queryDef: an answer has the shape of the schema, and `alias` moves a value.
 */
export function resultColumns(query: QueryDef): ResultColumn[] {
  return (query.select?.nodes ?? []).map(toColumn);
}

function toColumn(node: QueryNode): ResultColumn {
  const title = node.label ?? node.alias ?? node.expr?.text ?? node.sql ?? '';
  return { node, title, path: placeOf(node), columns: node.nodes.map(toColumn) };
}

/** Where a select node's value is in a row, see {@link ResultColumn.path}. */
function placeOf(node: QueryNode): readonly string[] | undefined {
  if (node.alias !== undefined && node.alias.trim() !== '') return placeOfPath(parseXPath(node.alias).path);
  if (node.expr === undefined || node.expr.hasHole) return undefined;
  const tree = ungroup(parseExpression(node.expr.text).tree);
  return tree.kind === 'path' && tree.join === undefined ? placeOfPath(tree) : undefined;
}

function placeOfPath(path: ReturnType<typeof parseXPath>['path']): readonly string[] | undefined {
  const isInRow = path.steps.every(
    (step) => (step.kind === 'attribute' || step.kind === 'element') && step.name !== '',
  );
  return isInRow && !path.absolute && !path.hasHole && path.steps.length > 0
    ? stepTexts(path.steps)
    : undefined;
}

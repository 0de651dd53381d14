import type { ExpressionNode, PathNode, PathStep } from '../../../core/expression/expressionTree.ts';
import { ungroup } from '../../../core/expression/expressionTree.ts';
import { parseExpression, parseXPath } from '../../../core/expression/parseExpression.ts';
import { enterElement, resolvePath, rootOf, type PathResult } from '../../../core/schema/resolvePath.ts';
import type { SchemaElement } from '../../../core/schema/schema.ts';
import { attributeValue, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { queryRoots } from '../../../core/queryDef/grammar.ts';
import type { LanguageModel } from '../model.ts';

/** Where the paths of an expression start. */
export interface Scope {
  /** The element whose children a path begins with, links and `ref`s already followed; absent when not known. */
  element: SchemaElement | undefined;
  /** The main element of the query the expression belongs to: where `/…` starts. */
  root: SchemaElement | undefined;
  /** What `../` reaches: the enclosing query of a sub-query, the record a collection belongs to. */
  outer: Scope | undefined;
}

/** Nothing is known about where paths start. */
export const unknownScope: Scope = { element: undefined, root: undefined, outer: undefined };

/** The scope of the expressions written on an element. */
export function scopeOf(model: LanguageModel, element: XmlElement): Scope {
  return element.parent === undefined ? rootScope(model, element) : innerScope(model, element.parent);
}

/** The scope of the expressions written on the children of an element. */
export function innerScope(model: LanguageModel, element: XmlElement): Scope {
  if (queryRoots.has(element.localName)) return queryScope(model, element);
  const scope = scopeOf(model, element);
  if (!opensCollection(element)) return scope;
  const expr = attributeValue(element, 'expr');
  if (expr === undefined) return unknownWithin(scope);
  const path = collectionPath(ungroup(parseExpression(expr).tree));
  if (path === undefined) return unknownWithin(scope);
  const result = resolveQueryPath(model, scope, path);
  if (result.kind !== 'found' || result.node.kind !== 'element') return unknownWithin(scope);
  const entered = enterElement(model, result.node);
  if (entered.kind !== 'found') return unknownWithin(scope);
  return { element: entered.element, root: scope.root, outer: scope };
}

/** A root that is a fragment has no start schema; one that starts a query is outside of itself, too. */
function rootScope(model: LanguageModel, element: XmlElement): Scope {
  return queryRoots.has(element.localName) ? queryScope(model, element) : unknownScope;
}

function queryScope(model: LanguageModel, element: XmlElement): Scope {
  const outer = element.parent === undefined ? undefined : innerScope(model, element.parent);
  const schemaId = attributeValue(element, 'schema');
  const start = schemaId === undefined ? undefined : rootOf(model, schemaId);
  if (start?.kind !== 'found') return { element: undefined, root: undefined, outer };
  const root = start.element;
  const startPath = attributeValue(element, 'startPath');
  if (startPath === undefined || startPath === '/' || startPath === '') return { element: root, root, outer };
  const result = resolvePath(model, root, stepTexts(parseXPath(startPath).path.steps));
  const entered =
    result.kind === 'found' && result.node.kind === 'element' ? enterElement(model, result.node) : undefined;
  return { element: entered?.kind === 'found' ? entered.element : undefined, root, outer };
}

/** Elements whose `expr` names what the elements inside are about. */
function opensCollection(element: XmlElement): boolean {
  if (element.localName === 'node') return true;
  if (element.localName !== 'condition') return false;
  const operator = attributeValue(element, 'setOperator');
  return operator !== undefined && operator !== 'IN' && operator !== 'NOT IN';
}

/**
 * The path to the collection an expression is about: the path itself, or, for `setOperator="COUNT"` and its like, that
 * of the comparison without the field that is measured: `purchase` of `[purchase/@amount] > 100`.
 * [I] No documentation shows the expression of those operators.
 */
function collectionPath(tree: ExpressionNode): PathNode | undefined {
  if (tree.kind === 'path') return tree;
  if (tree.kind !== 'binary') return undefined;
  const path = [tree.left, tree.right].map(ungroup).find((side) => side.kind === 'path');
  const isField = path?.steps.at(-1)?.kind === 'attribute' && path.steps.length > 1;
  return isField ? { ...path, steps: path.steps.slice(0, -1) } : path;
}

function unknownWithin(scope: Scope): Scope {
  return { element: undefined, root: scope.root, outer: scope };
}

/** The steps as `resolvePath` takes them. */
export function stepTexts(steps: readonly PathStep[]): string[] {
  return steps.map((step) => (step.kind === 'attribute' ? `@${step.name}` : step.name));
}

/** A path's beginning: the element its steps are taken from, and which of them are left. */
export type PathStart =
  | { kind: 'found'; element: SchemaElement; steps: readonly PathStep[] }
  /** The schema of a join does not exist. */
  | { kind: 'schemaMissing'; schemaId: string }
  /** `../` leaves the outermost query; `stepIndex` is the step that does. */
  | { kind: 'outside'; stepIndex: number }
  | { kind: 'unknown' };

/** Finds where the steps of a path begin: a joined schema, the root, the scope itself or what is around it. */
export function pathStart(
  model: LanguageModel,
  scope: Scope,
  path: Pick<PathNode, 'steps' | 'absolute' | 'join'>,
): PathStart {
  if (path.join !== undefined) {
    const schemaId = path.join.schema.text;
    if (model.getSchema(schemaId) === null) return { kind: 'schemaMissing', schemaId };
    const root = rootOf(model, schemaId);
    return root.kind === 'found'
      ? { kind: 'found', element: root.element, steps: path.steps }
      : { kind: 'unknown' };
  }
  if (path.absolute) {
    return scope.root === undefined
      ? { kind: 'unknown' }
      : { kind: 'found', element: scope.root, steps: path.steps };
  }
  // A main element has no parent, so `../` at the start of a path leaves the scope; below it is a step like any other.
  let from = scope;
  let taken = 0;
  while (path.steps[taken]?.kind === 'parent' && from.element?.parent === undefined) {
    if (from.outer === undefined) {
      const isWholeQuery = from.element !== undefined && from.element === from.root;
      return isWholeQuery ? { kind: 'outside', stepIndex: taken } : { kind: 'unknown' };
    }
    from = from.outer;
    taken++;
  }
  return from.element === undefined
    ? { kind: 'unknown' }
    : { kind: 'found', element: from.element, steps: path.steps.slice(taken) };
}

/**
 * Follows a path of an expression. `missing` says which of the path's own steps does not exist; a joined schema that
 * does not exist gives `unknown` (see {@link pathStart}).
 */
export function resolveQueryPath(model: LanguageModel, scope: Scope, path: PathNode): PathResult {
  // `target/recipient.@email`: temporary schemas of workflows, which no model knows.
  const isTemporary = path.steps.some((step) => step.separator === '.');
  if (path.hasHole || isTemporary) return { kind: 'unknown' };
  const start = pathStart(model, scope, path);
  if (start.kind !== 'found') return { kind: 'unknown' };
  const result = resolvePath(model, start.element, stepTexts(start.steps));
  if (result.kind !== 'missing') return result;
  return { ...result, stepIndex: result.stepIndex + path.steps.length - start.steps.length };
}

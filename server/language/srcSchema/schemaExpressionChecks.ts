import {
  childrenOf,
  pathsOf,
  type ExpressionNode,
  type PathNode,
} from '../../../core/expression/expressionTree.ts';
import { findFunction } from '../../../core/expression/functions.ts';
import { inferTypes } from '../../../core/expression/inferType.ts';
import type { PathResult } from '../../../core/schema/resolvePath.ts';
import { isLink, stepOf } from '../../../core/schema/schema.ts';
import type { XmlElement } from '../../../core/xml/xmlTree.ts';
import type { ExpressionSite } from '../queryDef/expressionAt.ts';
import { missingField, placedProblem, toResolvedPath } from '../queryDef/expressionChecks.ts';
import { replaceFix } from '../queryDef/queryProblem.ts';
import { pathStart, resolveQueryPath, type Scope } from '../queryDef/queryScope.ts';
import { isPartlyKnown } from './completedSchema.ts';
import type { SchemaContext } from './schemaContext.ts';
import { schemaExpressions } from './schemaExpression.ts';
import { schemaProblem, type SchemaSourceProblem } from './schemaProblem.ts';
import { valueRange } from './structureChecks.ts';

/** Calls inside calls inside calls: deeper, nobody reads a field any more. */
const deepestCall = 3;

/** What the database evaluates over a record of the schema. */
const overRecords: ReadonlySet<string> = new Set(['expr', 'translatedExpr', 'dstFilterExpr']);
/** What the application evaluates when it creates a record; it also reads what a form keeps beside it. */
const onCreation: ReadonlySet<string> = new Set(['default', 'translatedDefault']);
const besideRecords: ReadonlySet<string> = new Set([
  'ignored',
  'tmp',
  'context',
  'ctx',
  'vars',
  'currentOperator',
]);
/** What is either so or not. */
const conditions: ReadonlySet<string> = new Set([
  'dstFilterExpr',
  'visibleIf',
  'accessibleIf',
  'applicableIf',
  'enabledIf',
]);

/**
 * Checks the expressions of a schema source as those of a query are checked: syntax, functions, types and, where they are
 * about a record of the schema, its fields. Not those of `sqlDefault`, which is SQL.
 */
export function checkSchemaExpressions(context: SchemaContext): SchemaSourceProblem[] {
  const problems: SchemaSourceProblem[] = [];
  const isCovered = isWhole(context);
  for (const site of schemaExpressions(context)) {
    const { attribute, expression } = site;
    if (attribute.name === 'sqlDefault') continue;
    // An empty condition or default says nothing, which is allowed; an empty field is none.
    if (attribute.value.trim() === '' && attribute.name !== 'expr') continue;
    for (const problem of expression.parsed.problems) problems.push(placedProblem(expression, problem));
    if (expression.parsed.problems.some(({ severity }) => severity === 'error')) continue;
    const scope = site.scope();
    addTypes(site, scope, problems);
    for (const path of pathsOf(expression.parsed.tree)) addPath(site, scope, path, isCovered, problems);
    addCost(site, scope, problems);
  }
  return problems;
}

/** Is all that the schema consists of at hand: what it extends, or what others add to it? */
function isWhole({ own, model }: SchemaContext): boolean {
  if (own === undefined) return false;
  if (own.extendedSchema === undefined) return model.getSchema(own.id) !== undefined;
  return (model.getSchema(own.extendedSchema) ?? undefined) !== undefined;
}

function addTypes(site: ExpressionSite, scope: Scope, problems: SchemaSourceProblem[]): void {
  const { attribute, element, expression, model } = site;
  const isCondition =
    conditions.has(attribute.name) || (element.localName === 'condition' && attribute.name === 'expr');
  const { problems: found } = inferTypes(expression.parsed.tree, {
    resolve: (path) => {
      const result = resolveQueryPath(model, scope, path);
      // What copies another definition has the type of that one.
      const raw = result.kind === 'found' ? result.node.raw : undefined;
      const isCopy = raw?.has('type') === false && (raw.has('template') || raw.has('ref'));
      return isCopy ? undefined : toResolvedPath(model, scope, path);
    },
    isCondition,
  });
  for (const problem of found) problems.push(placedProblem(expression, problem));
}

/** A field that does not exist, or that the database cannot filter by. */
function addPath(
  site: ExpressionSite,
  scope: Scope,
  path: PathNode,
  isCovered: boolean,
  problems: SchemaSourceProblem[],
): void {
  const { attribute, element, expression } = site;
  if (!overRecords.has(attribute.name) && !onCreation.has(attribute.name)) return;
  if (path.hasHole || pathStart(site.model, scope, path).kind !== 'found') return;
  const result = resolvePathAnywhere(site, scope, path);
  if (result.kind === 'missing') {
    const step = path.steps[result.stepIndex];
    const isJudged = isCovered && !isPartlyKnown(result.from) && !isAllowedAnyway(site, path);
    if (step === undefined || !isJudged) return;
    const { message, meant } = missingField(step, result.from);
    const range = expression.toRange(step);
    const fix = meant === undefined ? undefined : replaceFix(`Write ${meant}`, range, meant);
    problems.push(schemaProblem('schema/expr-unknown-field', range, message, fix));
  } else if (result.kind === 'found' && result.node.xml) {
    const isFilter = attribute.name === 'dstFilterExpr' || element.localName === 'condition';
    if (!isFilter) return;
    const message = `${stepOf(result.node)} is stored in the XML memo of the record: it cannot be filtered by. Give it a column.`;
    problems.push(schemaProblem('lint/xml-filterable', expression.toRange(path), message));
  }
}

/** [I] Whether the paths of a field in a container start there or at the main element is not documented: either will do. */
function resolvePathAnywhere({ model }: ExpressionSite, scope: Scope, path: PathNode): PathResult {
  const result = resolveQueryPath(model, scope, path);
  if (result.kind !== 'missing' || scope.root === undefined || scope.root === scope.element) return result;
  const fromRoot = resolveQueryPath(model, { ...scope, element: scope.root }, path);
  return fromRoot.kind === 'missing' ? result : fromRoot;
}

function isAllowedAnyway({ attribute, element }: ExpressionSite, path: PathNode): boolean {
  const first = path.steps[0];
  if (first?.kind !== 'element') return path.absolute && onCreation.has(attribute.name);
  // The memo of any record; and `RowId`, which is a function without brackets.
  if (first.name === 'data' || findFunction(first.name)?.params.length === 0) return true;
  if (onCreation.has(attribute.name)) {
    // A word may be text whose quotes are missing, which is told besides.
    return path.absolute || besideRecords.has(first.name) || path.steps.length === 1;
  }
  return first.name === 'currentOperator' && isInFilter(element);
}

function isInFilter(element: XmlElement): boolean {
  for (let at = element.parent; at !== undefined; at = at.parent)
    if (at.localName === 'sysFilter') return true;
  return false;
}

/** What a computed field costs whoever reads it. */
function addCost(site: ExpressionSite, scope: Scope, problems: SchemaSourceProblem[]): void {
  const { attribute, element, expression, model } = site;
  const isField = element.localName === 'attribute' || element.localName === 'element';
  if (!isField || attribute.name !== 'expr') return;
  const { tree } = expression.parsed;
  if (callDepth(tree) > deepestCall) {
    const message = `Calls nested deeper than ${deepestCall} are computed for every record that is read: store the value, or compute it where it is needed.`;
    problems.push(schemaProblem('lint/complex-expr', valueRange(element, 'expr'), message));
    return;
  }
  const crossesLink = (path: PathNode): boolean =>
    path.steps.some((_, index) => {
      const before = { ...path, steps: path.steps.slice(0, index) };
      const result = index === 0 ? undefined : resolveQueryPath(model, scope, before);
      return result?.kind === 'found' && isLink(result.node);
    });
  const crossing = pathsOf(tree).find(crossesLink);
  if (crossing === undefined) return;
  const message =
    'A computed field that crosses a link joins its table into every query that reads the field.';
  problems.push(schemaProblem('lint/complex-expr', expression.toRange(crossing), message));
}

/** How deep calls are nested. */
function callDepth(node: ExpressionNode): number {
  const below = childrenOf(node).reduce((deepest, child) => Math.max(deepest, callDepth(child)), 0);
  return node.kind === 'call' ? below + 1 : below;
}

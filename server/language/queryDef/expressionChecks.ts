import {
  childrenOf,
  pathsOf,
  ungroup,
  type BinaryNode,
  type ExpressionNode,
  type PathNode,
  type PathStep,
} from '../../../core/expression/expressionTree.ts';
import { findFunction } from '../../../core/expression/functions.ts';
import {
  inferTypes,
  type ExpressionClause,
  type InferOptions,
  type ResolvedPath,
} from '../../../core/expression/inferType.ts';
import { expressionProblemSeverities, type ExpressionProblem } from '../../../core/expression/problems.ts';
import { isCollection, isLink, stepOf, type SchemaElement } from '../../../core/schema/schema.ts';
import {
  attributeOf,
  attributeValue,
  childElements,
  type TextRange,
  type XmlAttribute,
  type XmlElement,
} from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import type { LanguageModel } from '../model.ts';
import { enumerationOf, isIndexed } from './fieldDocumentation.ts';
import { checkConcatenation } from './concatenation.ts';
import { clauseOf, readExpression, type AttributeExpression, type QueryContext } from './queryContext.ts';
import { queryProblem, replaceFix, type QueryFix, type QueryProblem } from './queryProblem.ts';
import { pathStart, resolveQueryPath, type Scope } from './queryScope.ts';
import { unknownSchema } from './unknownSchema.ts';
import { unquotedValue } from './unquotedValue.ts';

/** What the checks of one expression share. */
interface ExpressionCheck {
  context: QueryContext;
  element: XmlElement;
  scope: Scope;
  expression: AttributeExpression;
  clause: ExpressionClause | undefined;
  problems: QueryProblem[];
}

/** Checks the `expr` of a node or condition: syntax, fields, types, and whether it may stand where it stands. */
export function checkExpr(context: QueryContext, element: XmlElement, scope: Scope): QueryProblem[] {
  const attribute = attributeOf(element, 'expr');
  if (attribute?.hole === true && context.region.text[attribute.valueStart] === '{') {
    const { valueStart, valueEnd } = attribute;
    return checkConcatenation(context.region.text, { start: valueStart + 1, end: valueEnd - 1 });
  }
  if (attribute === undefined || attribute.hole || attribute.value.trim() === '') return [];
  const expression = readExpression(context.region.text, attribute);
  const check: ExpressionCheck = {
    context,
    element,
    scope,
    expression,
    clause: expressionClause(element),
    problems: [],
  };
  addSyntax(check, attribute);
  checkNode(check, expression.parsed.tree, false);
  checkSet(check);
  const isBroken = expression.parsed.problems.some(({ severity }) => severity === 'error');
  if (!isBroken) addTypes(check);
  return check.problems;
}

/** The clause as the type rules want it; none where aggregates are legal anyway. */
function expressionClause(element: XmlElement): ExpressionClause | undefined {
  if (element.localName === 'node') {
    return isInCollection(element) ? undefined : clauseOf(element);
  }
  // What a condition on a set compares may be an aggregate; the conditions inside choose its records.
  if (attributeValue(element, 'setOperator') !== undefined) return undefined;
  for (let at = element.parent; at !== undefined; at = at.parent) {
    if (at.localName === 'having') return 'having';
    const isInSet = at.localName === 'condition' && attributeValue(at, 'setOperator') !== undefined;
    if (isInSet || at.localName === 'where' || at.localName === 'sysFilter') return 'where';
  }
  return undefined;
}

function isInCollection(element: XmlElement): boolean {
  for (let at = element.parent; at !== undefined; at = at.parent) if (at.localName === 'node') return true;
  return false;
}

function addSyntax(check: ExpressionCheck, attribute: XmlAttribute): void {
  for (const problem of check.expression.parsed.problems) {
    // Empty is reported once, by the element.
    if (problem.code === 'expression/empty') continue;
    check.problems.push(placedProblem(check.expression, problem));
  }
  if (check.context.region.inScript && /\$\w*\(/.test(attribute.value)) {
    const range = { start: attribute.valueStart, end: attribute.valueEnd };
    const message =
      'Macros such as $(…) are replaced in forms, filters and workflow activities; in a script write a {…} with the value.';
    check.problems.push(queryProblem('query/macro-in-js', range, message));
  }
}

/** A problem of an expression, at its place in the document. */
export function placedProblem(
  expression: AttributeExpression,
  problem: ExpressionProblem,
): QueryProblem & { code: ExpressionProblem['code'] } {
  const { code, severity, message, fix } = problem;
  const fixes = fix === undefined ? [] : [toFix(expression, fix)];
  return { code, severity, message, ...expression.toRange(problem), fixes };
}

/** Text written into an attribute needs its markup characters escaped. */
function toFix(
  expression: AttributeExpression,
  fix: { title: string; start: number; end: number; text: string },
): QueryFix {
  return replaceFix(fix.title, expression.toRange(fix), expression.escape(fix.text));
}

function addTypes(check: ExpressionCheck): void {
  const { context, scope, expression, clause, element } = check;
  const setOperator = attributeValue(element, 'setOperator');
  // A count or a sum of a field is no value of the field.
  const isMeasure = setOperator !== undefined && /^(COUNT|SUM|AVG)$/.test(setOperator);
  const options: InferOptions = {
    resolve: (path) => {
      const resolved = toResolvedPath(context.model, scope, path);
      if (!isMeasure || resolved === undefined) return resolved;
      return { type: setOperator === 'COUNT' ? 'long' : resolved.type };
    },
    ...(clause !== undefined && { clause }),
    isCondition: element.localName === 'condition' && setOperator === undefined,
  };
  for (const problem of inferTypes(expression.parsed.tree, options).problems) {
    check.problems.push(placedProblem(expression, problem));
  }
}

/** A path as the type rules see it; `undefined` when it leads nowhere or is not known; the values of an open enumeration are not a rule. */
export function toResolvedPath(model: LanguageModel, scope: Scope, path: PathNode): ResolvedPath | undefined {
  const result = resolveQueryPath(model, scope, path);
  if (result.kind !== 'found') return undefined;
  const { node } = result;
  const values = node.enumeration === undefined ? undefined : enumerationOf(model, node)?.values;
  return { type: node.type, ...(values !== undefined && { values }) };
}

/** @param inAggregate below `count(…)` and its like. */
function checkNode(check: ExpressionCheck, node: ExpressionNode, inAggregate: boolean): void {
  if (node.kind === 'macro') return;
  if (node.kind === 'path') {
    checkPath(check, node, inAggregate);
    return;
  }
  if (node.kind === 'binary') checkLike(check, node);
  const below = inAggregate || (node.kind === 'call' && findFunction(node.name)?.group === 'aggregate');
  for (const child of childrenOf(node)) checkNode(check, child, below);
}

function checkPath(check: ExpressionCheck, path: PathNode, inAggregate: boolean): void {
  const { context, scope, expression } = check;
  if (path.hasHole || path.steps.some((step) => step.name === '')) return;
  const start = pathStart(context.model, scope, path);
  if (start.kind === 'schemaMissing' && path.join !== undefined) {
    const range = expression.toRange(path.join.schema);
    check.problems.push(unknownSchema(context.model, start.schemaId, range));
    return;
  }
  if (start.kind === 'outside') {
    const message = 'This .. leads out of the query: there is none around it.';
    const range = expression.toRange(path.steps[start.stepIndex]!);
    check.problems.push(queryProblem('query/field-unknown', range, message));
    return;
  }
  const result = resolveQueryPath(context.model, scope, path);
  if (result.kind === 'missing') {
    const step = path.steps[result.stepIndex];
    if (step !== undefined && !isAllowedAnyway(check, path, result.from)) {
      check.problems.push(unquoted(check, path, step, result.from) ?? unknownField(check, step, result.from));
    }
    return;
  }
  if (result.kind !== 'found') return;
  const { node, crossedCollections } = result;
  if (node.xml && check.clause !== 'select' && isFiltering(check.element)) {
    const message = `${stepOf(node)} is stored in the XML memo of the record: it can be selected, not filtered, sorted or grouped by.`;
    check.problems.push(queryProblem('query/xml-field-filtered', expression.toRange(path), message));
  }
  if (node.xml && check.clause === 'select' && ungroup(expression.parsed.tree) !== path) {
    const message = `${stepOf(node)} is stored in the XML memo of the record: it can be selected as it is, but the database has no value of it to compute with.`;
    const problem = queryProblem('query/xml-field-filtered', expression.toRange(path), message);
    // Documented for filters, orders and groups only.
    check.problems.push({ ...problem, severity: 'warning' });
  }
  if (inAggregate) return;
  const collection = crossedCollections[0] ?? (isCollection(node) ? node : undefined);
  if (collection !== undefined) checkCollection(check, path, collection, isCollection(node));
}

/** What `EXISTS` and its like are asked about must be records: a link, or a path through one to several. */
function checkSet(check: ExpressionCheck): void {
  const { context, scope, expression, element } = check;
  const setOperator = attributeValue(element, 'setOperator');
  if (setOperator === undefined || !/^(?:NOT EXISTS|EXISTS|COUNT|SUM|AVG|MIN|MAX)$/.test(setOperator)) return;
  const isExists = setOperator.endsWith('EXISTS');
  const tree = ungroup(expression.parsed.tree);
  if (isExists && tree.kind !== 'path') {
    if (!['binary', 'logical', 'isNull', 'in', 'call', 'string', 'number', 'date'].includes(tree.kind))
      return;
    const message = `${setOperator} takes the path of a collection; write the condition on its records inside.`;
    const range = expression.toRange(tree);
    check.problems.push(queryProblem('query/set-operator-needs-collection', range, message));
    return;
  }
  const isComparison = tree.kind === 'binary' && /^(?:[<>]=?|==?|!=|<>)$/.test(tree.operator);
  if (!isExists && !isComparison && tree.kind !== 'hole' && tree.kind !== 'macro') {
    const message = `${setOperator} is compared with a value: ${setOperator === 'COUNT' ? 'purchase > 2' : '[purchase/@amount] > 100'}.`;
    const range = expression.toRange(tree);
    const severity = expressionProblemSeverities['expression/not-a-condition'];
    check.problems.push({ code: 'expression/not-a-condition', severity, message, ...range, fixes: [] });
  }
  for (const path of pathsOf(tree)) {
    const result = resolveQueryPath(context.model, scope, path);
    if (result.kind !== 'found' || result.crossedCollections.length > 0) continue;
    if (isExists ? isLink(result.node) : isCollection(result.node)) continue;
    const message = `${stepOf(result.node)} is no collection; ${setOperator} asks about the records of one.`;
    check.problems.push(
      queryProblem('query/set-operator-needs-collection', expression.toRange(path), message),
    );
  }
}

/** In select any field may be read; everywhere else the database has to have it. */
function isFiltering(element: XmlElement): boolean {
  return element.localName === 'condition' || clauseOf(element) !== 'select';
}

/** `data` is the memo of any record; later clauses may repeat an alias; access filters also know the operator. */
function isAllowedAnyway(check: ExpressionCheck, path: PathNode, from: SchemaElement): boolean {
  const first = path.steps[0];
  if (first?.kind === 'element' && first.name === 'data' && from.parent === undefined) return true;
  for (let at: XmlElement | undefined = check.element; at !== undefined; at = at.parent) {
    if (at.localName === 'sysFilter' && first?.name === 'currentOperator') return true;
    if (at.localName !== 'queryDef' && at.localName !== 'subQuery') continue;
    const text = check.expression.parsed.text.slice(path.start, path.end).replace(/^\[|\]$/g, '');
    return childElements(at, 'select')
      .flatMap((select) => childElements(select, 'node'))
      .some((node) => attributeValue(node, 'alias') === text);
  }
  return false;
}

/** `@gender = male`: said in words of the value, when no field is a likelier reading. */
function unquoted(
  check: ExpressionCheck,
  path: PathNode,
  step: PathStep,
  from: SchemaElement,
): QueryProblem | undefined {
  const { context, scope, expression } = check;
  const text = unquotedValue(context.model, scope, expression.parsed.tree, path);
  if (text === undefined) return undefined;
  const range = expression.toRange(path);
  const message = `${from.schemaId} has no ${step.name}. ${text.hint}`;
  const fix = replaceFix(`Write ${text.literal}`, range, expression.escape(text.literal));
  return queryProblem('query/field-unknown', range, message, fix);
}

function unknownField(check: ExpressionCheck, step: PathStep, from: SchemaElement): QueryProblem {
  const { message, meant } = missingField(step, from);
  const range = check.expression.toRange(step);
  const fix = meant === undefined ? undefined : replaceFix(`Write ${meant}`, range, meant);
  return queryProblem('query/field-unknown', range, message, fix);
}

/** What to say of a step that an element does not have, and the step that was probably meant. */
export function missingField(
  step: PathStep,
  from: SchemaElement,
): { message: string; meant: string | undefined } {
  const written = step.kind === 'attribute' ? `@${step.name}` : step.name;
  const names = [...from.attributes.values(), ...from.elements.values()].map(stepOf);
  // `email` for `@email` is the commonest slip of all.
  const twin = step.kind === 'attribute' ? step.name : `@${step.name}`;
  const meant = names.includes(twin) ? twin : closestName(written, names);
  const place = from.parent === undefined ? from.schemaId : `${stepOf(from)} of ${from.schemaId}`;
  const message = `${place} has no ${written}.${meant === undefined ? '' : ` Did you mean ${meant}?`}`;
  return { message, meant };
}

function checkCollection(
  check: ExpressionCheck,
  path: PathNode,
  collection: SchemaElement,
  isItself: boolean,
): void {
  const { element, expression } = check;
  // XML collections are part of the record: crossing them adds no rows.
  if (!isLink(collection)) return;
  const range = expression.toRange(path);
  if (element.localName === 'condition') {
    if (attributeValue(element, 'setOperator') !== undefined) return;
    const message = `${collection.name} holds several records: ask with setOperator="EXISTS" and conditions on ${collection.name} inside.`;
    const problem = queryProblem('query/collection-without-exists', range, message, existsFix(check, path));
    check.problems.push(problem);
    return;
  }
  if (clauseOf(element) !== 'select' || childElements(element).length > 0) return;
  const message = isItself
    ? `${collection.name} is a collection: put nodes for its fields inside this node.`
    : `${collection.name} holds several records, so each row is repeated for every one of them; put its fields into nodes inside <node expr="${collection.name}">.`;
  check.problems.push(queryProblem('query/collection-in-select', range, message));
}

/** `[logs/@status] = 1` → EXISTS over `logs` with `@status = 1`, where that is all the condition is about. */
function existsFix(check: ExpressionCheck, path: PathNode): QueryFix | undefined {
  const { element, expression, context } = check;
  const attribute = attributeOf(element, 'expr')!;
  const crossing = path.steps[0];
  const second = path.steps[1];
  const isOnlyPath = allPaths(expression.parsed.tree).length === 1;
  const isSimple =
    isOnlyPath && crossing !== undefined && second !== undefined && !path.absolute && path.join === undefined;
  if (!isSimple || !element.selfClosing || resolvesToSingle(check, crossing)) return undefined;
  const rest = expression.parsed.text.slice(second.start, path.steps.at(-1)!.end);
  const inner = /^@?\w+$/.test(rest) ? rest : `[${rest}]`;
  const { text } = expression.parsed;
  const condition = text.slice(0, path.start) + inner + text.slice(path.end);
  const others = element.attributes
    .filter((other) => other !== attribute && other.name !== 'internalId')
    .map((other) => ` ${context.region.text.slice(other.start, other.end)}`)
    .join('');
  const newText = `<condition expr="${crossing.name}" setOperator="EXISTS"${others}><condition expr="${escapeDouble(condition)}"/></condition>`;
  return replaceFix('Ask with EXISTS', element, newText);
}

const escapeDouble = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Is the first step a link to one record? Then the collection lies further down and EXISTS would not start with it. */
function resolvesToSingle(check: ExpressionCheck, step: PathStep): boolean {
  const child = check.scope.element?.elements.get(step.name);
  return child === undefined || !isCollection(child);
}

function allPaths(node: ExpressionNode): PathNode[] {
  return node.kind === 'path' ? [node] : childrenOf(node).flatMap(allPaths);
}

/** A pattern that begins with `%` makes the database read every row, unless few are left by other conditions. */
function checkLike(check: ExpressionCheck, node: BinaryNode): void {
  if (node.operator !== 'like' || !isFiltering(check.element)) return;
  const pattern = ungroup(node.right);
  const field = ungroup(node.left);
  if (pattern.kind !== 'string' || !pattern.value.startsWith('%') || pattern.value === '%') return;
  if (field.kind !== 'path') return;
  const result = resolveQueryPath(check.context.model, check.scope, field);
  if (result.kind !== 'found' || isIndexed(result.node)) return;
  const range: TextRange = check.expression.toRange(pattern);
  const message = `A pattern that begins with % reads every record; ${stepOf(result.node)} has no index that could help.`;
  check.problems.push(queryProblem('query/contains', range, message));
}

import { queryElement, queryRoots } from '../../../core/queryDef/grammar.ts';
import { toQueryDef } from '../../../core/queryDef/queryDef.ts';
import type { XmlElement, XmlProblemCode } from '../../../core/xml/xmlTree.ts';
import { checkClauses } from './clauseChecks.ts';
import { checkExpr } from './expressionChecks.ts';
import { checkPerformance } from './performanceChecks.ts';
import type { QueryContext } from './queryContext.ts';
import { queryProblem, type QueryProblem } from './queryProblem.ts';
import { innerScope, scopeOf } from './queryScope.ts';
import { checkElement } from './structureChecks.ts';

/** Problems of the text that leave no doubt about the tree: the rest can be checked as well. */
const harmless: ReadonlySet<XmlProblemCode> = new Set(['attribute-duplicate']);

/**
 * Everything there is to say against a queryDef, in the order of the text. What the model does not cover is passed over:
 * nothing is reported about unknown fields of a schema that is not loaded, temporary, or decided by a script.
 *
 * A document that is not well-formed gets one problem, the first: whatever follows from it would be noise.
 */
export function checkQuery(context: QueryContext): QueryProblem[] {
  const { region } = context;
  const isFragment = region.root === undefined || !queryRoots.has(region.root.localName);
  // A piece of a query has no start schema, and a literal of that name need not be a query at all.
  if (region.inScript && (isFragment || !region.closed)) return [];
  if (region.isQuiet === true) return [];
  const problems = region.xml.problems.map(({ start, end, message }) =>
    queryProblem('query/not-well-formed', { start, end }, message),
  );
  const broken = region.xml.problems.findIndex(({ code }) => !harmless.has(code));
  if (broken >= 0) return problems.slice(broken, broken + 1);
  if (region.root !== undefined) checkTree(context, region.root, problems);
  return problems.sort((a, b) => a.start - b.start || a.end - b.end);
}

function checkTree(context: QueryContext, element: XmlElement, problems: QueryProblem[]): void {
  problems.push(...checkElement(context, element));
  const { localName } = element;
  // What is inside elements the grammar does not describe is not known.
  if (queryElement(localName) === undefined) return;
  if (localName === 'node' || localName === 'condition') {
    problems.push(...checkExpr(context, element, scopeOf(context.model, element)));
  }
  if (localName === 'queryDef' || localName === 'subQuery') {
    const query = toQueryDef(element);
    const scope = innerScope(context.model, element);
    problems.push(...checkClauses(context, query, scope), ...checkPerformance(context, query, scope));
  }
  for (const child of element.children) if (child.kind === 'element') checkTree(context, child, problems);
}

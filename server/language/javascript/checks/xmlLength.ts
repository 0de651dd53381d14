import { scriptProblem } from '../scriptProblem.ts';
import type { NodeCheck } from './scriptCheck.ts';
import { isXml } from './valueKind.ts';

/**
 * `list.length` of E4X is the children called "length": an empty list, and no number.
 * Source: ECMA-357, [[Get]] of XMLList, and 13.5.4.13 XMLList.prototype.length.
 */
export const xmlLength: NodeCheck = {
  kinds: ['PropertyAccessExpression'],
  *check(script, node) {
    const { ts } = script;
    if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'length') return;
    const parent = script.ancestors.at(-1);
    if (parent === undefined) return;
    if (ts.isCallExpression(parent) && parent.expression === node) return;
    // `list.length.length()`, `delete x.length`, `x.length = <length/>`: somebody means the children.
    if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) return;
    if (ts.isDeleteExpression(parent)) return;
    if (
      ts.isBinaryExpression(parent) &&
      parent.left === node &&
      isAssignment(script.sourceOf(parent.operatorToken))
    )
      return;
    if (!isXml(script.typeAt(node.expression))) return;
    // Methods called by their own name, `x.function::toString()`, return what they return.
    if (ts.isCallExpression(node.expression) && script.sourceOf(node.expression).includes('.function::'))
      return;
    // A schema or a literal with a field of that name.
    if (
      script
        .typeAt(node)
        .getCallSignatures()
        .some(({ parameters }) => parameters.length > 0)
    )
      return;
    yield scriptProblem(
      'script/xml-length',
      script.rangeOf(node.name),
      'length is a method of XML: without parentheses this is the list of children called "length".',
      { title: 'Call length()', edits: [{ start: node.end, end: node.end, newText: '()' }] },
    );
  },
};

const isAssignment = (operator: string): boolean => /^[-+*/%|&^]?=$/.test(operator);

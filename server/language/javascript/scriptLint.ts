import type * as ts from 'typescript';
import { parseXml } from '../../../core/xml/parseXml.ts';
import { descendantElements } from '../../../core/xml/xmlTree.ts';
import { unmask } from './maskCharacters.ts';
import { scriptProblem, type ScriptProblem } from './scriptProblem.ts';
import type { ScriptProject } from './scriptWorkspace.ts';
import { treeOf, type ScriptTree } from './symbolsAt.ts';

/** Mistakes of E4X that compile and then do something else than they say. */
export function lintScript(project: ScriptProject): ScriptProblem[] {
  return [...bracesInQuotes(project), ...xmlDeclarations(project), ...alwaysTrue(project)];
}

/** A name, a member or a call between braces. JSON and style sheets in values do not look so. */
const embedded = /\{[A-Za-z_$][\w$]*(?:\.[@\w$]+|\([^(){}"']*\))*\}/;

/** `expr="@id = {id}"`: braces inside quotes are text. Source: ECMA-357, 11.1.4. */
function bracesInQuotes(project: ScriptProject): ScriptProblem[] {
  const { mask, text } = project;
  const found: ScriptProblem[] = [];
  for (const literal of mask.literals) {
    if (!embedded.test(text.slice(literal.start, literal.end))) continue;
    const { root } = parseXml(text, literal);
    for (const element of root === undefined ? [] : descendantElements(root)) {
      for (const { name, valueStart, valueEnd, hole } of element.attributes) {
        const match = hole ? null : embedded.exec(text.slice(valueStart, valueEnd));
        if (match === null) continue;
        const start = valueStart + match.index;
        const instead = suggestion(text.slice(valueStart, valueEnd), match);
        found.push(
          scriptProblem(
            'script/braces-in-quotes',
            { start, end: start + match[0].length },
            `Braces inside quotes are text. To insert the value write ${name}=${instead}.`,
          ),
        );
      }
    }
  }
  return found;
}

/** `@id = {id}` → `{"@id = " + id}`. */
function suggestion(value: string, match: RegExpExecArray): string {
  const before = value.slice(0, match.index);
  const after = value.slice(match.index + match[0].length);
  const parts = [
    before === '' ? '' : JSON.stringify(before),
    match[0].slice(1, -1),
    after === '' ? '' : JSON.stringify(after),
  ];
  return `{${parts.filter((part) => part !== '').join(' + ')}}`;
}

/** Source: XML 1.0 reserves the target `xml`; the engine refuses it in a literal. */
function xmlDeclarations(project: ScriptProject): ScriptProblem[] {
  return project.mask.literals
    .filter(({ start }) => /^<\?xml[\s?]/i.test(project.text.slice(start, start + 7)))
    .map(({ start, end }) =>
      scriptProblem(
        'script/xml-declaration',
        { start, end },
        'A literal has no XML declaration; leave it out.',
      ),
    );
}

/**
 * `if (x.item)`: reading what is not there gives an empty list, which is an object, and so true.
 * Source: ECMA-357, [[Get]] of XML; ECMA-262, ToBoolean.
 */
function alwaysTrue(project: ScriptProject): ScriptProblem[] {
  const tree = treeOf(project);
  if (tree === undefined) return [];
  const { ts } = project;
  const found: ScriptProblem[] = [];
  const check = (condition: ts.Expression | undefined): void => {
    if (condition === undefined || !isXmlMember(project, tree, condition)) return;
    const start = condition.getStart(tree.file);
    const written = unmask(condition.getText(tree.file).split('\n')[0] ?? '');
    found.push(
      scriptProblem(
        'script/always-true',
        { start, end: condition.end },
        `XML is true even when nothing is there. Test ${written}.length() > 0, or compare String(${written}).`,
      ),
    );
  };
  const visit = (node: ts.Node): void => {
    if (ts.isIfStatement(node) || ts.isWhileStatement(node) || ts.isDoStatement(node))
      check(unwrapped(ts, node.expression));
    else if (ts.isConditionalExpression(node)) check(unwrapped(ts, node.condition));
    else if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken)
      check(unwrapped(ts, node.operand));
    else if (ts.isBinaryExpression(node) && isLogical(ts, node.operatorToken.kind))
      check(unwrapped(ts, node.left));
    ts.forEachChild(node, visit);
  };
  visit(tree.file);
  return found;
}

function isLogical({ SyntaxKind }: ScriptProject['ts'], kind: ts.SyntaxKind): boolean {
  return kind === SyntaxKind.BarBarToken || kind === SyntaxKind.AmpersandAmpersandToken;
}

function unwrapped(typescript: ScriptProject['ts'], expression: ts.Expression): ts.Expression {
  let inner = expression;
  while (typescript.isParenthesizedExpression(inner)) inner = inner.expression;
  return inner;
}

/** A member of an XML value that is no method. A variable is not asked: it may hold null. */
function isXmlMember({ ts }: ScriptProject, { checker }: ScriptTree, node: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(node) && !ts.isElementAccessExpression(node)) return false;
  return isXml(checker.getTypeAtLocation(node.expression)) && isXml(checker.getTypeAtLocation(node));
}

function isXml(type: ts.Type): boolean {
  return (
    type.getProperty('toXMLString') !== undefined &&
    type.getProperty('attributes') !== undefined &&
    type.getCallSignatures().length > 0
  );
}

import { scriptProblem } from '../scriptProblem.ts';
import { dottedName } from './names.ts';
import type { NodeCheck } from './scriptCheck.ts';
import { isDom } from './valueKind.ts';

/**
 * `new XML(document.toXMLString())`: the text of a document begins with an XML declaration, which E4X refuses.
 * Source: JSAPI documentation, "DOM"; ECMA-357, 10.3.1.
 */
export const documentAsXml: NodeCheck = {
  kinds: ['NewExpression', 'CallExpression'],
  *check(script, node) {
    const { ts } = script;
    if (!(ts.isNewExpression(node) || ts.isCallExpression(node))) return;
    if (!/^XML(?:List)?$/.test(dottedName(script, node.expression) ?? '')) return;
    const [text] = node.arguments ?? [];
    if (text === undefined || !ts.isCallExpression(text) || !ts.isPropertyAccessExpression(text.expression))
      return;
    const { expression, name } = text.expression;
    if (name.text !== 'toXMLString') return;
    const type = script.typeAt(expression);
    if (!isDom(type) || type.getProperty('createElement') === undefined) return;
    yield scriptProblem(
      'script/document-as-xml',
      script.rangeOf(text),
      'The text of a document begins with <?xml …?>, which E4X refuses: take it away first.',
      {
        title: 'Take the XML declaration away',
        edits: [{ start: text.end, end: text.end, newText: String.raw`.replace(/^<\?xml[^>]*\?>/, "")` }],
      },
    );
  },
};

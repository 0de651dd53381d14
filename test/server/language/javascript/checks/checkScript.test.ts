import ts from 'typescript';
import { expect, test } from 'vitest';
import { maskScript } from '../../../../../server/language/javascript/mask.ts';
import { nodeChecks } from '../../../../../server/language/javascript/checks/allChecks.ts';
import { scriptProblemSeverities } from '../../../../../server/language/javascript/scriptProblem.ts';
import { measureChecks } from '../../../../support/checkScript.ts';
import { fixtureScripts } from '../../../../support/scripts.ts';

/** How many nodes the tree of a script has, the file and its end included. */
function nodeCount(text: string): number {
  let count = 0;
  const visit = (node: ts.Node): void => {
    count++;
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.js', maskScript(text).text, ts.ScriptTarget.ESNext, false, ts.ScriptKind.JS));
  return count;
}

test.each([...fixtureScripts])(
  'every node of %s is visited once, however many checks there are',
  (_name, text) => {
    expect(nodeChecks.length).toBeGreaterThan(15);
    const { visitCount } = measureChecks(text);
    // The end of the file may have a place behind the text.
    expect(Math.abs(visitCount - nodeCount(text))).toBeLessThanOrEqual(1);
  },
);

test('ordinary code asks for no type', () => {
  const text =
    'function f(a, b) { var c = a + b; if (c > 1 && a.b) { g(c, "text", [1, 2]); } return { a: c }; }\n';
  expect(measureChecks(text.repeat(50))).toMatchObject({ problems: [], typeCount: 0 });
});

test('types are asked of what may be a mistake, a few for each', () => {
  const text = 'for each (var r in rows) { f(r.@id, r.items.length, r.@a || 1); }\n';
  const [one, many] = [measureChecks(text).typeCount, measureChecks(text.repeat(20)).typeCount];
  expect(one).toBeLessThan(20);
  expect(many).toBeLessThanOrEqual(one * 20);
});

test('broken text is checked as far as it goes', () => {
  const whole = [...fixtureScripts.values()].join('\n').slice(0, 6000);
  for (let end = 0; end < whole.length; end += 97)
    expect(() => measureChecks(whole.slice(0, end))).not.toThrow();
});

test('a deep sum is no deep recursion', () => {
  const text = `var sql = "SELECT a FROM b WHERE c = '"${' + x'.repeat(3000)};`;
  expect(measureChecks(text).problems).toHaveLength(3000);
});

test('only what the server is sure to refuse is an error', () => {
  const errors = Object.entries(scriptProblemSeverities).filter(([, severity]) => severity === 'error');
  expect(errors.map(([code]) => code)).toEqual([
    'script/syntax',
    'script/literal-unclosed',
    'script/literal-malformed',
    'script/attribute-outside-filter',
    'script/xml-declaration',
    'script/raw-markup',
  ]);
});

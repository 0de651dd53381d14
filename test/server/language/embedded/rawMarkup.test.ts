import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { parseDocument } from '../../../../server/documents.ts';
import { acceptItem, readEntity, service, workflow } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

/** The document with its problems in `«»`, and their codes. */
function check(text: string): { shown: string; codes: unknown[] } {
  const file = readEntity(text);
  const found = service.diagnostics(scriptModel, file);
  const edits = found.map(({ range }) => ({ range, newText: `«${file.document.getText(range)}»` }));
  return { shown: TextDocument.applyEdits(file.document, edits), codes: found.map(({ code }) => code) };
}

/** The document after the fix of its only problem. */
function fixed(text: string): string {
  const file = readEntity(text);
  const range = { start: 0, end: text.length };
  const actions = service.codeActions(scriptModel, file, range);
  const fix = actions.find(({ title }) => title === 'Wrap the script in CDATA');
  return TextDocument.applyEdits(file.document, fix?.edit?.changes?.[file.document.uri] ?? []);
}

test.each([
  'for (i = 0; i «<» 10; i++) f(i);',
  'for (i=0;i«<»n;i++) { f(i); }',
  'if (a «&»& b) f();',
  'if (a«<»b && c>d) { f("</b>"); }',
  'var q = «<»b><c/></b>; f(q);',
  '<!-- a < b && c --> if (a «<» b) f();',
  'if (a &lt; b) f(a «<» c);',
])('one problem for a script that XML does not read: %s', (marked) => {
  const { shown, codes } = check(workflow(marked.replace(/[«»]/g, '')));
  expect(codes).toEqual(['script/raw-markup']);
  expect(shown).toBe(workflow(marked));
});

test.each([
  'if (a &lt; b &amp;&amp; c > d) f();',
  '<![CDATA[if (a < b && c) f();]]>',
  '<!-- a < b --> f();',
  'f("&#32;");',
])('none for one it reads: %s', (script) => expect(check(workflow(script)).codes).toEqual([]));

test('the fix keeps what the script says', () => {
  expect(fixed(workflow('if (a<b && c>d) { f("</b>"); }'))).toBe(
    workflow('<![CDATA[if (a<b && c>d) { f("</b>"); }]]>'),
  );
  expect(fixed(workflow('if (a &lt; b && c[d[0]]>e) f();'))).toBe(
    workflow('<![CDATA[if (a < b && c[d[0]]]]><![CDATA[>e) f();]]>'),
  );
});

test('the script is still understood while it is typed', () => {
  const typed =
    'var q = <queryDef schema="nms:recipient"><select><node expr="$0"/></select></queryDef>; f(q);';
  expect(acceptItem(workflow(typed), '@email')).toContain('expr="@email"');
  expect(acceptItem(workflow('for (i = 0; i < 10; i++) logI$0'), 'logInfo')).toContain('i++) logInfo');
});

test('an element that holds elements is no script', () => {
  const text = `<webApp internalName="A" label="a"><activities><script name="s"><script>f(1;</script></script></activities></webApp>`;
  expect(check(text)).toEqual({ shown: text.replace(';', '«;»'), codes: ['script/syntax'] });
});

test('a template whose tags are not escaped is one', () => {
  const text = `<workflow internalName="W"><activities><alert name="a"><text>Hello <%= vars.x %></text></alert></activities></workflow>`;
  expect(check(text).codes).toEqual(['script/raw-markup']);
});

test('documents of others have no problems of ours', () => {
  const text = '<!-- campaign-ignore nonsense/code -->\n<project><script>if (a < b) f(;</script></project>';
  const file = parseDocument(TextDocument.create('file:///pom.xml', 'xml', 1, text));
  expect(service.diagnostics(scriptModel, file)).toEqual([]);
});

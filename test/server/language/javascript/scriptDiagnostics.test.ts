import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { toDiagnostic } from '../../../../server/language/problems.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { fixtureScripts, readFixture, scripts } from '../../../support/scripts.ts';

/** `line:character code message` of each diagnostic, those of types included; what v8 would change is the subject of the tests of those checks. */
function diagnostics(text: string, languageId = 'campaign-javascript'): string[] {
  scripts.close('file:///checked.js');
  const document = TextDocument.create('file:///checked.js', languageId, 1, text);
  return scripts
    .problems(scriptModel, document, true)
    .filter(({ code }) => !code.startsWith('script/v8-'))
    .map((problem) => toDiagnostic(document, problem))
    .map(
      ({ range, code, message }) =>
        `${range.start.line}:${range.start.character} ${String(code)} ${message as string}`,
    );
}

test.each([...fixtureScripts])('%s has no error', (_name, text) => expect(diagnostics(text)).toEqual([]));

test('a page has no error', () =>
  expect(diagnostics(readFixture('preferences.jssp'), 'campaign-jssp')).toEqual([]));

test('what Campaign allows is no error', () => {
  expect(diagnostics('return 0;')).toEqual([]);
  expect(diagnostics('if (vars.x) return;\nlogInfo(task.id, instance.label);')).toEqual([]);
  expect(diagnostics('const a = 1; var enum = 2; with (a) { b; }')).toEqual([]);
  expect(diagnostics('var a = 010, package = 1, interface = 2; delete a;')).toEqual([]);
  expect(diagnostics('x.@a = 1; delete x.b; x.c += <d/>; default xml namespace = "u";')).toEqual([]);
  expect(diagnostics('unknownFunction(unknownVariable).whatever;')).toEqual([]);
});

test('errors of syntax are where they are', () => {
  expect(diagnostics('var a = ;\nf(1;')).toEqual([
    '0:8 script/syntax Expression expected.',
    "1:3 script/syntax ')' expected.",
  ]);
  expect(diagnostics('x = <a b={}/>;')[0]).toMatch(/^0:1\d /);
});

test('an unclosed literal is one error, not many', () =>
  expect(diagnostics('var q = <queryDef schema="nms:recipient">\n  <select>\nvar y = 1;\nf(y);')).toEqual([
    '0:8 script/literal-unclosed The XML literal <queryDef> is not closed.',
  ]));

test('an attribute that belongs to nothing', () =>
  expect(diagnostics('if (@id == 3) f();')[0]).toMatch(
    /^0:4 script\/attribute-outside-filter .*element\.@id/,
  ));

test('syntax of later editions is a warning with what to write instead', () => {
  const names = (text: string): string[] =>
    diagnostics(text).map((line) => /has no ([^;]+)/.exec(line)?.[1] ?? line);
  expect(names('var f = (a) => a;')).toEqual(['arrow functions']);
  expect(names('class A {}')).toEqual(['classes']);
  expect(names('var s = `a${b}`;')).toEqual(['template strings']);
  expect(names('for (var a of b) {}')).toEqual(['for…of']);
  expect(names('let a = 1;')).toEqual(['let']);
  expect(names('f(...a);')).toEqual(['spread']);
  expect(names('function f(a = 1) {}')).toEqual(['default parameters']);
  expect(names('for each (var a in b) {}')).toEqual([]);
  const document = TextDocument.create('file:///later.js', 'campaign-javascript', 1, 'let a = 1;');
  expect(scripts.problems(scriptModel, document)[0]!.severity).toBe('warning');
});

test('messages speak of E4X, not of the mask', () => {
  const all = ['x.@', 'x..', 'x.(@', 'f(<a>', 'x = <a {b', 'for each (var a in', 'x.@a b', 'enum'].flatMap(
    (text) => diagnostics(text),
  );
  expect(all.length).toBeGreaterThan(2);
  expect(all.join('\n')).not.toMatch(/[ꙩᕯⵗːᐸᵐ]/);
});

interface Snippet {
  prefix: string | string[];
  body: string | string[];
}

/** The text of a snippet with every placeholder as it is offered. */
function expand(body: string | string[]): string {
  let text = typeof body === 'string' ? body : body.join('\n');
  text = text.replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1');
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(/\$\{\d+:((?:\\.|[^{}\\])*)\}/g, '$1');
  }
  return text.replace(/\$\{\d+\}|\$\d+/g, '').replace(/\\([$}\\])/g, '$1');
}

const snippets = Object.entries(
  JSON.parse(readFileSync('snippets/campaign-javascript.json', 'utf8')) as Record<string, Snippet>,
);

test('there are the forty patterns and more', () => expect(snippets.length).toBeGreaterThanOrEqual(40));

test.each(snippets)('the snippet "%s" is a script without an error', (_name, { body }) => {
  const text = expand(body);
  // Some are what goes inside a queryDef; they are read as the literal they become.
  const script = /^\s*<(?:node|condition|orderBy|where|select)/.test(text)
    ? `x = <queryDef>${text}</queryDef>;`
    : text;
  expect(diagnostics(script), script).toEqual([]);
});

/** What is marked `«»` is the one thing the script does not finish. */
test.each([
  'function f() «{»\n  a();',
  'if (a) «{»\n b();\n',
  'f«(»',
  'f«(»1, 2',
  'f«(»"}",\n',
  'var a = «[»1, 2',
  'var a = «{»b: 1,',
  'var s = «"abc»',
  "f(«'abc);»",
  'f(«`»abc',
  'f(`a«${»b',
  'a = 1; «/*» comment\nmore',
  '/* closed */ a = 1; «/*» comment *',
  'var a = «(»1 + 2',
  'if «(»a',
  'while (a) «{» if (b) { c(); }',
  'switch (a) «{» case 1: b();',
  'a«[»1',
  'f«(»function () { a(); }',
  'f(function () «{» a(); ',
  'x = {a: [1, {b: f«(»',
  'for each (var a in b) «{» c.@d;',
  'var a «=»',
  'a ? «b»  ',
])('a script that stops too early: %s', (marked) => {
  const text = marked.replace(/[«»]/g, '');
  const document = TextDocument.create('file:///unfinished.js', 'campaign-javascript', 1, text);
  scripts.close(document.uri);
  const found = scripts.problems(scriptModel, document).filter(({ code }) => code === 'script/syntax');
  const [{ start, end } = { start: 0, end: 0 }] = found;
  expect(`${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`).toBe(marked);
});

test('one thing that is not finished is one problem', () => {
  expect(diagnostics('x = {a: [1, {b: f(')).toEqual([
    '0:17 script/syntax This ( is never closed: ) is missing.',
  ]);
  expect(diagnostics('/* a')).toEqual(['0:0 script/syntax This comment is never closed: */ is missing.']);
  expect(diagnostics('f("abc);')).toEqual(['0:2 script/syntax Unterminated string literal.']);
  expect(diagnostics('return')).toEqual([]);
  expect(diagnostics('a')).toEqual([]);
});

test('messages speak of JavaScript', () =>
  expect(diagnostics('function f(a)')).toEqual([
    '0:9 script/syntax The body of this function is missing: write { … } behind its parameters.',
  ]));

test('a tag of a page that is not closed is the only error from there on', () => {
  expect(diagnostics('<p>\n<% if (a) { %>b<% }\n<p>c</p>', 'campaign-jssp')).toEqual([
    '1:15 script/syntax This <% is never closed: %> is missing.',
  ]);
  expect(diagnostics('<% if (a) { %>b', 'campaign-jssp')).toEqual([
    '0:10 script/syntax This { is never closed: } is missing.',
  ]);
  expect(diagnostics('<%= a', 'campaign-jssp')).toEqual([
    '0:0 script/syntax This <% is never closed: %> is missing.',
  ]);
});

import { expect, test } from 'vitest';
import ts from 'typescript';
import { maskTemplate } from '../../../../server/language/javascript/maskTemplate.ts';
import { maskDocument } from '../../../../server/language/javascript/scriptDocument.ts';
import { readFixture } from '../../../support/scripts.ts';

/** The code of a template, blanks squeezed; the length is checked. */
function checkTemplate(source: string, expected: string): void {
  const code = maskTemplate(source);
  expect(code.length).toBe(source.length);
  expect(code.replace(/ +/g, ' ').trim()).toBe(expected);
}

function syntaxErrors(text: string): string[] {
  const { diagnostics } = ts.transpileModule(text, {
    fileName: 'page.js',
    reportDiagnostics: true,
    compilerOptions: { allowJs: true, target: ts.ScriptTarget.ESNext },
  });
  return (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

test('code stays, page text becomes blanks', () => {
  checkTemplate('<p>a</p><% f(); %><p>b</p>', 'f(); ;');
  checkTemplate('<p>no code</p>', '');
});

test('expressions become statements', () => {
  checkTemplate('<b><%= x.@a %></b>', '( x.@a );');
  checkTemplate('<%== raw %>', '( raw );');
});

test('directives and comments are no code', () =>
  checkTemplate('<%@ include view="MirrorPage" %><%-- <% f() %> --%><% g(); %>', '; g();'));

test('a tag ends at its first %>, even inside a string', () => checkTemplate('<% f("%>") %>', 'f(";'));

test('text between blocks ends a statement, white space before else does not', () => {
  checkTemplate('<% if (a) { %>x<% } %>\n<% else { %>y<% } %>', 'if (a) { ; } \n else { ; }');
  checkTemplate('<% f() %> <% g() %>', 'f() ; g()');
  checkTemplate('<% switch (a) { %>\n<% case 1: %>x<% } %>', 'switch (a) { \n case 1: ; }');
});

test('tags that are not closed yet are read to the end', () => {
  checkTemplate('<p><% if (a', 'if (a');
  checkTemplate('<p><%= a.b', '( a.b');
  checkTemplate('<p><%@ include', '');
});

test('a page with literals, loops and branches is JavaScript without an error', () => {
  const source = readFixture('preferences.jssp');
  const { text, literals } = maskDocument('campaign-jssp', source);
  expect(text.length).toBe(source.length);
  expect(syntaxErrors(text)).toEqual([]);
  expect(literals.map(({ rootName }) => rootName)).toEqual(['queryDef', 'queryDef']);
});

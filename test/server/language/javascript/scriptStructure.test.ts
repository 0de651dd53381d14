import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { DocumentSymbol, SelectionRange } from 'vscode-languageserver-types';
import { semanticTokenLegend } from '../../../../server/language/javascript/javaScriptService.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

function open(text: string): TextDocument {
  scripts.close('file:///structure.js');
  return TextDocument.create('file:///structure.js', 'campaign-javascript', 1, text);
}

test('the outline names functions and variables, and what is in them', () => {
  const show = (symbols: readonly DocumentSymbol[]): unknown[] =>
    symbols.map(({ name, children }) => (children === undefined ? name : [name, ...show(children)]));
  const text = 'var a = 1;\nfunction f(x) {\n  function g() {}\n  var q = <queryDef>{a}</queryDef>;\n}\n';
  expect(show(scripts.documentSymbols(open(text)))).toEqual(['a', ['f', 'g', 'q']]);
});

test('folds blocks, comments and literals', () => {
  const text = '/*\n comment\n*/\nfunction f() {\n  a();\n  b();\n}\nvar x = <a>\n  <b/>\n  <c/>\n</a>;\n';
  const folds = scripts
    .foldingRanges(open(text))
    .map(({ startLine, endLine, kind }) => [startLine, endLine, kind]);
  expect(folds).toEqual(
    expect.arrayContaining([
      [0, 2, 'comment'],
      [3, 5, undefined],
      [7, 9, undefined],
    ]),
  );
});

test('selection grows from the name to the script', () => {
  const { document, offset } = openScript('function f() { return a.b$0c(1); }');
  const texts: string[] = [];
  for (
    let at: SelectionRange | undefined = scripts.selectionRange(document, offset);
    at !== undefined;
    at = at.parent
  ) {
    texts.push(document.getText(at.range));
  }
  expect(texts).toEqual(expect.arrayContaining(['bc', 'a.bc', 'a.bc(1)', 'return a.bc(1);']));
});

test('names are coloured by what they are', () => {
  const text = 'function f(p) { p.x; }\nvar v = <a b={f(1)}/>;\nlogInfo(v.@b);';
  const document = open(text);
  const tokens = scripts
    .semanticTokens(scriptModel, document)
    .map(
      ({ start, length, type }) =>
        `${text.slice(start, start + length)} ${semanticTokenLegend.tokenTypes[type]!}`,
    );
  expect(tokens).toEqual(
    expect.arrayContaining(['f function', 'p parameter', 'v variable', 'logInfo function']),
  );
  expect(tokens.join()).not.toContain('<a');
});

import { expect, test } from 'vitest';
import type { MarkupContent } from 'vscode-languageserver-types';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

function hover(marked: string): string {
  const { document, offset } = openScript(marked);
  const found = scripts.hover(scriptModel, document, offset);
  return found === undefined ? '' : (found.contents as MarkupContent).value;
}

const rows = `var res = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select">
  <select><node expr="@email"/><node expr="Upper(@tier)" alias="@upper"/></select></queryDef>).ExecuteQuery();
`;

test('a field, in every way it is written', () => {
  for (const use of [
    'r.@em$0ail',
    'r.@["em$0ail"]',
    'r["@em$0ail"]',
    'r.(@em$0ail == 1)',
    'r.folder.@lab$0el',
    'r.locat$0ion',
  ]) {
    const text = hover(`${rows}for each (var r in res.recipient) { ${use}; }`);
    expect(text, use).toMatch(/Email|Label|Location/);
    expect(text, use).toContain('Schema `');
  }
});

test('a column that is no field tells what it computes', () =>
  expect(hover(`${rows}for each (var r in res.recipient) r.@up$0per;`)).toBe(
    'Column of the query: `Upper\\(@tier\\)`',
  ));

test('variables have the schema as their type', () => {
  expect(hover(`${rows}for each (var r$0 in res.recipient) {}`)).toContain('var r: nms:recipient');
  expect(hover('var d$0 = nms.delivery.load(1);')).toContain('var d: nms:delivery');
  expect(
    hover('var q$0 = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="get"/>);'),
  ).toContain('var q: xtk:queryDef');
  expect(hover('var x$0 = <a b="1"/>;')).toContain('var x: XML');
});

test('a schema object shows its schema', () =>
  expect(hover('nms.recip$0ient.create()')).toContain('**`nms:recipient`** Recipients'));

test('a function of the API shows its signature, its summary and how certain it is', () => {
  const certain = hover('log$0Info("x")');
  expect(certain).toContain('function logInfo(message: any, ...more: any[]): void');
  expect(certain).toContain('journal');
  expect(hover('expand$0Var("x")')).toContain('Not certain');
  expect(hover('NL.XTK.par$0seInt("1")')).toContain('NL.XTK');
});

test('a method of a schema shows what the schema says of it', () => {
  const text = hover('nms.delivery.Create$0FromModel("x")');
  expect(text).toContain('(model?: string): number');
  expect(text).toContain('Copies a template.');
  expect(text).toContain('Internal name of the template');
});

test('nothing inside literal XML', () => expect(hover('var x = <a b="lo$0gInfo"/>')).toBe(''));

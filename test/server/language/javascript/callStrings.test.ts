import { expect, test } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver-types';
import type { LanguageModel } from '../../../../server/language/model.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

const model: LanguageModel = {
  ...scriptModel,
  listOptions: () => [
    { name: 'cusShopUrl', type: 6, description: 'Address of the *shop*' },
    { name: 'XtkInstanceId', type: 6 },
    { name: 'cusRetentionDays', type: 3 },
    { name: 'cusOdd', type: 99 },
  ],
};

function items(marked: string, of: LanguageModel = model) {
  const { document, offset } = openScript(marked);
  return scripts
    .completion(of, document, offset)
    .items.sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

const labels = (marked: string): string[] => items(marked).map(({ label }) => label);

function hover(marked: string): string {
  const { document, offset } = openScript(marked);
  const found: Hover | undefined = scripts.hover(model, document, offset);
  return (found?.contents as MarkupContent | undefined)?.value ?? '';
}

const options = ['cusOdd', 'cusRetentionDays', 'cusShopUrl', 'XtkInstanceId'];

test('options complete where one is named, those of a project first', () => {
  expect(labels('getOption("$0")')).toEqual(options);
  expect(labels("setOption('cus$0', 1)")).toEqual(options);
  expect(labels('xtk.session.GetOption("$0")')).toEqual(options);
  expect(labels('getOption("cu$0')).toEqual(options);
});

test('nowhere else', () => {
  expect(labels('setOption("a", "$0")')).toEqual([]);
  expect(labels('logInfo("$0")')).toEqual([]);
  expect(labels('var getOptions = 1; other.getOptions("$0")')).toEqual([]);
});

test('the whole name is replaced, and the type told', () => {
  const item = items('getOption("cus$0Shop")').find(({ label }) => label === 'cusShopUrl')!;
  expect(item.textEdit).toMatchObject({
    newText: 'cusShopUrl',
    range: { start: { character: 11 }, end: { character: 18 } },
  });
  expect(item.detail).toBe('text');
  expect(items('getOption("$0")').find(({ label }) => label === 'cusOdd')!.detail).toBeUndefined();
});

test('hovering an option tells its type and what it is for', () => {
  expect(hover('getOption("cusSho$0pUrl")')).toBe(
    '**cusShopUrl** — option, text\n\nAddress of the \\*shop\\*',
  );
  expect(hover('getOption("cusRetentionD$0ays")')).toBe('**cusRetentionDays** — option, integer');
  expect(hover('getOption("cusUnkn$0own")')).toBe('');
});

test('without options there is nothing to offer', () => {
  expect(items('getOption("$0")', scriptModel)).toEqual([]);
  expect(items('getOption("$0")', { ...model, listOptions: () => undefined })).toEqual([]);
});

const element =
  'var e = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", operation: "get"}}).ExecuteQuery();\n';

test('paths complete in the strings of a DOM element', () => {
  expect(labels(`${element}e.getValue("$0")`)).toEqual(
    expect.arrayContaining(['@email', 'folder', 'location']),
  );
  expect(labels(`${element}e.getNumberValue("folder/$0")`)).toContain('@label');
  expect(labels(`${element}e.getNumberValue("folder/$0")`)).not.toContain('@email');
  expect(labels(`${element}e.getValue("location/@c$0")`)).toContain('@city');
  expect(labels(`${element}e.getValue("nowhere/$0")`)).toEqual([]);
  const [item] = items(`${element}e.getValue("folder/@la$0bel")`).filter(({ label }) => label === '@label');
  expect(item!.textEdit).toMatchObject({ range: { start: { character: 19 }, end: { character: 25 } } });
});

test('names of attributes and elements complete where one is asked for', () => {
  expect(labels(`${element}e.getAttribute("$0")`)).toContain('email');
  expect(labels(`${element}e.getAttribute("$0")`)).not.toContain('folder');
  expect(labels(`${element}e.hasElement("$0")`)).toContain('folder');
  expect(labels(`${element}e.getFirstElement("$0")`)).toContain('folder');
});

const row =
  'var r = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="get"><select><node expr="@email"/></select></queryDef>).ExecuteQuery();\n';

test('and for the methods of E4X', () => {
  expect(labels(`${row}r.attribute("$0")`)).toContain('email');
  expect(labels(`${row}r.child("$0")`)).toContain('folder');
  expect(labels(`${row}r.hasOwnProperty("$0")`)).toEqual(expect.arrayContaining(['@email', 'folder']));
});

test('SQL is not read as a path', () => expect(labels('sqlExec("$0")')).toEqual([]));

test('a field named in a string is explained, and leads to its schema', () => {
  expect(hover(`${element}e.getValue("folder/@la$0bel")`)).toContain('xtk:folder');
  expect(hover(`${element}e.getValue("fol$0der/@label")`)).toContain('folder');
  const { document, offset } = openScript(`${element}e.getValue("folder/@la$0bel")`);
  expect(scripts.definition(model, document, offset)).toMatchObject([
    { kind: 'schema', target: { schemaId: 'xtk:folder' } },
  ]);
});

import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { MarkupContent, TextEdit } from 'vscode-languageserver-types';
import { toDiagnostic } from '../../../../server/language/problems.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scriptItems, scripts } from '../../../support/scripts.ts';

const query = (body: string): string =>
  `var q = NLWS.xtkQueryDef.create({queryDef: {lineCount: 10, ${body}}});`;
const select = (expr: string): string => query(`schema: "nms:recipient", select: {node: [{expr: ${expr}}]}`);

const labels = (marked: string): string[] => scriptItems(marked).map(({ label }) => label);

function accept(marked: string, label: string): string {
  const { document, offset } = openScript(marked);
  const item = scripts
    .completion(scriptModel, document, offset)
    .items.find((candidate) => candidate.label === label);
  expect(item, `${label} is offered`).toBeDefined();
  return TextDocument.applyEdits(document, [item!.textEdit as TextEdit]);
}

function diagnostics(text: string): string[] {
  scripts.close('file:///object.js');
  const document = TextDocument.create('file:///object.js', 'campaign-javascript', 1, text);
  scripts.hover(scriptModel, document, 0);
  return scripts
    .problems(scriptModel, document)
    .map((problem) => toDiagnostic(document, problem))
    .map(({ range, message }) => `${document.getText(range)}: ${message as string}`);
}

test('schema ids, fields and paths complete inside the strings of an object query', () => {
  expect(labels(query('schema: "$0"'))).toEqual(expect.arrayContaining(['nms:recipient', 'xtk:folder']));
  expect(labels(select('"@em$0"'))).toContain('@email');
  expect(labels(select('"[folder/@$0]"'))).toContain('@label');
  expect(labels(select("'Upper($0'"))).toContain('@email');
});

test('conditions, too, and sub-conditions in arrays', () =>
  expect(
    labels(query('schema: "nms:recipient", where: {condition: [{expr: "@id > 0"}, {expr: "@gen$0"}]}')),
  ).toContain('@gender'));

test('the names of an object complete, in an array, too', () => {
  const create = (query: string): string =>
    `NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", ${query}}});`;
  const names = (marked: string): string[] => scriptItems(marked).map(({ label }) => label);
  expect(names(create('select: {node: [{$0}]}'))).toEqual(names(create('select: {node: {$0}}')));
  expect(names(create('select: {node: [{expr: "@id"}, {$0}]}'))).toContain('alias');
  expect(names(create('where: {condition: [{$0}]}'))).toContain('boolOperator');
  expect(names(create('select: {node: [{$0}]}'))).not.toContain('logInfo');
});

test('what is taken goes into the string', () => {
  expect(accept(query('schema: "nms:rec$0"'), 'nms:recipient')).toBe(query('schema: "nms:recipient"'));
  expect(accept(select('"@em$0"'), '@email')).toBe(select('"@email"'));
  expect(accept(select('"[folder/@la$0]"'), '@label')).toBe(select('"[folder/@label]"'));
});

test('quotes of the script are escaped in what is taken', () => {
  const items = scriptItems(select("'@tier = $0'"));
  const value = items.find(({ label }) => label.includes('gold'));
  expect((value!.textEdit as TextEdit).newText).toBe("\\'gold\\'");
});

test('operations and other choices', () =>
  expect(labels(query('operation: "$0"'))).toEqual(expect.arrayContaining(['select', 'get', 'count'])));

test('hover and definition inside a string', () => {
  const { document, offset } = openScript(select('"[folder/@la$0bel]"'));
  const hover = scripts.hover(scriptModel, document, offset)!;
  expect((hover.contents as MarkupContent).value).toContain('Label');
  expect(document.getText(hover.range)).toContain('@label');
  expect(scripts.definition(scriptModel, document, offset)).toMatchObject([
    { kind: 'schema', target: { schemaId: 'xtk:folder' } },
  ]);
});

test('mistakes in an object query are reported where they are', () => {
  expect(diagnostics(select('"@email"'))).toEqual([]);
  expect(diagnostics(select('"@nothere"'))).toEqual([expect.stringMatching(/^@nothere: /)]);
  expect(diagnostics(query('schema: "nms:nothere"'))).toEqual([expect.stringMatching(/^nms:nothere: /)]);
});

test('what a script decides is not judged', () => {
  expect(diagnostics(select('"@" + name'))).toEqual([]);
  expect(diagnostics(query('schema: vars.targetSchema, select: {node: [{expr: "@whatever"}]}'))).toEqual([]);
});

test('escapes keep offsets', () =>
  expect(diagnostics(select("'@tier = \\'gold\\' and @nothere = 1', alias: '@a'"))).toEqual([
    expect.stringMatching(/^@nothere: /),
  ]));

test('an object of another meaning is left alone', () => {
  expect(labels('var x = {other: {schema: "$0"}};')).toEqual([]);
  expect(diagnostics('var x = {select: {node: {expr: "@nothere"}}};')).toEqual([]);
});

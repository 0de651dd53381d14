import { expect, test } from 'vitest';
import ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { createJavaScriptService } from '../../../../server/language/javascript/javaScriptService.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { schemaTexts } from '../../../support/queryModel.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

const uri = 'file:///test.campaign.js';

/** The text each definition leads to: of the script, or the start tag in the schema. */
function definitions(marked: string): string[] {
  const { document, offset } = openScript(marked);
  return scripts.definition(scriptModel, document, offset).map((found) => {
    if (found.kind === 'script') return document.getText(found.location.range);
    const { schemaId, start, end } = found.target;
    return `${schemaId} ${(schemaTexts.get(schemaId) ?? '').slice(start, end).replace(/\s.*$/s, '')}`;
  });
}

/** The script with every reference in `«»`. */
function references(marked: string): string {
  const { document, offset } = openScript(marked);
  const text = document.getText();
  const found = scripts
    .references(scriptModel, document, offset)
    .map(({ range }) => document.offsetAt(range.start));
  return found
    .sort((a, b) => b - a)
    .reduce((shown, at) => `${shown.slice(0, at)}«${shown.slice(at).replace(/^@?\w+/, '$&»')}`, text);
}

function rename(marked: string, newName = 'renamed'): string {
  const { document, offset } = openScript(marked);
  const result = scripts.rename(scriptModel, document, offset, newName);
  if (result === undefined) return '';
  if ('refused' in result) return result.refused;
  return TextDocument.applyEdits(document, result.changes?.[uri] ?? []);
}

const rows =
  'var res = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="select"/>).ExecuteQuery();\n';

test('a variable leads to its declaration', () => {
  expect(definitions('var a = 1; f($0a);')).toEqual(['a']);
  expect(definitions('var a = 1; x = <b c={$0a}/>;')).toEqual(['a']);
});

test('a field leads to the schema, never to generated declarations', () => {
  expect(definitions(`${rows}for each (var r in res.recipient) r.@em$0ail;`)).toEqual([
    'nms:recipient <attribute',
  ]);
  expect(definitions(`${rows}for each (var r in res.recipient) r.folder.@lab$0el;`)).toEqual([
    'xtk:folder <attribute',
  ]);
  expect(definitions('nms.recip$0ient.create()')).toEqual(['nms:recipient <element']);
  expect(definitions('nms.delivery.Create$0FromModel("x")').map((text) => text.split(' ')[0])).toEqual([
    'nms:delivery',
  ]);
});

test('a schema id in a string leads to the schema', () =>
  expect(definitions('application.getSchema("nms:recip$0ient")')).toEqual(['nms:recipient <element']));

test('a function of the API has no definition to show', () =>
  expect(definitions('log$0Info("x")')).toEqual([]));

test('references are found in code, holes and filters', () =>
  expect(references('var $0a = 1; f(a); x = <b c={a}>{f(a)} a {a}</b>; y.(@id == a);')).toBe(
    'var «a» = 1; f(«a»); x = <b c={«a»}>{f(«a»)} a {«a»}</b>; y.(@id == «a»);',
  ));

test('renames a variable everywhere, and nothing else', () =>
  expect(rename('var $0a = 1; f(a); x = <b c={a}>{f(a)} a {a}</b>; y.(@id == a); o.a;')).toBe(
    'var renamed = 1; f(renamed); x = <b c={renamed}>{f(renamed)} a {renamed}</b>; y.(@id == renamed); o.a;',
  ));

test('renames the variable of a for each', () =>
  expect(rename('for each (var $0r in list) { f(r.@id, r); }')).toBe(
    'for each (var renamed in list) { f(renamed.@id, renamed); }',
  ));

test('refuses to rename what belongs to the data model', () => {
  expect(rename(`${rows}for each (var r in res.recipient) r.@em$0ail;`)).toContain(
    'belongs to the data model',
  );
  expect(rename(`${rows}for each (var r in res.recipient) r.fol$0der;`)).toContain(
    'belongs to the data model',
  );
  expect(rename('nms.recip$0ient')).toContain('belongs to the data model');
});

test('refuses to rename names of XML and of the API', () => {
  expect(rename('var x = <a/>; x.fo$0o = 1;')).toContain('XML');
  expect(rename('var x = <a/>; x.@fo$0o = 1;')).toContain('XML');
  expect(rename('log$0Info("x")')).toContain('Campaign API');
});

test('a variable of a workflow is renamed with all its scripts, not in one alone', () => {
  expect(rename('vars.to$0tal = 1;')).toContain('rename it in the document of the workflow');
  expect(rename('logInfo(vars.rec$0Count);')).toContain('Campaign API');
});

test('refuses to rename a variable that a filter may take for an element', () => {
  const script = `${rows}var folder = "x"; var found = res.recipient.(@email == folder);`;
  expect(rename(script.replace('var folder', 'var fol$0der'))).toContain('filter');
});

test('refuses a new name that is none', () => {
  expect(rename('var $0a = 1;', '@b')).toContain('is not a name');
  expect(rename('var $0a = 1;', '1b')).toContain('is not a name');
});

test('there is nothing to rename at a keyword, in a comment or in XML', () => {
  expect(rename('va$0r a = 1;')).toBe('');
  expect(rename('// com$0ment')).toBe('');
  expect(rename('x = <a$0b/>;')).toBe('');
});

test('across a library that is loaded', () => {
  const library = {
    uri: 'file:///lib.js',
    version: '1',
    text: '/** Doubles. */\nfunction double(n) { return n * 2; }\nvar shared = <a b="1"/>;\n',
  };
  const service = createJavaScriptService({
    typescript: ts,
    findLibrary: (name) => (name === 'cus:lib.js' ? library : undefined),
  });
  const text = 'loadLibrary("cus:lib.js");\nvar n = double(2);\nn.';
  const document = TextDocument.create('file:///main.js', 'campaign-javascript', 1, text);
  const at = text.indexOf('double');
  expect(service.definition(scriptModel, document, at)).toMatchObject([
    { kind: 'script', location: { uri: library.uri, range: { start: { line: 1, character: 9 } } } },
  ]);
  expect(
    service
      .references(scriptModel, document, at)
      .map((location) => location.uri)
      .sort(),
  ).toEqual(['file:///lib.js', 'file:///main.js']);
  expect(service.completion(scriptModel, document, text.length).items.map(({ label }) => label)).toContain(
    'toFixed',
  );
  const changes = (service.rename(scriptModel, document, at, 'twice') as { changes: object }).changes;
  expect(Object.keys(changes).sort()).toEqual(['file:///lib.js', 'file:///main.js']);
});

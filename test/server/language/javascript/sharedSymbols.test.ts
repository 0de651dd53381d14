import { expect, test } from 'vitest';
import ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Location } from 'vscode-languageserver-types';
import {
  createJavaScriptService,
  type ScriptLibrary,
} from '../../../../server/language/javascript/javaScriptService.ts';
import type { LanguageModel } from '../../../../server/language/model.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { createModel } from '../../../support/queryModel.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

const library = `var Cus = {};
Cus.twice = function (n) { return n * 2; };
function describe(row) { var twice = 1; return row + Cus.twice(twice); }
`;

/** A folder of scripts by name; a library is found under the name in front of `.js`. */
function workspace(files: Record<string, string>, remote: readonly string[] = []) {
  const documents = new Map<string, TextDocument>();
  let cursor = { name: '', offset: 0 };
  for (const [name, marked] of Object.entries(files)) {
    const { text, offset } = marked.includes('$0') ? takeCursor(marked) : { text: marked, offset: -1 };
    if (offset >= 0) cursor = { name, offset };
    documents.set(name, TextDocument.create(`file:///${name}`, 'campaign-javascript', 1, text));
  }
  const service = createJavaScriptService({
    typescript: ts,
    findLibrary: (called): ScriptLibrary | undefined => {
      const name = called.replace('cus:', '');
      const document = documents.get(name);
      if (document === undefined) return undefined;
      const isRemote = remote.includes(name);
      return { uri: document.uri, version: '1', text: document.getText(), name: called, isRemote };
    },
  });
  const document = documents.get(cursor.name)!;
  const others = [...documents.values()].filter((other) => other !== document);
  return {
    references: (): string[] =>
      show(service.references(scriptModel, document, cursor.offset, others), documents),
    rename: (newName: string, model: LanguageModel = scriptModel): Record<string, string> | string => {
      const result = service.rename(model, document, cursor.offset, newName, others);
      if (result === undefined) return '';
      if ('refused' in result) return result.refused;
      return Object.fromEntries(
        Object.entries(result.changes ?? {}).map(([uri, edits]) => {
          const changed = documents.get(uri.slice('file:///'.length))!;
          return [uri.slice('file:///'.length), TextDocument.applyEdits(changed, edits)];
        }),
      );
    },
    sharedName: () => service.sharedName(scriptModel, document, cursor.offset),
  };
}

/** `name:line:character` of each place, in order. */
function show(locations: readonly Location[], documents: ReadonlyMap<string, TextDocument>): string[] {
  for (const { uri } of locations) expect(documents.has(uri.slice('file:///'.length))).toBe(true);
  return locations
    .map(({ uri, range }) => `${uri.slice('file:///'.length)}:${range.start.line}:${range.start.character}`)
    .sort();
}

const files = {
  'lib.js': library,
  'a.js': 'loadLibrary("cus:lib.js");\nlogInfo(describe(Cus.twice(1)));\n',
  'b.js':
    'loadLibrary("cus:lib.js");\nvar f = function (describe) { return describe; };\nx = <a b={describe(2)}/>;\n',
  'c.js': 'function describe() {}\ndescribe();\n',
};

test('what a library declares is found in every script that loads it, and nowhere else', () => {
  const inLibrary = { ...files, 'lib.js': library.replace('describe', 'desc$0ribe') };
  expect(workspace(inLibrary).references()).toEqual(['a.js:1:8', 'b.js:2:10', 'lib.js:2:9']);
});

test('from a script, the library and the other scripts are found', () => {
  const inScript = { ...files, 'a.js': files['a.js'].replace('describe', 'desc$0ribe') };
  expect(workspace(inScript).references()).toEqual(['a.js:1:8', 'b.js:2:10', 'lib.js:2:9']);
});

test('members of an object a library fills are shared, too', () => {
  const inLibrary = { ...files, 'lib.js': library.replace('Cus.twice', 'Cus.tw$0ice') };
  expect(workspace(inLibrary).references()).toEqual(['a.js:1:21', 'lib.js:1:4', 'lib.js:2:57']);
});

test('through a library that loads another', () => {
  const chain = {
    'lib.js': library.replace('describe', 'desc$0ribe'),
    'outer.js': 'loadLibrary("cus:lib.js");\nfunction outer() { return describe(1); }\n',
    'a.js': 'loadLibrary("cus:outer.js");\nouter(); describe(2);\n',
  };
  expect(workspace(chain).references()).toEqual(['a.js:1:9', 'lib.js:2:9', 'outer.js:1:26']);
});

test('what is local to a function is nobody else’s', () => {
  const local = { ...files, 'lib.js': library.replace('var twice', 'var tw$0ice') };
  expect(workspace(local).sharedName()).toBeUndefined();
  expect(workspace(local).references()).toEqual(['lib.js:2:29', 'lib.js:2:63'].sort());
  expect(workspace({ ...files, 'lib.js': library.replace('(row', '(ro$0w') }).sharedName()).toBeUndefined();
  expect(workspace({ ...files, 'lib.js': library.replace('describe', 'desc$0ribe') }).sharedName()).toBe(
    'describe',
  );
});

test('renames in the library and in the scripts that load it', () => {
  const inScript = { ...files, 'a.js': files['a.js'].replace('describe', 'desc$0ribe') };
  expect(workspace(inScript).rename('label')).toEqual({
    'a.js': files['a.js'].replace('describe', 'label'),
    'b.js': files['b.js'].replace('{describe(2)}', '{label(2)}'),
    'lib.js': library.replace('describe', 'label'),
  });
});

test('refuses to rename what is on the instance only', () => {
  const inScript = { ...files, 'a.js': files['a.js'].replace('describe', 'desc$0ribe') };
  expect(workspace(inScript, ['lib.js']).rename('label')).toMatch(
    /cus:lib\.js, which is only on the instance; save that library/,
  );
});

test('refuses to rename a function that implements a method of a schema', () => {
  const model = createModel(
    new Map([
      [
        'cus:loyalty',
        '<schema name="loyalty" namespace="cus"><element name="loyalty"/><methods><method name="Award" library="cus:lib.js"/></methods></schema>',
      ],
    ]),
  );
  const methods = { 'lib.js': 'function cus_loyalty_Aw$0ard(entity) { return entity; }' };
  expect(workspace(methods).rename('x', model)).toMatch(/implements the method Award of cus:loyalty/);
  const ordinary = { 'lib.js': 'function cus_loyalty_Ot$0her(entity) { return entity; }' };
  expect(workspace(ordinary).rename('x', model)).toEqual({
    'lib.js': 'function x(entity) { return entity; }',
  });
});

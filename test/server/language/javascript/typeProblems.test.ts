import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { asksForTypes } from '../../../../server/language/javascript/typeProblems.ts';
import { defaultProblemSettings } from '../../../../server/language/problemSettings.ts';
import { readEntity, service, workflow, writtenForms } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import { scripts } from '../../../support/scripts.ts';

const typeCodes = ['script/unknown-member', 'script/unknown-name', 'script/argument-count'];

/** `text → fix` of each problem of types. */
function found(
  text: string,
  { on = true, languageId = 'campaign-javascript', uri = 'file:///t.js' } = {},
): string[] {
  scripts.close(uri);
  return scripts
    .problems(scriptModel, TextDocument.create(uri, languageId, 1, text), on)
    .filter(({ code }) => typeCodes.includes(code))
    .map(({ code, start, end, fixes }) =>
      [
        `${code.slice('script/'.length)} ${text.slice(start, end)}`,
        ...fixes.map((fix) => fix.edits[0]!.newText),
      ].join(' → '),
    );
}

describe('finds', () => {
  test('slips in the names of the platform', () => {
    expect(found('logInof("x");')).toEqual(['unknown-name logInof → logInfo']);
    expect(found('var f = new File("/a");\nf.opne("r");')).toEqual(['unknown-member opne → open']);
    expect(found('application.getConection().dispose();')).toEqual([
      'unknown-member getConection → getConnection',
    ]);
    expect(found('"a".substing(1);')).toEqual(['unknown-member substing → substring']);
  });

  test('calls with too many or too few arguments', () => {
    expect(found('setOption("a");')).toEqual(['argument-count setOption']);
    expect(found('var m = new MemoryBuffer();\nm.fromString("a", "b", "c");')).toEqual([
      'argument-count "c"',
    ]);
    expect(found('xtk.session.Write();')).toEqual(['argument-count Write']);
  });

  test('slips in methods of what takes any name, because it has fields or elements', () => {
    const query =
      '<queryDef schema="nms:recipient" operation="select"><select><node expr="@id"/></select></queryDef>';
    const expected = ['unknown-member ExecuteQery → ExecuteQuery'];
    expect(found(`var q = xtk.queryDef.create(${query});\nq.ExecuteQery();`)).toEqual(expected);
    expect(found(`NLWS.xtkQueryDef.create(${query}).ExecuteQery();`)).toEqual(expected);
    expect(
      found('var q = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient"}});\nq.ExecuteQery();'),
    ).toEqual(expected);
    expect(found('xtk.session.Wirte(<a/>);')).toEqual(['unknown-member Wirte → Write']);
    expect(found('var x = <a/>;\nx.apendChild(<b/>); x.item.lenght();')).toEqual([
      'unknown-member lenght → length',
      'unknown-member apendChild → appendChild',
    ]);
  });

  test('what a schema does not declare', () =>
    expect(found('var e = NLWS.nmsRecipient.load(1);\ne.save(1);')).toEqual(['argument-count 1']));

  test('the same in pages and inside literals', () => {
    expect(found('<p><%= logInof("x") %></p>', { languageId: 'campaign-jssp' })).toEqual([
      'unknown-name logInof → logInfo',
    ]);
    expect(found('var x = <a>{getOptoin("b")}</a>;')).toEqual(['unknown-name getOptoin → getOption']);
  });

  test.each(writtenForms)('the same in a workflow, in a script written as %s', (_name, write) => {
    const file = readEntity(workflow(write('if (1 < 2) task.setCompletde();')));
    const codes = (checkTypes: boolean): unknown[] =>
      service
        .diagnostics(scriptModel, file, { ...defaultProblemSettings, checkTypes })
        .map(({ code, range }) => `${String(code)} ${file.document.getText(range)}`);
    expect(codes(true)).toEqual(['script/unknown-member setCompletde']);
    expect(codes(false)).toEqual([]);
  });
});

describe('leaves alone', () => {
  test.each([
    [
      'what a script converts',
      'var n = <a b="1"/>;\nif (n.@b > 3 && n.@b == "x") n.@b = 1;\nn.@b++;\nn.c += <c/>;',
    ],
    [
      'names of filters and of with',
      'var l = <a/>;\nl.b.(@logInof == nam);\nwith (l) { logInof(getOptoin); }',
    ],
    ['names that come near nothing', 'someHelper(otherThing).member;\ntask.somethingElse();'],
    ['what is asked for', 'if (task.setCompletde) task.setCompletde;\nvar s = task.setCompletde ? 1 : 2;'],
    [
      'methods of the text in an element',
      'var x = <a><b>c</b></a>;\nx.b.substring(1); x.b.trim(); x.b.toLowerCase();',
    ],
    [
      'elements and fields',
      'var x = <a/>;\nlogInfo(x.lenght, xtk.session.Wirte, NLWS.nmsRecipient.load(1).emial);',
    ],
    ['what is assigned', 'task.setCompletde = 1;'],
    ['what the script adds', 'String.prototype.trimm = function () { return this; };\n"a".trimm();'],
    [
      'functions of its own',
      'function f(a) { return arguments.length; }\nf(); f(1, 2, 3);\nvar o = {}; o.x.y = 1;',
    ],
    ['what nobody documents the parameters of', 'var z = new ZipFile();'],
    ['dates that are subtracted', 'var ms = new Date() - new Date(2020, 1, 1);\nreturn ms;'],
    ['what follows an unclosed literal', 'var x = <a>\nlogInof("x");'],
  ])('%s', (_name, text) => expect(found(text)).toEqual([]));

  test('a line or a script that says so', () => {
    expect(found('// @ts-ignore\nlogInof("x");')).toEqual([]);
    expect(found('// @ts-nocheck\nlogInof("x");')).toEqual([]);
  });
});

test('nothing is checked unless it is switched on, or the script asks', () => {
  expect(found('logInof("x");', { on: false })).toEqual([]);
  expect(found('/* of ours */\n// @ts-check\nlogInof("x");', { on: false })).toHaveLength(1);
  expect(found('<% // @ts-check\nlogInof("x"); %>', { on: false, languageId: 'campaign-jssp' })).toHaveLength(
    1,
  );
  expect(asksForTypes('logInfo("// @ts-check");')).toBe(false);
  expect(asksForTypes('f();\n// @ts-check\n')).toBe(false);
  // Linear on what never gets there.
  expect(asksForTypes(`${'// a\n'.repeat(20_000)}f();`)).toBe(false);
});

test('the scripts of the demonstration and the snippets have no false error of types', () => {
  const workspace = new URL('../../../../sandbox/vscode/workspace/scripts/', import.meta.url);
  for (const name of readdirSync(workspace))
    expect(found(readFileSync(new URL(name, workspace), 'utf8')), name).toEqual([]);
  for (const languageId of ['campaign-javascript', 'campaign-jssp']) {
    const file = new URL(`../../../../snippets/${languageId}.json`, import.meta.url);
    const snippets = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { body: string[] }>;
    for (const [name, { body }] of Object.entries(snippets)) {
      const text = body.join('\n').replace(/\$\{\d+(?::([^}]*)|\|([^,|]*)[^}]*)?\}|\$\d+/g, '$1$2');
      expect(found(text, { languageId }), name).toEqual([]);
    }
  }
});

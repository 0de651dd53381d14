import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../../server/documents.ts';
import type { LanguageDocument } from '../../../../server/language/languageService.ts';
import { acceptItem, entityItems, openEntity, readEntity, service } from '../../../support/entities.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

const form = (inner: string, attributes = 'entity-schema="nms:recipient"'): string =>
  `<form name="any" namespace="cus" ${attributes}>${inner}</form>`;
const navtree = (columns: string): string =>
  `<navtree name="a" namespace="cus"><model><nodeModel name="n"><view name="v" schema="nms:recipient" type="listdet"><columns>${columns}</columns></view></nodeModel></model></navtree>`;

const labels = (marked: string): string[] => entityItems(marked).map(({ label }) => label);

/** The document with its problems in `«»`, and what is said. */
function problems(text: string): { shown: string; messages: string[] } {
  const file = readEntity(text);
  const found = service.diagnostics(scriptModel, file);
  const edits = found.map(({ range }) => ({ range, newText: `«${file.document.getText(range)}»` }));
  return {
    shown: TextDocument.applyEdits(file.document, edits),
    messages: found.map(({ code, message }) => `${code} ${message as string}`),
  };
}

function hover(marked: string): string {
  const { file, offset } = openEntity(marked);
  return JSON.stringify(service.hover(scriptModel, file, offset)?.contents ?? '');
}

/** Places of a path that starts at `nms:recipient`. */
const places: readonly [string, (xpath: string) => string][] = [
  ['an input', (xpath) => form(`<input xpath="${xpath}"/>`)],
  [
    'an input of the schema of the same name',
    (xpath) =>
      `<form name="recipient" namespace="nms"><container type="frame"><input xpath="${xpath}"/></container></form>`,
  ],
  ['a container', (xpath) => form(`<container xpath="${xpath}"/>`)],
  ['a column of a navigation tree', (xpath) => navtree(`<node xpath="${xpath}"/>`)],
  [
    'a column of a list',
    (xpath) =>
      form(
        `<input xpath="recipient" type="linklist"><input xpath="${xpath}"/></input>`,
        'entity-schema="nms:broadLogRcp"',
      ),
  ],
  [
    'an input in a container with a path',
    (xpath) =>
      form(
        `<container xpath="recipient"><container><input xpath="${xpath}"/></container></container>`,
        'entity-schema="nms:broadLogRcp"',
      ),
  ],
  [
    'an input with a schema',
    (xpath) =>
      form(
        `<input type="list" schema="nms:recipient" xpath="/tmp/list"><input xpath="${xpath}"/></input>`,
        '',
      ),
  ],
  [
    'a form of a package',
    (xpath) =>
      `<package buildNumber="*"><entities schema="xtk:form">${form(`<input xpath="${xpath}"/>`)}</entities></package>`,
  ],
  [
    'an input that goes up again',
    (xpath) => form(`<container xpath="folder"><input xpath="../${xpath}"/></container>`),
  ],
];

describe.each(places)('a path of %s', (_name, write) => {
  test('completes fields, and what links lead to', () => {
    expect(acceptItem(write('@blackL$0'), '@blackList')).toBe(write('@blackList'));
    expect(acceptItem(write('folder/@la$0'), '@label')).toBe(write('folder/@label'));
    expect(acceptItem(write('fol$0/@label'), 'folder')).toBe(write('folder/@label'));
  });

  test('explains its fields and leads to the schema', () => {
    expect(hover(write('@black$0List'))).toContain('nms:recipient');
    expect(hover(write('folder/@la$0bel'))).toContain('xtk:folder');
    const { file, offset } = openEntity(write('folder/@la$0bel'));
    expect(service.definition(scriptModel, file, offset)).toMatchObject([
      { kind: 'schema', target: { schemaId: 'xtk:folder' } },
    ]);
  });

  test('is told when it leads nowhere, and only then', () => {
    expect(problems(write('@email')).messages).toEqual([]);
    expect(problems(write('folder/@label')).messages).toEqual([]);
    expect(problems(write('@emial')).shown).toBe(write('«@emial»'));
    expect(problems(write('@emial')).messages).toEqual([
      'embedded/xpath-unknown nms:recipient has no @emial. Did you mean @email?',
    ]);
  });
});

test('what a form keeps beside its entity, and what the model does not know, is let pass', () => {
  const quiet = [
    '/tmp/list/@x',
    '/ignored/@x',
    '/context/@x',
    'ctx/@x',
    '@_operation',
    '@a b',
    '',
    '/',
    '..',
    '../../@x',
    '[@email]',
    '$(a)',
    'folder/@_cs',
  ];
  expect(problems(form(quiet.map((xpath) => `<input xpath="${xpath}"/>`).join(''))).messages).toEqual([]);
  expect(problems(form('<input xpath="@any"/>', 'entity-schema="cus:unknown"')).messages).toEqual([]);
  expect(problems(form('<input xpath="@any"/>', '')).messages).toEqual([]);
  expect(problems(form('<container xpath="/tmp/a"><input xpath="@any"/></container>')).messages).toEqual([]);
  expect(problems(form('<input xpath="folder"><form><input xpath="@any"/></form></input>')).messages).toEqual(
    [],
  );
  expect(problems(form('<enter><set xpath="@any" expr="@other"/></enter>')).messages).toEqual([]);
  expect(problems(form('<container visibleIf="@any = 1"/>')).messages).toEqual([]);
});

test('a path that starts at the entity is checked from there', () => {
  const write = (xpath: string): string =>
    form(`<container xpath="folder"><input xpath="${xpath}"/></container>`);
  expect(problems(write('/@email')).messages).toEqual([]);
  expect(problems(write('/@emial')).shown).toBe(write('/«@emial»'));
  expect(problems(write('/recipient/@emial')).messages).toEqual([]);
  expect(labels(write('/@$0'))).toContain('@email');
});

test('the folder link of a navigation node is a link of what it shows', () => {
  const write = (link: string): string =>
    `<navtree name="a" namespace="cus"><model><nodeModel name="n" folderLink="${link}"><view name="v" schema="nms:recipient" type="listdet"/></nodeModel></model></navtree>`;
  expect(labels(write('$0'))).toContain('folder');
  expect(labels(write('$0')).filter((label) => label.startsWith('@'))).toEqual([]);
  expect(problems(write('folder')).messages).toEqual([]);
  expect(problems(write('foldre')).shown).toBe(write('«foldre»'));
  expect(problems(write('any').replace('nms:recipient', 'cus:unknown')).messages).toEqual([]);
});

test('expressions of forms complete with brackets and functions', () => {
  const write = (expr: string): string =>
    form(`<container visibleIf="${expr}"><input xpath="@email"/></container>`);
  expect(acceptItem(write('@blackL$0'), '@blackList')).toBe(write('@blackList'));
  expect(labels(write('$0'))).toEqual(expect.arrayContaining(['@email', 'Iif']));
  expect(hover(write('@black$0List = 1'))).toContain('nms:recipient');
  const set = (expr: string): string => form(`<enter><set xpath="@email" expr="${expr}"/></enter>`);
  expect(labels(set('$0'))).toContain('@email');
});

test('the schema of a form or view completes and explains itself', () => {
  expect(labels(form('', 'entity-schema="recip$0"'))).toContain('nms:recipient');
  expect(hover(form('', 'entity-schema="nms:recip$0ient"'))).toContain('nms:recipient');
  expect(labels(navtree('').replace('nms:recipient', 'nms:$0'))).toContain('nms:recipient');
});

test('a wrong name is replaced by the one that was meant', () => {
  const text = form('<input xpath="folder/@lable"/>');
  const file = readEntity(text);
  const range = { start: 0, end: text.length };
  const fix = service.codeActions(scriptModel, file, range).find(({ title }) => title === 'Write @label');
  expect(TextDocument.applyEdits(file.document, fix!.edit!.changes![file.document.uri]!)).toBe(
    form('<input xpath="folder/@label"/>'),
  );
});

test('the uses of a field are found in forms, and from forms', () => {
  const { file, offset } = openEntity(
    form(
      '<input xpath="@em$0ail"/><container visibleIf="@email != \'\'" xpath="folder"><input xpath="../@email"/><input xpath="@email"/></container>',
    ),
  );
  const query = readQuery(
    '<queryDef schema="nms:recipient"><select><node expr="@email"/></select></queryDef>',
  );
  const found = service.references(scriptModel, file, offset, [query]);
  expect(found).toHaveLength(4);
  const at = query.document.getText().indexOf('@email') + 2;
  expect(service.references(scriptModel, query, at, [file])).toHaveLength(4);
});

function readQuery(text: string): LanguageDocument {
  return parseDocument(TextDocument.create('file:///q.queryDef.xml', 'campaign-querydef', 1, text));
}

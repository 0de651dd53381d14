import { TextDocument } from 'vscode-languageserver-textdocument';
import { describe, expect, test } from 'vitest';
import { parseDocument } from '../../../../server/documents.ts';
import { scriptModel } from '../../../support/scriptModel.ts';
import {
  acceptItem,
  entityItems,
  entityUri,
  openEntity,
  readEntity,
  service,
  workflow,
} from '../../../support/entities.ts';

const labels = (marked: string): string[] => entityItems(marked).map(({ label }) => label);

/** `code «text»` of each problem. */
function problems(text: string): string[] {
  const file = readEntity(text);
  return service
    .diagnostics(scriptModel, file)
    .map(({ code, range }) => `${code} «${file.document.getText(range)}»`);
}

const activity = (inner: string): string => workflow('', inner);
const condition = (expr: string): string =>
  `<where filterName="backGroundFilterFrm"><condition expr="${expr}" internalId="1"/></where>`;
const query = (expr: string, attributes = 'schema="nms:recipient"'): string =>
  activity(`<query name="query" ${attributes}>
    <select><node expr="@email" label="Email"/></select>
    ${condition(expr)}
    <humanCond>Query: @nothing is checked here</humanCond>
  </query>`);

/** Every place where a filter may stand and its schema is known; each starts at `nms:recipient`. */
const places: readonly [string, (expr: string) => string][] = [
  ['a query activity', query],
  [
    'an activity of a package',
    (expr) =>
      `<package buildNumber="*"><entities schema="xtk:workflow">${query(expr).replace(/<\?.*?\?>/, '')}</entities></package>`,
  ],
  [
    'a queryDef in an activity',
    (expr) =>
      activity(
        `<x><queryDef schema="nms:recipient" operation="select" lineCount="1"><select><node expr="@id"/></select><where><condition expr="${expr}"/></where></queryDef></x>`,
      ),
  ],
  [
    'a predefined filter of a package',
    (expr) =>
      `<package buildNumber="*"><entities schema="xtk:queryFilter"><queryFilter schema="nms:recipient" name="a" label="A" shared="1">${condition(expr)}</queryFilter></entities></package>`,
  ],
  [
    'a navigation tree',
    (expr) =>
      `<navtree name="a" namespace="cus"><model><nodeModel name="n"><view name="v" schema="nms:recipient" type="listdet"><columns><node xpath="@email"/></columns><sysFilter><condition expr="${expr}"/></sysFilter></view></nodeModel></model></navtree>`,
  ],
  [
    'a list of a form',
    (expr) =>
      `<form name="x" namespace="cus" entity-schema="nms:broadLogRcp"><container><input xpath="recipient" type="linkList"><sysFilter><condition expr="${expr}"/></sysFilter></input></container></form>`,
  ],
  [
    'a list in a container of a form',
    (expr) =>
      `<form name="broadLogRcp" namespace="nms"><container xpath="recipient"><container><input type="list"><orderBy><node expr="${expr}"/></orderBy></input></container></container></form>`,
  ],
  [
    'a form input with a schema',
    (expr) =>
      `<form name="x" namespace="cus"><input xpath="/tmp/a" schema="nms:recipient"><sysFilter><condition expr="${expr}"/></sysFilter></input></form>`,
  ],
  [
    'a form in a package',
    (expr) =>
      `<package buildNumber="*"><entities schema="xtk:form"><form name="recipient" namespace="nms"><input xpath="" type="list"><sysFilter><condition expr="${expr}"/></sysFilter></input></form></entities></package>`,
  ],
];

describe.each(places)('a filter in %s', (_name, write) => {
  test('completes fields of its schema', () => {
    expect(acceptItem(write('@blackL$0'), '@blackList')).toBe(write('@blackList'));
    expect(labels(write('[folder/$0]'))).toContain('@label');
  });

  test('explains a field', () => {
    const { file, offset } = openEntity(write('@black$0List'));
    expect(JSON.stringify(service.hover(scriptModel, file, offset))).toContain('nms:recipient');
  });

  test('leads to the schema', () => {
    const { file, offset } = openEntity(write('@black$0List'));
    expect(service.definition(scriptModel, file, offset)).toMatchObject([
      { kind: 'schema', target: { schemaId: 'nms:recipient' } },
    ]);
  });

  test('is checked', () => {
    expect(problems(write('@blackLits'))).toEqual(['query/field-unknown «@blackLits»']);
    expect(problems(write('@blackList'))).toEqual([]);
    const file = readEntity(write('@blackLits'));
    const at = file.document.getText().indexOf('@blackLits');
    const [fix] = service.codeActions(scriptModel, file, { start: at, end: at });
    expect(TextDocument.applyEdits(file.document, fix!.edit!.changes![entityUri]!)).toBe(write('@blackList'));
  });
});

test.each([
  ['the schema is temporary', query('@nothing', 'schema="temp:query2"')],
  ['the schema is replaced at run time', query('@nothing', 'schema="nms:recipient" schemaOverride="temp:a"')],
  ['there is no schema', query('@nothing', '')],
  [
    'the schema of the workflow is not that of the filter',
    activity(`<split name="split"><x>${condition('@nothing')}</x></split>`),
  ],
  [
    'the records come with columns of earlier activities',
    activity(
      `<split name="split"><extractOutput schema="nms:recipient"><filter>${condition('@added')}</filter></extractOutput></split>`,
    ),
  ],
  [
    'the path of a form is one of its own',
    `<form name="recipient" namespace="nms"><input xpath="/tmp/list"><sysFilter><condition expr="@a"/></sysFilter></input></form>`,
  ],
  [
    'the path of a form is computed',
    `<form name="recipient" namespace="nms"><input xpath="folder[@b=1]"><sysFilter><condition expr="@a"/></sysFilter></input></form>`,
  ],
  [
    'the path of a form leads nowhere',
    `<form name="recipient" namespace="nms"><input xpath="../a"><sysFilter><condition expr="@a"/></sysFilter></input></form>`,
  ],
])('nothing is reported when %s', (_why, text) => expect(problems(text)).toEqual([]));

test('a filter whose schema only the console noted is completed by it', () => {
  const marked = activity(`<x><where filteringSchema="nms:recipient"><condition expr="@em$0"/></where></x>`);
  expect(labels(marked)).toContain('@email');
  expect(problems(marked.replace('$0', ''))).toEqual([]);
});

test('records with added columns are completed by their schema all the same', () => {
  expect(
    labels(
      activity(
        `<split name="s"><extractOutput schema="nms:recipient"><filter><where><condition expr="@em$0"/></where></filter></extractOutput></split>`,
      ),
    ),
  ).toContain('@email');
});

test('where nothing is known the grammar is still offered', () => {
  expect(labels(activity('<x><where><$0</where></x>'))).toContain('condition');
});

test('clauses of one activity know each other', () => {
  const text = activity(`<query name="q" schema="nms:recipient">
    <select><node expr="count(@id)" alias="@total"/></select>
    <orderBy><node expr="@total" sortDesc="true"/></orderBy>
  </query>`);
  expect(problems(text)).toEqual([]);
});

test('references are found in activities and in the queries of their scripts, from any document', () => {
  const { file, offset } = openEntity(query('@em$0ail'));
  const script =
    'xtk.queryDef.create(<queryDef schema="nms:recipient"><select><node expr="@email"/></select></queryDef>)';
  const document = TextDocument.create('file:///b.xml', 'xml', 1, workflow(`<![CDATA[${script}]]>`));
  const other = parseDocument(document);
  const found = service.references(scriptModel, file, offset, [other]);
  expect(
    found.map(({ uri, range }) => [uri, (uri === document.uri ? document : file.document).getText(range)]),
  ).toEqual([
    [entityUri, '@email'],
    [entityUri, '@email'],
    [document.uri, '@email'],
  ]);
});

test('a schema source of a package has the features of one', () => {
  const text = `<package buildNumber="*"><entities schema="xtk:srcSchema">
  <srcSchema namespace="cus" name="order" label="Orders"><element name="order" autopk="true" label="Order">
    <attribute name="total" type="dobule" label="Total"/></element></srcSchema></entities></package>`;
  expect(problems(text)).toContain('schema/unknown-type «dobule»');
  expect(labels(text.replace('dobule', '$0'))).toContain('double');
});

test('what is not a filter is left alone', () => {
  const file = readEntity(
    activity(
      '<enrich name="e"><links><condition srcExpr="@a" dstExpr="@b"/></links><node expr="@x"/></enrich>',
    ),
  );
  expect(file.regions.queries).toEqual([]);
  expect(problems('<form name="recipient" namespace="nms"><input type="@nothing"/></form>')).toEqual([]);
});

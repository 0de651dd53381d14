import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextEdit } from 'vscode-languageserver-types';
import { scriptModel } from '../../../support/scriptModel.ts';
import { openScript, scriptItems, scripts } from '../../../support/scripts.ts';

const labels = (marked: string, uri?: string, languageId?: string): string[] =>
  scriptItems(marked, uri, languageId).map(({ label }) => label);

/** The first labels offered are these. */
const checkFirst = (marked: string, ...expected: string[]): void =>
  expect(labels(marked).slice(0, expected.length)).toEqual(expected);

/** These are offered, those are not. */
function checkOffers(marked: string, expected: string[], except: string[] = []): void {
  const found = labels(marked);
  expect(found).toEqual(expect.arrayContaining(expected));
  expect(found.filter((label) => except.includes(label))).toEqual([]);
}

/** The script after the item of that label is taken. */
function checkAccept(marked: string, label: string, expected: string): void {
  const { document, offset } = openScript(marked);
  const item = scripts
    .completion(scriptModel, document, offset)
    .items.find((candidate) => candidate.label === label);
  expect(item, `${label} is offered`).toBeDefined();
  const edit = item!.textEdit as TextEdit | undefined;
  const wordStart = document
    .getText()
    .slice(0, offset)
    .search(/[\w$]*$/);
  const edits = edit ?? {
    range: { start: document.positionAt(wordStart), end: document.positionAt(offset) },
    newText: label,
  };
  expect(TextDocument.applyEdits(document, [edits])).toBe(expected);
}

const query = (operation: string, select = '<node expr="@email"/>'): string =>
  `var res = xtk.queryDef.create(
  <queryDef schema="nms:recipient" operation="${operation}"><select>${select}</select></queryDef>).ExecuteQuery();\n`;
const loop = (body: string): string => `${query('select')}for each (var r in res.recipient) { ${body} }`;

test('the fields of a query’s rows, the selected ones first', () => {
  checkFirst(loop('r.@$0'), '@email', '@age', '@birthDate');
  checkOffers(loop('r.@$0'), ['@lastName', '@folder-id', '@gender'], ['folder', 'length', 'toString']);
});

test('an item tells the label and the type of its field', () => {
  const item = scriptItems(loop('r.@last$0')).find(({ label }) => label === '@lastName');
  expect(item).toMatchObject({ labelDetails: { description: 'Last name' }, detail: 'string(50)' });
});

test('behind a bare dot attributes are offered with their at sign, and then elements, links and methods', () => {
  checkOffers(
    loop('r.$0'),
    ['@email', 'location', 'folder', 'broadLog', 'toXMLString', 'length'],
    ['call', 'apply', 'bind'],
  );
  checkAccept(loop('r.em$0'), '@email', loop('r.@email'));
  checkAccept(loop('r.@em$0'), '@email', loop('r.@email'));
});

test('a name with a dash is written in brackets', () => {
  checkAccept(loop('r.@fo$0'), '@folder-id', loop('r.@["folder-id"]'));
  checkAccept(loop('r.$0'), '@folder-id', loop('r.@["folder-id"]'));
});

test('fields through containers, links and collections', () => {
  checkFirst(loop('r.location.@$0'), '@city');
  checkOffers(loop('r.folder.@$0'), ['@label', '@parent-id']);
  checkOffers(loop('r.folder.parent.@$0'), ['@label']);
});

test('the types of rows flow through variables, filters and indexes', () => {
  checkOffers(loop('var copy = r; copy.folder.@$0'), ['@label']);
  checkOffers(`${query('select')}res.recipient.(@email == "x").@$0`, ['@email', '@gender']);
  checkOffers(`${query('select')}res.recipient[0].@$0`, ['@email', '@gender']);
});

test('get gives the record, select a list of records, count a number', () => {
  checkOffers(`${query('get')}res.@$0`, ['@email', '@gender']);
  checkOffers(`${query('getIfExists')}res.@$0`, ['@email']);
  checkOffers(`${query('select')}res.$0`, ['recipient'], ['@email']);
  checkOffers(`${query('count')}res.@$0`, ['@count']);
});

test('aliases are columns, and linked columns are selected below their link', () => {
  const select =
    '<node expr="count(@id)" alias="@nb"/><node expr="[folder/@label]"/><node expr="@email" alias="[x/@mail]"/>';
  checkOffers(`${query('get', select)}res.@$0`, ['@nb']);
  checkFirst(`${query('get', select)}res.folder.@$0`, '@label');
  checkOffers(`${query('get', select)}res.x.@$0`, ['@mail']);
});

test('inside a filter the fields of the filtered records', () => {
  checkFirst(`${query('select')}res.recipient.(@$0)`, '@email', '@age');
  checkOffers(`${query('select')}res.recipient.(@email == $0)`, ['@gender', 'folder', 'res']);
  checkOffers(`${query('select')}res.recipient.(@$0`, ['@gender']);
});

test('the object form of a query gives DOM elements', () => {
  const script = (operation: string, rest: string): string =>
    `var res = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", operation: "${operation}",
  select: {node: [{expr: "@email"}]}}}).ExecuteQuery();\n${rest}`;
  checkOffers(
    script('select', 'for each (var r in res.getElements()) r.$0'),
    ['$email', '$folder-id', 'getAttribute'],
    ['@email'],
  );
  checkOffers(script('get', 'res.$0'), ['$email', 'getFirstElement']);
  checkOffers(script('get', 'res.getFirstElement("folder").$0'), ['$label']);
  checkAccept(script('get', 'res.$0'), '$folder-id', script('get', 'res["$folder-id"]'));
});

test('the object form has its aliases, too', () =>
  checkOffers(
    `var r = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", operation: "get",
  select: {node: [{expr: "count(@id)", alias: "@nb"}, {expr: "@email"}]}}}).ExecuteQuery(); r.$0`,
    ['$nb', '$email', 'getAttribute'],
  ));

test('a query over a schema that only the script knows has the columns it selects', () => {
  const script = `var res = xtk.queryDef.create(<queryDef schema={vars.targetSchema} operation="select">
  <select><node expr="@id"/><node expr="[target/@amount]"/></select></queryDef>).ExecuteQuery();
for each (var r in res.anything) r.`;
  checkOffers(`${script}@$0`, ['@id']);
  checkOffers(`${script}target.@$0`, ['@amount']);
});

test('workflow variables are those the script names', () => {
  checkOffers('vars.first = 1; instance.vars.second = vars.third; vars.$0', [
    'first',
    'second',
    'third',
    'targetSchema',
  ]);
  checkOffers('instance.$0', ['vars', 'internalName']);
});

test('globals that are entities have the fields of their schema', () => {
  checkOffers('delivery.$0', ['FCP', 'label', 'folder_id', 'properties', 'Archive']);
  checkOffers('delivery.properties.$0', ['toDeliver']);
  checkOffers('recipient.$0', ['lastName', 'folder']);
});

test('a literal given to NLWS can be read both ways', () =>
  checkOffers(
    'var r = NLWS.xtkQueryDef.create(<queryDef schema="nms:recipient" operation="get"/>).ExecuteQuery(); r.$0',
    ['@email', '$email'],
  ));

test('the keys of the object form', () =>
  checkOffers('NLWS.xtkQueryDef.create({queryDef: {$0', [
    'schema',
    'operation',
    'select',
    'where',
    'lineCount',
  ]));

test('namespaces, their schemas and the schemas’ methods', () => {
  checkOffers('nms.$0', ['recipient', 'delivery', 'broadLogRcp', 'rtEvent']);
  checkOffers('NLWS.$0', ['nmsRecipient', 'xtkQueryDef', 'xtkFolder']);
  checkOffers(
    'nms.delivery.$0',
    ['CreateFromModel', 'Describe', 'create', 'load', 'get', 'SubmitDelivery'],
    ['Archive'],
  );
});

test('entities have the fields of their schema, dashes as underscores, and its methods', () => {
  checkOffers(
    'var d = nms.delivery.load(1); d.$0',
    ['label', 'folder_id', 'properties', 'Archive', 'save'],
    ['@label', 'Describe'],
  );
  checkOffers('nms.delivery.create(<delivery/>).properties.$0', ['toDeliver', 'lastPrepared']);
  checkOffers('nms.delivery.load(1).properties.lastPrepared.$0', ['getTime']);
  checkOffers('nms.delivery.load(1).folder.$0', ['label']);
});

test('a definition that refers to itself ends', () =>
  checkOffers('nms.delivery.load(1).parts.part.part.$0', ['size', 'part']));

test('the result of a method: one value, or several', () => {
  checkOffers('var id = nms.delivery.CreateFromModel("x"); id.$0', ['toFixed']);
  checkOffers('nms.delivery.Describe(1)[0].$0', ['substring']);
  checkOffers('nms.delivery.Describe(1)[1].$0', ['toXMLString', 'appendChild']);
  checkOffers('NLWS.nmsDelivery.Describe(1)[1].$0', ['createElement']);
});

test('the functions of the platform, and the classes', () => {
  checkOffers(
    'logI$0',
    ['logInfo', 'logWarning', 'sqlExec', 'NLWS', 'xtk'],
    ['ᐸ', 'Symbol', 'globalThis', 'console2'],
  );
  checkOffers('var f = new File("x"); f.$0', ['readln', 'exists']);
  checkOffers('application.getSchema("nms:recipient").root.$0', ['children', 'findNode']);
});

test('platform methods without any model', () => {
  const document = TextDocument.create('file:///bare.js', 'campaign-javascript', 1, 'xtk.session.');
  const { items } = scripts.completion(
    { getSchema: () => undefined, listSchemas: () => undefined },
    document,
    12,
  );
  expect(items.map(({ label }) => label)).toEqual(expect.arrayContaining(['Write', 'GetOption', 'Logon']));
});

test('locals, parameters and members of the script itself', () => {
  checkOffers('function f(first) { var second = 1; $0 }', ['first', 'second', 'f']);
  checkOffers('var o = {a: 1, b: function () {}}; o.$0', ['a', 'b']);
  checkOffers('function P() { this.name = ""; } P.prototype.go = function () { this.$0 }', ['name', 'go']);
});

test('two scripts do not see each other’s variables', () => {
  labels('var onlyInFirst = 1; $0', 'file:///first.js');
  expect(labels('only$0', 'file:///second.js')).not.toContain('onlyInFirst');
});

test('keywords of the engine’s language, not of later ones', () =>
  checkOffers(
    '$0',
    ['for', 'var', 'function'],
    ['class', 'async', 'await', 'import', 'let', 'yield', 'enum'],
  ));

test('what a kind of script does not have is not offered there', () => {
  expect(labels('$0', 'file:///w/xtk_workflow/a.js')).toEqual(expect.arrayContaining(['task', 'vars']));
  expect(labels('$0', 'file:///w/xtk_workflow/a.js')).not.toContain('request');
  expect(labels('<% $0 %>', 'file:///w/page.jssp', 'campaign-jssp')).toContain('response');
  expect(labels('<% $0 %>', 'file:///w/page.jssp', 'campaign-jssp')).not.toContain('task');
  expect(labels('$0', 'file:///anywhere.js')).toEqual(expect.arrayContaining(['task', 'request']));
});

test('page code in expressions, and nothing in page text', () => {
  const page = (marked: string): string[] => labels(marked, 'file:///w/page.jssp', 'campaign-jssp');
  expect(page('<p><%= application.$0 %></p>')).toContain('getSchema');
  expect(page('<% var f = new File("x"); if (f.$0) { %>text<% } %>')).toContain('exists');
});

test('what a literal was written with', () => {
  checkOffers('var x = <a b="1"><c d="2"/><c e="3"/></a>; x.$0', ['@b', 'c']);
  checkOffers('var x = <a b="1"><c d="2"/><c e="3"/></a>; x.c.@$0', ['@d', '@e']);
  checkOffers('var q = <queryDef schema="nms:recipient"/>; q.@$0', ['@lineCount', '@operation']);
});

test('a document of a schema has the fields of the schema', () =>
  checkOffers('var doc = <recipient xtkschema="nms:recipient" email="x"/>; doc.@$0', [
    '@email',
    '@lastName',
    '@xtkschema',
  ]));

test('inside a literal’s XML scripts have nothing to say, inside its holes everything', () => {
  expect(labels('var x = <a b="$0"/>;')).toEqual([]);
  expect(labels('var x = <a>te$0xt</a>;')).toEqual([]);
  checkOffers('var v = new File("x"); var x = <a b={v.$0}/>;', ['exists']);
  checkOffers('var v = new File("x"); var x = <a b={v.$0/>;', ['exists']);
});

test('a schema that arrives later is there the next time', () => {
  const known = new Set<string>();
  const asked = new Set<string>();
  const model = {
    getSchema: (id: string) => {
      asked.add(id);
      return known.has(id) ? scriptModel.getSchema(id) : undefined;
    },
    listSchemas: () => scriptModel.listSchemas(),
  };
  const { document, offset } = openScript(loop('r.@$0'), 'file:///later.js');
  const fieldsNow = (): string[] =>
    scripts.completion(model, document, offset).items.map(({ label }) => label);
  expect(fieldsNow()).toEqual(['@email']);
  expect(asked).toContain('nms:recipient');
  expect(asked).not.toContain('nms:delivery');
  known.add('nms:recipient');
  expect(fieldsNow()).toContain('@lastName');
});

test('documentation comes when an item is looked at', () => {
  const { document, offset } = openScript('sqlGetI$0');
  const { items } = scripts.completion(scriptModel, document, offset);
  const item = items.find(({ label }) => label === 'sqlGetInt')!;
  expect(item.documentation).toBeUndefined();
  const resolved = scripts.resolveCompletion(scriptModel, item);
  expect(resolved.detail).toBe('function sqlGetInt(query: string, ...values: any[]): number');
  expect(JSON.stringify(resolved.documentation)).toContain('$(sz)');
});

test('no character of the mask shows', () => {
  for (const marked of [loop('r.$0'), 'nms.$0', 'var x = <a b="1"/>; x.$0', '$0']) {
    const shown = scriptItems(marked).map((item) => ({ ...item, data: undefined }));
    expect(JSON.stringify(shown)).not.toMatch(/[ꙩᕯⵗːᐸᵐ]/);
  }
});

test('behind the dot of a call whose name is missing, the methods of the value are offered', () => {
  const labels = (marked: string): string[] => scriptItems(marked).map(({ label }) => label);
  expect(labels('var file = new File("a");\nfile.$0();')).toContain('close');
  expect(labels('var file = new File("a");\nfile.$0("b");\nvar c = 1;')).toContain('close');
});

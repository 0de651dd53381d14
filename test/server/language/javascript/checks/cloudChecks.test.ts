import { expect, test } from 'vitest';
import { checkScript, checkScriptFix, scriptFixes } from '../../../../support/checkScript.ts';
import { createModel, schemaTexts } from '../../../../support/queryModel.ts';

/** A table in the cloud database, and its staging table. */
const order = (name: string, attributes: string): string =>
  `<schema namespace="cus" name="${name}"><element name="${name}" ${attributes}>
     <key name="id" internal="true"><keyfield xpath="@id"/></key>
     <attribute name="id" type="uuid"/><attribute name="label"/>
     <attribute name="recipient-id" type="long"/><attribute name="folder-id" type="long"/>
     <element name="recipient" type="link" target="nms:recipient"><join xpath-src="@recipient-id" xpath-dst="@id"/></element>
     <element name="folder" type="link" target="xtk:folder"><join xpath-src="@folder-id" xpath-dst="@id"/></element>
   </element></schema>`;
const model = createModel(
  new Map([
    ...schemaTexts,
    ['cus:order', order('order', 'autoStg="true" dataSource="nms:extAccount:ffda"')],
    ['cus:orderStg', order('orderStg', '')],
    ['cus:line', order('line', 'dataSource="nms:extAccount:ffda"')],
  ]),
);

test('one Write a round on a table in the cloud', () => {
  const write = (before: string, after: string): string =>
    `${before}«xtk.session.Write»(<order xtkschema="cus:order" label={r.@label}/>)${after}`;
  checkScript(write('for each (var r in rows) ', ';'), ['write-in-loop'], { model });
  checkScript(write('for each (var r in rows) { if (r.@id > 0) ', '; }'), ['write-in-loop'], { model });
  checkScript(write('rows.forEach(function (r) { ', '; });'), ['write-in-loop'], { model });
  checkScript(
    'while (f()) { var o = <order xtkschema="cus:order"/>; «xtk.session.Write»(o); }',
    ['write-in-loop'],
    { model },
  );
  checkScript(
    'for (var i in rows) «NLWS.xtkSession.Write»({order: {xtkschema: "cus:order", label: i}});',
    ['write-in-loop'],
    { model },
  );
});

test('one Write, a local table, or a function called from a loop elsewhere', () => {
  checkScript('xtk.session.Write(<order xtkschema="cus:order"/>);', [], { model });
  checkScript('for each (var r in rows) xtk.session.Write(<recipient xtkschema="nms:recipient"/>);', [], {
    model,
  });
  checkScript('for each (var r in rows) xtk.session.Write(<a xtkschema={r.@schema}/>);', [], { model });
  checkScript('for each (var r in rows) xtk.session.IngestExt(<orderStg xtkschema="cus:orderStg"/>);', [], {
    model,
  });
  checkScript(
    'for each (var r in rows) { f.x = function () { xtk.session.Write(<order xtkschema="cus:order"/>); }; }',
    [],
    { model },
  );
});

test('the records of a loop are written together', () =>
  checkScriptFix(
    `f();
  for each (var r in rows) {
    xtk.session.Write(<order xtkschema="cus:order" _operation="update" _key="@id" id={r.@id}/>);
  }
g();`,
    'Collect the records and write them with one WriteCollection',
    `f();
  var collection = <order-collection xtkschema="cus:order"/>;
  for each (var r in rows) {
    collection.appendChild(<order _operation="update" _key="@id" id={r.@id}/>);
  }
  if (collection.elements().length() > 0) xtk.session.WriteCollection(collection);
g();`,
    { model },
  ));

test('or go to the staging table', () => {
  checkScriptFix(
    'for each (var r in rows) xtk.session.Write(<order xtkschema="cus:order" _operation="update" _key="@id" id={r.@id}></order>);',
    'Send to the staging table with IngestExt',
    'for each (var r in rows) xtk.session.IngestExt(<orderStg xtkschema="cus:orderStg" _key="@id" id={r.@id}></orderStg>);',
    { model },
  );
});

test('a loop that may be left half-way is not rewritten, and a delete is not staged', () => {
  const row = '<order xtkschema="cus:order" _operation="delete" _key="@id" id={r.@id}/>';
  expect(
    scriptFixes(`for each (var r in rows) { try { xtk.session.Write(${row}); } catch (e) { f(e); } }`, {
      model,
    }),
  ).toEqual([]);
  expect(
    scriptFixes(`function f() { for each (var r in rows) { if (!r) return; xtk.session.Write(${row}); } }`, {
      model,
    }),
  ).toEqual([]);
  expect(
    scriptFixes('for each (var r in rows) xtk.session.Write(<line xtkschema="cus:line"/>);', { model }),
  ).toEqual(['Collect the records and write them with one WriteCollection']);
});

test('SQL without a data source', () => {
  checkScript('«sqlExec»("UPDATE A SET sB = $(sz)", b);', ['v8-raw-sql']);
  checkScript('var c = application.getConnection(); «c.query»("SELECT sA FROM B");', ['v8-raw-sql']);
  checkScript('sqlExecOnDataSource("UPDATE A SET sB = 1", "nms:extAccount:ffda");');
  checkScript('sqlSelect("r,@a", "SELECT sA FROM B", "nms:extAccount:ffda");');
  checkScript('sqlGetString("SELECT sName FROM XtkFolder WHERE iFolderId = " + parseInt(id, 10));');
  checkScript('«sqlGetString»("SELECT sName FROM " + table + " WHERE iId = " + parseInt(id, 10));', [
    'v8-raw-sql',
  ]);
  checkScript(
    'var c = application.getConnection("nms:extAccount:x"); c.query("SELECT sA FROM B"); other.query("SELECT 1");',
  );
});

test('a key read as a number', () => {
  checkScript('var id = «parseInt(row.@id, 10)»;', ['v8-integer-key']);
  checkScript('f(«Number(row["@recipient-id"])», «parseInt(String(row.$id))»);', [
    'v8-integer-key',
    'v8-integer-key',
  ]);
  checkScript('var n = «sqlGetInt»(«"SELECT MAX(iRecipientId) FROM NmsRecipient"»);', [
    'v8-raw-sql',
    'v8-integer-key',
  ]);
});

test('keys of local tables are numbers, and so are other fields', () => {
  checkScript(
    'f(parseInt(row.@count, 10), parseInt(row["@folder-id"], 10), parseInt(id, 10), parseInt(row.id, 10));',
  );
  const query = (schema: string, field: string): string =>
    `var row = xtk.queryDef.create(<queryDef schema="${schema}" operation="get"><select><node expr="${field}"/></select><where><condition expr="@id = 1"/></where></queryDef>).ExecuteQuery();`;
  checkScript(`${query('xtk:folder', '@id')} f(parseInt(row.@id, 10));`, [], { model });
  checkScript(`${query('cus:order', '@id')} f(«parseInt(row.@id, 10)»);`, ['v8-integer-key'], { model });
});

test('a logon with a password from a script', () => {
  checkScript('var s = «xtk.session.Logon»("a", b, <parameters/>);', ['v8-native-logon']);
  checkScript(
    '«session.addMethod»("Logon", "xtk:session#Logon", [], []); session.addMethod("Test", "xtk:session#Test", [], []);',
    ['v8-native-logon'],
  );
});

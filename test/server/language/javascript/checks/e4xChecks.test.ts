import { expect, test } from 'vitest';
import { checkScript, checkScriptFix, scriptFixes, scriptProblems } from '../../../../support/checkScript.ts';

test('braces inside quotes are text', () => {
  checkScript('x = <node expr="@id = «{id}»"/>;', ['braces-in-quotes']);
  checkScript('x = <a b="«{r.@id}»" c={d}/>;', ['braces-in-quotes']);
  expect(scriptProblems('x = <node expr="@id = {id}"/>;')[0]!.message).toBe(
    'Braces inside quotes are text. To insert the value write expr={"@id = " + id}.',
  );
});

test('braces elsewhere are expressions, or mean something else', () => {
  checkScript('x = <a b={c}>{d}</a>;');
  checkScript(`x = <a json='{"a": 1}' css="td { color: red }" format="{0}"/>;`);
  checkScript('x = "<a b=\\"{c}\\"/>";');
});

test('the value in braces is put together from its parts, its references decoded', () => {
  checkScriptFix('x = <a b="{c}"/>;', 'Write b={c}', 'x = <a b={c}/>;');
  checkScriptFix(
    `x = <condition expr='@age &lt; {age}'/>;`,
    'Write expr={"@age < " + age}',
    'x = <condition expr={"@age < " + age}/>;',
  );
  checkScriptFix('x = <a b="{c}-{d()}"/>;', 'Write b={c + "-" + d()}', 'x = <a b={c + "-" + d()}/>;');
  checkScriptFix('x = <a b="{c}{d}"/>;', 'Write b={c + "" + d}', 'x = <a b={c + "" + d}/>;');
});

test('a literal has no XML declaration', () => {
  checkScript('x = «<?xml version="1.0"?>»;', ['xml-declaration']);
  checkScript('x = <?xml-stylesheet href="a"?>;');
  expect(scriptFixes('x = <?xml version="1.0"?>;')).toEqual([]);
});

test('a member of XML as a condition is always true', () => {
  const xml = 'var x = new XML("<a/>");';
  checkScript(`${xml} if («x.item») f();`, ['always-true']);
  checkScript(`${xml} while (!«x.@id») f();`, ['always-true']);
  checkScript(`${xml} for (; «x.item»;) f();`, ['always-true']);
  checkScript(`${xml} f(«x.@id» || 1, «x.item» ? 1 : 2);`, ['always-true', 'always-true']);
  checkScript(`${xml} if («x.item» && f()) g();`, ['always-true']);
  expect(scriptProblems('var x = <a/>; if (x.@id) f();')[0]!.message).toBe(
    'XML is true even when nothing is there. Test x.@id.length() > 0, or compare String(x.@id).',
  );
});

test('comparisons, lengths and texts of XML are conditions like any other', () => {
  const xml = 'var x = new XML("<a/>");';
  checkScript(`${xml} if (x.item.(@id == 1)) f();`);
  checkScript(`${xml} if (x.item.length() > 0 && x.@id == "1" && String(x.@id)) f();`);
  checkScript(`${xml} if (x) f(); if (unknown.item) f(); if (x.hasOwnProperty("@id")) f();`);
  checkScript('var o = { item: null }; if (o.item) f();');
});

test('the fix of a condition asks for the text of an attribute, and whether an element is there', () => {
  checkScriptFix(
    'var x = <a/>; if (x.@id) f();',
    'Ask for its text: String(x.@id)',
    'var x = <a/>; if (String(x.@id)) f();',
  );
  checkScriptFix(
    'var x = <a/>; if (x.item) f();',
    'Ask whether it is there: x.item.length() > 0',
    'var x = <a/>; if (x.item.length() > 0) f();',
  );
  checkScriptFix(
    'var x = <a/>; if (!x.item) f();',
    'Ask whether it is there: x.item.length() == 0',
    'var x = <a/>; if (x.item.length() == 0) f();',
  );
  expect(scriptFixes('var x = <a/>; f(x.item || y);')).toEqual([]);
  expect(scriptFixes('var x = <a/>; f(x.@id || "none");')).toEqual(['Ask for its text: String(x.@id)']);
});

test('length of XML is a method', () => {
  checkScript('var x = <a><b/></a>; for (var i = 0; i < x.b.«length»; i++) f();', ['xml-length']);
  checkScript('var x = <a/>; logInfo(x.item.«length»);', ['xml-length']);
  checkScript('var x = <a/>; logInfo(x.function::toString().length, x.function::name().length);');
  checkScriptFix('var x = <a/>; f(x.b.length);', 'Call length()', 'var x = <a/>; f(x.b.length());');
});

test('length elsewhere is a property, and a child may be called so', () => {
  checkScript('var x = <a/>; f(x.b.length(), "abc".length, [1].length, x.toString().length);');
  checkScript('f(unknown.length); function g(list) { return list.length; }');
  checkScript('var d = DOMDocument.fromXMLString("<a/>"); f(d.root.getElements("b").length);');
  checkScript('var x = <a/>; x.length = <length/>; delete x.length; f(x.length.@unit);');
  checkScript('var x = <a><length>3</length></a>; f(x.child("length"));');
});

test('an entity has its fields as properties', () => {
  checkScript('var d = nms.delivery.load(1); d«.@label» = "a";', ['attribute-on-entity']);
  checkScript('var d = nms.delivery.create(<delivery/>); f(d«.@["folder-id"]»);', ['attribute-on-entity']);
  checkScriptFix(
    'var d = nms.delivery.load(1); f(d.@["folder-id"], 1);',
    'Write .folder_id',
    'var d = nms.delivery.load(1); f(d.folder_id, 1);',
  );
});

test('the XML of an entity has attributes', () => {
  checkScript('var d = nms.delivery.load(1); f(d.toXML().@label, d.label);');
  checkScript(
    'var row = xtk.queryDef.create(<queryDef schema="nms:recipient" operation="get"><where><condition expr="@id = 1"/></where></queryDef>).ExecuteQuery(); f(row.@id);',
  );
  checkScript('f(unknown.@label, vars.@x);');
});

test('a value of the DOM is no E4X', () => {
  checkScript('var d = DOMDocument.fromXMLString("<a/>"); f(d.root«.@id»);', ['e4x-on-dom']);
  checkScript('var d = new DOMDocument("a"); f(d«..b»);', ['e4x-on-dom']);
  checkScriptFix(
    'var d = DOMDocument.fromXMLString("<a/>"); f(d.root.@["folder-id"]);',
    'Write ["$folder-id"]',
    'var d = DOMDocument.fromXMLString("<a/>"); f(d.root["$folder-id"]);',
  );
  checkScriptFix(
    'var d = DOMDocument.fromXMLString("<a/>"); f(d.root.@id);',
    'Write .$id',
    'var d = DOMDocument.fromXMLString("<a/>"); f(d.root.$id);',
  );
});

test('the answer to an object query is of the DOM', () =>
  checkScript(
    'var q = NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", lineCount: 5, select: {node: [{expr: "@id"}]}}});\nfor each (var r in q.ExecuteQuery().getElements()) f(r.$id, r«.@id»);',
    ['e4x-on-dom'],
  ));

test('sources disagree on what a literal gives through NLWS, so either flavour is left alone', () => {
  const query =
    '<queryDef schema="nms:recipient" lineCount="5"><select><node expr="@id"/></select></queryDef>';
  checkScript(`for each (var r in NLWS.xtkQueryDef.create(${query}).ExecuteQuery().recipient) f(r.@id);`);
  checkScript(`var q = ${query}; f(NLWS.xtkQueryDef.create(q).ExecuteQuery().@id);`);
  checkScript('f(NLWS.xtkQueryDef.create(unknown).ExecuteQuery().@id);');
  checkScript('var q = new XML(text); f(NLWS.xtkQueryDef.create(q).ExecuteQuery().@id);');
});

import { test } from 'vitest';
import { checkScript } from '../../../../support/checkScript.ts';

const query = (
  nodes: string,
  attributes = 'schema="nms:recipient" operation="select" lineCount="5"',
): string => `<queryDef ${attributes}><select>${nodes}</select></queryDef>`;
const id = query('<node expr="@id"/>');

/** Scripts that look like a mistake at first sight, and are none. */
test.each([
  'var x = <a/>; if (x.length() && x.b.length()) f();',
  'for each (var r in rows) { if (!r.@email.length()) continue; f(r.@email.toString().length); }',
  'var s = "SELECT sA FROM B WHERE iId = " + (+id); f(s);',
  `var c = "@name LIKE '" + name.replace(/'/g, "\\\\'") + "%'";`,
  `var html = '<input name="a" value=\\'' + v + '\\'>'; var t = 'mail@x = ' + a;`,
  'delivery.content.html.source = "a"; if (delivery.label == "b") logInfo(instance.id, task.id);',
  'activity.transitions.extractOutput[0].limiter.percent = 10; var l = activity.transitions.extractOutput.length;',
  'var d = nms.delivery.load(1); for each (var e in d.variables) f(e); f(d.toXML().@id, d.toDocument().root.$id);',
  'var o = { "Password": "Passwort", passwordLabel: "Password 2", loginPassword: "login2" };',
  'var a = b / c; var d = e /f/ g; var x = a < b; y = c > d;',
  'function f(logError) { logError("a"); g(); }',
  'try { f(); } catch (e) { logError(e); } finally { g(); }',
  'function fail(m) { logError(m); }\nfail("a"); g();',
  'label: for each (var a in b) { try { f(a); } catch (e) { logError(e); break label; } }',
  'var doc = <recipient/>; doc.@["xtkschema"] = "nms:recipient"; xtk.session.Write(doc);',
  'function w(doc) { xtk.session.Write(doc); } w(<recipient/>);',
  'var doc = DOMDocument.fromJXON({ recipient: { xtkschema: "nms:recipient" } }); xtk.session.Write(doc); f(doc.root.$id);',
  'xtk.session.Write(<>{x}</>); xtk.session.Write(<{n}/>);',
  'var of = 1; var get = 2; var set = 3; var async = 4; f({ get: 1, set: 2, async: 3 });',
  'var r = /[`]/; var s = "`a`"; var c = a ? .5 : 1; var t = "class A {}";',
  'var x = <a>let b = 1; (c) => d; `e`</a>; var y = <script><![CDATA[ let a = `b`; ]]></script>;',
  'var n = Number(row.@amount), k = parseInt(vars.id, 10);',
  'var x = new XML(doc.toString()); if (x.@a == "" || x.b != undefined) f();',
  'var z = q.item.(@id == 1)[0]; if (z) f(z.@id);',
  `for each (var r in xtk.queryDef.create(${query('<node expr="@id"/><node expr="count()" alias="@n"/>', 'schema={vars.targetSchema} operation="select" lineCount="5"')}).ExecuteQuery().*) f(r.@id, r.@n);`,
  `var q = ${id}; q.select.node += <node expr="@email"/>; for each (var r in xtk.queryDef.create(q).ExecuteQuery().recipient) f(r.@email);`,
  `var q = ${id}; add(q); for each (var r in xtk.queryDef.create(q).ExecuteQuery().recipient) f(r.@email);`,
  `for each (var r in xtk.queryDef.create(${id}).ExecuteQuery().recipient) { r.@email += "y"; f(r.@email); }`,
  `NL.require("/nl/core/shared/xtk.js"); var c = "[folder/@name] = " + NL.XTK.toXTKString(v) + " AND @a = 'b'";`,
  'function Set() {} var s = new Set(); var m = { Map: 1 }; f(m.Map); o.find("a");',
  'if (this.crypt) f(); obj.logon("a", "b"); exec("a"); cnx.exec("b");',
  'var x = <a b="{}" c="{ d }" e="{{f}}" g="${h}"/>;',
])('nothing is said about %s', (text) => checkScript(text));

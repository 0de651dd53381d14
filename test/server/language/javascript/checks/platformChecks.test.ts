import { expect, test } from 'vitest';
import { checkScript, checkScriptFix, scriptFixes } from '../../../../support/checkScript.ts';

test('what follows logError is not run', () => {
  checkScript('«logError»("a"); sqlClose(); ', ['log-error-ends']);
  checkScript('if (a) { «logError»("a"); b = 1; }', ['log-error-ends']);
  checkScriptFix('logError("a"); b();', 'Write logWarning', 'logWarning("a"); b();');
});

test('a loop whose catch logs an error has no next round', () => {
  checkScript('for each (var r in rows) { try { f(r); } catch (e) { «logError»(e); } }', ['log-error-ends']);
  checkScript('try { for each (var r in rows) f(r); } catch (e) { logError(e); }');
  checkScript('for each (var r in rows) { if (r.bad) logError("bad row"); f(r); }');
});

test('logError at the end, or before the script leaves, does what it says', () => {
  checkScript('try { f(); } catch (e) { logError("a: " + e); }');
  checkScript('if (delivery.FCP) { logError("a"); return false; }\nreturn true;');
  checkScript('switch (a) { case 1: logError("a"); break; default: f(); }');
  checkScript('function f() { logError("a"); function g() {} }');
  checkScript('function logError(text) {} logError("own"); f();');
});

test('a written document names its schema', () => {
  checkScript('xtk.session.Write(<«recipient» email={e}/>);', ['missing-xtkschema']);
  checkScript('NLWS.xtkSession.Write(<«recipient»/>);', ['missing-xtkschema']);
  checkScript('var doc = <«recipient»/>; doc.@email = e; xtk.session.Write(doc);', ['missing-xtkschema']);
  checkScript('xtk.session.WriteCollection(<«recipient-collection»/>);', ['missing-xtkschema']);
  checkScript('NLWS.xtkSession.Write({«recipient»: {email: e}});', ['missing-xtkschema']);
});

test('the schemas of that name are offered', () => {
  checkScriptFix(
    'xtk.session.Write(<recipient email={e}/>);',
    'Add xtkschema="nms:recipient"',
    'xtk.session.Write(<recipient xtkschema="nms:recipient" email={e}/>);',
  );
  checkScriptFix(
    'NLWS.xtkSession.Write({recipient: {email: e}});',
    'Add xtkschema="nms:recipient"',
    'NLWS.xtkSession.Write({recipient: { xtkschema: "nms:recipient",email: e}});',
  );
  expect(scriptFixes('xtk.session.Write(<nowhere/>);')).toEqual([]);
});

test('a document that has its schema, or may get it, is left alone', () => {
  checkScript('xtk.session.Write(<recipient xtkschema="nms:recipient" email={e}/>);');
  checkScript('xtk.session.Write(<recipient xtkschema={id}/>); xtk.session.Write(<recipient {name}={id}/>);');
  checkScript('var doc = <recipient/>; doc.@xtkschema = "nms:recipient"; xtk.session.Write(doc);');
  checkScript('xtk.session.Write(doc); xtk.session.Write(new XML(text)); xtk.session.Write({doc: other});');
  checkScript('NLWS.xtkSession.Write({recipient: {xtkschema: "nms:recipient", email: e}});');
  checkScript('nms.recipient.create(<recipient email={e}/>).save(); other.session.Write(<a/>);');
});

/** That it is SQL at all is the subject of other tests. */
const sql = { ignore: /v8-raw-sql/ };

test('a value between the quotes of SQL is a parameter', () => {
  checkScript(
    `sqlExec("UPDATE A SET sB = 'x' WHERE sEmail = '" + «email» + "'");`,
    ['sql-concatenation'],
    sql,
  );
  checkScript('var sql = "SELECT iId FROM A WHERE iId = " + «id»; f(sql);', ['sql-concatenation'], sql);
  checkScriptFix(
    `sqlExec("UPDATE A SET sB = 1 WHERE sEmail = '" + email + "'");`,
    'Pass the value as the parameter $(sz)',
    'sqlExec("UPDATE A SET sB = 1 WHERE sEmail = $(sz)", email);',
  );
  checkScriptFix(
    `sqlGetInt("SELECT COUNT(*) FROM A WHERE iB = $(l) AND sC = '" + c + "' AND iD = $(l)", b, d);`,
    'Pass the value as the parameter $(sz)',
    'sqlGetInt("SELECT COUNT(*) FROM A WHERE iB = $(l) AND sC = $(sz) AND iD = $(l)", b, c, d);',
  );
  expect(scriptFixes(`sqlSelect("r,@id", "SELECT iId FROM A WHERE sB = '" + b + "'");`)).toEqual([]);
});

test('names of tables and columns, numbers and escaped values are part of the SQL', () => {
  checkScript('sqlExec("UPDATE " + vars.tableName + " SET sA=$(sz) WHERE iId=$(l)", a, id);', [], sql);
  checkScript(
    'sqlExec("SELECT " + column + " FROM A WHERE iId = " + parseInt(id, 10) + " AND iB < " + list.length);',
    [],
    sql,
  );
  checkScript(`sqlExec("DELETE FROM A WHERE sB = '" + NL.SQL.escape(b) + "'");`, [], sql);
  checkScript(`logInfo("UPDATE done for '" + name + "'"); f("SELECT one: '" + name + "'");`, [], sql);
  checkScript('throw new Error("DELETE FROM " + table + " WHERE iId = " + id);', [], sql);
});

test('a value between the quotes of a condition outside of a literal', () => {
  checkScript(`var c = "@name = '" + «name» + "'";`, ['query/concat-injection']);
  checkScript(
    `NLWS.xtkQueryDef.create({queryDef: {schema: "nms:recipient", operation: "get", where: {condition: {expr: "@email = '" + «email» + "'"}}}});`,
    ['query/concat-injection'],
  );
  checkScriptFix(
    `var c = "@name = '" + name + "'";`,
    'Write the value with NL.XTK.toXTKString',
    'var c = "@name = " + NL.XTK.toXTKString(name);',
  );
});

test('conditions in literals are checked with the query, and other texts are none', () => {
  checkScript(`x = <condition expr={"@name = '" + name + "'"}/>;`);
  checkScript(`var c = "@id = " + id; var d = "@name = " + NL.XTK.toXTKString(name);`);
  checkScript(`logInfo("no record with @name = '" + name + "'"); f("it's " + name + "'s");`);
});

import { expect, test } from 'vitest';
import { jsApi } from '../../../../../server/language/api/jsApi.ts';
import { checkScript, checkScriptFix, scriptFixes, scriptProblems } from '../../../../support/checkScript.ts';

test('every function the table marks as deprecated is reported, and struck through', () => {
  const names = jsApi
    .filter(({ kind, deprecated }) => kind === 'function' && deprecated === true)
    .map(({ name }) => name);
  expect(names.length).toBeGreaterThan(10);
  for (const name of names) {
    const [problem] = scriptProblems(`var a = ${name}(b);`);
    expect([name, problem?.code, problem?.deprecated]).toEqual([name, 'script/deprecated-call', true]);
  }
});

test('a deprecated method is known by its class', () => {
  checkScript('var c = application.getConnection("nms:extAccount:x"); c.«exec»("UPDATE A SET b = 1");', [
    'deprecated-call',
  ]);
  checkScriptFix(
    'application.getConnection("a:b:c").exec("UPDATE A SET b = 1");',
    'Write execute',
    'application.getConnection("a:b:c").execute("UPDATE A SET b = 1");',
  );
  checkScript('/a/.exec(b); var d = nms.delivery.load(1); d.toXML(); unknown.exec(c);');
});

test('a function of the script may have the name of a deprecated one', () =>
  checkScript('function crypt(a) { return a; } crypt("b"); var decrypt = f; decrypt(c); o.logon("a");'));

test.each([
  'var smtpPassword = «"s3cr3t!x"»;',
  'options.api_key = «"9f8a7b6c5d4e"»;',
  'f({ "client_secret": «"abc123DEF456"» });',
  'req.header["Authorization"] = «"Basic dXNlcjpwYXNzd29yZA=="»;',
  'var url = «"https://user:hunter2@example.com/x"»;',
  'o.x = «"AKIAIOSFODNN7EXAMPLE"»;',
  'var pwd = «"12345678"»;',
])('%s is a secret', (marked) => checkScript(marked, ['secret-in-code']));

test('the password of a logon is a secret, whatever it looks like', () => {
  checkScript('«logon»("webapp", «"neolane"»);', ['deprecated-call', 'secret-in-code']);
  checkScript('«logon»(token, "");', ['deprecated-call']);
});

test.each([
  'var password = ""; var pwd = "********"; var passwd = "xxxxxxxx";',
  'var passwordField = "field1_password"; var tokenUrl = "https://a.b/oauth2/token";',
  'f({ type: "password", label: "Password 1", password: "@password", secret: "${secret1}" });',
  'var password = getOption("cus_password1"); var apiKey = ctx.vars.apiKey1;',
  'addMethod("Logon", "xtk:session#Logon", ["login", "string", "password", "string"], []);',
  'var confirmPassword = "newPassword2"; var secret = "changeme";',
  'var auth = "Basic " + token; var header = "Bearer " + access; var scheme = "Basic auth";',
  'var url = "https://example.com:8080/a@b"; var mail = "mailto:a@b.com"; var u = "https://user:${p}@a.b";',
  'if (password == "s3cr3t!x") f(); var key = "abc123DEF456"; keyboard = "qwerty1";',
])('%s has no secret', (text) => checkScript(text));

test('no message repeats a secret', () =>
  expect(JSON.stringify(scriptProblems('var password = "s3cr3t!x";'))).not.toContain('s3cr3t'));

test('the text of a document is no XML of E4X', () => {
  checkScript('var d = DOMDocument.fromXMLString(t); var x = new XML(«d.toXMLString()»);', [
    'document-as-xml',
  ]);
  checkScriptFix(
    'var d = new DOMDocument("a"); var x = XML(d.toXMLString(true));',
    'Take the XML declaration away',
    String.raw`var d = new DOMDocument("a"); var x = XML(d.toXMLString(true).replace(/^<\?xml[^>]*\?>/, ""));`,
  );
  checkScript(
    'var d = new DOMDocument("a"); var x = new XML(d.toXMLString().replace(/^<\\?xml[^>]*\\?>/, ""));',
  );
  checkScript(
    'var x = new XML(<a/>.toXMLString()); var y = new XML(d.root.toXMLString()); var z = new XML();',
  );
});

const rule = { uri: 'file:///nms_typologyRule/cusSubject.js' };

test('a control rule says whether the delivery passes', () => {
  checkScript('«if (delivery.FCP) logWarning("proof");»', ['rule-without-result'], rule);
  checkScriptFix(
    'logWarning("a");',
    'Let the delivery pass at the end',
    'logWarning("a");\nreturn true;',
    rule,
  );
  checkScript('if (delivery.FCP) return false;\nreturn true;', [], rule);
  checkScript('', [], rule);
  checkScript('logWarning("a");');
});

test('objects and methods of later editions', () => {
  checkScript('var m = new «Map»(); «Promise».all(a);', ['later-library', 'later-library']);
  checkScript('if ("abc".«includes»(a)) f(); [1].«find»(f); «Object.assign»(a, b);', [
    'later-library',
    'later-library',
    'later-library',
  ]);
  checkScriptFix(
    'if (!"abc".includes(a)) f();',
    'Write ("abc".indexOf(a) >= 0)',
    'if (!("abc".indexOf(a) >= 0)) f();',
  );
  checkScriptFix(
    'var b = String(a).startsWith("x");',
    'Write String(a).indexOf("x") == 0',
    'var b = String(a).indexOf("x") == 0;',
  );
  expect(scriptFixes('[1].find(f);')).toEqual([]);
});

test('what a script defines itself it has', () => {
  checkScript('function Map() {} new Map(); var Promise = f(); Promise.all(a);');
  checkScript(
    'String.prototype.includes = function () {}; "abc".includes(a); Object.assign = f; Object.assign(a);',
  );
  checkScript('unknown.includes(a); var x = <a/>; x.find(b); rows.find(c); Object.keys(a); "a".trim();');
});

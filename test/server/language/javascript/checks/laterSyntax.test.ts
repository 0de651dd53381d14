import { expect, test } from 'vitest';
import { checkScriptFix, scriptFixes, scriptProblems } from '../../../../support/checkScript.ts';

/** What the engine is said not to have. */
function missing(text: string): string[] {
  return scriptProblems(text).map(({ code, message }) =>
    code === 'script/later-syntax' ? (/has no ([^;]+)/.exec(message)?.[1] ?? '') : code,
  );
}

test.each([
  ['var f = (a) => a;', 'arrow functions'],
  ['class A {}', 'classes'],
  ['var A = class {};', 'classes'],
  ['var s = `a${b}`;', 'template strings'],
  ['var s = `a`;', 'template strings'],
  ['for (var a of b) {}', 'for…of'],
  ['let a = 1;', 'let'],
  ['f(...a);', 'spread'],
  ['var o = {...a};', 'spread'],
  ['function f(...a) {}', 'rest parameters'],
  ['function f(a = 1) {}', 'default parameters'],
  ['async function f() {}', 'async functions'],
  ['function* f() {}', 'function*'],
  ['var o = { f() {} };', 'shorthand methods'],
  ['var o = { a };', 'shorthand properties'],
  ['var o = { [a]: 1 };', 'computed property names'],
  ['a = b ** 2;', 'operator **'],
  ['a = b ?? 2;', 'operator ??'],
  ['a ??= 2;', 'operator ??='],
  ['a ||= 2;', 'operator ||='],
  ['a = b?.c;', 'operator ?.'],
  ['a = b?.[c];', 'operator ?.'],
  ['a?.();', 'operator ?.'],
  ['try { a(); } catch { b(); }', 'catch without a name'],
  ['a = 0b11;', 'binary and octal numbers'],
  ['a = 0o17;', 'binary and octal numbers'],
  ['a = 1_000;', 'separators in numbers'],
  ['a = 10n;', 'integers with n'],
  ['a = /b/u;', 'such flags of regular expressions'],
  ['a = /(?<=b)c/;', 'lookbehind and named groups'],
  ['a = /(?<year>b)/;', 'lookbehind and named groups'],
  ['import a from "b";', 'modules'],
  ['export default a;', 'modules'],
  ['function F() { return new.target; }', 'new.target and import.meta'],
])('%s is of a later edition', (text, name) => expect(missing(text)).toEqual([name]));

test.each([
  'for each (var a in b) {}',
  'for each(a.b in c) f();',
  'const a = 1; const b = 2;',
  'var o = { get a() { return 1; }, set a(v) {}, "b": 2, c: function () {}, };',
  'var x = <a b={c} {d}={e}>{f}</a>; var y = <{tag}/>;',
  'a = /b/gimy; b = 0x1F; c = 017; d = 1e3; a = b ? .5 : 1;',
  'try { a(); } catch (e) { b(); }',
  'x.item.(@id == 3); x..b; x.@*; ns::a;',
  'function of(of) { return of; }',
])('%s is no later edition', (text) => expect(missing(text)).toEqual([]));

test('what can be written for it without a change of meaning is offered', () => {
  checkScriptFix('let a = 1;', 'Write var', 'var a = 1;');
  checkScriptFix('for (var a of b) f(a);', 'Write for each (… in …)', 'for each (var a in b) f(a);');
  checkScriptFix(
    'var f = a.map((b) => b + 1);',
    'Write a function',
    'var f = a.map(function (b) { return b + 1; });',
  );
  checkScriptFix('a.forEach(b => { f(b); });', 'Write a function', 'a.forEach(function (b) { f(b); });');
  checkScriptFix('f(() => ({ a: 1 }));', 'Write a function', 'f(function () { return { a: 1 }; });');
  checkScriptFix('var s = `a "b" ${c}!`;', 'Join strings with +', String.raw`var s = "a \"b\" " + c + "!";`);
  checkScriptFix('var s = `${a + b}`.trim();', 'Join strings with +', 'var s = ("" + (a + b)).trim();');
  checkScriptFix('var o = { a };', 'Write a: a', 'var o = { a: a };');
  checkScriptFix(
    'var o = { f(a) { return a; } };',
    'Write a property with a function',
    'var o = { f: function (a) { return a; } };',
  );
  checkScriptFix('try { a(); } catch { b(); }', 'Name the exception', 'try { a(); } catch (e) { b(); }');
});

test('where the meaning would change nothing is offered', () => {
  expect(scriptFixes('var f = () => this.a;')).toEqual([]);
  expect(scriptFixes('let a = 1; { let a = 2; }')).toEqual([]);
  expect(scriptFixes('for (let i = 0; i < 3; i++) f(function () { return i; });')).toEqual([]);
  expect(scriptFixes('var s = tag`a`;')).toEqual([]);
  expect(scriptFixes('var f = ({ a }) => a;')).toEqual([]);
});

import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { maskScript } from '../../../../server/language/javascript/mask.ts';
import { emptyModel } from '../../../../server/language/model.ts';
import { scripts } from '../../../support/scripts.ts';

/** Errors of syntax, as `offset code`. */
function errors(text: string): string[] {
  const uri = 'file:///mozilla.campaign.js';
  scripts.close(uri);
  const document = TextDocument.create(uri, 'campaign-javascript', 1, text);
  return scripts
    .problems(emptyModel, document)
    .filter(({ code }) => code === 'script/syntax' || code === 'script/later-syntax')
    .map(({ start, message }) => `${start} ${message}`);
}

function masked(source: string): string {
  const { text } = maskScript(source);
  expect(text.length).toBe(source.length);
  return text;
}

/** What engines of that generation read; each has to pass without an error. */
const accepted: [name: string, source: string][] = [
  ['an expression closure', 'var f = function (x) x * 2;'],
  ['an expression closure without room', 'var f = function(x)x * 2; f(1);'],
  ['one without parameters', 'var f = function () 1;'],
  ['one with two parameters', 'list.sort(function (a, b) a - b);'],
  ['one with two parameters without room', 'list.sort(function(a,b) a - b); f(1);'],
  ['one that is declared', 'function twice(x) x * 2\nvar y = twice(1);'],
  ['one that is declared, of two', 'function add(a, b) a + b\nvar y = add(1, 2);'],
  ['one that is declared, of none', 'function one() 1\nvar y = one();'],
  ['one with a name', 'var f = function g(x) x ? g(x - 1) : 0;'],
  ['one that gives a literal', 'var f = function (x) <a b={x}/>; f(1);'],
  ['one in a literal', 'var x = <a>{list.map(function (r) r.@id)}</a>;'],
  ['one whose value is called', 'f(function (a) a.b, function (c) [c], 1);'],
  ['a conditional catch', 'try { f(); } catch (e if e instanceof TypeError) { g(e); }'],
  [
    'a chain of them',
    'try { f(); } catch (e if e == 1) { g(); } catch (e if e == 2) { h(); } catch (e) { i(); }',
  ],
  ['a chain with finally', 'try { f(); } catch (e if e == 1) { g(); } catch (e) { i(); } finally { j(); }'],
  ['one with finally', 'try { f(); } catch (e if e == 1) { g(); } finally { j(); }'],
  ['an array comprehension', 'var squares = [i * i for (i in list)];'],
  ['one over values', 'var names = [r.@name for each (r in rows.row)];'],
  ['one with a condition', 'var odd = [i for each (i in list) if (i % 2)];'],
  ['one of two loops', 'var all = [a + b for (a in x) for (b in y) if (a != b)];'],
  ['one with destructuring', 'var all = [k + v for ([k, v] in Iterator(map))];'],
  ['a generator expression', 'var sum = total(i * i for (i in list));'],
  ['a generator', 'function count(n) { for (var i = 0; i < n; i++) yield i; }'],
  ['a generator that gets values', 'function f() { var x = yield 1; yield x; var y = yield; g(yield x); }'],
  ['sharp variables', 'var a = #1={ self: #1#, list: [#1#] };'],
  ['destructuring', 'var [a, b] = f(); var {c: d} = e; [a, b] = [b, a];'],
  [
    'destructuring in a loop',
    'for (var [k, v] in Iterator(map)) f(k, v); for each (var [a, b] in pairs) f(a, b);',
  ],
  ['const', 'const a = 1; if (a) { const b = 2; }'],
  ['getters and setters', 'var o = { get a() { return 1; }, set a(v) { this.b = v; } };'],
  ['trailing commas', 'var o = { a: 1, }; var l = [1, 2, ];'],
  ['octal numbers and escapes', 'var a = 0755, b = "\\033[0m";'],
  ['with', 'with (o) { f(a); }'],
  [
    'reserved words of later editions as names',
    'var enum = 1, package = 2, interface = 3, public = 4; f(enum);',
  ],
];

test.each(accepted)('%s is read without an error', (_name, source) => {
  masked(source);
  expect(errors(source), masked(source)).toEqual([]);
});

test.each(accepted)('behind %s everything is in step', (_name, source) => {
  const behind = '\nfor each (var r in x.(@id == 1)) y = <b c={r}/>;\n';
  const rest = masked(source + behind).slice(source.length);
  expect(rest).toMatch(/^\nfor {6}\(var r of x \(ꙩid == 1\)\) y = ᐸ\w* *\( *r, \);\n$/);
});

test('a let block is read, with the warning that let gets', () => {
  expect(masked('let (x = 1, y = 2) { f(x); }')).toBe('var  x = 1, y = 2; { f(x); }');
  expect(errors('let (x = 1, y = 2) { f(x); }').join()).toMatch(/^0 .*has no let/);
});

test('names in an expression closure mean its parameters', () => {
  expect(masked('f(function (a, b) a - b)')).toBe('f(          a=>b=>a - b)');
  expect(masked('function twice(x) x * 2;')).toBe('var      twice=x=>x * 2;');
  expect(masked('f(function () 1)')).toBe('f(         _=>1)');
  const text = 'var f = function (row) row.@id + row;';
  const document = TextDocument.create('file:///closure.campaign.js', 'campaign-javascript', 1, text);
  const places = scripts.references(emptyModel, document, text.indexOf('row)'));
  expect(places.map(({ range }) => range.start.character)).toEqual([18, 23, 33]);
});

test('what only begins like an old form is left alone', () => {
  for (const source of [
    'f(a\nfor (var i in b) g(i);',
    'f(a\nfor (i in b) g(i);',
    'f(a\nif (b) g();',
    'try { } catch (e) { } if (a) { }',
    'function f(a)\n{ }',
    'function f(a) /* why */ { }',
    'x = function (a)',
    'function f(a)\nvar b = 1;',
    'let(a);',
    'let (a == 1);',
    'class A { #b = 1; f() { return this.#b; } }',
    'function* f() { yield 1; yield* g(); }',
    'a = [x, y]; for (i in b) c();',
  ])
    expect(masked(source), source).toBe(source);
});

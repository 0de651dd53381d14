import { expect, test } from 'vitest';
import { maskScript } from '../../../../server/language/javascript/mask.ts';
import { unmask } from '../../../../server/language/javascript/maskCharacters.ts';

/** Masks a script, and makes sure that every offset and every line stays where it is. */
function masked(source: string): string {
  const { text } = maskScript(source);
  expect(text.length).toBe(source.length);
  expect(lineBreaks(text)).toEqual(lineBreaks(source));
  return text;
}

function lineBreaks(text: string): number[] {
  return [...text.matchAll(/[\r\n\u2028\u2029]/g)].map(({ index }) => index);
}

const checkMask = (source: string, expected: string): void => expect(masked(source)).toBe(expected);

/** The masked text without blanks, and with `ᐸ` for the function of a literal, whose name depends on its text. */
const checkCall = (source: string, expected: string): void =>
  expect(
    masked(source)
      .replace(/ᐸ[0-9a-z]{4,8}(?=\s*\()/g, 'ᐸ')
      .replace(/ +/g, ''),
  ).toBe(expected);

/** The mask leaves the text as it is. */
const checkSame = (source: string): void => checkMask(source, source);

test('for each becomes for…of', () => {
  checkMask('for each (var a in b.c) f(a);', 'for      (var a of b.c) f(a);');
  checkMask('for  each(v in e)', 'for      (v of e)');
  checkMask('for each (x.y in e)', 'for      (x.y of e)');
});

test('comments between for, each and the bracket, and between a dot and an attribute, change nothing', () => {
  checkMask('for /* a */ each /* ( */ (v in e)', 'for /* a */      /* ( */ (v of e)');
  checkMask('for // each (\n each(v in e)', 'for // each (\n     (v of e)');
  checkMask('x. /* y */ @id', 'x. /* y */ ꙩid');
  checkSame('x. /* y */ id + each /* for */ (1)');
});

test('a plain for…in stays, and so does an in inside a for each header', () => {
  checkSame('for (var i in list) f(i);');
  checkMask('for each (var a in ("x" in y))', 'for      (var a of ("x" in y))');
});

test('attributes, wildcards and descendants become marked members', () => {
  checkMask('x.@id', 'x.ꙩid');
  checkMask('x.@class + x.@default', 'x.ꙩclass + x.ꙩdefault');
  checkMask('x.@*', 'x.ꙩᕯ');
  checkMask('x.*', 'x.ᕯ');
  checkMask('x..d', 'x.ⵗd');
  checkMask('x..@d', 'x.ⵗꙩd');
  checkMask('x..*', 'x.ⵗᕯ');
  checkMask('f(x)[0]..d', 'f(x)[0].ⵗd');
  checkMask('x.@a++; delete x.@b', 'x.ꙩa++; delete x.ꙩb');
});

test('attributes by computed name', () => {
  checkMask('x.@["a-b"] = 1', 'x ["ꙩa-b"] = 1');
  checkMask("x.@['a-b']", "x ['ꙩa-b']");
  checkMask('x.@[name + 1]', 'x  [name + 1]');
});

test('filters become calls, in which bare attributes are names', () => {
  checkMask('x.item.(@id == 3 && name == "x").@c', 'x.item (ꙩid == 3 && name == "x").ꙩc');
  checkMask('x.(y.(@a == 1).@b == 2)', 'x (y (ꙩa == 1).ꙩb == 2)');
  expect(maskScript('x.item.(@id == 3)').filters).toEqual([{ start: 7, end: 17 }]);
});

test('qualified names become one name', () => {
  checkMask('x.ns::n', 'x.nsːːn');
  checkMask('x.@ns::a', 'x.ꙩnsːːa');
  checkMask('x.*::a', 'x.ᕯːːa');
  checkMask('*::a', 'ᕯːːa');
  checkMask('x.ns::[e]', 'x.ns  [e]');
  checkMask('x.function::toString', 'x.functionːːtoString');
  checkMask('a ? b::c : d', 'a ? bːːc : d');
});

test('default xml namespace becomes a declaration', () =>
  checkMask('default xml namespace = "u";', 'var ᐸxmlns            = "u";'));

test('a switch keeps its default', () => checkSame('switch (a) { default: xml }'));

test('enum as a variable is renamed, as a key it stays', () => {
  checkMask('var enum = 1; enum.x', 'var enuᵐ = 1; enuᵐ.x');
  checkMask('for each (var enum in list)', 'for      (var enuᵐ of list)');
  checkSame('x = {enum: 1}; x.enum');
});

test('a literal becomes a call of its holes', () => {
  checkMask('x = <a/>;', 'x = ᐸ( );');
  checkCall('x = <a b={c}/>;', 'x=ᐸ(c,);');
  checkCall('x = <recipient email={e}>{t}</recipient>;', 'x=ᐸ(e,t,);');
  checkMask('x = <></>', 'x = ᐸ(  )');
  checkCall('x = <><a/></>', 'x=ᐸ()');
});

test('what is in a hole stays where it is', () =>
  expect(masked('x = <a b={first}>{second}</a>;')).toMatch(/^x = \S{5}\( *first, {2,}second, +\);$/));

test('a literal with computed names', () => {
  checkCall('<{tag} a="1"/>', 'ᐸ(tag,)');
  checkCall('<{t}>x</{t}>', 'ᐸ(t,t,)');
  checkCall('<a {name}="v" {n2}={v2}/>', 'ᐸ(name,n2,v2,)');
});

test('comments, CDATA and processing instructions are literals', () => {
  checkCall('x = <!-- {c} -->;', 'x=ᐸ();');
  checkCall('x = <![CDATA[ if (a < b) { ]]>;', 'x=ᐸ();');
  checkCall('x = <?target x?>;', 'x=ᐸ();');
});

test('a comment at the start of a statement is the one-line comment of browsers', () =>
  checkMask('<!-- for old browsers\nf()', '//-- for old browsers\nf()'));

test('the function of a literal stays on its first line, so that return keeps its value', () =>
  expect(masked('return <where\n  a="1"/>;')).toMatch(/^return ᐸ\w+\(\n +\);$/));

test('braces in CDATA, comments and quoted values are text', () => {
  const source = 'x = <a b="{c}"><!-- {d} --><![CDATA[ {e} ]]>{f}</a>;';
  const holes = maskScript(source).literals[0]!.holes;
  expect(holes.map(({ start, end }) => source.slice(start, end))).toEqual(['{f}']);
});

test('holes may hold functions, objects, strings and literals', () => {
  checkCall(
    'x = <list>{items.map(function (i) { return <item id={i.@id}/>; })}</list>;',
    'x=ᐸ(items.map(function(i){returnᐸ(i.ꙩid,);}),);',
  );
  checkCall('<list>{{a: "}"}}</list>', 'ᐸ({a:"}"},)');
  checkCall('<list>{/}/.test(a) ? `}${b}` : c}</list>', 'ᐸ(/}/.test(a)?`}${b}`:c,)');
});

test('literals are listed with their ranges, outer before inner', () => {
  const source = 'x = <a>{<b c={1}/>}</a>;';
  expect(
    maskScript(source).literals.map(({ start, end, rootName, closed }) => [
      source.slice(start, end),
      rootName,
      closed,
    ]),
  ).toEqual([
    ['<a>{<b c={1}/>}</a>', 'a', true],
    ['<b c={1}/>', 'b', true],
  ]);
});

test('literals of the same text have the same function, others another', () => {
  const callees = maskScript('f(<row a="1"/>, <row a="1"/>, <row a="2"/>)').literals.map(
    ({ callee }) => callee,
  );
  expect(callees[0]).toMatch(/^ᐸ[0-9a-z]{4,8}$/);
  expect(callees[1]).toBe(callees[0]);
  expect(callees[2]).not.toBe(callees[0]);
});

test('a comparison is no literal, whatever follows it', () => {
  checkSame('if (a <b && c> d) f(a << b, a <= b, a<b);');
  checkSame('for (var i = 0; i<n; i++) x[i]<y;');
  checkSame('x = f()<b; y = a[0]<b; z = {}.a<b; i++<b;');
});

test('a literal begins wherever an operand may', () => {
  for (const before of [
    'x = ',
    'f(',
    'return ',
    '[',
    'a ? ',
    'a ? b : ',
    'x += ',
    '!',
    'typeof ',
    'a && ',
    'a, ',
    'case ',
    'if (a) ',
    '} ',
    '; ',
    'else ',
    'in ',
  ]) {
    const source = `${before}<a b="1"/>`;
    expect(
      maskScript(source).literals.map(({ start }) => start),
      source,
    ).toEqual([before.length]);
  }
});

test('regular expressions and divisions stay in step', () => {
  checkMask('x = /<a>/.test(y) ? <b/> : z / <c/>', 'x = /<a>/.test(y) ? ᐸ( ) : z / ᐸ( )');
  checkMask('if (x) /<a>/g.exec(y); f(a / b, <c/>)', 'if (x) /<a>/g.exec(y); f(a / b, ᐸ( ))');
  checkMask('x = /[/<a>]/; y = <b/>', 'x = /[/<a>]/; y = ᐸ( )');
  checkMask('x = function () {} / 2; y = <b/>', 'x = function () {} / 2; y = ᐸ( )');
  checkMask('x++ / 2; y = <b/>', 'x++ / 2; y = ᐸ( )');
});

test('strings, comments and templates are not looked into', () => {
  checkSame('f("<a>", \'x.@id\', /* <a> */ 1); // <a> for each (');
  checkSame('f(`<a>${x}<b>`)');
  checkMask('f(`<a>${<b/>}<c>`)', 'f(`<a>${ᐸ( )}<c>`)');
  checkMask('"a\\\r\nb"; <a/>', '"a\\\r\nb"; ᐸ( )');
});

test('numbers, spreads and optional calls keep their dots', () => {
  checkSame('1..toString(); .5 + 1.5.toFixed(); f(...x); [...a]; a?.(b); a?.[0]; a ?.5:1; 1e-5.toFixed');
});

test('decorators at the start of a statement stay', () => checkSame('@decorate class A {}'));

test('an attribute outside of a filter is reported, and masked so that the rest is read', () => {
  const { text, problems } = maskScript('if (@id == 3) f()');
  expect(text).toBe('if (ꙩid == 3) f()');
  expect(problems.map(({ code, start, end }) => [code, start, end])).toEqual([
    ['attribute-outside-filter', 4, 7],
  ]);
  expect(maskScript('x.(@id == 3)').problems).toEqual([]);
});

test('an unclosed literal is reported on its name', () => {
  const { problems } = maskScript('x = <queryDef schema="a:b">\nvar y = 1;');
  expect(problems.map(({ code, start, end }) => [code, start, end])).toEqual([['literal-unclosed', 4, 13]]);
});

test('a literal that is only begun becomes a name, since TypeScript would read JSX', () =>
  checkMask('f(<\nvar y;', 'f(ᐸ\nvar y;'));

test('line breaks of every kind stay where they are', () =>
  expect(masked('x = <a b="1\r\n2"\u2028c="3">\n</a>')).toContain('\r\n'));

test('names are shown as the script says them', () =>
  expect(unmask(maskScript('r.@email, r..ns::x, r.*, r.@*').text)).toBe('r.@email, r..ns::x, r.*, r.@*'));

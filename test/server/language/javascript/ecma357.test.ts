import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { maskScript } from '../../../../server/language/javascript/mask.ts';
import { emptyModel } from '../../../../server/language/model.ts';
import { openScript, scripts } from '../../../support/scripts.ts';

// Every production of the lexical and syntactic grammar of ECMA-357 (second edition, sections 8, 11 to 12 and 13.1), and
// every built-in of section 13, each with a script that uses it.

/** Errors of syntax in a script. */
function errors(text: string): string[] {
  const uri = 'file:///ecma357.campaign.js';
  scripts.close(uri);
  const document = TextDocument.create(uri, 'campaign-javascript', 1, text);
  return scripts
    .problems(emptyModel, document)
    .filter(({ severity, code }) => severity === 'error' || code === 'script/syntax')
    .map(({ message }) => message);
}

/** Section, production, a script of it, and how many literals the script has. */
const grammar: [section: string, production: string, source: string, literals: number][] = [
  ['8.1', 'InputElementDiv: < behind an operand is an operator', 'var c = a <b && c > d, e = a / b / c;', 0],
  ['8.1', 'InputElementRegExp: / where an operand begins', 'var c = /<a>/.test(b);', 0],
  ['8.1', 'InputElementXMLTag: white space in tags', 'x = <a\n\tb = "1"\r\n  c="2" />;', 1],
  ['8.1', 'InputElementXMLContent: text', 'x = <a>some text, if (b) { c } not read</a>;', 1],
  ['8.1', 'InputElementXMLContent: braces', 'x = <a>{b}</a>;', 1],
  ['8.2', 'XMLMarkup: XMLComment', 'x = <a><!-- {b} <c> --></a>;', 1],
  ['8.2', 'XMLMarkup: XMLCDATA', 'x = <a><![CDATA[ if (a < b && c) { ]]></a>;', 1],
  ['8.2', 'XMLMarkup: XMLPI', 'x = <a><?target some {text}?></a>;', 1],
  ['8.3', 'XMLWhitespaceCharacter', 'x = <a \u0009b="1"\u000a\u000dc="2"\u0020></a>;', 1],
  ['8.3', 'XMLText', 'x = <a>&lt;b&gt; &#10; ] ] > \' "</a>;', 1],
  ['8.3', 'XMLName: letters, digits, dots, dashes, colons', 'x = <p:a-b.c_1 d-e.f="1"/>;', 1],
  ['8.3', 'XMLName: other letters', 'x = <é ü="1"/>;', 1],
  ['8.3', 'XMLAttributeValue: double quotes', 'x = <a b="it\'s > {c}"/>;', 1],
  ['8.3', 'XMLAttributeValue: single quotes', 'x = <a b=\'"c" {d}\'/>;', 1],
  ['8.3', 'XMLTagPunctuator', 'x = <a b="1"></a>; y = <c/>;', 2],
  ['11.1', 'AttributeIdentifier: @ PropertySelector', 'y = x.@id;', 0],
  ['11.1', 'AttributeIdentifier: @ QualifiedIdentifier', 'y = x.@soap::id;', 0],
  ['11.1', 'AttributeIdentifier: @ [ Expression ]', 'y = x.@[name + 1] + x.@["a-b"];', 0],
  ['11.1', 'AttributeIdentifier: keywords', 'y = x.@class + x.@default + x.@for + x.@in;', 0],
  ['11.1', 'PropertySelector: Identifier', 'y = x.child;', 0],
  ['11.1', 'PropertySelector: WildcardIdentifier', 'y = x.* + x.@*;', 0],
  [
    '11.1',
    'QualifiedIdentifier: PropertySelector :: PropertySelector',
    'y = x.soap::Body + x.soap::* + x.*::Body;',
    0,
  ],
  ['11.1', 'QualifiedIdentifier: PropertySelector :: [ Expression ]', 'y = x.soap::[name];', 0],
  ['11.1', 'QualifiedIdentifier: alone', 'y = soap::Body;', 0],
  ['11.1', 'WildcardIdentifier: *', 'y = x.*.length();', 0],
  ['11.1.1', 'Attribute identifiers in a filter', 'y = x.(@id == 1);', 0],
  ['11.1.4', 'XMLInitialiser: XMLMarkup', 'x = <!-- a -->; y = <![CDATA[b]]>; z = <?c d?>;', 3],
  ['11.1.4', 'XMLInitialiser: XMLElement', 'x = <a/>;', 1],
  ['11.1.4', 'XMLElement: < XMLTagContent XMLWhitespace />', 'x = <a b="1" />;', 1],
  ['11.1.4', 'XMLElement: < … > XMLElementContent </ … >', 'x = <a>b<c/>{d}</a>;', 1],
  ['11.1.4', 'XMLElement: white space in the end tag', 'x = <a>b</a\n>;', 1],
  ['11.1.4', 'XMLTagContent: XMLTagName XMLAttributes', 'x = <a b="1" c=\'2\' d={e}/>;', 1],
  ['11.1.4', 'XMLTagName: { Expression }', 'x = <{name}>b</{name}>;', 1],
  ['11.1.4', 'XMLTagName: XMLName', 'x = <soap:Body/>;', 1],
  ['11.1.4', 'XMLAttributes: { Expression }', 'x = <a {name}="1" {other}={value}/>;', 1],
  [
    '11.1.4',
    'XMLAttribute: XMLName = { Expression }',
    'x = <a b={ {c: "}"}.c } d={f(function () { return "}"; })}/>;',
    1,
  ],
  ['11.1.4', 'XMLAttribute: white space around =', 'x = <a b = "1"/>;', 1],
  ['11.1.4', 'XMLElementContent: { Expression }', 'x = <a>{b}{c + 1}{<d>{e}</d>}</a>;', 2],
  ['11.1.4', 'XMLElementContent: XMLMarkup', 'x = <a><!-- b --><![CDATA[c]]><?d e?></a>;', 1],
  ['11.1.4', 'XMLElementContent: XMLText', 'x = <a>b</a>;', 1],
  ['11.1.4', 'XMLElementContent: XMLElement', 'x = <a><b><c/></b><b/></a>;', 1],
  ['11.1.5', 'XMLListInitialiser: <> XMLElementContent </>', 'x = <><a/>{b}text</>;', 1],
  ['11.1.5', 'XMLListInitialiser: empty', 'x = <></>;', 1],
  ['11.2.1', 'MemberExpression . PropertyIdentifier: AttributeIdentifier', 'y = x.a.@b;', 0],
  ['11.2.1', 'MemberExpression [ Expression ]', 'y = x[0].a["@b"][name];', 0],
  ['11.2.1', 'CallExpression . PropertyIdentifier', 'y = f(x).a.@b;', 0],
  ['11.2.2', 'Function calls: methods of XML', 'y = x.a.length() + x.toXMLString();', 0],
  ['11.2.2', 'Function calls: function::name', 'y = x.function::toString();', 0],
  ['11.2.3', 'MemberExpression .. Identifier', 'y = x..a;', 0],
  ['11.2.3', 'MemberExpression .. AttributeIdentifier', 'y = x..@a;', 0],
  ['11.2.3', 'MemberExpression .. wildcard, .. qualified', 'y = x..* + x..soap::Body + x..@*;', 0],
  ['11.2.3', 'CallExpression .. PropertySelector', 'y = f(x)..a[0];', 0],
  ['11.2.4', 'MemberExpression . ( Expression )', 'y = x.a.(@id == 1).b;', 0],
  ['11.2.4', 'nested, with functions and names', 'y = x.a.(b.(@c > 1).length() > 0 && f(name));', 0],
  ['11.2.4', 'CallExpression . ( Expression )', 'y = f(x).(@a == 1);', 0],
  ['11.3.1', 'delete', 'delete x.@a; delete x.b[0]; delete x..c; delete x.d.(@e == 1); delete x.*;', 0],
  ['11.3.2', 'typeof', 'y = typeof <a/> == "xml" && typeof x.@b;', 1],
  ['11.4.1', 'The addition operator', 'y = <a/> + <b/> + x.c;', 2],
  ['11.5.1', 'The equality operator', 'y = <a>1</a> == 1 && x.@b != "c" && x === <d/>;', 2],
  ['11.6.1', 'XML assignment: attributes', 'x.@a = 1; x.@["b-c"] = 2; x.@[name] = 3; x.@a++;', 0],
  ['11.6.2', 'XMLList assignment', 'x.a = <a>1</a>; x.b[0] = <b/>; x.c = <><c/><c/></>;', 3],
  ['11.6.3', 'Compound assignment', 'x.a += <a/>; x.@b += "c";', 1],
  ['12.1', 'DefaultXMLNamespaceStatement', 'default xml namespace = "urn:a"; default xml namespace = ns;', 0],
  ['12.1', 'white space in it', 'default  xml\tnamespace   =   "urn:a";', 0],
  ['12.2', 'The for-in statement', 'for (var i in x.a) f(x.a[i]);', 0],
  ['12.3', 'for each ( var VariableDeclaration in Expression )', 'for each (var a in x.b) f(a.@c);', 0],
  [
    '12.3',
    'for each ( LeftHandSideExpression in Expression )',
    'for each (a in x.b) f(a); for each (o.p in x.*) f(o.p);',
    0,
  ],
  [
    '12.3',
    'white space, nesting, literals',
    'for  each(var a in <><b/><c/></>) for each (var d in a..e) f(d);',
    1,
  ],
];

describe('the grammar', () => {
  test.each(grammar)('%s %s', (_section, _production, source, count) => {
    const { text, literals, problems } = maskScript(source);
    expect(text.length).toBe(source.length);
    expect(problems).toEqual([]);
    expect(literals.map(({ closed }) => closed)).toEqual(Array.from({ length: count }, () => true));
    expect(errors(source), text).toEqual([]);
  });

  test.each(grammar)(
    '%s %s, in a function, behind which everything is in step',
    (_section, _production, source) => {
      const around = (inside: string): string => `function f() {\n${inside}\n}\nvar last = <z a={1}/>;\n`;
      const tail = maskScript(around('')).text.slice(-20);
      expect(maskScript(around(source)).text.slice(-20)).toBe(tail);
      expect(errors(around(source))).toEqual([]);
    },
  );
});

/** What is wrong by the grammar, and the number of problems people see. */
const wrong: [section: string, rule: string, source: string][] = [
  ['11.1.4', 'a literal is closed', 'x = <a><b>'],
  ['11.1.4', 'an element is closed by its own name', 'x = <a></b>;'],
  ['11.1.4', 'an embedded expression is not empty', 'x = <a b={}/>;'],
  ['11.1.5', 'a list is closed', 'x = <><a/>'],
  ['11.1.1', 'an attribute has an object, or a filter', 'y = @id;'],
  ['8.3', 'an attribute value is closed', 'x = <a b="c/>;'],
];

test.each(wrong)('%s: %s', (_section, _rule, source) => expect(errors(source)).not.toEqual([]));

/** Members of 13.4.4, 13.5.4, 13.2.5 and 13.3.5, and the objects they are of. */
const builtIns: [section: string, object: string, names: string][] = [
  [
    '13.4.4',
    'var $ = <a/>; $',
    'addNamespace appendChild attribute attributes child childIndex children comments contains copy descendants elements hasOwnProperty hasComplexContent hasSimpleContent inScopeNamespaces insertChildAfter insertChildBefore length localName name namespace namespaceDeclarations nodeKind normalize parent processingInstructions prependChild propertyIsEnumerable removeNamespace replace setChildren setLocalName setName setNamespace text toString toXMLString valueOf',
  ],
  [
    '13.5.4',
    'var $ = <><a/></>; $',
    'attribute attributes child children comments contains copy descendants elements hasOwnProperty hasComplexContent hasSimpleContent length normalize parent processingInstructions propertyIsEnumerable text toString toXMLString valueOf',
  ],
  [
    '13.4.3',
    'XML',
    'ignoreComments ignoreProcessingInstructions ignoreWhitespace prettyPrinting prettyIndent settings setSettings defaultSettings',
  ],
  ['13.2.5', 'var $ = new Namespace("a", "b"); $', 'prefix uri'],
  ['13.3.5', 'var $ = new QName("a", "b"); $', 'localName uri'],
];

const members = builtIns.flatMap(([section, object, names]) =>
  names.split(' ').map((name): [string, string, string] => [section, name, object.replaceAll('$', 'value')]),
);

test.each(members)('%s %s is offered where it exists', (_section, name, object) => {
  const { document, offset } = openScript(`${object}.$0`);
  const { items } = scripts.completion(emptyModel, document, offset);
  expect(items.map(({ label }) => label)).toContain(name);
});

test.each(['isXMLName', 'Namespace', 'QName', 'XML', 'XMLList'])('13.1 the global %s', (name) => {
  const { document, offset } = openScript('$0');
  const { items } = scripts.completion(emptyModel, document, offset);
  expect(items.map(({ label }) => label)).toContain(name);
});

test('the functions of 13 convert when they are called, and construct with new', () =>
  expect(
    errors(
      'var a = XML("<b/>"), c = new XML("<d/>"), e = XMLList("<f/>"), g = QName("h"), i = Namespace("j");',
    ),
  ).toEqual([]));

test('how much of the grammar there is', () => {
  const sections = new Set(grammar.map(([section]) => section));
  console.log(
    `${grammar.length} productions of ${sections.size} sections, ${wrong.length} errors, ${members.length} built-ins`,
  );
  expect(sections.size).toBeGreaterThanOrEqual(20);
});

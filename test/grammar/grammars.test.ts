import { expect, test } from 'vitest';
import { tokenize } from '../support/tokenize.ts';

/** Each expectation is `text: scope`: some token is exactly that text and has that scope (or one that begins with it). */
async function checkScopes(scope: string, text: string, expected: string): Promise<void> {
  const tokens = await tokenize(scope, text);
  for (const line of expected.split('\n').map((l) => l.trim())) {
    const split = line.lastIndexOf(': ');
    const [wanted, wantedScope] = [line.slice(0, split), line.slice(split + 2)];
    const matches = tokens.filter((token) => token.text.trim() === wanted);
    const found = matches.some((token) => token.scopes.some((s) => s.startsWith(wantedScope)));
    expect(found, `${line}\nfound: ${matches.map((t) => t.scopes.join(' ')).join('\n       ')}`).toBe(true);
  }
}

const javascript = 'source.campaign-javascript';

test('a literal in JavaScript is XML, and what follows it is JavaScript again', () =>
  checkScopes(
    javascript,
    `function run() {
  var q = xtk.queryDef.create(
    <queryDef schema="nms:recipient" lineCount={count + 1}>
      <select><node expr="[folder/@label] + Upper('x')"/></select>
      text {name} <![CDATA[ raw ]]>
    </queryDef>);
  return q.ExecuteQuery();
}`,
    `function: storage.type.function
    queryDef: entity.name.tag.xml
    schema: entity.other.attribute-name.xml
    nms:recipient: string.quoted.double.xml
    count: variable.other.readwrite
    label: variable.other.property.attribute.xtk
    folder: variable.other.property.element.xtk
    Upper: support.function.xtk
    'x': string.quoted.single.xtk
    name: variable.other.readwrite
    raw: string.unquoted.cdata.xml
    return: keyword.control
    ExecuteQuery: entity.name.function`,
  ));

test('less-than is not a literal', async () => {
  for (const text of ['if (a < b && c > d) { x(); }', 'for (var i = 0; i <n; i++) f(i);', 'a = b <c;']) {
    const tokens = await tokenize(javascript, text);
    expect(tokens.filter((token) => token.scopes.some((scope) => scope.includes('tag')))).toEqual([]);
  }
});

test('E4X access', () =>
  checkScopes(
    javascript,
    `for each (var r in res.recipient.(@id > 3)) logInfo(r.@email, r..node, r.*, r.@["folder-id"]);`,
    `for: keyword.control.loop
    each: keyword.control.loop
    email: variable.other.property.attribute
    id: variable.other.property.attribute
    *: variable.language.wildcard
    logInfo: entity.name.function`,
  ));

test('lists, computed tags and comments as literals', () =>
  checkScopes(
    javascript,
    `var list = <><a/><{tag} b="1"/></>;
var c = <!-- note -->;
var after = 1;`,
    `a: entity.name.tag.xml
    tag: variable.other.readwrite
    b: entity.other.attribute-name.xml
    note: comment.block.xml
    after: variable.other.readwrite`,
  ));

test('a literal inside an embedded expression', () =>
  checkScopes(
    javascript,
    `x = <a>{cond ? <b c="1"/> : null}</a>; y = 2;`,
    `b: entity.name.tag.xml
    null: constant.language
    y: variable.other.readwrite`,
  ));

test('strings and comments are left alone', async () => {
  const tokens = await tokenize(javascript, `var s = "= <b>"; // = <c>\nvar t = 1;`);
  expect(tokens.some((token) => token.scopes.some((scope) => scope.startsWith('entity.name.tag')))).toBe(false);
});

test('queryDef: expressions inside attributes', () =>
  checkScopes(
    'text.xml.campaign-querydef',
    `<?xml version="1.0"?>
<!-- c --><queryDef schema="nms:recipient"><where>
<condition expr="@age &lt; 45 and [@folder-id] IN (1, 2) or @d &gt; #2024-01-01# and $(login) = 'a'" boolOperator="OR"/>
</where></queryDef>`,
    `queryDef: entity.name.tag.xml
    nms:recipient: string.quoted.double.xml
    age: variable.other.property.attribute.xtk
    &lt;: keyword.operator.comparison.xtk
    and: keyword.operator.logical.xtk
    folder-id: variable.other.property.attribute.xtk
    IN: keyword.operator.logical.xtk
    45: constant.numeric.xtk
    #2024-01-01#: constant.other.date.xtk
    $: keyword.operator.macro.xtk
    'a': string.quoted.single.xtk
    OR: string.quoted.double.xml`,
  ));

test('schema: default and visibleIf are expressions', () =>
  checkScopes(
    'text.xml.campaign-schema',
    `<srcSchema name="x"><element name="x"><attribute name="a" default="GetDate()" label='Été'/></element></srcSchema>`,
    `srcSchema: entity.name.tag.xml
    GetDate: support.function.xtk
    Été: string.quoted.single.xml`,
  ));

test('JSSP: a block opened in one tag and closed in another leaves the HTML alone', () =>
  checkScopes(
    'text.html.campaign-jssp',
    `<%@ page import="xtk:shared/nl.js" %><ul>
<% for each (var r in rows.recipient) { %><li class="x"><%= r.@email %></li><% } %>
</ul><%-- note --%>`,
    `page: keyword.control.directive.jssp
    xtk:shared/nl.js: string.quoted.double.jssp
    each: keyword.control.js
    li: entity.name.tag
    class: entity.other.attribute-name
    email: variable.other.property.attribute
    note: comment.block.jssp`,
  ));

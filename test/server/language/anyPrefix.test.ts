import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { maskDocument } from '../../../server/language/javascript/scriptDocument.ts';
import { createLanguageService, type LanguageDocument } from '../../../server/language/languageService.ts';
import { documentKind, findRegions } from '../../../server/language/regions.ts';
import { fullEditor, testModel } from '../../support/queryModel.ts';

const query = `<?xml version="1.0"?>
<!-- all of it -->
<queryDef schema="nms:recipient" operation="select" lineCount="10" startPath="/">
  <select>
    <node expr="@email" alias='@mail'/>
    <node expr="Case(When([folder/@label] LIKE '%a\\'%', 1), Else(#2024-01-01#))" groupBy="true"/>
    <node expr="broadLog"><node expr="[recipient/@gender]"/><where><condition expr="@status=1"/></where></node>
  </select>
  <where filterName="x">
    <condition expr="@id &lt;= 5 AND [nms:recipient:r:@email] != $long(/tmp/@a)" boolOperator="OR"/>
    <condition setOperator="NOT IN" expr="@id">
      <subQuery schema="nms:broadLogRcp"><select><node expr="[../folder/../@id]"/></select></subQuery>
    </condition>
  </where>
  <![CDATA[ text ]]>
  <groupby><node/></groupby>
</queryDef>`;

const source = `<?xml version="1.0"?>
<srcSchema namespace="cus" name="order" label="Orders" extendedSchema="nms:recipient">
  <enumeration name="state" basetype="byte"><value name="new" value="0"/></enumeration>
  <element name="order" autopk="true">
    <compute-string expr="@number + ' ' + [client/@email]"/>
    <key name="number"><keyfield xpath="@number"/><keyfield xlink="client"/></key>
    <attribute name="number" type="string" length="20" enum="cus:order:state" default="'a'"/>
    <attribute name="total" type="double" expr="Iif(@number = 1, [client/@id], 2)"/>
    <element name="client" type="link" target="nms:recipient"><join xpath-src="@number" xpath-dst="@email"/></element>
  </element>
  <methods><method name="Pay" static="true"><parameters><param name="a" type="string"/></parameters></method></methods>
</srcSchema>`;

const script = `var name = "a";
var q = xtk.queryDef.create(
  <queryDef schema={vars.targetSchema} operation="select" {x}="y">
    <select><node expr="@email"/>{more}<{tag} expr={"@a" + <b c={d}/>}/></select>
    <where><condition expr="@id = {name}"/></where>
  </queryDef>);
for each (var r in q.ExecuteQuery().recipient.(@id > 1)) { r.@email = <node expr='@`;

function parse(languageId: string, text: string): LanguageDocument {
  const document = TextDocument.create('file:///a', languageId, 1, text);
  const isScript = documentKind(languageId, text) === 'script';
  const literals = isScript ? maskDocument(languageId, text).literals : [];
  return { document, version: 1, regions: findRegions(languageId, text, literals) };
}

/** Asks everything there is to ask at an offset, and about the document. @returns how much was answered. */
function askEverything(document: LanguageDocument, offset: number): number {
  const service = createLanguageService(undefined);
  const completion = service.complete(testModel, document, offset, fullEditor);
  for (const item of completion.items.slice(0, 3)) service.resolveCompletion(testModel, item);
  const end = document.document.getText().length;
  const answers = [
    service.hover(testModel, document, offset),
    service.signatureHelp(testModel, document, offset),
    service.selectionRange(testModel, document, offset),
    service.queryAt(document, offset),
  ];
  const lists = [
    completion.items,
    service.definition(testModel, document, offset),
    service.documentSymbols(document),
    service.foldingRanges(document),
    service.diagnostics(testModel, document),
    service.codeActions(testModel, document, { start: 0, end }),
    service.format(document, { tabSize: 2, insertSpaces: true }),
    service.runnableQueries(document),
  ];
  return answers.filter(Boolean).length + lists.reduce((sum, list) => sum + list.length, 0);
}

test.each([
  ['campaign-querydef', query],
  ['xml', query],
  ['campaign-schema', source],
  ['campaign-javascript', script],
  ['campaign-jssp', `<html><% ${script} %>`],
])('any prefix of a %s document has answers, never an exception', (languageId, text) => {
  let answered = 0;
  for (let end = 0; end <= text.length; end++) {
    const document = parse(languageId, text.slice(0, end));
    answered += askEverything(document, end) + askEverything(document, end >> 1);
  }
  expect(answered).toBeGreaterThan(text.length);
});

test('any document with a piece cut out has answers, never an exception', () => {
  let answered = 0;
  for (let start = 0; start < query.length; start += 3) {
    const text = query.slice(0, start) + query.slice(start + 7);
    answered += askEverything(parse('campaign-querydef', text), start);
  }
  expect(answered).toBeGreaterThan(query.length / 3);
});

test('every offset of a document has an answer or none, never an exception', () => {
  const document = parse('campaign-querydef', query);
  for (let offset = -1; offset <= query.length + 1; offset++) askEverything(document, offset);
  expect(askEverything(document, query.indexOf('@email'))).toBeGreaterThan(10);
});

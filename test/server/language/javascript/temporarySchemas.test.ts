import { expect, test } from 'vitest';
import ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parseDocument } from '../../../../server/documents.ts';
import { createJavaScriptService } from '../../../../server/language/javascript/javaScriptService.ts';
import {
  modelSeenBy,
  withTemporarySchemas,
} from '../../../../server/language/javascript/temporarySchemas.ts';
import { createLanguageService } from '../../../../server/language/languageService.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { scriptModel } from '../../../support/scriptModel.ts';

const service = withTemporarySchemas(createLanguageService(createJavaScriptService({ typescript: ts })));

const declaration = `var schema = <schema namespace="temp" name="scores" label="Scores">
  <element name="scores"><attribute name="points" label="Points" type="long"/><attribute name="who" type="string"/></element>
</schema>;
registerSchema("temp:scores", schema, false);
buildSqlTable("temp:scores");
`;

/** Each document is another, as it is in an editor. */
const versions = { last: 0 };

function open(marked: string) {
  const { text, offset } = takeCursor(marked);
  versions.last++;
  const document = TextDocument.create('file:///t.campaign.js', 'campaign-javascript', versions.last, text);
  return { file: parseDocument(document), offset };
}

function labels(marked: string): string[] {
  const { file, offset } = open(marked);
  const { items } = service.complete(scriptModel, file, offset, { snippets: false });
  return items.map(({ label }) => label);
}

const query = (inside: string): string =>
  `${declaration}var res = xtk.queryDef.create(<queryDef schema="temp:scores" operation="select"><select><node expr="@points"/>${inside}</select></queryDef>).ExecuteQuery();\n`;

test('a schema the script registers completes in its queries', () => {
  expect(labels(query('<node expr="@$0"/>'))).toEqual(expect.arrayContaining(['@points', '@who']));
  expect(labels(query('').replace('temp:scores" operation', 'temp:$0" operation'))).toContain('temp:scores');
});

test('and in the rows they give', () => {
  const loop = 'for each (var r in res.scores) r.@$0;';
  expect(labels(query('') + loop)).toEqual(expect.arrayContaining(['@points', '@who']));
});

test('its id completes where one is asked for', () =>
  expect(labels(`${declaration}buildSqlTable("$0");`)).toContain('temp:scores'));

test('its fields lead to the literal that declares them', () => {
  const { file, offset } = open(query('<node expr="@wh$0o"/>'));
  const [found] = service.definition(scriptModel, file, offset);
  expect(found?.kind).toBe('script');
  if (found?.kind !== 'script') return;
  expect(file.document.getText(found.location.range)).toContain('<attribute name="who"');
});

test('a field it does not have is pointed out', () => {
  const { file } = open(`${query('<node expr="@nobody"/>')}$0`);
  expect(service.diagnostics(scriptModel, file).map(({ code }) => code)).toContain('query/field-unknown');
  const { file: sound } = open(`${query('<node expr="@who"/>')}$0`);
  expect(service.diagnostics(scriptModel, sound).map(({ code }) => code)).not.toContain(
    'query/field-unknown',
  );
});

test('other literals are no schemas of their own, and a script without any sees the model as it is', () => {
  const { file } = open('x = <schema namespace="cus" name="a"><element name="a"/></schema>;$0');
  expect(file.regions.temporary).toEqual([]);
  expect(modelSeenBy(file, scriptModel)).toBe(scriptModel);
});

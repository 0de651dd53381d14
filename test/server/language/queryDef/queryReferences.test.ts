import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { parseXml } from '../../../../core/xml/parseXml.ts';
import { findRegions } from '../../../../server/language/regions.ts';
import {
  aliasReferences,
  findReferences,
  queryReferenceSource,
  queryReferenceTarget,
  type ReferenceSource,
  type ReferenceTarget,
} from '../../../../server/language/queryDef/queryReferences.ts';
import { createSchemaContext } from '../../../../server/language/srcSchema/schemaContext.ts';
import {
  schemaReferenceSource,
  schemaReferenceTarget,
} from '../../../../server/language/srcSchema/schemaReferences.ts';
import { takeCursor } from '../../../support/cursor.ts';
import { testModel } from '../../../support/queryModel.ts';

/**
 * Finds the references to what is at the `$0`, which is in one of the texts.
 * @returns `file: line` for each, the line with the reference in «».
 */
function references(...marked: string[]): string[] {
  let target: ReferenceTarget | undefined;
  const documents = new Map<string, TextDocument>();
  const sources: ReferenceSource[] = marked.map((markedText, index) => {
    const hasCursor = markedText.includes('$0');
    const { text, offset } = hasCursor ? takeCursor(markedText) : { text: markedText, offset: 0 };
    const isSchema = text.startsWith('<srcSchema');
    const document = TextDocument.create(
      String(index),
      isSchema ? 'campaign-schema' : 'campaign-querydef',
      1,
      text,
    );
    documents.set(document.uri, document);
    if (isSchema) {
      const context = createSchemaContext(testModel, document, parseXml(text));
      if (hasCursor) target = schemaReferenceTarget(context, offset);
      return schemaReferenceSource(context);
    }
    const context = {
      model: testModel,
      document,
      region: findRegions('campaign-querydef', text).queries[0]!,
    };
    if (hasCursor) target = queryReferenceTarget(context, offset);
    return queryReferenceSource(context);
  });
  if (target === undefined) return ['no target'];
  return findReferences(target, sources).map(({ uri, range }) => {
    const document = documents.get(uri)!;
    const [start, end] = [document.offsetAt(range.start), document.offsetAt(range.end)];
    const text = document.getText();
    const before = text.slice(text.lastIndexOf('"', start) + 1, start);
    return `${uri}: ${before}«${text.slice(start, end)}»${text.slice(end, text.indexOf('"', end))}`;
  });
}

const query = (schema: string, ...exprs: string[]): string =>
  `<queryDef schema="${schema}"><where>${exprs.map((expr) => `<condition expr="${expr}"/>`).join('')}</where></queryDef>`;

test('a field is found in all documents, by whatever path', () =>
  expect(
    references(
      query('nms:recipient', '[folder/@la$0bel] = 1', '@lastName = 2'),
      query('xtk:folder', 'Upper(@label) = 1', '[parent/parent/@label] = 2'),
      query('nms:broadLogRcp', '[recipient/folder/@label] = 1', '@id = 2'),
    ),
  ).toEqual([
    '0: [folder/«@label»] = 1',
    '1: Upper(«@label») = 1',
    '1: [parent/parent/«@label»] = 2',
    '2: [recipient/folder/«@label»] = 1',
  ]));

test('a field of the same name elsewhere is another field', () =>
  expect(references(query('nms:recipient', '@i$0d = 1'), query('xtk:folder', '@id = 1'))).toEqual([
    '0: «@id» = 1',
  ]));

test('a link counts where it is passed through', () =>
  expect(references(query('nms:recipient', '[fol$0der/@id] = 1', '[/folder/@label] = 2'))).toEqual([
    '0: [«folder»/@id] = 1',
    '0: [/«folder»/@label] = 2',
  ]));

test('a path in a predicate starts at the step it filters', () =>
  expect(
    references(query('xtk:folder', '@la$0bel = 1'), query('nms:recipient', "[folder[@label = 'x']/@id] = 1")),
  ).toEqual(['0: «@label» = 1', "1: [folder[«@label» = 'x']/@id] = 1"]));

test('collections and sub-queries have their own start', () =>
  expect(
    references(
      query('nms:recipient', '@ema$0il = 1'),
      '<queryDef schema="xtk:folder"><select><node expr="recipient"><node expr="@email"/></node></select><where><condition expr="@id" setOperator="IN"><subQuery schema="nms:recipient"><select><node expr="@email"/></select></subQuery></condition></where></queryDef>',
    ),
  ).toEqual(['0: «@email» = 1', '1: «@email»']));

test('a schema is found in attributes and joins', () =>
  expect(
    references(
      '<queryDef schema="nms:reci$0pient"/>',
      query('xtk:folder', '@id = [nms:recipient:@id]'),
      query('nms:broadLogRcp', '@id = 1'),
    ),
  ).toEqual(['0: «nms:recipient»', '1: @id = [«nms:recipient»:@id]']));

test('what the model does not know has no references', () => {
  expect(references(query('nms:recipient', '@noth$0ing = 1'))).toEqual(['no target']);
  expect(references(query('nms:recipient', '@id = 1$0'))).toEqual(['no target']);
});

const extension =
  '<srcSchema namespace="cus" name="recipient" extendedSchema="nms:recipient"><element name="recipient"><compute-string expr="@email + [location/@floor]"/><key name="k"><keyfield xpath="@email"/></key><element name="location"><attribute name="floor"/></element><element name="twin" type="link" target="nms:recipient"><join xpath-src="@email" xpath-dst="@email"/></element></element></srcSchema>';

test('a schema source is searched: expressions, keys and both sides of joins', () =>
  expect(references(query('nms:recipient', '@ema$0il = 1'), extension)).toEqual([
    '0: «@email» = 1',
    '1: «@email» + [location/@floor]',
    '1: «@email»',
    '1: «@email»',
    '1: «@email»',
  ]));

test('a field that an extension adds is declared there', () => {
  expect(references(extension.replace('name="floor"', 'name="fl$0oor"'))).toEqual([
    '0: @email + [location/«@floor»]',
    '0: «floor»',
  ]);
  expect(references(extension.replace('location/@floor', 'location/@fl$0oor'))).toEqual([
    '0: @email + [location/«@floor»]',
    '0: «floor»',
  ]);
});

test('a schema is found as target and as extended schema', () =>
  expect(references('<queryDef schema="nms:reci$0pient"/>', extension)).toEqual([
    '0: «nms:recipient»',
    '1: «nms:recipient»',
    '1: «nms:recipient»',
  ]));

test('an alias has the references of its own query', () => {
  const { text, offset } = takeCursor(
    '<queryDef schema="nms:recipient"><select><node expr="Count(@id)" alias="@to$0tal"/></select><orderBy><node expr="[@total]"/></orderBy></queryDef>',
  );
  const document = TextDocument.create('a', 'campaign-querydef', 1, text);
  const context = { model: testModel, document, region: findRegions('campaign-querydef', text).queries[0]! };
  expect(aliasReferences(context, offset)?.map(({ range }) => document.getText(range))).toEqual([
    '@total',
    '[@total]',
  ]);
  expect(aliasReferences(context, 0)).toBeUndefined();
});

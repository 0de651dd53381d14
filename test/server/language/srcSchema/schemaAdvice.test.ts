import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LanguageModel } from '../../../../server/language/model.ts';
import { checkSchemaSource } from '../../../../server/language/srcSchema/schemaChecks.ts';
import { checkTaste } from '../../../../server/language/srcSchema/tasteChecks.ts';
import { demoModel, demoSchemaFolder } from '../../../corpus/demoModel.ts';
import { createModel } from '../../../support/queryModel.ts';
import { schemaContext } from '../../../support/schemaSource.ts';

const code = '<key name="code"><keyfield xpath="@code"/></key>';
const fields = '<attribute name="code" label="Code" type="string" length="8"/>';

/** A local table with the given parts, and nothing to say about the rest of it. */
const table = (parts: string, attributes = 'autopk="true" pkSequence="CusVisitSeq"', root = ''): string =>
  `<srcSchema namespace="cus" name="visit"${root}><element name="visit" ${attributes}>${code}${fields}${parts}</element></srcSchema>`;
const extension = (parts: string, attributes = '', extended = 'nms:recipient'): string =>
  `<srcSchema namespace="cus" name="more" extendedSchema="${extended}"><element name="more" ${attributes}>${parts}</element></srcSchema>`;
const link = (attributes: string, inner = '', name = 'store'): string =>
  `<element name="${name}" label="L" type="link" target="cus:store" ${attributes}>${inner}</element>`;

function check(text: string, model: LanguageModel = demoModel): string[] {
  return checkSchemaSource(schemaContext(text, model)).map(
    (problem) => `${problem.code} «${text.slice(problem.start, problem.end)}»`,
  );
}

/** The text after the only problem's fix. */
function fixed(text: string, model: LanguageModel = demoModel): string {
  const [problem] = checkSchemaSource(schemaContext(text, model));
  const edit = problem!.fixes[0]!.edits[0]!;
  return text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

test('a table as the guides have it gives no advice', () => {
  expect(check(table(link('')))).toEqual([]);
  expect(check(extension('<attribute name="club" label="Club" type="string" length="9"/>'))).toEqual([]);
});

test('a feature needs a key of one field', () => {
  const composite = (feature: string): string =>
    `<srcSchema namespace="cus" name="seat"><element name="seat"><key name="k" internal="true"><keyfield xlink="store"/><keyfield xlink="b"/></key><attribute name="note" label="N" type="byte"${feature}/>${link('')}${link('', '', 'b')}</element></srcSchema>`;
  expect(check(composite(' feature="shared"'))).toEqual(['lint/feature-composite-key «shared»']);
  expect(check(composite(''))).toEqual([]);
  expect(check(table('<attribute name="n" label="N" type="byte" feature="shared"/>'))).toEqual([]);
});

test('an extension keeps the sequence of its table', () => {
  const text = extension('', 'pkSequence="CusOtherSeq"');
  expect(check(text)).toEqual(['lint/sequence-changed «CusOtherSeq»']);
  expect(check(fixed(text))).toEqual([]);
  const sequence = demoModel.getSchema('nms:recipient')!.root!.raw.get('pkSequence') ?? 'XtkNewId';
  expect(check(extension('', `pkSequence="${sequence}"`))).toEqual([]);
});

test('what an extension deletes is advised against where the product has it', () => {
  const deleted = (what: string): string => extension(`<${what} _operation="delete"/>`);
  expect(check(deleted('attribute name="email"'))).toEqual(['lint/builtin-delete «delete»']);
  expect(check(deleted('element name="folder"'))).toEqual(['lint/builtin-delete «delete»']);
  expect(
    check(extension('<element name="location"><attribute name="city" _operation="delete"/></element>')),
  ).toEqual(['lint/builtin-delete «delete»']);
  // Added by an extension of ours, not there, an access filter, or a field of a schema of ours.
  expect(check(deleted('attribute name="loyaltyPoints"'))).toEqual([]);
  expect(check(deleted('attribute name="nothing"'))).toEqual([]);
  expect(check(deleted('sysFilter name="writeAccess"'))).toEqual([]);
  expect(check(extension('<attribute name="code" _operation="delete"/>', '', 'cus:store'))).toEqual([]);
});

test('NOT NULL on a table with records is pointed out where the column would be null', () => {
  const added = (more: string): string => extension(`<attribute name="a" label="A" notNull="true" ${more}/>`);
  expect(check(added('type="string" length="9"'))).toEqual(['schema/not-null-on-existing «true»']);
  expect(check(added('type="datetime"'))).toEqual(['schema/not-null-on-existing «true»']);
  expect(check(added('type="long"'))).toEqual([]);
  expect(check(added(`type="string" length="9" sqlDefault="''"`))).toEqual([]);
  expect(check(table('<attribute name="a" label="A" type="date" notNull="true"/>'))).toEqual([]);
});

test('a new table that links into the cloud is in the cloud itself', () => {
  const text = table('<element name="purchase" type="link" target="cus:purchase"/>', 'autopk="true"').replace(
    'autopk="true"',
    'autopk="true" autouuid="true"',
  );
  expect(check(text)).toContain('lint/missing-datasource «element»');
  expect(check(table(link('')))).toEqual([]);
  // A table the instance has is where it is.
  const installed = text.replaceAll('"visit"', '"store"');
  expect(check(installed).join()).not.toContain('missing-datasource');
});

test('joins by text, by several columns and by filters are slow', () => {
  const join = (attributes: string): string => `<join xpath-dst="@code" ${attributes}/>`;
  expect(check(table(link('', join('xpath-src="@code"'))))).toEqual(['lint/string-join-key «@code»']);
  const cloud = 'autopk="true" autouuid="true" dataSource="nms:extAccount:ffda"';
  expect(check(table(link('', join('xpath-src="@code"')), cloud))).toEqual([]);
  // A join that leads nowhere is no join by text.
  expect(check(table(link('', '<join xpath-src="@code" xpath-dst="@nope"/>')))).toEqual([
    'schema/join-path-unknown «@nope»',
  ]);
  const both =
    '<join xpath-src="@store-id" xpath-dst="@id"/><join xpath-src="@storeType" xpath-dst="@type"/>';
  const numbers =
    '<attribute name="store-id" template="cus:store:store/@id"/><attribute name="storeType" label="T" type="byte"/>';
  expect(check(table(numbers + link('', both)))).toEqual(['lint/multi-column-join «join»']);
  const filtered = '<join xpath-src="@storeType" xpath-dst="@type" dstFilterExpr="@active = 1"/>';
  expect(check(table(numbers + link('', filtered)))).toEqual(['lint/multi-column-join «join»']);
});

test('the reverse of a link to the last record is hidden', () => {
  const last = (more: string): string => table(link(`revCardinality="single"${more}`, '', 'lastStore'));
  expect(check(last(''))).toEqual(['lint/visible-technical-revlink «lastStore»']);
  expect(check(last(' revLink="_NONE_"'))).toEqual([]);
  expect(check(fixed(last('')))).toEqual([]);
  expect(check(fixed(last(' revLink="x"')))).toEqual([]);
  expect(check(table(link('revCardinality="single"')))).toEqual([]);
});

test('flags and short lists are stored in small types', () => {
  const flag = (name: string, type: string): string =>
    table(`<attribute name="${name}" label="A" type="${type}"/>`);
  expect(check(flag('isPaid', 'long'))).toEqual(['lint/wide-type «long»']);
  expect(check(fixed(flag('hasPaid', 'double')))).toEqual([]);
  expect(check(flag('isPaid', 'boolean'))).toEqual([]);
  expect(check(flag('issue', 'long'))).toEqual([]);
  const list = (type: string, value: string): string =>
    table('').replace(
      '<element name="visit"',
      `<enumeration name="e" basetype="${type}"><value name="a" value="${value}"/></enumeration><element name="visit"`,
    );
  expect(check(list('long', '12'))).toEqual(['lint/wide-type «long»']);
  expect(check(list('long', '1200'))).toEqual([]);
  expect(check(list('byte', '12'))).toEqual([]);
});

test('an index that another makes useless is pointed out, and too many are', () => {
  const index = (name: string, ...xpaths: string[]): string =>
    `<dbindex name="${name}">${xpaths.map((xpath) => `<keyfield xpath="${xpath}"/>`).join('')}</dbindex>`;
  const more = 'abcdef'
    .split('')
    .map((name) => `<attribute name="${name}" label="A" type="byte"/>`)
    .join('');
  const indexed = (...indexes: string[]): string[] => check(table(indexes.join('') + more));
  expect(indexed(index('i', '@a'), index('j', '@a', '@b'))).toEqual(['lint/too-many-indexes «dbindex»']);
  expect(indexed(index('i', '@a'), index('j', '@b', '@a'))).toEqual([]);
  expect(indexed(index('i', '@a'), index('j', '@a'))).toEqual(['lint/too-many-indexes «dbindex»']);
  expect(indexed(index('i', '@code'))).toEqual(['lint/too-many-indexes «dbindex»']);
  expect(
    indexed('<dbindex name="i" unique="true"><keyfield xpath="@a"/></dbindex>', index('j', '@a', '@b')),
  ).toEqual([]);
  const six = 'abcdef'.split('').map((name) => index(name, `@${name}`));
  expect(indexed(...six)).toEqual(['lint/too-many-indexes «dbindex»']);
  expect(indexed(...six.slice(1))).toEqual([]);
});

test('foreign keys are indexed where that pays', () => {
  const by = '<element name="createdBy" type="link" target="xtk:operator"/>';
  expect(check(table(by))).toEqual(['lint/useless-fk-index «createdBy»']);
  expect(check(fixed(table(by)))).toEqual([]);
  expect(check(table(link('noDbIndex="true"')))).toEqual(['lint/fk-not-indexed «true»']);
  expect(check(fixed(table(link('noDbIndex="true"'))))).toEqual([]);
  expect(check(table(link('noDbIndex="true" revLink="_NONE_"')))).toEqual([]);
  const own = '<dbindex name="s"><keyfield xlink="store"/></dbindex>';
  expect(check(table(own + link('noDbIndex="true"')))).toEqual([]);
});

test('a field with values to choose from has a column', () => {
  const field = '<attribute name="a" label="A" type="byte" enum="cus:store:storeType" xml="true"/>';
  expect(check(table(field))).toEqual(['lint/xml-filterable «true»']);
  expect(check(fixed(table(field)))).toEqual([]);
  expect(check(table('<attribute name="a" label="A" type="byte" xml="true"/>'))).toEqual([]);
});

test('a schema of an existing table says its names and indexes', () => {
  const view = (parts: string, attributes: string): string =>
    `<srcSchema namespace="cus" name="visit" view="true"><element name="visit" ${attributes}>${parts}${code}${fields}<attribute name="x" label="X" type="byte" xml="true"/></element></srcSchema>`;
  const index = '<dbindex name="i"><keyfield xpath="@code"/></dbindex>';
  expect(check(view('', 'sqltable="V"'))).toEqual([
    'lint/existing-table-index «element»',
    'lint/view-explicit-names «code»',
  ]);
  const named = view(index, 'sqltable="V"').replace('length="8"', 'length="8" sqlname="CODE"');
  expect(check(named)).toEqual([]);
  expect(check(named.replace(' sqltable="V"', ''))).toEqual(['lint/view-explicit-names «element»']);
});

test('a schema of the product that is edited is no new one in its namespace', () => {
  const country = (name: string): string =>
    `<srcSchema namespace="nms" name="${name}"><element name="${name}">${code}${fields}</element></srcSchema>`;
  expect(check(country('country'))).toEqual(['lint/builtin-edited «nms»']);
  expect(check(country('nothing'))).toEqual(['schema/reserved-namespace «nms»']);
  const offline: LanguageModel = { getSchema: () => undefined, listSchemas: () => undefined };
  expect(check(country('nothing'), offline)).toEqual(['lint/builtin-edited «nms»']);
});

test('ref, template and aggregate lead somewhere', () => {
  const using = (attributes: string): string =>
    table(`<element name="x" ${attributes}/>`).replace('</srcSchema>', '<element name="line"/></srcSchema>');
  expect(check(using('ref="line" unbound="true"'))).toEqual([]);
  expect(check(using('ref="lines"'))).toEqual(['schema/ref-unknown «lines»']);
  expect(fixed(using('ref="lines"'))).toBe(using('ref="line"'));
  expect(check(using('ref="cus:line"'))).toEqual(['schema/ref-unknown «cus:line»']);
  expect(check(using('ref="xtk:queryDef:where"'))).toEqual([]);
  expect(check(using('ref="xtk:queryDef:were"'))).toEqual(['schema/ref-unknown «xtk:queryDef:were»']);
  expect(fixed(using('ref="xtk:queryDef:were"'))).toBe(using('ref="xtk:queryDef:where"'));
  expect(check(using('aggregate="xtk:comon:auditTrail"'))).toEqual([
    'schema/ref-unknown «xtk:comon:auditTrail»',
  ]);
  expect(fixed(using('aggregate="xtk:comon:auditTrail"'))).toBe(using('aggregate="xtk:common:auditTrail"'));
  expect(check(table('<attribute name="x" template="nms:recipient:recipient/@email"/>'))).toEqual([]);
  expect(check(table('<attribute name="x" template="nms:recipient:recipient/@mail"/>'))).toEqual([
    'schema/ref-unknown «nms:recipient:recipient/@mail»',
  ]);
});

test('definitions of fields and lists are found, and what is not known is not judged', () => {
  const library = `<schema namespace="cus" name="common" library="true"><attribute name="phone" length="20"/><enumeration name="level"/></schema>`;
  const model = createModel(new Map([['cus:common', library]]));
  expect(check(table('<attribute name="p" template="cus:common:phone"/>'), model)).toEqual([]);
  const list = '<enumeration name="e" template="cus:common:level"/>';
  expect(check(table('').replace('<element', `${list}<element`), model)).toEqual([]);
  const partly: LanguageModel = { ...model, getSchema: () => undefined };
  expect(check(table('<attribute name="p" template="cus:common:fone"/>'), partly)).toEqual([]);
  expect(check(table('<attribute name="p" template="cus:common:fone"/>'), model)).toEqual([
    'schema/ref-unknown «cus:common:fone»',
  ]);
});

test('an extension may refer to the definitions of the schema it extends', () => {
  const using = (name: string): string => extension(`<element name="x" ref="${name}"/>`, '', 'xtk:queryDef');
  // That schema cannot be extended at all; its definitions are there nevertheless.
  expect(check(using('where'))).toEqual(['schema/extension-forbidden «xtk:queryDef»']);
  expect(check(using('wher'))).toContain('schema/ref-unknown «wher»');
});

test('rules of taste are found, and kept apart', () => {
  const taste = (text: string): string[] =>
    checkTaste(schemaContext(text, demoModel)).map(
      (problem) => `${problem.code} «${text.slice(problem.start, problem.end)}»`,
    );
  expect(taste(table(link('')))).toEqual(['lint/implicit-join «store»']);
  expect(taste(table(link('', '<join xpath-src="@s" xpath-dst="@id"/>')))).toEqual([]);
  expect(taste(table(link('', '<join xpath-src="@s" xpath-dst="@id"/>', 'place')))).toEqual([
    'lint/link-name-target «place»',
  ]);
  expect(taste(table(link('', '<join xpath-src="@s" xpath-dst="@id"/>', 'mainStore')))).toEqual([]);
  expect(taste(table('<element name="c"/><attribute name="late"/>'))).toEqual([
    'lint/element-order «attribute»',
  ]);
  expect(taste('<srcSchema name="a"><methods/><element name="a"/></srcSchema>')).toEqual([
    'lint/element-order «element»',
  ]);
  expect(taste('<form/>')).toEqual([]);
});

test('an automatic key is the internal one', () => {
  const keyed = (internal: string, xpath: string): string =>
    table(`<key name="k"${internal}><keyfield xpath="${xpath}"/></key>`).replace(code, '');
  const text = keyed(' internal="true"', '@code');
  expect(check(text)).toEqual(['schema/two-internal-keys «key»']);
  expect(checkSchemaSource(schemaContext(text, demoModel))[0]!.severity).toBe('warning');
  expect(check(fixed(text))).toEqual([]);
  expect(check(keyed(' internal="true"', '@id'))).toEqual([]);
});

test('a string in the XML part needs no length: it has no column', () => {
  const text = '<attribute name="t" label="T" type="string"/>';
  expect(check(table(text))).toEqual(['lint/string-no-length «t»']);
  expect(check(table(`<element name="c" xml="true" unbound="true">${text}</element>`))).toEqual([]);
  expect(check(table('<attribute name="t" label="T" type="string" xml="true"/>'))).toEqual([]);
});

const seldomAdvice = /^lint\/(?:string-join-key|external-join)$/;

test('the source schemas of the demonstration follow the advice, but for what they show on purpose', () => {
  const folder = new URL('../../../../sandbox/campaign/data/srcSchemas/cus/', import.meta.url);
  for (const name of readdirSync(folder)) {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const codes = checkSchemaSource(schemaContext(text, demoModel)).map((problem) => problem.code);
    expect(
      codes.filter((code) => !seldomAdvice.test(code)),
      name,
    ).toEqual([]);
  }
});

test('nothing in the grammar of the compiled schemas is unknown', () => {
  for (const name of readdirSync(demoSchemaFolder, { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.xml')) continue;
    const text = readFileSync(`${demoSchemaFolder}/${name}`, 'utf8').replaceAll(
      /(<\/?)schema\b/g,
      '$1srcSchema',
    );
    const codes = checkSchemaSource(schemaContext(text, demoModel)).map((problem) => problem.code);
    expect(
      codes.filter((code) => code.startsWith('schema/') || code.startsWith('expression/')),
      name,
    ).toEqual([]);
  }
});

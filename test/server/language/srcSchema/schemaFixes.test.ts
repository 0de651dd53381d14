import { expect, test } from 'vitest';
import { checkSchemaSource } from '../../../../server/language/srcSchema/schemaChecks.ts';
import { demoModel } from '../../../corpus/demoModel.ts';
import { schemaContext } from '../../../support/schemaSource.ts';

/** A table with the given parts, and nothing to say about the rest of it. */
function table(parts: string, root = ''): string {
  return `<srcSchema namespace="cus" name="visit"${root}><element name="visit" autopk="true" pkSequence="CusVisitSeq">
<key name="code"><keyfield xpath="@code"/></key><attribute name="code" label="Code" type="string" length="8"/>
${parts}</element></srcSchema>`;
}

function problemsOf(parts: string, root?: string): string[] {
  return checkSchemaSource(schemaContext(table(parts, root), demoModel)).map(
    ({ code, message }) => `${code}: ${message}`,
  );
}

/** The parts after the first fix of each problem. */
function fixed(parts: string): string {
  const text = table(parts);
  const edits = checkSchemaSource(schemaContext(text, demoModel)).flatMap(
    ({ fixes }) => fixes[0]?.edits ?? [],
  );
  const result = edits.reduceRight(
    (at, { start, end, newText }) => at.slice(0, start) + newText + at.slice(end),
    text,
  );
  return result.slice(text.indexOf(parts), result.indexOf('</element></srcSchema>'));
}

test.each([
  ['integer', 'long'],
  ['Bool', 'boolean'],
  ['timestamp', 'datetime'],
  ['varchar', 'string'],
  ['dateTime', 'datetime'],
])('the type %s of other languages is %s here', (written, meant) => {
  const field = (type: string): string =>
    `<attribute name="a" label="A" type="${type}"${meant === 'string' ? ' length="9"' : ''}/>`;
  expect(problemsOf(field(written))).toEqual([
    `schema/unknown-type: There is no data type "${written}". Did you mean ${meant}?`,
  ]);
  expect(fixed(field(written))).toBe(field(meant));
});

test('a type that reminds of none has no suggestion', () => {
  expect(problemsOf('<attribute name="a" label="A" type="colour"/>')).toEqual([
    'schema/unknown-type: There is no data type "colour".',
  ]);
});

const address =
  '<element name="address"><attribute name="city" label="City" type="string" length="60"/></element>';

test.each([
  ['@cod', '@code', 'field'],
  ['code', '@code', 'field'],
  ['address/@City', 'address/@city', 'field'],
  ['adress/@city', 'address/@city', 'field'],
])('a key on %s is meant for %s', (written, meant, what) => {
  const key = (path: string): string => `${address}<key name="k"><keyfield xpath="${path}"/></key>`;
  expect(problemsOf(key(written))).toEqual([
    `schema/keyfield-path-unknown: There is no ${what} ${written} in this schema. Did you mean ${meant}?`,
  ]);
  expect(fixed(key(written))).toBe(key(meant));
});

test('either side of a join says what was probably meant', () => {
  const link = (source: string, target: string): string =>
    `<element name="store" type="link" target="cus:store"><join xpath-src="${source}" xpath-dst="${target}"/></element>`;
  expect(problemsOf(link('@Code', '@cod'))).toEqual([
    'schema/join-path-unknown: There is no field @Code in this schema. Did you mean @code?',
    'schema/join-path-unknown: There is no field @cod in cus:store. Did you mean @code?',
  ]);
  expect(fixed(link('@Code', '@cod'))).toBe(link('@code', '@code'));
});

test('a join may use the foreign key the server makes for a link', () => {
  const links = (path: string): string => `<element name="store" type="link" target="cus:store"/>
<element name="sameStore" type="link" target="cus:store"><join xpath-src="${path}" xpath-dst="@id"/></element>`;
  expect(problemsOf(links('@store-id'))).toEqual([]);
  expect(problemsOf(links('@shop-id'))).toHaveLength(1);
});

test('a link inside a container joins from the container or from the main element', () => {
  const link = (path: string): string => `<element name="place">
<attribute name="storeCode" label="Store" type="string" length="16"/>
<element name="store" type="link" target="cus:store"><join xpath-src="${path}" xpath-dst="@code"/></element></element>`;
  const errors = (path: string): string[] =>
    problemsOf(link(path)).filter((problem) => problem.startsWith('schema/'));
  expect(errors('@storeCode')).toEqual([]);
  expect(errors('place/@storeCode')).toEqual([]);
  expect(errors('@storecode')).toHaveLength(1);
});

test('a join in an element whose type was forgotten is reported, and not where the type is declared elsewhere', () => {
  const element = (more: string): string =>
    `<element name="store" target="cus:store"${more}><join xpath-src="@code" xpath-dst="@code"/></element>`;
  expect(problemsOf(element(''))).toEqual([
    'schema/join-outside-link: A join belongs to a link: an element with type="link".',
  ]);
  expect(problemsOf(element(' template="cus:purchase:purchase/store"'))).toEqual([]);
  expect(problemsOf(element(''), ' extendedSchema="nms:recipient"').join()).not.toContain('schema/');
});

test('beside an automatic key, a key of several fields is not the primary one', () => {
  const key = (internal: string): string =>
    `<key name="k"${internal}><keyfield xpath="@code"/><keyfield xpath="@day"/></key><attribute name="day" label="Day" type="date"/>`;
  expect(problemsOf(key(''))).toEqual([]);
  expect(problemsOf(key(' internal="true"')).join('\n')).toContain('lint/composite-primary-key');
});

test.each([
  [
    'an outer join that is not needed goes, with the space before it',
    '<element name="store" type="link" externalJoin="true" target="cus:store"/>',
    '<element name="store" type="link" target="cus:store"/>',
  ],
  [
    'the integrity of a log becomes normal',
    '<element name="log" type="link" target="nms:broadLogRcp" integrity="owncopy"/>',
    '<element name="log" type="link" target="nms:broadLogRcp" integrity="normal"/>',
  ],
  [
    'the second primary key becomes an ordinary one',
    '<key name="a" internal="true"><keyfield xpath="@code"/></key><key internal="true" name="b"><keyfield xpath="@code"/></key>',
    '<key name="a" internal="true"><keyfield xpath="@code"/></key><key name="b"><keyfield xpath="@code"/></key>',
  ],
  [
    'a string without length gets the one its column has',
    '<attribute name="a" label="A"/>',
    '<attribute name="a" label="A" length="255"/>',
  ],
  [
    'a field takes the type of its enumeration',
    '<attribute name="a" label="A" type="string" length="8" enum="cus:purchase:channel"/>',
    '<attribute name="a" label="A" type="byte" length="8" enum="cus:purchase:channel"/>',
  ],
  [
    'yes and no are true and false',
    '<attribute name="a" label="A" type="long" required="Yes" advanced="no"/>',
    '<attribute name="a" label="A" type="long" required="true" advanced="false"/>',
  ],
])('%s', (_, before, after) => expect(fixed(before)).toBe(after));

test('the default of an enumeration is the name of a value, whose stored value is understood', () => {
  const text = `<srcSchema namespace="cus" name="visit"><enumeration name="state" basetype="byte" default="1">
<value name="open" value="0"/><value name="paid" value="1"/></enumeration></srcSchema>`;
  const [problem] = checkSchemaSource(schemaContext(text, demoModel));
  expect(problem?.message).toBe('The default "1" is not the name of one of the values: open, paid.');
  expect(problem?.fixes.map(({ title }) => title)).toEqual(['Change to paid']);
});

test('a key of a collection names the fields of its items, stored in XML or not', () => {
  const lines = (path: string): string => `<element name="lines" label="Lines" xml="true" unbound="true">
<key name="line"><keyfield xpath="${path}"/></key><attribute name="number" label="Number" type="long"/></element>`;
  expect(problemsOf(lines('@number'))).toEqual([]);
  expect(problemsOf(lines('@code'))).toEqual([
    'schema/keyfield-path-unknown: There is no field @code in this schema.',
  ]);
});

test('a key that a template brings, and one of a file, is not asked for', () => {
  const problems = (root: string, main: string): string[] =>
    checkSchemaSource(
      schemaContext(
        `<srcSchema namespace="cus" name="visit"${root}><element name="visit"${main}/></srcSchema>`,
        demoModel,
      ),
    ).map(({ code }) => code);
  expect(problems('', '')).toEqual(['schema/no-key']);
  expect(problems('', ' template="cus:product:product"')).toEqual([]);
  expect(problems(' mappingType="xmlFile"', '')).toEqual([]);
});

test('a description inside a method is let be', () => {
  const text = `<srcSchema namespace="cus" name="visit"><methods><method name="Close" library="cus:visit.js">
<description><para>Closes it.</para></description></method></methods></srcSchema>`;
  expect(checkSchemaSource(schemaContext(text, demoModel))).toEqual([]);
});

test('keys, indexes and joins know what templates, aggregates and links bring, and doubt what they may bring', () => {
  const audit = '<element name="auditTrail" aggregate="xtk:common:auditTrail"/>';
  const index = (xpath: string): string => `<dbindex name="i"><keyfield xpath="${xpath}"/></dbindex>`;
  expect(problemsOf(audit + index('@lastModified'))).toEqual([]);
  expect(problemsOf(audit + index('@lastModifed'))).toEqual([
    'schema/keyfield-path-unknown: There is no field @lastModifed in this schema. Did you mean @lastModified?',
  ]);
  expect(problemsOf(index('@lastModified'))).toHaveLength(1);
  const home = (template: string, xpath: string): string[] =>
    problemsOf(`<element name="home" template="${template}"/>${index(xpath)}`);
  expect(home('nms:recipient:recipient/location', 'home/@city')).toEqual([]);
  expect(home('nms:recipient:recipient/location', 'home/@town')).toHaveLength(1);
  expect(problemsOf(`<element name="store" type="link" target="cus:store"/>${index('@store-id')}`)).toEqual(
    [],
  );
});

test('a link to its own schema joins the fields that the schema will have', () => {
  const link = (path: string): string =>
    `<element name="auditTrail" aggregate="xtk:common:auditTrail"/><attribute name="since" label="S" type="datetime"/>
<element name="other" type="link" target="cus:visit"><join xpath-src="@since" xpath-dst="${path}"/></element>`;
  expect(problemsOf(link('@lastModified'))).toEqual([]);
  expect(problemsOf(link('@id'))).toEqual([]);
  expect(problemsOf(link('@lastmodifed'))).toHaveLength(1);
});

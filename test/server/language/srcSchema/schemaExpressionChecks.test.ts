import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { LanguageModel } from '../../../../server/language/model.ts';
import { checkSchemaSource } from '../../../../server/language/srcSchema/schemaChecks.ts';
import { schemaExpressions } from '../../../../server/language/srcSchema/schemaExpression.ts';
import { checkSchemaExpressions } from '../../../../server/language/srcSchema/schemaExpressionChecks.ts';
import { demoModel, demoSchemaFolder } from '../../../corpus/demoModel.ts';
import { createModel } from '../../../support/queryModel.ts';
import { schemaContext } from '../../../support/schemaSource.ts';

const visit = (parts: string, beside = ''): string =>
  `<srcSchema namespace="cus" name="visit">${beside}<element name="visit" autopk="true"><attribute name="code" type="string"/><attribute name="count" type="long"/><attribute name="note" xml="true"/><element name="place"><attribute name="city"/></element><element name="store" type="link" target="cus:store"/>${parts}</element></srcSchema>`;
const extension = (parts: string): string =>
  `<srcSchema namespace="cus" name="more" extendedSchema="nms:recipient"><element name="recipient"><attribute name="club"/>${parts}</element></srcSchema>`;
const field = (expr: string, more = ''): string => `<attribute name="f" expr="${expr}" ${more}/>`;

/** `code «underlined text»` for each problem of the expressions. */
function check(text: string, model: LanguageModel = demoModel): string[] {
  return checkSchemaExpressions(schemaContext(text, model)).map(
    (problem) => `${problem.code} «${text.slice(problem.start, problem.end)}»`,
  );
}

function fixed(text: string): string {
  const edit = checkSchemaExpressions(schemaContext(text, demoModel))[0]!.fixes[0]!.edits[0]!;
  return text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

test.each([
  ['a field of the document', '@code'],
  ['the generated key', 'ToString(@id)'],
  ['a foreign key the server makes', '[@store-id]'],
  ['a field of a container', '[place/@city]'],
  ['a field of a container from the root', '[/place/@city]'],
  ['the memo of the record', 'data'],
  ['a constant', "'x'"],
  ['the number of the row', 'RowId'],
  ['a macro', '$(login)'],
])('%s may be read', (_, expr) => expect(check(visit(field(expr)))).toEqual([]));

test.each([
  ['a field that is not there', '@cod', 'schema/expr-unknown-field «@cod»'],
  ['a field without its @', 'code', 'schema/expr-unknown-field «code»'],
  ['a field of a container that is not there', '[place/@town]', 'schema/expr-unknown-field «@town»'],
  ['a foreign key of no link', '[@shop-id]', 'schema/expr-unknown-field «@shop-id»'],
  ['a function nobody knows', 'Uper(@code)', 'expression/function-unknown «Uper»'],
  ['too few arguments', 'Iif(@count)', 'expression/argument-count «Iif»'],
  ['a half expression', '@count +', 'expression/operand-missing «»'],
  ['a number compared with text', "@count = 'one'", "expression/type-mismatch «'one'»"],
  ['an empty field', '', 'expression/empty «»'],
])('%s is reported', (_, expr, expected) => {
  const [first, ...others] = check(visit(field(expr)));
  expect(others).toEqual([]);
  expect(first?.replace(/«.*»/, '')).toBe(expected.replace(/«.*»/, ''));
  if (expected.startsWith('schema/')) expect(first).toBe(expected);
});

test('a misspelt field has a fix', () => {
  expect(fixed(visit(field('Upper(@cod)')))).toBe(visit(field('Upper(@code)')));
  expect(fixed(visit(field('[place/city]')))).toBe(visit(field('[place/@city]')));
});

test('a field of a link is one of its target', () => {
  expect(check(visit('<compute-string expr="[store/@label]"/>'))).toEqual([]);
  expect(check(visit('<compute-string expr="[store/@lable]"/>'))).toEqual([
    'schema/expr-unknown-field «@lable»',
  ]);
});

test('the filter of a link is about its target, and a condition', () => {
  const filtered = (expr: string): string =>
    visit(
      `<element name="s" type="link" target="cus:store"><join xpath-src="@count" xpath-dst="@id" dstFilterExpr="${expr}"/></element>`,
    );
  expect(check(filtered('@active = 1'))).toEqual([]);
  expect(check(filtered('@count = 1'))).toEqual(['schema/expr-unknown-field «@count»']);
  expect(check(filtered('@label'))).toEqual(['expression/not-a-condition «@label»']);
  expect(check(filtered('[openingHours/@day] = 1'))).toEqual(['lint/xml-filterable «[openingHours/@day]»']);
});

test('access filters are conditions; the operator they are asked for is known', () => {
  const filter = (condition: string): string =>
    visit(`<sysFilter name="readAccess"><condition ${condition}/></sysFilter>`);
  expect(check(filter('expr="FALSE" enabledIf="hasNamedRight(\'admin\') = false"'))).toEqual([]);
  expect(check(filter('expr="FALSE" enabledIf="$(loginId) != 0"'))).toEqual([]);
  expect(check(filter('expr="@code = [currentOperator/@name]"'))).toEqual([]);
  expect(check(filter('expr="@cod = 1"'))).toEqual(['schema/expr-unknown-field «@cod»']);
  expect(check(filter('expr="@note = \'a\'"'))).toEqual(['lint/xml-filterable «@note»']);
});

test('a field of a container is looked for there and in the table', () => {
  const inPlace = (expr: string): string =>
    visit(`<element name="c"><attribute name="d"/>${field(expr)}</element>`);
  expect(check(inPlace('@d'))).toEqual([]);
  expect(check(inPlace('@code'))).toEqual([]);
  expect(check(inPlace('@nothing'))).toEqual(['schema/expr-unknown-field «@nothing»']);
});

test('an extension reads its own fields and those of what it extends', () => {
  expect(check(extension(field('@club + @email + [location/@city]')))).toEqual([]);
  expect(check(extension(field('@emial')))).toEqual(['schema/expr-unknown-field «@emial»']);
  // The base says the type of a field an extension only relabels.
  expect(check(extension('<attribute name="gender" label="G"/>' + field('@gender = 1')))).toEqual([]);
  const partly: LanguageModel = { ...demoModel, getSchema: () => undefined };
  expect(check(extension(field('@emial')), partly)).toEqual([]);
});

test('what aggregates and templates bring is there, and what they may bring is not judged', () => {
  const audit = '<element name="auditTrail" aggregate="xtk:common:auditTrail"/>';
  expect(check(visit(audit + field('ToString(@lastModified)')))).toEqual([]);
  expect(check(visit(audit + field('[@createdBy-id]')))).toEqual([]);
  expect(check(visit(field('ToString(@lastModified)')))).toEqual([
    'schema/expr-unknown-field «@lastModified»',
  ]);
  const copy = (template: string): string =>
    visit(`<element name="home" template="${template}"><attribute name="own"/></element>`);
  const using = (template: string, expr: string): string =>
    copy(template).replace('</element></srcSchema>', `${field(expr)}</element></srcSchema>`);
  expect(check(using('nms:recipient:recipient/location', '[home/@city] + [home/@own]'))).toEqual([]);
  expect(check(using('nms:recipient:recipient/location', '[home/@town]'))).toEqual([
    'schema/expr-unknown-field «@town»',
  ]);
  const partly: LanguageModel = {
    ...demoModel,
    getSchema: (id) => (id === 'nms:recipient' ? undefined : demoModel.getSchema(id)),
  };
  expect(check(using('nms:recipient:recipient/location', '[home/@town]'), partly)).toEqual([]);
});

test('a ref is followed', () => {
  const line = '<element name="line"><attribute name="article"/></element>';
  const lines = (expr: string): string => visit(`<element name="first" ref="line"/>${field(expr)}`, line);
  expect(check(lines('[first/@article]'))).toEqual([]);
  expect(check(lines('[first/@artikel]'))).toEqual(['schema/expr-unknown-field «@artikel»']);
});

test('what other schemas have added on the instance is there', () => {
  const installed = `<schema namespace="cus" name="visit"><element name="visit"><attribute name="old"/><attribute name="points" type="long" belongsTo="cus:more"/><element name="answer" type="link" target="cus:store" unbound="true" belongsTo="cus:answer"/></element></schema>`;
  const model = createModel(new Map([['cus:visit', installed]]));
  expect(check(visit(field('@points')), model)).toEqual([]);
  expect(check(visit('<compute-string expr="[answer/@code]"/>'), model)).toEqual([]);
  expect(check(visit('<compute-string expr="[answers/@code]"/>'), model)).toEqual([
    'schema/expr-unknown-field «answers»',
  ]);
  // What the document itself no longer has is gone.
  expect(check(visit(field('@old')), model)).toEqual(['schema/expr-unknown-field «@old»']);
});

test('nothing is said about fields while the model does not know whether others add to the schema', () => {
  const loading: LanguageModel = { getSchema: () => undefined, listSchemas: () => undefined };
  expect(check(visit(field('@nothing')), loading)).toEqual([]);
  expect(check(visit(field('Uper(@nothing)')), loading)).toEqual(['expression/function-unknown «Uper»']);
});

test('a default is an expression of the record that is made', () => {
  const withDefault = (value: string, type = 'string'): string =>
    visit(`<attribute name="d" type="${type}" default="${value}"/>`);
  expect(check(withDefault("'FRM' + CounterValue('a')"))).toEqual([]);
  expect(check(withDefault('@code'))).toEqual([]);
  expect(check(withDefault('[/ignored/@a]'))).toEqual([]);
  expect(check(withDefault('[/context/@a]'))).toEqual([]);
  expect(check(withDefault('[currentOperator/@name]'))).toEqual([]);
  expect(check(withDefault('new'))).toEqual([]);
  expect(check(withDefault('@cod'))).toEqual(['schema/expr-unknown-field «@cod»']);
  expect(check(withDefault('GetDat()', 'datetime'))).toEqual(['expression/function-unknown «GetDat»']);
});

test('conditions of screens are read, their fields are not judged; defaults in SQL are not read at all', () => {
  expect(check(visit('<attribute name="a" visibleIf="@nothing = 1"/>'))).toEqual([]);
  expect(check(visit('<attribute name="a" visibleIf="@count ="/>'))).toEqual([
    'expression/operand-missing «=»',
  ]);
  expect(check(visit(`<attribute name="a" applicableIf="HasPackage('nms:social')"/>`))).toEqual([]);
  expect(check(visit('<attribute name="a" sqlDefault="CURRENT_DATE - INTERVAL \'1\' DAY"/>'))).toEqual([]);
  expect(check(visit('<attribute name="a" visibleIf=""/>'))).toEqual([]);
});

test('a computed field that is costly to read is pointed out', () => {
  expect(check(visit(field('[store/@label]')))).toEqual(['lint/complex-expr «[store/@label]»']);
  const deep = 'Upper(Smart(Left(Lower(@code), 3)))';
  expect(check(visit(field(deep)))).toEqual([`lint/complex-expr «${deep}»`]);
  expect(check(visit(field('Upper(Smart(Left(@code, 3)))')))).toEqual([]);
  expect(check(visit(`<compute-string expr="${deep}"/>`))).toEqual([]);
});

test('a text that is not well-formed has no expressions to judge', () => {
  const text =
    '<srcSchema namespace="cus" name="visit"><element name="visit"><attribute expr="@x name="a"/></element></srcSchema>';
  const codes = checkSchemaSource(schemaContext(text, demoModel)).map(({ code }) => code);
  expect(codes.filter((code) => code.startsWith('expression/'))).toEqual([]);
  expect(codes).toContain('schema/not-well-formed');
});

const repository = new URL('../../../../', import.meta.url);
const sourceFolders = ['sandbox/campaign/data/srcSchemas/cus/', 'test/fixtures/sourceModel/sources/'];

test('the source schemas of the demonstration and the fixtures have only sound expressions and references', () => {
  let count = 0;
  for (const folder of sourceFolders) {
    for (const name of readdirSync(new URL(folder, repository))) {
      const text = readFileSync(new URL(folder + name, repository), 'utf8');
      const problems = checkSchemaSource(schemaContext(text, demoModel));
      const bad = problems.filter(({ code }) => !code.startsWith('lint/') || code === 'lint/complex-expr');
      expect(bad, name).toEqual([]);
      count++;
    }
  }
  expect(count).toBe(8);
});

test('the compiled schemas of the demonstration have only sound expressions', () => {
  const names = readdirSync(demoSchemaFolder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.xml'),
  );
  let expressions = 0;
  for (const name of names) {
    const context = schemaContext(readFileSync(`${demoSchemaFolder}/${name}`, 'utf8'), demoModel);
    expressions += [...schemaExpressions(context)].length;
    const problems = checkSchemaExpressions(context).filter(({ code }) => code !== 'lint/complex-expr');
    expect(problems, name).toEqual([]);
  }
  expect(names).toHaveLength(66);
  expect(expressions).toBeGreaterThan(150);
});

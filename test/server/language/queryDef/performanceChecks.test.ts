import { expect, test } from 'vitest';
import { problemsOf, checkFix } from '../../../support/checkProblems.ts';
import { demoModel } from '../../../corpus/demoModel.ts';

/** `code «text»` of the problems of speed and order in a query over the demo model. */
function found(text: string): string[] {
  return problemsOf(text, demoModel)
    .filter(({ code }) => /fan-out|paging|unindexed/.test(code))
    .map(({ code, start, end }) => `${code} «${text.slice(start, end)}»`);
}

const page = (order: string, more = ''): string =>
  `<queryDef schema="nms:recipient" startLine="10" lineCount="10"${more}><select><node expr="@email"/></select><orderBy>${order}</orderBy></queryDef>`;

test('an order with ties makes pages unstable', () => {
  expect(found(page('<node expr="@lastName"/>'))).toEqual(['query/unstable-paging «orderBy»']);
  expect(found(page('<node expr="@lastName"/><node expr="[@id]" sortDesc="true"/>'))).toEqual([]);
  expect(found(page('<node expr="@lastName"/>').replace('startLine="10"', 'startLine="0"'))).toEqual([]);
  checkFix(
    page('<node expr="@lastName"/>'),
    'Order by @id last',
    page('<node expr="@lastName"/><node expr="@id"/>'),
  );
});

test('an order that is not known, and one of groups, is not judged', () => {
  expect(found(page('<node expr="$(x)"/>'))).toEqual([]);
  expect(found(page('<node expr="@lastName"/>', ' distinct="true"'))).toEqual([]);
});

test('sorting and grouping by a field of a collection repeats the records', () => {
  const sorted = (order: string): string =>
    `<queryDef schema="nms:recipient" lineCount="10"><select><node expr="@email"/></select><orderBy>${order}</orderBy></queryDef>`;
  expect(found(sorted('<node expr="[purchase/@amount]"/>'))).toEqual([
    'query/fan-out-join «[purchase/@amount]»',
  ]);
  expect(found(sorted('<node expr="Max([purchase/@amount])"/>'))).toEqual([]);
  expect(found(sorted('<node expr="[folder/@label]"/>'))).toEqual([]);
});

const logs = (where: string, schema = 'nms:broadLogRcp'): string =>
  `<queryDef schema="${schema}" lineCount="10"><select><node expr="@id"/></select><where>${where}</where></queryDef>`;

test('a log is filtered by a field with an index, among others', () => {
  const slow = '<condition expr="@address = \'a@example.com\'"/>';
  expect(found(logs(slow))).toEqual(["query/unindexed-filter «@address = 'a@example.com'»"]);
  expect(found(logs(`${slow}<condition expr="@id = 1"/>`))).toEqual([]);
  expect(found(logs(`<condition>${slow}<condition expr="[recipient/@email] = 'a'"/></condition>`))).toEqual(
    [],
  );
  expect(found(logs(`${slow}<condition expr="$(x)"/>`))).toEqual([]);
  expect(
    found(
      logs(
        `${slow}<condition setOperator="EXISTS" expr="trackingLog"><condition expr="@id = 1"/></condition>`,
      ),
    ),
  ).toEqual([]);
  expect(found(logs('<condition expr="@company = \'a\'"/>', 'nms:recipient'))).toEqual([]);
});

test('what nobody documents is pointed out', () =>
  expect(
    problemsOf('<queryDef schema="nms:recipient" lineCount="1" firstRows="true"/>', demoModel).map(
      ({ code }) => code,
    ),
  ).toEqual(['query/undocumented-attribute']));

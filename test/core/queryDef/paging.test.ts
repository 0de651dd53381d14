import { expect, test } from 'vitest';
import {
  nextPage,
  planPages,
  type PageAnswer,
  type PagingOptions,
  type QueryPage,
} from '../../../core/queryDef/paging.ts';
import { toQueryDef } from '../../../core/queryDef/queryDef.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';

const key = { xpath: '@id', isNumber: true };

function query(inside: string, attributes = ''): string {
  return `<queryDef schema="cus:order" operation="select"${attributes}>${inside}</queryDef>`;
}

function plan(text: string, options: PagingOptions = { pageSize: 10, key }): ReturnType<typeof planPages> {
  return planPages(text, toQueryDef(parseXml(text).root!), options);
}

/** The page after the first one, when it came back full. */
function second(
  text: string,
  answer: PageAnswer,
  options: PagingOptions = { pageSize: 10, key },
): string | undefined {
  const parsed = toQueryDef(parseXml(text).root!);
  return nextPage(text, parsed, options, planPages(text, parsed, options).first, answer)?.xml;
}

/**
 * A server with one table: understands the conditions `@id > n` and `@rank = n`, `startLine`, `lineCount` and an order
 * by `@rank` and `@id`; everything else is an error.
 */
function answerFrom(rows: readonly { id: number; rank: number }[], xml: string): number[] {
  const { root, problems } = parseXml(xml);
  expect(problems).toEqual([]);
  const asked = toQueryDef(root!);
  const conditions = (asked.where?.conditions ?? []).flatMap((condition) =>
    condition.conditions.length > 0 ? condition.conditions : [condition],
  );
  let result = [...rows];
  for (const condition of conditions) {
    const match = /^@(id|rank) (>|=) (\d+)$/.exec(condition.expr?.text ?? '');
    if (match === null) throw new Error(`unknown condition ${condition.expr?.text ?? ''}`);
    const field = match[1] as 'id' | 'rank';
    result = result.filter((row) =>
      match[2] === '>' ? row[field] > Number(match[3]) : row[field] === Number(match[3]),
    );
  }
  const order = (asked.orderBy?.nodes ?? []).map((node) => node.expr?.text);
  result.sort((a, b) => {
    for (const expr of order) {
      const difference = expr === '@rank' ? a.rank - b.rank : a.id - b.id;
      if (difference !== 0) return difference;
    }
    return 0;
  });
  const start = asked.startLine ?? 0;
  return result.slice(start, start + (asked.lineCount ?? 200)).map((row) => row.id);
}

function fetchAll(
  text: string,
  pageSize: number,
  rowsAt: (page: number) => readonly { id: number; rank: number }[],
): { ids: number[]; calls: number } {
  const parsed = toQueryDef(parseXml(text).root!);
  const options = { pageSize, key };
  const ids: number[] = [];
  let calls = 0;
  let page: QueryPage | undefined = planPages(text, parsed, options).first;
  while (page !== undefined) {
    const answer = answerFrom(rowsAt(calls), page.xml);
    expect(page.rowsBefore).toBe(ids.length);
    ids.push(...answer);
    calls++;
    const last = answer.at(-1);
    page = nextPage(text, parsed, options, page, {
      rowCount: answer.length,
      ...(last !== undefined && { lastKey: String(last) }),
    });
  }
  return { ids, calls };
}

const table = Array.from({ length: 25 }, (_, index) => ({ id: 100 - index * 3, rank: index % 4 }));
const idsInOrder = table.map((row) => row.id).sort((a, b) => a - b);

test('pages go by key when nothing else orders the rows', () => {
  const text = query('<select><node expr="@id"/><node expr="@name"/></select>');
  expect(plan(text)).toMatchObject({ kind: 'keyset', isStable: true, keyPath: ['@id'], isKeyAdded: false });
  expect(plan(text).first.xml).toBe(
    '<queryDef lineCount="10" schema="cus:order" operation="select">' +
      '<select><node expr="@id"/><node expr="@name"/></select><orderBy><node expr="@id"/></orderBy></queryDef>',
  );
  expect(second(text, { rowCount: 10, lastKey: '77' })).toBe(
    '<queryDef lineCount="10" schema="cus:order" operation="select">' +
      '<select><node expr="@id"/><node expr="@name"/></select>' +
      '<orderBy><node expr="@id"/></orderBy><where><condition expr="@id &gt; 77"/></where></queryDef>',
  );
});

test('a key that is not selected is added and named', () => {
  const text = query('<select><node expr="@name"/></select>');
  const pages = plan(text);
  expect(pages).toMatchObject({ kind: 'keyset', keyPath: ['@_pageKey'], isKeyAdded: true });
  expect(pages.first.xml).toContain('<node expr="@name"/><node expr="@id" alias="@_pageKey"/></select>');
  expect(plan(query('<select><node expr="[@id]" alias="x/@n"/></select>'))).toMatchObject({
    keyPath: ['x', '@n'],
    isKeyAdded: false,
  });
});

test('the conditions of the query keep their meaning beside the one of the page', () => {
  const text = query(
    '<select><node expr="@id"/></select><where id="1">\n<condition expr="@a = 1" boolOperator="OR"/><condition expr="@b = 2"/>\n</where>',
  );
  expect(second(text, { rowCount: 10, lastKey: '5' })).toContain(
    '<where id="1"><condition expr="@id &gt; 5"/><condition>\n<condition expr="@a = 1" boolOperator="OR"/><condition expr="@b = 2"/>\n</condition></where>',
  );
  for (const empty of ['<where/>', '<where></where>', '<where>\n</where>'])
    expect(
      second(query(`<select><node expr="@id"/></select>${empty}`), { rowCount: 10, lastKey: '5' }),
    ).toMatch(/<where>\s*<condition expr="@id &gt; 5"\/><\/where>/);
});

test('keys of text are quoted, keys with a dash get brackets', () => {
  const text = query('<select><node expr="[@internal-name]"/></select>');
  const options = { pageSize: 2, key: { xpath: '@internal-name', isNumber: false } };
  expect(plan(text, options)).toMatchObject({ kind: 'keyset', keyPath: ['@internal-name'] });
  expect(second(text, { rowCount: 2, lastKey: `it's "<b>"` }, options)).toContain(
    `<condition expr="[@internal-name] &gt; &apos;it\\&apos;s &quot;&lt;b&gt;&quot;&apos;"/>`,
  );
});

test('a key that is no number never reaches the query', () => {
  const text = query('<select><node expr="@id"/></select>');
  const page = second(text, { rowCount: 10, lastKey: '1 OR 1 = 1' });
  expect(page).not.toContain('condition');
  expect(page).toContain('startLine="10"');
  expect(second(text, { rowCount: 10 })).toContain('startLine="10"');
});

test('a query with an order of its own goes by row number, the key breaking ties', () => {
  const text = query('<select><node expr="@id"/></select><orderBy><node expr="@rank"/></orderBy>');
  expect(plan(text)).toMatchObject({ kind: 'offset', isStable: true, keyPath: undefined });
  expect(plan(text).first.xml).toContain('<orderBy><node expr="@rank"/><node expr="@id"/></orderBy>');
  expect(second(text, { rowCount: 10 })).toContain('startLine="10"');
  const descending = query(
    '<select><node expr="@id"/></select><orderBy><node expr="@id" sortDesc="true"/></orderBy>',
  );
  expect(plan(descending).kind).toBe('offset');
  expect(plan(query('<select><node expr="@id"/></select><orderBy><node expr="@id"/></orderBy>')).kind).toBe(
    'keyset',
  );
});

test('rows that are not rows of the schema go by row number', () => {
  for (const text of [
    query('<select><node expr="@city"/></select>', ' distinct="true"'),
    query('<select><node expr="@city"/><node expr="Count()"/></select>'),
    query('<select><node expr="@city" groupBy="true"/></select>'),
    query('<select><node expr="@city"/></select><groupBy><node expr="@city"/></groupBy>'),
    query('<select><node sql="1"/></select>'),
  ]) {
    expect(plan(text), text).toMatchObject({ kind: 'offset', isStable: false });
    expect(plan(text).first.xml).not.toContain('@id');
  }
  expect(plan(query('<select/>'))).toMatchObject({ kind: 'offset', isStable: true });
  expect(plan(query('<select><node expr="@city"/></select>'), { pageSize: 5 })).toMatchObject({
    kind: 'offset',
    isStable: false,
  });
});

test('an answer that is not a list has no pages', () => {
  for (const operation of ['get', 'getIfExists', 'count']) {
    const text = `<queryDef schema="cus:order" operation="${operation}"><select><node expr="@id"/></select></queryDef>`;
    expect(plan(text)).toMatchObject({ kind: 'single', first: { xml: text } });
    expect(second(text, { rowCount: 1 })).toBeUndefined();
  }
});

test('all rows come once, whatever the size of a page', () => {
  for (const pageSize of [1, 2, 7, 24, 25, 26, 100]) {
    const { ids, calls } = fetchAll(query('<select><node expr="@id"/></select>'), pageSize, () => table);
    expect(ids).toEqual(idsInOrder);
    expect(calls).toBe(Math.floor(25 / pageSize) + 1);
    const ordered = query('<select><node expr="@id"/></select><orderBy><node expr="@rank"/></orderBy>');
    expect(fetchAll(ordered, pageSize, () => table).ids.toSorted((a, b) => a - b)).toEqual(idsInOrder);
  }
});

test('rows that go while pages are fetched hide no others', () => {
  const text = query('<select><node expr="@id"/></select>');
  const withoutFirst = (page: number): typeof table => table.filter((row) => row.id !== idsInOrder[page - 1]);
  expect(fetchAll(text, 5, withoutFirst).ids).toEqual(idsInOrder);
});

test('the limit and the start of the query hold for all pages together', () => {
  const limited = query('<select><node expr="@id"/></select>', ' lineCount="12"');
  expect(fetchAll(limited, 5, () => table)).toEqual({ ids: idsInOrder.slice(0, 12), calls: 3 });
  expect(fetchAll(limited, 6, () => table)).toEqual({ ids: idsInOrder.slice(0, 12), calls: 2 });
  const skipping = query('<select><node expr="@id"/></select>', ' startLine="3" lineCount="12"');
  expect(plan(skipping).kind).toBe('offset');
  expect(fetchAll(skipping, 5, () => table).ids).toEqual(idsInOrder.slice(3, 15));
  const filtered = query('<select><node expr="@id"/></select><where><condition expr="@rank = 0"/></where>');
  const wanted = idsInOrder.filter((id) => table.find((row) => row.id === id)?.rank === 0);
  expect(fetchAll(filtered, 2, () => table).ids).toEqual(wanted);
});

test('prefixes and self-closing elements are kept', () => {
  const text =
    '<q:queryDef xmlns:q="urn:xtk:queryDef" schema="cus:order"><q:select><q:node expr="@a"/></q:select></q:queryDef>';
  expect(plan(text).first.xml).toBe(
    '<q:queryDef lineCount="10" xmlns:q="urn:xtk:queryDef" schema="cus:order"><q:select><q:node expr="@a"/>' +
      '<q:node expr="@id" alias="@_pageKey"/></q:select><q:orderBy><q:node expr="@id"/></q:orderBy></q:queryDef>',
  );
  expect(plan('<queryDef schema="cus:order"/>').first.xml).toBe(
    '<queryDef lineCount="10" schema="cus:order"><orderBy><node expr="@id"/></orderBy></queryDef>',
  );
  expect(plan(query('<select><node expr="@id"/></select><orderBy/>')).first.xml).toContain(
    '<orderBy><node expr="@id"/></orderBy>',
  );
});

test('a page has at least one row', () => {
  for (const pageSize of [0, -1, 1.5, Number.NaN])
    expect(() => plan(query('<select/>'), { pageSize })).toThrow(RangeError);
});

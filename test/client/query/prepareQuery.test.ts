import { expect, test } from 'vitest';
import { fillHoles, prepareQuery, type Hole } from '../../../client/query/prepareQuery.ts';

/** @param marked a query with `{source}` for the embedded expressions. */
function fill(marked: string, values: string[], attribute?: string): string {
  const holes: Hole[] = [...marked.matchAll(/\{([^}]*)\}/g)].map((match) => ({
    source: match[1]!,
    start: match.index,
    end: match.index + match[0].length,
    ...(attribute === undefined ? {} : { attribute }),
  }));
  return fillHoles(marked, holes, values);
}

function prepare(xml: string, limit?: number) {
  const prepared = prepareQuery(xml, 500, limit);
  if ('problem' in prepared) throw new Error(prepared.problem);
  return prepared;
}

function problemOf(xml: string): string {
  const prepared = prepareQuery(xml, 500);
  return 'problem' in prepared ? prepared.problem : 'none';
}

test('a value takes the place of an attribute’s expression, in quotes', () => {
  expect(fill('<condition expr={e}/>', ["@name = 'O'"], 'expr')).toBe(
    '<condition expr="@name = &apos;O&apos;"/>',
  );
});

test('markup in a value stays text', () => {
  expect(fill('<condition expr={e}/>', ['a < "b" & c'], 'expr')).toBe(
    '<condition expr="a &lt; &quot;b&quot; &amp; c"/>',
  );
  expect(fill('<data>{e}</data>', ['<x> & ]]>'])).not.toContain('<x>');
});

test('several expressions are filled in order, with values of any length', () => {
  expect(fill('<a x={1} y={2}>', ['long value', ''], 'x')).toBe('<a x="long value" y="">');
});

test('a query without a limit gets one, another keeps its own', () => {
  expect(prepare('<queryDef schema="nms:recipient"><select/></queryDef>')).toMatchObject({
    limit: 500,
    xml: '<queryDef lineCount="500" schema="nms:recipient"><select/></queryDef>',
  });
  const own = '<queryDef schema="nms:recipient" lineCount="3"/>';
  expect(prepare(own)).toMatchObject({ limit: 3, xml: own });
});

test('getting more rows replaces the limit of the query', () => {
  expect(prepare('<queryDef schema="a:b" lineCount="3"/>', 30)).toMatchObject({
    limit: 30,
    xml: '<queryDef schema="a:b" lineCount="30"/>',
  });
});

test('operations that give no list get no limit', () => {
  for (const operation of ['get', 'getIfExists', 'count']) {
    const xml = `<queryDef schema="a:b" operation="${operation}"/>`;
    expect(prepare(xml)).toMatchObject({ limit: undefined, xml });
  }
});

test('the columns asked for are known before the answer, as cells are named', () => {
  const { columns } = prepare(
    `<queryDef schema="nms:recipient"><select>
      <node expr="@email"/><node expr="[folder/@label]"/><node expr="Count(@id)" alias="@n"/>
      <node expr="Upper(@name)"/><node expr="data"/><node expr="@email"/>
      <node expr="subscription"><node expr="@created"/></node>
    </select></queryDef>`,
  );
  expect(columns).toEqual(['@email', 'folder/@label', '@n']);
});

test('what cannot be sent is said with the place', () => {
  expect(problemOf('<queryDef schema="a:b">\n<select>\n</queryDef>')).toMatch(
    /^The queryDef is not complete XML \(line \d of the query: /,
  );
  expect(problemOf('<queryDef/>')).toBe('The queryDef names no schema: add schema="namespace:name".');
  expect(problemOf('   ')).toBe('There is no queryDef element to run.');
});

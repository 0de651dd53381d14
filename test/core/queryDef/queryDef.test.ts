import { expect, test } from 'vitest';
import {
  allNodes,
  isTrue,
  toQueryDef,
  type QueryCondition,
  type QueryDef,
} from '../../../core/queryDef/queryDef.ts';
import { resultColumns, type ResultColumn } from '../../../core/queryDef/resultColumns.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';

function read(xml: string): QueryDef {
  const { root } = parseXml(xml);
  if (root === undefined) throw new Error('no element');
  return toQueryDef(root);
}

function describe(condition: QueryCondition): string {
  const inner = condition.conditions.map(describe);
  const sub = condition.subQuery ? [`subQuery ${condition.subQuery.schemaId ?? '?'}`] : [];
  const own = [condition.setOperator, condition.expr?.text, condition.isIgnored ? 'ignored' : undefined];
  const text = [...own.filter((part) => part !== undefined), ...sub].join(' ');
  return `${text}${inner.length > 0 ? `{${inner.join(' ')}}` : ''}${condition.boolOperator === 'OR' ? ' |' : ''}`;
}

test('a query is read with its clauses', () => {
  const query =
    read(`<queryDef schema="cus:order" operation="select" lineCount="50" startLine="100" distinct="1">
    <select><node expr="@id"/><node expr="[customer/@name]" alias="@who" label="Who" groupBy="true"/></select>
    <where><condition expr="@amount &gt; 3"/></where>
    <groupBy><node expr="@id"/></groupBy>
    <having><condition expr="Count() > 1"/></having>
    <orderBy><node expr="@id" sortDesc="true"/></orderBy>
    <sysFilter name="userFilter"><condition expr="1 = 1"/></sysFilter>
  </queryDef>`);
  expect([query.schemaId, query.operation, query.lineCount, query.startLine, query.isDistinct]).toEqual([
    'cus:order',
    'select',
    50,
    100,
    true,
  ]);
  expect(allNodes(query).map((node) => `${node.clause} ${node.expr?.text ?? ''}`)).toEqual([
    'select @id',
    'select [customer/@name]',
    'groupBy @id',
    'orderBy @id',
  ]);
  expect(query.select?.nodes[1]).toMatchObject({ alias: '@who', label: 'Who', isGrouped: true });
  expect(query.orderBy?.nodes[0]?.isDescending).toBe(true);
  expect(query.where?.conditions.map(describe)).toEqual(['@amount > 3']);
  expect(query.having?.conditions.map(describe)).toEqual(['Count() > 1']);
  expect(query.sysFilters.map((filter) => filter.conditions.map(describe))).toEqual([['1 = 1']]);
});

test('conditions nest, and each says how the next is joined', () => {
  const query = read(`<queryDef schema="cus:order"><where>
    <condition expr="@a = 1" boolOperator="OR"/>
    <condition bool-operator="or"><condition expr="@b"/><condition expr="@c" ignore="true"/></condition>
    <condition expr="line" setOperator="EXISTS"><condition expr="@qty > 1"/></condition>
    <condition expr="@id" setOperator="NOT IN"><subQuery schema="cus:line"><select><node expr="[@order-id]"/></select></subQuery></condition>
  </where></queryDef>`);
  expect(query.where?.conditions.map(describe)).toEqual([
    '@a = 1 |',
    '{@b @c ignored} |',
    'EXISTS line{@qty > 1}',
    'NOT IN @id subQuery cus:line',
  ]);
});

test('collection nodes keep their own clauses', () => {
  const query = read(`<queryDef schema="cus:order"><select><node expr="line">
    <node expr="@qty"/><where><condition expr="@qty > 1"/></where><orderBy><node expr="@rank"/></orderBy>
  </node></select></queryDef>`);
  const node = query.select!.nodes[0]!;
  expect(node.nodes.map((inner) => inner.expr?.text)).toEqual(['@qty']);
  expect(node.where?.conditions.map(describe)).toEqual(['@qty > 1']);
  expect(allNodes(query).map((inner) => inner.expr?.text)).toEqual(['line', '@qty', '@rank']);
});

test('what is missing, half-typed or not a number is undefined', () => {
  expect(read('<queryDef/>')).toMatchObject({
    schemaId: undefined,
    operation: 'select',
    lineCount: undefined,
  });
  expect(read('<queryDef lineCount="many" startLine="-1"/>')).toMatchObject({
    lineCount: undefined,
    startLine: undefined,
  });
  expect(read('<queryDef schema="cus:order"><select><node expr=').select?.nodes[0]?.expr).toBeUndefined();
});

test('an embedded expression is not taken for text', () => {
  const text = '<queryDef schema={s} operation={o}><select><node expr={e}/></select></queryDef>';
  const holes = [...text.matchAll(/\{\w\}/g)].map((match) => ({ start: match.index, end: match.index + 3 }));
  const query = toQueryDef(parseXml(text, { holes }).root!);
  expect([query.schemaId, query.operation]).toEqual([undefined, undefined]);
  expect(query.select?.nodes[0]?.expr).toMatchObject({ hasHole: true });
});

test('booleans are true, or a number that is not 0', () => {
  const truth = ['true', '1', '2', '-1', 'false', '0', '', 'yes', 'TRUE'].map((value) =>
    isTrue(parseXml(`<node a="${value}"/>`).root!, 'a'),
  );
  expect(truth).toEqual([true, true, true, true, false, false, false, false, false]);
});

test('columns say where their value is in a row', () => {
  const query = read(`<queryDef schema="cus:order"><select>
    <node expr="@id"/>
    <node expr="[customer/@name]" label="Customer"/>
    <node expr="[customer/@name]" alias="@who"/>
    <node expr="@a" alias="x/@y"/>
    <node expr="notes"/>
    <node expr="Upper(@a)"/>
    <node expr="Upper(@a)" alias="@upper"/>
    <node expr="@a" alias="../@a"/>
    <node expr="[cus:line:@qty]"/>
    <node expr="[.]"/>
    <node expr="line"><node expr="@qty"/></node>
  </select></queryDef>`);
  const show = (columns: readonly ResultColumn[]): string[] =>
    columns.map(
      ({ title, path, columns: inner }) =>
        `${title}: ${path?.join('/') ?? '?'}${inner.length > 0 ? ` {${show(inner).join(' ')}}` : ''}`,
    );
  expect(show(resultColumns(query))).toEqual([
    '@id: @id',
    'Customer: customer/@name',
    '@who: @who',
    'x/@y: x/@y',
    'notes: notes',
    'Upper(@a): ?',
    '@upper: @upper',
    '../@a: ?',
    '[cus:line:@qty]: ?',
    '[.]: ?',
    'line: line {@qty: @qty}',
  ]);
});

import { expect, test } from 'vitest';
import type { FieldDescription } from '../../../core/protocol/messages.ts';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import { describeSchema } from '../../../server/language/describeSchema.ts';
import { demoModel } from '../../corpus/demoModel.ts';
import { createModel } from '../../support/queryModel.ts';

function describe(xml: string, ...others: string[]): FieldDescription[] {
  const model = createModel(new Map(others.map((text) => [text, text])));
  return describeSchema(parseSchema(xml).schema!, model).fields;
}

/** XPaths with types, children after their parents. */
const lines = (fields: readonly FieldDescription[]): string[] =>
  fields.flatMap(({ xpath, type, enumeration, children = [] }) => [
    [xpath, type, enumeration].filter((part) => part !== undefined).join(' '),
    ...lines(children),
  ]);

const documentOf = (parts: string, definitions = ''): string =>
  `<schema namespace="cus" name="doc">${definitions}<element name="doc">${parts}</element></schema>`;

test('an element with a ref has the fields of its definition, and its own', () => {
  const line =
    '<element name="line"><attribute name="article"/><element name="tax" type="double"/></element>';
  expect(
    lines(describe(documentOf('<element name="first" ref="line"><attribute name="own"/></element>', line))),
  ).toEqual(['first', 'first/@article string', 'first/@own string', 'first/tax double']);
});

test('a definition inside itself ends', () => {
  const node = '<element name="node"><attribute name="expr"/><element name="below" ref="node"/></element>';
  expect(
    lines(describe(documentOf('<element name="top" ref="node"/><element name="b" ref="node"/>', node))),
  ).toEqual(['top', 'top/@expr string', 'top/below', 'b', 'b/@expr string', 'b/below']);
});

test('definitions of other schemas bring their lists along, and are left out when they are not at hand', () => {
  const other =
    '<schema namespace="cus" name="common"><enumeration name="kind"/><element name="item"><attribute name="kind" type="byte" enum="kind"/></element></schema>';
  const borrowing = documentOf('<element name="i" ref="cus:common:item"/>');
  expect(lines(describe(borrowing, other))).toEqual(['i', 'i/@kind byte cus:common:kind']);
  expect(lines(describe(borrowing))).toEqual(['i']);
});

test('trees of conditions and activities stay small', () => {
  const count = (id: string): number =>
    lines(describeSchema(demoModel.getSchema(id)!, demoModel).fields).length;
  expect(count('nms:typologyRule')).toBeGreaterThan(10);
  expect(count('nms:typologyRule')).toBeLessThan(60);
  expect(count('xtk:workflow')).toBeLessThan(1500);
});

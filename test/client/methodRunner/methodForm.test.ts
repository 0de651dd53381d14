import { expect, test } from 'vitest';
import {
  entityField,
  keyField,
  schemaField,
  toArguments,
  toFields,
  toResults,
} from '../../../client/methodRunner/methodForm.ts';
import { parseSchema } from '../../../core/schema/parseSchema.ts';
import type { SchemaMethod } from '../../../core/schema/schema.ts';

const { schema } = parseSchema(`<schema namespace="cus" name="demo">
  <element name="demo"/>
  <interface name="iface"><method name="Shared"/></interface>
  <methods>
    <method name="Everything" static="true"><parameters>
      <param name="text" type="string" desc="Any text."/><param name="flag" type="boolean"/><param name="tiny" type="byte"/>
      <param name="count" type="long"/><param name="share" type="double" optional="true"/><param name="id" type="int64"/>
      <param name="doc" type="DOMDocument"/><param name="note" type="memo" optional="true"/><param name="out" type="string" inout="out"/>
    </parameters></method>
    <method name="Change"><parameters><param name="count" type="long" inout="inout"/></parameters></method>
    <method name="Drop" pkonly="true" const="true"/>
    <method name="Nothing" static="true"/>
  </methods>
</schema>`);

function methodOf(name: string): SchemaMethod {
  return schema!.methods.get(name)!;
}

function summary(name: string): string[] {
  return toFields('cus:demo', methodOf(name)).map(({ id, kind, isOptional, value }) =>
    `${id} ${kind}${isOptional ? '?' : ''} ${value}`.trim(),
  );
}

test('each parameter that goes in is a field of its kind', () => {
  expect(summary('Everything')).toEqual([
    'text text',
    'flag boolean false',
    'tiny number',
    'count number',
    'share number?',
    'id text',
    'doc xml',
    'note text?',
  ]);
  expect(toFields('cus:demo', methodOf('Everything'))[0]).toMatchObject({
    description: 'Any text.',
    type: 'string',
  });
});

test('what is no parameter is asked for where the method needs it', () => {
  expect(summary('Change')).toEqual([`${entityField} xml <demo xtkschema="cus:demo"/>`, 'count number']);
  expect(summary('Drop')).toEqual([`${keyField} text`]);
  expect(summary('Shared')).toEqual([
    `${schemaField} text? cus:demo`,
    `${entityField} xml <demo xtkschema="cus:demo"/>`,
  ]);
  expect(summary('Nothing')).toEqual([]);
});

const filled = {
  text: '',
  flag: 'true',
  tiny: '7',
  count: '-12',
  share: '',
  id: '72057594037935966',
  doc: '<a/>',
  note: '',
};

test('what was filled in becomes values of the declared types; what is optional and empty is left out', () => {
  expect(toArguments(methodOf('Everything'), filled)).toEqual({
    args: { values: { text: '', flag: true, tiny: 7, count: -12, id: '72057594037935966', doc: '<a/>' } },
    errors: [],
  });
  expect(toArguments(methodOf('Drop'), { [keyField]: '5' }).args).toEqual({ key: '5', values: {} });
  expect(toArguments(methodOf('Change'), { [entityField]: '<demo/>', count: '1' }).args).toEqual({
    entity: '<demo/>',
    values: { count: 1 },
  });
});

test.each([
  ['Everything', { ...filled, count: '' }, 'count', 'Write a whole number.'],
  ['Everything', { ...filled, count: '1.5' }, 'count', 'Write a whole number.'],
  ['Everything', { ...filled, count: '3000000000' }, 'count', 'Write a whole number.'],
  ['Everything', { ...filled, tiny: '128' }, 'tiny', 'Write a whole number.'],
  ['Everything', { ...filled, share: 'much' }, 'share', 'Write a number.'],
  ['Change', { [entityField]: ' ', count: '1' }, entityField, 'Write the document.'],
  ['Drop', {}, keyField, 'Write a key.'],
])('%s with %j: told at the field', (name, values, id, message) =>
  expect(toArguments(methodOf(name), values as Record<string, string>).errors).toEqual([{ id, message }]),
);

test('results are shown by their names, the changed document first', () => {
  expect(toResults(methodOf('Change'), { entity: '<demo/>', values: { count: 2 } })).toEqual([
    { name: 'document', type: 'DOMElement', value: '<demo/>', isXml: true },
    { name: 'count', type: 'long', value: '2', isXml: false },
  ]);
  expect(toResults(methodOf('Nothing'), { entity: undefined, values: {} })).toEqual([]);
});

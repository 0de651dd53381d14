import { expect, test } from 'vitest';
import { createRowWriter } from '../../../client/query/writeRows.ts';
import type { GridExportFormat } from '../../../core/protocol/gridMessages.ts';
import { parseXml } from '../../../core/xml/parseXml.ts';

/** A file of rows written in parts of one row each. */
function write(format: GridExportFormat, columns: string[], rows: string[][]): string {
  const writer = createRowWriter(format, 'nms:recipient');
  writer.setColumns(columns);
  const body = rows.map((row) => writer.rows([row])).join('');
  const { head, tail } = writer.frame();
  return head + body + tail;
}

test('CSV quotes what would break it, and starts with a mark and the xpaths', () => {
  const text = write('csv', ['@id', 'folder/@label'], [['1', 'a,"b"'], ['2', ' c'], ['3']]);
  expect(text).toBe('\uFEFF@id,folder/@label\r\n1,"a,""b"""\r\n2," c"\r\n3,\r\n');
});

test('JSON is an array of objects, also of none', () => {
  expect(JSON.parse(write('json', ['@id', '@name'], [['1', 'a"b'], ['2']]))).toEqual([
    { '@id': '1', '@name': 'a"b' },
    { '@id': '2', '@name': '' },
  ]);
  expect(JSON.parse(write('json', ['@id'], []))).toEqual([]);
});

test('XML has the shape of the answer, without empty values', () => {
  const columns = ['@id', 'folder/@label', 'folder/parent/@name', 'data', '@note'];
  const text = write('xml', columns, [['1', 'A & "B"', 'p', '<x>', ''], ['2']]);
  expect(text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<recipient-collection>
  <recipient id="1"><folder label="A &amp; &quot;B&quot;"><parent name="p"/></folder><data>&lt;x&gt;</data></recipient>
  <recipient id="2"/>
</recipient-collection>
`);
});

test('XML is well formed whatever the columns and values are called', () => {
  const text = write(
    'xml',
    ['@1st', 'a b/@c[0]', 'link[1]/@x'],
    [
      ['v', 'w', 'x'],
      ['', '', ''],
    ],
  );
  const { problems, root } = parseXml(text);
  expect(problems).toEqual([]);
  expect(root?.name).toBe('recipient-collection');
});

test('columns that come later are in the head of CSV, and in the rows that have them', () => {
  const writer = createRowWriter('csv', 'nms:recipient');
  writer.setColumns(['@id']);
  const first = writer.rows([['1']]);
  writer.setColumns(['@id', '@late']);
  const text = writer.frame().head + first + writer.rows([['2', 'x']]);
  expect(text).toBe('\uFEFF@id,@late\r\n1\r\n2,x\r\n');
});

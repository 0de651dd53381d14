import { expect, test } from 'vitest';
import { maxProblems, readRows } from '../../../client/staging/readRows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Rows as `line: a|b`, columns first; problems as `! text`. */
function read(fileName: string, content: string | Uint8Array): string[] {
  const { table, problems } = readRows(fileName, typeof content === 'string' ? bytes(content) : content);
  if (table === undefined) return problems.map(({ message }) => `! ${message}`);
  return [
    table.columns.join('|'),
    ...table.rows.map((row, i) => `${table.lines[i]}: ${row.map((value) => value ?? '∅').join('|')}`),
  ];
}

test.each([
  ['commas', 'a,b\n1,2'],
  ['semicolons', 'a;b\n1;2'],
  ['tabs', 'a\tb\n1\t2'],
  ['bars', 'a|b\n1|2'],
])('finds that values are separated by %s', (name, content) => {
  expect(read('x.csv', content)).toEqual(['a|b', '2: 1|2']);
  expect(readRows('x.csv', bytes(content)).table?.format).toBe(`CSV, separated by ${name}`);
});

test('a separator inside quotes does not count', () => {
  expect(read('x.csv', '"a,x,y";b\n1;2')).toEqual(['a,x,y|b', '2: 1|2']);
});

test('quoted values hold separators, quotes and line breaks, and lines are still counted right', () => {
  expect(read('x.csv', 'a,b\r\n"1,""x""","two\r\nlines"\r\n3,4\r\n')).toEqual([
    'a|b',
    '2: 1,"x"|two\r\nlines',
    '4: 3|4',
  ]);
});

test('blank lines are skipped, a line of empty values is not', () => {
  expect(read('x.csv', '\n\na,b\n\n1,2\n,\n\n')).toEqual(['a|b', '5: 1|2', '6: |']);
});

test('one column is a table too', () => {
  expect(read('x.csv', 'email\nann@example.com\n')).toEqual(['email', '2: ann@example.com']);
});

test('a byte order mark is no part of the first column, in UTF-8 and UTF-16', () => {
  expect(read('x.csv', '\uFEFFa,b\n1,é')).toEqual(['a|b', '2: 1|é']);
  const utf16 = new Uint8Array(Buffer.from('\uFEFFa,b\n1,é', 'utf16le'));
  expect(read('x.csv', utf16)).toEqual(['a|b', '2: 1|é']);
});

test('text that is not UTF-8 is refused with what to do', () => {
  expect(read('x.csv', new Uint8Array([0x61, 0x0a, 0xe9, 0x2c]))).toEqual([
    '! The file is not UTF-8 text. Save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and try again.',
  ]);
});

test('a row with too few or too many values is named by its line', () => {
  expect(read('x.csv', 'a,b,c\n1,2,3\n1,2\n"x\ny",2,3\n1,2,3,4')).toEqual([
    '! Line 3 has 2 values; the header has 3 columns.',
    '! Line 6 has 4 values; the header has 3 columns.',
  ]);
});

test('a quote never closed is named by the line it opens in', () => {
  expect(read('x.csv', 'a,b\n1,2\n3,"4\n5,6')).toEqual(['! A quote opened in line 3 is never closed.']);
});

test('text after a closing quote is refused', () => {
  expect(read('x.csv', 'a,b\n"1"x,2')[0]).toMatch(/^! Line 2 has text after a closing quote\./);
});

test('columns without a name and columns named twice are refused', () => {
  expect(read('x.csv', 'a,,a\n1,2,3')).toEqual([
    '! Column 2 has no name in the header (line 1).',
    '! The column “a” is in the header twice (line 1).',
  ]);
});

test('nothing to push is said plainly', () => {
  expect(read('x.csv', ' \n')).toEqual(['! The file is empty.']);
  expect(read('x.csv', 'a,b\n')).toEqual(['! The file has a header but no rows.']);
  expect(read('x.json', '[]')).toEqual(['! The file has no rows.']);
});

test('many problems are cut short and counted', () => {
  const lines = read('x.csv', `a,b\n${'1\n'.repeat(maxProblems + 7)}`);
  expect(lines).toHaveLength(maxProblems + 1);
  expect(lines.at(-1)).toBe('! 7 more problems like these.');
});

test('a JSON list: columns of all objects, null and missing are no value, lines are known', () => {
  expect(
    read(
      'x.json',
      '[\n  {"@id": "a", "n": 1.10},\n  {\n    "x": true, "n": null, "t": "q\\"],{"\n  },\n  {}\n]',
    ),
  ).toEqual(['@id|n|x|t', '2: a|1.10|∅|∅', '3: ∅|∅|true|q"],{', '6: ∅|∅|∅|∅']);
});

test('numbers keep all their digits', () => {
  expect(read('x.json', '[{"id": 12345678901234567890}]')).toEqual(['id', '1: 12345678901234567890']);
});

test('JSON lines are read, and a broken one is named', () => {
  expect(read('x.jsonl', '{"a":1}\n\n{"a":2,"b":"x"}\n')).toEqual(['a|b', '1: 1|∅', '3: 2|x']);
  expect(read('x.jsonl', '{"a":1}\n{"a":\n')[0]).toMatch(/^! Line 2 is not a JSON object\./);
});

test('nested values, items that are no objects, and other shapes are refused', () => {
  expect(read('x.json', '[{"a":{"b":1}}]')[0]).toMatch(
    /^! “a” of item 1 \(line 1\) is a list or an object\./,
  );
  expect(read('x.json', '[{"a":1},\n 3]')).toEqual(['! Item 2 (line 2) is not an object.']);
  expect(read('x.json', '{\n "a": 1\n}')[0]).toMatch(/^! The file must hold a list of objects/);
  expect(read('x.json', '[{"a":1},\n{"a" 2}]')[0]).toBe(
    '! The file is not JSON: line 2 is not as JSON is written.',
  );
  expect(read('x.json', '[{"a":1},\n')[0]).toBe(
    '! The file is not JSON: it ends before its list does. Is the file complete?',
  );
});

test('JSON without its ending is known by its first character', () => {
  expect(read('rows.txt', '[{"a":"1"}]')).toEqual(['a', '1: 1']);
  expect(read('rows.txt', 'a;b\n1;2')).toEqual(['a|b', '2: 1|2']);
});

import { afterAll, expect, test } from 'vitest';
import { expressionFunctions } from '../../core/expression/functions.ts';
import { contentOf, openSandbox, unescape } from './call.ts';
import { FakeClock, librarySeed } from './library.ts';

// The clock stands at 2024-08-15 12:00 UTC, a Thursday.
const caller = await openSandbox({ seed: librarySeed, clock: new FakeClock() });
afterAll(() => caller.sandbox.stop());

/** One expression of constants for each function, and its value. */
const values: readonly (readonly [string, string | RegExp])[] = [
  ["AllNonNull2('a', 'b')", '1'],
  ["AllNonNull2('a', '')", '0'],
  ["AllNonNull3('a', 'b', 'c')", '1'],
  ["Ascii('é')", '233'],
  ["Char('36')", '$'],
  ["Charindex('abcabc', 'c')", '3'],
  ["Charindex('abc', 'z')", '0'],
  ["dataLength('é')", '2'],
  ["GetLine('one\\ntwo', 1)", /^one/],
  ["IfEquals('a', 'a', 'same', 'other')", 'same'],
  ["IsMemoNull('')", '1'],
  ["JuxtWords('Ann', 'Lee')", 'Ann Lee'],
  ["JuxtWords('', 'Lee')", 'Lee'],
  ["JuxtWords3('a', '', 'c')", 'a c'],
  ["LPad('7', 3, '0')", '007'],
  ["RPad('7', 3, 'ab')", '7ab'],
  ["Left('abc', 2)", 'ab'],
  ["Right('abc', 2)", 'bc'],
  ["Length('abc')", '3'],
  ["Line('one', 1)", 'one'],
  ["Lower('ÉA')", 'éa'],
  ["Upper('éa')", 'ÉA'],
  ["Ltrim('  a ') + '.'", 'a .'],
  ["'.' + Rtrim(' a  ')", '. a'],
  ["Md5Digest('a')", '0cc175b9c0f1b6a831c399e269772661'],
  ["Sha256Digest('')", /^e3b0c442/],
  ["Sha512Digest('')", /^cf83e135/],
  ["MemoContains('abc', 'b')", '1'],
  ["NodeValue('a/@b', '<r><a b=\"5\"/></r>')", '5'],
  ["Replace('a.b.c', '.', '-')", 'a-b-c'],
  ["Smart('jEAN-paul o’neil')", 'Jean-Paul O’neil'],
  ["Substring('abcdef', 2, 3)", 'bcd'],
  ["SubString('abc', 3, 9)", 'c'],
  ['ToString(12.5)', '12.5'],
  ["ToString(1.0) + '|'", '1|'],
  ['ToString(12.345, 2)', /^12\.3[45]$/],
  ['VirtualLink(5, 1, 1)', '5'],
  ['VirtualLink(5, 1, 2)', '0'],
  ["VirtualLinkStr('k', 1, 1)", 'k'],
  ['AddDays(#2024-02-28#, 2)', '2024-03-01 00:00:00.000Z'],
  ['AddHours(#2024-02-28#, 25)', '2024-02-29 01:00:00.000Z'],
  ['AddMinutes(#2024-02-28#, -1)', '2024-02-27 23:59:00.000Z'],
  ['AddMonths(#2024-01-31#, 1)', '2024-02-29 00:00:00.000Z'],
  ['AddSeconds(#2024-01-01#, 61)', '2024-01-01 00:01:01.000Z'],
  ['AddYears(#2024-02-29#, 1)', '2025-02-28 00:00:00.000Z'],
  ['SubDays(#2024-03-01#, 1)', '2024-02-29 00:00:00.000Z'],
  ['SubHours(#2024-03-01#, 1)', '2024-02-29 23:00:00.000Z'],
  ['SubMinutes(#2024-03-01#, 1)', '2024-02-29 23:59:00.000Z'],
  ['SubMonths(#2024-03-31#, 1)', '2024-02-29 00:00:00.000Z'],
  ['SubSeconds(#2024-03-01#, 1)', '2024-02-29 23:59:59.000Z'],
  ['SubYears(#2024-03-01#, 1)', '2023-03-01 00:00:00.000Z'],
  ['ConvertNTZ(#2024-03-01T10:00:00#)', '2024-03-01 10:00:00.000Z'],
  ['DateCmp(#2024-01-02#, #2024-01-01#)', '1'],
  ['DateOnly(#2024-01-02T10:11:12Z#)', '2024-01-02'],
  ['Day(#2024-03-09#)', '9'],
  ['DayOfYear(#2024-03-01#)', '61'],
  ['DaysAgo(1)', '2024-08-14 12:00:00.000Z'],
  ['DaysAgoInt(15)', '20240731'],
  ['DaysDiff(#2024-03-01#, #2024-02-01#)', '29'],
  ['HoursDiff(#2024-01-02#, #2024-01-01#)', '24'],
  ['MinutesDiff(#2024-01-01T01:00:00Z#, #2024-01-01#)', '60'],
  ['MonthsDiff(#2024-03-30#, #2024-01-31#)', '1'],
  ['SecondsDiff(#2024-01-01#, #2024-01-01T00:00:05Z#)', '-5'],
  ['YearsDiff(#2024-01-01#, #2000-06-01#)', '23'],
  ['DaysOld(#2024-08-05#)', '10'],
  ['MonthsOld(#2024-06-16#)', '1'],
  ['YearsOld(#2000-08-16#)', '23'],
  ['GetDate()', '2024-08-15 12:00:00.000Z'],
  ['Hour(#2024-01-01T13:14:15Z#)', '13'],
  ['Minute(#2024-01-01T13:14:15Z#)', '14'],
  ['Second(#2024-01-01T13:14:15Z#)', '15'],
  ['Month(#2024-12-01#)', '12'],
  ['MonthsAgo(2)', '2024-06-15 12:00:00.000Z'],
  ['Oldest(#2024-01-02#, #2024-01-01#)', '2024-01-01'],
  ['ToDate(#2024-01-02T10:11:12Z#)', '2024-01-02'],
  ["ToDateTime('2024-01-02')", '2024-01-02 00:00:00.000Z'],
  ["ToTimestamp('2024-01-02 03:04:05+02')", '2024-01-02 01:04:05.000Z'],
  ["ToTimeZone(#2024-07-01T12:00:00Z#, 'Europe/Paris')", '2024-07-01 14:00:00.000Z'],
  ['TruncDate(#2024-01-01T13:14:15Z#, 3600)', '2024-01-01 13:00:00.000Z'],
  ["TruncDateTZ(#2024-07-01T23:30:00Z#, 86400, 'Europe/Paris')", '2024-07-01 22:00:00.000Z'],
  ['TruncQuarter(#2024-08-15#)', '2024-07-01'],
  ['TruncTime(#2024-01-01T01:01:01Z#, 60)', '3660'],
  ['TruncTime(#2024-01-01T01:01:01Z#)', '3661'],
  ['TruncWeek(#2024-08-15#)', '2024-08-12'],
  ['TruncYear(#2024-08-15#)', '2024-01-01'],
  ['WeekDay(#2024-08-15#)', '3'],
  ['Year(#2024-08-15#)', '2024'],
  ['YearAndMonth(#2024-08-15#)', '202408'],
  ['YearsAgo(1)', '2023-08-15 12:00:00.000Z'],
  ['Abs(-3)', '3'],
  ['Ceil(1.2)', '2'],
  ['Floor(-1.2)', '-2'],
  ['Greatest(2, 3)', '3'],
  ['Least(2, 3)', '2'],
  ['Mod(7, 3)', '1'],
  ['Percent(1, 4)', '25'],
  ['Random() * 0', '0'],
  ['Round(2.345, 1)', '2.3'],
  ['Sign(-9)', '-1'],
  ["ToDouble('2.5')", '2.5'],
  ["ToInt64('9007199254740991')", '9007199254740991'],
  ["ToInteger('42.9')", '42'],
  ['Trunc(2.349, 2)', '2.34'],
  ["ConvertCurrency(5, 'EUR', 'USD', GetDate())", '5'],
  ["FormatCurrency(5, 'EUR')", '5.00 EUR'],
  ['Round(Distance(2.35, 48.85, -0.13, 51.51), 0)', '344'],
  ["Case(When(1 = 2, 'a'), When(1 = 1, 'b'), Else('c'))", 'b'],
  ['ClearBit(7, 2)', '5'],
  ['SetBit(4, 1)', '5'],
  ['IsBitSet(5, 4)', '1'],
  ["Coalesce('', 'x')", 'x'],
  ['Coalesce(0, 9)', '9'],
  ["Decode('a', 'a', 1, 2)", '1'],
  ["GetEmailDomain('a@example.com')", 'example.com'],
  ["'<' + GetMirrorURL(1) + '>'", '<>'],
  ['Iif(1 > 2, 1, 2)', '2'],
  ["IsEmptyString('', 1, 2)", '1'],
  ["'<' + NoNull(NULL) + '>'", '<>'],
  ['ToBoolean(3)', '1'],
  ["AESEncrypt('a', 'key')", /^@[\w+/=]{40,}$/],
  ['NewUUID()', /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/],
  ["HasNamedRight('admin')", '1'],
  ["HasNamedRight('other')", '0'],
  ["HasPackage('nms:core')", '1'],
  ["CounterValue('fn')", '1'],
  ["DefaultFolder('none')", '0'],
  ["FolderFromName('none')", '0'],
  ['Gid() > 1000', '1'],
  ["'<' + GetOption('none') + '>'", '<>'],
  ["SchemaExists('lib:book')", '1'],
  ["SchemaLabel('lib:book')", 'Books'],
  ['CurrentUser()', 'admin'],
  ['DefaultNamespace()', 'cus'],
  ['CurrentTimeZone()', 'UTC'],
  ["StartWith('abc', 'ab')", '1'],
  ["EndWith('abc', 'ab')", '0'],
  ["StrLen('abc')", '3'],
  ["UrlEncode('a b&é')", 'a%20b%26%C3%A9'],
  ["urlUtf8Encode('é')", '%C3%A9'],
  ["ToIdentifier('Été à 2')", 'Ete_a_2'],
  ["FileName('/a/b.txt')", 'b.txt'],
  ["FileExt('/a/b.txt')", 'txt'],
  ["IsNumber('1.5')", '1'],
];

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

async function evaluate(expression: string): Promise<string> {
  const { text } = await caller.post('xtk:queryDef#EvaluateExpr', `<e>${escape(expression)}</e>`);
  return unescape(contentOf(text, 'pstrResult') ?? text);
}

test.each(values)('%s = %s', async (expression, expected) => {
  const value = await evaluate(expression);
  if (typeof expected === 'string') expect(value).toBe(expected);
  else expect(value).toMatch(expected);
});

test('every function that is documented for queries has a value here', () => {
  // Aggregates and window functions need rows, see below; the rest are arguments of others or need a form.
  const used = values.map(([expression]) => expression.toLowerCase()).join('\n');
  const groups = new Set(['string', 'date', 'numeric', 'currency', 'geomarketing', 'other']);
  const elsewhere = new Set(['else', 'when', 'rowid']);
  const missing = expressionFunctions
    .filter(({ name, group }) => groups.has(group) && !elsewhere.has(name.toLowerCase()))
    .filter(({ name }) => !used.includes(`${name.toLowerCase()}(`));
  expect(missing.map(({ name }) => name)).toEqual([]);
});

test.each([
  ['Avg(@price)', '8.95'],
  ['Count()', '5'],
  ['count(@added)', '4'],
  ['CountAll()', '5'],
  ['Countdistinct(@kind)', '2'],
  ['Max(@price)', '15.25'],
  ['Min(@title)', '100% <Anonymous>'],
  ['Round(StdDev(@price), 3)', '5.707'],
  ["StringAgg(@isbn, '+')", 'I-1+I-2+I-3+I-4+I-5'],
  ['Sum(@price)', '44.75'],
  ['Sum(@price) / Count()', '8.95'],
])('%s over all rows is %s', async (expression, expected) => {
  const query = `<queryDef schema="lib:book" operation="select"><select><node expr="${escape(expression)}" alias="@v"/></select></queryDef>`;
  expect(unescape(/ v="([^"]*)"/.exec(await caller.query(query))?.[1] ?? '')).toBe(expected);
});

test('rows are numbered within partitions', async () => {
  const numbered = async (expression: string): Promise<string[]> => {
    const query = `<queryDef schema="lib:book"><select><node expr="${expression}" alias="@n"/></select><orderBy><node expr="@id"/></orderBy></queryDef>`;
    return [...(await caller.query(query)).matchAll(/ n="([^"]*)"/g)].map((match) => match[1]!);
  };
  expect(await numbered('RowNum(PartitionBy(@kind), OrderBy(Desc(@price)))')).toEqual([
    '2',
    '3',
    '1',
    '1',
    '2',
  ]);
  expect(await numbered('_Over_(Sum(@price), PartitionBy(@kind))')).toEqual([
    '29.5',
    '29.5',
    '29.5',
    '15.25',
    '15.25',
  ]);
  expect(await numbered('RowId()')).toEqual(['1', '2', '3', '4', '5']);
});

import { createCipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';
import { findPath, parseElement, textOf } from '../xml/element.ts';
import {
  add,
  dayOfYear,
  difference,
  fromMs,
  startOfDay,
  toMs,
  weekDay,
  zoneOffsetMinutes,
  type Unit,
} from './dates.ts';

/** Values as SQLite passes them. */
export type SqlValue = string | number | bigint | null;

/** What functions need to know of the instance. */
export interface FunctionEnvironment {
  now(): number;
  option(name: string): string;
  counter(name: string): number;
  newId(): number;
  hasRight(name: string): boolean;
  hasPackage(id: string): boolean;
  schemaLabel(id: string): string | undefined;
  folderByName(name: string): number;
  folderByModel(model: string): number;
  login(): string;
}

/** A function of the XTK language and what it becomes in SQL. */
export interface FunctionRow {
  name: string;
  minArgs: number;
  maxArgs: number;
  /** Type of the result; a number is the argument it takes its type from. */
  type: string | number;
  /** An SQL expression over the arguments. Without it the function is called as `xtk…`. */
  sql?: (args: readonly string[]) => string;
  /** Registered with SQLite as `xtk…`. */
  run?: (environment: FunctionEnvironment) => (...args: SqlValue[]) => SqlValue;
  aggregate?: boolean;
}

export const sqlFunctionName = (name: string): string => `xtk${name.charAt(0).toUpperCase()}${name.slice(1)}`;

const text = (value: SqlValue | undefined): string =>
  value === null || value === undefined ? '' : String(value);
const number = (value: SqlValue | undefined): number => {
  const result = Number(value ?? 0);
  return Number.isFinite(result) ? result : 0;
};
const bool = (value: boolean): number => (value ? 1 : 0);
const isEmpty = (value: SqlValue | undefined): boolean =>
  value === null || value === undefined || value === '';
/** SQL's integers are 64 bits; bits beyond 31 need BigInt. */
const whole = (value: SqlValue | undefined): bigint => BigInt(Math.trunc(number(value)));

/** A function of plain text and numbers. */
const plain = (
  name: string,
  minArgs: number,
  maxArgs: number,
  type: string | number,
  run: (...args: (SqlValue | undefined)[]) => SqlValue,
): FunctionRow => ({ name, minArgs, maxArgs, type, run: () => run });

const sql = (
  name: string,
  minArgs: number,
  maxArgs: number,
  type: string | number,
  write: (args: readonly string[]) => string,
): FunctionRow => ({ name, minArgs, maxArgs, type, sql: write });

/** A function of a date; null gives null, and so does text that is no date. */
const ofDate = (
  name: string,
  args: number,
  type: string,
  run: (ms: number, ...rest: (SqlValue | undefined)[]) => SqlValue,
): FunctionRow => plain(name, args, args, type, (date, ...rest) => withDate(date, (ms) => run(ms, ...rest)));

function withDate(value: SqlValue | undefined, run: (ms: number) => SqlValue): SqlValue {
  if (isEmpty(value)) return null;
  try {
    return run(toMs(text(value)));
  } catch {
    return null;
  }
}

const dateText = (ms: number): string => fromMs(ms).slice(0, 10);
const hash = (algorithm: string) => (value: SqlValue | undefined) =>
  createHash(algorithm).update(text(value)).digest('hex');
const pad = (
  value: SqlValue | undefined,
  length: SqlValue | undefined,
  fill: SqlValue | undefined,
): string => {
  const missing = number(length) - text(value).length;
  const unit = text(fill) === '' ? ' ' : text(fill);
  return missing <= 0 ? '' : unit.repeat(Math.ceil(missing / unit.length)).slice(0, missing);
};
const juxt = (...words: (SqlValue | undefined)[]): string =>
  words
    .map(text)
    .filter((word) => word !== '')
    .join(' ');
const truncateTo = (value: number, decimals: number): number => {
  const scale = 10 ** decimals;
  return Math.trunc(value * scale) / scale;
};

const aggregates: readonly FunctionRow[] = [
  { name: 'Avg', minArgs: 1, maxArgs: 1, type: 'double', aggregate: true, sql: ([a]) => `AVG(${a})` },
  // Strings and numbers differ in what counts as null, but a counted column behaves as in SQL.
  {
    name: 'Count',
    minArgs: 0,
    maxArgs: 1,
    type: 'long',
    aggregate: true,
    sql: ([a]) => `COUNT(${a ?? '*'})`,
  },
  { name: 'CountAll', minArgs: 0, maxArgs: 0, type: 'long', aggregate: true, sql: () => 'COUNT(*)' },
  {
    name: 'Countdistinct',
    minArgs: 1,
    maxArgs: 1,
    type: 'long',
    aggregate: true,
    sql: ([a]) => `COUNT(DISTINCT ${a})`,
  },
  { name: 'Max', minArgs: 1, maxArgs: 1, type: 0, aggregate: true, sql: ([a]) => `MAX(${a})` },
  { name: 'Min', minArgs: 1, maxArgs: 1, type: 0, aggregate: true, sql: ([a]) => `MIN(${a})` },
  {
    name: 'StdDev',
    minArgs: 1,
    maxArgs: 1,
    type: 'double',
    aggregate: true,
    sql: ([a]) => `xtkStdDev(${a})`,
  },
  {
    name: 'StringAgg',
    minArgs: 2,
    maxArgs: 2,
    type: 'string',
    aggregate: true,
    sql: ([a, b]) => `group_concat(${a}, ${b})`,
  },
  { name: 'Sum', minArgs: 1, maxArgs: 1, type: 0, aggregate: true, sql: ([a]) => `SUM(${a})` },
  {
    name: 'GroupConcat',
    minArgs: 1,
    maxArgs: 1,
    type: 'string',
    aggregate: true,
    sql: ([a]) => `group_concat(${a})`,
  },
];

const strings: readonly FunctionRow[] = [
  plain('AllNonNull2', 2, 2, 'boolean', (...args) => bool(!args.some(isEmpty))),
  plain('AllNonNull3', 3, 3, 'boolean', (...args) => bool(!args.some(isEmpty))),
  plain('Ascii', 1, 1, 'long', (a) => text(a ?? null).codePointAt(0) ?? 0),
  plain('Char', 1, 1, 'string', (a) =>
    String.fromCodePoint(Math.min(0x10ffff, Math.max(1, Math.trunc(number(a))))),
  ),
  // [I] 0 for text that is not found: the documentation is silent.
  plain('Charindex', 2, 2, 'long', (a, b) => text(a).indexOf(text(b)) + 1),
  plain('dataLength', 1, 1, 'long', (a) => Buffer.byteLength(text(a))),
  plain('GetLine', 1, 2, 'string', (a, b) => text(a).split(/\r?\n/)[Math.max(1, number(b ?? 1)) - 1] ?? ''),
  plain('Line', 2, 2, 'string', (a, b) => text(a).split(/\r?\n/)[Math.max(1, number(b)) - 1] ?? ''),
  sql('IfEquals', 4, 4, 2, ([a, b, c, d]) => `CASE WHEN ${a} = ${b} THEN ${c} ELSE ${d} END`),
  plain('IsMemoNull', 1, 1, 'boolean', (a) => bool(isEmpty(a))),
  plain('JuxtWords', 2, 2, 'string', juxt),
  plain('JuxtWords3', 3, 3, 'string', juxt),
  plain('LPad', 3, 3, 'string', (a, n, f) => (pad(a, n, f) + text(a)).slice(0, Math.max(0, number(n)))),
  plain('RPad', 3, 3, 'string', (a, n, f) => (text(a) + pad(a, n, f)).slice(0, Math.max(0, number(n)))),
  plain('Left', 2, 2, 'string', (a, n) => text(a).slice(0, Math.max(0, number(n)))),
  plain('Right', 1, 2, 'string', (a, n) => (number(n ?? 1) <= 0 ? '' : text(a).slice(-number(n ?? 1)))),
  plain('Length', 1, 1, 'long', (a) => text(a).length),
  plain('StrLen', 1, 1, 'long', (a) => text(a).length),
  plain('Lower', 1, 1, 'string', (a) => text(a).toLowerCase()),
  plain('Upper', 1, 1, 'string', (a) => text(a).toUpperCase()),
  plain('Ltrim', 1, 1, 'string', (a) => text(a).replace(/^ +/, '')),
  plain('Rtrim', 1, 1, 'string', (a) => text(a).replace(/ +$/, '')),
  plain('Md5Digest', 1, 1, 'string', hash('md5')),
  plain('Sha256Digest', 1, 1, 'string', hash('sha256')),
  plain('Sha512Digest', 1, 1, 'string', hash('sha512')),
  plain('MemoContains', 2, 2, 'boolean', (a, b) => bool(text(a).includes(text(b)))),
  plain('NodeValue', 2, 2, 'string', (path, data) => nodeValue(text(path), text(data))),
  plain('Replace', 3, 3, 'string', (a, b, c) =>
    text(b) === '' ? text(a) : text(a).replaceAll(text(b), text(c)),
  ),
  plain('Smart', 1, 1, 'string', (a) =>
    text(a)
      .toLowerCase()
      .replace(
        /(^|[^\p{L}\p{N}'’])(\p{L})/gu,
        (_all, before: string, letter: string) => before + letter.toUpperCase(),
      ),
  ),
  plain('Substring', 3, 3, 'string', (a, start, length) => {
    const from = Math.max(1, number(start)) - 1;
    return text(a).slice(from, length === undefined ? undefined : from + Math.max(0, number(length)));
  }),
  plain('ToString', 1, 2, 'string', (a, decimals) =>
    decimals !== undefined && typeof a === 'number'
      ? a.toFixed(Math.min(20, Math.max(0, number(decimals))))
      : text(a),
  ),
  plain('VirtualLink', 3, 3, 'long', (key, a, b) => (a === b ? (key ?? 0) : 0)),
  plain('VirtualLinkStr', 3, 3, 'string', (key, a, b) => (a === b ? text(key) : '')),
  plain('StartWith', 2, 2, 'boolean', (a, b) => bool(text(a).startsWith(text(b)))),
  plain('EndWith', 2, 2, 'boolean', (a, b) => bool(text(a).endsWith(text(b)))),
  plain('UrlEncode', 1, 1, 'string', (a) => encodeURIComponent(text(a))),
  plain('urlUtf8Encode', 1, 1, 'string', (a) => encodeURIComponent(text(a))),
  plain('ToIdentifier', 1, 1, 'string', (a) =>
    text(a)
      .normalize('NFD')
      .replace(/\p{M}/gu, '')
      .replace(/[^A-Za-z0-9_]+/g, '_')
      .replace(/^(\d)/, '_$1'),
  ),
  plain('FileName', 1, 1, 'string', (a) => text(a).replace(/^.*[/\\]/, '')),
  plain('FileExt', 1, 1, 'string', (a) => /\.([^./\\]+)$/.exec(text(a))?.[1] ?? ''),
  plain('IsNumber', 1, 1, 'boolean', (a) => bool(/^\s*[+-]?\d+(\.\d+)?\s*$/.test(text(a)))),
];

function nodeValue(path: string, data: string): string {
  try {
    const root = parseElement(data);
    const [, elementPath = '', attributeName] = /^(.*?)\/?(?:@([\w-]+))?$/.exec(path) ?? [];
    const at = findPath(root, elementPath);
    if (at === undefined) return '';
    return attributeName === undefined ? textOf(at) : (at.attributes.get(attributeName) ?? '');
  } catch {
    return '';
  }
}

const units: readonly Unit[] = ['Years', 'Months', 'Days', 'Hours', 'Minutes', 'Seconds'];

const now = (
  name: string,
  args: number,
  type: string,
  run: (nowMs: number, ...args: (SqlValue | undefined)[]) => SqlValue,
): FunctionRow => ({
  name,
  minArgs: args,
  maxArgs: args,
  type,
  run:
    (environment) =>
    (...values) =>
      run(environment.now(), ...values),
});

const ago = (name: string, unit: Unit): FunctionRow =>
  now(name, 1, 'datetime', (ms, count) => fromMs(add(ms, -number(count), unit)));

const old = (name: string, unit: Unit): FunctionRow =>
  now(name, 1, 'long', (ms, date) => withDate(date, (then) => difference(ms, then, unit)));

const dates: readonly FunctionRow[] = [
  ...units.flatMap((unit) => [
    ofDate(`Add${unit}`, 2, 'datetime', (ms, count) => fromMs(add(ms, number(count), unit))),
    ofDate(`Sub${unit}`, 2, 'datetime', (ms, count) => fromMs(add(ms, -number(count), unit))),
    ofDate(`${unit}Diff`, 2, 'long', (end, start) => withDate(start, (from) => difference(end, from, unit))),
  ]),
  now('GetDate', 0, 'datetime', (ms) => fromMs(ms)),
  ago('DaysAgo', 'Days'),
  ago('MonthsAgo', 'Months'),
  ago('YearsAgo', 'Years'),
  now('DaysAgoInt', 1, 'long', (ms, count) =>
    Number(dateText(add(ms, -number(count), 'Days')).replaceAll('-', '')),
  ),
  old('DaysOld', 'Days'),
  old('MonthsOld', 'Months'),
  old('YearsOld', 'Years'),
  ofDate('ConvertNTZ', 1, 'datetime', (ms) => fromMs(ms)),
  ofDate('DateCmp', 2, 'long', (a, b) => withDate(b, (other) => Math.sign(a - other))),
  ofDate('DateOnly', 1, 'date', dateText),
  ofDate('ToDate', 1, 'date', dateText),
  ofDate('ToDateTime', 1, 'datetime', fromMs),
  ofDate('ToTimestamp', 1, 'datetime', fromMs),
  ofDate('ToTimeZone', 2, 'datetime', (ms, zone) => {
    const offset = zoneOffsetMinutes(ms, text(zone));
    return offset === undefined ? null : fromMs(ms + offset * 60_000);
  }),
  ofDate('Day', 1, 'long', (ms) => new Date(ms).getUTCDate()),
  ofDate('DayOfYear', 1, 'long', dayOfYear),
  ofDate('Hour', 1, 'long', (ms) => new Date(ms).getUTCHours()),
  ofDate('Minute', 1, 'long', (ms) => new Date(ms).getUTCMinutes()),
  ofDate('Second', 1, 'long', (ms) => new Date(ms).getUTCSeconds()),
  ofDate('Month', 1, 'long', (ms) => new Date(ms).getUTCMonth() + 1),
  ofDate('Year', 1, 'long', (ms) => new Date(ms).getUTCFullYear()),
  ofDate('WeekDay', 1, 'long', weekDay),
  // [I] yyyymm.
  ofDate('YearAndMonth', 1, 'long', (ms) => Number(dateText(ms).slice(0, 7).replace('-', ''))),
  plain('Oldest', 2, 2, 'datetime', (a, b) => {
    if (isEmpty(a)) return b ?? null;
    return isEmpty(b) || text(a) <= text(b) ? (a ?? null) : (b ?? null);
  }),
  ofDate('TruncDate', 2, 'datetime', (ms, seconds) => fromMs(truncateInstant(ms, seconds))),
  ofDate('TruncDateTZ', 3, 'datetime', (ms, seconds, zone) => {
    const offset = (zoneOffsetMinutes(ms, text(zone)) ?? 0) * 60_000;
    return fromMs(truncateInstant(ms + offset, seconds) - offset);
  }),
  ofDate('TruncQuarter', 1, 'date', (ms) => {
    const date = new Date(ms);
    return dateText(Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / 3) * 3, 1));
  }),
  // Documented with one argument and with two.
  plain('TruncTime', 1, 2, 'timespan', (date, seconds) =>
    withDate(date, (ms) => (truncateInstant(ms, seconds) - startOfDay(ms)) / 1000),
  ),
  ofDate('TruncWeek', 1, 'date', (ms) => dateText(startOfDay(ms) - weekDay(ms) * 86_400_000)),
  ofDate('TruncYear', 1, 'date', (ms) => dateText(Date.UTC(new Date(ms).getUTCFullYear(), 0, 1))),
];

function truncateInstant(ms: number, seconds: SqlValue | undefined): number {
  const step = Math.max(1, number(seconds)) * 1000;
  return Math.floor(ms / step) * step;
}

const numbers: readonly FunctionRow[] = [
  sql('Abs', 1, 1, 0, ([a]) => `abs(${a})`),
  plain('Ceil', 1, 1, 'long', (a) => Math.ceil(number(a))),
  plain('Floor', 1, 1, 'long', (a) => Math.floor(number(a))),
  sql('Greatest', 2, 2, 0, ([a, b]) => `max(${a}, ${b})`),
  sql('Least', 2, 2, 0, ([a, b]) => `min(${a}, ${b})`),
  sql('Mod', 2, 2, 0, ([a, b]) => `(${a}) % (${b})`),
  plain('Percent', 2, 2, 'double', (a, b) => (number(b) === 0 ? 0 : (number(a) / number(b)) * 100)),
  plain('Random', 0, 0, 'double', () => Math.random()),
  sql('Round', 2, 2, 'double', ([a, b]) => `round(${a}, ${b ?? '0'})`),
  plain('Sign', 1, 1, 'long', (a) => Math.sign(number(a))),
  plain('ToDouble', 1, 1, 'double', (a) => number(a)),
  plain('ToInt64', 1, 1, 'int64', (a) => Math.trunc(number(a))),
  plain('ToInteger', 1, 1, 'long', (a) => Math.trunc(number(a))),
  plain('Trunc', 2, 2, 'double', (a, b) => truncateTo(number(a), number(b ?? 0))),
  // The sandbox has one currency: every rate is 1.
  plain('ConvertCurrency', 4, 4, 'double', (a) => number(a)),
  plain('FormatCurrency', 2, 2, 'string', (a, b) => juxt(number(a).toFixed(2), b ?? '')),
  // [?] The documentation gives no unit; kilometres on a sphere.
  plain('Distance', 4, 4, 'double', (lonA, latA, lonB, latB) =>
    distanceKm(number(lonA), number(latA), number(lonB), number(latB)),
  ),
];

function distanceKm(lonA: number, latA: number, lonB: number, latB: number): number {
  const radians = Math.PI / 180;
  const a =
    Math.sin(((latB - latA) * radians) / 2) ** 2 +
    Math.cos(latA * radians) * Math.cos(latB * radians) * Math.sin(((lonB - lonA) * radians) / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.min(1, Math.sqrt(a)));
}

/** A function of the instance. */
const ofInstance = (
  name: string,
  minArgs: number,
  maxArgs: number,
  type: string,
  run: NonNullable<FunctionRow['run']>,
): FunctionRow => ({ name, minArgs, maxArgs, type, run });

const others: readonly FunctionRow[] = [
  plain('ClearBit', 2, 2, 'long', (a, b) => whole(a) & ~whole(b)),
  plain('SetBit', 2, 2, 'long', (a, b) => whole(a) | whole(b)),
  plain('IsBitSet', 2, 2, 'boolean', (a, b) => bool((whole(a) & whole(b)) !== 0n)),
  // Documented: the default replaces null, empty text and zero alike.
  sql(
    'Coalesce',
    2,
    2,
    0,
    ([a, b]) => `CASE WHEN ${a} IS NULL OR ${a} = '' OR ${a} = 0 THEN ${b} ELSE ${a} END`,
  ),
  sql('Decode', 4, 4, 2, ([a, b, c, d]) => `CASE WHEN ${a} = ${b} THEN ${c} ELSE ${d} END`),
  plain('GetEmailDomain', 1, 1, 'string', (a) => /@(.*)$/.exec(text(a))?.[1] ?? ''),
  ofInstance(
    'GetMirrorURL',
    1,
    1,
    'string',
    (environment) => () => environment.option('NmsServer_MirrorPageUrl'),
  ),
  sql('Iif', 3, 3, 1, ([a, b, c]) => `CASE WHEN ${a} THEN ${b} ELSE ${c} END`),
  sql('IsEmptyString', 3, 3, 1, ([a, b, c]) => `CASE WHEN ifnull(${a}, '') = '' THEN ${b} ELSE ${c} END`),
  sql('NoNull', 1, 1, 'string', ([a]) => `ifnull(${a}, '')`),
  sql('RowId', 0, 0, 'long', () => `row_number() OVER ()`),
  plain('ToBoolean', 1, 1, 'boolean', (a) => bool(number(a) !== 0)),
  plain('AESEncrypt', 1, 2, 'string', (a, key) => encrypt(text(a), text(key))),
  plain('NewUUID', 0, 0, 'uuid', () => randomUUID()),
  ofInstance('HasNamedRight', 1, 1, 'boolean', (environment) => (a) => bool(environment.hasRight(text(a)))),
  ofInstance('HasPackage', 1, 1, 'boolean', (environment) => (a) => bool(environment.hasPackage(text(a)))),
  ofInstance('CounterValue', 1, 1, 'long', (environment) => (a) => environment.counter(text(a))),
  ofInstance('DefaultFolder', 1, 2, 'long', (environment) => (a) => environment.folderByModel(text(a))),
  ofInstance('FolderFromName', 1, 1, 'long', (environment) => (a) => environment.folderByName(text(a))),
  ofInstance('Gid', 0, 0, 'long', (environment) => () => environment.newId()),
  ofInstance('GetOption', 1, 1, 'string', (environment) => (a) => environment.option(text(a))),
  ofInstance(
    'SchemaExists',
    1,
    1,
    'boolean',
    (environment) => (a) => bool(environment.schemaLabel(text(a)) !== undefined),
  ),
  ofInstance('SchemaLabel', 1, 1, 'string', (environment) => (a) => environment.schemaLabel(text(a)) ?? ''),
  ofInstance('CurrentUser', 0, 0, 'string', (environment) => () => environment.login()),
  plain('DefaultNamespace', 0, 0, 'string', () => 'cus'),
  plain('CurrentTimeZone', 0, 0, 'string', () => 'UTC'),
];

function encrypt(value: string, key: string): string {
  const secret = createHash('sha256').update(key).digest();
  const vector = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', secret, vector);
  return `@${Buffer.concat([vector, cipher.update(value), cipher.final()]).toString('base64')}`;
}

export const functionRows: readonly FunctionRow[] = [
  ...aggregates,
  ...strings,
  ...dates,
  ...numbers,
  ...others,
];

const byName = new Map(functionRows.map((row) => [row.name.toLowerCase(), row]));

/** Adobe's own samples differ in letter case, so names are matched without it. */
export const findFunction = (name: string): FunctionRow | undefined => byName.get(name.toLowerCase());

/** Functions with a grammar of their own, compiled where they stand. */
export const specialFunctions: ReadonlySet<string> = new Set([
  'case',
  'when',
  'else',
  'rownum',
  'partitionby',
  'orderby',
  'desc',
  '_over_',
  'ev',
  'el',
  'eval',
]);

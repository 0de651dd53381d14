import { columnPrefix } from '../../../core/schema/compileSchemas.ts';
import { enterElement } from '../../../core/schema/resolvePath.ts';
import type { Schema, SchemaElement, SchemaNode, SchemaSource } from '../../../core/schema/schema.ts';

/** A stored field. */
export interface Column {
  /** XPath from the main element, `location/@city`. */
  xpath: string;
  name: string;
  type: string;
  node: SchemaNode;
}

/** Where the rows of a schema are. */
export interface Storage {
  table: string;
  columns: Column[];
  byXPath: ReadonlyMap<string, Column>;
  /** The rows carry an XML body, in the column `mData`. */
  memo: boolean;
  /** In the cloud database, where nothing enforces uniqueness. */
  cloud: boolean;
}

/** The column of the XML body. */
export const memoColumn = 'mData';

const capital = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);

/** `undefined` for schemas without a table: libraries, method-only schemas, documents kept in files. */
export function storageOf(model: SchemaSource, schema: Schema): Storage | undefined {
  const { root } = schema;
  if (root === undefined || schema.library) return undefined;
  if (schema.mappingType !== undefined && schema.mappingType !== 'sql') return undefined;
  const columns: Column[] = [];
  const found = { memo: false };
  collect(model, root, '', columns, found, 0);
  if (columns.length === 0) return undefined;
  return {
    table: root.sqlTable ?? capital(schema.namespace) + capital(schema.name),
    columns,
    byXPath: new Map(columns.map((column) => [column.xpath, column])),
    memo: found.memo,
    cloud: root.dataSource?.endsWith(':ffda') === true,
  };
}

/** `ref`s that contain themselves only occur in XML parts, which are not walked; this guards against a wrong schema. */
const maxDepth = 16;

function collect(
  model: SchemaSource,
  element: SchemaElement,
  path: string,
  columns: Column[],
  found: { memo: boolean },
  depth: number,
): void {
  if (depth > maxDepth) return;
  for (const attribute of element.attributes.values()) {
    addField(attribute, `${path}@${attribute.name}`, attribute.type ?? 'string', columns, found);
  }
  for (const child of element.elements.values()) {
    if (child.type === 'link') continue;
    if (child.xml || child.unbound || child.type === 'ANY' || child.raw.get('xmlChildren') === 'true') {
      found.memo = true;
    }
    if (child.type !== undefined && child.type !== 'ANY') {
      addField(child, `${path}${child.name}`, child.type, columns, found);
    } else if (!child.unbound && child.type === undefined) {
      const scope = enterElement(model, child);
      if (scope.kind === 'found' && !child.xml) {
        collect(model, scope.element, `${path}${child.name}/`, columns, found, depth + 1);
      }
    }
  }
}

function addField(
  node: SchemaNode,
  xpath: string,
  type: string,
  columns: Column[],
  found: { memo: boolean },
): void {
  if (node.expr !== undefined) return;
  if (node.xml) {
    found.memo = true;
    return;
  }
  const name = node.sqlName ?? columnPrefix(type) + capital(node.name.replaceAll('-', ''));
  // The memo itself, declared as a field, is kept apart.
  if (name === memoColumn) found.memo = true;
  else columns.push({ xpath, name, type, node });
}

const wholeNumbers: ReadonlySet<string> = new Set(['boolean', 'byte', 'short', 'long', 'int', 'int64']);
const fractions: ReadonlySet<string> = new Set(['float', 'double', 'percent', 'money', 'timespan']);

export const isWholeNumber = (type: string): boolean => wholeNumbers.has(type);
export const isNumber = (type: string): boolean => wholeNumbers.has(type) || fractions.has(type);
export const isInstant = (type: string): boolean => type.startsWith('datetime');
export const isDateLike = (type: string): boolean => isInstant(type) || type === 'date';
export const isText = (type: string): boolean => !isNumber(type) && !isDateLike(type);

export function sqliteType(type: string): 'INTEGER' | 'REAL' | 'TEXT' {
  return isWholeNumber(type) ? 'INTEGER' : isNumber(type) ? 'REAL' : 'TEXT';
}

/**
 * The value of a column from text, as documents have it. Numbers and booleans are never null; an empty string or date
 * is stored as null, since the two cannot be told apart on the wire.
 * @throws RangeError when the text is no value of the type.
 */
export function toColumnValue(type: string, text: string): string | number | bigint | null {
  const trimmed = text.trim();
  if (type === 'boolean')
    return /^true$/i.test(trimmed) || (/^-?\d+$/.test(trimmed) && Number(trimmed) !== 0) ? 1 : 0;
  if (isNumber(type)) return toNumber(type, trimmed);
  if (text === '') return null;
  if (isInstant(type)) return toInstant(trimmed);
  if (type === 'date') return toInstant(trimmed).slice(0, 10);
  return text;
}

const bounds: Readonly<Record<string, bigint>> = {
  byte: 127n,
  short: 32_767n,
  long: 2_147_483_647n,
  int: 2_147_483_647n,
};

function toNumber(type: string, text: string): number | bigint {
  if (text === '') return 0;
  if (/^true$/i.test(text)) return 1;
  if (/^false$/i.test(text)) return 0;
  if (!isWholeNumber(type)) {
    const value = Number(text);
    if (!Number.isFinite(value))
      throw new RangeError(`invalid input syntax for type double precision: "${text}"`);
    return value;
  }
  if (!/^[+-]?\d+(\.0*)?$/.test(text))
    throw new RangeError(`invalid input syntax for type integer: "${text}"`);
  const value = BigInt(text.replace(/^\+|\..*$/g, ''));
  const bound = bounds[type] ?? 9_223_372_036_854_775_807n;
  if (value > bound || value < -bound - 1n)
    throw new RangeError(`value "${text}" is out of range for type ${type}`);
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

/** `2020-07-05 14:11:31.986Z` from the forms seen in documents and literals; times without a zone are UTC, the server's. */
export function toInstant(text: string): string {
  const match =
    /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?$/.exec(
      text,
    );
  if (match === null) throw new RangeError(`invalid input syntax for type timestamp: "${text}"`);
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Math.trunc(Number(`0.${fraction === '' ? '0' : fraction}`) * 1000),
  );
  const isReal = new Date(ms).getUTCDate() === Number(day) && Number(hour) < 25 && Number(minute) < 60;
  if (!isReal) throw new RangeError(`date/time field value out of range: "${text}"`);
  return new Date(ms - zoneOffsetMs(zone)).toISOString().replace('T', ' ');
}

function zoneOffsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  return sign * (hours * 60 + minutes) * 60_000;
}

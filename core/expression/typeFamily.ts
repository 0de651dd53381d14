/** What XTK types have in common as far as expressions go. `unknown` is never reported on. */
export type TypeFamily = 'text' | 'number' | 'boolean' | 'date' | 'marker' | 'unknown';

const families: Readonly<Record<string, TypeFamily>> = {
  string: 'text',
  memo: 'text',
  CDATA: 'text',
  html: 'text',
  uuid: 'text',
  enum: 'text',
  MNTOKEN: 'text',
  byte: 'number',
  short: 'number',
  long: 'number',
  int: 'number',
  int64: 'number',
  float: 'number',
  double: 'number',
  percent: 'number',
  money: 'number',
  number: 'number',
  timespan: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
  datetimetz: 'date',
  datetimenotz: 'date',
  When: 'marker',
  Else: 'marker',
  Desc: 'marker',
  OrderBy: 'marker',
  PartitionBy: 'marker',
};

/**
 * The family of an XTK type, or of the types only expressions have (`number`, `any`, markers such as `When`).
 * Links, containers, `ANY` and types nobody listed are `unknown`.
 * Source: Campaign documentation, "Schema structure", data types.
 */
export function typeFamily(type: string): TypeFamily {
  return families[type] ?? 'unknown';
}

/** The wider of two numeric types: whole numbers widen to `int64`, anything with decimals to `double`. */
export function widerNumber(left: string, right: string): string {
  const rank = [
    'byte',
    'short',
    'int',
    'long',
    'timespan',
    'int64',
    'number',
    'percent',
    'float',
    'money',
    'double',
  ];
  return rank.indexOf(left) >= rank.indexOf(right) ? left : right;
}

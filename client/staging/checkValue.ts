import type { EnumerationDescription, FieldDescription } from '../../core/protocol/messages.ts';

/** A value as it is sent, or a phrase that says what is wrong with it. */
export type CheckedValue = { readonly text: string } | { readonly problem: string };

const ranges: Readonly<Record<string, readonly [bigint, bigint]>> = {
  byte: [-128n, 127n],
  short: [-32768n, 32767n],
  long: [-2147483648n, 2147483647n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
};

/**
 * Checks a value against its field and writes it as Campaign documents do: dates as UTC text with a blank between day and
 * time. Source: campaign notes on values inside documents.
 * @param value not empty.
 * @param enumeration the field's, when its values are known.
 */
export function checkValue(
  value: string,
  field: FieldDescription,
  enumeration: EnumerationDescription | undefined,
): CheckedValue {
  const trimmed = value.trim();
  const type = field.type ?? 'string';
  const range = ranges[type];
  if (range !== undefined) {
    const known = enumeration?.values.find(({ name }) => name === trimmed)?.value;
    const number = known ?? trimmed;
    if (!/^[+-]?\d{1,20}$/.test(number)) return { problem: 'is not a whole number' };
    const parsed = BigInt(number.replace(/^\+/, ''));
    if (parsed < range[0] || parsed > range[1]) {
      return { problem: `is outside of ${range[0]} to ${range[1]}, the range of ${type}` };
    }
    return { text: String(parsed) };
  }
  switch (type) {
    case 'float':
    case 'double':
    case 'percent':
    case 'money':
      if (/^[+-]?\d+,\d+$/.test(trimmed)) return { problem: 'has a decimal comma; write a point' };
      return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(trimmed)
        ? { text: trimmed }
        : { problem: 'is not a number' };
    case 'boolean':
      if (/^(?:true|1)$/i.test(trimmed)) return { text: 'true' };
      if (/^(?:false|0)$/i.test(trimmed)) return { text: 'false' };
      return { problem: 'is neither true nor false (1 and 0 do too)' };
    case 'date': {
      const day = /^(\d{4})[-/](\d\d)[-/](\d\d)$/.exec(trimmed);
      return day !== null && isDay(day[1]!, day[2]!, day[3]!)
        ? { text: `${day[1]}-${day[2]}-${day[3]}` }
        : { problem: 'is not a date; write it as 2026-07-31' };
    }
    case 'datetime':
    case 'datetimetz':
    case 'datetimenotz':
      return checkDateTime(trimmed, type);
    default: {
      if (field.length !== undefined && value.length > field.length) {
        return { problem: `is ${value.length} characters long; the field takes ${field.length}` };
      }
      // Control characters cannot be written in XML at all.
      // eslint-disable-next-line no-control-regex
      if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(value)) {
        return { problem: 'holds a control character, which no document can carry' };
      }
      return { text: value };
    }
  }
}

function checkDateTime(value: string, type: string): CheckedValue {
  const hint = 'is not a time; write it as 2026-07-31 14:05:00Z';
  const match =
    /^(\d{4})[-/](\d\d)[-/](\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?\s*(Z|[+-]\d\d:?\d\d)?)?$/i.exec(
      value,
    );
  if (match === null) return { problem: hint };
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] = match;
  if (!isDay(year!, month!, day!) || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) {
    return { problem: hint };
  }
  const ms = fraction.slice(0, 3).padEnd(3, '0');
  if (type === 'datetimenotz') {
    return zone === undefined
      ? { text: `${year}-${month}-${day} ${hour}:${minute}:${second}.${ms}` }
      : { problem: 'has a time zone, but the field keeps none; leave it out' };
  }
  if (match[4] !== undefined && zone === undefined) {
    return { problem: 'has no time zone; add Z for UTC, or an offset such as +02:00' };
  }
  const offset = zone === undefined || /^z$/i.test(zone) ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2');
  const instant = new Date(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}${offset.toUpperCase()}`,
  );
  return Number.isNaN(instant.getTime())
    ? { problem: hint }
    : { text: instant.toISOString().replace('T', ' ') };
}

function isDay(year: string, month: string, day: string): boolean {
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
}

import type { GridColumn } from '../../../core/protocol/gridMessages.ts';

/**
 * How the values of a column read. What is stored stays as it came: copying, exporting and the value view give that.
 * @returns `undefined` when values are shown as they are.
 */
export function valueFormat(
  column: Pick<GridColumn, 'kind' | 'type' | 'labels' | 'isExact'>,
): ((stored: string) => string) | undefined {
  const { labels } = column;
  if (labels !== undefined) {
    const known = new Map(Object.entries(labels));
    return column.isExact === true
      ? (stored) => (known.has(stored) ? `${stored} · ${known.get(stored)!}` : stored)
      : (stored) => known.get(stored) ?? stored;
  }
  if (column.isExact === true) return undefined;
  switch (column.kind) {
    case 'boolean':
      return formatBoolean;
    case 'date':
      return dateFormats[column.type ?? ''] ?? formatLocal;
    case 'number':
      return formats[column.type ?? ''];
    case 'text':
      return undefined;
  }
}

const formats: Readonly<Record<string, (stored: string) => string>> = {
  money: (stored) => formatDecimal(stored, 2, 2),
  percent: (stored) => formatDecimal(stored, 0, 2),
  float: (stored) => formatDecimal(stored, 0, 4),
  double: (stored) => formatDecimal(stored, 0, 6),
};

function formatBoolean(stored: string): string {
  if (stored === '1') return 'true';
  return stored === '0' ? 'false' : stored;
}

/**
 * A number without the noise of binary fractions (`19.989999999999998`). What would lose its meaning by rounding, a tiny
 * value or one with more digits than a double holds, stays as it is.
 */
function formatDecimal(stored: string, minDecimals: number, maxDecimals: number): string {
  if (!/^-?\d+(?:\.\d*)?(?:e[+-]?\d+)?$/i.test(stored)) return stored;
  const value = Number(stored);
  if (!Number.isFinite(value) || Math.abs(value) >= 1e15) return stored;
  const rounded = value.toFixed(maxDecimals);
  if (Number(rounded) === 0 && value !== 0) return stored;
  if (minDecimals === maxDecimals) return rounded;
  return rounded.replace(/\.?0+$/, '');
}

const dateFormats: Readonly<Record<string, (stored: string) => string>> = {
  date: formatDate,
  datetimenotz: formatWallClock,
};

const moment = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.(\d+))?\s*(Z|[+-]\d\d:?\d\d)?)?Z?$/;

/** A day has no zone: a time that came with it is dropped, not counted in. */
function formatDate(stored: string): string {
  return moment.exec(stored)?.[1] ?? stored;
}

/** A moment that is the same on every clock: whatever zone it is written with says nothing. */
function formatWallClock(stored: string): string {
  const [, day, time, fraction] = moment.exec(stored) ?? [];
  return day === undefined || time === undefined ? stored : `${day} ${time}${fractionText(fraction)}`;
}

/** A moment with a zone in the person's own time; year first, as it sorts. */
function formatLocal(stored: string): string {
  const [, day, time, fraction, zone] = moment.exec(stored) ?? [];
  if (day === undefined || time === undefined || zone === undefined) return formatWallClock(stored);
  const date = new Date(`${day}T${time}${zone}`);
  if (Number.isNaN(date.getTime())) return stored;
  const two = (part: number): string => String(part).padStart(2, '0');
  const localDay = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const localTime = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(':');
  return `${localDay} ${localTime}${fractionText(fraction)}`;
}

function fractionText(fraction: string | undefined): string {
  return fraction === undefined || /^0+$/.test(fraction) ? '' : `.${fraction}`;
}

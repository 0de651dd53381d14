/**
 * Writes a string as an XTK literal: single quotes, `\` and `'` escaped with `\`.
 * Source: `escapeXtk` of Adobe's SDK.
 */
export function quoteXtk(value: string): string {
  return `'${value.replace(/[\\']/g, '\\$&')}'`;
}

/** Escapes text for a LIKE pattern: `\`, `%` and `_` match themselves. Not quoted. Source: Adobe's SDK. */
export function escapeLikePattern(value: string): string {
  return value.replace(/[\\%_]/g, '\\$&');
}

const datePattern =
  /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?)?$/i;

/**
 * Is the text between two `#` a date as the sources write them: `2024-12-01`, `2002/02/01`,
 * `2018-11-18 01:00:04.690Z`, `2021-07-07T10:03:33Z`? Text with a macro or an unknown part passes.
 */
export function isDateText(text: string): boolean {
  if (/[$\uFFFC]/.test(text)) return true;
  const match = datePattern.exec(text.trim());
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[3]), Number(match[4])];
  const [hour, minute, second] = [Number(match[5] ?? 0), Number(match[6] ?? 0), Number(match[7] ?? 0)];
  return (
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  );
}

/** True when the date literal also gives a time of day. */
export function hasTimeOfDay(dateText: string): boolean {
  return dateText.includes(':');
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

import { toInstant } from '../model/columns.ts';
import { toInstantText } from '../clock.ts';

/** Arithmetic on instants as columns hold them (`2020-07-05 14:11:31.986Z`). The server's time zone is UTC. */

export type Unit = 'Years' | 'Months' | 'Days' | 'Hours' | 'Minutes' | 'Seconds';

const unitMs: Readonly<Record<string, number>> = {
  Days: 86_400_000,
  Hours: 3_600_000,
  Minutes: 60_000,
  Seconds: 1000,
};

/** Milliseconds since the epoch of a date or an instant. @throws RangeError for other text. */
export const toMs = (text: string): number => Date.parse(toInstant(text).replace(' ', 'T'));

export const fromMs = toInstantText;

export function add(ms: number, count: number, unit: Unit): number {
  if (unit !== 'Years' && unit !== 'Months') return ms + count * unitMs[unit]!;
  const date = new Date(ms);
  const months =
    date.getUTCFullYear() * 12 + date.getUTCMonth() + Math.trunc(count) * (unit === 'Years' ? 12 : 1);
  const year = Math.floor(months / 12);
  const month = months - year * 12;
  // 31 January plus a month is the last day of February.
  const lastDay = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  const day = Math.min(date.getUTCDate(), lastDay);
  return Date.UTC(year, month, day) + (ms - startOfDay(ms));
}

export const startOfDay = (ms: number): number => Math.floor(ms / 86_400_000) * 86_400_000;

/** Whole units from `start` to `end`; negative when `end` is earlier. */
export function difference(endMs: number, startMs: number, unit: Unit): number {
  if (unit !== 'Years' && unit !== 'Months') return Math.trunc((endMs - startMs) / unitMs[unit]!);
  const [early, late] = endMs < startMs ? [endMs, startMs] : [startMs, endMs];
  const a = new Date(early);
  const b = new Date(late);
  let months = (b.getUTCFullYear() - a.getUTCFullYear()) * 12 + b.getUTCMonth() - a.getUTCMonth();
  if (months > 0 && add(early, months, 'Months') > late) months--;
  const whole = unit === 'Years' ? Math.trunc(months / 12) : months;
  return endMs < startMs ? -whole : whole;
}

/** 0 is Monday. */
export const weekDay = (ms: number): number => (new Date(ms).getUTCDay() + 6) % 7;

export function dayOfYear(ms: number): number {
  const date = new Date(ms);
  return Math.floor((startOfDay(ms) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000) + 1;
}

/** Minutes east of UTC of a named time zone at an instant; `undefined` for a name that does not exist. */
export function zoneOffsetMinutes(ms: number, zone: string): number | undefined {
  try {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      timeZoneName: 'longOffset',
    }).formatToParts(ms);
    const name = parts.find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
    const match = /GMT([+-])(\d{2}):(\d{2})/.exec(name);
    if (match === null) return 0;
    return (match[1] === '-' ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3]));
  } catch {
    return undefined;
  }
}

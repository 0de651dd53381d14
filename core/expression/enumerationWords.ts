import { editDistance } from './editDistance.ts';

/** A value of an enumeration, as far as messages need it. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly label?: string;
}

/** More would be a wall of text; the hover of the field lists them all. */
const shownCount = 8;

/**
 * The value that was meant by a text none of them is stored as: the one of that name or label, in any letter case, or
 * one whose name is a slip away. `undefined` when nothing comes near.
 */
export function meantValue<Value extends NamedValue>(
  text: string,
  values: readonly Value[],
): Value | undefined {
  const wanted = text.toLowerCase();
  const same = (name: string | undefined): boolean => name?.toLowerCase() === wanted;
  const exact =
    values.find(({ name }) => name === text) ??
    values.find(({ name, value, label }) => same(name) || same(value) || same(label));
  if (exact !== undefined || wanted.length < 3) return exact;
  // Numbers a slip apart are different values.
  return /^\d+$/.test(wanted)
    ? undefined
    : values.find(({ name }) => editDistance(wanted, name.toLowerCase()) <= (wanted.length < 6 ? 1 : 2));
}

/** What an enumeration holds, in words: `Values: 0 (draft), 11 (running).` */
export function listValues(values: readonly NamedValue[]): string {
  return list(values.map(({ name, value }) => (name === value ? value : `${value} (${name})`)));
}

/** The names of its values: `Values: draft, running.` */
export function listValueNames(values: readonly NamedValue[]): string {
  return list(values.map(({ name }) => name));
}

function list(texts: readonly string[]): string {
  return `Values: ${texts.slice(0, shownCount).join(', ')}${texts.length > shownCount ? ', …' : ''}.`;
}

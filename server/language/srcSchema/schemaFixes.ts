import type { PathResult } from '../../../core/schema/resolvePath.ts';
import { stepOf } from '../../../core/schema/schema.ts';
import { attributeOf, type TextRange, type XmlElement } from '../../../core/xml/xmlTree.ts';
import { closestName } from '../closestName.ts';
import { replaceFix, type QueryFix } from '../queryDef/queryProblem.ts';

/** What was probably meant: words to end a message with, empty when nothing comes near, and the change to it. */
export interface Suggestion {
  hint: string;
  fix?: QueryFix;
}

/** What databases and other languages call the data types of Campaign. */
const otherTypeNames: ReadonlyMap<string, string> = new Map([
  ['bool', 'boolean'],
  ['char', 'string'],
  ['varchar', 'string'],
  ['text', 'memo'],
  ['clob', 'memo'],
  ['integer', 'long'],
  ['number', 'double'],
  ['decimal', 'double'],
  ['numeric', 'double'],
  ['bigint', 'int64'],
  ['timestamp', 'datetime'],
  ['guid', 'uuid'],
]);

const truths: ReadonlyMap<string, string> = new Map([
  ['yes', 'true'],
  ['no', 'false'],
]);

/** The data type a word that is none stands for. */
export function suggestType(written: string, range: TextRange, types: readonly string[]): Suggestion {
  return suggest(range, otherTypeNames.get(written.toLowerCase()) ?? closestName(written, types));
}

/** The path whose step is there, for one that leads nowhere. */
export function suggestPath(
  path: string,
  range: TextRange,
  { step, stepIndex, from }: Extract<PathResult, { kind: 'missing' }>,
): Suggestion {
  const names = [...from.attributes.values(), ...from.elements.values()].map(stepOf);
  // A field without its @ is the most usual slip, and a name of another kind would be no slip at all.
  const meant = names.includes(`@${step}`) ? `@${step}` : closestName(step, names);
  if (meant === undefined) return { hint: '' };
  const steps = path.split('/');
  steps[stepIndex] = meant;
  return suggest(range, steps.join('/'));
}

/** The value of an attribute out of a closed list; people write yes and no for the truth, too. */
export function suggestValue(written: string, range: TextRange, values: readonly string[]): Suggestion {
  const truth = truths.get(written.toLowerCase());
  const meant = truth !== undefined && values.includes(truth) ? truth : closestName(written, values);
  return suggest(range, meant);
}

/** Adds an attribute behind the others; `undefined` when it is there. */
export function insertAttribute(element: XmlElement, name: string, value: string): QueryFix | undefined {
  if (attributeOf(element, name) !== undefined) return undefined;
  const at = element.attributes.at(-1)?.end ?? element.nameEnd;
  return { title: `Add ${name}="${value}"`, edits: [{ start: at, end: at, newText: ` ${name}="${value}"` }] };
}

/** Takes an attribute away with the space before it; `undefined` when it is not there. */
export function removeAttribute(element: XmlElement, name: string): QueryFix | undefined {
  const attribute = attributeOf(element, name);
  if (attribute === undefined) return undefined;
  const before = element.attributes.findLast(({ end }) => end <= attribute.start)?.end ?? element.nameEnd;
  return { title: `Remove ${name}`, edits: [{ start: before, end: attribute.end, newText: '' }] };
}

function suggest(range: TextRange, meant: string | undefined): Suggestion {
  if (meant === undefined) return { hint: '' };
  return { hint: ` Did you mean ${meant}?`, fix: replaceFix(`Change to ${meant}`, range, meant) };
}

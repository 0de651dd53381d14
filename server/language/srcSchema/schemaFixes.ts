import type { PathResult } from '../../../core/schema/resolvePath.ts';
import { stepOf } from '../../../core/schema/schema.ts';
import type { TextRange } from '../../../core/xml/xmlTree.ts';
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

function suggest(range: TextRange, meant: string | undefined): Suggestion {
  if (meant === undefined) return { hint: '' };
  return { hint: ` Did you mean ${meant}?`, fix: replaceFix(`Change to ${meant}`, range, meant) };
}

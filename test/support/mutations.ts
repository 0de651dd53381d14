import { maskDocument } from '../../server/language/javascript/scriptDocument.ts';
import type { E4xLiteral } from '../../server/language/javascript/maskedScript.ts';
import { seededRandom } from './scripts.ts';

/** A script with something half-typed in it. */
export interface Mutation {
  text: string;
  /** Where the cursor is behind the edit. */
  cursor: number;
  /** Offset in the intact script of what follows the edit; `undefined` when nothing does. */
  rest: number | undefined;
}

/** A script to edit. */
export interface Subject {
  name: string;
  languageId: string;
  text: string;
}

/** A seeded edit of a script: its kind, what completion is asked for at the cursor, and the result. */
export interface Probe extends Mutation {
  kind: string;
  wants: Wish;
  subject: Subject;
}

/** What an edit wants at its cursor: the members of a variable, to be in a literal, or only that the rest stays. */
export type Wish = 'member' | 'literal' | 'rest';

type Mutate = (
  subject: Subject,
  literals: readonly E4xLiteral[],
  random: () => number,
) => Mutation | undefined;

/** How many lines behind the edit everything must be as it was. */
export const graceLines = 6;

const pick = <T>(items: readonly T[], random: () => number): T | undefined =>
  items[Math.floor(random() * items.length)];

const lineStarts = (text: string): number[] => [
  0,
  ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1),
];

/** Is an offset of a script no comment's, and of a template that of its code? */
function isCode({ languageId, text }: Subject, offset: number): boolean {
  const before = text.slice(0, offset);
  if (before.lastIndexOf('/*') > before.lastIndexOf('*/')) return false;
  if (languageId === 'campaign-javascript') return true;
  const tag = before.lastIndexOf('<%');
  return tag > before.lastIndexOf('%>') && !'=@-!'.includes(text.charAt(tag + 2));
}

/** Starts of lines at which a statement may stand. */
function statementLines(subject: Subject, literals: readonly E4xLiteral[]): number[] {
  const { text } = subject;
  return lineStarts(text).filter((start) => {
    const isFree = literals.every((literal) => start <= literal.start || start >= literal.end);
    const before = text.slice(0, start).trimEnd().at(-1) ?? ';';
    return (
      isFree &&
      isCode(subject, start) &&
      ';}'.includes(before) &&
      !/^\s*(?:else|catch|finally|[)\]},.]|while \()/.test(text.slice(start, start + 40))
    );
  });
}

const insertAt =
  (inserted: string): Mutate =>
  (subject, literals, random) => {
    const at = pick(statementLines(subject, literals), random);
    if (at === undefined) return undefined;
    const { text } = subject;
    return {
      text: `${text.slice(0, at)}${inserted}\n${text.slice(at)}`,
      cursor: at + inserted.length,
      rest: at,
    };
  };

/** Puts something in place of a range inside a literal that a pattern finds. */
const replaceInLiteral =
  (pattern: RegExp, replacement: string): Mutate =>
  ({ text }, literals, random) => {
    const matches = [...text.matchAll(pattern)].filter(({ index }) =>
      literals.some(({ start, end, rootName }) => rootName !== '' && index > start && index < end),
    );
    const match = pick(matches, random);
    if (match === undefined) return undefined;
    const at = match.index;
    const cursor = at + replacement.replace(/[})]$/, '').length;
    return {
      text: text.slice(0, at) + replacement + text.slice(at + match[0].length),
      cursor,
      rest: at + match[0].length,
    };
  };

const insideLiteral = (
  literals: readonly E4xLiteral[],
  random: () => number,
  text: string,
): number | undefined => {
  const literal = pick(
    literals.filter(({ start, end }) => end - start > 20),
    random,
  );
  if (literal === undefined) return undefined;
  const at = literal.start + 2 + Math.floor(random() * (literal.end - literal.start - 4));
  const inHole = literals.some(({ holes }) => holes.some(({ start, end }) => at >= start && at < end));
  return inHole || text.charAt(at) === '\n' ? undefined : at;
};

/** Deletes up to eight characters of code or of a literal, brackets and quotes included. */
const deleteAnywhere: Mutate = (subject, _literals, random) => {
  const { text } = subject;
  const at = Math.floor(random() * (text.length - 1));
  const end = at + 1 + Math.floor(random() * 8);
  const deleted = text.slice(at, end);
  // Half a comment or half a tag of a page makes everything behind it text: that script is another one.
  if (!isCode(subject, at) || /[\n`%]|\/\*|\*\//.test(text.slice(at - 1, end + 1))) return undefined;
  return { text: text.slice(0, at) + text.slice(end), cursor: at, rest: at + deleted.length };
};

/** The edits the promise is made for. */
const kinds: [name: string, wants: Wish, mutate: Mutate][] = [
  ['a member of a variable, as a statement', 'member', insertAt('probe.')],
  ['a member in a call that is open', 'member', insertAt('logInfo(probe.')],
  ['a member in a condition that is open', 'member', insertAt('if (probe.')],
  ['a member in a loop that is open', 'member', insertAt('for each (var p in probe.')],
  [
    'a queryDef begun, with code behind it',
    'literal',
    insertAt('var q = xtk.queryDef.create(<queryDef schema="nms:recipient" '),
  ],
  [
    'a document begun in a call',
    'literal',
    insertAt('xtk.session.Write(<recipient xtkschema="nms:recipient" '),
  ],
  ['an attribute begun', 'literal', insertAt('xtk.session.Write(<recipient email="')],
  ['an attribute value without its end', 'literal', replaceInLiteral(/="[^"{}\n<>]{1,30}"/g, '="x')],
  ['an end tag missing', 'literal', replaceInLiteral(/<\/\w+>(?=\s*<)/g, '')],
  ['a hole without its brace', 'member', replaceInLiteral(/(?<==)\{[^{}\n]+\}/g, '{probe.')],
  ['a hole begun', 'member', replaceInLiteral(/(?<==)\{[^{}\n]+\}/g, '{probe.}')],
  [
    'the rest of a line deleted',
    'literal',
    ({ text }, literals, random) => {
      const at = insideLiteral(literals, random, text);
      if (at === undefined) return undefined;
      const end = text.indexOf('\n', at);
      return end < 0 ? undefined : { text: text.slice(0, at) + text.slice(end), cursor: at, rest: end };
    },
  ],
  [
    'a few characters deleted',
    'literal',
    ({ text }, literals, random) => {
      const at = insideLiteral(literals, random, text);
      if (at === undefined) return undefined;
      const end = at + 1 + Math.floor(random() * 8);
      if (text.slice(at, end).includes('{')) return undefined;
      return { text: text.slice(0, at) + text.slice(end), cursor: at, rest: end };
    },
  ],
  [
    'the text ends inside a literal',
    'literal',
    ({ text }, literals, random) => {
      const at = insideLiteral(literals, random, text);
      return at === undefined ? undefined : { text: text.slice(0, at), cursor: at, rest: undefined };
    },
  ],
];

/** Edits beyond those: shapes that a script passes through while it is typed. */
const furtherKinds: typeof kinds = [
  ['an end tag begun', 'literal', replaceInLiteral(/<\/\w+>(?=\s*<)/g, '</')],
  ['a tag begun between elements', 'literal', replaceInLiteral(/(?<=>)(?=\s*<)/g, '<node expr="')],
  ['a tag of one letter between elements', 'literal', replaceInLiteral(/(?<=>)(?=\s*<)/g, '<n')],
  ['a `<` between elements', 'literal', replaceInLiteral(/(?<=>)(?=\s*<)/g, '<')],
  ['a comment begun in a literal', 'literal', replaceInLiteral(/(?<=>)(?=\s*<)/g, '<!-- ')],
  ['character data begun in a literal', 'literal', replaceInLiteral(/(?<=>)(?=\s*<)/g, '<![CDATA[')],
  ['a hole begun between elements', 'member', replaceInLiteral(/(?<=>)(?=\s*<)/g, '{probe.')],
  ['a hole begun behind its own', 'member', replaceInLiteral(/(?<==)\{[^{}\n]+(?=\})/g, '{probe.')],
  ['a call in a hole', 'member', replaceInLiteral(/(?<==)\{[^{}\n]+\}/g, '{f(probe.}')],
  ['a string in a hole', 'rest', replaceInLiteral(/(?<==)\{[^{}\n]+\}/g, '{"a}')],
  ['a `<` of a literal', 'rest', insertAt('var q = <')],
  ['a literal of one letter', 'literal', insertAt('var q = <q')],
  ['a list begun', 'literal', insertAt('var q = <>')],
  ['an element begun and closed', 'literal', insertAt('var q = <a>')],
  ['an element in an element', 'literal', insertAt('xtk.session.Write(<a xtkschema="b:c"><d e="f">')],
  ['a comment begun as a literal', 'literal', insertAt('var q = <!-- ')],
  ['a literal begun in a return', 'rest', insertAt('return <a b={')],
  ['an attribute begun without its value', 'literal', insertAt('f(<a b=')],
  ['an attribute begun in single quotes', 'literal', insertAt("f(<a b='")],
  ['a filter begun', 'rest', insertAt('var f = probe.item.(@')],
  ['a filter begun with a comparison', 'rest', insertAt('var f = probe.item.(@id == ')],
  ['an attribute of an element', 'rest', insertAt('var f = probe.@')],
  ['a computed attribute', 'rest', insertAt('var f = probe.@["')],
  ['descendants', 'rest', insertAt('var f = probe..')],
  ['a qualified name', 'rest', insertAt('var f = probe.ns::')],
  ['a default namespace', 'rest', insertAt('default xml namespace = ')],
  ['a comparison begun', 'rest', insertAt('if (probe <')],
  ['a string begun', 'rest', insertAt('logInfo("')],
  ['a regular expression begun', 'rest', insertAt('var f = probe.replace(/[')],
  ['a function begun in a call', 'member', insertAt('list.map(function (a) { probe.')],
  ['an object begun in a call', 'rest', insertAt('NLWS.xtkQueryDef.create({queryDef: {schema: ')],
  ['an array begun', 'rest', insertAt('var f = [probe, ')],
  ['a conditional expression begun', 'rest', insertAt('var f = probe ? <a/> : ')],
  ['a case begun', 'rest', insertAt('case ')],
  ['a bracket too many', 'rest', insertAt(')]')],
  ['characters of code deleted', 'rest', deleteAnywhere],
];

/** Seeded edits, at most so many of each kind; the same for the same seed and subjects. */
export function seededProbes(
  subjects: readonly Subject[],
  seed: number,
  samples: number,
  further = false,
): Probe[] {
  const random = seededRandom(seed);
  const probes: Probe[] = [];
  for (const [kind, wants, mutate] of further ? furtherKinds : kinds) {
    for (let tries = 0, count = 0; count < samples && tries < 8 * samples; tries++) {
      const subject = pick(subjects, random)!;
      const { literals } = maskDocument(subject.languageId, subject.text);
      const mutation = mutate(subject, literals, random);
      if (mutation === undefined) continue;
      count++;
      probes.push({ ...mutation, kind, wants, subject });
    }
  }
  return probes;
}

/** Is everything from some lines behind the edit masked as in the intact script? `undefined` when nothing is there. */
export function isInStep({ subject, text, rest }: Probe): boolean | undefined {
  if (rest === undefined) return undefined;
  let at = rest;
  for (let line = 0; line < graceLines; line++) {
    const lineEnd = subject.text.indexOf('\n', at);
    // Nothing is left to be in step; the whole of the text is no tail of it either.
    if (lineEnd < 0 || lineEnd + 1 === subject.text.length) return undefined;
    at = lineEnd + 1;
  }
  const tail = subject.text.length - at;
  const mask = (script: string): string => maskDocument(subject.languageId, script).text.slice(-tail);
  return mask(text) === mask(subject.text);
}

import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { maskScript } from '../../../../server/language/javascript/mask.ts';
import type { E4xLiteral } from '../../../../server/language/javascript/maskedScript.ts';
import { literalAt } from '../../../../server/language/javascript/positions.ts';
import { testModel } from '../../../support/queryModel.ts';
import { fixtureScripts, scripts, seededRandom } from '../../../support/scripts.ts';

/** A script with something half-typed in it. */
interface Mutation {
  text: string;
  cursor: number;
  /** Where the intact script goes on behind the edit; `undefined` when nothing follows. */
  rest: number | undefined;
}

type Mutate = (text: string, literals: readonly E4xLiteral[], random: () => number) => Mutation | undefined;

const declaration = 'var probe = new File("x");\n';
const sampleCount = 60;
/** How many lines behind the edit everything must be as it was. */
const graceLines = 6;

const pick = <T>(items: readonly T[], random: () => number): T | undefined =>
  items[Math.floor(random() * items.length)];

const lineStarts = (text: string): number[] => [
  0,
  ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1),
];

/** Starts of lines at which a statement may stand. */
function statementLines(text: string, literals: readonly E4xLiteral[]): number[] {
  return lineStarts(text).filter((start) => {
    const isFree = literals.every((literal) => start <= literal.start || start >= literal.end);
    const before = text.slice(0, start).trimEnd().at(-1) ?? ';';
    return (
      isFree &&
      ';}'.includes(before) &&
      !/^\s*(?:else|catch|finally|[)\]},.]|while \()/.test(text.slice(start, start + 40))
    );
  });
}

const insertAt =
  (inserted: string): Mutate =>
  (text, literals, random) => {
    const at = pick(statementLines(text, literals), random);
    if (at === undefined) return undefined;
    return {
      text: `${text.slice(0, at)}${inserted}\n${text.slice(at)}`,
      cursor: at + inserted.length,
      rest: at,
    };
  };

/** Puts something in place of a range inside a literal that a pattern finds. */
const replaceInLiteral =
  (pattern: RegExp, replacement: string): Mutate =>
  (text, literals, random) => {
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

const rows: [name: string, wants: 'member' | 'literal', mutate: Mutate][] = [
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
    (text, literals, random) => {
      const at = insideLiteral(literals, random, text);
      if (at === undefined) return undefined;
      const end = text.indexOf('\n', at);
      return end < 0 ? undefined : { text: text.slice(0, at) + text.slice(end), cursor: at, rest: end };
    },
  ],
  [
    'a few characters deleted',
    'literal',
    (text, literals, random) => {
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
    (text, literals, random) => {
      const at = insideLiteral(literals, random, text);
      return at === undefined ? undefined : { text: text.slice(0, at), cursor: at, rest: undefined };
    },
  ],
];

/** One document edited again and again, as in an editor. */
const versions = { last: 0 };

function isUsable({ text, cursor }: Mutation, wants: 'member' | 'literal'): boolean {
  if (wants === 'literal') return literalAt(maskScript(text), cursor) !== undefined;
  const document = TextDocument.create(
    'file:///probe.js',
    'campaign-javascript',
    ++versions.last,
    declaration + text,
  );
  const { items } = scripts.completion(testModel, document, declaration.length + cursor);
  return items.some(({ label }) => label === 'readln');
}

/** Is everything from some lines behind the edit masked as in the intact script? */
function isInStep(intact: string, { text, rest }: Mutation): boolean | undefined {
  if (rest === undefined) return undefined;
  let at = rest;
  for (let line = 0; line < graceLines && at > 0; line++) at = intact.indexOf('\n', at) + 1;
  if (at <= 0) return undefined;
  const tail = intact.length - at;
  return maskScript(text).text.slice(-tail) === maskScript(intact).text.slice(-tail);
}

test(
  'what is half-typed stays usable, and the rest of the script stays what it is',
  { timeout: 120_000 },
  () => {
    const random = seededRandom(20_240_601);
    const total = { usable: 0, probes: 0, inStep: 0, steps: 0 };
    const report: string[] = [];
    for (const [name, wants, mutate] of rows) {
      const row = { usable: 0, probes: 0, inStep: 0, steps: 0 };
      for (let tries = 0; row.probes < sampleCount && tries < 8 * sampleCount; tries++) {
        const intact = pick([...fixtureScripts.values()], random)!;
        const mutation = mutate(intact, maskScript(intact).literals, random);
        if (mutation === undefined) continue;
        row.probes++;
        if (isUsable(mutation, wants)) row.usable++;
        const inStep = isInStep(intact, mutation);
        if (inStep === undefined) continue;
        row.steps++;
        if (inStep) row.inStep++;
      }
      report.push(`${name}: usable ${row.usable}/${row.probes}, in step ${row.inStep}/${row.steps}`);
      expect(row.probes, name).toBeGreaterThan(sampleCount / 3);
      for (const key of ['usable', 'probes', 'inStep', 'steps'] as const) total[key] += row[key];
    }
    const summary = `usable ${total.usable}/${total.probes}, in step ${total.inStep}/${total.steps}`;
    console.log([...report, summary].join('\n'));
    expect(total.usable / total.probes, summary).toBeGreaterThanOrEqual(0.99);
    expect(total.inStep / total.steps, summary).toBeGreaterThanOrEqual(0.97);
  },
);

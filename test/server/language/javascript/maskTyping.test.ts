import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { maskScript } from '../../../../server/language/javascript/mask.ts';
import { isInHole, type E4xLiteral } from '../../../../server/language/javascript/maskedScript.ts';
import { literalAt } from '../../../../server/language/javascript/positions.ts';

/** The promise of `maskRecovery.test.ts`, here for keys of each literal instead of seeded edits. */
const leastUsable = 0.99;
const leastInStep = 0.97;
const graceLines = 6;
/** Of the keys every third: all of them take long, and fail for the same reasons. */
const keyStep = 3;

const root = new URL('../../../fixtures/', import.meta.url);

function readScripts(folder: string): string[] {
  const url = new URL(`${folder}/`, root);
  return readdirSync(url, { recursive: true })
    .map((name) => String(name).replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.campaign.js'))
    .sort()
    .map((name) => `${readFileSync(new URL(name, url), 'utf8').trimEnd()}\n`);
}

/** Offset of the line so many lines behind an offset; `undefined` when nothing is there. */
function linesBehind(text: string, offset: number): number | undefined {
  let at = offset;
  for (let line = 0; line < graceLines; line++) {
    const lineEnd = text.indexOf('\n', at);
    if (lineEnd < 0) return undefined;
    at = lineEnd + 1;
  }
  return at < text.length ? at : undefined;
}

/** In a `{…}` TypeScript answers, and in character data nobody has anything to offer. */
function isMarkup(text: string, literals: readonly E4xLiteral[], literal: E4xLiteral, at: number): boolean {
  const before = text.slice(literal.start, at);
  const isText = before.lastIndexOf('<![CDATA[') > before.lastIndexOf(']]>');
  return !isText && !literals.some(({ holes }) => holes.some((hole) => isInHole(hole, at)));
}

interface Counts {
  usable: number;
  probes: number;
  inStep: number;
  steps: number;
}

/**
 * Types every literal of a script key by key.
 * @param keepsLine whether the rest of the line is there already, as the `);` of brackets that close themselves.
 */
function typeLiterals(own: string, following: string, keepsLine: boolean, counts: Counts): void {
  const text = own + following;
  const intact = maskScript(text);
  for (const literal of intact.literals) {
    const tailStart = linesBehind(text, literal.end);
    if (literal.end > own.length || tailStart === undefined) continue;
    const rest = text.slice(keepsLine ? literal.end : text.indexOf('\n', literal.end));
    const tail = intact.text.slice(tailStart);
    for (let at = literal.start + 2; at < literal.end; at += keyStep) {
      const masked = maskScript(text.slice(0, at) + rest);
      counts.steps++;
      if (masked.text.endsWith(tail)) counts.inStep++;
      if (!isMarkup(text, intact.literals, literal, at)) continue;
      counts.probes++;
      if (literalAt(masked, at) !== undefined) counts.usable++;
    }
  }
}

test.each([
  ['scripts as people write them', 'scripts', false],
  ['scripts as people write them, brackets closed before', 'scripts', true],
  ['scripts dense with E4X', 'constructs', false],
  ['scripts dense with E4X, brackets closed before', 'constructs', true],
])('each literal is typed in a literal, key by key: %s', { timeout: 120_000 }, (_name, folder, keepsLine) => {
  const all = readScripts(folder);
  const counts: Counts = { usable: 0, probes: 0, inStep: 0, steps: 0 };
  for (const [index, own] of all.entries())
    typeLiterals(own, all[(index + 1) % all.length]! + all[(index + 2) % all.length]!, keepsLine, counts);
  const summary = `usable ${counts.usable}/${counts.probes}, in step ${counts.inStep}/${counts.steps}`;
  console.log(summary);
  expect(counts.probes).toBeGreaterThan(500);
  expect(counts.usable / counts.probes, summary).toBeGreaterThanOrEqual(leastUsable);
  expect(counts.inStep / counts.steps, summary).toBeGreaterThanOrEqual(leastInStep);
});

test('what is typed above the rest of its statement is in the literal', () => {
  const before = 'var q = xtk.queryDef.create(<queryDef schema="nms:recipient">\n  ';
  const mask = maskScript(`${before}\n);\nq.ExecuteQuery();`);
  expect(literalAt(mask, before.length)).toBeDefined();
  const closed = maskScript(`${before});\nq.ExecuteQuery();`);
  expect(literalAt(closed, before.length)).toBeDefined();
  expect(closed.text.endsWith(');\nq.ExecuteQuery();')).toBe(true);
});

test('an end tag being typed does not take its name from the next line', () => {
  const before = 'var a = <b>text</';
  const { text, literals } = maskScript(`${before}\nvar c = <d/>;`);
  expect(text).toMatch(/\nvar c = ᐸ/);
  expect(literals).toHaveLength(2);
});

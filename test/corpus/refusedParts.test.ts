import { afterAll, expect, test } from 'vitest';
import { findRefusedPart } from '../../client/query/refusedPart.ts';
import { parseXml } from '../../core/xml/parseXml.ts';
import { descendantElements, type TextRange } from '../../core/xml/xmlTree.ts';
import { openSandbox } from '../sandbox/call.ts';
import { mutations } from './mutations.ts';
import { generateQuery } from './queryGenerator.ts';
import { Random } from './random.ts';
import { faultIn } from './verdict.ts';

/** How many queries are broken in every way there is: `CAMPAIGN_REFUSED=200 npx vitest run test/corpus/refusedParts`. */
const count = Number(process.env['CAMPAIGN_REFUSED'] ?? 12);
const firstSeed = Number(process.env['CAMPAIGN_CORPUS_SEED'] ?? 1);

const caller = await openSandbox({ rows: 20 });
afterAll(() => caller.sandbox.stop());

/** What differs between two texts, in the second. */
function changed(before: string, after: string): TextRange {
  let start = 0;
  while (start < after.length && before[start] === after[start]) start++;
  let tail = 0;
  while (tail < after.length - start && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    tail++;
  return { start, end: after.length - tail };
}

/** Ranges of the attribute values that touch a range. */
function valuesAt(text: string, { start, end }: TextRange): string[] {
  const { root } = parseXml(text);
  return [...descendantElements(root!)]
    .flatMap(({ attributes }) => attributes)
    .filter(({ valueStart, valueEnd }) => valueStart <= end && valueEnd >= start)
    .map(({ valueStart }) => String(valueStart));
}

test('what the sandbox refuses is found where the query was broken', async () => {
  const outcomes = { there: 0, elsewhere: 0, nowhere: 0 };
  const wrong: string[] = [];
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const query = generateQuery(seed);
    for (const [name, mutate] of Object.entries(mutations)) {
      const text = mutate(new Random(seed * 31 + name.length), query);
      if (text === undefined || text === query.text || parseXml(text).problems.length > 0) continue;
      const fault = faultIn(await caller.query(text));
      if (fault === undefined) continue;
      const span = changed(query.text, text);
      const broken = valuesAt(text, span);
      // What is taken away, or an element in a wrong place, is no value that could be pointed at.
      if (broken.length === 0) continue;
      const found = findRefusedPart(text, fault.split('\n'));
      const outcome =
        found === undefined
          ? 'nowhere'
          : valuesAt(text, found).some((value) => broken.includes(value))
            ? 'there'
            : 'elsewhere';
      outcomes[outcome]++;
      if (outcome === 'there') continue;
      const shown = found === undefined ? '' : text.slice(found.start, found.end);
      wrong.push(
        `#${seed} ${name} ${outcome} «${shown}» not «${text.slice(span.start, span.end)}»: ${fault}\n${text}`,
      );
    }
  }
  const total = outcomes.there + outcomes.elsewhere + outcomes.nowhere;
  const percent = (part: number): string => `${((part / total) * 100).toFixed(1)} %`;
  console.log(
    `${total} refusals: ${percent(outcomes.there)} shown where the query was broken, ` +
      `${percent(outcomes.nowhere)} on the whole query, ${percent(outcomes.elsewhere)} elsewhere`,
  );
  if (process.env['CAMPAIGN_REFUSED'] !== undefined) console.log(wrong.slice(0, 20).join('\n\n'));
  expect(total).toBeGreaterThan(count * 5);
  // The rest names nothing: the database speaks of columns, and some messages of nobody.
  expect(outcomes.there / total).toBeGreaterThan(0.85);
  expect(outcomes.elsewhere / total).toBeLessThan(0.03);
}, 120_000);

import { afterAll, expect, test } from 'vitest';
import { openSandbox } from '../sandbox/call.ts';
import { mutations } from './mutations.ts';
import { generateQuery } from './queryGenerator.ts';
import { Random } from './random.ts';
import { judge, verdictOf } from './verdict.ts';

/** How many queries are broken in every way there is: `CAMPAIGN_MUTATED=400 npx vitest run test/corpus/mutations`. */
const count = Number(process.env['CAMPAIGN_MUTATED'] ?? 30);
const firstSeed = Number(process.env['CAMPAIGN_CORPUS_SEED'] ?? 1);

const caller = await openSandbox({ rows: 20 });
afterAll(() => caller.sandbox.stop());

test('what the sandbox refuses is reported, and what is an error is refused', async () => {
  const verdicts = { agree: 0, excepted: 0, disagree: 0 };
  const disagreements: string[] = [];
  const used = new Set<string>();
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const query = generateQuery(seed);
    for (const [name, mutate] of Object.entries(mutations)) {
      const text = mutate(new Random(seed * 31 + name.length), query);
      if (text === undefined || text === query.text) continue;
      used.add(name);
      const judgement = await judge(caller, text);
      const verdict = verdictOf(judgement);
      verdicts[verdict]++;
      if (verdict !== 'disagree') continue;
      const ours = judgement.errors.map(({ code, message }) => `${code}: ${message}`).join('\n');
      disagreements.push(`#${seed} ${name}: ${judgement.fault ?? 'it runs'}\n${ours || 'no error'}\n${text}`);
    }
  }
  const total = verdicts.agree + verdicts.excepted + verdicts.disagree;
  const percent = (part: number): string => `${((part / total) * 100).toFixed(1)} %`;
  console.log(
    `${total} broken queries: ${percent(verdicts.agree)} judged alike, ` +
      `${percent(verdicts.excepted)} by a listed exception, ${verdicts.disagree} otherwise`,
  );
  expect(disagreements.slice(0, 5).join('\n\n')).toBe('');
  expect(verdicts.agree / total).toBeGreaterThan(0.75);
  // A mutation that finds nothing to change proves nothing.
  expect(Object.keys(mutations).filter((name) => !used.has(name))).toEqual([]);
}, 120_000);

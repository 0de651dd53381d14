import { afterAll, expect, test } from 'vitest';
import { checkQuery } from '../../server/language/queryDef/queryDiagnostics.ts';
import { openSandbox } from '../sandbox/call.ts';
import { queryContext } from '../support/queryModel.ts';
import { demoModel } from './demoModel.ts';
import { generateQuery, type GeneratedQuery } from './queryGenerator.ts';

/** How many queries are tried, and the first of them: `CAMPAIGN_CORPUS=5000 CAMPAIGN_CORPUS_SEED=1 npx vitest run test/corpus`. */
const count = Number(process.env['CAMPAIGN_CORPUS'] ?? 400);
const firstSeed = Number(process.env['CAMPAIGN_CORPUS_SEED'] ?? 1);
const queries = Array.from({ length: count }, (_, index) => generateQuery(firstSeed + index));

const caller = await openSandbox({ rows: 20 });
afterAll(() => caller.sandbox.stop());

const report = ({ seed, text }: GeneratedQuery, what: string): string => `#${seed} ${what}\n${text}`;

test('the same seed gives the same query', () => {
  expect(generateQuery(7)).toEqual(generateQuery(7));
  expect(new Set(queries.map(({ text }) => text)).size).toBeGreaterThan(count * 0.9);
});

test('no valid query is warned about', () => {
  const complaints = queries.flatMap((query) =>
    checkQuery(queryContext(query.text, demoModel))
      .filter(({ severity }) => severity === 'error' || severity === 'warning')
      .map(({ code, message, start, end }) =>
        report(query, `${code}: ${message} «${query.text.slice(start, end)}»`),
      ),
  );
  expect(complaints.slice(0, 5).join('\n\n')).toBe('');
});

test('every valid query runs', async () => {
  const faults: string[] = [];
  for (const query of queries) {
    const answer = await caller.query(query.text);
    // `get` without a record is an error of its own: the query is right, the record is not there.
    if (answer.startsWith('<') || answer.includes('WDB-200011')) continue;
    faults.push(report(query, answer));
  }
  expect(faults.slice(0, 5).join('\n\n')).toBe('');
}, 120_000);

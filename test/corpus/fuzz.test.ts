import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { askEverything, completesAgain, openText, slip, wayCount } from './completionFuzz.ts';
import { queryTokens, schemaTokens, type CompletionToken } from './completionTokens.ts';
import { generateQuery } from './queryGenerator.ts';
import { Random } from './random.ts';

/** Multiplies what is tried: `CAMPAIGN_FUZZ=20 npx vitest run test/corpus/fuzz`. */
const factor = Number(process.env['CAMPAIGN_FUZZ'] ?? 1);

interface FuzzDocument {
  languageId: string;
  text: string;
}

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const filesIn = (path: string, extension: string): string[] =>
  readdirSync(folder(path), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(extension))
    .sort()
    .map((name) => readFileSync(folder(`${path}/${name}`), 'utf8'));

const queries: readonly FuzzDocument[] = Array.from({ length: 40 * factor }, (_, index) => ({
  languageId: 'campaign-querydef',
  text: generateQuery(index + 1).text,
}));
const sources: readonly FuzzDocument[] = filesIn('../../sandbox/campaign/data/srcSchemas', '.xml').map(
  (text) => ({
    languageId: 'campaign-schema',
    text,
  }),
);
/** Generated queries as the literals of a script, and the scripts of the demo. */
const scripts: readonly FuzzDocument[] = [
  ...Array.from({ length: 10 * factor }, (_, index) => generateQuery(1000 + index).text).map((text) => ({
    languageId: 'campaign-javascript',
    // In a literal { begins an expression.
    text: `var query = NLWS.xtkQueryDef.create(\n${text.replaceAll(/[{}]/g, '')});\nvar res = query.ExecuteQuery();\n`,
  })),
  ...filesIn('../fixtures/scripts', '.js').map((text) => ({ languageId: 'campaign-javascript', text })),
];

/** Completion of the tokens of some documents, in every way; prints the share that is right. */
function measure(
  what: string,
  documents: readonly FuzzDocument[],
  perDocument: number,
  tokensOf: (document: FuzzDocument) => CompletionToken[],
): void {
  let count = 0;
  const failures: string[] = [];
  for (const [index, document] of documents.entries()) {
    const random = new Random(index + 1);
    for (const token of random.shuffle(tokensOf(document)).slice(0, perDocument)) {
      count += wayCount;
      for (const { way, text, cursor } of completesAgain(document.languageId, document.text, token)) {
        failures.push(
          `${what} ${index}, ${token.kind} ${token.text}, ${way}: ${text.slice(Math.max(0, cursor - 80), cursor)}|${text.slice(cursor, cursor + 40)}`,
        );
      }
    }
  }
  const rate = (count - failures.length) / count;
  console.log(`${what}: ${(rate * 100).toFixed(2)} % of ${count} completions put back what was taken away`);
  expect(count).toBeGreaterThan(200);
  expect(rate, failures.slice(0, 8).join('\n')).toBeGreaterThanOrEqual(0.99);
}

const queryTokensOf = ({ languageId, text }: FuzzDocument): CompletionToken[] =>
  openText(languageId, text).regions.queries.flatMap(({ root }) => queryTokens(text, root));

test('what is taken out of a queryDef is offered again at its place', () =>
  measure('queryDef', queries, 12, queryTokensOf));

test('what is taken out of a schema source is offered again at its place', () =>
  measure('srcSchema', sources, 40, ({ languageId, text }) =>
    schemaTokens(text, openText(languageId, text).regions.schema?.root),
  ));

test('what is taken out of a query in a script is offered again at its place', () =>
  measure('script', scripts.slice(0, 10 * factor), 12, queryTokensOf));

test('a slip further up leaves completion right', () => {
  let count = 0;
  const failures: string[] = [];
  for (const [index, { languageId, text }] of queries.entries()) {
    const random = new Random(index + 77);
    const tokens = queryTokensOf({ languageId, text });
    for (const token of random.shuffle(tokens).slice(0, 4)) {
      // Not around the token, which may be about what the misspelt name stands for.
      const others = tokens.filter(
        ({ kind, end }) =>
          kind !== 'schema' &&
          end < token.start &&
          /^[^<>]*\/>/.test(text.slice(end)) &&
          text.slice(end, token.start).includes('<'),
      );
      if (others.length === 0) continue;
      const other = random.pick(others);
      const slipped = `${text.slice(0, other.end)}x${text.slice(other.end)}`;
      const moved = { ...token, start: token.start + 1, end: token.end + 1 };
      count += wayCount;
      failures.push(
        ...completesAgain(languageId, slipped, moved).map(
          ({ way }) => `${index}: ${token.text}, ${way}, after ${other.text}x`,
        ),
      );
    }
  }
  const rate = (count - failures.length) / count;
  console.log(`queryDef with a slip further up: ${(rate * 100).toFixed(2)} % of ${count} completions`);
  expect(count).toBeGreaterThan(100);
  expect(rate, failures.slice(0, 8).join('\n')).toBeGreaterThanOrEqual(0.99);
});

test.each([
  ['queryDef', queries, 6],
  ['srcSchema', sources, 20],
  ['script', scripts, 6],
] as const)('no slip and no prefix of a %s document raises an exception', (_what, documents, perDocument) => {
  let answered = 0;
  for (const [index, { languageId, text }] of documents.entries()) {
    const random = new Random(index + 500);
    for (let round = 0; round < perDocument; round++) {
      const { text: slipped, at } = slip(random, text);
      answered += askEverything(openText(languageId, slipped), at);
      const end = random.int(0, text.length);
      answered += askEverything(openText(languageId, text.slice(0, end)), end);
      // Two slips: one seldom comes alone.
      answered += askEverything(openText(languageId, slip(random, slipped).text), at);
    }
  }
  expect(answered).toBeGreaterThan(documents.length * perDocument);
});

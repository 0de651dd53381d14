import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { problemPageName, problemSeverities } from '../../server/language/problemCatalog.ts';
import { problemsOfExample } from './exampleDocument.ts';
import {
  examplesOf,
  pageFiles,
  problemIndex,
  readPage,
  severityKeys,
  severityKeysOfManifest,
} from './problemPages.ts';

const root = path.resolve(import.meta.dirname, '../..');
const files = pageFiles();
const codes = [...problemSeverities.keys()];
/** A page that is missing fails its own test, and does not keep the others from being read. */
const pagedCodes = codes.filter((code) => files.includes(problemPageName(code)));

/** Codes that no text of ours can show: what a server answered. Their pages have no examples. */
const saidByServer: ReadonlySet<string> = new Set(['query/server-refused']);

/** What an example cannot be wrong without: a second code, for the same text. */
const saidBesides: ReadonlyMap<string, string> = new Map([
  ['expression/unclosed-sqldata', 'expression/native-sql'],
  // A comment with a misspelt code leaves nothing out.
  ['ignore/unknown-code', 'query/contains'],
]);

test('every code has a page, and every page a code', () => {
  expect(files.toSorted()).toEqual(codes.map(problemPageName).toSorted());
});

describe.each(pagedCodes)('%s', (code) => {
  const page = readPage(code);

  test('has a page of the usual shape', () => {
    expect(page.code).toBe(code);
    expect(page.summary).toMatch(/^[^\n]+\.$/);
    const examples = saidByServer.has(code) ? [] : ['Wrong', 'Right'];
    expect([...page.sections.keys()]).toEqual(['Why', ...examples, 'Source']);
  });

  const hasExamples = !saidByServer.has(code);
  test.runIf(hasExamples)('is all that is wrong with its wrong examples', () => {
    const expected = [code, saidBesides.get(code)].filter((one) => one !== undefined);
    const examples = examplesOf(page, 'Wrong');
    expect(examples).not.toEqual([]);
    for (const example of examples) {
      expect([...new Set(problemsOfExample(code, example))].sort(), example.text).toEqual(expected.sort());
    }
  });

  test.runIf(hasExamples)('has right examples that nothing is said about', () => {
    const examples = examplesOf(page, 'Right');
    expect(examples).not.toEqual([]);
    for (const example of examples) expect(problemsOfExample(code, example), example.text).toEqual([]);
  });
});

test('a page speaks of no code that does not exist', () => {
  const named = pagedCodes.flatMap((code) =>
    [...[...readPage(code).sections.values()].join('\n').matchAll(/`([a-z]+\/[a-z0-9-]+)`/g)].map(
      ([, other]) => other!,
    ),
  );
  const groups = new Set(codes.map((code) => code.split('/')[0]!));
  const unknown = named.filter((name) => groups.has(name.split('/')[0]!) && !problemSeverities.has(name));
  expect(unknown).toEqual([]);
  expect(named.length).toBeGreaterThan(0);
});

test('no two codes are summed up alike', () => {
  const summaries = pagedCodes.map((code) => readPage(code).summary);
  expect(summaries.filter((summary, at) => summaries.indexOf(summary) !== at)).toEqual([]);
});

test('the index is that of the tables; `node test/docs/problemPages.ts` writes it', async () => {
  expect(readFileSync(path.join(root, 'docs/problems/README.md'), 'utf8')).toBe(await problemIndex());
});

test('settings.json completes the codes there are; `node test/docs/problemPages.ts` lists them', () => {
  const manifest = readFileSync(path.join(root, 'package.json'), 'utf8');
  expect(severityKeysOfManifest(manifest)).toEqual(severityKeys());
});

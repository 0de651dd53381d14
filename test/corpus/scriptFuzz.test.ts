import { readdirSync, readFileSync } from 'node:fs';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { expect, test } from 'vitest';
import { withEmbeddedDocuments } from '../../server/language/embedded/embeddedService.ts';
import { createLanguageService } from '../../server/language/languageService.ts';
import { parseDocument } from '../../server/documents.ts';
import { fullEditor } from '../support/queryModel.ts';
import { fixtureScripts, scripts } from '../support/scripts.ts';
import { slip } from './completionFuzz.ts';
import { demoModel } from './demoModel.ts';
import { Random } from './random.ts';

/** Multiplies what is tried: `CAMPAIGN_FUZZ=10 npx vitest run test/corpus/scriptFuzz`. */
const factor = Number(process.env['CAMPAIGN_FUZZ'] ?? 1);
const uri = 'file:///fuzz.campaign.js';
const entities = new URL('../../sandbox/campaign/data/entities/', import.meta.url);
const textsIn = (folder: string): string[] =>
  readdirSync(new URL(folder, entities))
    .sort()
    .map((name) => readFileSync(new URL(`${folder}${name}`, entities), 'utf8'));

const documents = [...fixtureScripts.values(), ...textsIn('javascript/cus/')];
const opened = { version: 0 };

/** Labels of what is offered at an offset; the document stays open, as in an editor. */
function offeredAt(text: string, offset: number): string[] {
  const document = TextDocument.create(uri, 'campaign-javascript', ++opened.version, text);
  return scripts.completion(demoModel, document, offset).items.map(({ label }) => label);
}

/** Members of the script, which are offered behind their dot while nothing is wrong. */
function membersOf(
  random: Random,
  text: string,
  count: number,
): { start: number; end: number; name: string }[] {
  const found = [...text.matchAll(/(?<=\.)@?[A-Za-z_]\w{2,}/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    name: match[0],
  }));
  const members = [];
  for (const member of random.shuffle(found)) {
    if (members.length === count) break;
    // Variables of a workflow are known from where they are used: one that is used once is not known without it.
    const isOnce =
      text.slice(member.start - 5, member.start) === 'vars.' && text.split(member.name).length === 2;
    // An assignment declares: without its name there is nothing to know it by.
    const isDeclared = /^\s*=(?!=)/.test(text.slice(member.end));
    if (isOnce || isDeclared) continue;
    if (offeredAt(text, member.end).includes(member.name)) members.push(member);
  }
  return members;
}

/** A slip in a comment further up. */
function slipAbove(random: Random, text: string, before: number): string | undefined {
  const words = [...text.slice(0, before).matchAll(/^\s*(?:\/\/|\*) .*[a-z]{4}/gim)];
  const word = words.length === 0 ? undefined : random.pick(words);
  const at = word && word.index + word[0].length - 2;
  return at === undefined ? undefined : `${text.slice(0, at)}x${text.slice(at)}`;
}

test('what is taken out of a script is offered again at its place', () => {
  let count = 0;
  const failures: string[] = [];
  const check = (what: string, text: string, offset: number, name: string): void => {
    count++;
    if (offeredAt(text, offset).includes(name)) return;
    failures.push(
      `${what} ${name}: ${text.slice(Math.max(0, offset - 80), offset)}|${text.slice(offset, offset + 40)}`,
    );
  };
  for (const [index, text] of documents.entries()) {
    const random = new Random(index + 1);
    for (const { start, end, name } of membersOf(random, text, 4 * factor)) {
      const middle = (start + end) >> 1;
      check('cut out', text.slice(0, start) + text.slice(end), start, name);
      check('cut in half', text.slice(0, middle) + text.slice(end), middle, name);
      check('cursor inside', text, middle, name);
      check('prefix', text.slice(0, middle), middle, name);
      const slipped = slipAbove(random, text, start);
      if (slipped !== undefined) check('after a slip', slipped, end + 1, name);
    }
  }
  const rate = (count - failures.length) / count;
  console.log(`scripts: ${(rate * 100).toFixed(2)} % of ${count} completions put back what was taken away`);
  expect(count).toBeGreaterThan(100);
  expect(rate, failures.slice(0, 8).join('\n')).toBeGreaterThanOrEqual(0.99);
}, 120_000);

test('no slip in a script, a page or an entity with scripts raises an exception', () => {
  const service = withEmbeddedDocuments(createLanguageService(scripts));
  const files: readonly (readonly [languageId: string, text: string])[] = [
    ...documents.slice(0, 3).map((text) => ['campaign-javascript', text] as const),
    ...textsIn('jssp/cus/')
      .slice(0, 2)
      .map((text) => ['campaign-jssp', text] as const),
    ...textsIn('workflow/')
      .slice(0, 3)
      .map((text) => ['xml', text] as const),
  ];
  let answered = 0;
  for (const [index, [languageId, text]] of files.entries()) {
    const random = new Random(index + 900);
    for (let round = 0; round < 4 * factor; round++) {
      const { text: slipped, at } = slip(random, text);
      const file = parseDocument(TextDocument.create('file:///slip', languageId, ++opened.version, slipped));
      const lists = [
        service.complete(demoModel, file, at, fullEditor).items,
        service.diagnostics(demoModel, file),
        service.documentSymbols(file),
        service.definition(demoModel, file, at),
      ];
      const answers = [service.hover(demoModel, file, at), service.signatureHelp(demoModel, file, at)];
      answered += lists.reduce((sum, list) => sum + list.length, 0) + answers.filter(Boolean).length;
    }
  }
  expect(answered).toBeGreaterThan(files.length);
}, 120_000);

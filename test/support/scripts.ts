import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  createJavaScriptService,
  type JavaScriptService,
} from '../../server/language/javascript/javaScriptService.ts';
import { scriptModel } from './scriptModel.ts';
import { takeCursor } from './cursor.ts';

const folder = new URL('../fixtures/scripts/', import.meta.url);

/** The scripts of the fixtures by file name; pages are left to their own tests. */
export const fixtureScripts: ReadonlyMap<string, string> = new Map(
  readdirSync(folder)
    .filter((name) => name.endsWith('.campaign.js'))
    .map((name) => [name, readFileSync(new URL(name, folder), 'utf8')]),
);

export function readFixture(name: string): string {
  return readFileSync(new URL(name, folder), 'utf8');
}

/** The JavaScript side, without libraries. */
export const scripts: JavaScriptService = createJavaScriptService({ typescript: ts });

/** A script document with its cursor. Each call is a document of its own, as two editors' tabs are. */
export function openScript(
  marked: string,
  uri = 'file:///test.campaign.js',
  languageId = 'campaign-javascript',
): { document: TextDocument; offset: number } {
  const { text, offset } = takeCursor(marked);
  scripts.close(uri);
  return { document: TextDocument.create(uri, languageId, 1, text), offset };
}

/** What is offered at the `$0`, in the order an editor shows it. */
export function scriptItems(
  marked: string,
  uri?: string,
  languageId?: string,
): ReturnType<JavaScriptService['completion']>['items'] {
  const { document, offset } = openScript(marked, uri, languageId);
  const { items } = scripts.completion(scriptModel, document, offset);
  return items.sort((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

/** A small generator of numbers from 0 up to, not including, 1: the same for the same seed. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

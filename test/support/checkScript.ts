import ts from 'typescript';
import { expect } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import {
  checkScript as runChecks,
  type ScriptCheckResult,
} from '../../server/language/javascript/checks/checkScript.ts';
import { ScriptWorkspace } from '../../server/language/javascript/scriptWorkspace.ts';
import type { LanguageModel } from '../../server/language/model.ts';
import type { DocumentProblem } from '../../server/language/problems.ts';
import { scriptModel } from './scriptModel.ts';
import { scripts } from './scripts.ts';

/** Where and with what a script is checked. */
export interface ScriptPlace {
  uri?: string;
  languageId?: string;
  model?: LanguageModel;
  /** Codes that are not the subject of a test. */
  ignore?: RegExp;
}

/** Every problem of a script. */
export function scriptProblems(text: string, place: ScriptPlace = {}): DocumentProblem[] {
  const {
    uri = 'file:///checked.campaign.js',
    languageId = 'campaign-javascript',
    model = scriptModel,
    ignore,
  } = place;
  scripts.close(uri);
  const problems = scripts.problems(model, TextDocument.create(uri, languageId, 1, text));
  return problems.filter(({ code }) => ignore?.test(code) !== true);
}

/**
 * Checks what is said about a script. In `marked`, each `«…»` is a problem: in order, those of `codes`, without their
 * `script/`. A script without marks has no problem.
 */
export function checkScript(marked: string, codes: readonly string[] = [], place?: ScriptPlace): void {
  const text = marked.replace(/[«»]/g, '');
  const found = scriptProblems(text, place).sort((a, b) => a.start - b.start || a.end - b.end);
  let shown = text;
  for (const { start, end } of [...found].reverse())
    shown = `${shown.slice(0, start)}«${shown.slice(start, end)}»${shown.slice(end)}`;
  expect(shown).toBe(marked);
  expect(found.map(({ code }) => code.replace('script/', ''))).toEqual(codes);
}

/** The script after the fix of that title; several problems may offer it, and the first is taken. */
export function checkScriptFix(text: string, title: string, expected: string, place?: ScriptPlace): void {
  const fixes = scriptProblems(text, place).flatMap((problem) => problem.fixes);
  const fix = fixes.find((candidate) => candidate.title === title);
  expect(fix?.title ?? fixes.map((candidate) => candidate.title)).toBe(title);
  let fixed = text;
  for (const edit of [...fix!.edits].sort((a, b) => b.start - a.start))
    fixed = fixed.slice(0, edit.start) + edit.newText + fixed.slice(edit.end);
  expect(fixed).toBe(expected);
}

/** The titles of every fix offered in a script. */
export function scriptFixes(text: string, place?: ScriptPlace): string[] {
  return scriptProblems(text, place).flatMap((problem) => problem.fixes.map(({ title }) => title));
}

/** The checks of `checks/` alone, with the work they took. */
export function measureChecks(text: string, model: LanguageModel = scriptModel): ScriptCheckResult {
  const document = TextDocument.create('file:///measured.campaign.js', 'campaign-javascript', 1, text);
  return runChecks(new ScriptWorkspace({ typescript: ts }).open(model, document));
}

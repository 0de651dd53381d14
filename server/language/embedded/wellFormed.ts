import type { LanguageDocument } from '../languageService.ts';
import { embeddedProblem, type EmbeddedProblem } from './embeddedProblem.ts';
import { checkRawMarkup } from './rawMarkup.ts';

/**
 * Where the XML of an entity breaks. Queries, schema sources and scripts in it say so themselves, and behind markup typed
 * into a script nothing is where it seems to be.
 */
export function checkWellFormed(file: LanguageDocument): EmbeddedProblem[] {
  const { entity, queries, embedded = [] } = file.regions;
  if (entity === undefined || entity.problems.length === 0) return [];
  const broken = Math.min(...checkRawMarkup(file).map(({ start }) => start), Infinity);
  const inside = [...queries, ...embedded.map(({ text }) => text)];
  return entity.problems
    .filter(({ start }) => start < broken)
    .filter((problem) => !inside.some(({ start, end }) => problem.start >= start && problem.end <= end))
    .map((problem) => embeddedProblem('embedded/not-well-formed', problem, problem.message));
}

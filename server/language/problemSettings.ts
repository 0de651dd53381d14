import type { ProblemSeverity } from '../../core/expression/problems.ts';
import { closestName } from './closestName.ts';
import { codesOffAtFirst, groupOf, problemGroups, problemSeverities } from './problemCatalog.ts';
import type { DocumentProblem } from './problems.ts';
import { replaceFix } from './queryDef/queryProblem.ts';
import { findSuppressions, type Suppression } from './suppressions.ts';

/** What a person has chosen for the problems that are shown. */
export interface ProblemSettings {
  /** By code, or by group: `query/*`. A code has precedence over its group. */
  severities: ReadonlyMap<string, ChosenSeverity>;
  /** Address the pages about the codes are below, ending in `/`; `undefined` when there are none to open. */
  pages: string | undefined;
  /** Scripts are checked for members, names and arguments that do not exist. */
  checkTypes: boolean;
}

/** `off`: not shown at all. */
export type ChosenSeverity = ProblemSeverity | 'off';

/** Every severity is that of its table, no code leads to a page, types are not checked. */
export const defaultProblemSettings: ProblemSettings = {
  severities: new Map(),
  pages: undefined,
  checkTypes: false,
};

const chosenSeverities: ReadonlySet<unknown> = new Set<ChosenSeverity>([
  'off',
  'hint',
  'information',
  'warning',
  'error',
]);

/**
 * Reads the setting `campaign.diagnostics.severity`.
 * @param value the setting as it came; anything but an object counts as absent.
 * @returns what can be used of it, and a sentence for each entry that cannot.
 */
export function readSeverities(value: unknown): {
  severities: ReadonlyMap<string, ChosenSeverity>;
  complaints: string[];
} {
  const severities = new Map<string, ChosenSeverity>();
  const complaints: string[] = [];
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  for (const [code, severity] of entries) {
    if (!isKnown(code)) {
      const meant = nearestCode(code);
      complaints.push(
        `There is no problem code ${code}${meant === undefined ? '' : `; did you mean ${meant}?`}`,
      );
    } else if (!isChosen(severity)) {
      complaints.push(`The severity of ${code} is off, hint, information, warning or error.`);
    } else severities.set(code, severity);
  }
  return { severities, complaints };
}

function isChosen(severity: unknown): severity is ChosenSeverity {
  return chosenSeverities.has(severity);
}

/**
 * The problems that are shown: without those that are switched off or left out by a comment, with the severities chosen,
 * and with those of the comments themselves.
 * @param text the document the problems are of.
 */
export function applyProblemSettings(
  text: string,
  problems: readonly DocumentProblem[],
  { severities }: ProblemSettings,
): DocumentProblem[] {
  const suppressions = findSuppressions(text);
  return [...problems, ...suppressions.flatMap(checkSuppression)].flatMap((problem) => {
    const usual = codesOffAtFirst.has(problem.code) ? 'off' : severities.get(groupOf(problem.code));
    const severity = severities.get(problem.code) ?? usual ?? problem.severity;
    if (severity === 'off' || suppressions.some((suppression) => leavesOut(suppression, problem))) return [];
    return [{ ...problem, severity }];
  });
}

/** Does a comment leave a problem out? */
export function leavesOut(
  { codes, covers }: Suppression,
  problem: Pick<DocumentProblem, 'start' | 'code'>,
): boolean {
  return (
    problem.start >= covers.start &&
    problem.start <= covers.end &&
    codes.some(({ code }) => code === problem.code || code === groupOf(problem.code))
  );
}

function checkSuppression({ start, end, codes }: Suppression): DocumentProblem[] {
  if (codes.length === 0) {
    const message = 'Nothing is left out: name the codes, e.g. campaign-ignore query/contains.';
    return [unknownCode({ start, end }, message)];
  }
  return codes
    .filter(({ code }) => !isKnown(code))
    .map((range) => {
      const meant = nearestCode(range.code);
      return meant === undefined
        ? unknownCode(range, `There is no problem code ${range.code}.`)
        : {
            ...unknownCode(range, `There is no problem code ${range.code}; did you mean ${meant}?`),
            fixes: [replaceFix(`Write ${meant}`, range, meant)],
          };
    });
}

function unknownCode(range: { start: number; end: number }, message: string): DocumentProblem {
  const code = 'ignore/unknown-code';
  return { code, severity: 'hint', message, start: range.start, end: range.end, fixes: [] };
}

function isKnown(code: string): boolean {
  return problemSeverities.has(code) || problemGroups.includes(code);
}

/** The code a person most probably meant; the group may be missing. */
function nearestCode(typed: string): string | undefined {
  const codes = [...problemSeverities.keys(), ...problemGroups];
  const names = new Map(codes.map((code) => [code.slice(code.indexOf('/') + 1), code]));
  return closestName(typed, codes) ?? names.get(closestName(typed, names.keys()) ?? '');
}

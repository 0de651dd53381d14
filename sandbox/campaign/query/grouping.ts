import { CampaignFailure } from '../soap/fault.ts';

const opening = /\b(?:AVG|COUNT|MAX|MIN|SUM|xtkStdDev|group_concat)\(|\(SELECT /;

/** Takes out aggregates and inner queries, which may use any column. The text holds no constants any more. */
function withoutAggregates(sql: string): string {
  let rest = sql;
  for (let match = opening.exec(rest); match !== null; match = opening.exec(rest)) {
    const start = match.index + match[0].indexOf('(');
    let depth = 0;
    let end = start;
    do {
      if (rest.charAt(end) === '(') depth++;
      if (rest.charAt(end) === ')') depth--;
      end++;
    } while (depth > 0 && end < rest.length);
    rest = `${rest.slice(0, match.index)} ${rest.slice(end)}`;
  }
  return rest;
}

/** The first column of an expression that is neither grouped, nor part of what is grouped, nor aggregated. */
function ungroupedColumn(sql: string, terms: readonly string[]): string | undefined {
  const longestFirst = [...terms].sort((a, b) => b.length - a.length);
  // A term counts where it stands whole: R1.sName is no part of R1.sNameShort.
  const without = (text: string, term: string): string =>
    text.split(term).reduce((left, right) => `${left}${/^\w/.test(right) ? term : ' '}${right}`);
  const plain = longestFirst.reduce(without, sql).replace(/'(?:[^']|'')*'/g, "''");
  return /\bR\d+\.\w+/.exec(withoutAggregates(plain))?.[0];
}

/** @throws CampaignFailure, as the database words it, when a part of a grouped query uses a column of single rows. */
export function checkGroups(parts: readonly string[], terms: readonly string[]): void {
  for (const part of parts) {
    const column = ungroupedColumn(part, terms);
    if (column === undefined) continue;
    throw new CampaignFailure(
      `PGS-220000 PostgreSQL error: ERROR: column "${column}" must appear in the GROUP BY clause or be used in an aggregate function`,
    );
  }
}

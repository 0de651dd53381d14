/** SQLite reads no expression nested deeper than 1,000, and a chain of operators nests once for each. */
const longestChain = 200;

/** Joins terms with AND or OR; a chain of thousands is bracketed into shorter ones, which changes nothing else. */
export function joinTerms(terms: readonly string[], operator: 'AND' | 'OR'): string {
  if (terms.length <= longestChain) return terms.join(` ${operator} `);
  const groups: string[] = [];
  for (let at = 0; at < terms.length; at += longestChain) {
    groups.push(`(${terms.slice(at, at + longestChain).join(` ${operator} `)})`);
  }
  return joinTerms(groups, operator);
}

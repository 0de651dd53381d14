/**
 * The name a person most probably meant: the same in another letter case, or at most one slip in three characters
 * (two in longer names) away. `undefined` when nothing comes near.
 */
export function closestName(typed: string, names: Iterable<string>): string | undefined {
  const lower = typed.toLowerCase();
  let bound = Math.min(2, Math.floor(lower.replace(/^@/, '').length / 3));
  let closest: string | undefined;
  for (const name of names) {
    const candidate = name.toLowerCase();
    if (candidate === lower) return name;
    if (Math.abs(candidate.length - lower.length) > bound) continue;
    const slips = countSlips(lower, candidate, bound);
    if (slips > bound) continue;
    if (slips < bound || closest === undefined) {
      closest = name;
      bound = slips;
    }
  }
  return closest;
}

/** Insertions, deletions, replacements and swaps of neighbours between two short texts; more than `bound` counts as more. */
function countSlips(a: string, b: string, bound: number): number {
  let previous: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (isSame ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, previous[j - 2]! + 1);
      }
      next.push(cost);
    }
    if (Math.min(...next) > bound) return bound + 1;
    previous = row;
    row = next;
  }
  return row[b.length]!;
}

const countFormat = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return countFormat.format(count);
}

/** `1 row`, `1,000 rows`. */
export function formatRows(count: number): string {
  return count === 1 ? '1 row' : `${formatCount(count)} rows`;
}

export function formatSeconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

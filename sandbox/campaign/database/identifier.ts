/** An SQL identifier. Names in Campaign's own style cannot be keywords and stay bare, so that SQL reads well. */
export function identifier(name: string): string {
  return /^(?:[a-z]{1,2}[A-Z]\w*|[A-Z][a-z]+[A-Z]\w*)$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

/** A string constant. SQLite cannot hold NUL in a literal. */
export const quote = (text: string): string => `'${text.replaceAll('\0', '').replaceAll("'", "''")}'`;

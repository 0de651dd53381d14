/** A clause of SQL, or nothing. */
export const clause = (word: string, sql: string | undefined): string =>
  sql === undefined ? '' : ` ${word} ${sql}`;

/** All of some conditions; those that are missing do not count. */
export function allOf(conditions: readonly (string | undefined)[]): string | undefined {
  const parts = conditions.filter((condition) => condition !== undefined && condition !== '');
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : parts.map((part) => `(${part})`).join(' AND ');
}

/** `@id, @name` in one `expr`: several columns. Commas inside brackets or quotes do not separate. */
export function splitExpressions(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let inString = false;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (inString) {
      if (c === '\\') i++;
      else if (c === "'") inString = false;
    } else if (c === "'") inString = true;
    else if (c === '(' || c === '[') depth++;
    else if (c === ')' || c === ']') depth--;
    else if (c === ',' && depth === 0) {
      parts.push(text.slice(start, i));
      start = i + 1;
    }
  }
  parts.push(text.slice(start));
  return parts;
}

import type { ModelState } from '../connection/connections.ts';

const namedSchemas = 5;

/**
 * What a refresh found, in a sentence.
 * @param changed ids of schemas that were added, changed or removed.
 */
export function refreshText(
  connectionName: string,
  changed: readonly string[],
  before: ModelState | undefined,
  after: ModelState | undefined,
): string {
  const count = plural(after?.schemaCount ?? 0);
  if (before === undefined) return `The data model of ${connectionName} was read: ${count}.`;
  if (changed.length === 0)
    return `The data model of ${connectionName} is up to date: ${count}, none changed.`;
  const names = [...changed].sort().slice(0, namedSchemas).join(', ');
  const more = changed.length > namedSchemas ? `, and ${changed.length - namedSchemas} more` : '';
  return `${plural(changed.length)} of ${connectionName} changed: ${names}${more}.`;
}

function plural(count: number): string {
  return count === 1 ? '1 schema' : `${count} schemas`;
}

import type { SchemaNode } from '../../../core/schema/schema.ts';
import type { Instance } from '../instance.ts';

/**
 * The default of a field for a new record, as text; `undefined` when it has none or when it depends on what the sandbox
 * does not have.
 */
export function defaultValue(instance: Instance, node: SchemaNode): string | undefined {
  const expression = node.defaultValue ?? node.raw.get('translatedDefault');
  if (expression === undefined || expression === '') return undefined;
  try {
    return instance.evaluate(expression);
  } catch {
    return undefined;
  }
}

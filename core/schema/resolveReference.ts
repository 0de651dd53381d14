import type { Enumeration, Schema, SchemaAttribute, SchemaElement, SchemaSource } from './schema.ts';

/** What `ref`, `template` or `aggregate` leads to. */
export type ReferenceResult =
  | { kind: 'found'; definition: SchemaElement | SchemaAttribute | Enumeration }
  /** The model has no such schema. */
  | { kind: 'schemaMissing'; schemaId: string }
  /** The schema has no such definition. */
  | { kind: 'missing'; schemaId: string; path: string }
  /** The schema is not loaded, or the model does not cover it. */
  | { kind: 'unknown' };

/**
 * Looks a definition up: `path` among those of the schema itself, `ns:schema:path` in another one, `ns:schema` for its
 * main element. The last step of a path may be an attribute, with or without `@`, the first one an enumeration.
 * @param schemaIds the schema the reference is written in; for an extension also the one it extends.
 * Never throws. Source: Campaign Classic documentation, "Schema structure" and the reference of `ref`, `template`.
 */
export function resolveReference(
  model: SchemaSource,
  schemaIds: readonly string[],
  reference: string,
): ReferenceResult {
  const [namespace = '', name, ...rest] = reference.split(':');
  if (name === undefined) return resolveIn(model, schemaIds, reference);
  const path = rest.join(':');
  return resolveIn(model, [`${namespace}:${name}`], path === '' ? name : path);
}

function resolveIn(model: SchemaSource, schemaIds: readonly string[], path: string): ReferenceResult {
  let result: ReferenceResult = { kind: 'unknown' };
  for (const schemaId of schemaIds) {
    const schema = model.getSchema(schemaId);
    // What one of them may have, none of them lacks.
    if (schema === undefined) return { kind: 'unknown' };
    if (schema === null) {
      result = { kind: 'schemaMissing', schemaId };
      continue;
    }
    const definition = findDefinition(schema, path);
    if (definition !== undefined) return { kind: 'found', definition };
    result = { kind: 'missing', schemaId, path };
  }
  return result;
}

function findDefinition(
  schema: Schema,
  path: string,
): SchemaElement | SchemaAttribute | Enumeration | undefined {
  const steps = path.split('/').filter((step) => step !== '');
  const [first = '', ...rest] = steps.map((step) => step.replace(/^@/, ''));
  let found = schema.definitions.get(first);
  if (rest.length === 0)
    return found ?? schema.attributeDefinitions.get(first) ?? schema.enumerations.get(first);
  const last = rest.pop()!;
  for (const step of rest) found = found?.elements.get(step);
  return found?.elements.get(last) ?? found?.attributes.get(last);
}

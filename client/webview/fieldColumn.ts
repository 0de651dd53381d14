import type { GridColumn, GridColumnKind } from '../../core/protocol/gridMessages.ts';
import type { FieldDescription, SchemaDescription } from '../../core/protocol/messages.ts';

/** Describes a schema; `null` when it is not known. */
export type DescribeSchema = (schemaId: string) => Promise<SchemaDescription | null>;

/** Labels by stored value. */
export type ValueLabels = Readonly<Record<string, string>>;

const kinds: Readonly<Record<string, GridColumnKind>> = {
  byte: 'number',
  short: 'number',
  long: 'number',
  int64: 'number',
  float: 'number',
  double: 'number',
  percent: 'number',
  money: 'number',
  boolean: 'boolean',
  date: 'date',
  datetime: 'date',
  datetimetz: 'date',
  datetimenotz: 'date',
  timespan: 'number',
};

/** How values of an XTK type compare. */
export function kindOfType(type: string | undefined): GridColumnKind {
  return kinds[type ?? ''] ?? 'text';
}

/**
 * The column that shows a field.
 * @param label in place of the field's own.
 * @param labels of its values, see {@link valueLabels}. Values that are read as words compare as words.
 */
export function fieldColumn(
  xpath: string,
  field: Pick<FieldDescription, 'type' | 'description'>,
  label: string | undefined,
  labels?: ValueLabels,
): GridColumn {
  return {
    xpath,
    kind: labels === undefined ? kindOfType(field.type) : 'text',
    ...(label === undefined || label === '' ? {} : { label }),
    ...(field.type === undefined ? {} : { type: field.type }),
    ...(field.description === undefined ? {} : { description: field.description }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/**
 * The labels of an enumeration's values. `undefined` when the field has no enumeration, or it is not in the model, or has
 * no labels to show.
 * @param reference as written in a schema: `gender`, or `nms:recipient:gender` for that of another schema.
 * @param owner the schema the field is declared in.
 */
export async function valueLabels(
  reference: string | undefined,
  owner: SchemaDescription,
  describe: DescribeSchema,
): Promise<ValueLabels | undefined> {
  if (reference === undefined) return undefined;
  const [namespace = '', schema, name] = reference.split(':');
  const target = name === undefined ? owner : await describe(`${namespace}:${schema ?? ''}`);
  const wanted = name ?? reference;
  const values = target?.enumerations.find((enumeration) => enumeration.name === wanted)?.values ?? [];
  const labelled = values.filter(({ value, label }) => label !== '' && label !== value);
  return labelled.length === 0
    ? undefined
    : Object.fromEntries(labelled.map(({ value, label }) => [value, label]));
}

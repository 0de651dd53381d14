import type { FieldDescription, SchemaDescription } from '../../core/protocol/messages.ts';
import type { RowProblem } from './readRows.ts';
import { closest } from './suggest.ts';

/** A column of the file and the field it goes into. */
export interface ColumnMatch {
  readonly column: string;
  readonly field: FieldDescription;
}

export type MatchResult =
  | { readonly matches: readonly ColumnMatch[]; readonly problems: readonly [] }
  | { readonly matches: undefined; readonly problems: readonly RowProblem[] };

/**
 * Finds the field of each column: by xpath (`@email`, `location/@city`), by name without `@`, or by label, in any letter
 * case. Columns match fields of the schema itself; a path across a link is refused, since staging documents have no links.
 */
export function matchColumns(columns: readonly string[], schema: SchemaDescription): MatchResult {
  const fields = storableFields(schema.fields);
  const problems: RowProblem[] = [];
  const matches: ColumnMatch[] = [];
  const taken = new Map<string, string>();
  for (const column of columns) {
    const field = findField(column, fields);
    if (field === undefined) {
      problems.push({ message: unknownColumn(column, schema, fields) });
      continue;
    }
    const other = taken.get(field.xpath);
    if (other !== undefined) {
      problems.push({
        message: `The columns “${other}” and “${column}” are both the field ${field.xpath}. Keep one.`,
      });
      continue;
    }
    taken.set(field.xpath, column);
    matches.push({ column, field });
  }
  return problems.length > 0 ? { matches: undefined, problems } : { matches, problems: [] };
}

/** Fields that hold a value of the row: attributes, and elements with a text of their own. */
export function storableFields(fields: readonly FieldDescription[]): FieldDescription[] {
  return fields.flatMap((field) => {
    if (field.kind === 'attribute') return [field];
    if (field.kind !== 'element') return [];
    const children = storableFields(field.children ?? []);
    return field.type !== undefined && children.length === 0 ? [field] : children;
  });
}

function findField(column: string, fields: readonly FieldDescription[]): FieldDescription | undefined {
  const exact = fields.find(({ xpath }) => xpath === column);
  if (exact !== undefined) return exact;
  const wanted = column.toLowerCase();
  const bare = (xpath: string): string => xpath.toLowerCase().replace('@', '');
  const byName = fields.filter(({ xpath }) => xpath.toLowerCase() === wanted || bare(xpath) === bare(wanted));
  if (byName.length > 0) return byName[0];
  const byLabel = fields.filter(({ label }) => label.toLowerCase() === wanted);
  return byLabel.length === 1 ? byLabel[0] : undefined;
}

function unknownColumn(
  column: string,
  schema: SchemaDescription,
  fields: readonly FieldDescription[],
): string {
  const [step = ''] = column.replace(/^\[|\]$/g, '').split('/');
  const link = schema.fields.find(
    ({ kind, name }) =>
      (kind === 'link' || kind === 'collection') && name.toLowerCase() === step.toLowerCase(),
  );
  if (link !== undefined) {
    const foreignKey = fields.find(({ name }) => name.toLowerCase() === `@${link.name.toLowerCase()}-id`);
    const hint = foreignKey === undefined ? '' : ` Give ${foreignKey.xpath} instead.`;
    return `The column “${column}” goes through the link ${link.name}; staging takes fields of ${schema.id} only.${hint}`;
  }
  const names = fields.map(({ xpath }) => xpath);
  const suggestion =
    closest(column, names) ??
    closest(`@${column}`, names) ??
    fields.find(
      ({ label }) =>
        label ===
        closest(
          column,
          fields.map((field) => field.label),
        ),
    )?.xpath;
  return `The column “${column}” is no field of ${schema.id}.${suggestion === undefined ? '' : ` Did you mean ${suggestion}?`}`;
}

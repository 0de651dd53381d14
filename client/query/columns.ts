import type { GridColumn, GridColumnKind } from '../../core/protocol/gridMessages.ts';
import type { FieldDescription, SchemaDescription } from '../../core/protocol/messages.ts';
import type { PagingKey } from '../../core/queryDef/paging.ts';
import { resultColumns } from '../../core/queryDef/resultColumns.ts';
import type { QueryDef } from '../../core/queryDef/queryDef.ts';

/** Describes a schema; `null` when it is not known. */
export type DescribeSchema = (schemaId: string) => Promise<SchemaDescription | null>;

const kinds: Readonly<Record<string, GridColumnKind>> = {
  byte: 'number',
  short: 'number',
  long: 'number',
  int64: 'number',
  float: 'number',
  double: 'number',
  percent: 'number',
  money: 'number',
  primarykey: 'text',
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

/** Columns before anything is known but their names and what the query calls them. */
export function toColumns(xpaths: readonly string[], query: QueryDef): GridColumn[] {
  const titles = titlesOf(query);
  return xpaths.map((xpath) => {
    const title = titles.get(xpath)?.label;
    return { xpath, kind: 'text', ...(title === undefined ? {} : { label: title }) };
  });
}

/** Columns with labels and types from the model. A column the model does not know keeps its name. */
export async function describeColumns(
  xpaths: readonly string[],
  query: QueryDef,
  describe: DescribeSchema,
): Promise<GridColumn[]> {
  const titles = titlesOf(query);
  const root = query.schemaId === undefined ? null : await describe(query.schemaId);
  return await Promise.all(
    xpaths.map(async (xpath): Promise<GridColumn> => {
      const title = titles.get(xpath);
      const found = root === null ? undefined : await findField(root, title?.source ?? xpath, describe);
      const label = title?.label ?? found?.labels.join(' › ');
      const field = found?.field;
      return {
        xpath,
        kind: kindOfType(field?.type ?? title?.type),
        ...(label === undefined || label === '' ? {} : { label }),
        ...(field?.type === undefined ? {} : { type: field.type }),
        ...(field?.description === undefined ? {} : { description: field.description }),
      };
    }),
  );
}

interface ColumnTitle {
  /** What the query calls the column. */
  readonly label: string | undefined;
  /** xpath of the field a moved value comes from. */
  readonly source: string | undefined;
  /** Type of a computed value, where its function tells. */
  readonly type: string | undefined;
}

function titlesOf(query: QueryDef): Map<string, ColumnTitle> {
  const titles = new Map<string, ColumnTitle>();
  for (const { node, path } of resultColumns(query)) {
    if (path === undefined) continue;
    const expr = node.expr?.text.trim() ?? '';
    const plain = /^\[?([\w@/:.-]+)\]?$/.exec(expr)?.[1];
    titles.set(path.join('/'), {
      label: node.label,
      source: plain,
      type: /^(?:count|sum|avg)\s*\(/i.test(expr) ? 'double' : undefined,
    });
  }
  return titles;
}

/** Follows an xpath, across links. */
export async function findField(
  description: SchemaDescription,
  xpath: string,
  describe: DescribeSchema,
): Promise<{ field: FieldDescription; labels: string[] } | undefined> {
  const labels: string[] = [];
  let fields: readonly FieldDescription[] = description.fields;
  let field: FieldDescription | undefined;
  for (const step of xpath.split('/')) {
    if (field?.target !== undefined) fields = (await describe(field.target))?.fields ?? [];
    else if (field !== undefined) fields = field.children ?? [];
    const name = step.replace(/\[\d+\]$/, '');
    field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) return undefined;
    if (field.label !== '') labels.push(field.label);
  }
  return field === undefined ? undefined : { field, labels };
}

/** The field to page by: the primary key, when it is one field of the schema itself. */
export function pagingKeyOf(description: SchemaDescription | null): PagingKey | undefined {
  const key = description?.keys.find(({ primary }) => primary);
  const xpath = key?.xpaths.length === 1 ? key.xpaths[0]! : undefined;
  if (description === null || xpath === undefined) return undefined;
  const field = fieldAt(description.fields, xpath);
  return field === undefined ? undefined : { xpath, isNumber: kindOfType(field.type) === 'number' };
}

function fieldAt(fields: readonly FieldDescription[], xpath: string): FieldDescription | undefined {
  for (const field of fields) {
    if (field.xpath === xpath) return field;
    if (xpath.startsWith(`${field.xpath}/`)) return fieldAt(field.children ?? [], xpath);
  }
  return undefined;
}

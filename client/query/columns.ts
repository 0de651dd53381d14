import type { GridColumn } from '../../core/protocol/gridMessages.ts';
import type { FieldDescription, SchemaDescription } from '../../core/protocol/messages.ts';
import type { PagingKey } from '../../core/queryDef/paging.ts';
import { resultColumns } from '../../core/queryDef/resultColumns.ts';
import type { QueryDef } from '../../core/queryDef/queryDef.ts';
import { fieldColumn, kindOfType, valueLabels, type DescribeSchema } from '../webview/fieldColumn.ts';

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
      const { label, source = xpath, computed } = titles.get(xpath) ?? {};
      const isKnown = root !== null && computed?.argument !== '';
      const found = isKnown ? await findField(root, computed?.argument ?? source, describe) : undefined;
      if (computed !== undefined) {
        const type = computed.type ?? found?.field.type;
        return fieldColumn(xpath, type === undefined ? {} : { type }, label);
      }
      if (found === undefined) return fieldColumn(xpath, {}, label);
      const { field, owner } = found;
      const labels = await valueLabels(field.enumeration, owner, describe);
      return fieldColumn(xpath, field, label ?? found.labels.join(' › '), labels);
    }),
  );
}

interface ColumnTitle {
  /** What the query calls the column. */
  readonly label: string | undefined;
  /** xpath of the field a moved value comes from. */
  readonly source: string | undefined;
  /**
   * Of a value that is no field's: its type, where the function tells, or the xpath whose type it shares, `''` for none.
   * An alias may be called like a field it has nothing to do with.
   */
  readonly computed: { readonly type?: string; readonly argument: string } | undefined;
}

const pathPattern = String.raw`\[?([\w@/:.-]+)\]?`;

function titlesOf(query: QueryDef): Map<string, ColumnTitle> {
  const titles = new Map<string, ColumnTitle>();
  for (const { node, path } of resultColumns(query)) {
    if (path === undefined) continue;
    const expr = node.expr?.text.trim() ?? '';
    const plain = new RegExp(`^${pathPattern}$`).exec(expr)?.[1];
    titles.set(path.join('/'), {
      label: node.label,
      source: plain,
      computed: plain === undefined && expr !== '' ? computedBy(expr) : undefined,
    });
  }
  return titles;
}

function computedBy(expr: string): NonNullable<ColumnTitle['computed']> {
  if (/^count\s*\(/i.test(expr)) return { type: 'long', argument: '' };
  const summary = new RegExp(`^(sum|avg|min|max)\\s*\\(\\s*${pathPattern}\\s*\\)$`, 'i').exec(expr);
  if (summary !== null) return { argument: summary[2]! };
  return /^(?:sum|avg)\s*\(/i.test(expr) ? { type: 'double', argument: '' } : { argument: '' };
}

/** Follows an xpath, across links; `owner` is the schema the field is declared in. */
export async function findField(
  description: SchemaDescription,
  xpath: string,
  describe: DescribeSchema,
): Promise<{ field: FieldDescription; owner: SchemaDescription; labels: string[] } | undefined> {
  const labels: string[] = [];
  let owner = description;
  let fields: readonly FieldDescription[] = description.fields;
  let field: FieldDescription | undefined;
  for (const step of xpath.split('/')) {
    if (field?.target !== undefined) {
      const target = await describe(field.target);
      if (target === null) return undefined;
      owner = target;
      fields = target.fields;
    } else if (field !== undefined) fields = field.children ?? [];
    const name = step.replace(/\[\d+\]$/, '');
    field = fields.find((candidate) => candidate.name === name);
    if (field === undefined) return undefined;
    if (field.label !== '') labels.push(field.label);
  }
  return field === undefined ? undefined : { field, owner, labels };
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

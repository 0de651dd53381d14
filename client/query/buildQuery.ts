import type { FieldDescription, SchemaDescription } from '../../core/protocol/messages.ts';
import { escapeXmlAttribute } from '../../core/xml/entities.ts';
import { pagingKeyOf } from './columns.ts';

const previewFields = 15;

/**
 * A query that shows what a schema holds: its key, its plain fields, and the name of what it links to.
 * @param rowCount its `lineCount`; absent for none.
 */
export function previewQuery(description: SchemaDescription, rowCount?: number): string {
  const key = description.keys.find(({ primary }) => primary)?.xpaths ?? [];
  const fields = flatten(description.fields)
    .filter(isPlain)
    .map(({ xpath }) => xpath);
  const xpaths = [...new Set([...key.filter((xpath) => xpath.includes('@')), ...fields])].slice(
    0,
    previewFields,
  );
  return writeQuery(description, xpaths, rowCount);
}

function writeQuery(
  description: SchemaDescription,
  xpaths: readonly string[],
  rowCount: number | undefined,
): string {
  const key = pagingKeyOf(description)?.xpath;
  const lines = [
    `<queryDef schema="${escapeXmlAttribute(description.id)}" operation="select"${rowCount === undefined ? '' : ` lineCount="${rowCount}"`}>`,
    '  <select>',
    ...xpaths.map((xpath) => `    <node expr="${escapeXmlAttribute(toExpression(xpath))}"/>`),
    '  </select>',
    ...(key === undefined
      ? []
      : ['  <orderBy>', `    <node expr="${escapeXmlAttribute(toExpression(key))}"/>`, '  </orderBy>']),
    '</queryDef>',
    '',
  ];
  return lines.join('\n');
}

/** Paths with a slash, a dash or a colon need brackets inside an expression. */
export function toExpression(xpath: string): string {
  return /[/\-:]/.test(xpath) ? `[${xpath}]` : xpath;
}

function flatten(fields: readonly FieldDescription[]): FieldDescription[] {
  return fields.flatMap((field) =>
    field.kind === 'attribute' ? [field] : field.kind === 'element' ? flatten(field.children ?? []) : [],
  );
}

/** Not what lives in the XML memo or is for experts: such columns cost much and say little. */
function isPlain(field: FieldDescription): boolean {
  return field.xml !== true && field.advanced !== true && field.type !== 'blob' && field.type !== 'memo';
}

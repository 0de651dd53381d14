import type { ModelCoverage, ModelSearchItem, ModelSearchKind } from '../../core/protocol/messages.ts';
import { toExpressionText } from '../../core/schema/insertionText.ts';

/** Codicons, those of the tree. */
const icons: Record<ModelSearchKind, string> = {
  schema: 'symbol-class',
  attribute: 'symbol-field',
  element: 'symbol-struct',
  link: 'references',
  collection: 'list-tree',
  enumeration: 'symbol-enum',
  value: 'symbol-enum-member',
  method: 'symbol-method',
};

/** What a row of the list says. */
export interface ItemText {
  icon: string;
  label: string;
  description: string;
}

export function itemText(item: ModelSearchItem): ItemText {
  const { kind, schemaId, name, label, path, value } = item;
  const icon = icons[kind];
  if (kind === 'schema') return { icon, label: plain(name), description: plain(label) };
  if (kind === 'value') {
    const stored = value === undefined || value === name ? '' : ` = ${value}`;
    return {
      icon,
      label: plain(`${name}${stored}`),
      description: plain(`${label} · ${path} of ${schemaId}`),
    };
  }
  return { icon, label: plain(path), description: plain(`${label} · ${schemaId}`) };
}

/** What the copy button copies: an xpath, an id, the stored value, `schema#Method`. */
export function copiedText({ kind, schemaId, name, path, value }: ModelSearchItem): string {
  switch (kind) {
    case 'schema':
      return schemaId;
    case 'value':
      return value ?? name;
    case 'method':
      return `${schemaId}#${name}`;
    default:
      return path;
  }
}

/** What the insert button puts at the cursor. */
export function insertedText(item: ModelSearchItem): string {
  const text = copiedText(item);
  const isField = ['attribute', 'element', 'link', 'collection'].includes(item.kind);
  return isField ? toExpressionText(text) : text;
}

/** How much was searched, in a sentence; `''` when it was all of it. */
export function coverageText({ listed, indexed, unreadable }: ModelCoverage, isReading: boolean): string {
  const left = listed - indexed - unreadable;
  const parts: string[] = [];
  if (left > 0) {
    parts.push(
      isReading
        ? `Reading schemas: ${indexed + unreadable} of ${listed}. The others are found by name only.`
        : `Fields of ${indexed} of ${listed} schemas are searched. The others are found by name only.`,
    );
  }
  if (unreadable > 0) parts.push(`${unreadable} could not be read; see the log.`);
  return parts.join(' ');
}

/** `$(name)` would be an icon. */
function plain(text: string): string {
  return text.replaceAll('$(', '$\u200b(');
}

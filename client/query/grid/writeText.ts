import type { GridModel } from './gridModel.ts';
import type { CellRange } from './selection.ts';

/** What is stored in a cell, or how the grid shows it. */
export type CellText = 'stored' | 'shown';

/**
 * Cells as tab-separated text, which spreadsheets paste into cells.
 * @param range in positions on show.
 */
export function toTsv(
  model: GridModel,
  range: CellRange,
  options: { readonly withHeader: boolean; readonly as?: CellText },
): string {
  const columns = model.visibleColumns.slice(range.left, range.right + 1);
  const textOf = (row: number, column: number): string =>
    options.as === 'shown' ? model.shown(row, column) : model.cell(row, column);
  const lines: string[] = [];
  if (options.withHeader) lines.push(columns.map((c) => quoteTsv(headerOf(model, c))).join('\t'));
  for (let row = range.top; row <= Math.min(range.bottom, model.rowCount - 1); row++) {
    lines.push(columns.map((column) => quoteTsv(textOf(row, column))).join('\t'));
  }
  return lines.join('\n');
}

/** Everything on show as CSV (RFC 4180), xpaths as header, with a byte order mark so that spreadsheets read accents. */
export function toCsv(model: GridModel): string {
  const columns = model.visibleColumns;
  const parts: string[] = ['\uFEFF', columns.map((c) => quoteCsv(model.columns[c]!.xpath)).join(','), '\r\n'];
  for (let row = 0; row < model.rowCount; row++) {
    parts.push(columns.map((column) => quoteCsv(model.cell(row, column))).join(','), '\r\n');
  }
  return parts.join('');
}

/** Everything on show as a JSON array of objects keyed by xpath. Values stay the text the server sent. */
export function toJson(model: GridModel): string {
  const columns = model.visibleColumns;
  const names = columns.map((c) => JSON.stringify(model.columns[c]!.xpath));
  const rows: string[] = [];
  for (let row = 0; row < model.rowCount; row++) {
    const values = columns.map((column, i) => `${names[i]!}: ${JSON.stringify(model.cell(row, column))}`);
    rows.push(`  { ${values.join(', ')} }`);
  }
  return rows.length === 0 ? '[]\n' : `[\n${rows.join(',\n')}\n]\n`;
}

function headerOf(model: GridModel, column: number): string {
  const { label, xpath } = model.columns[column]!;
  return label ?? xpath;
}

function quoteTsv(value: string): string {
  return /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function quoteCsv(value: string): string {
  return /[,\n\r"]/.test(value) || value !== value.trim() ? `"${value.replaceAll('"', '""')}"` : value;
}

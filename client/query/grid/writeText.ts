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

function headerOf(model: GridModel, column: number): string {
  const { label, xpath } = model.columns[column]!;
  return label ?? xpath;
}

function quoteTsv(value: string): string {
  return /[\t\n\r"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

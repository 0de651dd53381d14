import type { GridModel } from './gridModel.ts';
import type { GridView } from './gridView.ts';
import { showMenu, type MenuEntry } from './popupMenu.ts';

export interface ColumnMenuOptions {
  /** The order before any sorting: `Order of the Answer`. */
  readonly unsorted: string;
  /** Entries behind the common ones. */
  readonly more: (modelColumn: number) => readonly MenuEntry[];
}

/**
 * The menu of a column's header.
 * @param column position among the visible columns.
 */
export function showColumnMenu(
  model: GridModel,
  view: GridView,
  column: number,
  anchor: DOMRect,
  { unsorted, more }: ColumnMenuOptions,
): void {
  const modelColumn = model.visibleColumns[column];
  if (modelColumn === undefined) return;
  const { label, xpath } = model.columns[modelColumn]!;
  const change = (apply: () => void) => () => {
    apply();
    view.refresh();
  };
  const sortBy = (direction: 'ascending' | 'descending'): (() => void) =>
    change(() => model.setSort({ column: modelColumn, direction }));
  const { layout } = view;
  const isLastFrozen = layout.frozenCount === column + 1;
  showMenu(
    label ?? xpath,
    [
      { label: 'Sort Ascending', run: sortBy('ascending') },
      { label: 'Sort Descending', run: sortBy('descending') },
      { label: unsorted, run: change(() => model.setSort(undefined)) },
      { label: 'Fit to Content', run: () => view.fitColumn(column) },
      {
        label: isLastFrozen ? 'Unfreeze Columns' : 'Freeze up to This Column',
        run: change(() => (layout.frozenCount = isLastFrozen ? 0 : column + 1)),
      },
      ...more(modelColumn),
    ],
    anchor,
  );
}

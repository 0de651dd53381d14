import type { GridColumn, GridColumnKind } from '../../../core/protocol/gridMessages.ts';
import { valueFormat } from './formatValue.ts';

export interface GridSort {
  readonly column: number;
  readonly direction: 'ascending' | 'descending';
}

export interface GridFilter {
  /** Letter case does not count. `''` lets everything through. */
  readonly text: string;
  /** Where to look; absent: in every column on show. */
  readonly column?: number;
}

/** Rows and columns as they were on show at a moment; values as they are stored. */
export interface GridSnapshot {
  readonly xpaths: readonly string[];
  readonly rowCount: number;
  readonly part: (first: number, count: number) => string[][];
}

/**
 * The rows of one result and the view of them that is on show: filtered, sorted, some columns hidden.
 * View, copy and export read the same view, so they cannot disagree. A cell has what is stored (`cell`: copied and exported)
 * and how that reads (`shown`: an enumeration's label, a moment in local time); filters look in both.
 * Knows nothing of the DOM.
 */
export class GridModel {
  #columns: readonly GridColumn[] = [];
  /** How the values of each column read; `undefined` for as they are. */
  #formats: readonly ReturnType<typeof valueFormat>[] = [];
  readonly #rows: (readonly string[])[] = [];
  /** Indexes into `#rows`, in the order on show; `undefined` while that is the order of arrival. */
  #view: number[] | undefined;
  #sort: GridSort | undefined;
  #filter: GridFilter = { text: '' };
  readonly #hidden = new Set<number>();
  /** Of the sorted column, by row; made once per row instead of once per comparison. */
  #sortKeys: (number | string)[] = [];

  get columns(): readonly GridColumn[] {
    return this.#columns;
  }

  /** Rows received. */
  get totalCount(): number {
    return this.#rows.length;
  }

  /** Rows on show. */
  get rowCount(): number {
    return this.#view?.length ?? this.#rows.length;
  }

  get sort(): GridSort | undefined {
    return this.#sort;
  }

  get filter(): GridFilter {
    return this.#filter;
  }

  /** Positions of the columns on show, left to right. */
  get visibleColumns(): readonly number[] {
    const visible: number[] = [];
    for (let i = 0; i < this.#columns.length; i++) if (!this.#hidden.has(i)) visible.push(i);
    return visible;
  }

  setColumns(columns: readonly GridColumn[]): void {
    const sorted = this.#sort?.column;
    const before = sorted === undefined ? undefined : this.#columns[sorted];
    this.#columns = columns;
    this.#formats = columns.map(valueFormat);
    // Labels may arrive after the rows and tell that a text was a number all along, and what filters find.
    const after = sorted === undefined ? undefined : columns[sorted];
    if (before?.kind !== after?.kind || before?.labels !== after?.labels || this.#filter.text !== '') {
      this.#rebuild();
    }
  }

  append(rows: readonly (readonly string[])[]): void {
    const first = this.#rows.length;
    for (const row of rows) this.#rows.push(row);
    if (this.#view === undefined) return;
    const added: number[] = [];
    for (let i = first; i < this.#rows.length; i++) if (this.#passes(i)) added.push(i);
    if (this.#sort === undefined) {
      for (const index of added) this.#view.push(index);
      return;
    }
    this.#extendSortKeys();
    const compare = this.#comparison(this.#sort);
    this.#view = merge(this.#view, added.sort(compare), compare);
  }

  /**
   * Changes a value. What is filtered or sorted by it moves at the next sorting or filtering, not under the eyes.
   * @param row in order of arrival.
   */
  setCell(row: number, column: number, text: string): void {
    const values = this.#rows[row];
    if (values === undefined || values[column] === text) return;
    this.#rows[row] = values.with(column, text);
  }

  /** What is stored in a cell on show. */
  cell(row: number, column: number): string {
    return this.#rows[this.rowAt(row)]?.[column] ?? '';
  }

  /** How a cell on show reads. */
  shown(row: number, column: number): string {
    const stored = this.cell(row, column);
    return this.#formats[column]?.(stored) ?? stored;
  }

  /** What is on show now, to be read later whatever is sorted, filtered or hidden meanwhile. */
  snapshot(): GridSnapshot {
    const columns = this.visibleColumns;
    const rows = Array.from({ length: this.rowCount }, (_, row) => this.#rows[this.rowAt(row)]!);
    return {
      xpaths: columns.map((column) => this.#columns[column]!.xpath),
      rowCount: rows.length,
      part: (first, count) =>
        rows.slice(first, first + count).map((row) => columns.map((column) => row[column] ?? '')),
    };
  }

  /** Position in order of arrival of a row on show. */
  rowAt(row: number): number {
    return this.#view === undefined ? row : (this.#view[row] ?? -1);
  }

  setSort(sort: GridSort | undefined): void {
    this.#sort = sort;
    this.#rebuild();
  }

  /** First ascending, then descending, then the order of the answer again. */
  toggleSort(column: number): void {
    const isSame = this.#sort?.column === column;
    if (!isSame) this.setSort({ column, direction: 'ascending' });
    else if (this.#sort!.direction === 'ascending') this.setSort({ column, direction: 'descending' });
    else this.setSort(undefined);
  }

  setFilter(filter: GridFilter): void {
    this.#filter = filter;
    this.#rebuild();
  }

  isHidden(column: number): boolean {
    return this.#hidden.has(column);
  }

  /** The last column on show stays. */
  setHidden(column: number, hidden: boolean): void {
    if (!hidden) this.#hidden.delete(column);
    else if (this.visibleColumns.length > 1) this.#hidden.add(column);
    if (this.#filter.text !== '' && this.#filter.column === undefined) this.#rebuild();
  }

  #rebuild(): void {
    if (this.#sort === undefined && this.#filter.text === '') {
      this.#view = undefined;
      this.#sortKeys = [];
      return;
    }
    const view: number[] = [];
    for (let i = 0; i < this.#rows.length; i++) if (this.#passes(i)) view.push(i);
    this.#sortKeys = [];
    if (this.#sort !== undefined) {
      this.#extendSortKeys();
      view.sort(this.#comparison(this.#sort));
    }
    this.#view = view;
  }

  #passes(index: number): boolean {
    if (this.#filter.text === '') return true;
    const wanted = this.#filter.text.toLowerCase();
    const row = this.#rows[index]!;
    const { column } = this.#filter;
    if (column !== undefined) return this.#contains(row[column] ?? '', column, wanted);
    for (let i = 0; i < row.length; i++) {
      if (!this.#hidden.has(i) && this.#contains(row[i]!, i, wanted)) return true;
    }
    return false;
  }

  #contains(stored: string, column: number, wanted: string): boolean {
    if (stored.toLowerCase().includes(wanted)) return true;
    const shown = this.#formats[column]?.(stored);
    return shown !== undefined && shown.toLowerCase().includes(wanted);
  }

  #extendSortKeys(): void {
    const { column } = this.#sort!;
    const { kind = 'text', labels } = this.#columns[column] ?? {};
    // Numbers, booleans and moments sort by what is stored, the values of an enumeration by their labels.
    const format = labels === undefined ? undefined : this.#formats[column];
    for (let i = this.#sortKeys.length; i < this.#rows.length; i++) {
      const stored = this.#rows[i]![column] ?? '';
      this.#sortKeys.push(toSortKey(format?.(stored) ?? stored, kind));
    }
  }

  #comparison(sort: GridSort): (left: number, right: number) => number {
    const keys = this.#sortKeys;
    const sign = sort.direction === 'ascending' ? 1 : -1;
    // Equal values keep the order of the answer, in both directions.
    return (left, right) => compareKeys(keys[left]!, keys[right]!, sign) || left - right;
  }
}

// `localeCompare` looks its collator up on every call, which makes sorting 100,000 rows take seconds.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Empty values come last whatever the direction: they are what one looks for least. */
function compareKeys(left: number | string, right: number | string, sign: number): number {
  const isLeftEmpty = left === '';
  const isRightEmpty = right === '';
  if (isLeftEmpty || isRightEmpty) return Number(isLeftEmpty) - Number(isRightEmpty);
  if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
  // A number among texts (or a text among numbers): numbers first.
  if (typeof left !== typeof right) return sign * (typeof left === 'number' ? -1 : 1);
  return sign * collator.compare(left as string, right as string);
}

function toSortKey(value: string, kind: GridColumnKind): number | string {
  switch (kind) {
    case 'number': {
      if (value.trim() === '') return '';
      const number = Number(value);
      return Number.isNaN(number) ? value : number;
    }
    case 'boolean':
      return value === '' ? '' : value === 'true' || value === '1' ? 1 : 0;
    case 'date': // Campaign writes dates year first, so their text sorts by time.
    case 'text':
      return value;
  }
}

function merge(
  left: readonly number[],
  right: readonly number[],
  compare: (a: number, b: number) => number,
): number[] {
  const merged = new Array<number>(left.length + right.length);
  let l = 0;
  let r = 0;
  for (let i = 0; i < merged.length; i++) {
    merged[i] =
      r >= right.length || (l < left.length && compare(left[l]!, right[r]!) <= 0) ? left[l++]! : right[r++]!;
  }
  return merged;
}

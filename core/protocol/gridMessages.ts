/**
 * The messages between a results panel and the page of the results grid: names and types only.
 * Everything is data: the page sets it as text, never as HTML.
 */

/** How a column's values compare and align. */
export type GridColumnKind = 'text' | 'number' | 'boolean' | 'date';

/** One column; columns only ever grow at the end during a run. */
export interface GridColumn {
  /** xpath of the value in a row: `@email`, `folder/@name`. Unique within a result. */
  readonly xpath: string;
  /** From the data model; absent until known. */
  readonly label?: string;
  /** XTK type, for the tooltip. */
  readonly type?: string;
  readonly kind: GridColumnKind;
  /** Labels of an enumeration's values, by what is stored. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Values are shown to the letter, with their label behind them: for what is going to be sent. Default false. */
  readonly isExact?: boolean;
  /** From the data model, for the tooltip. */
  readonly description?: string;
}

/** What a failed run shows. */
export interface GridFailure {
  /** One sentence: what happened. */
  readonly explanation: string;
  /** One sentence: what the person can do; `''` for nothing. */
  readonly nextStep: string;
  /** Messages of the server, root cause first. */
  readonly details: readonly string[];
  readonly actions: readonly GridAction[];
}

/** Things a person may ask of the panel; the panel decides what they do. */
export type GridActionId = 'rerun' | 'moreRows' | 'showLog' | 'editConnection';
export interface GridAction {
  readonly id: GridActionId;
  readonly label: string;
}

export type GridTier = 'development' | 'test' | 'staging' | 'production';

/** A run begins: everything of the run before it is dropped. */
export interface GridStart {
  readonly type: 'start';
  /** Goes up with each run; messages of an older run are ignored by both sides. */
  readonly runId: number;
  readonly connection: string;
  readonly tier: GridTier;
  readonly schemaId: string;
  readonly schemaLabel?: string;
  /** The query before, run again: a filter and widths stay. */
  readonly isRerun: boolean;
}

/** All columns known so far, replacing the list before it; positions never change. */
export interface GridColumns {
  readonly type: 'columns';
  readonly runId: number;
  readonly columns: readonly GridColumn[];
}

/** Rows in the order of the answer. A row may be shorter than the columns; what is missing is empty. */
export interface GridRows {
  readonly type: 'rows';
  readonly runId: number;
  readonly rows: readonly (readonly string[])[];
}

export interface GridEnd {
  readonly type: 'end';
  readonly runId: number;
  readonly outcome: 'done' | 'cancelled' | 'failed';
  /** From sending to the last row. */
  readonly elapsedMs: number;
  /** The limit given to a query without one of its own, when the answer filled it: there may be more rows. */
  readonly limit?: number;
  /** With `failed`; rows received before stay on show. */
  readonly failure?: GridFailure;
}

/** Asks for further rows of the export begun last; an export that is not asked on is given up. */
export interface GridExportNext {
  readonly type: 'exportNext';
}

export type ToGrid = GridStart | GridColumns | GridRows | GridEnd | GridExportNext;

/** The page listens; sent once, after it has loaded. */
export interface GridReady {
  readonly type: 'ready';
}

/** Rows taken in, so that the panel may ask the server for more. */
export interface GridTaken {
  readonly type: 'taken';
  readonly runId: number;
  readonly rowCount: number;
}

export interface GridCancel {
  readonly type: 'cancel';
  readonly runId: number;
}

/** Puts text on the clipboard. */
export interface GridCopy {
  readonly type: 'copy';
  readonly text: string;
  /** For the confirmation: `3 rows, 2 columns`. */
  readonly rowCount: number;
  readonly columnCount: number;
}

export type GridExportFormat = 'csv' | 'json' | 'xml';

/** Saves what is on show: same rows, same order, same columns, whatever changes on the page meanwhile. */
export interface GridExport {
  readonly type: 'export';
  readonly format: GridExportFormat;
  readonly schemaId: string;
  /** xpaths of the columns. */
  readonly columns: readonly string[];
  readonly rowCount: number;
}

/** Rows of an export, when the panel has asked for them. */
export interface GridExportRows {
  readonly type: 'exportRows';
  readonly rows: readonly (readonly string[])[];
  readonly isLast: boolean;
}

export interface GridRunAction {
  readonly type: 'action';
  readonly id: GridActionId;
}

/** A failure of the page's own code, for the log. */
export interface GridPageError {
  readonly type: 'pageError';
  readonly message: string;
}

export type FromGrid =
  GridReady | GridTaken | GridCancel | GridCopy | GridExport | GridExportRows | GridRunAction | GridPageError;

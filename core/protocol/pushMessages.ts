import type { GridColumn, GridTier } from './gridMessages.ts';

/**
 * The messages between a push panel and its page: names and types only. The page shows; the panel decides and sends.
 */

export type PushRowState = 'pending' | 'sending' | 'sent' | 'failed' | 'unknown';

/** Rows by what became of them. */
export type PushCounts = Readonly<Record<PushRowState, number>>;

/** A sentence with the line of the file it is about, when it is about one. */
export interface PushProblem {
  readonly line?: number;
  readonly message: string;
}

/** The file cannot be pushed as it is; nothing was sent. */
export interface PushRefused {
  readonly type: 'refused';
  readonly fileName: string;
  readonly target: string;
  readonly problems: readonly PushProblem[];
}

/** What will be sent, or was, with the rows to follow. */
export interface PushReview {
  readonly type: 'review';
  readonly fileName: string;
  readonly connection: string;
  readonly tier: GridTier;
  /** The staging schema. */
  readonly target: string;
  readonly rowCount: number;
  /** Sentences about what happens: how rows are told apart, how the file was read, what is left out. */
  readonly notes: readonly string[];
  /** Absent for a push read from its journal, whose documents are fixed. */
  readonly sendEmpty?: boolean;
  /** The fields of the rows. */
  readonly columns: readonly GridColumn[];
}

/** Rows in their order, as they are sent; the first values are line and key. */
export interface PushRows {
  readonly type: 'rows';
  readonly rows: readonly {
    readonly line: number;
    readonly id: string;
    readonly values: readonly string[];
  }[];
}

/** What became of rows since the message before. */
export interface PushProgress {
  readonly type: 'progress';
  readonly phase: 'review' | 'running' | 'ended';
  readonly counts: PushCounts;
  readonly changes: readonly {
    readonly row: number;
    readonly state: PushRowState;
    /** Code and message of a failure, or the id the server gave. */
    readonly note: string;
  }[];
  /** While running: rows accepted per second since the start, and the requests per second the throttle now allows. */
  readonly rate?: { readonly rowsPerSecond: number; readonly allowedPerSecond: number };
  /** Times the instance asked to slow down, since the push began. */
  readonly throttledCount: number;
  /** What it waits for, or why it ended: one or two sentences. */
  readonly message: string;
  /** The message is about a failure. */
  readonly isFailure: boolean;
}

export type ToPush = PushRefused | PushReview | PushRows | PushProgress;

export type PushActionId =
  | 'start'
  | 'cancel'
  | 'resume'
  | 'retryFailed'
  | 'resendUnknown'
  | 'acceptUnknown'
  | 'saveReport'
  | 'dismiss'
  | 'showLog'
  | 'checkAgain';

export type FromPush =
  | { readonly type: 'ready' }
  | { readonly type: 'action'; readonly id: PushActionId }
  | { readonly type: 'sendEmpty'; readonly value: boolean }
  | { readonly type: 'openLine'; readonly line: number }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'pageError'; readonly message: string };

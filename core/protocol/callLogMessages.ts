/**
 * The messages between the communication log and its page: names and types only. Everything in them was masked where it
 * was captured.
 */

/** One request, under way or over. */
export interface CallRow {
  /** Unique among the connections; the same while a call is under way and when it is over. */
  readonly key: string;
  /** Name of the connection. */
  readonly connection: string;
  /** Ms since 1970. */
  readonly sentAt: number;
  /** `urn#Method`, or for a request that is not SOAP what it is for. */
  readonly action: string;
  readonly url: string;
  /** 2 for the first repeat of a call. */
  readonly attempt: number;
  /** Who waited for it: `interactive`, `background`, `push`. */
  readonly priority: string;
  readonly waitedMs: number;
  readonly sentBytes: number;
  /** Absent while it is under way, like what follows. */
  readonly durationMs?: number;
  /** HTTP status; absent without an answer. */
  readonly status?: number;
  readonly receivedBytes?: number;
  /** `ok`, `fault`, `busy`, or the code of an error. */
  readonly result?: string;
  /** Code of Campaign's fault. */
  readonly campaignCode?: string;
}

/** Calls that are new or have changed; `isWhole`: they replace all that the page shows. */
export interface CallRows {
  readonly type: 'rows';
  readonly isWhole: boolean;
  readonly rows: readonly CallRow[];
}

export interface CallListState {
  readonly type: 'state';
  /** The list stands still; calls go on being noted. */
  readonly isPaused: boolean;
  readonly recordsBodies: boolean;
}

/** Answer to `open`: what was recorded of a call, masked and bounded. */
export interface CallBodies {
  readonly type: 'bodies';
  readonly key: string;
  readonly request?: string;
  readonly reply?: string;
}

export type ToCallList = CallRows | CallListState | CallBodies;

export type FromCallList =
  | { readonly type: 'ready' }
  /** Asks for the bodies of a call. */
  | { readonly type: 'open'; readonly key: string }
  /** Copies a call as text. */
  | { readonly type: 'copy'; readonly key: string }
  | { readonly type: 'recordBodies' }
  | { readonly type: 'pageError'; readonly message: string };

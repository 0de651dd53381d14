/** The messages between a method about to be called and its page: names and types only. */

/** One thing to fill in. */
export interface MethodField {
  /** Of the parameter; `#entity`, `#key` and `#schema` for what is no parameter. */
  readonly id: string;
  readonly label: string;
  /** As the schema declares it. */
  readonly type: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'xml';
  readonly isOptional: boolean;
  readonly description?: string;
  /** To begin with. */
  readonly value: string;
}

/** Sent once, when the page is ready. */
export interface MethodOpen {
  readonly type: 'open';
  /** `urn#Method`. */
  readonly action: string;
  readonly label: string;
  readonly description?: string;
  readonly connection: string;
  readonly tier: string;
  /** It is not among the methods known only to read. */
  readonly writes: boolean;
  readonly fields: readonly MethodField[];
}

export interface MethodFieldError {
  /** Of the field. */
  readonly id: string;
  readonly message: string;
}

/** A result, or what stands for it. */
export interface MethodResultValue {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly isXml: boolean;
}

/** A call began, or ended. */
export interface MethodState {
  readonly type: 'state';
  readonly isBusy: boolean;
  readonly errors: readonly MethodFieldError[];
  /** Why the call failed, and what to do. */
  readonly failure?: string;
  /** What the server said of it, cause first. */
  readonly details?: readonly string[];
  /** The connection is read-only: a person may lift that. */
  readonly canAllowWrites?: boolean;
  readonly results?: readonly MethodResultValue[];
  readonly elapsedMs?: number;
}

export type ToMethod = MethodOpen | MethodState;

export type FromMethod =
  | { readonly type: 'ready' }
  /** @param values by field. */
  | { readonly type: 'run'; readonly values: Readonly<Record<string, string>> }
  | { readonly type: 'cancel' }
  | { readonly type: 'allowWrites' }
  /** Opens a result in an editor. */
  | { readonly type: 'openResult'; readonly name: string }
  | { readonly type: 'copy'; readonly text: string }
  | { readonly type: 'pageError'; readonly message: string };

/**
 * The messages between the connection form and its page: names and types only. Secrets cross here on their way to the
 * secret store, in one direction; a stored secret never comes back to the page.
 */

/** One thing to fill in. */
export interface FormField {
  readonly name: string;
  readonly label: string;
  /** Not shown while it is typed. */
  readonly isSecret: boolean;
}

/** A way to sign in, and what it needs besides the address. */
export interface FormSignIn {
  readonly id: string;
  readonly label: string;
  readonly fields: readonly FormField[];
}

/** What the form holds; texts as typed. */
export interface FormValues {
  readonly name: string;
  readonly url: string;
  readonly tier: string;
  readonly signIn: string;
  /** By field name; of a connection being edited, secrets are empty: the stored ones stay. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly requestsPerSecond: string;
  readonly concurrency: string;
  readonly timeoutSeconds: string;
  readonly caFile: string;
}

/** Fields an error can stand at; `form` for what belongs to none. */
export type FormPlace = keyof FormValues | 'form';

export interface FormError {
  readonly place: FormPlace;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** Sent once, when the page is ready. */
export interface FormOpen {
  readonly type: 'open';
  readonly isNew: boolean;
  readonly values: FormValues;
  readonly signIns: readonly FormSignIn[];
  /** Secrets are stored for this connection: leaving them empty keeps them. */
  readonly hasSecrets: boolean;
}

/** A test or a save began (nothing can be pressed but Cancel), or ended. */
export interface FormState {
  readonly type: 'state';
  readonly busy: 'test' | 'save' | undefined;
  readonly errors: readonly FormError[];
  /** The connection works; what the instance said about itself. */
  readonly success?: string;
  /** Saving found the instance unreachable: it can be saved all the same. */
  readonly canSaveAnyway: boolean;
}

export type ToForm = FormOpen | FormState;

export type FromForm =
  | { readonly type: 'ready' }
  | { readonly type: 'test'; readonly values: FormValues }
  /** @param anyway without a test. */
  | { readonly type: 'save'; readonly values: FormValues; readonly anyway: boolean }
  /** Stops a test under way, or closes the form. */
  | { readonly type: 'cancel' }
  | { readonly type: 'pageError'; readonly message: string };

import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';

/** The answer to a request nobody waits for any more; it carries no data, whatever the request. */
export type Cancelled = ResponseError<never>;

/**
 * Wraps a request handler. Invariant: a request that fails is logged and answered empty; it never ends the server, and
 * the user sees no error for it. A request the editor has given up on is answered as cancelled.
 */
export function safely<Params, Result>(
  log: (message: string) => void,
  name: string,
  empty: Result,
  handle: (params: Params, token: CancellationToken) => Result | Promise<Result>,
): (params: Params, token: CancellationToken) => Promise<Result | Cancelled> {
  return async (params, token) => {
    if (token.isCancellationRequested) return cancelled();
    try {
      const result = await handle(params, token);
      // The token is asked again: it may have changed while the handler waited.
      return isCancelled(token) ? cancelled() : result;
    } catch (error) {
      if (isCancelled(token)) return cancelled();
      log(`${name} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return empty;
    }
  };
}

function isCancelled(token: CancellationToken): boolean {
  return token.isCancellationRequested;
}

function cancelled(): Cancelled {
  return new ResponseError<never>(LSPErrorCodes.RequestCancelled, 'The request was cancelled.');
}

/** Given to every webview by VS Code. */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

/** What a page keeps while it is hidden and thrown away. */
export interface PageMemory {
  getState(): unknown;
  setState(state: unknown): void;
}

/** What every page of the extension says, besides what it is for. */
type PageEvent = { readonly type: 'ready' } | { readonly type: 'pageError'; readonly message: string };

/**
 * Starts a page: it hears what the panel posts, its failures reach the log, and the panel is told when it listens.
 * @param create makes the page, with what it posts by.
 */
export function startPage(
  create: (post: (message: unknown) => void, memory: PageMemory) => { receive(message: never): void },
): void {
  const host = acquireVsCodeApi();
  const tell = (event: PageEvent): void => host.postMessage(event);
  window.addEventListener('error', (event) => tell({ type: 'pageError', message: event.message }));
  window.addEventListener('unhandledrejection', (event) =>
    tell({ type: 'pageError', message: String(event.reason) }),
  );
  const page = create((message) => host.postMessage(message), host);
  // Only the panel can post here: the page has no frames and its content policy lets none in.
  window.addEventListener('message', (event) => page.receive(event.data as never));
  tell({ type: 'ready' });
}

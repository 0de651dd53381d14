import type { FromCallList, ToCallList } from '../../../core/protocol/callLogMessages.ts';
import '../../query/grid/grid.css';
import './calls.css';
import { CallsPage, type PageState } from './callsPage.ts';

/** Given to every webview by VS Code. */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const host = acquireVsCodeApi();
const post = (message: FromCallList): void => host.postMessage(message);

window.addEventListener('error', (event) => post({ type: 'pageError', message: event.message }));
window.addEventListener('unhandledrejection', (event) =>
  post({ type: 'pageError', message: String(event.reason) }),
);

const page = new CallsPage(document.body, post, host.getState() as PageState | undefined, (state) =>
  host.setState(state),
);
// Only the view can post here: the page has no frames and its content policy lets none in.
window.addEventListener('message', (event: MessageEvent<ToCallList>) => page.receive(event.data));
post({ type: 'ready' });

import type { FromGrid, ToGrid } from '../../../core/protocol/gridMessages.ts';
import './grid.css';
import { ResultPage } from './resultPage.ts';

/** Given to every webview by VS Code. */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const host = acquireVsCodeApi();
const post = (message: FromGrid): void => host.postMessage(message);

window.addEventListener('error', (event) => post({ type: 'pageError', message: event.message }));
window.addEventListener('unhandledrejection', (event) =>
  post({ type: 'pageError', message: String(event.reason) }),
);

const page = new ResultPage(document.body, post);
// Only the panel can post here: the page has no frames and its content policy lets none in.
window.addEventListener('message', (event: MessageEvent<ToGrid>) => page.receive(event.data));
post({ type: 'ready' });

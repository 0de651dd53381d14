import type { FromPush, ToPush } from '../../../core/protocol/pushMessages.ts';
import '../../query/grid/grid.css';
import './push.css';
import { PushPage } from './pushPage.ts';

/** Given to every webview by VS Code. */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const host = acquireVsCodeApi();
const post = (message: FromPush): void => host.postMessage(message);

window.addEventListener('error', (event) => post({ type: 'pageError', message: event.message }));
window.addEventListener('unhandledrejection', (event) =>
  post({ type: 'pageError', message: String(event.reason) }),
);

const page = new PushPage(document.body, post);
// Only the panel can post here: the page has no frames and its content policy lets none in.
window.addEventListener('message', (event: MessageEvent<ToPush>) => page.receive(event.data));
post({ type: 'ready' });

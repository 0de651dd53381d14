import type { FromForm, ToForm } from '../../../core/protocol/connectionFormMessages.ts';
import '../../query/grid/grid.css';
import './form.css';
import { ConnectionForm } from './connectionForm.ts';

/** Given to every webview by VS Code. */
declare function acquireVsCodeApi(): { postMessage(message: unknown): void };

const host = acquireVsCodeApi();
const post = (message: FromForm): void => host.postMessage(message);

window.addEventListener('error', (event) => post({ type: 'pageError', message: event.message }));
window.addEventListener('unhandledrejection', (event) =>
  post({ type: 'pageError', message: String(event.reason) }),
);

const page = new ConnectionForm(document.body, post);
// Only the panel can post here: the page has no frames and its content policy lets none in.
window.addEventListener('message', (event: MessageEvent<ToForm>) => page.receive(event.data));
post({ type: 'ready' });

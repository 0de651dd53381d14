import type { UiRequest } from '../../sandbox/vscode/uiBridge.ts';

/** Whether the workbench around the suite can be driven; not so in desktop VS Code. */
export const hasUi = process.env['UI_BRIDGE'] !== undefined;

/**
 * Presses keys in, clicks on and reads from the workbench that runs the suite. Never wait a fixed time: wait for what
 * should appear (`waitFor`). A test that needs this skips itself when `hasUi` is false.
 * @returns the text, for `text`.
 */
export async function ui(request: UiRequest): Promise<string> {
  const bridge = process.env['UI_BRIDGE'];
  if (!bridge) throw new Error('No UI bridge: this test needs `npm run test:host`.');
  const response = await fetch(bridge, { method: 'POST', body: JSON.stringify(request) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${JSON.stringify(request)}: ${body}`);
  return (JSON.parse(body) as { value?: string }).value ?? '';
}

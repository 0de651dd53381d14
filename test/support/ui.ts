import type { UiRequest } from '../../sandbox/vscode/uiBridge.ts';

/** Whether the workbench around the suite can be driven; not so in desktop VS Code. */
export const hasUi = process.env['UI_BRIDGE'] !== undefined;

/**
 * Presses keys in, clicks on and reads from the workbench that runs the suite. Never wait a fixed time: wait for what
 * should appear (`waitFor`). A test that needs this skips itself when `hasUi` is false.
 * @returns the text for `text`, the number for `count`, as text.
 */
export async function ui(request: UiRequest): Promise<string> {
  const bridge = process.env['UI_BRIDGE'];
  if (!bridge) throw new Error('No UI bridge: this test needs `npm run test:host`.');
  const response = await fetch(bridge, { method: 'POST', body: JSON.stringify(request) });
  const body = await response.text();
  if (!response.ok) throw new Error(`${JSON.stringify(request)}: ${body}`);
  return (JSON.parse(body) as { value?: string }).value ?? '';
}

/** The selector of a row of a tree in the side bar, by its label without the description. */
export function treeItem(label: string): string {
  // The text is in the element itself or, where matches are highlighted, in one inside it.
  const exactly = `:text-is("${label}")`;
  return `.part.sidebar .monaco-list-row:has(.label-name${exactly}, .label-name ${exactly})`;
}

/** Waits for a row of a tree and expands it, unless it is expanded. */
export async function expandTreeItem(label: string): Promise<void> {
  await ui({ op: 'waitFor', selector: treeItem(label) });
  const collapsed = `${treeItem(label)}[aria-expanded="false"]`;
  if ((await ui({ op: 'count', selector: collapsed })) !== '0') {
    await ui({ op: 'click', selector: `${collapsed} .monaco-tl-twistie` });
  }
}

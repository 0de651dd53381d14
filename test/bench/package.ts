// How big the extension is, and what VS Code spends on activating it.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser, openContext } from '../../sandbox/vscode/chromium.ts';
import { packageExtension } from '../../sandbox/vscode/packageExtension.ts';
import { startHost } from '../../sandbox/vscode/host.ts';
import { Workbench } from '../../sandbox/vscode/workbench.ts';
import { createWorkspace } from '../../sandbox/vscode/workspace.ts';
import type { Bench } from './bench.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
const EXTENSION = 'campaign-devtools.campaign-devtools';
const sizeKb = (file: string) => statSync(path.join(root, file)).size / 1024;

export const benches: readonly Bench[] = [
  {
    name: 'package/size',
    runs: 1,
    subjects: {
      vsix: () => {
        const vsix = packageExtension();
        const bundles = readdirSync(path.join(root, 'dist')).filter((file) => /\.c?js$/.test(file));
        return {
          'vsix MB': statSync(vsix).size / 1024 / 1024,
          ...Object.fromEntries(bundles.map((file) => [`${file} KB`, sizeKb(`dist/${file}`)])),
        };
      },
    },
    budgets: [{ title: 'the package in MB', value: ({ vsix }) => vsix!['vsix MB']!, max: 3 }],
  },
  {
    name: 'package/activate',
    subjects: { extension: activate },
    budgets: [{ title: 'activate() in ms', value: ({ extension }) => extension!['activate ms']!, max: 50 }],
    note: 'As VS Code measures it ("Developer: Startup Performance"); `peak MB` is the benchmark itself.',
  },
];

/** Opens a folder that activates the extension, and reads what VS Code shows about it. */
async function activate(): Promise<Record<string, number>> {
  const nowhere = { url: 'http://127.0.0.1:9', login: 'admin', password: '' };
  const workspace = createWorkspace(path.join(root, 'out', 'bench', 'workspace'), nowhere);
  const host = await startHost({ vsix: packageExtension() });
  const browser = await launchBrowser();
  try {
    const page = await (await openContext(browser)).newPage();
    const workbench = new Workbench(page, path.join(root, 'out', 'bench'));
    await workbench.open(host.workbenchUrl(workspace));
    await workbench.openFile('recipients.queryDef.xml');
    await page.locator('.part.statusbar', { hasText: 'Sandbox' }).waitFor();
    await workbench.runCommand('Developer: Startup Performance');
    await workbench.placeCursorAfter(EXTENSION);
    const line = await workbench.editor().locator('.view-line', { hasText: EXTENSION }).first().innerText();
    const [load, call, finish] = line.split('|').slice(3, 6).map(Number);
    return { 'load code ms': load!, 'activate ms': call!, 'finish ms': finish! };
  } finally {
    await browser.close();
    await host.stop();
  }
}

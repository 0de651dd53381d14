// How big the extension is, and what VS Code spends on activating it.
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { launchBrowser, openContext } from '../../sandbox/vscode/chromium.ts';
import { packageExtension } from '../../sandbox/vscode/packageExtension.ts';
import { startHost } from '../../sandbox/vscode/host.ts';
import { Workbench } from '../../sandbox/vscode/workbench.ts';
import type { Bench } from './bench.ts';

const root = path.resolve(import.meta.dirname, '..', '..');
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
    budgets: [
      {
        title: 'activate() in ms, as VS Code measures it',
        value: ({ extension }) => extension!['activate ms']!,
        max: 50,
      },
    ],
    note: 'Loading the code is included. From "Developer: Show Running Extensions" of a fresh VS Code; `peak MB` is the benchmark itself.',
  },
];

/** Opens a folder that activates the extension, and reads what VS Code shows about it. */
async function activate(): Promise<Record<string, number>> {
  const host = await startHost({ vsix: path.join(root, 'out', 'campaign-devtools.vsix') });
  const browser = await launchBrowser();
  try {
    const page = await (await openContext(browser)).newPage();
    const workbench = new Workbench(page, path.join(root, 'out', 'bench'));
    await workbench.open(host.workbenchUrl(path.join(root, 'sandbox', 'vscode', 'workspace')));
    await workbench.openFile('recipients.queryDef.xml');
    await workbench.runCommand('Developer: Show Running Extensions');
    const row = page.locator('.runtime-extensions-editor .extension', {
      hasText: 'Campaign Developer Tools',
    });
    const text = await row.locator('.activation-time').innerText();
    return { 'activate ms': Number(/(\d+)ms/.exec(text)![1]) };
  } finally {
    await browser.close();
    await host.stop();
  }
}

/**
 * `npm start -- --check`: does in a headless browser what the extension is for, with the keys a person would press, and
 * reports a line per step. What cannot be seen on the screen is read from the sandbox's counters.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './bootstrap.mjs';
import { launchBrowser, openContext } from './chromium.ts';
import { startDemo, type Demo } from './demo.ts';
import { Workbench } from './workbench.ts';

const ROWS_OF_QUERY = 1_000;
const ROWS_TO_PUSH = 100;
const CALLS_PER_SECOND = 20;
const PUSH_TIMEOUT_MS = 60_000;

interface Scene {
  demo: Demo;
  workbench: Workbench;
}

interface Step {
  title: string;
  /** Does it and returns what it counted; throws when it did not happen. */
  run(scene: Scene): Promise<string>;
}

/** Runs all steps against the packaged extension. Returns the exit status: 0 only if all happened. */
export async function checkDemo(vsix: string): Promise<number> {
  const folder = path.join(root, 'out', 'check');
  rmSync(folder, { recursive: true, force: true });
  const demo = await startDemo({
    vsix,
    folder: path.join(folder, 'workspace'),
    allExtensions: false,
    signIn: 'ask',
  });
  const browser = await launchBrowser();
  const failed: string[] = [];
  try {
    const page = await (await openContext(browser)).newPage();
    const workbench = new Workbench(page, folder);
    await workbench.open(demo.url);
    for (const step of STEPS) {
      const { title } = step;
      const startedAt = Date.now();
      try {
        const count = await step.run({ demo, workbench });
        console.log(`ok    ${title}: ${count} (${((Date.now() - startedAt) / 1000).toFixed(1)} s)`);
      } catch (error) {
        failed.push(title);
        const picture = await workbench.screenshot(`failed-${failed.length}`);
        const told = await workbench.notifications();
        const reason = [error instanceof Error ? error.message : String(error), ...told].join('\n');
        console.log(
          `FAIL  ${title}\n${reason.replace(/^/gm, '      ')}\n      ${path.relative(root, picture)}`,
        );
        await page.keyboard.press('Escape');
      }
    }
  } finally {
    await browser.close();
    await demo.stop();
  }
  console.log(
    `\n${STEPS.length - failed.length} of ${STEPS.length} steps happened. Pictures: ${path.relative(root, folder)}`,
  );
  return failed.length === 0 ? 0 : 1;
}

const STEPS: readonly Step[] = [
  {
    title: 'connects with a password',
    async run({ demo, workbench }) {
      await workbench.runCommand('Campaign: Connect');
      await workbench.page.locator('.quick-input-widget input[type="password"]').waitFor();
      await workbench.screenshot('password');
      await workbench.answerInput(demo.sandbox.password);
      await workbench.statusBarItem('Sandbox', 'vm-active').waitFor();
      return counted(callsOf(demo, 'xtk:session#Logon').calls, 1, 'logon');
    },
  },
  {
    title: 'fetches the data model',
    async run({ demo, workbench }) {
      await workbench.openViewContainer('Campaign');
      await workbench.expand('Data model');
      await workbench.treeItem('nms').waitFor();
      const namespaces = await workbench.page.locator('.part.sidebar .label-description').allInnerTexts();
      const listed = namespaces.reduce(
        (sum, text) => sum + Number(/^(\d+) schemas?$/.exec(text)?.[1] ?? 0),
        0,
      );
      await workbench.expand('nms');
      await workbench.expand('recipient');
      await workbench.expand('Fields');
      const fields = await workbench.childrenOf('Fields');
      await workbench.screenshot('tree');
      if (fields === 0) throw new Error('There is nothing below Fields of nms:recipient.');
      return counted(listed, demo.sandbox.instance.model.ids().length, 'schemas');
    },
  },
  {
    title: 'completes a path across a link in a queryDef',
    async run({ workbench }) {
      await workbench.openFile('recipients.queryDef.xml');
      await workbench.placeCursorAfter('[folder/@');
      await workbench.press('Control+Space');
      const labels = await workbench.completions('@label');
      await workbench.screenshot('completion-querydef');
      await workbench.press('Escape');
      return `${labels.length} shown, ${labels.slice(0, 3).join(' ')} …`;
    },
  },
  {
    title: 'completes a field of the loop variable in a script',
    async run({ workbench }) {
      await workbench.openFile('countByDomain.campaign.js');
      await workbench.placeCursorAfter('var domain = String(r.@');
      await workbench.press('Control+Space');
      const labels = await workbench.completions('@domain');
      await workbench.screenshot('completion-script');
      await workbench.press('Escape');
      return `${labels.length} shown, ${labels.slice(0, 3).join(' ')} …`;
    },
  },
  {
    title: `runs a query of ${format(ROWS_OF_QUERY)} rows into the grid`,
    async run({ workbench }) {
      await workbench.openFile('recipients.queryDef.xml');
      await workbench.placeCursorAfter('<select>');
      await workbench.runCommand('Campaign: Run Query');
      const told = await resultOf(workbench, 'nms:recipient', ROWS_OF_QUERY);
      await workbench.screenshot('grid');
      return told;
    },
  },
  {
    title: `pushes ${ROWS_TO_PUSH} rows at ${CALLS_PER_SECOND} calls per second`,
    async run({ demo, workbench }) {
      demo.sandbox.set({ tps: CALLS_PER_SECOND });
      demo.sandbox.setFaults([
        { kind: 'tooManyRequests', method: 'IngestExt', after: 10, every: 40, times: 2 },
      ]);
      await workbench.openFile('purchases.csv');
      await workbench.runCommand('Campaign: Push File to Staging');
      await workbench.chooseQuickPick('cus:purchase');
      const page = await workbench.webview('header.summary');
      const start = page.getByRole('button', { name: `Push ${ROWS_TO_PUSH} Rows` });
      await start.waitFor();
      await workbench.screenshot('push-review');
      await start.click();
      await page.getByText(`All ${ROWS_TO_PUSH} rows sent`).waitFor({ timeout: PUSH_TIMEOUT_MS });
      await workbench.screenshot('push-report');
      demo.sandbox.set({ tps: 0 });
      demo.sandbox.setFaults([]);
      const { calls, answered429 } = callsOf(demo, 'xtk:persist#IngestExt');
      const rows = counted(calls - answered429, ROWS_TO_PUSH, 'rows accepted');
      return `${rows}, ${answered429} calls answered 429 and sent again`;
    },
  },
  {
    title: 'reads them back from the staging table',
    async run({ workbench }) {
      await workbench.openFile('staged.queryDef.xml');
      await workbench.placeCursorAfter('<select>');
      await workbench.runCommand('Campaign: Run Query');
      const told = await resultOf(workbench, 'cus:purchaseStg', ROWS_TO_PUSH);
      await workbench.screenshot('staged');
      return told;
    },
  },
];

/** Waits until the results show so many rows of a schema. Returns what they say. */
async function resultOf(workbench: Workbench, schemaId: string, rowCount: number): Promise<string> {
  const results = await workbench.webview('.source');
  await results.locator('.source', { hasText: schemaId }).waitFor();
  const count = results.locator('.count', { hasText: `${format(rowCount)} rows in` });
  await count.waitFor();
  await results.locator('[role="row"] [role="gridcell"]').first().waitFor();
  return count.innerText();
}

function callsOf(demo: Demo, method: string): { calls: number; answered429: number; faults: number } {
  return demo.sandbox.stats().methods[method] ?? { calls: 0, answered429: 0, faults: 0 };
}

function counted(actual: number, expected: number, what: string): string {
  if (actual !== expected) throw new Error(`Expected ${expected} ${what}, not ${actual}.`);
  return `${actual} ${what}`;
}

function format(count: number): string {
  return count.toLocaleString('en');
}

import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { TestAccess } from '../../client/extension.ts';
import { closeEditors, connected, sandboxConnection } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

/** Names the webview of a push. */
const push = '.summary .counts';

const page = {
  text: (selector: string) => ui({ op: 'text', selector, webview: push }),
  click: (selector: string) => ui({ op: 'click', selector, webview: push }),
  waitFor: (selector: string) => ui({ op: 'waitFor', selector, webview: push }),
  count: async (selector: string) => Number(await ui({ op: 'count', selector, webview: push })),
};

/** Writes a file into the workspace and pushes it to the demo's staging schema, up to the review. */
async function startPush(name: string, content: string): Promise<void> {
  const folder = vscode.workspace.workspaceFolders![0]!.uri;
  const uri = vscode.Uri.joinPath(folder, 'push', name);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  const pushing = vscode.commands.executeCommand('campaign.staging.push', uri);
  await ui({ op: 'waitFor', selector: '.quick-input-widget .monaco-list-row:has-text("cus:purchase")' });
  await ui({ op: 'press', key: 'Enter' });
  await pushing;
}

function orders(prefix: string, count: number): string {
  const lines = Array.from({ length: count }, (_, i) => `${prefix}-${i},web,paid,1,9.5`);
  return ['orderNumber,channel,status,quantity,amount', ...lines, ''].join('\n');
}

/** Rows in the staging table, and how many different order numbers they have. */
async function staged(access: TestAccess, prefix: string): Promise<{ rows: number; orders: number }> {
  const numbers: string[] = [];
  const query = `<queryDef schema="cus:purchaseStg" operation="select" lineCount="10000"><select><node expr="@orderNumber"/></select><where><condition expr="@orderNumber LIKE '${prefix}-%'"/></where></queryDef>`;
  for await (const { rows } of sandboxConnection(access).soap.executeQuery(query)) {
    numbers.push(...rows.map((row) => row[0]!));
  }
  return { rows: numbers.length, orders: new Set(numbers).size };
}

suite('pushes', () => {
  suiteSetup(async function () {
    if (!hasUi) this.skip();
    await connected();
  });
  suiteTeardown(closeEditors);

  test('a file is reviewed, pushed, and reported as staged', async () => {
    const access = await connected();
    await startPush('purchases-a.csv', orders('HOSTA', 12));
    await page.waitFor('button:text-is("Push 12 Rows")');
    assert.match(await page.text('.facts'), /inserted or updated by @orderNumber/);
    assert.deepEqual(await staged(access, 'HOSTA'), { rows: 0, orders: 0 });
    await page.click('button:text-is("Push 12 Rows")');
    await page.waitFor('.message:text-matches("All 12 rows sent. Staged at .*within about an hour")');
    assert.deepEqual(await staged(access, 'HOSTA'), { rows: 12, orders: 12 });
    await page.click('button:text-is("Done")');
  });

  test('a file with a column the schema does not have sends nothing and names the column', async () => {
    await startPush('purchases-b.csv', 'orderNumber,quantitty\nHOSTB-1,2\n');
    const problem = await page.text('.problems');
    assert.match(problem, /“quantitty” is no field of cus:purchaseStg\. Did you mean @quantity\?/);
    assert.match(await page.text('.counts'), /Nothing was sent\./);
    const access = await connected();
    assert.deepEqual(await staged(access, 'HOSTB'), { rows: 0, orders: 0 });
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('a value that does not fit is named by its line, and the line can be opened', async () => {
    await startPush('purchases-c.csv', 'orderNumber,quantity\nHOSTC-1,2\nHOSTC-2,many\n');
    assert.match(await page.text('.problems'), /Line 3, column “quantity”: “many” is not a whole number\./);
    await page.click('.problems button');
    const editor = await until('the line', () => {
      const active = vscode.window.activeTextEditor;
      return active?.document.uri.path.endsWith('purchases-c.csv') === true ? active : undefined;
    });
    assert.equal(editor.selection.active.line, 2);
    await closeEditors();
  });

  test('a push that is stopped goes on without losing or doubling a row', async () => {
    const access = await connected();
    await startPush('purchases-d.csv', orders('HOSTD', 60));
    await page.click('button:text-is("Push 60 Rows")');
    await page.waitFor('.counts:text-matches("^[1-9][0-9]* of 60 sent")');
    await page.click('button:text-is("Stop")');
    await page.waitFor('button:text-matches("^Resume \\\\([0-9]+ Left\\\\)")');
    const halfway = await staged(access, 'HOSTD');
    assert.ok(halfway.rows > 0 && halfway.rows < 60, String(halfway.rows));
    await page.click('button:text-matches("^Resume")');
    await page.waitFor('.message:text-matches("All 60 rows sent")');
    assert.deepEqual(await staged(access, 'HOSTD'), { rows: 60, orders: 60 });
  });
});

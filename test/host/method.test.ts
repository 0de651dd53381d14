import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeEditors, connected, sandboxConnection } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';

/** Names the webview of the method. */
const method = '.method h1';

const page = {
  text: (selector: string) => ui({ op: 'text', selector, webview: method }),
  click: (selector: string) => ui({ op: 'click', selector, webview: method }),
  fill: (selector: string, text: string) => ui({ op: 'fill', selector, text, webview: method }),
  waitFor: (selector: string) => ui({ op: 'waitFor', selector, webview: method }),
};

/** As the tree calls the command. */
async function open(schemaId: string, name: string): Promise<void> {
  await closeEditors();
  await vscode.commands.executeCommand('campaign.method.call', { schemaId, description: { name } });
  await page.waitFor(`h1:text-is("${schemaId}#${name}")`);
}

suite('calling a method', () => {
  suiteSetup(async function () {
    if (!hasUi) this.skip();
    const access = await connected();
    await access.connections.setActive(sandboxConnection(access).settings.id);
  });
  suiteTeardown(closeEditors);

  test('its parameters are filled in, and its results shown by their names', async () => {
    await open('xtk:session', 'GetOption');
    await page.fill('[id="field-strName"]', 'XtkDatabaseId');
    await page.click('button:text-is("Call")');
    await page.waitFor('.result h2:text-is("pstrValue")');
    assert.notEqual((await page.text('.result:has(h2:text-is("pstrValue")) pre')).trim(), '');
    await ui({ op: 'screenshot', name: 'method' });
  });

  test('a fault of the server is told, with what it said', async () => {
    await open('xtk:queryDef', 'ExecuteQuery');
    await page.fill('[id="field-#entity"]', '<queryDef schema="cus:missing" operation="select"/>');
    await page.click('button:text-is("Call")');
    await page.waitFor('.failure .explanation');
    assert.match(await page.text('.failure'), /cus:missing/);
  });

  test('a document that is not well-formed is told at its field, and not sent', async () => {
    await open('xtk:queryDef', 'ExecuteQuery');
    await page.fill('[id="field-#entity"]', '<queryDef');
    await page.click('button:text-is("Call")');
    await page.waitFor('[id="field-#entity-error"]:not(:empty)');
  });
});

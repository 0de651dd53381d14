import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { TestAccess } from '../../client/extension.ts';
import { activated, closeEditors, connected } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

/** Names the webview of the form. */
const form = '.form #url';

const page = {
  text: (selector: string) => ui({ op: 'text', selector, webview: form }),
  click: (selector: string) => ui({ op: 'click', selector, webview: form }),
  fill: (selector: string, text: string) => ui({ op: 'fill', selector, text, webview: form }),
  waitFor: (selector: string) => ui({ op: 'waitFor', selector, webview: form }),
};

/** The sandbox under another of its names, so that nothing is shared with the connection of the workspace. */
const address = process.env['CAMPAIGN_SANDBOX_URL']!.replace('127.0.0.1', 'localhost');
const password = process.env['CAMPAIGN_SANDBOX_PASSWORD']!;

/** Presses Test and waits for an error at a field. */
async function errorAt(field: string): Promise<string> {
  await page.click('button:text-is("Test Connection")');
  await page.waitFor(`#${field}-error:not(:empty)`);
  return page.text(`#${field}-error`);
}

suite('connection form', () => {
  let access: TestAccess;
  suiteSetup(async function () {
    if (!hasUi) this.skip();
    access = await connected();
    await vscode.commands.executeCommand('campaign.connection.add');
    await page.waitFor('#url');
  });
  suiteTeardown(async () => {
    await closeEditors();
    const connections = vscode.workspace
      .getConfiguration('campaign')
      .get<{ id: string }[]>('connections', []);
    await vscode.workspace.getConfiguration('campaign').update(
      'connections',
      connections.filter(({ id }) => id === 'sandbox'),
      vscode.ConfigurationTarget.Workspace,
    );
    await access.connections.setActive('sandbox');
  });

  test('names what is missing at its field', async () => {
    assert.equal(await errorAt('url'), 'Write the address of the instance.');
  });

  test('tells an address where nobody answers from a wrong password', async () => {
    await page.fill('#url', 'http://127.0.0.1:9');
    await page.fill('#credential-login', 'admin');
    await page.fill('#credential-password', 'wrong');
    assert.match(await errorAt('url'), /127\.0\.0\.1:9/);
    await page.fill('#url', address);
    const error = await errorAt('credential-password');
    assert.match(error, /XSV-350012/);
  });

  test('says which instance it is when the test succeeds, and saves nothing yet', async () => {
    await page.fill('#credential-password', password);
    await page.click('button:text-is("Test Connection")');
    await page.waitFor('.status.success');
    assert.match(await page.text('.status'), /^Connected as admin: Campaign /);
    assert.equal(access.connections.all.length, 1);
  });

  test('saves the connection, keeps the password in the secret store alone, and connects', async () => {
    await page.fill('#name', 'Second Sandbox');
    await page.click('button:text-is("Save")');
    const connection = await until('the new connection', () => {
      const found = access.connections.get('second-sandbox');
      return found?.state === 'connected' ? found : undefined;
    });
    assert.equal(connection.settings.tier, 'production');
    assert.equal(connection.soap.isReadOnly, true);
    const settings = JSON.stringify(vscode.workspace.getConfiguration('campaign').get('connections'));
    assert.ok(settings.includes('second-sandbox') && !settings.includes(password));
    await until('it to be active', () => access.connections.active === connection || undefined);
  });

  test('a write to production is refused before it is sent', async () => {
    await activated();
    const { soap } = access.connections.get('second-sandbox')!;
    const before = soap.figures.requestCount;
    await assert.rejects(soap.write('<recipient xtkschema="nms:recipient" email="x@example.com"/>'), {
      code: 'readOnly',
    });
    assert.equal(soap.figures.requestCount, before);
  });
});

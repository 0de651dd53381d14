import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { SoapClient } from '../../core/soap/soapClient.ts';
import { closeEditors, connected, sandboxConnection } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

/** Names the webview of the list of calls. */
const calls = '.toolbar .summary';

const page = {
  text: (selector: string) => ui({ op: 'text', selector, webview: calls }),
  click: (selector: string) => ui({ op: 'click', selector, webview: calls }),
  fill: (selector: string, text: string) => ui({ op: 'fill', selector, text, webview: calls }),
  waitFor: (selector: string, state?: 'hidden') =>
    ui({ op: 'waitFor', selector, webview: calls, ...(state === undefined ? {} : { state }) }),
  count: async (selector: string) => Number(await ui({ op: 'count', selector, webview: calls })),
};

const rowOf = (method: string): string => `.layer .call:has(.action:text-is("${method}"))`;

suite('list of calls', () => {
  let soap: SoapClient;
  suiteSetup(async function () {
    if (!hasUi) this.skip();
    soap = sandboxConnection(await connected()).soap;
    await vscode.commands.executeCommand('campaign.calls.show');
    await page.waitFor('.summary');
  });
  suiteTeardown(async () => {
    await vscode.commands.executeCommand('campaign.calls.stopBodies');
    await vscode.commands.executeCommand('campaign.calls.resume');
    await closeEditors();
  });

  test('shows each call as it ends, faults in their colour', async () => {
    await vscode.commands.executeCommand('campaign.calls.clear');
    await soap.call({ urn: 'xtk:session', method: 'TestCnx' });
    await page.waitFor(rowOf('xtk:session#TestCnx'));
    await assert.rejects(soap.executeQueryXml('<queryDef schema="cus:missing" operation="select"/>'));
    await page.waitFor(`${rowOf('xtk:queryDef#ExecuteQuery')}.failed`);
    await until(
      'the sums',
      async () => /^\d+ calls, 1 failed, /.test(await page.text('.summary')) || undefined,
    );
  });

  test('filters by words and by errors', async () => {
    await page.fill('.filter', 'testcnx');
    await page.waitFor(rowOf('xtk:queryDef#ExecuteQuery'), 'hidden');
    await until('the count', async () => /^1 of \d+ calls/.test(await page.text('.summary')) || undefined);
    await page.fill('.filter', '');
    await page.click('#errorsOnly');
    await page.waitFor(rowOf('xtk:session#TestCnx'), 'hidden');
    await page.click('#errorsOnly');
    await page.waitFor(rowOf('xtk:session#TestCnx'));
  });

  test('stands still while it is paused, and then shows what was missed', async () => {
    await vscode.commands.executeCommand('campaign.calls.pause');
    await page.waitFor('.note:text-is("List paused")');
    await soap.call({ urn: 'xtk:session', method: 'GetServerTime' });
    assert.equal(await page.count(rowOf('xtk:session#GetServerTime')), 0);
    await vscode.commands.executeCommand('campaign.calls.resume');
    await page.waitFor(rowOf('xtk:session#GetServerTime'));
  });

  test('the arrow keys walk through the list, and Escape closes the details', async () => {
    await page.click('.layer .call >> nth=0');
    const [first, second] = await Promise.all(
      [0, 1].map((index) => page.text(`.layer .call >> nth=${index} >> .action`)),
    );
    await page.waitFor(`.details h2:text-is("${first!}")`);
    await ui({ op: 'press', key: 'ArrowDown' });
    await page.waitFor(`.call[aria-selected="true"] .action:text-is("${second!}")`);
    await page.waitFor(`.details h2:text-is("${second!}")`);
    await ui({ op: 'press', key: 'Escape' });
    await page.waitFor('.details', 'hidden');
  });

  test('bodies are recorded when asked for, shown as text and without secrets', async () => {
    await page.click(rowOf('xtk:session#TestCnx'));
    await page.waitFor('.details h2:text-is("xtk:session#TestCnx")');
    assert.equal(await page.count('.details pre'), 0);
    await page.click('.details button.link');
    await page.waitFor('.note:text-is("Recording bodies")');
    await vscode.commands.executeCommand('campaign.calls.clear');
    await soap.call({
      urn: 'xtk:session',
      method: 'GetOption',
      parameters: [{ name: 'strName', type: 'string', value: '<img src=x>' }],
    });
    await page.click(rowOf('xtk:session#GetOption'));
    await page.waitFor('.details pre');
    const request = await page.text('.details pre');
    assert.match(request, /<GetOption [^]*&lt;img src=x/);
    assert.equal(await page.count('.details img'), 0);
    await ui({ op: 'screenshot', name: 'calls' });
    await page.click('.details button:text-is("Copy")');
    const copied = await until('the copy', async () => {
      const text = await vscode.env.clipboard.readText();
      return text.includes('xtk:session#GetOption 200 ok') ? text : undefined;
    });
    assert.ok(copied.includes('<GetOption') && !copied.includes(process.env['CAMPAIGN_SANDBOX_PASSWORD']!));
  });
});

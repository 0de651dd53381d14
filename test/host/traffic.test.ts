import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import type { TestAccess } from '../../client/extension.ts';
import { connected, sandboxConnection } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

const testCnx = { urn: 'xtk:session', method: 'TestCnx' } as const;

/** The item of the status bar, by what it says. */
const statusItem = (text: string): string => `.statusbar-item:has-text("${text}")`;

suite('traffic of a connection', () => {
  let access: TestAccess;
  suiteSetup(async function () {
    if (!hasUi) this.skip();
    access = await connected();
    await access.connections.setActive(sandboxConnection(access).settings.id);
  });
  suiteTeardown(() => access.connections.holdTraffic(sandboxConnection(access).settings.id, false));

  test('pausing is seen in the status bar, stopping cancels what waits, resuming lets calls go', async () => {
    const { soap, settings } = sandboxConnection(access);
    const target = { connectionId: settings.id };
    await vscode.commands.executeCommand('campaign.connection.pause', target);
    await ui({ op: 'waitFor', selector: statusItem(': paused') });
    const failure = soap.call(testCnx).then(
      () => undefined,
      (error: unknown) => error as { code: string; outcome: string },
    );
    await until('the call to wait', () => soap.figures.waitingCount >= 1 || undefined);
    await vscode.commands.executeCommand('campaign.connection.stop', target);
    const error = await failure;
    assert.deepEqual([error?.code, error?.outcome], ['cancelled', 'notSent']);
    const waiting = soap.call(testCnx);
    await vscode.commands.executeCommand('campaign.connection.resume', target);
    await waiting;
    await ui({ op: 'waitFor', selector: statusItem(': paused'), state: 'hidden' });
  });
});

suite('colour of the title bar', () => {
  let access: TestAccess;
  const workspaceColors = (): unknown =>
    vscode.workspace.getConfiguration('workbench').inspect('colorCustomizations')?.workspaceValue;
  const update = (section: string, key: string, value: unknown): Thenable<void> =>
    vscode.workspace.getConfiguration(section).update(key, value, vscode.ConfigurationTarget.Workspace);
  const before = { 'titleBar.activeBackground': '#123456', 'editor.background': '#fefefe' };

  suiteSetup(async function () {
    if (!hasUi) this.skip();
    access = await connected();
  });
  suiteTeardown(async () => {
    const connections = vscode.workspace
      .getConfiguration('campaign')
      .get<{ id: string }[]>('connections', []);
    await update(
      'campaign',
      'connections',
      connections.filter(({ id }) => id === 'sandbox'),
    );
    await update('campaign', 'connection.colorTitleBar', undefined);
    await update('workbench', 'colorCustomizations', undefined);
    await access.connections.setActive('sandbox');
  });

  test('is production’s while it is connected; afterwards the workspace’s own is back', async () => {
    const { connections } = access;
    await update('workbench', 'colorCustomizations', before);
    await update('campaign', 'connection.colorTitleBar', true);
    const url = process.env['CAMPAIGN_SANDBOX_URL']!.replace('127.0.0.1', 'localhost');
    const entry = { id: 'live', name: 'Live', url, login: 'admin', tier: 'production' };
    await update('campaign', 'connections', [
      ...vscode.workspace.getConfiguration('campaign').get<object[]>('connections', []),
      entry,
    ]);
    const { settings } = await until('the connection', () => connections.get('live'));
    await connections.storeCredentials(settings, {
      login: 'admin',
      password: process.env['CAMPAIGN_SANDBOX_PASSWORD']!,
    });
    await connections.connect('live');
    const colors = await until('the colours', () => {
      const value = workspaceColors() as Record<string, string>;
      return 'titleBar.activeForeground' in value ? value : undefined;
    });
    assert.equal(colors['editor.background'], '#fefefe');
    assert.notEqual(colors['titleBar.activeBackground'], before['titleBar.activeBackground']);
    await ui({ op: 'screenshot', name: 'title' });
    await connections.disconnect('live');
    await until(
      'the colours to be back',
      () => JSON.stringify(workspaceColors()) === JSON.stringify(before) || undefined,
    );
    assert.equal(
      vscode.workspace.getConfiguration('workbench').inspect('colorCustomizations')?.globalValue,
      undefined,
    );
  });
});

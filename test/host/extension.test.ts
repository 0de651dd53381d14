import assert from 'node:assert/strict';
import { suite, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commandIds } from '../../client/commands.ts';
import {
  activated,
  closeEditors,
  completionLabels,
  connected,
  findExtension,
  openDocument,
  sandboxConnection,
} from '../support/extension.ts';
import { expandTreeItem, hasUi, treeItem, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

suite('extension', () => {
  suiteTeardown(closeEditors);

  test('is activated by opening a query', async () => {
    await openDocument('queries/recipients.queryDef.xml');
    const extension = findExtension();
    await until('the extension to be active', () => extension.isActive);
  });

  test('registers every command it lists', async () => {
    await activated();
    const registered = await vscode.commands.getCommands(true);
    const missing = Object.values(commandIds).filter((id) => !registered.includes(id));
    assert.deepEqual(missing, []);
  });

  test('knows the languages of its files', async () => {
    const query = await openDocument('queries/recipients.queryDef.xml');
    const script = await openDocument('scripts/countByDomain.campaign.js');
    assert.deepEqual([query.languageId, script.languageId], ['campaign-querydef', 'campaign-javascript']);
  });

  test('signs in to the sandbox and lists its schemas', async () => {
    const access = await connected();
    const { connections } = access;
    const connection = sandboxConnection(access);
    assert.equal(connection.state, 'connected');
    assert.equal(connection.session?.login, 'admin');
    const list = await connections.listSchemas();
    assert.ok(list!.schemas.some(({ id }) => id === 'nms:recipient'));
  });

  test('keeps the password in the secret store and nowhere else', async () => {
    const access = await connected();
    const stored = await access.secrets.get(`campaign.password:${sandboxConnection(access).settings.id}`);
    const password = process.env['CAMPAIGN_SANDBOX_PASSWORD']!;
    assert.ok(stored?.includes(password));
    const settings = JSON.stringify(vscode.workspace.getConfiguration('campaign'));
    assert.ok(!settings.includes(password));
  });

  test('shows the data model in its view', async function () {
    if (!hasUi) this.skip();
    await connected();
    await vscode.commands.executeCommand('campaign.explorer.focus');
    for (const label of ['Sandbox', 'Data model', 'nms']) await expandTreeItem(label);
    await ui({ op: 'waitFor', selector: treeItem('recipient') });
  });

  test('a click on a schema expands it and opens no editor; the model tells its age', async function () {
    if (!hasUi) this.skip();
    await connected();
    await vscode.commands.executeCommand('campaign.explorer.focus');
    for (const label of ['Sandbox', 'Data model', 'cus']) await expandTreeItem(label);
    await ui({ op: 'waitFor', selector: `${treeItem('Data model')}:has-text("schemas ·")` });
    await closeEditors();
    const store = treeItem('store');
    await ui({ op: 'click', selector: `${store} .label-name` });
    await ui({ op: 'waitFor', selector: `${store}[aria-expanded="true"]` });
    assert.equal(vscode.window.activeTextEditor, undefined);
  });

  test('the folder of schema files is in the view beside the connections', async function () {
    if (!hasUi) this.skip();
    await connected();
    const folder = vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'model');
    const schema =
      '<schema namespace="loc" name="thing" label="Things"><element name="thing"><attribute name="colour" type="string"/></element></schema>';
    await vscode.workspace.fs.writeFile(
      vscode.Uri.joinPath(folder, 'thing.xml'),
      new TextEncoder().encode(schema),
    );
    const settings = vscode.workspace.getConfiguration('campaign.model');
    await settings.update('folder', 'model', vscode.ConfigurationTarget.Global);
    try {
      await vscode.commands.executeCommand('campaign.explorer.focus');
      // Rows out of view are not drawn.
      await vscode.commands.executeCommand('workbench.actions.treeView.campaign.explorer.collapseAll');
      for (const label of ['Schema files', 'loc', 'thing', 'Fields']) await expandTreeItem(label);
      await ui({ op: 'waitFor', selector: treeItem('@colour') });
    } finally {
      await settings.update('folder', undefined, vscode.ConfigurationTarget.Global);
      await vscode.workspace.fs.delete(folder, { recursive: true });
    }
  });

  test('completes a path across a link from the schemas of the sandbox', async () => {
    await connected();
    const labels = await until('completion from the model', async () => {
      const found = await completionLabels(
        'campaign-querydef',
        '<queryDef schema="nms:recipient"><select><node expr="[folder/@$0]"/></select></queryDef>',
      );
      return found.includes('@label') ? found : undefined;
    });
    assert.ok(labels.includes('@name'), labels.join(' '));
    assert.ok(!labels.includes('@email'), 'fields of the recipient are not fields of its folder');
  });

  test('completes what a query selects in the loop over its result', async () => {
    await connected();
    const labels = await until('completion from the query', async () => {
      const found = await completionLabels(
        'campaign-javascript',
        `var query = NLWS.xtkQueryDef.create(
          <queryDef schema="nms:recipient" operation="select">
            <select><node expr="@email"/></select>
          </queryDef>);
        for each (var r in query.ExecuteQuery().recipient) { logInfo(r.$0); }`,
      );
      return found.includes('@email') ? found : undefined;
    });
    assert.equal(labels[0], '@email', 'what is selected comes before the other fields of the schema');
  });
});

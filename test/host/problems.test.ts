import assert from 'node:assert/strict';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { commandIds } from '../../client/commands.ts';
import { closeEditors, connected, openDocument } from '../support/extension.ts';
import { until } from '../support/until.ts';

const misspelt = `<queryDef schema="nms:recipient" operation="select" lineCount="1">
  <select><node expr="@emial"/></select>
  <orderBy><node expr="@id"/></orderBy>
</queryDef>`;

/** What is reported on a document, once something is. */
function reported(document: vscode.TextDocument): vscode.Diagnostic[] | undefined {
  const found = vscode.languages.getDiagnostics(document.uri);
  return found.length > 0 ? found : undefined;
}

/** What a server has refused in a document. */
function refused(document: vscode.TextDocument): vscode.Diagnostic | undefined {
  return vscode.languages
    .getDiagnostics(document.uri)
    .find(({ code }) => typeof code === 'object' && code.value === 'query/server-refused');
}

/** The page a code leads to; VS Code's type knows codes without one, too. */
function pageOf({ code }: vscode.Diagnostic): { value: string; target: vscode.Uri } {
  assert.ok(typeof code === 'object', 'the code leads to no page');
  return { value: String(code.value), target: code.target };
}

suite('problems', () => {
  suiteSetup(() => connected());
  suiteTeardown(async () => {
    await vscode.workspace
      .getConfiguration('campaign.diagnostics')
      .update('severity', undefined, vscode.ConfigurationTarget.Global);
    await closeEditors();
  });

  test('a code leads to its page, which is shown as it reads', async () => {
    const document = await openDocument({ language: 'campaign-querydef', content: misspelt });
    const [problem] = await until('the misspelt field', () => reported(document));
    const { value, target } = pageOf(problem!);
    assert.equal(value, 'query/field-unknown');
    const page = await vscode.workspace.openTextDocument(target);
    assert.match(page.getText(), /^# `?query\/field-unknown`?$/m);
    await vscode.commands.executeCommand('vscode.open', target);
    await until('the preview', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom && input.uri.toString() === target.toString();
    });
  });

  test('the list of all codes opens', async () => {
    await vscode.commands.executeCommand(commandIds.showProblemCodes);
    await until('the list', () => {
      const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
      return input instanceof vscode.TabInputCustom && input.uri.path.endsWith('/README.md');
    });
  });

  test('a severity of the settings holds at once', async () => {
    const document = await openDocument({ language: 'campaign-querydef', content: misspelt });
    await until('the misspelt field', () => reported(document));
    const settings = vscode.workspace.getConfiguration('campaign.diagnostics');
    await settings.update('severity', { 'query/field-unknown': 'off' }, vscode.ConfigurationTarget.Global);
    await until('nothing reported', () => reported(document) === undefined);
  });

  test('what the server refuses is shown at the part it names, until the text changes', async () => {
    const document = await openDocument({ language: 'campaign-querydef', content: misspelt });
    await vscode.commands.executeCommand(commandIds.showSql);
    const refusal = await until('what the server refused', () => refused(document));
    assert.equal(document.getText(refusal.range), '@emial');
    assert.match(refusal.message, /XTK-170036/);
    assert.match(refusal.message, /Attribute 'emial' unknown/);
    const { value, target } = pageOf(refusal);
    assert.equal(value, 'query/server-refused');
    const page = await vscode.workspace.openTextDocument(target);
    assert.match(page.getText(), /^# query\/server-refused$/m);

    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, refusal.range, '@email');
    await vscode.workspace.applyEdit(edit);
    await until('the refusal to be forgotten', () => refused(document) === undefined);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand(commandIds.showSql);
    await until('the SQL', () => vscode.window.activeTextEditor?.document.languageId === 'sql');
    assert.equal(refused(document), undefined);
  });
});

suite('scripts inside documents', () => {
  suiteSetup(() => connected());
  suiteTeardown(closeEditors);

  test('the script of a workflow completes where it is', async () => {
    const document = await openDocument('workflows/welcome.xml');
    const at = document.getText().indexOf('vars.');
    assert.ok(at > 0, 'the workflow uses its variables');
    const names = await until('the variables of the workflow', async () => {
      const list = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        document.uri,
        document.positionAt(at + 'vars.'.length),
      );
      const offered = list.items
        .filter((item) => item.kind !== vscode.CompletionItemKind.Text)
        .map((item) => (typeof item.label === 'string' ? item.label : item.label.label));
      return offered.length > 0 ? offered : undefined;
    });
    const used = /vars\.(\w+)/.exec(document.getText())![1]!;
    assert.ok(names.includes(used), `${used} is not among ${names.join(', ')}`);
  });
});

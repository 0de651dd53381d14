import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { suite, suiteSetup, suiteTeardown, test } from 'mocha';
import * as vscode from 'vscode';
import { closeEditors, connected } from '../support/extension.ts';
import { hasUi, ui } from '../support/ui.ts';
import { until } from '../support/until.ts';

/** Every file below a folder with its content, by path. */
function filesBelow(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const paths = names.map((entry) => path.join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((file) => [path.relative(folder, file), readFileSync(file, 'utf8')]));
}

suite('data model', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'campaign-model-'));
  suiteSetup(async () => {
    await connected();
  });
  suiteTeardown(async () => {
    rmSync(folder, { recursive: true, force: true });
    await closeEditors();
  });

  test('a field is found by its label and opened in the text of its schema', async function () {
    if (!hasUi) this.skip();
    const search = vscode.commands.executeCommand('campaign.model.search');
    await ui({ op: 'waitFor', selector: '.quick-input-widget input' });
    await ui({ op: 'type', text: 'birth date' });
    await ui({ op: 'waitFor', selector: '.quick-input-list .monaco-list-row:has-text("@birthDate")' });
    await ui({ op: 'screenshot', name: 'model-search' });
    await ui({ op: 'press', key: 'Enter' });
    const editor = await until('the schema to open', () => {
      const active = vscode.window.activeTextEditor;
      return Promise.resolve(active?.document.uri.scheme === 'campaign-schema' ? active : undefined);
    });
    const line = editor.document.lineAt(editor.selection.active.line).text;
    assert.match(line, /birthDate/i);
    await search;
  });

  test('a snapshot holds a file a schema, and a second one changes nothing', async () => {
    const target = vscode.Uri.file(path.join(folder, 'snapshot'));
    await vscode.commands.executeCommand('campaign.model.snapshot', target);
    const first = filesBelow(target.fsPath);
    const list = await (await connected()).connections.listSchemas();
    const schemas = list!.schemas.map(({ id }) => `${id.replace(':', path.sep)}.xml`);
    assert.deepEqual([...first.keys()].filter((name) => name.endsWith('.xml')).sort(), schemas.sort());
    assert.doesNotMatch(first.get(path.join('nms', 'recipient.xml'))!, /md5=|lastModified="\d/);
    // What is not the snapshot's own stays, whatever its name.
    writeFileSync(path.join(target.fsPath, 'nms', 'mine.xml'), '<mine/>');
    await vscode.commands.executeCommand('campaign.model.snapshot', target);
    const second = filesBelow(target.fsPath);
    assert.equal(second.get(path.join('nms', 'mine.xml')), '<mine/>');
    second.delete(path.join('nms', 'mine.xml'));
    assert.deepEqual(second, first);
  });

  test('the description has a page a schema that runs no script', async () => {
    const target = vscode.Uri.file(path.join(folder, 'pages'));
    await vscode.commands.executeCommand('campaign.model.describe', target, ['nms:recipient', 'xtk:folder']);
    const pages = filesBelow(target.fsPath);
    const html = [...pages].filter(([name]) => name.endsWith('.html'));
    assert.ok(html.length >= 2, [...pages.keys()].join(' '));
    for (const [name, text] of html) {
      assert.match(text, /Content-Security-Policy/, name);
      assert.doesNotMatch(text, /<script/i, name);
    }
  });
});
